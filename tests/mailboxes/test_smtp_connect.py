"""Connecting names the cause when it fails, and never speaks in clear what was to be hidden."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from overture.mailboxes.providers import smtp
from overture.mailboxes.providers.smtp import Account, Diagnosis
from tests.fakes.recording_smtp import Behaviour, RecordingSMTP

_AUTHORITY = trustme.CA()
_USERS = {"lena": "pass word é"}


def _server_context(*names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _AUTHORITY.issue_cert(*names).configure_cert(context)
    return context


def _trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    _AUTHORITY.configure_trust(context)
    return context


def _diagnose(port: int, tls: smtp.TlsContext = _trusting, **given: object) -> Diagnosis:
    account = Account("localhost", port, "none", allow_private=True, timeout=2)
    return asyncio.run(smtp.test(replace(account, **given), tls))  # type: ignore[arg-type]


def _diagnose_against(tmp_path: Path, behaviour: Behaviour, **given: object) -> Diagnosis:
    with RecordingSMTP(tmp_path / "log", behaviour) as server:
        return _diagnose(server.port, **given)  # type: ignore[arg-type]


@contextmanager
def _raw_server(first: bytes) -> Iterator[int]:
    """Sends some bytes to whoever connects and closes when they do."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        peer, _ = listener.accept()
        with peer:
            peer.sendall(first)
            while peer.recv(1000):
                pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        thread.join(3)
        listener.close()


@pytest.mark.parametrize("ehlo", [True, False])
def test_connection_to_a_good_server_is_ok(tmp_path: Path, ehlo: bool) -> None:
    size = 50_000_000 if ehlo else 0
    assert _diagnose_against(tmp_path, Behaviour(ehlo=ehlo)) == Diagnosis(True, "ok", "", size)


@pytest.mark.parametrize("mechanisms", ["PLAIN LOGIN", "LOGIN", "CRAM-MD5 PLAIN"])
def test_starttls_and_auth_sign_in(tmp_path: Path, mechanisms: str) -> None:
    behaviour = Behaviour(tls=_server_context("localhost"), users=_USERS, mechanisms=mechanisms)
    with RecordingSMTP(tmp_path / "log", behaviour) as server:
        found = _diagnose(server.port, security="starttls", username="lena", password="pass word é")
    assert found == Diagnosis(True, "ok", "", 50_000_000)
    verbs = [command.split()[0] for command in server.commands]
    assert verbs[:4] == [b"EHLO", b"STARTTLS", b"EHLO", b"AUTH"]


def test_tls_from_the_start_signs_in(tmp_path: Path) -> None:
    behaviour = Behaviour(tls=_server_context("localhost"), tls_at_once=True, users=_USERS)
    found = _diagnose_against(tmp_path, behaviour, security="tls", username="lena", password="pass word é")
    assert found == Diagnosis(True, "ok", "", 50_000_000)


@pytest.mark.parametrize("asks_first", [True, False])
@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
def test_access_token_signs_in(tmp_path: Path, mechanism: str, asks_first: bool) -> None:
    user = "lena,b=c@brand.example"
    behaviour = Behaviour(
        tls=_server_context("localhost"),
        tokens={"tok.en": user},
        mechanisms=f"PLAIN {mechanism}",
        asks_first=asks_first,
    )
    found = _diagnose_against(tmp_path, behaviour, security="starttls", username=user, access_token="tok.en")
    assert found == Diagnosis(True, "ok", "", 50_000_000)


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
def test_refused_token_is_explained_by_the_server(tmp_path: Path, mechanism: str) -> None:
    behaviour = Behaviour(tokens={"good": "lena@brand.example"}, mechanisms=mechanism)
    with RecordingSMTP(tmp_path / "log", behaviour) as server:
        found = _diagnose(server.port, username="lena@brand.example", access_token="old")
    words = '535 5.7.8 bad token {"status":"400","schemes":"Bearer"}'
    assert found == Diagnosis(False, "token_refused", words)
    # Once it was read why, an answer is owed before the refusal; for each mechanism another one.
    assert server.commands[-1] == {"XOAUTH2": b"\r\n", "OAUTHBEARER": b"AQ==\r\n"}[mechanism]


def test_token_never_ends_a_field_early(tmp_path: Path) -> None:
    behaviour = Behaviour(tokens={"good": "lena"}, mechanisms="XOAUTH2")
    with RecordingSMTP(tmp_path / "log", behaviour) as server:
        found = _diagnose(server.port, username="lena", access_token="good\1\1user=eve")
    assert (found.code, found.words) == ("token_refused", "control character")
    assert not [command for command in server.commands if command.startswith(b"AUTH")]


