"""Engage > Inbox: the threads, the one that is open, and the prospect beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from overture.accounts.models import Membership
from overture.conversations import emails
from overture.conversations.inbox import Listed, ViewError, listed, rows_of
from overture.conversations.models import Among, Conversation, State
from overture.conversations.pulse import counts, of_workspace
from overture.conversations.read import read, unread_count
from overture.delivery.models import Delivery
from overture.inbound.place import unplaced
from overture.lib.paging import CursorError
from overture.templatetags.conversations import at_hour
from overture.web.fragments import wants_fragment
from overture.web.inbox_open import (
    colleagues,
    find_conversation,
    may,
    moment_of,
    of_conversation,
    open_context,
    stream_context,
)
from overture.web.inbox_state import InboxState, state_behind, state_of
from overture.web.links import workspace_link
from overture.web.live import live_url
from overture.web.pages import page


@page("GET", "HEAD")
def inbox(request: HttpRequest, member: Membership) -> HttpResponse:
    """The list; for htmx the list alone."""
    return show_inbox(request, member)


@page("GET", "HEAD")
def conversation(request: HttpRequest, member: Membership, conversation: int) -> HttpResponse:
    """The thread; who opens it has read it. For htmx the thread and its summary alone."""
    row = find_conversation(member, conversation)
    state, before = state_behind(request, member), moment_of(request.GET, "before")
    # Drawn before it is read, so that the page says what was new; what came in since stays unread.
    shown = open_context(state, of_conversation(row), before=before)
    if request.method == "GET" and before is None:
        read(row, member=member)
    if not wants_fragment(request):
        return show_inbox(request, member, shown)
    if before is not None:
        return render(request, "conversations/_earlier.html", shown)
    return draw_open(request, shown)


@page("GET", "HEAD")
def stream(request: HttpRequest, member: Membership, conversation: int) -> HttpResponse:
    """The messages anew when something changed since `version`, else nothing. `seen`: somebody looks."""
    row = find_conversation(member, conversation)
    if request.GET.get("version") == str(row.version):
        return HttpResponse(status=204)
    if request.method == "GET" and "seen" in request.GET:
        read(row, member=member)
    since = moment_of(request.GET, "since")
    shown = stream_context(state_behind(request, member), of_conversation(row), since=since)
    return render(request, "conversations/_stream.html", {**shown, "may": may(member)})


@page("GET", "HEAD")
def email(request: HttpRequest, member: Membership, conversation: int, delivery: int) -> HttpResponse:
    """The whole of an e-mail, where its beginning was."""
    row = find_conversation(member, conversation)
    sent = _email(member, row.prospect_id, delivery)
    if not wants_fragment(request):
        return redirect("web:email_progress", workspace=member.workspace.slug, mailing=sent.mailing_id)
    return render(request, "conversations/_email_whole.html", {"content": emails.content(sent)})


def show_inbox(
    request: HttpRequest, member: Membership, shown: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The page of the list its address asks for; `shown` is what is open beside it."""
    try:
        state = state_of(request, member)
        context = list_context(state, shown)
    except ViewError:
        return redirect(InboxState(member, state_behind(request, member).view).url)
    except CursorError:
        return redirect(InboxState(member, state.view).url)
    is_fragment = wants_fragment(request)
    template = "conversations/_threads.html" if is_fragment else "conversations/inbox.html"
    answer = render(request, template, {**context, **(shown or {}), "is_oob": is_fragment}, status=status)
    patch_vary_headers(answer, ["HX-Request"])
    # Who comes back sees the draft as it is, never the page as the browser has stored it.
    answer.headers["Cache-Control"] = "no-store"
    return answer


def draw_open(request: HttpRequest, shown: dict[str, Any], status: int = 200) -> HttpResponse:
    """The thread and its summary, with the counts that reading it changed."""
    member: Membership = shown["state"].member
    context = {**shown, "unread": unread_count(member), "is_oob": True}
    answer = render(request, "conversations/_open.html", context, status=status)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def list_context(state: InboxState, shown: dict[str, Any] | None = None) -> dict[str, Any]:
    """Everything the list shows. Raises CursorError."""
    member, view = state.member, state.view
    # Read before the rows: a change in between is asked for again, never missed.
    pulse = counts([of_workspace(member.workspace_id)]).get(of_workspace(member.workspace_id), 0)
    found = listed(member, view, state.cursor)
    rows: list[Listed] = rows_of(member, found)
    return {
        "state": state,
        "view": view,
        "rows": _shown(state, rows),
        "newer": state.on_page(found.previous),
        "older": state.on_page(found.next),
        "unread": unread_count(member),
        "unplaced": unplaced(member).count(),
        "amongs": [
            (label, view.among == value, state.showing(among="" if view.among == value else value))
            for value, label in Among.choices
        ],
        "states": [
            (label, view.state == value, state.showing(state=value)) for value, label in State.choices
        ],
        "unread_url": state.showing(unread=not view.unread),
        "mine_url": state.showing(mine=not view.mine),
        "plain_url": InboxState(member, type(view)()).url,
        "kept": [(name, value) for name, value in _kept(state)],
        "is_narrowed": bool(view.as_query()),
        "title": _title(state),
        "live": live_url("w", member.workspace_id),
        "pulse": pulse,
        "may": may(member),
        "colleagues": colleagues(member),
        "open": None,
        **(shown or {}),
    }


@dataclass(frozen=True)
class Row:
    """A row of the list, in the words of the page: said once for all of them."""

    number: int
    name: str
    url: str
    label: str
    at: datetime
    hour: str
    who: str
    line: str
    is_of_files: bool
    is_email: bool
    is_unread: bool
    has_draft: bool
    assignee: Membership | None
    assigned: str


def _shown(state: InboxState, rows: list[Listed]) -> list[Row]:
    you, withdrawn = _("You"), _("Message withdrawn")
    tick, assigned = _("Tick the conversation with %(name)s"), _("Assigned to %(who)s")
    zone = state.member.workspace.time_zone
    base = workspace_link(state.member, "web:inbox")
    return [
        Row(
            each.conversation.pk,
            each.name,
            f"{base}/{each.conversation.pk}{state.query}",
            tick % {"name": each.name},
            each.at,
            at_hour(each.at, zone),
            you if each.is_own else each.who,
            withdrawn if each.is_withdrawn else each.line or each.subject or ", ".join(each.files),
            not each.line and not each.is_withdrawn and not each.is_email,
            each.is_email,
            each.is_unread,
            each.has_draft,
            (who := each.conversation.assignee),
            assigned % {"who": who} if who else "",
        )
        for each in rows
    ]


def _title(state: InboxState) -> str:
    is_open = state.view.state == State.OPEN
    return _("Inbox") if is_open else str(State(state.view.state).label)


def _kept(state: InboxState) -> list[tuple[str, str]]:
    """What a search leaves as it is."""
    told = state.view.as_query()
    pairs = [part.split("=", 1) for part in told.split("&") if "=" in part]
    return [(name, value) for name, value in pairs if name != "q"]


def _email(member: Membership, prospect_id: int | None, number: int) -> Delivery:
    if prospect_id is None:
        raise Http404
    rows = Delivery.objects.filter(prospect_id=prospect_id).select_related("manifest__mailbox", "mailing")
    found: Delivery = get_object_or_404(rows, pk=number, workspace_id=member.workspace_id)
    return found


def rows_in(member: Membership, numbers: set[int]) -> Any:
    return Conversation.objects.visible_to(member).filter(pk__in=numbers)
