"""How a mailing stands: bar and counters, each recipient with its reason, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.models import Activity
from overture.delivery import steer
from overture.delivery.errors import DraftError, NotNow
from overture.delivery.models import OPEN_STATES, Mailing
from overture.delivery.progress import began_late, came_back, counts, forecast, rate, waits_because
from overture.delivery.refusals import NOT_NOW
from overture.delivery.schedule import reschedule
from overture.inbound.coverage import replies_of
from overture.inbound.wording import replies_words
from overture.mailboxes.today import used_today
from overture.web import schedule
from overture.web.attached import shown_files
from overture.web.composer import mailing_of, number
from overture.web.deliveries import delivery_page, skipped, tabs
from overture.web.pages import page
from overture.web.preview import preview_of
from overture.web.wording import HAPPENED, TAGS, local, n, when

_LIVE = (Mailing.State.SENDING, Mailing.State.SCHEDULED)


@page("GET", "HEAD")
def email(request: HttpRequest, member: Membership, mailing: int) -> HttpResponse:
    """The page for the state it is in."""
    row = mailing_of(member, mailing)
    if row.state == Mailing.State.DRAFT:
        return redirect("web:email_write", workspace=member.workspace.slug, mailing=row.pk)
    if row.state == Mailing.State.PREPARED:
        return redirect("web:email_manifest", workspace=member.workspace.slug, mailing=row.pk)
    return progress_page(request, member, row)


def progress_page(
    request: HttpRequest, member: Membership, mailing: Mailing, chosen: schedule.Chosen | None = None
) -> HttpResponse:
    """`chosen`: a time to begin at that cannot be, with why."""
    shown = _standing(request, member, mailing, chosen)
    if "prospect" in request.GET:
        shown["preview"] = preview_of(member, mailing, number(request.GET["prospect"]))
    return render(request, "emails/progress.html", shown, status=422 if chosen else 200)


@page("GET", "HEAD")
def email_progress(request: HttpRequest, member: Membership, mailing: int) -> HttpResponse:
    """What changes while it is sent, for the page that asks every two seconds."""
    row = mailing_of(member, mailing)
    if row.state in (Mailing.State.DRAFT, Mailing.State.PREPARED):
        answer = HttpResponse()
        answer.headers["HX-Redirect"] = request.path.removesuffix("/progress")
        return answer
    return render(request, "emails/_progress.html", _standing(request, member, row) | {"is_fragment": True})


@page("POST", needs=Permission.EMAIL_ONE)
def email_undo(request: HttpRequest, member: Membership, mailing: int) -> HttpResponse:
    return _steer(
        request, member, mailing, lambda row: (steer.undo(member, row), _("Undone. Nothing was sent."))[1]
    )


@page("POST", needs=Permission.EMAIL_ONE)
def email_schedule(request: HttpRequest, member: Membership, mailing: int) -> HttpResponse:
    """Another time for what has not begun, or at once."""
    row = mailing_of(member, mailing)
    try:
        at = None if request.POST.get("now") else schedule.read(row, request.POST)
        reschedule(member, row, at)
    except schedule.TimeError as error:
        return progress_page(request, member, row, error.chosen)
    except DraftError as error:
        return progress_page(request, member, row, schedule.refused(row, request.POST, error))
    except NotNow as refusal:
        messages.error(request, str(NOT_NOW.get(refusal.code, refusal.code)))
    return redirect("web:email", workspace=member.workspace.slug, mailing=row.pk)


@page("POST", needs=Permission.EMAIL_ONE)
def email_pause(request: HttpRequest, member: Membership, mailing: int) -> HttpResponse:
    return _steer(request, member, mailing, lambda row: _paused(steer.pause(member, row)))


@page("POST", needs=Permission.EMAIL_ONE)
def email_resume(request: HttpRequest, member: Membership, mailing: int) -> HttpResponse:
    return _steer(request, member, mailing, lambda row: (steer.resume(member, row), _("Sending goes on."))[1])


@page("POST", needs=Permission.EMAIL_ONE)
def email_cancel(request: HttpRequest, member: Membership, mailing: int) -> HttpResponse:
    return _steer(request, member, mailing, lambda row: _cancelled(steer.cancel(member, row)))


@page("POST", needs=Permission.EMAIL_ONE)
def email_unknown(request: HttpRequest, member: Membership, mailing: int) -> HttpResponse:
    """A person has looked whether what may have left did: for one delivery, or for all that are unknown."""
    delivery = number(request.POST.get("delivery"))
    left = request.POST.get("left") == "1"

    def resolve(row: Mailing) -> str:
        count = steer.resolve_unknown(member, row, left=left, delivery_ids=[delivery] if delivery else None)
        if left:
            text = ngettext("%(n)s email is marked as sent.", "%(n)s emails are marked as sent.", count)
        else:
            text = ngettext("%(n)s email is queued again.", "%(n)s emails are queued again.", count)
        return text % {"n": n(count)}

    return _steer(request, member, mailing, resolve)


def _steer(
    request: HttpRequest, member: Membership, number: int, act: Callable[[Mailing], str]
) -> HttpResponse:
    row = mailing_of(member, number)
    try:
        messages.success(request, act(row))
    except NotNow as refusal:
        messages.error(request, str(NOT_NOW.get(refusal.code, refusal.code)))
    return redirect("web:email", workspace=member.workspace.slug, mailing=row.pk)


def _paused(leaving: int) -> str:
    if not leaving:
        return _("Paused. Nothing leaves until it is resumed.")
    text = ngettext(
        "Paused. %(n)s email was already leaving.", "Paused. %(n)s emails were already leaving.", leaving
    )
    return text % {"n": n(leaving)}


def _cancelled(leaving: int) -> str:
    if not leaving:
        return _("Cancelled. The others will not receive this email.")
    text = ngettext(
        "Cancelled. %(n)s email was already leaving.",
        "Cancelled. %(n)s emails were already leaving.",
        leaving,
    )
    return text % {"n": n(leaving)}


def _standing(
    request: HttpRequest, member: Membership, mailing: Mailing, chosen: schedule.Chosen | None = None
) -> dict[str, Any]:
    may_steer = member.can(Permission.EMAIL_ONE if mailing.is_single else Permission.EMAIL_MANY)
    counted = counts(mailing)
    total = sum(counted.values())
    left = sum(counted[state] for state in OPEN_STATES)
    undo_left = _undo_left(mailing)
    look, icon, icon_class = TAGS[mailing.state]
    return {
        "mailing": mailing,
        "counts": counted,
        "came_back": came_back(mailing) if counted["sent"] else {},
        "total": total,
        "planned": mailing.manifest.recipients if mailing.manifest else total,
        "open": left,
        "handled": total - left,
        "gone": total - left - counted["skipped"],
        "tabs": tabs(counted),
        "skipped": skipped(mailing) if counted["skipped"] else [],
        "recipients": delivery_page(member, mailing, request.GET),
        "wait": waits_because(mailing),
        "forecast": _forecast(mailing),
        "undo_left": undo_left,
        "is_live": mailing.state in _LIVE,
        "tag": {"look": look, "icon": icon, "icon_class": icon_class},
        "began_late": began_late(mailing),
        "again_from": _again_from(mailing) if counted["unknown"] else "",
        "may_steer": may_steer,
        "used": used_today([mailing.mailbox])[mailing.mailbox.pk] if mailing.mailbox else 0,
        "activity": _activity(member, mailing),
        "started": _started(mailing),
        "replies": _replies(mailing),
        "is_fragment": False,
        **shown_files(member, mailing.manifest),
        **schedule.shown_schedule(mailing, may_steer=may_steer, chosen=chosen),
    }


def _started(mailing: Mailing) -> str:
    """When it was sent off; empty while its time is still to come."""
    moment = mailing.starts_at if mailing.scheduled_at else mailing.approved_at
    return when(local(mailing, moment)) if moment and mailing.state != Mailing.State.SCHEDULED else ""


def _again_from(mailing: Mailing) -> str:
    """From when unknown ones may be sent again; empty when some may be by now."""
    moment = steer.first_again_from(mailing)
    return when(local(mailing, moment)) if moment and moment > timezone.now() else ""


def _replies(mailing: Mailing) -> str:
    """How far answers are seen; empty while there can be none."""
    if not mailing.approved_at:
        return ""
    return replies_words(replies_of(mailing), lambda moment: when(local(mailing, moment)))


def _undo_left(mailing: Mailing) -> int:
    """Seconds in which Send can still be undone; of what waits for its time, schedule.py tells."""
    if mailing.state != Mailing.State.SENDING or mailing.starts_at is None:
        return 0
    return max(0, round((mailing.starts_at - timezone.now()).total_seconds()))


def _forecast(mailing: Mailing) -> str:
    moment = forecast(mailing)
    if moment is None:
        return ""
    done = _("Done by %(time)s") % {"time": when(local(mailing, moment))}
    sent = rate(mailing)
    return f"{done}. " + _("%(n)s in the last minute") % {"n": n(sent)} if sent else done


def _activity(member: Membership, mailing: Mailing) -> list[dict[str, Any]]:
    rows = Activity.objects.visible_to(member).filter(mailing=mailing, verb__in=HAPPENED)
    return [
        {
            "what": HAPPENED[row.verb],
            "who": row.member,
            "at": when(local(mailing, row.at)),
            "is_key": bool(row.member),
        }
        for row in rows.select_related("member__user").order_by("-pk")[:12]
    ]
