"""What the Sent folder proves, at a real Postfix that keeps copies and at one that does not."""

from __future__ import annotations

import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from overture.delivery.message_id import message_id
from overture.delivery.models import Delivery, Lease, Mailing
from overture.delivery.opt_out import opt_out_url
from overture.inbound.headers import headers_of
from overture.inbound.models import Folder, Reading, SentCopy
from overture.inbound.sent import delivery_in, keeps_copies, settle_unknown
from overture.mailboxes.models import Mailbox
from tests.delivery.cast import counts, crowd, sent
from tests.delivery.workers import data_folder, until, worker
from tests.inbound.cast import NORA, read_mailbox
from tests.inbound.conftest import Watching
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix
from tests.world import World

pytestmark = pytest.mark.slow
COUNT = 300


@contextmanager
def postfix(dovecot: Dovecot, *keeps_copies: str) -> Iterator[Postfix]:
    folder = Path(tempfile.mkdtemp(prefix="postfix-"))
    server = Postfix(folder, dovecot, keeps_copies)
    server.start("halden.example")
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


def read_since(moment: object) -> bool:
    return Folder.objects.filter(role="sent", read_up_to__gt=moment).exists()


def passed(minutes: int) -> None:
    """As if all that was claimed had been claimed so much earlier, and reading begun before it."""
    ago = timedelta(minutes=minutes)
    Folder.objects.update(valid_since=timezone.now() - timedelta(hours=2))
    Reading.objects.update(since=timezone.now() - timedelta(hours=2))
    for delivery in Delivery.objects.exclude(claimed_at=None):
        values = {
            name: value - ago
            for name in ("claimed_at", "leased_until", "sent_at")
            if (value := getattr(delivery, name))
        }
        Delivery.objects.filter(pk=delivery.pk).update(**values)
    for lease in Lease.objects.all():
        Lease.objects.filter(pk=lease.pk).update(until=lease.until - ago)


