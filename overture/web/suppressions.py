"""Addresses that must not be e-mailed: see, search, add, lift, take away as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.delivery.models import Suppression
from overture.delivery.shown_suppressions import address_shown, suppressions
from overture.delivery.suppress import lift, suppress
from overture.lib.addresses import AddressError, split_name_address
from overture.lib.csv_out import write_rows
from overture.web.newest_first import newest_first
from overture.web.pages import page

MOST_LINES = 1000
_REASONS: dict[str, str | Promise] = {
    "empty": gettext_lazy("nothing is written there"),
    "no_at": gettext_lazy("the @ is missing"),
    "many_ats": gettext_lazy("there is more than one @"),
    "no_local": gettext_lazy("nothing stands before the @"),
    "no_domain": gettext_lazy("nothing stands after the @"),
    "bad_domain": gettext_lazy("what stands after the @ is no domain"),
    "too_long": gettext_lazy("it is too long"),
    "long_local": gettext_lazy("what stands before the @ is too long"),
}
_OTHER = gettext_lazy("it holds a character that addresses do not have")


class FilterForm(forms.Form):
    q = forms.CharField(required=False, max_length=320)
    reason = forms.ChoiceField(
        required=False, choices=[("", gettext_lazy("All reasons")), *Suppression.Reason.choices]
    )


class AddForm(forms.Form):
    addresses = forms.CharField(
        label=gettext_lazy("Addresses"),
        help_text=gettext_lazy("One a line, at most 1,000. Nobody here can email them from then on."),
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=500, required=False)

    def clean_addresses(self) -> list[tuple[int, str]]:
        """The lines that say something, by their number."""
        lines = [
            (number, line.strip())
            for number, line in enumerate(self.cleaned_data["addresses"].splitlines(), 1)
        ]
        lines = [(number, line) for number, line in lines if line]
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(
                _("These are %(count)d lines; 1,000 fit at a time.") % {"count": len(lines)}
            )
        return lines


class LiftForm(forms.Form):
    because = forms.CharField(label=gettext_lazy("Why may this address be written to again?"), max_length=500)


@page("GET", "HEAD")
def suppressions_page(request: HttpRequest, member: Membership) -> HttpResponse:
    wanted = _wanted(request)
    listed = newest_first(suppressions(member, **wanted), request.GET)
    shown = {
        "tab": "suppressions",
        "page": listed,
        "rows": [(row, address_shown(member, row)) for row in listed.rows],
        "wanted": wanted,
        "query": urlencode(wanted),
        "reasons": Suppression.Reason.choices,
        "may_add": member.can(Permission.MANAGE_PROSPECTS),
        "may_lift": member.can(Permission.LIFT_SUPPRESSIONS),
        "may_export": member.can(Permission.EXPORT),
    }
    return render(request, "suppressions/list.html", shown)


@page("GET", "HEAD", "POST", needs=Permission.MANAGE_PROSPECTS)
def suppressions_add(request: HttpRequest, member: Membership) -> HttpResponse:
    form = AddForm(request.POST or None)
    refused: list[tuple[int, str, str | Promise]] = []
    if request.method == "POST" and form.is_valid():
        added, known, refused = _add(member, form.cleaned_data["addresses"], form.cleaned_data["note"])
        messages.success(request, _told(added, known))
        if not refused:
            return redirect("web:suppressions", workspace=member.workspace.slug)
        # What was refused stays in the form, to be mended there.
        left = {
            "addresses": "\n".join(line for _number, line, _why in refused),
            "note": form.cleaned_data["note"],
        }
        form = AddForm(initial=left)
    return render(request, "suppressions/add.html", {"tab": "suppressions", "form": form, "refused": refused})


@page("GET", "HEAD", "POST", needs=Permission.LIFT_SUPPRESSIONS)
def suppression_lift(request: HttpRequest, member: Membership, suppression: int) -> HttpResponse:
    row = get_object_or_404(suppressions(member), pk=suppression)
    form = LiftForm(request.POST or None)
    address = address_shown(member, row)
    if request.method == "POST" and form.is_valid():
        lift(member, row, form.cleaned_data["because"])
        messages.success(
            request, _("%(address)s may be written to again.") % {"address": address or _("The address")}
        )
        return redirect("web:suppressions", workspace=member.workspace.slug)
    shown = {"tab": "suppressions", "form": form, "row": row, "address": address}
    return render(request, "suppressions/lift.html", shown)


@page("GET", needs=Permission.EXPORT)
def suppressions_csv(request: HttpRequest, member: Membership) -> HttpResponseBase:
    heading = [_("Address"), _("Reason"), _("Note"), _("Since")]
    rows = suppressions(member, **_wanted(request)).order_by("-pk")

    def cells() -> Iterator[list[str]]:
        for row in rows.iterator():
            yield [
                address_shown(member, row),
                row.get_reason_display(),
                row.note,
                row.created_at.strftime("%Y-%m-%d"),
            ]

    response = StreamingHttpResponse(write_rows(heading, cells()), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="suppressions.csv"'
    return response


def _wanted(request: HttpRequest) -> dict[str, str]:
    """The search and the reason of the address; what cannot be is left out."""
    form = FilterForm(request.GET)
    form.is_valid()
    return {name: form.cleaned_data.get(name, "").strip() for name in ("q", "reason")}


def _add(
    member: Membership, lines: list[tuple[int, str]], note: str
) -> tuple[int, int, list[tuple[int, str, str | Promise]]]:
    """How many were added, how many there already, and each line that is no address, with why."""
    added = known = 0
    refused: list[tuple[int, str, str | Promise]] = []
    for number, line in lines:
        try:
            _row, is_new = suppress(member, split_name_address(line)[1], note=note)
        except AddressError as error:
            refused.append((number, line, _REASONS.get(error.code, _OTHER)))
        else:
            added, known = added + is_new, known + (not is_new)
    return added, known, refused


def _told(added: int, known: int) -> str:
    text = ngettext("%(count)d address added.", "%(count)d addresses added.", added) % {"count": added}
    if known:
        text += " " + ngettext("%(count)d was there already.", "%(count)d were there already.", known) % {
            "count": known
        }
    return text
