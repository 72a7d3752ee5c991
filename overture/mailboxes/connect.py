"""Connects a mailbox: from then on e-mails may leave from its address."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from django.conf import settings
from django.db import transaction

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.lib import addresses
from overture.mailboxes.details import Details, check_details
from overture.mailboxes.models import Mailbox
from overture.mailboxes.oauth import Provider, Tokens
from overture.mailboxes.secret import sealed
from overture.mailboxes.tokens import keep


@transaction.atomic
def connect(member: Membership, details: Details) -> Mailbox:
    """Raises MailboxError, and PermissionDenied. Does not ask the server."""
    require(member, needed(details.is_personal))
    mailbox = Mailbox(
        workspace_id=member.workspace_id, owner=member if details.is_personal else None, **columns(details)
    )
    mailbox.save()
    secrets = new_secrets(mailbox, details)
    if any(secrets.values()):
        Mailbox.objects.filter(pk=mailbox.pk).update(**secrets)
        mailbox.refresh_from_db()
    record("mailbox_connected", member.workspace_id, member, mailbox=mailbox.pk, address=mailbox.address)
    return mailbox


@transaction.atomic
def connect_granted(member: Membership, details: Details, at: Provider, tokens: Tokens) -> Mailbox:
    """The same by OAuth 2: the provider's servers, and its tokens instead of a password."""
    mailbox = connect(member, granted(details, at))
    Mailbox.objects.filter(pk=mailbox.pk).update(provider=at.code)
    mailbox.refresh_from_db()
    keep(mailbox, tokens)
    return mailbox


def granted(details: Details, at: Provider) -> Details:
    """With the servers of the provider, where the address is the user name."""
    return replace(
        details,
        host=at.smtp.host,
        port=at.smtp.port,
        security=at.smtp.security,
        username=details.address,
        password=None,
        imap_host=at.imap.host,
        imap_port=at.imap.port,
        imap_security=at.imap.security,
        imap_username="",
        imap_password=None,
    )


def new_secrets(mailbox: Mailbox, details: Details) -> dict[str, str]:
    """The columns of the passwords that are given; those left out stay as they are."""
    given = {"secret": (details.password, ""), "imap_secret": (details.imap_password, "imap")}
    return {name: sealed(mailbox, text, use) for name, (text, use) in given.items() if text is not None}


def needed(is_personal: bool) -> Permission:
    """The permission to connect, change or remove such a mailbox."""
    return Permission.EMAIL_ONE if is_personal else Permission.MANAGE_MAILBOXES


def columns(details: Details) -> dict[str, Any]:
    """The columns of a mailbox but its owner and its secret; raises MailboxError."""
    address = check_details(details)
    fields = asdict(details)
    for other in ("password", "imap_password", "is_personal"):
        del fields[other]
    fields |= {
        "address": str(address),
        "address_key": addresses.key(address, settings.ADDRESS_KEY),
        "host": details.host.strip(),
        "imap_host": details.imap_host.strip(),
    }
    return fields
