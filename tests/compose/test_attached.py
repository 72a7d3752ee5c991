"""Files of a letter: read back by the standard library byte for byte, whatever they hold and are called."""

from __future__ import annotations

import email
import random
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.compose import Attached, HeaderError, Message, compile, size_of
from tests.compose.cast import EN, JOHN, NORA, TO_JOHN, parts

LETTER = compile("Hello {firstName|there}", "<p>Hi {firstName|there} — {mpname|you}</p>", EN)
PDF = Attached("Prices 2038.pdf", "application/pdf", b"%PDF-1.7\n.\r\n.\n\0\xff" * 50)
CSV = Attached("Liste été.csv", "text/csv", "nom;prix\r\n.é;1\r\n".encode())


def sent(*files: Attached) -> Message:
    return LETTER.message(JOHN, LETTER.envelope(NORA, files), TO_JOHN)


def read(message: Message) -> EmailMessage:
    found = email.message_from_bytes(message.data + message.tail, policy=default)
    assert isinstance(found, EmailMessage)
    assert [part.defects for part in found.walk()] == [[]] * len(list(found.walk()))
    return found


def files_of(message: EmailMessage) -> list[Attached]:
    return [
        Attached(part.get_filename() or "", part.get_content_type(), part.get_payload(decode=True))  # type: ignore[arg-type]
        for part in message.iter_attachments()
    ]


def test_files_come_after_the_letter_byte_for_byte() -> None:
    message = read(sent(PDF, CSV))
    assert message.get_content_type() == "multipart/mixed"
    assert files_of(message) == [PDF, CSV]
    alternative = next(message.iter_parts())
    assert isinstance(alternative, EmailMessage)
    assert alternative.get_content_type() == "multipart/alternative"
    _, html, text = LETTER.render(JOHN)
    assert parts(alternative) == (text, html)
    assert [part.get_content_disposition() for part in message.iter_attachments()] == ["attachment"] * 2


def test_letter_without_files_is_as_it_was() -> None:
    message = sent()
    assert message.tail == b""
    assert read(message).get_content_type() == "multipart/alternative"
    assert b"mixed" not in message.data


def test_headers_are_the_same_with_and_without_files() -> None:
    def headers(message: Message) -> list[tuple[str, str]]:
        return [each for each in read(message).items() if each[0] != "Content-Type"]

    assert headers(sent(PDF)) == headers(sent())


def test_files_are_encoded_once() -> None:
    envelope = LETTER.envelope(NORA, [PDF])
    first, second = (LETTER.message(JOHN, envelope, TO_JOHN) for _ in range(2))
    assert first.tail is second.tail


@pytest.mark.parametrize(
    "name",
    [
        "prices.pdf",
        "a b (1), [2]; c=d.pdf",
        'quo"te.pdf',
        "back\\slash.pdf",
        "100%.pdf",
        "it's.pdf",
        "*?<>|:.pdf",
        "=?utf-8?q?x=0ABcc:_x@evil.example?=.pdf".replace("=?", "=-"),
        "Été à l’œuvre — 2038.pdf",
        "日本語の価格表.pdf",
        "👩‍👩‍👧.pdf",
        "é" * 146 + ".pdf",
        "日" * 146 + ".pdf",
        "x" * 146 + ".pdf",
        "a.pdf\u202etxt.exe",
    ],
)
def test_any_name_survives(name: str) -> None:
    message = sent(Attached(name, "application/pdf", b"x"))
    assert files_of(read(message)) == [Attached(name, "application/pdf", b"x")]
    assert max(map(len, message.tail.split(b"\r\n"))) <= 78


@pytest.mark.parametrize(
    "name", ["a\r\nBcc: x@evil.example", "a\n.pdf", "a\0.pdf", "a\x85.pdf", "\ud800", "=?utf-8?q?=0ABcc?="]
)
def test_name_that_could_be_a_header_is_refused(name: str) -> None:
    with pytest.raises(HeaderError):
        sent(Attached(name, "application/pdf", b"x"))


@pytest.mark.parametrize("kind", ["application/pdf\r\nX: y", "text", "text/html; charset=x", "", "A/B"])
def test_type_that_is_none_is_refused(kind: str) -> None:
    with pytest.raises(HeaderError):
        sent(Attached("a.pdf", kind, b"x"))


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=150), st.binary()
)
def test_any_file_survives(name: str, data: bytes) -> None:
    # The reader drops white space at the ends; names of files have none there.
    name = f"{name.replace('=?', '?=')}.csv".strip()
    (found,) = files_of(read(sent(Attached(name, "text/csv", data))))
    assert found == Attached(name, "text/csv", data)


def test_wire_form_is_what_smtp_wants() -> None:
    data = random.Random(7).randbytes(100_000)
    message = sent(Attached("a.png", "image/png", data))
    tail = message.tail
    assert tail.isascii()
    assert tail.endswith(b"\r\n")
    assert message.data.endswith(b"\r\n")
    assert tail.count(b"\r\n") == tail.count(b"\n") == tail.count(b"\r")
    assert not any(line.startswith(b".") for line in tail.split(b"\r\n"))
    # Made again by the standard library from what it read, nothing is lost.
    again = email.message_from_bytes(read(message).as_bytes(policy=SMTP), policy=default)
    assert isinstance(again, EmailMessage)
    assert files_of(again)[0].data == data


@pytest.mark.parametrize("size", [0, 1, 56, 57, 58, 1_000_000])
def test_size_is_known_before(size: int) -> None:
    added = len(sent(Attached("é" * 40 + ".csv", "text/csv", b"x" * size)).tail)
    assert added <= size_of([size]) <= added + 3_000
