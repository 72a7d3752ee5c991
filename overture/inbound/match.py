"""Which e-mail of ours, and which partner, a received mail belongs to: by proof, never by a guess."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings

from overture.accounts.models import Membership
from overture.delivery.given_ids import deliveries_given
from overture.delivery.message_id import delivery_of
from overture.delivery.models import Delivery
from overture.directory.models import Contact
from overture.inbound.headers import Headers
from overture.inbound.models import SentCopy
from overture.lib import addresses
from overture.mailboxes.models import Mailbox
from overture.prospects.models import Prospect


@dataclass(frozen=True)
class Match:
    """Without `partner_id` nothing is known; `delivery` is the e-mail of ours that it answers or is about."""

    partner_id: int | None = None
    prospect: Prospect | None = None
    contact: Contact | None = None
    delivery: Delivery | None = None


def match(mailbox: Mailbox, headers: Headers) -> Match:
    """By In-Reply-To and References, then by an address of ours that carries a signed number, then by the
    sender's address, if it is one partner's alone."""
    named = (*headers.in_reply_to, *reversed(headers.references))
    numbers = numbers_in(mailbox, named) or plus_numbers(headers.to)
    for delivery in _deliveries(mailbox, numbers):
        return _of_delivery(mailbox, delivery, headers.sender)
    return _of_sender(mailbox, headers.sender)


def match_report(mailbox: Mailbox, ids: Sequence[str]) -> Match:
    """By the Message-IDs that a report names: whoever sends it, and whom it names, proves nothing."""
    for delivery in _deliveries(mailbox, numbers_in(mailbox, ids)):
        return Match(delivery.partner_id, delivery.prospect, delivery.contact, delivery)
    return Match()


def numbers_in(mailbox: Mailbox, ids: Sequence[str]) -> list[int]:
    """Deliveries by Message-IDs that we made, or that a provider gave to what we sent; in their order."""
    ours = [number for each in ids if (number := delivery_of(each)) is not None]
    if ours or not ids:
        return ours
    rows = SentCopy.objects.filter(mailbox__workspace=mailbox.workspace_id, message_id__in=list(ids))
    found = list(rows.values_list("delivery", flat=True))
    return found or deliveries_given(mailbox.workspace_id, ids)


def plus_numbers(to: Iterable[str]) -> list[int]:
    """`nora+TOKEN@halden.example`, where TOKEN is what our Message-IDs begin with."""
    tokens = (each.rpartition("@")[0].partition("+")[2] for each in to)
    return [number for each in tokens if each and (number := delivery_of(each)) is not None]


def key_of(address: str) -> str:
    """Empty for what is no address."""
    try:
        return addresses.key(addresses.parse(address), settings.ADDRESS_KEY)
    except addresses.AddressError:
        return ""


def own_keys(workspace_id: int) -> set[str]:
    """Addresses of the workspace and its members: what they write comes from no partner."""
    people = Membership.objects.filter(workspace=workspace_id).values_list("user__email", flat=True)
    boxes = Mailbox.objects.filter(workspace=workspace_id).values_list("address_key", flat=True)
    return {key for each in people if (key := key_of(each))} | set(boxes)


def contacts_with(workspace_id: int, keys: Iterable[str]) -> list[Contact]:
    """Of prospects of the workspace: its own contacts, and those of the partners' accounts."""
    rows = Contact.objects.filter(
        address_key__in=[key for key in keys if key],
        erased_at=None,
        partner__prospect__workspace_id=workspace_id,
    )
    return [each for each in rows.order_by("pk") if each.workspace_id in (None, workspace_id)]


def _deliveries(mailbox: Mailbox, numbers: Sequence[int]) -> list[Delivery]:
    """Of this workspace alone, the first named first."""
    rows = Delivery.objects.filter(pk__in=numbers, workspace_id=mailbox.workspace_id)
    found = {each.pk: each for each in rows.select_related("prospect", "contact", "mailing", "manifest")}
    return [found[number] for number in dict.fromkeys(numbers) if number in found]


def _of_delivery(mailbox: Mailbox, delivery: Delivery, sender: str) -> Match:
    """Whoever answers: the one it was written to, or somebody they gave it to."""
    key, partner = key_of(sender), delivery.partner_id
    known = [each for each in contacts_with(mailbox.workspace_id, [key]) if each.partner_id == partner]
    written_to = delivery.contact if key and key == delivery.address_key else None
    contact = written_to or _own_first(known)
    return Match(partner, delivery.prospect, contact, delivery)


def _of_sender(mailbox: Mailbox, sender: str) -> Match:
    found = contacts_with(mailbox.workspace_id, [key_of(sender)])
    if len({each.partner_id for each in found}) != 1:
        return Match()
    contact = _own_first(found)
    assert contact is not None
    prospect = Prospect.objects.filter(workspace=mailbox.workspace_id, partner=contact.partner_id).first()
    return Match(contact.partner_id, prospect, contact)


def _own_first(found: Sequence[Contact]) -> Contact | None:
    return next(iter(sorted(found, key=lambda each: each.workspace_id is None)), None)
