"""Puts what was sent into the Sent folder, where the server keeps no copy and the owner wants one."""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Now

from overture.delivery.claim import Row
from overture.delivery.letters import Letters
from overture.delivery.message_id import message_id
from overture.delivery.models import Delivery
from overture.inbound.models import Folder, SentCopy
from overture.inbound.read import Visit
from overture.mailboxes.providers import Letter

# A copy is of use while one looks for it; older ones are not made up for.
_OLDEST = timedelta(days=2)
_AT_ONCE = 100


def append_sent(found: Visit) -> int:
    """Answers how many. The folder was read before, so a copy whose answer was lost is known by now."""
    mailbox = found.mailbox
    folder = Folder.objects.filter(mailbox=mailbox, role=Folder.Role.SENT).exclude(name="").first()
    if not mailbox.appends_sent or folder is None:
        return 0
    sent = Delivery.objects.filter(
        manifest__mailbox=mailbox,
        state=Delivery.State.SENT,
        sent_at__gt=Now() - _OLDEST,
        sent_at__lt=folder.read_up_to,
        sent_copy=None,
    ).exclude(address="")
    letters = Letters(mailbox.time_zone)
    count = 0
    for delivery in sent.order_by("sent_at")[:_AT_ONCE]:
        count += _append(found, folder.name, letters, delivery)
    return count


def _append(found: Visit, folder: str, letters: Letters, delivery: Delivery) -> bool:
    letters.compile({delivery.manifest_id})
    letter = letters.letter(_row(delivery))
    if not isinstance(letter, Letter) or delivery.sent_at is None:
        return False
    found.imap.append(folder, letter.data + letter.tail, delivery.sent_at)
    SentCopy.objects.get_or_create(
        delivery=delivery,
        defaults={"mailbox": found.mailbox, "is_ours": True, "message_id": _message_id(delivery, letter)},
    )
    return True


def _row(delivery: Delivery) -> Row:
    moment = delivery.first_tried_at or delivery.changed_at
    return Row(
        delivery.pk,
        delivery.manifest_id,
        delivery.address,
        delivery.mpid,
        delivery.company_name,
        delivery.first_name,
        delivery.last_name,
        moment,
    )


def _message_id(delivery: Delivery, letter: Letter) -> str:
    return message_id(delivery.pk, letter.sender).strip("<>")
