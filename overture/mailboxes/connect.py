"""Connects a mailbox: from then on e-mails may leave from its address."""

from __future__ import annotations

from dataclasses import asdict
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
from overture.mailboxes.secret import sealed


@transaction.atomic
def connect(member: Membership, details: Details) -> Mailbox:
    """Raises MailboxError, and PermissionDenied. Does not ask the server."""
    require(member, needed(details.is_personal))
    mailbox = Mailbox(
        workspace_id=member.workspace_id, owner=member if details.is_personal else None, **columns(details)
    )
    mailbox.save()
    if details.password:
        Mailbox.objects.filter(pk=mailbox.pk).update(secret=sealed(mailbox, details.password))
        mailbox.refresh_from_db()
    record("mailbox_connected", member.workspace_id, member, mailbox=mailbox.pk, address=mailbox.address)
    return mailbox


def needed(is_personal: bool) -> Permission:
    """The permission to connect, change or remove such a mailbox."""
    return Permission.EMAIL_ONE if is_personal else Permission.MANAGE_MAILBOXES


def columns(details: Details) -> dict[str, Any]:
    """The columns of a mailbox but its owner and its secret; raises MailboxError."""
    address = check_details(details)
    fields = asdict(details)
    for other in ("password", "is_personal"):
        del fields[other]
    fields |= {
        "address": str(address),
        "address_key": addresses.key(address, settings.ADDRESS_KEY),
        "host": details.host.strip(),
    }
    return fields
