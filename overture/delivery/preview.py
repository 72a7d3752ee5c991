"""What one prospect of the audience would get: by the same letter and the same render as sending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection
from django.http import Http404
from django.utils import timezone

from overture.accounts.models import Membership
from overture.compose import Letter, Rendered, Values
from overture.delivery.draft import chosen
from overture.delivery.freeze import freeze, letter_of
from overture.delivery.models import Delivery, Mailing, Manifest
from overture.delivery.opt_out import opt_out_url
from overture.delivery.prepare import to_whom
from overture.mailboxes.limits import Limits, room
from overture.prospects.models import Prospect
from overture.prospects.shown_address import has_written, shown_address


@dataclass(frozen=True)
class Preview:
    """`to`: the address as this member may see it. `held_back`: a skip code or empty.

    `lacks`: tokens without a value.
    `marked` is the content alone with values marked, for a page.
    """

    rendered: Rendered
    marked: str
    sender: str
    reply_to: str
    to_name: str
    to: str
    held_back: str
    lacks: tuple[str, ...]


@dataclass(frozen=True)
class _Recipient:
    prospect: Prospect
    company_name: str
    first_name: str
    last_name: str
    address: str
    is_custom: bool
    has_written: bool
    delivery_id: int
    reason: str
    # Dates in tokens were filled at this moment, once it was tried.
    tried_at: datetime | None = None


def preview(member: Membership, mailing: Mailing, prospect_id: int) -> Preview:
    """Of a manifest: the frozen delivery; of a draft: as it would be now.

    Raises Http404 for who is not of the audience, DraftError, compose.ComposeErrors.
    """
    manifest, letter = _letter(mailing)
    recipient = _frozen(member, mailing, prospect_id) or _live(member, mailing, prospect_id)
    link = opt_out_url(recipient.delivery_id)
    values = Values(
        recipient.prospect.partner_id,
        recipient.company_name,
        recipient.first_name,
        recipient.last_name,
        link,
        _leaves_at(manifest, recipient.tried_at),
    )
    lacks = letter.missing(values)
    name = f"{recipient.first_name} {recipient.last_name}".strip() or recipient.company_name
    return Preview(
        rendered=letter.render(values, mark=bool(lacks)),
        marked=letter.render_content(values, mark=True),
        sender=f"{manifest.sender_name} <{manifest.sender_address}>",
        reply_to=manifest.reply_to,
        to_name=name,
        to=shown_address(
            member,
            recipient.address,
            is_custom=recipient.is_custom,
            has_joined=recipient.prospect.stage == "joined",
            has_written=recipient.has_written,
        ),
        held_back=recipient.reason
        or ("missing_token" if lacks else "" if recipient.address else "no_address"),
        lacks=lacks,
    )


def _letter(mailing: Mailing) -> tuple[Manifest, Letter]:
    if mailing.state == Mailing.State.DRAFT or mailing.manifest is None:
        return freeze(mailing)
    return mailing.manifest, letter_of(mailing.manifest)


def _frozen(member: Membership, mailing: Mailing, prospect_id: int) -> _Recipient | None:
    if mailing.state == Mailing.State.DRAFT:
        return None
    rows = Delivery.objects.select_related("prospect", "contact").annotate(has_written=has_written(member))
    row = rows.filter(mailing=mailing, manifest=mailing.manifest_id, prospect_id=prospect_id).first()
    if row is None:
        raise Http404
    return _Recipient(
        row.prospect,
        row.company_name,
        row.first_name,
        row.last_name,
        row.address,
        bool(row.contact and row.contact.workspace_id),
        row.has_written,
        row.pk,
        row.reason if row.state == Delivery.State.SKIPPED else "",
        row.first_tried_at,
    )


def _live(member: Membership, mailing: Mailing, prospect_id: int) -> _Recipient:
    prospect = chosen(member, mailing.audience).filter(pk=prospect_id).first()
    if prospect is None:
        raise Http404
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.first_name, c.last_name, c.address, c.workspace_id IS NOT NULL,"  # noqa: S608
            " EXISTS (SELECT FROM overture_wrote w WHERE w.workspace_id = p.workspace_id"
            " AND w.address_key = c.address_key)"
            f" FROM overture_prospect p JOIN LATERAL ({to_whom(mailing)}) c ON true WHERE p.id = %s",
            [prospect_id],
        )
        found = cursor.fetchone() or ("", "", "", False, False)
    # No delivery yet, so no number for the link: 0 belongs to nobody.
    first, last, address, is_custom, wrote = found
    return _Recipient(prospect, prospect.name, first, last, address, is_custom, wrote, 0, "")


def _leaves_at(manifest: Manifest, tried_at: datetime | None) -> datetime:
    """Dates are those of the first attempt; before it: about now, or when the limits let the next one go."""
    mailbox = manifest.mailbox
    if tried_at is None:
        tried_at = room(mailbox.address_key, Limits.of(mailbox)).until or timezone.now()
    return tried_at.astimezone(ZoneInfo(mailbox.time_zone))
