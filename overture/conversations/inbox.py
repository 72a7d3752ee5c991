"""The workspace's inbox: which threads a view shows, found by words or not, and what a row tells."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Prefetch, QuerySet
from django.db.models.functions import Left

from overture.accounts.models import Membership
from overture.conversations.markup import to_line
from overture.conversations.models import Among, Conversation, Message, MessageDraft, Side, State, Unread
from overture.directory.models import Partner
from overture.lib.paging import Order, Page, page
from overture.prospects.models import Prospect

SIZE = 50
# Fetched for the rows of a page alone: a join would be made for all that match, before they are sorted. Of a
# partner's forty fields a row tells one.
_BESIDE = (
    Prefetch("partner", Partner.objects.only("name", "has_messaging")),
    Prefetch("prospect", Prospect.objects.only("name")),
    "assignee__user",
)
LONGEST_Q = 200
_ORDER = Order("top_at", is_descending=True)
# So many unread threads of a member are found first; beyond, the newest threads are walked.
_FEW = 20_000
# As the SQL function inbox_words() has it; signs of the search language are among them.
_SIGNS = str.maketrans(dict.fromkeys(string.punctuation, " "))


class ViewError(ValueError):
    """A view that means nothing, by the name of what is wrong."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class View:
    """What the address asks for. Without `among` all are shown."""

    state: str = State.OPEN
    among: str = ""
    unread: bool = False
    mine: bool = False
    q: str = ""

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> View:
        """Raises ViewError."""
        state, among = values.get("state") or State.OPEN, values.get("among") or ""
        if state not in State.values:
            raise ViewError("state")
        if among and among not in Among.values:
            raise ViewError("among")
        q = values.get("q") or ""
        if not isinstance(q, str) or len(q) > LONGEST_Q or "\0" in q:
            raise ViewError("q")
        facts = {name: _fact(name, values.get(name)) for name in ("unread", "mine")}
        return cls(state=str(state), among=str(among), q=" ".join(q.split()), **facts)

    def as_query(self) -> str:
        told = {
            "state": self.state if self.state != State.OPEN else "",
            "among": self.among,
            "unread": "1" if self.unread else "",
            "mine": "1" if self.mine else "",
            "q": self.q,
        }
        return urlencode({name: value for name, value in told.items() if value})


@dataclass(frozen=True)
class Listed:
    """One row of the list. `line` is the beginning of the newest message, on one line."""

    conversation: Conversation
    name: str
    at: datetime
    side: str
    who: str
    is_own: bool
    line: str
    files: tuple[str, ...]
    is_withdrawn: bool
    is_unread: bool
    has_draft: bool
    # Of a received e-mail.
    is_email: bool = False
    subject: str = ""


def threads(member: Membership, view: View) -> QuerySet[Conversation]:
    """Those of the view, in no order."""
    rows: QuerySet[Conversation] = Conversation.objects.visible_to(member).filter(
        state=view.state, top_message__isnull=False
    )
    if view.among:
        rows = rows.filter(among=view.among)
    if view.mine:
        rows = rows.filter(assignee=member)
    if view.unread:
        rows = _unread(rows, member)
    return found_by(rows, member, view.q) if view.q else rows


def listed(member: Membership, view: View, cursor: str = "", size: int = SIZE) -> Page[Conversation]:
    """A page of them, the newest first. Raises CursorError."""
    rows = threads(member, view).prefetch_related(*_BESIDE)
    return page(rows, _ORDER, cursor, size)


def found_by(rows: QuerySet[Conversation], member: Membership, q: str) -> QuerySet[Conversation]:
    """Those that hold all words, in messages or in names of files or of the prospect; half a last one."""
    words = _plain(q).split()
    if not words:
        return rows.none()
    asked = " & ".join(f"'{word}'" for word in words[:-1]) + (" & " if len(words) > 1 else "")
    query = SearchQuery(f"{asked}'{words[-1]}':*", config="simple", search_type="raw")
    return rows.filter(threadwords__workspace_id=member.workspace_id, threadwords__words=query)


def rows_of(member: Membership, conversations: Iterable[Conversation]) -> list[Listed]:
    """Four queries, whatever their number."""
    shown = list(conversations)
    newest = _newest(shown)
    numbers = [each.pk for each in shown]
    unread = set(
        Unread.objects.filter(member=member, conversation__in=numbers).values_list("conversation", flat=True)
    )
    drafts = set(
        MessageDraft.objects.filter(
            member=member, partner__in=[each.partner_id for each in shown]
        ).values_list("partner", flat=True)
    )
    return [
        _row(member, each, newest.get(each.top_message_id or 0), each.pk in unread, each.partner_id in drafts)
        for each in shown
    ]


def name_of(conversation: Conversation) -> str:
    """As the workspace calls the partner."""
    return str(conversation.prospect.name if conversation.prospect else conversation.partner.name)


def writer_of(message: Message) -> str:
    """Who of the partner's side wrote it; empty where only the partner is known."""
    if message.way == Message.Way.EMAIL:
        return str(message.received.sender_name or message.received.sender_address)
    return message.user.name if message.user else ""


def _unread(rows: QuerySet[Conversation], member: Membership) -> QuerySet[Conversation]:
    mine = Unread.objects.filter(member=member)
    if mine[: _FEW + 1].count() <= _FEW:
        # As an array: found first and sorted then. A join would walk all threads where few are unread.
        return rows.filter(_IsAnyOf(F("pk"), ArraySubquery(mine.values("conversation_id"))))
    return rows.filter(Exists(mine.filter(conversation=OuterRef("pk"))))


class _IsAnyOf(Func):
    arg_joiner = " = ANY("
    template = "(%(expressions)s))"
    output_field = BooleanField()


def _plain(text: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT plain(%s)", [text])
        plain: str = cursor.fetchone()[0]
    return plain.translate(_SIGNS)


def _newest(shown: Sequence[Conversation]) -> dict[int, Any]:
    """The newest message of each, of its text the beginning."""
    numbers = [each.top_message_id for each in shown if each.top_message_id]
    rows = Message.objects.filter(pk__in=numbers).defer("text").annotate(start=Left("text", 400))
    return {
        row.pk: row
        for row in rows.select_related("member__user", "user", "received").prefetch_related("attachments")
    }


def _row(
    member: Membership, conversation: Conversation, newest: Any, is_unread: bool, has_draft: bool
) -> Listed:
    name = name_of(conversation)
    if newest is None:
        return Listed(
            conversation, name, conversation.last_at, "", "", False, "", (), False, is_unread, has_draft
        )
    if newest.side == Side.BRAND:
        who = str(newest.member or "")
    else:
        who = writer_of(newest) or name
    return Listed(
        conversation,
        name,
        newest.created_at,
        newest.side,
        who,
        newest.member_id == member.pk,
        to_line(newest.start),
        tuple(each.name for each in newest.attachments.all()),
        newest.withdrawn_at is not None,
        is_unread,
        has_draft,
        newest.way == Message.Way.EMAIL,
        newest.received.subject if newest.way == Message.Way.EMAIL else "",
    )


def _fact(name: str, value: Any) -> bool:
    if value in (None, "", "0", "false", False):
        return False
    if value in ("1", "true", True):
        return True
    raise ViewError(name)
