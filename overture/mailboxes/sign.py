"""A key by which Overture signs what leaves from a mailbox (DKIM), for relays that sign nothing themselves.

Signing begins once the DNS of the domain shows the key: until then receivers would find a signature that
nobody can check.
"""

from __future__ import annotations

import secrets
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from overture.accounts.models import Membership
from overture.activity.record import record
from overture.lib import dns
from overture.lib.dns import DnsFailed
from overture.lib.secrets import SecretError
from overture.mailboxes import dkim
from overture.mailboxes.dkim import Signer, says_key
from overture.mailboxes.edit import require_change
from overture.mailboxes.models import Mailbox
from overture.mailboxes.secret import opened, sealed


class DnsRecord(NamedTuple):
    """What whoever keeps the DNS is to add, as TXT."""

    name: str
    value: str


@transaction.atomic
def make_key(member: Membership, mailbox: Mailbox) -> DnsRecord:
    """A new key, instead of the one there is; signs once the DNS shows it."""
    require_change(member, mailbox)
    pem = dkim.new_key()
    # Another name for each key: the old record stays as long as e-mails it signed are on their way.
    selector = f"overture{secrets.token_hex(3)}"
    Mailbox.objects.filter(pk=mailbox.pk).update(
        dkim_key=sealed(mailbox, pem, "dkim"), dkim_selector=selector, dkim_seen_at=None
    )
    mailbox.refresh_from_db()
    record("dkim_key_made", member.workspace_id, member, mailbox=mailbox.pk, selector=selector)
    return DnsRecord(_name(mailbox), dkim.record(pem))


@transaction.atomic
def drop_key(member: Membership, mailbox: Mailbox) -> None:
    """Nothing is signed here any more."""
    require_change(member, mailbox)
    Mailbox.objects.filter(pk=mailbox.pk).update(dkim_key="", dkim_selector="", dkim_seen_at=None)
    mailbox.refresh_from_db()
    record("dkim_key_dropped", member.workspace_id, member, mailbox=mailbox.pk)


def record_of(mailbox: Mailbox) -> DnsRecord | None:
    """None without a key. Raises lib.secrets.SecretError."""
    pem = opened(mailbox, mailbox.dkim_key, "dkim")
    return DnsRecord(_name(mailbox), dkim.record(pem)) if pem else None


def signer_of(mailbox: Mailbox) -> Signer | None:
    """None where nothing is to be signed. Raises lib.secrets.SecretError."""
    if not mailbox.dkim_key or mailbox.dkim_seen_at is None or mailbox.is_relay:
        return None
    return Signer(_domain(mailbox), mailbox.dkim_selector, opened(mailbox, mailbox.dkim_key, "dkim"))


def look_for_key(mailbox: Mailbox) -> str:
    """Whether the DNS shows it: ok, missing or unknown; notes since when."""
    try:
        texts = dns.texts(_name(mailbox), settings.OVERTURE_DNS)
        pem = opened(mailbox, mailbox.dkim_key, "dkim")
    except (DnsFailed, SecretError):
        return "unknown"  # and goes on as before
    is_there = any(says_key(text, pem) for text in texts)
    seen_at = (mailbox.dkim_seen_at or timezone.now()) if is_there else None
    Mailbox.objects.filter(pk=mailbox.pk, dkim_selector=mailbox.dkim_selector).update(dkim_seen_at=seen_at)
    mailbox.dkim_seen_at = seen_at
    return "ok" if is_there else "missing"


def _name(mailbox: Mailbox) -> str:
    return f"{mailbox.dkim_selector}._domainkey.{_domain(mailbox)}"


def _domain(mailbox: Mailbox) -> str:
    return mailbox.address.rpartition("@")[2]
