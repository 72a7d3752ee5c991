"""A mailing through a real Postfix to a far end that refuses some: Postfix's reports come back and settle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from overture.accounts.access import make_token
from overture.delivery.invariant import broken
from overture.delivery.models import Delivery, Mailing, Suppression
from overture.inbound.models import Mail
from overture.notices.models import Notice
from tests.delivery.cast import counts, crowd, sent
from tests.delivery.workers import data_folder, until, worker
from tests.inbound.cast import read_mailbox
from tests.servers.road import Road, road
from tests.world import World

pytestmark = pytest.mark.slow
COUNT = 300
# What the far end answers at RCPT, and the kind that a person would say.
REFUSALS = {
    "550 5.1.1 <{}>: Recipient address rejected: User unknown in virtual mailbox table": "hard",
    "550-5.1.1 The email account that you tried to reach does not exist.\r\n550 5.1.1 gsmtp": "hard",
    "554 5.7.1 <{}>: Rejected as spam by our content filter": "blocked",
    "552 5.2.2 <{}>: The mailbox is over quota": "soft",
    "450 4.2.1 <{}>: Mailbox busy, come back": "soft",
}
# Of twelve; one in 24 of the mailing, so that never more than 5 % of what has left is refused.
WORDS = [*list(REFUSALS) * 2, *list(REFUSALS)[:2]]
REFUSED = {f"jo{24 * number + 23}@x.example": words for number, words in enumerate(WORDS)}


@pytest.fixture(scope="module")
def way() -> Iterator[Road]:
    with road(lifetime=3) as found:
        yield found


def test_reports_of_a_mailing_of_300_come_back_and_settle(live: World, way: Road, tmp_path: Path) -> None:
    way.far.behaviour.refuses = {each: words.format(each) for each, words in REFUSED.items()}
    read_mailbox(live.nora, way.dovecot, way.postfix.port)
    crowd(live.nora, COUNT)
    mailing = sent(live.nora)
    with worker(data_folder(tmp_path)):
        until(lambda: len(_bounced()) == len(REFUSED), what="reports")
    mailing.refresh_from_db()

    assert (mailing.state, mailing.reason, counts(mailing)) == ("done", "", {"sent": COUNT})
    kinds = {each.address: each.bounce_kind for each in _bounced()}
    assert kinds == {each: REFUSALS[words] for each, words in REFUSED.items()}
    said = {each.address: each.smtp_reply for each in _bounced()}
    assert said == {each: " ".join(words.format(each).split()) for each, words in REFUSED.items()}
    hard = {each for each, kind in kinds.items() if kind == "hard"}
    assert {each.address: each.reason for each in Suppression.objects.all()} == dict.fromkeys(hard, "bounced")
    assert Counter(Mail.objects.values_list("kind", "state")) == {("bounce", "matched"): len(REFUSED)}
    assert not Notice.objects.exists()
    assert broken() == []
    got = Counter(each for message in way.far.messages() for each in message.recipients)
    assert got == {each: 1 for number in range(COUNT) if (each := f"jo{number}@x.example") not in REFUSED}
    assert _told(live, mailing) == (
        {"replied": 0, "delivered": 0, "bounced": 12, "complained": 0, "opted_out": 0},
        True,
    )


def test_reports_stop_a_mailing_while_the_rest_still_waits(live: World, way: Road, tmp_path: Path) -> None:
    words = next(iter(REFUSALS))
    refused = {f"jo{number}@x.example" for number in (3, 4)}
    way.far.behaviour.refuses = {each: words.format(each) for each in refused}
    before = len(way.far.messages())
    read_mailbox(live.nora, way.dovecot, way.postfix.port, per_minute=30)
    crowd(live.nora, 60)
    mailing = sent(live.nora)
    with worker(data_folder(tmp_path)):
        until(lambda: Mailing.objects.get().state == "paused", what="the stop")
    mailing.refresh_from_db()
    assert (mailing.reason, mailing.reason_facts) == ("too_many_refused", {"bad": 2, "of": 30})
    assert counts(mailing) == {"sent": 30, "queued": 30}
    assert (Notice.objects.get().kind, Notice.objects.get().member) == ("too_many_refused", live.nora)
    assert len(way.far.messages()) - before == 28


def _bounced() -> list[Delivery]:
    return list(Delivery.objects.exclude(bounced_at=None))


def _told(world: World, mailing: Mailing) -> tuple[dict[str, Any], bool]:
    """What the API counts, and whether the page says so."""
    headers = {"authorization": f"Bearer {make_token(world.nora, 'test')[1]}"}
    client = Client()
    told = client.get(f"/api/v1/mailings/{mailing.pk}", headers=headers).json()
    client.force_login(world.nora.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(f"/w/halden/emails/{mailing.pk}").content.decode()
    return told["came_back"], "12 came back" in page
