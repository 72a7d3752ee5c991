"""The people at a partner as a member may see them."""

from __future__ import annotations

from dataclasses import dataclass

from overture.accounts.models import Membership
from overture.directory.models import Contact
from overture.prospects.export import written_to
from overture.prospects.models import Prospect, Stage
from overture.prospects.shown_address import has_written, shown_address


@dataclass(frozen=True)
class ShownContact:
    contact: Contact
    address: str
    is_primary: bool
    # Contacts of the partner's own account are the partner's to change.
    is_custom: bool

    @property
    def is_obfuscated(self) -> bool:
        return self.address != self.contact.address


def shown_contacts(member: Membership, partner_id: int, prospect: Prospect | None) -> list[ShownContact]:
    """Who is written to first, then the others by age; nobody is chosen where the partner is no prospect."""
    rows = Contact.objects.visible_to(member).filter(partner_id=partner_id, erased_at=None)
    contacts: list[Contact] = list(rows.annotate(has_written=has_written(member)).order_by("pk"))
    primary = written_to(member, [prospect]).get(prospect.pk) if prospect else None
    contacts.sort(key=lambda contact: contact != primary)
    return [
        ShownContact(
            contact,
            shown_address(
                member,
                contact.address,
                is_custom=contact.workspace_id is not None,
                has_joined=prospect is not None and prospect.stage == Stage.JOINED,
                has_written=contact.has_written,
            ),
            contact == primary,
            contact.workspace_id is not None,
        )
        for contact in contacts
    ]
