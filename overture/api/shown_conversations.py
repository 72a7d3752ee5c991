"""Conversations as the API tells them: a line of the inbox, a thread's entries, messages and drafts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from overture.accounts.models import Membership
from overture.conversations import inbox
from overture.conversations.models import Conversation, Message, MessageDraft, Received, Side
from overture.conversations.post import why_not
from overture.conversations.thread import Entry
from overture.directory.models import Partner
from overture.files.models import Attachment

StateName = Literal["open", "snoozed", "done", "spam"]
AmongName = Literal["prospects", "partners", "creators"]


class FileName(BaseModel):
    id: int
    name: str
    state: Literal["pending", "clean", "infected", "unscannable"]


class Newest(BaseModel):
    side: Literal["brand", "partner", ""]
    who: str
    line: str = Field(description="The beginning, on one line.")
    files: list[str]
    at: datetime


class ConversationOut(BaseModel):
    id: int
    mpid: int
    prospect: int | None
    name: str
    state: StateName
    among: AmongName
    assignee: int | None
    snoozed_until: datetime | None
    is_unread: bool = Field(description="By you.")
    is_blocked: bool = Field(description="The partner does not want messages from this workspace.")
    why_no_message: str | None = Field(
        description="A code: blocked, messaging_off; null where you can write."
    )
    newest: Newest
    created_at: datetime


class MessageOut(BaseModel):
    id: int
    conversation: int
    side: Literal["brand", "partner"]
    member: int | None
    text: str
    files: list[FileName]
    created_at: datetime
    edited_at: datetime | None
    withdrawn_at: datetime | None


class Read(BaseModel):
    who: str
    at: datetime


class EmailOut(BaseModel):
    delivery: int
    mailing: int
    subject: str
    excerpt: str
    state: str
    to: str = Field(description="Obfuscated where you may not see it in full.")


class OtherFile(BaseModel):
    name: str
    type: str
    size: int
    scanned: bool
    virus: str = Field(description="The signature's name; empty where none was found.")


class ReceivedOut(BaseModel):
    sender_name: str
    sender_address: str
    subject: str
    quoted: str = Field(description="What it repeats of earlier emails.")
    html: str = Field(description="Cleaned; empty where it came as text alone.")
    is_automatic: bool = Field(description="Sent by a machine, such as an absence: no answer of a person.")
    away_until: date | None
    other_files: list[OtherFile] = Field(description="Of types that are never opened here.")
    was_in_junk: bool = Field(description="Its server took it for spam.")


class EntryOut(BaseModel):
    kind: Literal["message", "email", "received", "event"]
    at: datetime
    id: int
    side: Literal["brand", "partner"]
    who: str
    text: str = Field(description="As it was written; of an event its code.")
    html: str
    files: list[FileName]
    is_edited: bool
    is_withdrawn: bool
    read_by: list[Read]
    email: EmailOut | None = Field(description="One that left.")
    received: ReceivedOut | None = Field(description="One that came.")


class ThreadOut(BaseModel):
    items: list[EntryOut] = Field(description="The oldest first.")
    before: datetime | None = Field(description="For the entries before these; null at the beginning.")


class DraftOut(BaseModel):
    mpid: int
    text: str
    files: list[FileName]
    saved_at: datetime | None = Field(description="null: there is none.")


def shown_conversations(member: Membership, rows: Iterable[Conversation]) -> list[dict[str, Any]]:
    listed = inbox.rows_of(member, rows)
    why = why_not(member, [each.conversation.partner for each in listed])
    return [
        {
            "id": each.conversation.pk,
            "mpid": each.conversation.partner_id,
            "prospect": each.conversation.prospect_id,
            "name": each.name,
            "state": each.conversation.state,
            "among": each.conversation.among,
            "assignee": each.conversation.assignee_id,
            "snoozed_until": each.conversation.snoozed_until,
            "is_unread": each.is_unread,
            "is_blocked": each.conversation.blocked_at is not None,
            "why_no_message": why.get(each.conversation.partner_id),
            "newest": {name: getattr(each, name) for name in ("side", "who", "line", "files", "at")},
            "created_at": each.conversation.created_at,
        }
        for each in listed
    ]


def shown_entry(entry: Entry) -> dict[str, Any]:
    email = entry.email
    return {
        "kind": entry.kind,
        "at": entry.at,
        "id": entry.number,
        "side": Side.BRAND if entry.is_mine or entry.kind == "event" else Side.PARTNER,
        "who": entry.who,
        "text": entry.event.verb if entry.event else entry.text,
        "html": entry.html,
        "files": _files(entry.files),
        "is_edited": entry.is_edited,
        "is_withdrawn": entry.is_withdrawn,
        "read_by": [{"who": each.name, "at": each.at} for each in entry.read_by],
        "email": {
            "delivery": email.number,
            "mailing": email.mailing,
            "subject": email.subject,
            "excerpt": email.excerpt,
            "state": email.state,
            "to": email.to,
        }
        if email
        else None,
        "received": _shown_received(entry.received) if entry.received else None,
    }


def _shown_received(email: Received) -> dict[str, Any]:
    names = (
        "sender_name", "sender_address", "subject", "quoted", "html", "is_automatic", "away_until",
        "other_files", "was_in_junk",
    )  # fmt: skip
    return {name: getattr(email, name) for name in names}


def shown_message(message: Message) -> dict[str, Any]:
    names = ("id", "side", "text", "created_at", "edited_at", "withdrawn_at")
    files = _files(message.attachments.select_related("stored"))
    conversation, member = message.conversation_id, message.member_id
    own = {name: getattr(message, name) for name in names}
    return own | {"conversation": conversation, "member": member, "files": files}


def shown_draft(partner: Partner, draft: MessageDraft | None) -> dict[str, Any]:
    if draft is None:
        return {"mpid": partner.pk, "text": "", "files": [], "saved_at": None}
    files = _files(draft.attachments.select_related("stored"))
    return {"mpid": draft.partner_id, "text": draft.text, "files": files, "saved_at": draft.saved_at}


def _files(files: Iterable[Attachment]) -> list[dict[str, Any]]:
    return [{"id": each.pk, "name": each.name, "state": each.state} for each in files]
