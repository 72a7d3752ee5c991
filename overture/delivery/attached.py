"""Files that a mailing carries: chosen in its draft, frozen with its manifest, held until each is clean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction

from overture.accounts.models import Membership
from overture.activity.record import record
from overture.compose import Attached, size_of
from overture.delivery.errors import DraftError
from overture.delivery.finish import explain
from overture.delivery.models import Mailing, Manifest
from overture.files.errors import NotClean, Refused
from overture.files.mine import mine
from overture.files.models import Attachment, State
from overture.files.open import open_clean
from overture.mailboxes.models import Mailbox
from overture.mailboxes.sizes import largest_message
from overture.notices.notices import notify

# A mailing (alias m) with a file that is not clean: nothing of it is claimed. Asked at each claim, for a file
# may be found infected by newer signatures at any time.
HELD = """EXISTS (SELECT FROM overture_manifest_attachments held
    JOIN overture_attachment file ON file.id = held.attachment_id
    JOIN overture_storedfile stored ON stored.id = file.stored_id
    WHERE held.manifest_id = m.manifest_id AND stored.state <> 'clean')"""

_ON_THEIR_WAY = (Mailing.State.SENDING, Mailing.State.SCHEDULED)
_BLOCKED = (State.INFECTED, State.UNSCANNABLE)


def files_of(of: Mailing | Manifest) -> list[Attachment]:
    """In the order in which they were attached."""
    through: Any = type(of).attachments.through
    name = "mailing" if isinstance(of, Mailing) else "manifest"
    rows = through.objects.filter(**{f"{name}_id": of.pk}).order_by("pk")
    return [row.attachment for row in rows.select_related("attachment__stored")]


def attach(member: Membership, mailing: Mailing, numbers: Iterable[int]) -> bool:
    """The mailing carries these and no others; whether that changes anything. Raises DraftError.

    What it carries already may stay, whoever of the workspace gave it.
    """
    before = {each.pk: each for each in files_of(mailing)}
    wanted = list(dict.fromkeys(numbers))
    if len(wanted) > settings.OVERTURE_FILES_PER_MESSAGE:
        raise DraftError("attachments", "too_many", {"most": settings.OVERTURE_FILES_PER_MESSAGE})
    try:
        new = mine([each for each in wanted if each not in before], member=member)
    except Refused as refused:
        raise DraftError("attachments", refused.code, refused.facts) from refused
    if wanted == list(before):
        return False
    given = before | {each.pk: each for each in new}
    mailing.attachments.clear()
    for number in wanted:
        mailing.attachments.add(given[number])
    return True


def check(mailing: Mailing, files: Sequence[Attachment]) -> None:
    """What can never leave as it is. Raises DraftError: file_blocked, too_large with its facts."""
    for each in files:
        if each.state in _BLOCKED:
            raise DraftError("attachments", f"file_{each.state}", {"file": each.name})
    if mailing.mailbox and (excess := too_large(mailing, mailing.mailbox, files)):
        raise DraftError("attachments", "message_too_large", excess)


def too_large(mailing: Mailing, mailbox: Mailbox, files: Sequence[Attachment]) -> dict[str, Any]:
    """Sizes in bytes and the server, where it takes no such message; else empty."""
    most, size = largest_message(mailbox), message_size(mailing, files)
    if not files or most is None or size <= most:
        return {}
    return {"size": size, "most": most, "host": mailbox.host}


def message_size(mailing: Mailing, files: Sequence[Attachment]) -> int:
    """Bytes on the wire, or a little more: files grow by a third, the text stands there twice."""
    return size_of(each.stored.size for each in files) + 3 * len(mailing.content.encode()) + 8_192


def freeze_files(mailing: Mailing, manifest: Manifest) -> None:
    files = files_of(mailing)
    check(mailing, files)
    for each in files:
        manifest.attachments.add(each)


def pending(files: Sequence[Attachment]) -> list[Attachment]:
    return [each for each in files if each.state == State.PENDING]


def blocked(files: Sequence[Attachment]) -> list[Attachment]:
    return [each for each in files if each.state in _BLOCKED]


def waiting_facts(files: Sequence[Attachment]) -> dict[str, Any]:
    """For the reason `files_pending`."""
    waiting = pending(files)
    return {"count": len(waiting), "files": [each.name for each in waiting]}


def load(manifest: Manifest) -> list[Attached]:
    """The files as they leave. Raises NotClean; the mailing is paused then, unless it only waits."""
    loaded = []
    for each in files_of(manifest):
        try:
            opened = open_clean(each)
        except NotClean as error:
            if error.state != State.PENDING:
                pause_for(manifest.mailing_id, each, error.state)
            raise
        with opened.stream as stream:
            loaded.append(Attached(each.name, opened.type, stream.read()))
    return loaded


def hold() -> None:
    """Says of each mailing that waits for its files why, and pauses those with a file that is blocked."""
    through: Any = Manifest.attachments.through
    sending = Mailing.objects.filter(state__in=_ON_THEIR_WAY, manifest__attachments__isnull=False)
    rows = through.objects.filter(manifest__in=sending.values("manifest"))
    rows = rows.exclude(attachment__stored__state=State.CLEAN).order_by("pk")
    unclean: dict[int, list[Attachment]] = defaultdict(list)
    for row in rows.select_related("attachment__stored", "manifest"):
        unclean[row.manifest.mailing_id].append(row.attachment)
    for mailing_id, files in unclean.items():
        if bad := blocked(files):
            pause_for(mailing_id, bad[0], bad[0].state)
        else:
            explain([mailing_id], "files_pending", **waiting_facts(files))


@transaction.atomic
def pause_for(mailing_id: int, file: Attachment, state: str) -> None:
    """A file that can no longer be sent: nothing leaves, and who sent it is told."""
    rows = Mailing.objects.select_for_update(of=("self",), no_key=True).select_related("approved_by")
    mailing = rows.filter(pk=mailing_id, state__in=_ON_THEIR_WAY).first()
    if mailing is None:
        return
    mailing.state, mailing.reason, mailing.reason_words = Mailing.State.PAUSED, f"file_{state}", ""
    mailing.reason_facts = {"file": file.name}
    mailing.save(update_fields=["state", "reason", "reason_words", "reason_facts", "updated_at"])
    record("mailing_paused", mailing.workspace_id, mailing_id=mailing_id, file=file.name, because=state)
    if mailing.approved_by:
        facts = {"mailing": mailing_id, "subject": mailing.subject[:100], "file": file.name}
        notify(mailing.approved_by, "mailing_file_blocked", **facts)
