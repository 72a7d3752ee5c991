"""Changes a mailbox, or takes it away."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.mailboxes.connect import columns, needed, new_secrets
from overture.mailboxes.details import Details, MailboxError
from overture.mailboxes.models import Mailbox, MailboxRelay
from overture.mailboxes.oauth import Tokens
from overture.mailboxes.tokens import forget, keep, may_read

SERVER = ("host", "port", "security", "username")
IMAP_SERVER = ("imap_host", "imap_port", "imap_security", "imap_username")


@transaction.atomic
def edit(member: Membership, mailbox: Mailbox, details: Details) -> Mailbox:
    """Raises MailboxError. The scope stays as it is; a password of None keeps the one there is.

    New words for the server clear a disconnection and a backoff: the next claim tries again.
    """
    require_change(member, mailbox)
    fields = columns(details)
    moved = [name for name in SERVER if getattr(mailbox, name) != fields[name]]
    moved_imap = [name for name in IMAP_SERVER if getattr(mailbox, name) != fields[name]]
    if mailbox.provider:
        _refuse_elsewhere(mailbox, fields, moved + moved_imap)
        if details.reads and not mailbox.reads and not may_read(mailbox):
            raise MailboxError("reads", "reads_not_granted")
    require_passwords(mailbox, details)
    secrets = new_secrets(mailbox, details)
    if moved or secrets or moved_imap:
        fields |= fresh()
    fields |= secrets
    Mailbox.objects.filter(pk=mailbox.pk).update(**fields)
    mailbox.refresh_from_db()
    record("mailbox_edited", member.workspace_id, member, mailbox=mailbox.pk, address=mailbox.address)
    return mailbox


def require_passwords(mailbox: Mailbox, details: Details) -> None:
    """Else whoever may edit could have the kept password sent to a server of their own."""
    if _is_moved(mailbox, details, SERVER) and mailbox.secret and details.password is None:
        raise MailboxError("password", "password_again")
    is_elsewhere = details.imap_host.strip() and _is_moved(mailbox, details, IMAP_SERVER)
    if is_elsewhere and _reads_with_kept(mailbox, details):
        raise MailboxError("imap_password", "password_again")


def _is_moved(mailbox: Mailbox, details: Details, names: tuple[str, ...]) -> bool:
    return any(getattr(mailbox, name) != _trimmed(getattr(details, name)) for name in names)


def _trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _reads_with_kept(mailbox: Mailbox, details: Details) -> bool:
    if details.imap_password:
        return False
    if details.imap_password is None and mailbox.imap_secret:
        return True
    return details.password is None and bool(mailbox.secret)


def _refuse_elsewhere(mailbox: Mailbox, fields: dict[str, Any], moved: list[str]) -> None:
    """Its tokens are for its provider's servers, and for the address that signed in."""
    for name in ["address"] * (mailbox.address != fields["address"]) + moved:
        raise MailboxError(name, "given_by_provider")


@transaction.atomic
def sign_in_again(member: Membership, mailbox: Mailbox, tokens: Tokens, reads: bool) -> None:
    """New tokens of the same address, after they were tested; for reading, too, or not."""
    require_change(member, mailbox)
    keep(mailbox, tokens)
    Mailbox.objects.filter(pk=mailbox.pk).update(**fresh(), reads=reads, checked_at=timezone.now())
    record("mailbox_reconnected", member.workspace_id, member, mailbox=mailbox.pk, address=mailbox.address)


@transaction.atomic
def reconnect(member: Membership, mailbox: Mailbox, largest_message: int = 0) -> None:
    """After a connection test that went well; what the server said it takes, in bytes."""
    require_change(member, mailbox)
    Mailbox.objects.filter(pk=mailbox.pk).update(
        **fresh(), checked_at=timezone.now(), largest_message=largest_message
    )


def remove(member: Membership, mailbox: Mailbox) -> bool:
    """It sends nothing more; passwords and tokens are gone. The row stays, because the ledger names it.

    Answers whether its provider has forgotten the grant, too: where not, the person can do that there.
    """
    require_change(member, mailbox)
    with transaction.atomic():
        removed = Mailbox.objects.filter(pk=mailbox.pk, removed_at=None).update(
            removed_at=timezone.now(),
            secret="",
            imap_secret="",
            dkim_key="",
            dkim_seen_at=None,
            reads=False,
            state=Mailbox.State.DISCONNECTED,
            reason="removed",
        )
        if removed:
            MailboxRelay.objects.filter(mailbox=mailbox).update(api_key="", signing_key="", hook_secret="")
            record(
                "mailbox_removed", member.workspace_id, member, mailbox=mailbox.pk, address=mailbox.address
            )
    # The provider is asked with nothing locked: it may be slow.
    return forget(mailbox)


def require_change(member: Membership, mailbox: Mailbox) -> None:
    """A personal mailbox is changed by its owner or an administrator, not by its delegates."""
    if mailbox.owner_id not in (None, member.pk):
        require(member, Permission.ADMINISTER)
    require(member, needed(mailbox.is_personal))


def fresh() -> dict[str, object]:
    return {
        "state": Mailbox.State.CONNECTED,
        "reason": "",
        "reason_words": "",
        "backoff_until": None,
        "backoff_count": 0,
    }


def remove_all_of(member: Membership, owner: Membership) -> None:
    """Removes the personal mailboxes of `owner`, who leaves."""
    for mailbox in Mailbox.objects.visible_to(member).filter(owner=owner):
        remove(member, mailbox)