def test_token_is_no_password_for_a_server_without_oauth(tmp_path: Path) -> None:
    behaviour = Behaviour(users=_USERS)
    with RecordingSMTP(tmp_path / "log", behaviour) as server:
        found = _diagnose(server.port, username="lena", access_token="tok.en")
    assert (found.code, found.words) == ("auth_missing", "LOGIN PLAIN")
    assert not [command for command in server.commands if command.startswith(b"AUTH")]


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize(
    ("name", "tls", "code"),
    [("other.example", _trusting, "certificate_name"), ("localhost", smtp.checked_tls, "certificate")],
)
def test_certificate_and_name_are_checked_before_the_password_leaves(
    tmp_path: Path, at_once: bool, name: str, tls: smtp.TlsContext, code: str
) -> None:
    behaviour = Behaviour(tls=_server_context(name), tls_at_once=at_once, users=_USERS)
    with RecordingSMTP(tmp_path / "log", behaviour) as server:
        security = "tls" if at_once else "starttls"
        found = _diagnose(server.port, tls=tls, security=security, username="lena", password="x")
    assert (found.ok, found.code) == (False, code)
    assert found.words
    assert not [command for command in server.commands if command.startswith(b"AUTH")]


def test_certificate_that_does_not_name_the_number_is_told_so(tmp_path: Path) -> None:
    behaviour = Behaviour(tls=_server_context("localhost"), tls_at_once=True)
    assert _diagnose_against(tmp_path, behaviour, security="tls", host="127.0.0.1").code == "certificate_name"


def test_clear_text_behind_starttls_is_not_believed(tmp_path: Path) -> None:
    behaviour = Behaviour(tls=_server_context("localhost"), starttls_extra=b"250 AUTH PLAIN\r\n")
    found = _diagnose_against(tmp_path, behaviour, security="starttls")
    assert found == Diagnosis(False, "tls", "unencrypted answer after STARTTLS")


@pytest.mark.parametrize(
    ("behaviour", "given", "code", "words"),
    [
        (Behaviour(), {"security": "starttls"}, "starttls_missing", ""),
        (Behaviour(greeting="554 5.7.1 go away"), {}, "closing", "554 5.7.1 go away"),
        (Behaviour(greeting="421 4.3.2 too many"), {}, "closing", "421 4.3.2 too many"),
        (Behaviour(greeting="SSH-2.0-OpenSSH_9.2"), {}, "not_smtp", "SSH-2.0-OpenSSH_9.2"),
        (Behaviour(greeting="* OK IMAP4rev1"), {}, "not_smtp", "* OK IMAP4rev1"),
        (Behaviour(greeting=""), {"timeout": 0.2}, "silent", ""),
        (Behaviour(), {"security": "tls"}, "tls", None),
        (
            Behaviour(users=_USERS),
            {"username": "lena", "password": "wrong"},
            "auth_535",
            "535 5.7.8 bad user or password",
        ),
        (Behaviour(users=_USERS, mechanisms="LOGIN"), {"username": "lena"}, "auth_535", None),
        (Behaviour(auth_reply="454 4.7.0 later"), {"username": "lena"}, "auth_later", "454 4.7.0 later"),
        (Behaviour(auth_reply="drop"), {"username": "lena"}, "dropped", None),
        (Behaviour(), {"username": "lena"}, "auth_missing", ""),
        (Behaviour(users=_USERS, mechanisms="GSSAPI"), {"username": "lena"}, "auth_missing", "GSSAPI"),
        (Behaviour(), {"helo": "x\r\nMAIL FROM:<a@b>"}, "bad_helo", None),
    ],
)
def test_cause_is_named(
    tmp_path: Path, behaviour: Behaviour, given: dict[str, object], code: str, words: str | None
) -> None:
    found = _diagnose_against(tmp_path, behaviour, **given)
    assert (found.ok, found.code) == (False, code)
    assert words is None or found.words == words


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"host": "nowhere.invalid"}, "dns"),
        ({"host": "127.0.0.1", "port": 1}, "refused"),
        ({"allow_private": False, "port": 587}, "host_refused"),
        ({"allow_private": False, "host": "8.8.8.8", "port": 6379}, "port_refused"),
    ],
)
def test_host_that_cannot_be_reached_is_named(given: dict[str, object], code: str) -> None:
    assert _diagnose(**{"port": 1, **given}).code == code  # type: ignore[arg-type]


def test_password_never_leaves_in_clear_for_a_public_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("overture.lib.safe_net.is_public", lambda address: True)
    with RecordingSMTP(tmp_path / "log", Behaviour(users=_USERS)) as server:
        found = _diagnose(
            server.port, allow_private=False, mail_ports=(server.port,), username="lena", password="x"
        )
    assert found.code == "auth_clear"
    assert not [command for command in server.commands if command.startswith(b"AUTH")]


def test_endless_reply_is_cut_off() -> None:
    with _raw_server(b"220-x\r\n" * 5000) as port:
        assert _diagnose(port).code == "bad_answer"
    with _raw_server(b"2" * 100_000) as port:
        assert _diagnose(port).code == "bad_answer"


def test_account_does_not_print_its_password() -> None:
    assert "secret" not in repr(Account("h", 25, username="u", password="secret"))
