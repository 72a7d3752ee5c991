"""Groups of prospects: make, rename, delete."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.prospects import group as verbs
from overture.prospects.models import Group
from overture.web.chosen import group_problem
from overture.web.pages import page

_WRITES = Permission.MANAGE_PROSPECTS


@page("GET", "HEAD", "POST", writes=_WRITES)
def groups(request: HttpRequest, member: Membership) -> HttpResponse:
    """All groups with how many prospects each has; POST makes one."""
    problem = name = ""
    if request.method == "POST":
        name = request.POST.get("name", "")
        try:
            made = verbs.make(member, name)
        except verbs.GroupError as error:
            problem = group_problem(error)
        else:
            messages.success(request, _("The group %(name)s is made.") % {"name": made.name})
            return redirect("web:groups", workspace=member.workspace.slug)
    shown_ones = Count("prospects", filter=Q(prospects__archived_at=None))
    shown = {
        "groups": Group.objects.visible_to(member).annotate(count=shown_ones).order_by("name"),
        "problem": problem,
        "name": name,
        "may_change": member.can(_WRITES),
    }
    return render(request, "prospects/groups.html", shown, status=422 if problem else 200)


@page("POST", writes=_WRITES)
def group_rename(request: HttpRequest, member: Membership, group: int) -> HttpResponse:
    found = get_object_or_404(Group.objects.visible_to(member), pk=group)
    try:
        verbs.rename(member, found, request.POST.get("name", ""))
    except verbs.GroupError as error:
        messages.error(request, group_problem(error))
    else:
        messages.success(request, _("The group is called %(name)s now.") % {"name": found.name})
    return redirect("web:groups", workspace=member.workspace.slug)


@page("POST", writes=_WRITES)
def group_delete(request: HttpRequest, member: Membership, group: int) -> HttpResponse:
    found = get_object_or_404(Group.objects.visible_to(member), pk=group)
    name = found.name
    verbs.delete(member, found)
    messages.success(request, _("The group %(name)s is deleted; its prospects stay.") % {"name": name})
    return redirect("web:groups", workspace=member.workspace.slug)
