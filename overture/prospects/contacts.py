"""Custom contacts of a prospect: add, edit, choose who is written to."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.directory.models import Contact
from overture.lib import addresses
from overture.lib.addresses import AddressError
from overture.prospects import search
from overture.prospects.models import Prospect

LONGEST = 100


class ContactError(ValueError):
    """Details that make no contact. Codes: empty, too_long, invalid_address, taken, erased, not_custom."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field = field
        self.code = code


@dataclass(frozen=True)
class Person:
    """A contact as a member writes it down."""

    first_name: str = ""
    last_name: str = ""
    title: str = ""
    address: str = ""


@transaction.atomic
def add(member: Membership, prospect: Prospect, person: Person) -> Contact:
    """A custom contact at the prospect's partner. Raises ContactError."""
    require(member, Permission.MANAGE_PROSPECTS)
    own = Prospect.objects.visible_to(member).get(pk=prospect.pk)
    contact = Contact(partner_id=own.partner_id, workspace_id=member.workspace_id)
    _fill(member, contact, person)
    search.refresh([own.pk])
    record("contact_added", member.workspace_id, member, prospect_id=own.pk, contact=contact.pk)
    return contact


@transaction.atomic
def edit(member: Membership, prospect: Prospect, contact: Contact, person: Person) -> Contact:
    """Only what the workspace brought itself can be edited. Raises ContactError."""
    require(member, Permission.MANAGE_PROSPECTS)
    own = Prospect.objects.visible_to(member).get(pk=prospect.pk)
    kept: Contact = Contact.objects.visible_to(member).get(pk=contact.pk, partner_id=own.partner_id)
    if kept.workspace_id is None:
        raise ContactError("", "not_custom")
    _fill(member, kept, person)
    search.refresh([own.pk])
    record("contact_changed", member.workspace_id, member, prospect_id=own.pk, contact=kept.pk)
    return kept


@transaction.atomic
def choose_primary(member: Membership, prospect: Prospect, contact: Contact | None) -> None:
    """Whom e-mails go to; without a contact the usual one: the oldest custom one, else the account's."""
    require(member, Permission.MANAGE_PROSPECTS)
    own = Prospect.objects.visible_to(member).select_for_update().get(pk=prospect.pk)
    if contact is not None:
        contact = Contact.objects.visible_to(member).get(pk=contact.pk, partner_id=own.partner_id)
    own.primary_contact = contact
    own.save(update_fields=["primary_contact"])
    number = contact.pk if contact else None
    record("primary_contact_chosen", member.workspace_id, member, prospect_id=own.pk, contact=number)


def checked_address(member: Membership, text: str) -> tuple[str, str]:
    """An address as it is kept, and its key. Raises ContactError; an erased person is not taken in again."""
    try:
        address = addresses.parse(text)
    except AddressError as error:
        raise ContactError("address", "invalid_address") from error
    # `m•••@example.com` comes from our own pages, not from a person.
    if "•••" in address.local:
        raise ContactError("address", "invalid_address")
    key = addresses.key(address, settings.ADDRESS_KEY)
    ours = Q(workspace_id=member.workspace_id) | Q(workspace=None)
    if Contact.objects.filter(ours, address_key=key, erased_at__isnull=False).exists():
        raise ContactError("address", "erased")
    return str(address), key


def _fill(member: Membership, contact: Contact, person: Person) -> None:
    for field in ("first_name", "last_name", "title"):
        text = " ".join(getattr(person, field).replace("\0", " ").split())
        if len(text) > LONGEST:
            raise ContactError(field, "too_long")
        setattr(contact, field, text)
    contact.address, contact.address_key = "", ""
    if person.address.strip():
        contact.address, contact.address_key = checked_address(member, person.address)
    if not (contact.first_name or contact.last_name or contact.address):
        raise ContactError("address", "empty")
    try:
        with transaction.atomic():
            contact.save()
    except IntegrityError as error:
        raise ContactError("address", "taken") from error
