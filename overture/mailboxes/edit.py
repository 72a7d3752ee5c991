"""Changes a mailbox, or takes it away."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.mailboxes.connect import columns, needed
from overture.mailboxes.details import Details, MailboxError
from overture.mailboxes.models import Mailbox
from overture.mailboxes.secret import sealed

_SERVER = ("host", "port", "security", "username")


@transaction.atomic
def edit(member: Membership, mailbox: Mailbox, details: Details) -> Mailbox:
    """Raises MailboxError. The scope stays as it is; a password of None keeps the one there is.

    New words for the server clear a disconnection and a backoff: the next claim tries again.
    """
    require_change(member, mailbox)
    fields = columns(details)
    moved = [name for name in _SERVER if getattr(mailbox, name) != fields[name]]
    if moved and mailbox.secret and details.password is None:
        # Else whoever may edit could have the kept password sent to a server of their own.
        raise MailboxError("password", "password_again")
    if details.password is not None:
        fields["secret"] = sealed(mailbox, details.password)
    if moved or details.password is not None:
        fields |= _fresh()
    Mailbox.objects.filter(pk=mailbox.pk).update(**fields)
    mailbox.refresh_from_db()
    record("mailbox_edited", member.workspace_id, member, mailbox=mailbox.pk, address=mailbox.address)
    return mailbox


@transaction.atomic
def reconnect(member: Membership, mailbox: Mailbox, largest_message: int = 0) -> None:
    """After a connection test that went well; what the server said it takes, in bytes."""
    require_change(member, mailbox)
    Mailbox.objects.filter(pk=mailbox.pk).update(
        **_fresh(), checked_at=timezone.now(), largest_message=largest_message
    )


@transaction.atomic
def remove(member: Membership, mailbox: Mailbox) -> None:
    """It sends nothing more and its password is gone; the row stays, because the ledger names it."""
    require_change(member, mailbox)
    removed = Mailbox.objects.filter(pk=mailbox.pk, removed_at=None).update(
        removed_at=timezone.now(), secret="", state=Mailbox.State.DISCONNECTED, reason="removed"
    )
    if removed:
        record("mailbox_removed", member.workspace_id, member, mailbox=mailbox.pk, address=mailbox.address)


def require_change(member: Membership, mailbox: Mailbox) -> None:
    """A personal mailbox is changed by its owner or an administrator, not by its delegates."""
    if mailbox.owner_id not in (None, member.pk):
        require(member, Permission.ADMINISTER)
    require(member, needed(mailbox.is_personal))


def _fresh() -> dict[str, object]:
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
