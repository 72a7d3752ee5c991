"""Writes a mailing before it is sent: a new draft, and edits that make an approved manifest out of date."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.delivery.attached import attach
from overture.delivery.errors import DraftError, NotNow
from overture.delivery.models import Delivery, Mailing, Suppression
from overture.delivery.typed import Typed
from overture.lib import addresses
from overture.mailboxes.models import Mailbox
from overture.prospects.audience import resolve
from overture.prospects.models import Prospect

FIELDS = (
    "mailbox",
    "sender_name",
    "reply_to",
    "subject",
    "content",
    "language",
    "contact_policy",
    "audience",
    "attachments",
)
LARGEST_CONTENT = 1_000_000  # characters
_EDITABLE = (Mailing.State.DRAFT, Mailing.State.PREPARED)


@transaction.atomic
def create(member: Membership, **fields: Any) -> Mailing:
    """A new draft. All of FIELDS but `audience` may be left out; `mailbox` is a Mailbox, its number or None,
    `attachments` are numbers of files of the member's.

    Raises DraftError, AudienceError, PermissionDenied.
    """
    require(member, Permission.EMAIL_ONE)
    mailing = Mailing(workspace_id=member.workspace_id, author=member)
    if "mailbox" not in fields:
        fields["mailbox"] = Mailbox.objects.usable_by(member).filter(state=Mailbox.State.CONNECTED).first()
    mailing.audience = {"prospects": []}
    files = _numbers(fields.pop("attachments", []))
    _apply(member, mailing, fields)
    mailing.save()
    attach(member, mailing, files)
    record("mailing_drafted", member.workspace_id, member, mailing_id=mailing.pk)
    return mailing


@transaction.atomic
def edit(member: Membership, mailing: Mailing, typed: Typed | None = None, **fields: Any) -> Mailing:
    """Changes a mailing not yet sent. What is so already changes nothing; else its manifest is out of date.

    Nor does what was `typed` before that tab's last save: it arrives late, and the later words stand.
    Raises DraftError, AudienceError, PermissionDenied, NotNow.
    """
    require(member, Permission.EMAIL_ONE)
    mailing = locked(member, mailing)
    if mailing.state not in _EDITABLE:
        raise NotNow("already_sent")
    if typed and typed.is_late(mailing):
        return mailing
    files = fields.pop("attachments", None)
    changed = _apply(member, mailing, fields)
    is_other = files is not None and attach(member, mailing, _numbers(files))
    if changed or is_other:
        mailing.draft_version += 1
        mailing.state = Mailing.State.DRAFT
        mailing.save(update_fields=[*changed, "is_single", "draft_version", "state", "updated_at"])
    if typed:
        typed.mark(mailing)
        mailing.save(update_fields=["typed"])
    return mailing


@transaction.atomic
def discard(member: Membership, mailing: Mailing) -> None:
    """Throws a draft away. Raises NotNow once it was sent."""
    require(member, Permission.EMAIL_ONE)
    mailing = locked(member, mailing, removes_deliveries=True)
    if mailing.state not in _EDITABLE:
        raise NotNow("already_sent")
    remove_deliveries(mailing)
    mailing.delete()


def remove_deliveries(mailing: Mailing) -> None:
    """Those of a mailing that was never sent, and is locked for it.

    Only an opt-out, by the link of a preview, can name one. (And what a mailbox holds of a mailing that was
    sent after the moment to which the database was restored: that is read as naming none.)
    """
    # The opt-out stands. Who is about to press that link waits for the mailing, which we hold (opt_out.py).
    Suppression.objects.filter(delivery__mailing=mailing).update(delivery=None)
    Delivery.objects.filter(mailing=mailing)._raw_delete(using="default")


def locked(member: Membership, mailing: Mailing, *, removes_deliveries: bool = False) -> Mailing:
    """The same mailing as it is now, locked until the transaction ends; Http404 for a stranger.

    Who opts out by a link waits for it only if we remove its deliveries.
    """
    rows = Mailing.objects.visible_to(member).select_related("workspace", "mailbox", "manifest")
    found: Mailing | None = (
        rows.filter(pk=mailing.pk).select_for_update(of=("self",), no_key=not removes_deliveries).first()
    )
    if found is None:
        raise Http404
    return found


def chosen(member: Membership, audience: dict[str, Any]) -> QuerySet[Prospect]:
    """As a query. Ids, too, may say the list they come from: who joined is skipped from Prospects only."""
    if set(audience) == {"prospects", "from"}:
        audience = {"prospects": audience["prospects"]}
    return resolve(member, audience)


def _apply(member: Membership, mailing: Mailing, fields: dict[str, Any]) -> list[str]:
    """Sets what differs; answers the names of what did."""
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise DraftError(sorted(unknown)[0], "unknown")
    changed = []
    for name, value in fields.items():
        value = _checked(member, name, value)
        if getattr(mailing, name) != value:
            setattr(mailing, name, value)
            changed.append(name)
    mailing.is_single = len(mailing.audience.get("prospects") or []) == 1
    if mailing.contact_policy == Mailing.Policy.OVERRIDE and not mailing.is_single:
        require(member, Permission.OVERRIDE_CONTACT_POLICY)
    return changed


def _numbers(value: Any) -> list[int]:
    if not isinstance(value, list) or not all(type(each) is int for each in value):
        raise DraftError("attachments", "unknown_file")
    return value


def _checked(member: Membership, name: str, value: Any) -> Any:
    if name == "mailbox":
        return _mailbox(member, value)
    if name == "audience":
        return _audience(member, value)
    if not isinstance(value, str):
        raise DraftError(name, "invalid")
    return _text(name, value)


def _text(name: str, value: str) -> str:
    if name == "language" and value not in ("en", "fr"):
        raise DraftError(name, "invalid")
    if name == "contact_policy" and value not in Mailing.Policy.values:
        raise DraftError(name, "invalid")
    if name == "reply_to":
        return _reply_to(value)
    if name in ("sender_name", "subject") and not _is_header(value):
        raise DraftError(name, "invalid")
    longest = {"sender_name": 120, "subject": 1000, "content": LARGEST_CONTENT}.get(name, 320)
    if len(value) > longest:
        raise DraftError(name, "too_long")
    return value.replace("\0", "") if name == "content" else value.strip()


def _is_header(value: str) -> bool:
    return "=?" not in value and all(letter.isprintable() for letter in value)


def _reply_to(value: str) -> str:
    if not value.strip():
        return ""
    try:
        return str(addresses.parse(value))
    except addresses.AddressError as error:
        raise DraftError("reply_to", "invalid") from error


def _mailbox(member: Membership, value: Mailbox | int | None) -> Mailbox | None:
    if value is None:
        return None
    number = value.pk if isinstance(value, Mailbox) else value
    if not isinstance(number, int) or isinstance(number, bool):
        raise DraftError("mailbox", "invalid")
    mailbox: Mailbox | None = Mailbox.objects.usable_by(member).filter(pk=number).first()
    if mailbox is None:
        raise DraftError("mailbox", "not_usable")
    return mailbox


def _audience(member: Membership, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise DraftError("audience", "invalid")
    if value.get("from") not in (None, "prospects", "partners"):
        raise DraftError("audience", "invalid")
    chosen(member, value)
    if len(value.get("prospects") or []) != 1 and not member.can(Permission.EMAIL_MANY):
        raise PermissionDenied(Permission.EMAIL_MANY.value)
    return value
