"""A mailbox that signs in by OAuth 2 is read: at a real Dovecot, which asks the authorization server."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from overture.inbound.models import Folder, Reading
from overture.mailboxes.edit import sign_in_again
from overture.mailboxes.imap_account import ImapAccount
from overture.mailboxes.models import Mailbox
from overture.mailboxes.providers.imap import ImapError, connect
from overture.notices.models import Notice
from tests.delivery.workers import until
from tests.fakes.oauth_server import OAuthServer, authorizing, settings_for
from tests.inbound.cast import NORA
from tests.inbound.conftest import Watching
from tests.mailboxes.test_oauth import _at, _signed_in, connected
from tests.servers.dovecot import Dovecot
from tests.world import World

pytestmark = pytest.mark.slow


class Both(NamedTuple):
    oauth: OAuthServer
    dovecot: Dovecot


@pytest.fixture
def both(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Both]:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    with authorizing() as server:
        folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        dovecot = Dovecot(folder, introspection=f"{server.url}/introspect")
        dovecot.start()
        settings.OVERTURE_OAUTH = settings_for(server, 2525, dovecot.imap)
        yield Both(server, dovecot)
        dovecot.kill()
        shutil.rmtree(folder)


def read_up_to() -> Any:
    return Folder.objects.filter(role="inbox").values_list("read_up_to", flat=True).first()


def test_reads_renews_and_asks_to_sign_in_again(live: World, both: Both, watching: Watching) -> None:
    box = connected(live)
    Mailbox.objects.filter(pk=box.pk).update(reads=True)
    with watching(poll=0.3):
        until(read_up_to, what="coverage")
        both.oauth.expire()  # earlier than it said
        both.dovecot.kill()
        both.dovecot.start()
        until(lambda: both.oauth.count("refresh_token") == 1, 120, "a new token")
        moment = read_up_to()
        until(lambda: read_up_to() > moment, 120, "reading on")
        both.oauth.end(NORA)
        both.dovecot.kill()
        both.dovecot.start()
        until(lambda: Mailbox.objects.get().state == "reconnect", 120, "reconnect")
        assert Notice.objects.get().kind == "mailbox_reconnect"
        box.refresh_from_db()
        sign_in_again(live.nora, box, _signed_in(_at()), True)
        moment = read_up_to()
        until(lambda: read_up_to() > moment, 120, "reading on")
    assert Reading.objects.get().reason == ""


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
def test_both_mechanisms(live: World, both: Both, mechanism: str, monkeypatch: pytest.MonkeyPatch) -> None:
    connected(live)
    token = next(iter(both.oauth.grants[0].access))
    if mechanism == "OAUTHBEARER":
        configuration = both.dovecot.folder / "dovecot.conf"
        configuration.write_text(configuration.read_text().replace(" xoauth2", ""))
        both.dovecot.doveadm("reload")
        until(lambda: not _offers(both.dovecot, b"XOAUTH2"), 10, "another offer")
    good = ImapAccount("127.0.0.1", both.dovecot.imap, "none", NORA, access_token=token, allow_private=True)
    connect(good).log_out()
    bad = ImapAccount("127.0.0.1", both.dovecot.imap, "none", NORA, access_token="x", allow_private=True)
    with pytest.raises(ImapError) as told:
        connect(bad)
    assert (told.value.code, told.value.permanent) == ("token_refused", True)
    assert told.value.reply


def _offers(dovecot: Dovecot, mechanism: bytes) -> bool:
    import socket

    with socket.create_connection(("127.0.0.1", dovecot.imap), 5) as sock:
        return mechanism in sock.recv(4096)
