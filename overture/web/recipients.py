"""One recipient and the neighbours, for previews: of a draft's audience, else of the frozen manifest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone

from overture.accounts.models import Membership
from overture.compose import Letter, Values, compile
from overture.delivery.draft import chosen
from overture.delivery.freeze import letter_of, live_known
from overture.delivery.models import Delivery, Mailing
from overture.delivery.opt_out import opt_out_url
from overture.delivery.prepare import TO_WHOM
from overture.directory.models import Contact
from overture.prospects.models import Prospect, Stage
from overture.prospects.shown_address import shown_address


@dataclass(frozen=True)
class Recipient:
    """`previous` and `next` are numbers of prospects, None at the ends."""

    prospect_id: int
    company: str
    person: str
    address: str
    values: Values
    position: int
    total: int
    previous: int | None
    next: int | None


def is_frozen(mailing: Mailing) -> bool:
    return mailing.state != Mailing.State.DRAFT and mailing.manifest_id is not None


def letter(mailing: Mailing) -> Letter:
    """What previews render. Raises compose.ComposeErrors while a draft cannot become a letter."""
    if is_frozen(mailing) and mailing.manifest:
        return letter_of(mailing.manifest)
    return compile(mailing.subject, mailing.content, live_known(mailing))


def recipient(member: Membership, mailing: Mailing, prospect_id: int | None) -> Recipient | None:
    """The one asked for, else the first; None when there is nobody. Raises AudienceError."""
    if is_frozen(mailing):
        return _frozen(member, mailing, prospect_id)
    rows = chosen(member, mailing.audience)
    prospect: Prospect | None = _current(rows, "pk", prospect_id)
    if prospect is None:
        return None
    person = _to_whom(prospect)
    values = Values(
        prospect.partner_id, prospect.name, person.first_name, person.last_name, opt_out_url(0), _now(mailing)
    )
    return Recipient(
        prospect.pk, prospect.name, person.name, shown_contact(member, person, prospect), values,
        **_place(rows, "pk", prospect.pk),
    )  # fmt: skip


def shown_contact(
    member: Membership, person: Contact | None, prospect: Prospect | None, address: str = ""
) -> str:
    """The address of a contact as this member may see it; `address`: the one frozen in the ledger."""
    return shown_address(
        member,
        address or (person.address if person else ""),
        is_custom=person is not None and person.workspace_id is not None,
        has_joined=prospect is not None and prospect.stage == Stage.JOINED,
        wrote_at=person.wrote_at if person else None,
    )


def _frozen(member: Membership, mailing: Mailing, prospect_id: int | None) -> Recipient | None:
    all_rows = Delivery.objects.visible_to(member).filter(mailing=mailing, manifest=mailing.manifest_id)
    all_rows = all_rows.select_related("prospect", "contact")
    rows = all_rows.exclude(state=Delivery.State.SKIPPED)
    if not rows.exists() or (prospect_id and all_rows.filter(prospect=prospect_id, state="skipped").exists()):
        rows = all_rows
    row: Delivery | None = _current(rows, "prospect_id", prospect_id)
    if row is None:
        return None
    now = row.first_tried_at.astimezone(_zone(mailing)) if row.first_tried_at else _now(mailing)
    values = Values(row.mpid, row.company_name, row.first_name, row.last_name, opt_out_url(row.pk), now)
    return Recipient(
        row.prospect_id or 0, row.company_name, f"{row.first_name} {row.last_name}".strip(),
        shown_contact(member, row.contact, row.prospect, row.address), values,
        **_place(rows, "prospect_id", row.prospect_id or 0),
    )  # fmt: skip


def _current(rows: QuerySet[Any], key: str, wanted: int | None) -> Any:
    found = rows.filter(**{key: wanted}).first() if wanted else None
    return found or rows.order_by(key).first()


def _place(rows: QuerySet[Any], key: str, at: int) -> dict[str, Any]:
    before, after = rows.filter(**{f"{key}__lt": at}), rows.filter(**{f"{key}__gt": at})
    return {
        "position": before.count() + 1,
        "total": rows.count(),
        "previous": before.order_by(f"-{key}").values_list(key, flat=True).first(),
        "next": after.order_by(key).values_list(key, flat=True).first(),
    }


def _to_whom(prospect: Prospect) -> Contact:
    statement = f"SELECT c.* FROM overture_prospect p, LATERAL ({TO_WHOM}) c WHERE p.id = %s"  # noqa: S608
    found = Contact.objects.raw(statement, [prospect.pk])
    return next(iter(found), Contact())


def _now(mailing: Mailing) -> Any:
    return timezone.now().astimezone(_zone(mailing))


def _zone(mailing: Mailing) -> ZoneInfo:
    return ZoneInfo(mailing.mailbox.time_zone if mailing.mailbox else mailing.workspace.time_zone)
