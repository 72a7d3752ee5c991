"""A mailing by access token: Postfix and Dovecot have each token judged, and its reports come back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from overture.delivery.models import Delivery
from overture.delivery.sending import send_mailbox
from overture.inbound.models import Folder
from overture.mailboxes.check import check_kept
from overture.mailboxes.models import Mailbox
from overture.notices.models import Notice
from tests.delivery.cast import counts, crowd, sent
from tests.delivery.workers import until
from tests.fakes.oauth_server import OAuthServer, authorizing, settings_for
from tests.inbound.conftest import Watching, watching
from tests.mailboxes.test_oauth import connected
from tests.servers.road import Road, road
from tests.world import World

pytestmark = pytest.mark.slow
__all__ = ["watching"]
REFUSED = {f"jo{number}@x.example" for number in range(20, 300, 24)}


class Real(NamedTuple):
    oauth: OAuthServer
    way: Road


@pytest.fixture
def real(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Real]:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    with authorizing() as server, road(introspection=f"{server.url}/introspect") as way:
        settings.OVERTURE_OAUTH = settings_for(server, way.postfix.port, way.dovecot.imap)
        yield Real(server, way)


def test_token_ends_in_the_middle_of_300_and_their_reports_are_read_by_token(
    live: World, real: Real, watching: Watching
) -> None:
    real.way.far.behaviour.refuses = dict.fromkeys(REFUSED, "550 5.1.1 User unknown")
    box = connected(live)
    Mailbox.objects.update(reads=True, per_minute=150, per_hour=1_000_000, per_day=10_000_000)
    box.refresh_from_db()
    assert check_kept(box).code == "ok"  # both ways, by XOAUTH2
    crowd(live.nora, 300)
    mailing = sent(live.nora, mailbox=box)
    send_mailbox(box.pk)
    assert counts(mailing) == {"sent": 150, "queued": 150}

    real.oauth.expire()  # earlier than it said
    Mailbox.objects.update(per_minute=100_000)
    send_mailbox(box.pk)
    box.refresh_from_db()
    assert (box.state, box.reason) == ("connected", "token_refused")
    assert "535" in box.reason_words
    assert counts(mailing) == {"sent": 150, "queued": 150}
    Mailbox.objects.update(backoff_until=None)
    send_mailbox(box.pk)
    assert counts(mailing) == {"sent": 300}
    assert real.oauth.count("refresh_token") == 1

    with watching():
        until(lambda: _bounced() == REFUSED, what="reports")
    got = Counter(each for message in real.way.far.messages() for each in message.recipients)
    assert got == {each: 1 for number in range(300) if (each := f"jo{number}@x.example") not in REFUSED}
    assert Folder.objects.get(role="inbox").read_up_to is not None
    assert real.oauth.count("refresh_token") == 1

    real.oauth.end("nora@halden.example")
    assert check_kept(box).code == "token_refused"
    assert not Notice.objects.exists()


def _bounced() -> set[str]:
    return set(Delivery.objects.filter(bounce_kind="hard").values_list("address", flat=True))
