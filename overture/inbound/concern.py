"""Which received mails concern partners, by their headers alone; all others are not even fetched."""

from __future__ import annotations

from collections.abc import Sequence

from overture.delivery.given_ids import given_among
from overture.delivery.message_id import delivery_of
from overture.inbound.headers import Headers
from overture.inbound.match import contacts_with, key_of, own_keys, plus_numbers
from overture.inbound.models import SentCopy
from overture.inbound.parsing.report import looks_like_a_report
from overture.mailboxes.models import Mailbox


def concerns(mailbox: Mailbox, headers: Sequence[Headers], needs_proof: bool = False) -> set[int]:
    """The UIDs of those to be taken whole; the same few queries for one as for a thousand.

    `needs_proof`: not by who they say has written them.
    """
    keys = {each.uid: key_of(each.sender) for each in headers}
    ours = own_keys(mailbox.workspace_id)
    strangers = [each for each in headers if keys[each.uid] not in ours or looks_like_a_report(each)]
    known_ids = _given_ids(mailbox, strangers)
    known_keys = set() if needs_proof else _partners_keys(mailbox, {keys[each.uid] for each in strangers})
    return {
        each.uid
        for each in strangers
        if looks_like_a_report(each)
        or any(delivery_of(one) is not None or one in known_ids for one in _named(each))
        or plus_numbers(each.to)
        or keys[each.uid] in known_keys
    }


def shares_other_mail(mailbox: Mailbox) -> bool:
    """What contacts write to it besides answers: of a personal mailbox only if its owner chose so."""
    return mailbox.shares_other_mail or not mailbox.is_personal


def _named(mail: Headers) -> tuple[str, ...]:
    return (*mail.in_reply_to, *mail.references)


def _given_ids(mailbox: Mailbox, headers: Sequence[Headers]) -> set[str]:
    """Message-IDs that a provider or a relay gave to what we sent."""
    named = {one for each in headers for one in _named(each)}
    if not named:
        return set()
    rows = SentCopy.objects.filter(mailbox__workspace=mailbox.workspace_id, message_id__in=named)
    return set(rows.values_list("message_id", flat=True)) | given_among(mailbox.workspace_id, named)


def _partners_keys(mailbox: Mailbox, keys: set[str]) -> set[str]:
    if not shares_other_mail(mailbox):
        return set()
    return {each.address_key for each in contacts_with(mailbox.workspace_id, keys)}
