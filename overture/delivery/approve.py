"""Send: approves one manifest, reserves contact with its partners; claims begin after the undo window."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.delivery.attached import blocked, files_of, pending, waiting_facts
from overture.delivery.draft import locked
from overture.delivery.errors import Changed
from overture.delivery.models import Mailing, Manifest
from overture.delivery.queue import queue
from overture.delivery.schedule import check_moment
from overture.delivery.wake import wake_later
from overture.lib.database_time import database_now
from overture.mailboxes.models import Mailbox
from overture.prospects import contact_policy
from overture.prospects.models import Contacted, Stage

LONGEST_UNDO = 60  # seconds

_QUEUED = """SELECT d.partner_id FROM overture_delivery d
    WHERE d.mailing_id = %(mailing)s AND d.manifest_id = %(manifest)s AND d.state = 'queued'"""

# What a colleague reserved since the manifest was made.
_WITHHOLD = f"""
    UPDATE overture_delivery d SET state = 'skipped', reason = 'contacted_recently', due_at = NULL,
        changed_at = now()
    WHERE d.mailing_id = %(mailing)s AND d.state = 'queued' AND d.partner_id IN ({contact_policy.RECENT})
      AND NOT EXISTS (SELECT FROM overture_prospect p WHERE p.id = d.prospect_id AND p.stage =
          '{Stage.JOINED}')
"""  # noqa: S608


@transaction.atomic
def send(
    member: Membership,
    mailing: Mailing,
    manifest_id: int,
    undo_seconds: int = 10,
    at: datetime | None = None,
) -> Mailing:
    """Approves `manifest_id`; nothing leaves before `at`, nor before `undo_seconds` (0 to 60) have passed.

    It waits for files that are not scanned yet, and begins by itself when they are clean.

    Raises Changed with what is no longer as it was approved, DraftError of `at` (past, too_far), and
    PermissionDenied.
    """
    mailing = locked(member, mailing)
    manifest = _approved(mailing, manifest_id)
    may_send(member, mailing, manifest)
    now = database_now()
    if at is not None:
        check_moment(at, now)
    contact_policy.lock(mailing.workspace_id)
    if manifest.contact_policy == Mailing.Policy.HOLD:
        _withhold(member, mailing)
    _reserve(member, mailing, manifest)
    queue(mailing.pk)
    undone_until = now + timedelta(seconds=max(0, min(undo_seconds, LONGEST_UNDO)))
    mailing.approved_by, mailing.approved_at = member, now
    mailing.scheduled_at, mailing.starts_at = at, max(at, undone_until) if at else undone_until
    _begin(mailing, manifest)
    mailing.save()
    facts = {"mailing_id": mailing.pk, "queued": manifest.queued}
    if at:
        record("mailing_scheduled", mailing.workspace_id, member, at=at.isoformat(), **facts)
    else:
        record("mailing_sent", mailing.workspace_id, member, **facts)
        wake_later(manifest.mailbox_id, mailing.starts_at if undo_seconds > 0 else None)
    return mailing


def _begin(mailing: Mailing, manifest: Manifest) -> None:
    """Its state from now on, and what it waits for besides its moment."""
    files = files_of(manifest)
    mailing.state = Mailing.State.SCHEDULED if mailing.scheduled_at else Mailing.State.SENDING
    mailing.reason_words = ""
    mailing.reason = "files_pending" if pending(files) and not mailing.scheduled_at else ""
    mailing.reason_facts = waiting_facts(files) if mailing.reason else {}


def may_send(member: Membership, mailing: Mailing, manifest: Manifest) -> None:
    """Raises PermissionDenied. One recipient is a single e-mail, however it was chosen."""
    is_single = mailing.is_single or manifest.recipients <= 1
    require(member, Permission.EMAIL_ONE if is_single else Permission.EMAIL_MANY)
    if manifest.contact_policy == Mailing.Policy.OVERRIDE and not is_single:
        require(member, Permission.OVERRIDE_CONTACT_POLICY)
    if not Mailbox.objects.usable_by(member).filter(pk=manifest.mailbox_id).exists():
        raise PermissionDenied("mailbox")


def _approved(mailing: Mailing, manifest_id: int) -> Manifest:
    """The manifest named, if it is still what the mailing is; raises Changed with everything that is not."""
    if mailing.state in (
        Mailing.State.CANCELLED,
        Mailing.State.DONE,
        Mailing.State.SCHEDULED,
        Mailing.State.SENDING,
        Mailing.State.PAUSED,
    ):
        raise Changed("cancelled" if mailing.state == Mailing.State.CANCELLED else "already_sent")
    manifest = mailing.manifest
    if manifest is None or manifest.pk != manifest_id:
        raise Changed(*(["draft"] if mailing.state == Mailing.State.DRAFT else []), "manifest")
    changed = []
    if manifest.draft_version != mailing.draft_version or mailing.state != Mailing.State.PREPARED:
        changed.append("draft")
    mailbox = mailing.mailbox
    if (
        mailbox is None
        or mailbox.removed_at
        or mailbox.pk != manifest.mailbox_id
        or mailbox.address != manifest.sender_address
        or mailbox.state != Mailbox.State.CONNECTED
    ):
        changed.append("mailbox")
    if blocked(files_of(manifest)):
        changed.append("files")
    if not changed and not manifest.queued:
        changed.append("nothing_queued")
    if changed:
        raise Changed(*changed)
    return manifest


def _withhold(member: Membership, mailing: Mailing) -> None:
    days = member.workspace.contact_days
    if not days:
        return
    with connection.cursor() as cursor:
        cursor.execute(_WITHHOLD, {"mailing": mailing.pk, "workspace": mailing.workspace_id, "days": days})


def _reserve(member: Membership, mailing: Mailing, manifest: Manifest) -> None:
    count = contact_policy.reserve(
        member,
        Contacted.Way.EMAIL,
        _QUEUED,
        {"mailing": mailing.pk, "manifest": manifest.pk},
        mailing_number=mailing.pk,
    )
    if not count:
        raise Changed("nothing_queued")
