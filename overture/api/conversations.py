"""/conversations, /messages, /drafts: what passed between the workspace and its partners."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import BaseModel, Field

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.api.bearer import ApiRequest
from overture.api.bodies import Id, In, Moment
from overture.api.mailings import MailingOut
from overture.api.mailings import one as one_mailing
from overture.api.paging import LARGEST_PAGE, Listed, Walk, total_of
from overture.api.shown_conversations import (
    AmongName,
    ConversationOut,
    DraftOut,
    MessageOut,
    StateName,
    ThreadOut,
    shown_conversations,
    shown_draft,
    shown_entry,
    shown_message,
)
from overture.conversations import emails, inbox, put_aside
from overture.conversations.assign import assign
from overture.conversations.draft import draft_of, save_draft
from overture.conversations.edit import edit, withdraw
from overture.conversations.inbox import View
from overture.conversations.models import Conversation, Message
from overture.conversations.post import post
from overture.conversations.read import read, unread_again, unread_count
from overture.conversations.thread import SIZE, Part, thread_of_brand
from overture.delivery.models import Delivery
from overture.directory.find import find_partner
from overture.directory.models import Partner
from overture.files.mine import mine
from overture.inbound.answer import answer_by_email
from overture.marketplace.contact import message_to

router = Router(tags=["Conversations"])
Files = Annotated[list[Id], Field(max_length=50, description="Ids of your own files: POST /files.")]
Chosen = Annotated[list[Id], Field(min_length=1, max_length=LARGEST_PAGE)]


class Filters(BaseModel):
    state: StateName = "open"
    among: AmongName | None = Field(None, description="Joined partners, joined creators, or all others.")
    unread: bool = False
    mine: bool = Field(False, description="Assigned to you.")
    q: str = Field("", max_length=inbox.LONGEST_Q, description="Words, in messages, file names and names.")


class FirstIn(In):
    partner: Id = Field(description="Its account number. Who is no prospect becomes one.")
    text: str = ""
    files: Files = []


class MessageIn(In):
    text: str = ""
    files: Files = []


class TextIn(In):
    text: str


class Until(In):
    until: Moment


class Assignee(In):
    member: Id | None = Field(description="null: nobody.")


class Some(In):
    conversations: Chosen


class SomeUntil(Some):
    until: Moment


class SomeAssignee(Some):
    member: Id | None


class Changed(BaseModel):
    changed: int


class Unread(BaseModel):
    unread: int = Field(description="Counted up to 1,000.")


@router.get("/conversations", response=Listed[ConversationOut])
def list_conversations(request: ApiRequest, walk: Query[Walk], filters: Query[Filters]) -> Any:
    """The newest first."""
    view = View.parse(filters.model_dump())
    found = inbox.listed(request.member, view, walk.cursor, walk.limit)
    total = total_of(inbox.threads(request.member, view), walk)
    return {"items": shown_conversations(request.member, found), "next": found.next, "total": total}


@router.get("/conversations/unread", response=Unread)
def count_unread(request: ApiRequest) -> Any:
    return {"unread": unread_count(request.member)}


@router.get("/conversations/{int:conversation}", response=ConversationOut)
def get_conversation(request: ApiRequest, conversation: int) -> Any:
    return _one(request.member, conversation)


@router.get("/conversations/{int:conversation}/thread", response=ThreadOut)
def get_thread(
    request: ApiRequest,
    conversation: int,
    before: Moment | None = None,
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = SIZE,
) -> Any:
    """Messages, e-mails and what happened, the newest or those before a moment. Marks nothing as read."""
    row = _find(request.member, conversation)
    found = thread_of_brand(row, request.member, part=Part(before=before, size=limit))
    items = [shown_entry(each) for each in found if each.kind != "day"]
    return {"items": items, "before": found.earlier}


@router.get("/conversations/{int:conversation}/emails/{int:delivery}", response=dict[str, str])
def get_email(request: ApiRequest, conversation: int, delivery: int) -> Any:
    """The whole of an e-mail as its recipient got it: `html`, without the footer."""
    row = _find(request.member, conversation)
    if row.prospect_id is None:
        raise Http404
    rows = Delivery.objects.visible_to(request.member).filter(prospect=row.prospect_id)
    found = get_object_or_404(rows.select_related("manifest__mailbox"), pk=delivery)
    return {"html": str(emails.content(found))}


@router.post("/messages", response={201: MessageOut})
def write_message(request: ApiRequest, body: FirstIn) -> Any:
    """To a partner, with or without a conversation before."""
    found = find_partner(request.member, body.partner)
    mpid = found.pk if found else body.partner
    if found is None and not _knows(request.member, mpid):
        raise Http404
    return shown_message(message_to(request.member, mpid, body.text, mine(body.files, member=request.member)))


@router.post("/conversations/{int:conversation}/messages", response={201: MessageOut})
def answer_conversation(request: ApiRequest, conversation: int, body: MessageIn) -> Any:
    row = _find(request.member, conversation)
    return shown_message(
        post(request.member, row.partner, body.text, mine(body.files, member=request.member))
    )


@router.patch("/messages/{int:message}", response=MessageOut)
def edit_message(request: ApiRequest, message: int, body: TextIn) -> Any:
    """Your own, for ten minutes."""
    return shown_message(edit(_own(request.member, message), body.text, member=request.member))


@router.post("/messages/{int:message}/answer", response={201: MailingOut})
def answer_email(request: ApiRequest, message: int) -> Any:
    """To a received e-mail: a draft to who wrote it, threaded right; the same one while it is not sent."""
    rows = Message.objects.filter(conversation__workspace=request.member.workspace_id)
    return one_mailing(answer_by_email(request.member, get_object_or_404(rows, pk=message)))


@router.post("/messages/{int:message}/withdraw", response=MessageOut)
def withdraw_message(request: ApiRequest, message: int) -> Any:
    """Your own, for ten minutes: text and files are gone for both sides."""
    return shown_message(withdraw(_own(request.member, message), member=request.member))


@router.post("/conversations/{int:conversation}/read", response=ConversationOut)
def read_conversation(request: ApiRequest, conversation: int) -> Any:
    """The partner is told that it was read."""
    read(_find(request.member, conversation), member=request.member)
    return _one(request.member, conversation)


@router.post("/conversations/{int:conversation}/unread", response=ConversationOut)
def unread_conversation(request: ApiRequest, conversation: int) -> Any:
    """For you alone, until it is read again."""
    unread_again(request.member, _find(request.member, conversation))
    return _one(request.member, conversation)


@router.post("/conversations/{int:conversation}/done", response=ConversationOut)
def finish_conversation(request: ApiRequest, conversation: int) -> Any:
    """Out of the list until the next message."""
    return _act(request.member, conversation, put_aside.done)


@router.post("/conversations/{int:conversation}/reopen", response=ConversationOut)
def reopen_conversation(request: ApiRequest, conversation: int) -> Any:
    """Back into the list: done, snoozed and spam alike."""
    return _act(request.member, conversation, put_aside.reopen)


@router.post("/conversations/{int:conversation}/spam", response=ConversationOut)
def mark_conversation_as_spam(request: ApiRequest, conversation: int) -> Any:
    return _act(request.member, conversation, put_aside.mark_spam)


@router.post("/conversations/{int:conversation}/snooze", response=ConversationOut)
def snooze_conversation(request: ApiRequest, conversation: int, body: Until) -> Any:
    return _act(request.member, conversation, lambda member, rows: put_aside.snooze(member, rows, body.until))


@router.post("/conversations/{int:conversation}/assign", response=ConversationOut)
def assign_conversation(request: ApiRequest, conversation: int, body: Assignee) -> Any:
    to = _colleague(request.member, body.member)
    return _act(request.member, conversation, lambda member, rows: assign(member, rows, to))


@router.post("/conversations/done", response=Changed)
def finish_conversations(request: ApiRequest, body: Some) -> Any:
    return {"changed": put_aside.done(request.member, _rows(request.member, body.conversations))}


@router.post("/conversations/reopen", response=Changed)
def reopen_conversations(request: ApiRequest, body: Some) -> Any:
    return {"changed": put_aside.reopen(request.member, _rows(request.member, body.conversations))}


@router.post("/conversations/spam", response=Changed)
def mark_conversations_as_spam(request: ApiRequest, body: Some) -> Any:
    return {"changed": put_aside.mark_spam(request.member, _rows(request.member, body.conversations))}


@router.post("/conversations/snooze", response=Changed)
def snooze_conversations(request: ApiRequest, body: SomeUntil) -> Any:
    rows = _rows(request.member, body.conversations)
    return {"changed": put_aside.snooze(request.member, rows, body.until)}


@router.post("/conversations/assign", response=Changed)
def assign_conversations(request: ApiRequest, body: SomeAssignee) -> Any:
    rows = _rows(request.member, body.conversations)
    return {"changed": assign(request.member, rows, _colleague(request.member, body.member))}


@router.get("/drafts/{int:mpid}", response=DraftOut)
def get_draft(request: ApiRequest, mpid: int) -> Any:
    """What you have begun to write to this partner."""
    partner = _partner(request.member, mpid)
    return shown_draft(partner, draft_of(partner, member=request.member))


@router.put("/drafts/{int:mpid}", response=DraftOut)
def write_draft(request: ApiRequest, mpid: int, body: MessageIn) -> Any:
    """Nothing written and no files: no draft."""
    require(request.member, Permission.MESSAGE)
    partner = _partner(request.member, mpid)
    files = mine(body.files, member=request.member)
    return shown_draft(partner, save_draft(partner, body.text, files, member=request.member))


def _find(member: Membership, number: int) -> Conversation:
    rows = Conversation.objects.visible_to(member).select_related("workspace", "partner", "prospect")
    found: Conversation = get_object_or_404(rows, pk=number)
    return found


def _one(member: Membership, number: int) -> dict[str, Any]:
    return shown_conversations(member, [_find(member, number)])[0]


def _act(
    member: Membership, number: int, act: Callable[[Membership, QuerySet[Conversation]], int]
) -> dict[str, Any]:
    act(member, Conversation.objects.visible_to(member).filter(pk=_find(member, number).pk))
    return _one(member, number)


def _rows(member: Membership, numbers: Sequence[int]) -> QuerySet[Conversation]:
    """All of them, or Http404: nobody is left out in silence."""
    rows: QuerySet[Conversation] = Conversation.objects.visible_to(member).filter(pk__in=set(numbers))
    if rows.count() != len(set(numbers)):
        raise Http404
    return Conversation.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))


def _colleague(member: Membership, number: int | None) -> Membership | None:
    if number is None:
        return None
    found: Membership = get_object_or_404(Membership.objects.visible_to(member), pk=number)
    return found


def _own(member: Membership, number: int) -> Message:
    found = get_object_or_404(Message.objects.filter(conversation__workspace=member.workspace_id), pk=number)
    if found.member_id != member.pk:
        raise PermissionDenied("author")
    return found


def _partner(member: Membership, mpid: int) -> Partner:
    found = find_partner(member, mpid)
    if found is None and _knows(member, mpid):
        found = Partner.objects.get(pk=mpid)
    if found is None:
        raise Http404
    return found


def _knows(member: Membership, mpid: int) -> bool:
    """A prospect whose partner was taken down, or one that wrote."""
    threads = Conversation.objects.visible_to(member).filter(partner=mpid)
    return (
        threads.exists() or Partner.objects.filter(pk=mpid, prospect__workspace=member.workspace_id).exists()
    )
