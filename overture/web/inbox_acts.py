"""What is done with threads, one or those ticked: done, snooze, spam, assign; notes and stage beside one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core import signing
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.conversations import put_aside
from overture.conversations.assign import assign
from overture.conversations.errors import MessageError
from overture.conversations.models import Conversation
from overture.conversations.read import unread_again
from overture.conversations.wording import message_words
from overture.lib.numbers import numbers_in
from overture.prospects import note as notes
from overture.prospects import stage
from overture.prospects.models import Prospect, Stage
from overture.web.chosen import owner_named, tell_moved
from overture.web.fragments import wants_fragment
from overture.web.inbox import draw_open, rows_in
from overture.web.inbox_open import find_conversation, of_conversation, open_context
from overture.web.inbox_state import InboxState, state_behind
from overture.web.links import workspace_link
from overture.web.pages import page
from overture.web.prospect_acts import note_problem

_WRITES = Permission.MESSAGE
_MOST = 500
_SALT = "inbox"
MORNING = time(8)


@page("POST", writes=_WRITES)
def thread_act(request: HttpRequest, member: Membership, conversation: int, act: str) -> HttpResponse:
    """done, reopen, snooze, spam, assign or unread, on the thread that is open."""
    row = find_conversation(member, conversation)
    state = state_behind(request, member)
    if act == "unread":
        unread_again(member, row)
        messages.success(request, _("Marked as unread."))
        return redirect(state.url)
    _act(request, state, rows_in(member, {row.pk}), act)
    # What was put aside is gone from the list it was in.
    return redirect(state.thread_url(row.pk) if act == "assign" else state.url)


@page("POST", writes=_WRITES)
def chosen_act(request: HttpRequest, member: Membership, act: str) -> HttpResponse:
    """The same on those that are ticked."""
    state = state_behind(request, member)
    numbers = numbers_in(",".join(request.POST.getlist("chosen")))
    if not numbers:
        messages.warning(request, _("Tick the conversations first."))
    elif len(numbers) > _MOST:
        messages.warning(request, _("At most %(most)s at once.") % {"most": number_format(_MOST)})
    else:
        _act(request, state, rows_in(member, numbers), act)
    return redirect(state.url)


@page("POST", writes=_WRITES)
def threads_undo(request: HttpRequest, member: Membership) -> HttpResponse:
    """Puts back what the last act changed; `was` says how it stood."""
    state = state_behind(request, member)
    try:
        was = signing.loads(request.GET.get("was", ""), salt=_SALT, max_age=timedelta(days=1))
    except signing.BadSignature:
        messages.warning(request, _("This can no longer be taken back."))
        return redirect(state.url)
    count = put_aside.put_back(member, was)
    text = ngettext("%(count)s conversation put back.", "%(count)s conversations put back.", count)
    messages.success(request, text % {"count": number_format(count)})
    return redirect(state.url)


@page("POST", writes=Permission.MANAGE_PROSPECTS)
def thread_note(request: HttpRequest, member: Membership, conversation: int) -> HttpResponse:
    row, prospect = _with_prospect(member, conversation)
    try:
        notes.add(member, prospect, request.POST.get("text", ""))
    except notes.NoteError as error:
        messages.error(request, note_problem(error))
    return _again(request, member, row)


@page("POST", writes=Permission.MANAGE_PROSPECTS)
def thread_stage(request: HttpRequest, member: Membership, conversation: int) -> HttpResponse:
    row, prospect = _with_prospect(member, conversation)
    name = request.POST.get("stage", "")
    if name in Stage.values and name != prospect.stage:
        tell_moved(request, stage.move(member, Prospect.objects.filter(pk=prospect.pk), name), name)
    return _again(request, member, row)


def _with_prospect(member: Membership, number: int) -> tuple[Conversation, Prospect]:
    row = find_conversation(member, number)
    if row.prospect is None:
        raise Http404
    return row, row.prospect


def _again(request: HttpRequest, member: Membership, row: Conversation) -> HttpResponse:
    state = state_behind(request, member)
    if not wants_fragment(request):
        return redirect(state.thread_url(row.pk))
    return draw_open(request, open_context(state, of_conversation(find_conversation(member, row.pk))))


def _act(request: HttpRequest, state: InboxState, rows: QuerySet[Conversation], act: str) -> None:
    carry_out = _ACTS.get(act)
    if carry_out is None:
        raise Http404
    was = put_aside.standing(rows)
    # Named by number: the rows of a state are others once the state changed.
    fixed = Conversation.objects.filter(pk__in=[each[0] for each in was])
    try:
        count, text = carry_out(request, state.member, fixed)
    except MessageError as error:
        messages.error(request, message_words(error))
        return
    _tell(request, state, text % {"count": number_format(count)}, was if count else [])


def _tell(request: HttpRequest, state: InboxState, text: str, was: list[Any]) -> None:
    undo = ""
    if was:
        token = signing.dumps(was, salt=_SALT, compress=True)
        path = workspace_link(state.member, "web:threads_undo")
        undo = f"undo:{path}?was={token}{state.query.replace('?', '&', 1)}"
    messages.success(request, text, extra_tags=undo)


def _done(request: HttpRequest, member: Membership, rows: QuerySet[Conversation]) -> tuple[int, str]:
    count = put_aside.done(member, rows)
    return count, ngettext("%(count)s conversation is done.", "%(count)s conversations are done.", count)


def _reopen(request: HttpRequest, member: Membership, rows: QuerySet[Conversation]) -> tuple[int, str]:
    count = put_aside.reopen(member, rows)
    text = ngettext(
        "%(count)s conversation is back in the inbox.",
        "%(count)s conversations are back in the inbox.",
        count,
    )
    return count, text


def _spam(request: HttpRequest, member: Membership, rows: QuerySet[Conversation]) -> tuple[int, str]:
    count = put_aside.mark_spam(member, rows)
    text = ngettext(
        "%(count)s conversation marked as spam.", "%(count)s conversations marked as spam.", count
    )
    return count, text


def _snooze(request: HttpRequest, member: Membership, rows: QuerySet[Conversation]) -> tuple[int, str]:
    until = until_named(request, member)
    if until is None:
        raise MessageError("until", "past")
    count = put_aside.snooze(member, rows, until)
    text = ngettext(
        "%(count)s conversation comes back on %(when)s.",
        "%(count)s conversations come back on %(when)s.",
        count,
    )
    local = until.astimezone(ZoneInfo(member.workspace.time_zone))
    return count, text.replace("%(when)s", when_words(local))


def _assign(request: HttpRequest, member: Membership, rows: QuerySet[Conversation]) -> tuple[int, str]:
    to = owner_named(request, member)
    count = assign(member, rows, to)
    if to is None:
        text = ngettext(
            "%(count)s conversation is assigned to nobody.",
            "%(count)s conversations are assigned to nobody.",
            count,
        )
        return count, text
    text = ngettext(
        "%(count)s conversation assigned to %(name)s.", "%(count)s conversations assigned to %(name)s.", count
    )
    return count, text.replace("%(name)s", str(to).replace("%", "%%"))


_ACTS: dict[str, Callable[[HttpRequest, Membership, QuerySet[Conversation]], tuple[int, str]]] = {
    "done": _done,
    "reopen": _reopen,
    "spam": _spam,
    "snooze": _snooze,
    "assign": _assign,
}


def when_words(moment: datetime) -> str:
    return f"{date_format(moment, 'MONTH_DAY_FORMAT')}, {moment:%H:%M}"


def until_named(request: HttpRequest, member: Membership) -> datetime | None:
    """`until`: today (in three hours), tomorrow, monday or week; else a date and time of the workspace."""
    zone = ZoneInfo(member.workspace.time_zone)
    now = timezone.now().astimezone(zone)
    named = request.POST.get("until", "")
    days = {"tomorrow": 1, "monday": 7 - now.weekday(), "week": 7}
    if named == "later":
        return now + timedelta(hours=3)
    if named in days:
        return datetime.combine(now.date() + timedelta(days=days[named]), MORNING, zone)
    try:
        found = parse_datetime(request.POST.get("at", ""))
    except ValueError:
        return None
    if found is None or not 1970 <= found.year < 9999:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)
