"""Marks a partner as prospect, or adds one by hand that nobody knew."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.directory.models import Contact, Partner, PartnerKind
from overture.lib import addresses, websites
from overture.lib.countries import find_country, find_language
from overture.prospects import note, search
from overture.prospects.contacts import ContactError, checked_address
from overture.prospects.import_fields import LARGEST_AUDIENCE, LONGEST, ImportRow
from overture.prospects.import_plan import Plan
from overture.prospects.mark_many import mark_many
from overture.prospects.models import Group, Prospect


class AddError(ValueError):
    """Details that make no prospect. `field` is one of Details.

    Codes: empty, too_long, invalid_address, erased, invalid_website, unknown_country, unknown_language,
    unknown_kind, invalid_number, unknown_group, and ambiguous with `partners`, who could all be meant.
    """

    def __init__(self, field: str, code: str, partners: str = "") -> None:
        super().__init__(f"{field}: {code}")
        self.field = field
        self.code = code
        self.partners = partners


class AlreadyThere(Exception):
    """The partner is a prospect of this workspace already, perhaps an archived one."""

    def __init__(self, prospect: Prospect) -> None:
        super().__init__(prospect.pk)
        self.prospect = prospect


@dataclass(frozen=True)
class Details:
    """A prospect as a member writes it down; groups by id."""

    name: str = ""
    first_name: str = ""
    last_name: str = ""
    address: str = ""
    website: str = ""
    country: str = ""
    kind: str = PartnerKind.PARTNER.value
    category: str = ""
    language: str = ""
    audience: int | None = None
    groups: tuple[int, ...] = ()
    note: str = ""


@transaction.atomic
def mark(member: Membership, partner: Partner) -> Prospect:
    """The partner as prospect of the workspace, New unless it was one before; out of the archive if there.

    Raises Partner.DoesNotExist for one that the member cannot see.
    """
    marked = mark_many(member, [partner.pk]).prospects
    if not marked:
        raise Partner.DoesNotExist
    found: Prospect = Prospect.objects.visible_to(member).get(pk=marked[0])
    return found


@transaction.atomic
def add(member: Membership, details: Details) -> Prospect:
    """A new prospect, matched like a row of an import: raises AlreadyThere where it is one, and AddError."""
    require(member, Permission.MANAGE_PROSPECTS)
    row = _checked(member, details)
    _take_turns(member.workspace_id)
    groups = list(Group.objects.visible_to(member).filter(pk__in=details.groups))
    if len(groups) != len(set(details.groups)):
        raise AddError("groups", "unknown_group")
    partner_id, website_key = _matched(member, row)
    values = {
        "name": row.company, "website": row.website, "country": row.country, "category": row.category,
        "kind": row.kind or "partner", "language": row.language, "audience": row.audience,
    }  # fmt: skip
    if partner_id is None:
        partner = Partner.objects.create(workspace_id=member.workspace_id, website_key=website_key, **values)
        partner_id = partner.pk
    prospect = Prospect.objects.create(workspace_id=member.workspace_id, partner_id=partner_id, **values)
    if row.address or row.first_name or row.last_name:
        Contact.objects.create(
            partner_id=partner_id,
            workspace_id=member.workspace_id,
            first_name=row.first_name,
            last_name=row.last_name,
            address=str(row.address or ""),
            address_key=addresses.key(row.address, settings.ADDRESS_KEY) if row.address else "",
        )
    prospect.groups.add(*groups)
    search.refresh([prospect.pk])
    record("prospect_added", member.workspace_id, member, prospect_id=prospect.pk)
    if row.notes:
        note.add(member, prospect, row.notes)
    return prospect


# A first key for advisory locks, so that a workspace's number meets nobody else's.
_LOCK = 0x1A9088


def _take_turns(workspace_id: int) -> None:
    """Two clicks at once would both find nobody of this address, and make a partner each."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, workspace_id % 2**31])


def _matched(member: Membership, row: ImportRow) -> tuple[int | None, str]:
    """The partner whose prospect it will be, None for a new one; and the key of its website."""
    plan = Plan(member.workspace_id)
    refused = plan.add([(row, ())]) + plan.finish()
    if refused:
        problem = refused[0].problems[0]
        raise AddError(
            "address" if row.address else "name", problem.code, str(problem.params.get("partners", ""))
        )
    target = plan.targets[0]
    if target.prospect_id is not None:
        raise AlreadyThere(Prospect.objects.visible_to(member).get(pk=target.prospect_id))
    return target.partner_id, target.website_key


def _checked(member: Membership, details: Details) -> ImportRow:
    """The details as a row of a sheet would have them. Raises AddError."""
    address = None
    if details.address.strip():
        try:
            checked_address(member, details.address)
        except ContactError as error:
            raise AddError("address", error.code) from error
        address = addresses.parse(details.address)
    website = _website(details.website)
    names = {
        field: _text(field, getattr(details, field)) for field in ("first_name", "last_name", "category")
    }
    person = f"{names['first_name']} {names['last_name']}".strip()
    company = _text("company", details.name, "name") or (website.host if website else "") or person
    if not company:
        raise AddError("name", "empty")
    if details.kind not in PartnerKind.values:
        raise AddError("kind", "unknown_kind")
    if details.audience is not None and not 0 <= details.audience <= LARGEST_AUDIENCE:
        raise AddError("audience", "invalid_number")
    return ImportRow(
        line=0,
        company=company,
        address=address,
        website=website.url if website else "",
        website_key=website.match_key if website else None,
        country=_code("country", details.country),
        kind="creator" if details.kind == PartnerKind.CREATOR else "partner",
        groups=(),
        audience=details.audience,
        language=_code("language", details.language),
        notes=_text("notes", details.note, "note"),
        **names,
    )


def _website(text: str) -> websites.Website | None:
    try:
        return websites.parse(text) if text.strip() else None
    except websites.WebsiteError as error:
        raise AddError("website", "invalid_website") from error


def _code(field: str, text: str) -> str:
    if not text.strip():
        return ""
    found = find_country(text) if field == "country" else find_language(text)
    if found is None:
        raise AddError(field, f"unknown_{field}")
    return found


def _text(kept: str, text: str, field: str = "") -> str:
    text = text.replace("\0", "")
    text = text.strip() if kept == "notes" else " ".join(text.split())
    if len(text) > LONGEST[kept]:  # type: ignore[index]
        raise AddError(field or kept, "too_long")
    return text
