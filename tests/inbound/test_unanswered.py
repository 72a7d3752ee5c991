"""A worker killed between the last dot and the answer: settled by a copy, or left to a person."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from overture.delivery.models import Mailing
from overture.delivery.steer import resolve_unknown
from overture.inbound.models import SentCopy
from overture.inbound.sent import settle_unknown
from overture.mailboxes.models import Mailbox
from tests.delivery.cast import counts, crowd, sent
from tests.delivery.workers import data_folder, ended, until, worker
from tests.fakes.silenced import Silenced
from tests.inbound.cast import NORA, read_mailbox
from tests.inbound.conftest import Watching
from tests.inbound.test_sent_folder import passed, read_since
from tests.servers.road import Road, road
from tests.world import World

pytestmark = pytest.mark.slow
COUNT = 30


@contextmanager
def watched(world: World, way: Road, watching: Watching) -> Iterator[None]:
    """The mailbox is read by us before any worker could take it."""
    read_mailbox(world.nora, way.dovecot, way.postfix.port)
    with watching(poll=0.5):
        until(lambda: read_since(timezone.now() - timedelta(minutes=1)), what="the first reading")
        yield


def killed_before_the_answers(world: World, way: Road, data: Path) -> tuple[Mailing, int]:
    """Postfix keeps a letter of each connection, and the worker dies before it hears of it. How many."""
    crowd(world.nora, COUNT)
    with Silenced(way.postfix.port) as wire:
        Mailbox.objects.update(port=wire.port)
        mailing = sent(world.nora)
        with worker(data) as doomed:
            until(lambda: wire.heard, what="a letter without an answer")
            time.sleep(0.5)  # the other connections come to the same point
            ended(doomed)
    Mailbox.objects.update(port=way.postfix.port)
    return mailing, wire.heard


def test_copies_of_the_server_settle_what_nobody_heard(
    live: World, watching: Watching, tmp_path: Path
) -> None:
    data = data_folder(tmp_path)
    with road(NORA) as way, watched(live, way, watching):
        mailing, kept = killed_before_the_answers(live, way, data)
        proven = {"sent in_sent_folder": kept, "sent": COUNT - kept}
        with worker(data):
            until(lambda: counts(mailing) == proven, what=str(proven))
        until(lambda: len(way.far.messages()) == COUNT, what="the far end")
        until(lambda: SentCopy.objects.count() == COUNT, what="copies")
        assert len(way.dovecot.mails(NORA, "Sent")) == COUNT
        _each_once(way)


def test_without_copies_a_person_says(live: World, watching: Watching, tmp_path: Path) -> None:
    data = data_folder(tmp_path)
    with road() as way, watched(live, way, watching):
        mailing, kept = killed_before_the_answers(live, way, data)
        unknown = {"unknown worker_died": kept, "sent": COUNT - kept}
        with worker(data):
            until(lambda: counts(mailing) == unknown, what=str(unknown))
            passed(20)
            moment = timezone.now()
            until(lambda: read_since(moment), what="the Sent folder, later")
        until(lambda: len(way.far.messages()) == COUNT, what="the far end")
        _each_once(way)
    assert (settle_unknown(Mailbox.objects.get()), counts(mailing)) == (0, unknown)
    client = Client()
    client.force_login(live.nora.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(f"/w/halden/emails/{mailing.pk}").content.decode()
    assert f"{kept} may have left." in page
    assert resolve_unknown(live.nora, mailing, left=True) == kept
    assert counts(mailing) == {"sent by_hand": kept, "sent": COUNT - kept}


def _each_once(way: Road) -> None:
    got = Counter(each for message in way.far.messages() for each in message.recipients)
    assert got == {f"jo{number}@x.example": 1 for number in range(COUNT)}
