"""Prospects as CSV that a spreadsheet opens, with what the member may see and no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.directory.models import Contact
from overture.lib.csv_out import write_rows
from overture.prospects.models import Prospect, Stage
from overture.prospects.shown_address import has_written, shown_address

_CHUNK = 1_000


def export(member: Membership, rows: QuerySet[Prospect]) -> Iterator[bytes]:
    """The rows in pieces, by id; headings that an import knows. Raises PermissionDenied before the first."""
    require(member, Permission.EXPORT)
    own = rows.filter(workspace_id=member.workspace_id)
    return write_rows(_heading(), _lines(member, own))


def _heading() -> list[str]:
    return [
        _("Company"), _("First name"), _("Last name"), _("Email"), _("Website"), _("Country"), _("Type"),
        _("Category"), _("Groups"), _("Audience"), _("Language"), _("Stage"), _("Looked after by"),
        _("Account number"),
    ]  # fmt: skip


def _lines(member: Membership, rows: QuerySet[Prospect]) -> Iterator[list[Any]]:
    last = 0
    while True:
        chunk = list(
            rows.filter(pk__gt=last)
            .select_related("owner__user")
            .prefetch_related("groups")
            .order_by("pk")[:_CHUNK]
        )
        if not chunk:
            return
        people = written_to(member, chunk)
        for row in chunk:
            yield _line(member, row, people.get(row.pk))
        last = chunk[-1].pk


def _line(member: Membership, row: Prospect, contact: Contact | None) -> list[Any]:
    address = contact and shown_address(
        member,
        contact.address,
        is_custom=contact.workspace_id is not None,
        has_joined=row.stage == Stage.JOINED,
        has_written=contact.has_written,
    )
    return [
        row.name, contact and contact.first_name, contact and contact.last_name, address, row.website,
        row.country, row.kind, row.category, ", ".join(sorted(group.name for group in row.groups.all())),
        row.audience, row.language, row.get_stage_display(), str(row.owner) if row.owner else "",
        row.partner_id,
    ]  # fmt: skip


def written_to(member: Membership, rows: list[Prospect]) -> dict[int, Contact]:
    """Whom an e-mail to each of these prospects goes to: the chosen one, else the oldest custom one, else the
    account's; one query."""
    found: dict[int, list[Contact]] = defaultdict(list)
    seen = (
        Contact.objects.visible_to(member)
        .filter(Q(partner__in={row.partner_id for row in rows}), erased_at=None)
        .annotate(has_written=has_written(member))
    )
    for contact in seen.order_by(F("workspace").asc(nulls_last=True), "pk"):
        found[contact.partner_id].append(contact)
    return {
        row.pk: next((each for each in people if each.pk == row.primary_contact_id), people[0])
        for row in rows
        if (people := found.get(row.partner_id))
    }
