"""What the Sent folder proves (docs/email.md): presence always, absence where the server keeps copies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection

from overture.delivery.message_id import delivery_of
from overture.delivery.models import Delivery
from overture.delivery.opt_out import delivery_number
from overture.delivery.settle import Told, settle
from overture.inbound.headers import Headers
from overture.inbound.models import Folder, Reading, SentCopy
from overture.mailboxes.models import Mailbox

# How long after a lease a copy may still turn up.
PATIENCE = timedelta(minutes=15)
# So many sent e-mails in a row, each with its copy, and the server is known to keep them.
ENOUGH = 20
# A copy is written a moment after the server's answer.
_MOMENT = timedelta(minutes=1)
# Older ones are left to a person.
_OLDEST_DAYS = 3
# They file what is submitted to them, whatever its client does.
_KEEP_COPIES = (Mailbox.Provider.GOOGLE, Mailbox.Provider.MICROSOFT)

_UNKNOWN = """
    SELECT d.id, d.lease, l.until, d.claimed_at,
        EXISTS (SELECT FROM overture_sentcopy c WHERE c.delivery_id = d.id)
    FROM overture_lease l, unnest(l.deliveries) AS leased (id), overture_delivery d
    WHERE l.mailbox_id = %s AND l.until > now() - %s * interval '1 day'
      AND d.id = leased.id AND d.lease = l.id AND d.state = 'unknown'
    ORDER BY d.id
"""


class _Doubtful(NamedTuple):
    id: int
    lease: UUID
    until: datetime
    claimed_at: datetime
    has_copy: bool


def note_copies(mailbox: Mailbox, headers: Sequence[Headers]) -> int:
    """Writes down the copies of ours among these headers of its Sent folder; answers how many."""
    named = {number: each for each in headers if (number := delivery_in(each)) is not None}
    # A copy proves only what left from this address.
    ours = Delivery.objects.filter(
        pk__in=named, workspace_id=mailbox.workspace_id, manifest__mailbox__address_key=mailbox.address_key
    )
    rows = list(ours.values_list("pk", flat=True))
    SentCopy.objects.bulk_create(
        [SentCopy(mailbox=mailbox, delivery_id=pk, message_id=named[pk].message_id) for pk in rows],
        ignore_conflicts=True,
    )
    return len(rows)


def delivery_in(headers: Headers) -> int | None:
    """The delivery that a sent e-mail is: by its Message-ID, by ours where the provider wrote another, or by
    the opt-out link that no other e-mail has."""
    for each in (headers.message_id, *headers.original_ids):
        number = delivery_of(each)
        if number is not None:
            return number
    link = re.escape(settings.OVERTURE_BASE_URL) + r"/o/([A-Za-z0-9_-]{1,60})>"
    found = re.search(link, headers.first("List-Unsubscribe"))
    return delivery_number(found.group(1)) if found else None


def settle_unknown(mailbox: Mailbox) -> int:
    """Unknown e-mails with a copy left; those without wait again, where that is proof. Answers how many."""
    with connection.cursor() as cursor:
        cursor.execute(_UNKNOWN, [mailbox.pk, _OLDEST_DAYS])
        unknown = [_Doubtful(*row) for row in cursor.fetchall()]
    # A copy may be found before its row is unknown: while its worker still holds it, or seems to.
    told = [Told(each.id, each.lease, "sent", "in_sent_folder", "") for each in unknown if each.has_copy]
    return settle([*told, *_absent(mailbox, [each for each in unknown if not each.has_copy])])


def _absent(mailbox: Mailbox, unknown: Sequence[_Doubtful]) -> list[Told]:
    if not unknown:
        return []
    folder = Folder.objects.filter(mailbox=mailbox, role=Folder.Role.SENT, reason="").first()
    reading = Reading.objects.filter(mailbox=mailbox).first()
    if folder is None or reading is None or not (folder.read_up_to and folder.valid_since and reading.since):
        return []
    known_since = max(folder.valid_since, reading.since)
    absent = [
        Told(each.id, each.lease, "returned", "", "")
        for each in unknown
        if each.until + PATIENCE < folder.read_up_to and each.claimed_at > known_since
    ]
    return absent if absent and keeps_copies(mailbox, folder) else []


def keeps_copies(mailbox: Mailbox, folder: Folder) -> bool:
    """Whether the server itself puts what it takes into the Sent folder, as it has shown lately."""
    if mailbox.appends_sent or folder.read_up_to is None:
        return False
    sent = Delivery.objects.filter(
        manifest__mailbox=mailbox, state=Delivery.State.SENT, sent_at__lt=folder.read_up_to - _MOMENT
    )
    latest = list(sent.order_by("-sent_at", "-pk").values_list("pk", flat=True)[:ENOUGH])
    kept = SentCopy.objects.filter(delivery__in=latest, is_ours=False).count()
    return kept == len(latest) and (len(latest) == ENOUGH or mailbox.provider in _KEEP_COPIES)
