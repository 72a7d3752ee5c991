"""Headers as strangers write them: read as mail clients read them, in bounded time, and never a raise."""

from __future__ import annotations

from time import process_time

import pytest

from overture.inbound.headers import decoded, headers_of, sender_of

REPLY = b"""Message-ID: <reply.1@partner.example>\r
In-Reply-To: <abc@brand.example>\r
References: <first@brand.example>\r
\t<abc@brand.example>\r
From: =?utf-8?Q?Zo=C3=AB_?=\r
 =?utf-8?B?TcO8bGxlcg==?= <zoe@partner.example>\r
To: "Brand, the" <out@brand.example>, other@brand.example\r
Delivered-To: out@brand.example\r
Return-Path: <>\r
Subject: =?iso-8859-1?Q?R=E9p_:_Offre?=\r
Auto-Submitted: Auto-Replied\r
X-Failed-Recipients: gone@partner.example\r
X-Microsoft-Original-Message-ID: <ours@brand.example>\r
\r
From: body@partner.example\r
"""


def test_headers_are_unfolded_and_decoded() -> None:
    found = headers_of(7, REPLY)
    assert (found.uid, found.message_id, found.in_reply_to) == (
        7,
        "reply.1@partner.example",
        ("abc@brand.example",),
    )
    assert found.references == ("first@brand.example", "abc@brand.example")
    assert (found.sender, found.sender_name) == ("zoe@partner.example", "Zoë Müller")
    assert found.to == ("out@brand.example", "other@brand.example")
    assert (found.return_path, found.first("return-path")) == ("", "<>")
    assert (found.subject, found.auto_submitted) == ("Rép : Offre", "auto-replied")
    assert found.failed_recipients == ("gone@partner.example",)
    assert found.original_ids == ("ours@brand.example",)


def test_fingerprint_of_the_header_alone_and_of_the_whole_mail_is_the_same() -> None:
    header = REPLY.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    assert headers_of(1, header).fingerprint == headers_of(2, REPLY).fingerprint
    other = REPLY.replace(b"Offre", b"Autre")
    assert headers_of(1, other).fingerprint != headers_of(1, REPLY).fingerprint


@pytest.mark.parametrize(
    ("written", "address", "name"),
    [
        ('"Doe, John" <john@a.example>', "john@a.example", "Doe, John"),
        ("john@a.example (John)", "john@a.example", ""),
        ("ceo@brand.example <evil@a.example>", "evil@a.example", "ceo@brand.example"),
        ("undisclosed", "", ""),
        ("", "", ""),
        ("<a@b@c>", "", ""),
    ],
)
def test_sender_is_read(written: str, address: str, name: str) -> None:
    found = sender_of(written)
    assert found == (address, name) if address else found[1] == ""


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("=?utf-8?Q?a=0D=0ABcc:_x?=", "a Bcc: x"),
        ("=?no-such-charset?Q?a?=", "=?no-such-charset?Q?a?="),
        ("=?utf-8?B?!!!?=", ""),
        ("plain = ? text", "plain = ? text"),
    ],
)
def test_encoded_words_cannot_carry_controls_nor_fail(written: str, read: str) -> None:
    assert decoded(written) == read


@pytest.mark.parametrize(
    "bomb",
    [
        b"Subject: " + b"=?utf-8?Q?a?= " * 100_000,
        b"From: " + b"(" * 1_000_000,
        b"To: " + b"a@b.example," * 100_000,
        b"References: " + b"<" * 1_000_000,
        b"X: y\n" * 1_000_000,
        b"From: " + b"a" * 1_000_000,
        b"From: " + b"<a@" * 300_000,
        bytes(range(256)) * 4_000,
        b"",
    ],
)
def test_bombs_are_read_in_bounded_time(bomb: bytes) -> None:
    begun = process_time()
    found = headers_of(1, bomb)
    assert process_time() - begun < 1
    assert len(found.to) <= 100
