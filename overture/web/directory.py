"""The operator's directory: look through it, edit, list, suspend, merge."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from overture.accounts.models import Membership
from overture.directory.models import Contact, Partner, Standing
from overture.directory.plan import Row
from overture.directory.search import counts, search
from overture.directory.sign_up import waiting
from overture.directory.suspend import LONGEST_REASON, StandingError, list_partner, suspend
from overture.directory.turns import Busy
from overture.directory.wording import STANDING
from overture.lib.paging import CursorError, Order
from overture.lib.paging import page as keyset
from overture.marketplace.describe import describe
from overture.marketplace.merge import MergeError, merge
from overture.marketplace.models import Report
from overture.marketplace.settle_report import settle_reports
from overture.web import described
from overture.web.claims import people_of
from overture.web.directory_form import PartnerForm, initial_of
from overture.web.operator_pages import operator_page

_LATEST = Order("id", is_descending=True)
_REPORTED = "reported"
_TABS = {
    Standing.LISTED.value: gettext_lazy("Listed"),
    Standing.IN_REVIEW.value: gettext_lazy("In review"),
    Standing.SUSPENDED.value: gettext_lazy("Suspended"),
    _REPORTED: gettext_lazy("Reported"),
}
_LATEST_EVENTS = 50
_LARGEST = 2**63 - 1


class SuspendForm(forms.Form):
    reason = forms.CharField(max_length=LONGEST_REASON)


class IntoForm(forms.Form):
    into = forms.IntegerField(
        label=gettext_lazy("Account number of the partner that stays"), min_value=1, max_value=_LARGEST
    )


@operator_page("GET", "HEAD")
def directory(request: HttpRequest, member: Membership) -> HttpResponse:
    tab = request.GET.get("show", "")
    tab = tab if tab in _TABS else Standing.LISTED.value
    q = request.GET.get("q", "")[:200]
    rows = search(member.user, q, "" if tab == _REPORTED else tab)
    if tab == _REPORTED:
        rows = _reported(rows)
    try:
        found = keyset(rows, _LATEST, request.GET.get("at", ""))
    except CursorError:
        found = keyset(rows, _LATEST)
    kept = {name: value for name, value in (("show", tab), ("q", q)) if value}
    known = counts(member.user) | {_REPORTED: _reported(search(member.user)).count()}
    claims = waiting(member.user).count()
    shown = {
        "tab": tab,
        "tabs": [(name, label, known.get(name)) for name, label in _TABS.items()],
        "claims": claims,
        "q": q,
        "page": found,
        "links": {
            name: "?" + urlencode(kept | ({"at": cursor} if cursor else {}))
            for name in ("first", "previous", "next", "last")
            if (cursor := getattr(found, name)) is not None
        },
    }
    return render(request, "directory/list.html", shown)


@operator_page("GET", "HEAD", "POST")
def directory_new(request: HttpRequest, member: Membership) -> HttpResponse:
    form = PartnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = _describe(member, form, None)
        if number:
            messages.success(
                request, _("%(name)s is in the directory.") % {"name": form.cleaned_data["name"]}
            )
            return _to(member, number)
    return render(request, "directory/new.html", {"form": form}, status=422 if form.errors else 200)


@operator_page("GET", "HEAD", "POST")
def directory_partner(request: HttpRequest, member: Membership, entry: int) -> HttpResponse:
    partner = _find(entry)
    contact = _contact(partner)
    form = PartnerForm(request.POST or None, initial=initial_of(partner, contact))
    if request.method == "POST" and form.is_valid() and _describe(member, form, partner.pk):
        messages.success(request, _("%(name)s is saved.") % {"name": form.cleaned_data["name"]})
        return _to(member, partner.pk)
    events = partner.events.select_related("user").order_by("-pk")[:_LATEST_EVENTS]
    reports = Report.objects.filter(partner=partner, settled_at=None).select_related(
        "workspace", "member__user"
    )
    shown = {"partner": partner, "form": form, "events": events, "reports": reports.order_by("pk")}
    shown |= people_of(partner)
    return render(request, "directory/partner.html", shown, status=422 if form.errors else 200)


@operator_page("POST")
def directory_list(request: HttpRequest, member: Membership, entry: int) -> HttpResponse:
    partner = _find(entry)
    try:
        list_partner(member.user, partner)
    except StandingError as error:
        messages.error(request, STANDING[error.code])
    else:
        messages.success(request, _("%(name)s is listed: all workspaces see it.") % {"name": partner.name})
    return _to(member, entry)


@operator_page("POST")
def directory_suspend(request: HttpRequest, member: Membership, entry: int) -> HttpResponse:
    partner = _find(entry)
    try:
        suspend(member.user, partner, request.POST.get("reason", ""))
    except StandingError as error:
        messages.error(request, STANDING[error.code])
    else:
        messages.success(request, _("%(name)s is suspended: nobody finds it.") % {"name": partner.name})
    return _to(member, entry)


@operator_page("POST")
def directory_settle(request: HttpRequest, member: Membership, entry: int) -> HttpResponse:
    settle_reports(member.user, _find(entry))
    messages.success(request, _("The reports are settled."))
    return _to(member, entry)


@operator_page("GET", "HEAD", "POST")
def directory_merge(request: HttpRequest, member: Membership, entry: int) -> HttpResponse:
    """Asks for a number, then shows both side by side; only what was seen so can be merged."""
    partner = _find(entry)
    form = IntoForm(
        request.POST if request.method == "POST" else request.GET if "into" in request.GET else None
    )
    into = _into(partner, form) if form.is_bound and form.is_valid() else None
    if into and request.method == "POST":
        try:
            merge(member.user, partner, into)
        except (MergeError, Busy) as error:
            messages.error(request, STANDING[error.code])
            return _to(member, partner.pk)
        told = {"old": partner.name, "new": into.name, "mpid": partner.pk}
        messages.success(
            request, _("%(old)s is merged into %(new)s. Its number %(mpid)s leads there.") % told
        )
        return _to(member, into.pk)
    shown = {"partner": partner, "form": form, "into": into}
    if into:
        shown["sides"] = [_side(partner), _side(into)]
    return render(request, "directory/merge.html", shown, status=422 if form.errors else 200)


def _find(number: int) -> Partner:
    if number > _LARGEST:
        raise Http404
    found: Partner = get_object_or_404(
        Partner.objects.filter(workspace=None).select_related("merged_into"), pk=number
    )
    return found


def _contact(partner: Partner) -> Contact | None:
    rows: QuerySet[Contact] = partner.contacts.filter(workspace=None, erased_at=None)
    return rows.order_by("pk").first()


def _reported(rows: QuerySet[Partner]) -> QuerySet[Partner]:
    return rows.filter(Exists(Report.objects.filter(partner=OuterRef("pk"), settled_at=None)))


def _describe(member: Membership, form: PartnerForm, number: int | None) -> int | None:
    """The partner's number, or None with the form telling why not."""
    try:
        [outcome] = describe(member.user, [Row(form.details, number)])
    except Busy as error:
        form.add_error(None, STANDING[error.code])
        return None
    for refused in outcome.errors:
        form.refuse(refused)
    return outcome.mpid


def _into(partner: Partner, form: IntoForm) -> Partner | None:
    into: Partner | None = Partner.objects.filter(workspace=None, pk=form.cleaned_data["into"]).first()
    code = "unknown" if into is None else "same" if into == partner else ""
    if into is not None and Standing.MERGED in (into.standing, partner.standing):
        code = "merged"
    if code:
        unknown = _("No partner of the directory has this number.")
        form.add_error("into", unknown if code == "unknown" else STANDING[code])
        return None
    return into


def _side(partner: Partner) -> dict[str, Any]:
    return {
        "partner": partner,
        "tags": described.tags(partner),
        "facts": described.facts(partner),
        "contact": _contact(partner),
        "prospects": partner.prospect_set.count(),
    }


def _to(member: Membership, number: int) -> HttpResponse:
    return redirect("web:directory_partner", workspace=member.workspace.slug, entry=number)