def make_unknown(count: int, **choice: object) -> list[int]:
    """So many sent deliveries become unknown again, as if their worker had died before the answer."""
    chosen = list(
        Delivery.objects.filter(state="sent", **choice).order_by("pk").values_list("pk", flat=True)
    )[:count]
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE overture_delivery d SET state = 'unknown', reason = 'worker_died', lease = l.id,
                leased_until = l.until, sent_at = NULL
            FROM overture_lease l WHERE d.id = ANY(%s) AND l.deliveries @> ARRAY[d.id]""",
            [chosen],
        )
    return chosen


def test_workers_killed_and_the_sent_folder_of_a_server_that_keeps_copies_settles(
    live: World, dovecot: Dovecot, watching: Watching, tmp_path: Path
) -> None:
    data = data_folder(tmp_path)
    with postfix(dovecot, NORA) as server:
        read_mailbox(live.nora, dovecot, server.port)
        crowd(live.nora, COUNT)
        with watching(poll=0.5):
            until(lambda: read_since(timezone.now() - timedelta(minutes=1)), what="the first reading")
            mailing = sent(live.nora)
            for share in (0.3, 0.6):
                with worker(data) as killed:
                    until(lambda share=share: counts(mailing).get("sent", 0) > COUNT * share, what="mail")  # type: ignore[misc]
                    killed.send_signal(signal.SIGKILL)
                    killed.wait()
            with worker(data):
                until(lambda: Mailing.objects.get().state == "done", what="done")
            # What was in doubt and left has its copy, and is settled by it; of the rest nobody can tell yet.
            until(lambda: SentCopy.objects.count() == len(dovecot.mails(NORA, "Sent")), what="copies")
            until(lambda: _doubtful(mailing) == COUNT - SentCopy.objects.count(), what=str(counts(mailing)))
            passed(16)
            moment = timezone.now()
            with worker(data):
                until(lambda: counts(mailing) == _all_sent(mailing), what=str(counts(mailing)))
            until(lambda: read_since(moment) and SentCopy.objects.count() == COUNT, what="all copies")
    copies = [headers_of(1, mail).message_id for mail in dovecot.mails(NORA, "Sent")]
    assert len(copies) == len(set(copies)) == COUNT


def _doubtful(mailing: Mailing) -> int:
    return Delivery.objects.filter(mailing=mailing, state="unknown").count()


def _all_sent(mailing: Mailing) -> dict[str, int]:
    proven = Delivery.objects.filter(mailing=mailing, state="sent", reason="in_sent_folder").count()
    return {"sent": COUNT - proven} | ({"sent in_sent_folder": proven} if proven else {})


def test_absence_is_proof_where_the_server_keeps_copies(
    live: World, dovecot: Dovecot, watching: Watching, tmp_path: Path
) -> None:
    with postfix(dovecot, NORA) as server:
        mailbox = read_mailbox(live.nora, dovecot, server.port)
        crowd(live.nora, 30)
        with watching(poll=0.5):
            mailing = sent(live.nora)
            with worker(data_folder(tmp_path)):
                until(lambda: Mailing.objects.get().state == "done", what="done")
            until(lambda: SentCopy.objects.count() == 30, what="copies")
    chosen = make_unknown(3)
    SentCopy.objects.filter(delivery__in=chosen[:2]).delete()
    passed(13)
    assert settle_unknown(mailbox) == 1  # the one with a copy; others may still turn up
    assert settle_unknown(mailbox) == 0
    passed(3)
    assert settle_unknown(mailbox) == 2
    assert counts(mailing) == {"queued": 2, "sent in_sent_folder": 1, "sent": 27}
    assert Mailing.objects.get().state == "sending"


def test_absence_proves_nothing_elsewhere(
    live: World, dovecot: Dovecot, watching: Watching, tmp_path: Path
) -> None:
    with postfix(dovecot) as server:
        mailbox = read_mailbox(live.nora, dovecot, server.port)
        crowd(live.nora, 30)
        mailing = sent(live.nora)
        with watching(poll=0.5), worker(data_folder(tmp_path)):
            until(lambda: Mailing.objects.get().state == "done", what="done")
            moment = timezone.now()
            until(lambda: read_since(moment), what="a reading")
    assert SentCopy.objects.count() == 0
    make_unknown(3)
    passed(20)
    assert settle_unknown(mailbox) == 0
    folder = Folder.objects.get(role="sent")
    assert keeps_copies(mailbox, folder) is False
    left = [
        SentCopy(mailbox=mailbox, delivery=each, message_id="x")
        for each in Delivery.objects.filter(state="sent")
    ]
    SentCopy.objects.bulk_create(left)
    assert keeps_copies(mailbox, folder) is True
    for change in ({"appends_sent": True}, {"appends_sent": False}):
        Mailbox.objects.update(**change)
        mailbox.refresh_from_db()
        assert keeps_copies(mailbox, folder) is not change["appends_sent"]
    SentCopy.objects.update(is_ours=True)
    assert keeps_copies(mailbox, folder) is False
    SentCopy.objects.update(is_ours=False)
    # A folder that was made anew since, or was not read, proves nothing either.
    Folder.objects.filter(role="sent").update(valid_since=timezone.now())
    assert settle_unknown(mailbox) == 0
    assert counts(mailing) == {"unknown worker_died": 3, "sent": 27}


def test_overture_appends_where_the_owner_wants_it(
    live: World, dovecot: Dovecot, watching: Watching, tmp_path: Path
) -> None:
    with postfix(dovecot) as server:
        mailbox = read_mailbox(live.nora, dovecot, server.port, appends_sent=True)
        crowd(live.nora, 25)
        sent(live.nora)
        with watching(poll=0.5), worker(data_folder(tmp_path)):
            until(lambda: len(dovecot.mails(NORA, "Sent")) == 25, what="copies")
            moment = timezone.now()
            until(lambda: read_since(moment), what="another reading")
    copies = [headers_of(1, mail) for mail in dovecot.mails(NORA, "Sent")]
    expected = {message_id(each.pk, NORA).strip("<>") for each in Delivery.objects.all()}
    assert (len(copies), {each.message_id for each in copies}) == (25, expected)
    assert dovecot.seen(NORA, "Sent") == 25
    assert SentCopy.objects.filter(is_ours=True).count() == 25
    assert keeps_copies(mailbox, Folder.objects.get(role="sent")) is False


def test_copies_are_known_under_the_name_a_provider_gave_them() -> None:
    ours, link = message_id(7, NORA), opt_out_url(7)
    for header in (
        f"Message-ID: {ours}",
        f"Message-ID: <new@google.example>\r\nX-Google-Original-Message-ID: {ours}",
        f"Message-ID: <new@outlook.example>\r\nList-Unsubscribe: <{link}>",
    ):
        assert delivery_in(headers_of(1, f"{header}\r\n\r\n".encode())) == 7
    forged = f"Message-ID: <new@outlook.example>\r\nList-Unsubscribe: <{link[:-1]}x>\r\n\r\n"
    assert delivery_in(headers_of(1, forged.encode())) is None
