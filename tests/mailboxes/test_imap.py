"""Reading over IMAP against a real Dovecot, and against servers that mean harm."""

from __future__ import annotations

import os
import select
import shutil
import socketserver
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme

from overture.mailboxes.imap_account import ImapAccount
from overture.mailboxes.providers import imap_wire
from overture.mailboxes.providers.imap import Imap, ImapError, TlsContext, connect, public_tls
from tests.servers.dovecot import JUNK, PASSWORD, Dovecot

pytestmark = pytest.mark.slow

ALICE = "alice@brand.example"
MAIL = b"Message-ID: <1@a.example>\r\nFrom: jo@a.example\r\nSubject: Hello\r\n\r\nText\r\n"


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    server = Dovecot(folder)
    server.add_user(ALICE)
    server.start()
    yield server
    server.kill()
    shutil.rmtree(folder)


def account(port: int, **fields: Any) -> ImapAccount:
    given = {"username": ALICE, "password": PASSWORD, "allow_private": True, "timeout": 5.0} | fields
    return ImapAccount(host="127.0.0.1", port=port, security=given.pop("security", "none"), **given)


@contextmanager
def connected(dovecot: Dovecot, **fields: Any) -> Iterator[Imap]:
    found = connect(account(dovecot.imap, **fields))
    try:
        yield found
    finally:
        found.log_out()


def test_reads_new_mails_without_marking_them_seen(dovecot: Dovecot) -> None:
    with connected(dovecot) as client:
        first = client.standing("INBOX")
        before = client.examine("INBOX")
        dovecot.deliver(ALICE, MAIL, MAIL.replace(b"<1@", b"<2@"))
        client.look()
        uids = client.uids_after(before.uidnext - 1)
        assert uids == [before.uidnext, before.uidnext + 1]
        header = client.headers(uids, ["Message-ID", "Subject"])[1]
        assert header.data == b"Message-ID: <2@a.example>\r\nSubject: Hello\r\n\r\n"
        whole = client.whole(uids[0])
        assert whole is not None
        assert (whole.data, whole.size) == (MAIL, len(MAIL))
        assert abs((datetime.now(UTC) - whole.received_at).total_seconds()) < 60
        assert client.uids_after(uids[1]) == []
        assert client.whole(uids[1] + 1) is None
        after = client.examine("INBOX")
        assert (after.uidvalidity, after.uidnext) == (before.uidvalidity, before.uidnext + 2)
    assert dovecot.seen(ALICE) == 0
    with connected(dovecot) as client:
        assert client.standing("INBOX").modseq > first.modseq > 0


def test_idle_tells_of_news_and_of_nothing_else(dovecot: Dovecot) -> None:
    with connected(dovecot) as client:
        client.examine("INBOX")
        client.idle()
        assert client.has_news() is False
        dovecot.deliver(ALICE, MAIL)
        _wait_for(client)
        assert client.has_news() is True
        assert client.has_news() is False
        client.end_idle()
        assert client.standing("Sent").uidnext == 1


def test_mail_told_beside_other_answers_is_known_before_idle(dovecot: Dovecot) -> None:
    with connected(dovecot) as client:
        client.examine("INBOX")
        assert client.has_grown() is False
        client.look()
        assert client.has_grown() is False
        dovecot.deliver(ALICE, MAIL)
        client.look()
        assert client.has_grown() is True
        client.examine("INBOX")
        assert client.has_grown() is False


def test_news_before_the_plus_of_idle_is_no_fault() -> None:
    told = {b"IDLE": b"* 4 EXISTS\r\n+ idling\r\n", b"EXAMINE": b"* 3 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n"}

    def answer(tag: bytes, command: bytes) -> bytes:
        said = told.get(command.partition(b" ")[0], b"")
        return said if command == b"IDLE" else said + tag + b" OK done\r\n"

    with hostile(answer) as where:
        client = connect(where)
        client.examine("INBOX")
        client.idle()
        assert client.has_grown() is True
        client.close()


def test_sent_folder_is_found_and_written_to(dovecot: Dovecot) -> None:
    with connected(dovecot) as client:
        assert client.folder_for("sent") == "Sent"
        # By what the server says of it, whatever it is called.
        assert client.folder_for("junk") == JUNK
        client.append("Sent", MAIL, datetime.now(UTC))
    assert dovecot.mails(ALICE, "Sent") == [MAIL]


def test_wrong_password_is_told_as_such(dovecot: Dovecot) -> None:
    with pytest.raises(ImapError) as told:
        connect(account(dovecot.imap, password="wrong"))
    assert (told.value.code, told.value.permanent) == ("auth_535", True)
    assert "AUTHENTICATIONFAILED" in told.value.reply


def test_folder_names_are_encoded(dovecot: Dovecot) -> None:
    with connected(dovecot) as client, pytest.raises(ImapError) as told:
        client.examine("INBOX\r\nA1 DELETE Sent")
    assert told.value.code == "no"


def test_guard_stands_at_the_wire_whatever_calls_it(dovecot: Dovecot) -> None:
    with connected(dovecot) as client:
        inner = client._client
        inner.select_folder("INBOX", readonly=True)
        for call in (
            lambda: inner.search(["SUBJECT", 'x"\r\nA1 LOGOUT']),
            lambda: inner.search(["SUBJECT", "é\r\nA1 LOGOUT"], charset="UTF-8"),
            lambda: inner.login("a\r\nA1 LOGOUT", "b"),
            lambda: inner.fetch([1], ["BODY[]\r\nA1 LOGOUT"]),
        ):
            with pytest.raises(imap_wire.Unsafe):
                call()
        inner.noop()


