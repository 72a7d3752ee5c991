"""Connects, changes and asks for a mailbox that sends through a relay; always one of the workspace."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.mailboxes import connect as mailboxes
from overture.mailboxes.details import Details, MailboxError
from overture.mailboxes.edit import edit, fresh, require_change
from overture.mailboxes.models import Mailbox, MailboxRelay
from overture.mailboxes.relays.details import PLAIN, RelayDetails, check_details_of_relay, check_relay
from overture.mailboxes.relays.kinds import KINDS
from overture.mailboxes.secret import sealed


@transaction.atomic
def connect_relay(member: Membership, code: str, details: Details, given: RelayDetails) -> Mailbox:
    """Raises MailboxError, and PermissionDenied. Does not ask the relay."""
    require(member, Permission.MANAGE_MAILBOXES)
    given = check_relay(code, given)
    if given.api_key is None:
        raise MailboxError("api_key", "bad_key")
    mailbox = mailboxes.connect(member, check_details_of_relay(code, details, given, has_imap=False))
    Mailbox.objects.filter(pk=mailbox.pk).update(kind=code, largest_message=KINDS[code].largest)
    MailboxRelay.objects.create(mailbox=mailbox, hook_secret=_new_secret(mailbox), **_columns(mailbox, given))
    mailbox.refresh_from_db()
    return mailbox


@transaction.atomic
def edit_relay(member: Membership, mailbox: Mailbox, details: Details, given: RelayDetails) -> Mailbox:
    """Raises MailboxError. New words for the relay clear a disconnection: the next claim tries again."""
    require_change(member, mailbox)
    given = check_relay(mailbox.kind, given)
    require_key(mailbox, given)
    details = check_details_of_relay(mailbox.kind, details, given, has_imap=bool(mailbox.imap_secret))
    is_new = given.api_key is not None or given.stream != mailbox.relay.stream
    edit(member, mailbox, details)
    MailboxRelay.objects.filter(mailbox=mailbox).update(**_columns(mailbox, given))
    if is_new:
        Mailbox.objects.filter(pk=mailbox.pk).update(**fresh())
    changed: Mailbox = Mailbox.objects.select_related("relay").get(pk=mailbox.pk)
    return changed


def require_key(mailbox: Mailbox, given: RelayDetails) -> None:
    """A key is for one account in one place: elsewhere it is entered again, as passwords are."""
    kept = mailbox.relay
    is_elsewhere = any(getattr(kept, name) != getattr(given, name) for name in ("region", "domain", "key_id"))
    if is_elsewhere and given.api_key is None:
        raise MailboxError("api_key", "key_again")


@transaction.atomic
def renew_hook(member: Membership, mailbox: Mailbox) -> None:
    """Another password in the address of its webhook: the old address is refused from now on."""
    require_change(member, mailbox)
    MailboxRelay.objects.filter(mailbox=mailbox).update(hook_secret=_new_secret(mailbox))
    mailbox.relay.refresh_from_db()
    record("relay_hook_renewed", member.workspace_id, member, mailbox=mailbox.pk, address=mailbox.address)


def _new_secret(mailbox: Mailbox) -> str:
    return sealed(mailbox, secrets.token_urlsafe(24), "relay-hook")


def _columns(mailbox: Mailbox, given: RelayDetails) -> dict[str, Any]:
    fields: dict[str, Any] = {name: getattr(given, name) for name in PLAIN}
    if given.api_key is not None:
        fields["api_key"] = sealed(mailbox, given.api_key, "relay")
    if given.signing_key is not None:
        fields["signing_key"] = sealed(mailbox, given.signing_key, "relay-signing")
    return fields
