"""A mailing by access token through a real Postfix, whose Dovecot has each token judged."""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from overture.delivery.sending import send_mailbox
from overture.mailboxes.check import check_kept
from overture.mailboxes.models import Mailbox
from overture.notices.models import Notice
from tests.delivery.cast import counts, crowd, sent
from tests.fakes.oauth_server import OAuthServer, authorizing, settings_for
from tests.mailboxes.test_oauth import connected
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix
from tests.world import World

pytestmark = pytest.mark.slow


class Real(NamedTuple):
    oauth: OAuthServer
    postfix: Postfix


@pytest.fixture
def real(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Real]:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    folder = Path(tempfile.mkdtemp(prefix="oauth-"))
    folder.chmod(0o755)
    with authorizing() as server:
        dovecot = Dovecot(folder / "dc", introspection=f"{server.url}/introspect")
        dovecot.start()
        postfix = Postfix(folder / "pf", dovecot)
        postfix.start("halden.example")
        settings.OVERTURE_OAUTH = settings_for(server, postfix.port, dovecot.imap)
        yield Real(server, postfix)
        postfix.stop()
        dovecot.kill()
    shutil.rmtree(folder, ignore_errors=True)


def _arrived(postfix: Postfix, count: int) -> list[str]:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        found = re.findall(r"to=<([^>]+)>.*status=sent", postfix.log())
        if len(found) >= count:
            break
        time.sleep(0.2)
    return found


def test_mailing_of_300_goes_on_with_a_new_token(live: World, real: Real) -> None:
    box = connected(live)
    Mailbox.objects.update(per_minute=100_000, per_hour=1_000_000, per_day=10_000_000)
    box.refresh_from_db()
    assert check_kept(box).code == "ok"  # both ways, by XOAUTH2
    crowd(live.nora, 300)
    mailing = sent(live.nora, mailbox=box)
    real.oauth.expire()
    send_mailbox(box.pk)
    box.refresh_from_db()
    assert (box.state, box.reason, counts(mailing)) == ("connected", "token_refused", {"queued": 300})
    assert "535" in box.reason_words
    Mailbox.objects.update(backoff_until=None)
    send_mailbox(box.pk)
    assert counts(mailing) == {"sent": 300}
    found = _arrived(real.postfix, 300)
    assert (len(found), len(set(found))) == (300, 300)
    assert real.oauth.count("refresh_token") == 1

    real.oauth.end("nora@halden.example")
    assert check_kept(box).code == "token_refused"
    assert not Notice.objects.exists()
