"""The programs a workspace runs."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from overture.accounts.edit_workspace import edit_program, make_program
from overture.accounts.models import Membership, Program
from overture.accounts.roles import Permission
from overture.web.pages import page


class ProgramForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=Program.Kind.choices, initial=Program.Kind.BOTH
    )


@page("GET", "HEAD")
def programs(request: HttpRequest, member: Membership) -> HttpResponse:
    shown = {
        "tab": "programs",
        "programs": Program.objects.visible_to(member).order_by("id"),
        "may_change": member.can(Permission.ADMINISTER),
    }
    return render(request, "settings/programs.html", shown)


@page("GET", "HEAD", "POST", needs=Permission.ADMINISTER)
def program_new(request: HttpRequest, member: Membership) -> HttpResponse:
    form = ProgramForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        program = make_program(member, **form.cleaned_data)
        messages.success(request, _("%(name)s is added.") % {"name": program.name})
        return redirect("web:programs", workspace=member.workspace.slug)
    return render(request, "settings/program.html", {"form": form, "tab": "programs"})


@page("GET", "HEAD", "POST", needs=Permission.ADMINISTER)
def program_edit(request: HttpRequest, member: Membership, program: int) -> HttpResponse:
    row = get_object_or_404(Program.objects.visible_to(member), pk=program)
    form = ProgramForm(request.POST or None, initial={"name": row.name, "kind": row.kind})
    if request.method == "POST" and form.is_valid():
        edit_program(member, row, **form.cleaned_data)
        messages.success(request, _("%(name)s is saved.") % {"name": form.cleaned_data["name"]})
        return redirect("web:programs", workspace=member.workspace.slug)
    return render(request, "settings/program.html", {"form": form, "tab": "programs", "program": row})
