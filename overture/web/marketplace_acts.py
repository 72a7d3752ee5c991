"""What is done with one partner of a marketplace: mark, e-mail, save, not interested, report."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.delivery.errors import DraftError
from overture.directory.models import Partner
from overture.marketplace.contact import draft_to
from overture.marketplace.models import Report
from overture.marketplace.not_interested import NotInterestedError, bring_back, dismiss
from overture.marketplace.query import Relation
from overture.marketplace.report import LONGEST, ReportError, report
from overture.marketplace.save import save, unsave
from overture.prospects.mark_many import mark_many
from overture.web.fragments import wants_fragment
from overture.web.marketplace_page import may
from overture.web.marketplace_panel import panel_context, partner_of
from overture.web.marketplace_state import MarketState, state_behind
from overture.web.marketplace_tiles import tiles_for
from overture.web.pages import page

_WRITES = Permission.MANAGE_PROSPECTS


@page("POST", writes=_WRITES)
def partner_mark(request: HttpRequest, member: Membership, partner: int, kind: str) -> HttpResponse:
    row = partner_of(member, partner)
    done = mark_many(member, [row.pk])
    if done.new:
        text = _("%(name)s is a prospect now.")
    elif done.restored:
        text = _("%(name)s was archived, and is a prospect again.")
    else:
        text = _("%(name)s is a prospect already.")
    messages.success(request, text % {"name": row.name})
    return _changed(request, state_behind(request, member, kind), row)


@page("POST", needs=Permission.EMAIL_ONE, writes=_WRITES)
def partner_email(request: HttpRequest, member: Membership, partner: int, kind: str) -> HttpResponse:
    """A draft in the composer; the partner is a prospect with it."""
    row = partner_of(member, partner)
    return write_to(request, state_behind(request, member, kind), [row.pk])


@page("POST", writes=_WRITES)
def partner_save(request: HttpRequest, member: Membership, partner: int, kind: str) -> HttpResponse:
    row = partner_of(member, partner)
    save(member, [row.pk])
    _tell(request, _("%(name)s saved."), row, _undo(request, member, row, kind, "unsave"))
    return _changed(request, state_behind(request, member, kind), row)


@page("POST", writes=_WRITES)
def partner_unsave(request: HttpRequest, member: Membership, partner: int, kind: str) -> HttpResponse:
    row = partner_of(member, partner)
    unsave(member, [row.pk])
    _tell(request, _("%(name)s is not saved any more."), row, _undo(request, member, row, kind, "save"))
    return _changed(request, state_behind(request, member, kind), row)


@page("POST", writes=_WRITES)
def partner_not_interested(request: HttpRequest, member: Membership, partner: int, kind: str) -> HttpResponse:
    row, state = partner_of(member, partner), state_behind(request, member, kind)
    try:
        dismiss(member, [row.pk])
    except NotInterestedError:
        _tell(request, _("%(name)s is a prospect: archive it to see it no more."), row)
        return _changed(request, state, row)
    text = _("%(name)s is not shown any more.")
    _tell(request, text, row, _undo(request, member, row, kind, "bring-back"))
    if Relation.NOT_INTERESTED in state.wanted.relation:
        return _changed(request, state, row)
    return _gone(request, state, row)


@page("POST", writes=_WRITES)
def partner_bring_back(request: HttpRequest, member: Membership, partner: int, kind: str) -> HttpResponse:
    row = partner_of(member, partner)
    bring_back(member, [row.pk])
    _tell(request, _("%(name)s is shown again."), row)
    return _changed(request, state_behind(request, member, kind), row)


@page("GET", "HEAD", "POST", needs=_WRITES)
def partner_report(request: HttpRequest, member: Membership, partner: int, kind: str) -> HttpResponse:
    """A small form; what is said goes to the operator."""
    row, state = partner_of(member, partner), state_behind(request, member, kind)
    said = {name: request.POST.get(name, "") for name in ("reason", "text")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            report(member, row, said["reason"], said["text"])
        except ReportError as error:
            errors = {error.field: _report_problem(error)}
        else:
            messages.success(request, _("Reported. The operator will look at it."))
            return redirect(state.partner_url(row.pk))
    shown: dict[str, Any] = {
        "partner": row,
        "state": state,
        "back_url": state.partner_url(row.pk),
        "reasons": Report.Reason.choices,
        "said": said,
        "errors": errors,
        "longest": LONGEST,
    }
    return render(request, "marketplaces/report.html", shown)


def write_to(request: HttpRequest, state: MarketState, mpids: list[int]) -> HttpResponse:
    """Leads to the composer; back where nobody is left to write to."""
    member = state.member
    try:
        made = draft_to(
            member,
            mpids,
            sender_name=member.user.name,
            reply_to=member.user.email,
            language=(get_language() or "en")[:2],
        )
    except DraftError:
        messages.error(request, _("There is nobody to write to."))
        return redirect(state.url)
    return redirect("web:email_write", workspace=member.workspace.slug, mailing=made.pk)


def _changed(request: HttpRequest, state: MarketState, row: Partner) -> HttpResponse:
    """After an act: the tile anew, and the panel where it shows the same partner."""
    if not wants_fragment(request):
        return redirect(_behind(request, state, row))
    shown: dict[str, Any] = {"state": state, "may": may(state.member), "tile": tiles_for(state, [row.pk])[0]}
    if _has_panel(request, state, row):
        shown |= panel_context(state, row)
    return render(request, "marketplaces/_changed.html", shown)


def _gone(request: HttpRequest, state: MarketState, row: Partner) -> HttpResponse:
    """The tile leaves the results."""
    if not wants_fragment(request):
        return redirect(state.url)
    has_panel = _has_panel(request, state, row)
    answer = render(request, "marketplaces/_gone.html", {"partner": row, "has_panel": has_panel})
    if has_panel:
        answer.headers["HX-Push-Url"] = state.url
    return answer


def _has_panel(request: HttpRequest, state: MarketState, row: Partner) -> bool:
    here = request.headers.get("HX-Current-URL", "").split("?")[0]
    return here.endswith(f"{state.path}/{row.pk}")


def _behind(request: HttpRequest, state: MarketState, row: Partner) -> str:
    """The page an act came from: with the record when it stood open there."""
    here = request.headers.get("Referer", "").split("?")[0]
    return state.partner_url(row.pk) if here.endswith(f"{state.path}/{row.pk}") else state.url


def _undo(request: HttpRequest, member: Membership, row: Partner, kind: str, act: str) -> str:
    return f"{state_behind(request, member, kind).path}/{row.pk}/{act}?{request.GET.urlencode()}"


def _tell(request: HttpRequest, text: str, row: Partner, undo: str = "") -> None:
    messages.success(request, text % {"name": row.name}, extra_tags=f"undo:{undo}" if undo else "")


def _report_problem(error: ReportError) -> str:
    return {
        "unknown_reason": _("Choose a reason."),
        "empty": _("Say what is wrong."),
        "too_long": _("At most %(most)d characters.") % {"most": LONGEST},
        "not_listed": _("Only partners of the marketplace can be reported."),
    }[error.code]