def test_credentials_with_line_ends_are_never_sent(dovecot: Dovecot) -> None:
    with pytest.raises(ImapError, match="CR, LF or NUL"):
        connect(account(dovecot.imap, password="a\r\nA1 LOGOUT"))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"allow_private": False}, "port_refused"),
        ({"security": "starttls"}, "starttls_missing"),
        ({"security": "tls"}, "tls"),
    ],
)
def test_ways_to_connect_that_are_refused(dovecot: Dovecot, fields: dict[str, Any], code: str) -> None:
    with pytest.raises(ImapError) as told:
        connect(account(dovecot.imap, **fields))
    assert told.value.code == code


@pytest.fixture(scope="module")
def secured() -> Iterator[tuple[Dovecot, TlsContext]]:
    """A Dovecot with a certificate for `localhost`, and who trusts its authority."""
    authority, folder = trustme.CA(), Path(tempfile.mkdtemp(prefix="dovecot-"))
    folder.chmod(0o755)
    certificate, key = folder / "cert.pem", folder / "key.pem"
    issued = authority.issue_cert("localhost")
    issued.cert_chain_pems[0].write_to_path(certificate)
    issued.private_key_pem.write_to_path(key)

    def trusting() -> ssl.SSLContext:
        context = ssl.create_default_context()
        authority.configure_trust(context)
        return context

    server = Dovecot(folder / "dc", certificate=(certificate, key))
    server.start()
    server.add_user(ALICE)
    yield server, trusting
    server.kill()
    shutil.rmtree(folder)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_secure_connection_reads_and_idles(secured: tuple[Dovecot, TlsContext], security: str) -> None:
    server, trusting = secured
    port = server.imaps if security == "tls" else server.imap
    client = connect(replace(account(port, security=security), host="localhost"), trusting)
    assert isinstance(client._client.wire.sock, ssl.SSLSocket)
    before = client.examine("INBOX")
    client.idle()
    server.deliver(ALICE, MAIL)
    _wait_for(client)
    assert client.has_news() is True
    client.end_idle()
    client.look()
    [uid] = client.uids_after(before.uidnext - 1)
    whole = client.whole(uid)
    assert whole is not None
    assert whole.data == MAIL
    client.log_out()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_refusal_over_a_secure_connection_leaves_no_socket_open(
    secured: tuple[Dovecot, TlsContext], security: str
) -> None:
    server, trusting = secured
    port = server.imaps if security == "tls" else server.imap
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(ImapError) as told:
        connect(replace(account(port, security=security, password="wrong"), host="localhost"), trusting)
    assert (told.value.code, len(os.listdir("/proc/self/fd"))) == ("auth_535", before)


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize(("host", "code"), [("127.0.0.1", "certificate_name"), ("localhost", "certificate")])
def test_certificate_and_name_are_checked_before_the_password_leaves(
    secured: tuple[Dovecot, TlsContext], security: str, host: str, code: str
) -> None:
    server, trusting = secured
    port = server.imaps if security == "tls" else server.imap
    before = server.log().count("Login: ")
    with pytest.raises(ImapError) as told:
        connect(
            replace(account(port, security=security), host=host),
            trusting if code == "certificate_name" else public_tls,
        )
    assert (told.value.code, told.value.permanent) == (code, False)
    assert server.log().count("Login: ") == before


def test_private_addresses_are_refused() -> None:
    with pytest.raises(ImapError) as told:
        connect(account(993, allow_private=False))
    assert told.value.code == "host_refused"


def test_nothing_listens() -> None:
    with pytest.raises(ImapError) as told:
        connect(account(1))
    assert told.value.code == "refused"


@contextmanager
def hostile(answer: Callable[[bytes, bytes], bytes]) -> Iterator[ImapAccount]:
    """A server that signs anybody in and answers the rest as told: (tag, command) to bytes."""

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK ready\r\n")
            for line in self.rfile:
                tag, _, command = line.strip().partition(b" ")
                if command.startswith(b"CAPABILITY"):
                    said = b"* CAPABILITY IMAP4rev1 IDLE\r\n" + tag + b" OK done\r\n"
                elif command.startswith(b"LOGIN"):
                    said = tag + b" OK done\r\n"
                else:
                    said = answer(tag, command)
                try:
                    self.wfile.write(said)
                except OSError:
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield account(server.server_address[1])
        server.shutdown()


@pytest.mark.parametrize(
    "answer",
    [
        b"* 1 FETCH (BODY[] {99999999999}\r\n",
        b"* 1 FETCH (" + b"(" * 100_000 + b"\r\n",
        b"nonsense\r\n" * 10,
        b"* " + b"x" * 20_000_000,
        b"* STATUS INBOX (UIDNEXT oops)\r\n",
        b"* BYE going\r\n",
    ],
)
def test_answers_of_a_hostile_server_are_errors_of_its_mailbox(answer: bytes) -> None:
    with hostile(lambda tag, command: answer + tag + b" OK done\r\n") as where:
        client = connect(where)
        with pytest.raises(ImapError):
            assert (client.standing("INBOX"), client.whole(1)) == ()
        client.close()


def test_endless_answers_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap_wire, "LARGEST_ANSWER", 1_000_000)
    with hostile(lambda tag, command: b"* OK and on it goes\r\n" * 100_000) as where:
        client = connect(where)
        with pytest.raises(ImapError, match="too large"):
            client.standing("INBOX")
        client.close()


def _wait_for(client: Imap) -> None:

    readable, _, _ = select.select([client.fileno()], [], [], 10)
    assert readable
