"""A mailbox is watched at a real Dovecot: nothing twice, nothing missed, and coverage that is true."""

from __future__ import annotations

import time
from typing import Any

import pytest

from overture.delivery.models import Delivery
from overture.inbound import read
from overture.inbound.models import Folder, Mail, Reading
from overture.mailboxes.models import Mailbox
from overture.mailboxes.providers.imap import Imap
from tests.delivery.cast import mailbox as sending_mailbox
from tests.delivery.cast import prospects, sent
from tests.delivery.workers import until
from tests.inbound.cast import NORA, answer, read_mailbox, stranger
from tests.inbound.conftest import Watching
from tests.servers.dovecot import Dovecot
from tests.world import World

pytestmark = pytest.mark.slow


@pytest.fixture
def deliveries(live: World, dovecot: Dovecot) -> list[Delivery]:
    """Five e-mails that left."""
    read_mailbox(live.nora, dovecot)
    prospects(live.nora, 5)
    sent(live.nora)
    Delivery.objects.update(state="sent")
    return list(Delivery.objects.order_by("pk"))


def inbox() -> Folder | None:
    return Folder.objects.filter(role="inbox").first()


def covered() -> Any:
    folder = inbox()
    return folder.read_up_to if folder else None


def ids() -> list[str]:
    return sorted(Mail.objects.values_list("header_message_id", flat=True))


def expected(deliveries: list[Delivery], number: int = 1) -> list[str]:
    return sorted(f"{number}.{each.pk}@{each.address.rpartition('@')[2]}" for each in deliveries)


def test_what_was_there_and_what_arrives_is_read(
    deliveries: list[Delivery], dovecot: Dovecot, watching: Watching
) -> None:
    dovecot.deliver(NORA, stranger(1), answer(deliveries[0]), stranger(2))
    with watching(poll=60):
        until(covered, what="coverage")
        assert ids() == expected(deliveries[:1])
        arrived = time.monotonic()
        dovecot.deliver(NORA, answer(deliveries[1]))
        until(lambda: Mail.objects.count() == 2, 10, "the mail of IDLE")
        assert time.monotonic() - arrived < 10  # far below the poll: IDLE told
    assert ids() == expected(deliveries[:2])
    assert dovecot.seen(NORA) == 0
    reading = Reading.objects.get()
    assert (reading.reason, reading.watcher) == ("", None)


def test_what_arrives_in_the_middle_of_a_visit_waits_for_no_poll(
    deliveries: list[Delivery], dovecot: Dovecot, watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server tells of it once, with the answer to whatever it is asked: then IDLE is silent."""
    dovecot.deliver(NORA, answer(deliveries[0]))
    real, late = Imap.headers, [answer(deliveries[1])]

    def meanwhile(imap: Imap, *rest: Any) -> Any:
        while late:
            dovecot.deliver(NORA, late.pop())
        return real(imap, *rest)

    monkeypatch.setattr(Imap, "headers", meanwhile)
    with watching(poll=60):
        until(lambda: Mail.objects.count() == 2, 20, "the mail that came meanwhile")
    assert ids() == expected(deliveries[:2])


def test_uidvalidity_changes_and_nothing_comes_twice_or_is_missed(
    deliveries: list[Delivery], dovecot: Dovecot, watching: Watching
) -> None:
    dovecot.deliver(NORA, answer(deliveries[0]), stranger(1))
    with watching():
        until(covered, what="coverage")
    before = dovecot.uidvalidity(NORA)
    dovecot.forget_uids(NORA)
    dovecot.deliver(NORA, answer(deliveries[1]))
    assert dovecot.uidvalidity(NORA) != before
    with watching():
        until(lambda: Mail.objects.count() == 2, what="the new mail")
        dovecot.deliver(NORA, answer(deliveries[2]))
        until(lambda: Mail.objects.count() == 3, what="one more")
    assert ids() == expected(deliveries[:3])
    folder = inbox()
    assert folder
    assert (folder.uidvalidity, folder.last_uid) == (dovecot.uidvalidity(NORA), 4)


def test_server_killed_in_the_middle(
    deliveries: list[Delivery], dovecot: Dovecot, watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "CHUNK", 1)
    dovecot.deliver(NORA, *(answer(each, number) for number in range(1, 21) for each in deliveries))
    with watching():
        until(lambda: Mail.objects.count() > 10, what="some mails")
        dovecot.kill()
        until(lambda: Reading.objects.exclude(reason="").exists(), what="a reason")
        reading = Reading.objects.get()
        assert reading.reason in {"dropped", "refused"}
        assert covered() is None  # not all that was there is taken
        dovecot.start()
        Reading.objects.update(due_at=None)
        until(covered, what="coverage")
    assert ids() == sorted(each for number in range(1, 21) for each in expected(deliveries, number))
    assert Reading.objects.get().reason == ""


def test_coverage_stays_before_a_mail_that_cannot_be_taken(
    deliveries: list[Delivery], dovecot: Dovecot, watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.deliver(NORA, answer(deliveries[0]), answer(deliveries[1]), answer(deliveries[2]))
    real = read.take

    def full_disk(mailbox: Mailbox, folder: Folder, uid: int, *rest: Any) -> Mail:
        if uid == 2:
            raise OSError("no space left")
        return real(mailbox, folder, uid, *rest)

    monkeypatch.setattr(read, "take", full_disk)
    with watching():
        until(lambda: Reading.objects.filter(reason="mail_not_taken").exists(), what="a reason")
        assert ids() == expected([deliveries[0], deliveries[2]])
        assert covered() is None
        monkeypatch.setattr(read, "take", real)
        Reading.objects.update(due_at=None)
    with watching():
        until(covered, what="coverage")
    assert ids() == expected(deliveries[:3])


def test_one_worker_reads_and_another_takes_over(
    deliveries: list[Delivery], dovecot: Dovecot, watching: Watching
) -> None:
    with watching() as first, watching() as second:
        until(covered, what="coverage")
        time.sleep(1)
        assert len(first.watched) + len(second.watched) == 1
        assert len(dovecot.doveadm("who", "-1", NORA).splitlines()) == 2  # a heading, and one connection


def test_wrong_password_says_why_and_a_new_one_is_tried_at_once(
    deliveries: list[Delivery], dovecot: Dovecot, watching: Watching, live: World
) -> None:
    good = Mailbox.objects.get().secret
    Mailbox.objects.update(secret="")
    with watching():
        until(lambda: Reading.objects.filter(reason="auth_535").exists(), what="a reason")
        assert "AUTHENTICATIONFAILED" in Reading.objects.get().reason_words
        Mailbox.objects.update(secret=good)
        until(covered, 20, "coverage")
    assert Reading.objects.get().reason == ""


def test_mailboxes_that_are_not_read_are_left_alone(
    deliveries: list[Delivery], watching: Watching, live: World
) -> None:
    sending_mailbox(live.nora, address="other@halden.example")
    with watching() as watch:
        until(covered, what="coverage")
        Mailbox.objects.update(reads=False)
        until(lambda: not watch.watched, 20, "letting go")
    assert Reading.objects.count() == 1


def test_mails_older_than_the_connection_are_not_looked_at(
    deliveries: list[Delivery], dovecot: Dovecot, watching: Watching
) -> None:
    with dovecot.client(NORA) as client:
        client.append("INBOX", "", '"01-Jan-2020 10:00:00 +0000"', answer(deliveries[0]))
    dovecot.deliver(NORA, answer(deliveries[1]))
    with watching():
        until(covered, what="coverage")
    assert ids() == expected(deliveries[1:2])
