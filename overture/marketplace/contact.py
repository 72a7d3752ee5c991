"""Writes to partners of a marketplace: who is no prospect yet becomes one with the draft or the message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.conversations.errors import MessageError
from overture.conversations.models import Conversation, Message, MessageRun
from overture.conversations.post import blocked_by, post
from overture.conversations.post_many import post_many
from overture.delivery import draft
from overture.delivery.errors import DraftError
from overture.delivery.models import Mailing
from overture.directory.models import Partner
from overture.files.models import Attachment
from overture.prospects import selection
from overture.prospects.filters import PARTNERS, PROSPECTS
from overture.prospects.mark_many import mark_many
from overture.prospects.models import Prospect, Stage


@transaction.atomic
def draft_to(member: Membership, mpids: Iterable[int], **fields: Any) -> Mailing:
    """A draft to these partners; `fields` are those of a mailing but `audience`. All of it, or nothing.

    Who is no prospect, or an archived one, is marked, which needs MANAGE_PROSPECTS. Who joined is written
    to as a partner. Whom the member cannot see is left out.
    Raises PermissionDenied and DraftError, with `audience` and `empty` where nobody is left.
    """
    require(member, Permission.EMAIL_ONE)
    numbers = set(mpids)
    if len(numbers) > 1 and not member.can(Permission.EMAIL_MANY):
        raise PermissionDenied(Permission.EMAIL_MANY.value)
    prospects = _prospects(member, numbers)
    if not prospects:
        raise DraftError("audience", "empty")
    return draft.create(member, audience=_audience(member, prospects), **fields)


@transaction.atomic
def message_to(member: Membership, mpid: int, text: str, attachments: Sequence[Attachment] = ()) -> Message:
    """A message to this partner, who is marked where that is needed, or nothing at all.

    Marking needs MANAGE_PROSPECTS; who wrote to the workspace first is answered without it.
    Raises PermissionDenied, MessageError, and Partner.DoesNotExist for one that the member cannot see.
    """
    require(member, Permission.MESSAGE)
    threads = Conversation.objects.visible_to(member).filter(partner_id=mpid)
    if not threads.exists():
        _mark_for_message(member, mpid)
    return post(member, Partner.objects.get(pk=mpid), text, attachments)


@transaction.atomic
def message_many_to(
    member: Membership,
    mpids: Iterable[int],
    text: str,
    attachments: Sequence[Attachment] = (),
    **options: Any,
) -> MessageRun:
    """A message to each of these partners; `options` are those of post_many(). All of it, or nothing.

    Who is no prospect, or an archived one, is marked, unless no message can reach them anyway.
    Raises what post_many() raises.
    """
    require(member, Permission.MESSAGE)
    prospects = _prospects(member, _reachable(member, set(mpids)))
    if not prospects:
        raise MessageError("audience", "nobody_left")
    return post_many(member, _chosen(member, prospects), text, attachments, **options)


@contextmanager
def as_if_marked(member: Membership, mpids: Iterable[int]) -> Iterator[dict[str, Any]]:
    """The audience that these partners would be, also those whom no message reaches; nothing of it stays."""
    require(member, Permission.MESSAGE)
    with transaction.atomic():
        yield _chosen(member, _prospects(member, set(mpids)))
        transaction.set_rollback(True)


def _reachable(member: Membership, mpids: set[int]) -> set[int]:
    """Without those that are no prospects and take no messages: there is nothing to mark them for."""
    known = Prospect.objects.visible_to(member).filter(partner_id__in=mpids, archived_at=None)
    reached = Partner.objects.filter(pk__in=mpids, has_messaging=True).values_list("pk", flat=True)
    return set(known.values_list("partner_id", flat=True)) | (set(reached) - blocked_by(member, list(mpids)))


def _mark_for_message(member: Membership, mpid: int) -> None:
    """An archived prospect comes out of the archive: who writes to it wants it."""
    rows = Prospect.objects.visible_to(member).filter(partner_id=mpid)
    if rows.filter(archived_at=None).exists():
        return
    if not mark_many(member, [mpid]).prospects and not rows.exists():
        raise Partner.DoesNotExist


def _prospects(member: Membership, mpids: set[int]) -> list[int]:
    """Of all the partners, marked where they were none."""
    rows = Prospect.objects.visible_to(member).filter(partner_id__in=mpids, archived_at=None)
    known = list(rows.values_list("pk", flat=True))
    return known if len(known) == len(mpids) else mark_many(member, mpids).prospects


def _audience(member: Membership, prospects: list[int]) -> dict[str, Any]:
    if len(prospects) == 1:
        return {"prospects": prospects, "from": _origin(member, prospects)}
    return _chosen(member, prospects)


def _chosen(member: Membership, prospects: list[int]) -> dict[str, Any]:
    made = selection.start(member, _origin(member, prospects))
    selection.choose(member, made, prospects)
    return {"selection": made.pk}


def _origin(member: Membership, prospects: list[int]) -> str:
    """Chosen from Partners as soon as one joined: from Prospects, who joined would be held back."""
    rows = Prospect.objects.visible_to(member).filter(pk__in=prospects, stage=Stage.JOINED)
    return PARTNERS if rows.exists() else PROSPECTS
