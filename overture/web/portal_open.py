"""The partner's threads and the one that is open, ready to be drawn: of brands their names, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from overture.accounts.models import Workspace
from overture.conversations.draft import draft_of
from overture.conversations.markup import to_line
from overture.conversations.models import Conversation, Message, ReadUpTo, Side
from overture.conversations.pulse import counts, of_partner
from overture.conversations.thread import Part, Thread, thread_of_partner
from overture.conversations.wording import why_words
from overture.directory.models import PartnerUser

SIZE = 50


@dataclass(frozen=True)
class Row:
    """One thread in the list."""

    number: int
    name: str
    url: str
    at: datetime
    who: str
    snippet: str
    files: list[str]
    is_withdrawn: bool
    is_unread: bool
    is_blocked: bool
    is_open: bool


def conversations_of(mine: PartnerUser) -> QuerySet[Conversation]:
    rows: QuerySet[Conversation] = Conversation.objects.of_partner_user(mine.user).filter(
        partner_id=mine.partner_id
    )
    return rows.select_related("workspace", "partner")


def find_conversation(mine: PartnerUser, number: int) -> Conversation:
    found: Conversation = get_object_or_404(conversations_of(mine), pk=number)
    return found


def unread_of(mine: PartnerUser) -> int:
    """Threads in which a brand wrote what this person has not read."""
    return _unread(conversations_of(mine), mine).filter(blocked_at=None).count()


def rows_of(mine: PartnerUser, found: list[Conversation], opened: Conversation | None) -> list[Row]:
    told = []
    for each in found:
        last = each.last_message
        read_to = getattr(each, "read_to", None)
        told.append(
            Row(
                number=each.pk,
                name=each.workspace.name,
                url=thread_url(mine, each),
                at=each.last_at,
                who=_who(last, mine, each.workspace.name),
                snippet=to_line(last.text) if last else "",
                files=[file.name for file in last.attachments.all()] if last else [],
                is_withdrawn=bool(last and last.withdrawn_at),
                is_unread=each.last_out_at is not None
                and (read_to is None or read_to < each.last_out_at)
                and not (opened and opened.pk == each.pk),
                is_blocked=each.blocked_at is not None,
                is_open=bool(opened and opened.pk == each.pk),
            )
        )
    return told


def listed(mine: PartnerUser) -> QuerySet[Conversation]:
    """The newest first, with all that a row shows; three queries, whatever their number."""
    rows = conversations_of(mine).annotate(read_to=_read_to(mine))
    rows = rows.select_related("workspace", "partner", "last_message__member__user", "last_message__user")
    return rows.prefetch_related("last_message__attachments")


def _who(last: Message | None, mine: PartnerUser, brand: str) -> str:
    if last is None or last.side == Side.BRAND:
        return (last.member.user.name if last and last.member else "") or brand
    if last.user_id == mine.user_id:
        return _("You")
    return (last.user.name if last.user else "") or mine.partner.name


def thread_context(
    request: HttpRequest,
    mine: PartnerUser,
    row: Conversation,
    before: datetime | None = None,
    since: datetime | None = None,
) -> dict[str, Any]:
    entries: Thread = thread_of_partner(row, mine.user, Part(before, since, zone=zone_of(request)))
    here = thread_url(mine, row)
    return {
        "open": row,
        "name": row.workspace.name,
        "entries": entries,
        "earlier": entries.earlier.isoformat() if entries.earlier else "",
        # What the page shows begins here; asked again, it begins there still.
        "since": next((each.at.isoformat() for each in entries if each.kind != "day"), ""),
        "is_older": before is not None,
        "thread_path": here,
        "here": here,
        "files_at": files_at(here),
        "person": ", ".join(_writers(entries, row.workspace.name)),
    }


def reply_context(
    mine: PartnerUser, workspace: Workspace, row: Conversation | None, **typed: Any
) -> dict[str, Any]:
    """`typed`: what was written and refused, with `problem`, so that nothing is lost."""
    draft = draft_of(mine.partner, user=mine.user, workspace=workspace)
    base = thread_url(mine, row) if row else brand_url(mine, workspace)
    return {
        "why": why_words("you_blocked") if row and row.blocked_at else "",
        "action": f"{base}/messages" if row else base,
        "draft_url": f"{base}/draft",
        "text": draft.text if draft else "",
        "files": list(draft.attachments.all()) if draft else [],
        "kept": [],
        "placeholder": _("Write to %(name)s") % {"name": workspace.name},
        "hint": "",
        "problem": "",
        **typed,
    }


def pulse_of(mine: PartnerUser) -> int:
    name = of_partner(mine.partner_id)
    return counts([name]).get(name, 0)


def thread_url(mine: PartnerUser, row: Conversation) -> str:
    numbers = {"partner": mine.partner_id, "conversation": row.pk}
    return reverse("web:portal_conversation", kwargs=numbers)


def brand_url(mine: PartnerUser, workspace: Workspace) -> str:
    return reverse("web:portal_brand", kwargs={"partner": mine.partner_id, "brand": workspace.slug})


def brand_of(mine: PartnerUser, slug: str) -> Workspace:
    """One that takes first messages, for partners who were reviewed; or that wrote before."""
    known = conversations_of(mine).filter(workspace__slug=slug).values("workspace")
    allowed = Q(pk__in=known)
    if mine.partner.is_listed:
        allowed |= Q(is_open_to_partners=True)
    found: Workspace = get_object_or_404(Workspace.objects.filter(allowed), slug=slug)
    return found


def files_at(path: str) -> str:
    return f"{path}/files"


def zone_of(request: HttpRequest) -> str:
    """Where the reader's clock is, by a cookie that the page sets itself."""
    told = request.COOKIES.get("zone", "")
    return told if told in available_timezones() else "UTC"


def _writers(entries: Thread, brand: str) -> list[str]:
    """Who of the brand wrote what is shown, the latest first."""
    names = [each.who for each in reversed(entries) if each.kind == "message" and not each.is_mine]
    return [name for name in dict.fromkeys(names) if name != brand][:2]


def _read_to(mine: PartnerUser) -> Subquery:
    mine_of_each = ReadUpTo.objects.filter(conversation=OuterRef("pk"), user=mine.user_id)
    return Subquery(mine_of_each.values("up_to")[:1])


def _unread(rows: QuerySet[Conversation], mine: PartnerUser) -> QuerySet[Conversation]:
    behind = Q(read_to=None) | Q(read_to__lt=F("last_out_at"))
    return rows.annotate(read_to=_read_to(mine)).filter(behind, last_out_at__isnull=False)
