"""Signatures of Overture, checked by another implementation (dkimpy)."""

from __future__ import annotations

from typing import Any

import dkim
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overture.mailboxes.dkim import Signer, new_key, record, says_key

KEY = new_key()
SIGNER = Signer("halden.example", "overture", KEY)
MAIL = (
    b"From: Nora <nora@halden.example>\r\nTo: jo@x.example\r\nSubject: A word\r\n for you\r\n"
    b"Date: Thu, 26 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@halden.example>\r\n"
    b"List-Unsubscribe: <https://o.example/x>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: text/plain\r\nX-Other: 1\r\n\r\nHello  there \t\r\n\r\n.\r\n\r\n\r\n"
)


def holds(mail: bytes, key: str = KEY) -> bool:
    def ask(name: bytes, **_: Any) -> bytes:
        assert name == b"overture._domainkey.halden.example."
        return record(key).encode()

    return bool(dkim.verify(mail, dnsfunc=ask))


def test_signature_holds_and_the_mail_is_as_it_was() -> None:
    signed = SIGNER.sign(MAIL)
    assert holds(signed)
    assert signed.endswith(MAIL)
    assert max(map(len, signed.split(b"\r\n"))) <= 160
    assert not holds(signed, new_key())


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        (b"Subject: A word", b"Subject: Another"),
        (b"List-Unsubscribe: <https://o.example/x>", b"List-Unsubscribe: <https://evil.example/>"),
        (b"List-Unsubscribe-Post: List", b"List-Unsubscribe-Post: X"),
        (b"Hello", b"Hallo"),
        # A second From, which readers would show.
        (b"From: Nora", b"From: Eve <eve@x.example>\r\nFrom: Nora"),
        (b"To: jo@x.example", b"To: jo@x.example\r\nFrom: Eve <eve@x.example>"),
    ],
)
def test_what_is_changed_on_the_way_is_noticed(name: bytes, instead: bytes) -> None:
    signed = SIGNER.sign(MAIL)
    assert name in signed
    assert not holds(signed.replace(name, instead))


def test_what_may_change_on_the_way_does_not_matter() -> None:
    signed = SIGNER.sign(MAIL)
    for before, after in (
        (b"X-Other: 1", b"X-Other: 2"),
        (b"Subject: A word\r\n for you", b"subject:  A word  for you "),
        (b"Hello  there \t\r\n", b"Hello there\r\n"),
    ):
        assert holds(signed.replace(before, after)), after
    assert holds(signed + b"\r\n\r\n")


def test_tail_shared_by_many_is_signed_with_each() -> None:
    head, _, body = MAIL.partition(b"there")
    signed = SIGNER.sign(head, b"there" + body)
    assert holds(signed + b"there" + body)
    assert not holds(signed + b"there." + body)


def test_line_ends_of_any_kind_are_signed_as_they_travel() -> None:
    assert SIGNER.sign(MAIL.replace(b"\r\n", b"\n")) == SIGNER.sign(MAIL)


_BODIES = st.one_of(
    st.binary(max_size=200).filter(lambda body: b"\0" not in body),
    st.text("ab \t\n", max_size=40).map(str.encode),  # spaces in rows, and at the ends of lines
)


@settings(max_examples=400, deadline=None)
@given(_BODIES, st.text("ab \t", max_size=80))
def test_any_body_and_subject_holds(body: bytes, subject: str) -> None:
    body = body.replace(b"\r", b"").replace(b"\n", b"\r\n") + b"\r\n"
    mail = b"From: a@halden.example\r\nSubject: x" + subject.encode() + b"x\r\n\r\n" + body
    assert holds(SIGNER.sign(mail))


def test_last_line_may_lack_its_end() -> None:
    mail = b"From: a@halden.example\r\n\r\nlast \t "
    assert holds(SIGNER.sign(mail) + b"\r\n")


def test_record_is_of_its_key() -> None:
    assert says_key(record(KEY), KEY)
    assert says_key("p=" + record(KEY).rpartition("p=")[2] + " ; k=rsa", KEY)
    assert not says_key(record(new_key()), KEY)
    assert not says_key("v=DKIM1; p=", KEY)
    assert "PRIVATE" not in repr(SIGNER)
