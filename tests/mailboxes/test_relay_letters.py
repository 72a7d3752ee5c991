"""A letter as each relay gets it: parts, headers and files are those that compose made."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from email.utils import parseaddr
from typing import Any

import pytest

from overture.compose import Sender, compile
from overture.compose.attached import Attached
from overture.mailboxes.providers import Letter, Outcome
from overture.mailboxes.relays.account import RelayAccount
from overture.mailboxes.relays.connection import connect
from overture.mailboxes.relays.kinds import KINDS
from tests.compose.cast import EN, JOHN, OPT_OUT, TO_JOHN, parsed
from tests.fakes.relays import KEY, Relays, relaying

CODES = tuple(KINDS)
LETTER = compile(
    "Ça va, {firstName|there}, and a subject so long that it cannot stand on one line of any header at all",
    "<p>Hi {firstName|there} — {mpname|you}</p>\n<p>.A dot first, and "
    "a line that is far longer than quoted-printable would let it be: " + "é" * 200 + "</p>",
    EN,
)  # fmt: skip
NORA = Sender(
    "nora@halden.example", "Nora Lindqvist, Halden & Rowe", "reponses@halden.example",
    in_reply_to="2.b@partner.example", references=tuple(f"{n}.a@partner.example" for n in range(12)),
)  # fmt: skip
FILES = (
    Attached("tarifs d’été.csv", "text/csv", "a;é\r\n1;2\r\n".encode("latin-1")),
    Attached("terms.pdf", "application/pdf", bytes(range(256)) * 40),
)


@pytest.fixture
def relays(settings: Any) -> Iterator[Relays]:
    with relaying() as server:
        settings.OVERTURE_RELAY_URL = server.url
        yield server


def account(code: str, **fields: Any) -> RelayAccount:
    region = {"amazon_ses": "eu-west-1", "mailgun": "eu"}.get(code, "")
    return replace(RelayAccount(code, KEY, region, "halden.example", KEY), **fields)


def send(code: str, letters: list[Letter], seconds: float = 20) -> tuple[str, list[Outcome], list[Any]]:
    told: list[Outcome] = []
    begun: list[Any] = []

    async def go() -> str:
        connection = await connect(account(code))
        ending = await connection.send(iter(letters), begun.append, told.append, time.monotonic() + seconds)
        await connection.close()
        return ending.code

    return asyncio.run(go()), told, begun


def letter(sender: Sender = NORA, files: tuple[Attached, ...] = FILES, number: int = 1) -> Letter:
    made = LETTER.message(JOHN, LETTER.envelope(sender, files), TO_JOHN)
    return Letter(
        number,
        sender.address,
        "john@partner.example",
        made.data,
        made.needs_smtputf8,
        made.tail,
        is_wired=True,
    )


@pytest.mark.parametrize("code", CODES)
def test_letter_arrives_as_it_was_made(relays: Relays, code: str) -> None:
    made = letter()
    ours = parsed(made.data + made.tail)
    assert send(code, [made])[0] == "done"
    (taken,) = relays.taken
    text, html = (_decoded(ours, kind) for kind in ("plain", "html"))
    assert (_lines(taken.text), _lines(taken.html)) == (_lines(text), _lines(html))
    assert taken.subject == str(ours["Subject"])
    assert parseaddr(taken.sender) == ("Nora Lindqvist, Halden & Rowe", "nora@halden.example")
    assert taken.recipient == "john@partner.example"
    assert taken.headers["list-unsubscribe"] == f"<{OPT_OUT}>"
    assert taken.headers["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert taken.headers["message-id"] == "<1.a@halden.example>"
    assert taken.headers["in-reply-to"] == "<2.b@partner.example>"
    assert taken.headers["references"].split() == str(ours["References"]).split()
    assert parseaddr(taken.headers["reply-to"])[1] == "reponses@halden.example"
    assert taken.metadata == {"overture_id": "1.a"}
    assert taken.files == [(each.name, each.data) for each in FILES]


def test_amazon_gets_the_very_bytes(relays: Relays) -> None:
    made = letter()
    send("amazon_ses", [made])
    raw = relays.taken[0].said["raw"]
    start = raw.index(b"X-Metadata:")
    assert raw[:start] + raw[raw.index(b"\r\n", start) + 2 :] == made.data + made.tail


@pytest.mark.parametrize("code", CODES)
def test_letter_beyond_ascii_or_too_large_fails_without_a_request(relays: Relays, code: str) -> None:
    small = letter(files=())
    large = small._replace(id=2, data=small.data + b"x" * KINDS[code].largest)
    code_of_end, told, begun = send(code, [small._replace(smtputf8=True), large, small._replace(id=3)])
    assert [(each.id, each.kind, each.code) for each in told] == [
        (1, "failed", "smtputf8_missing"), (2, "failed", "too_large"), (3, "sent", "200"),
    ]  # fmt: skip
    assert (code_of_end, begun, relays.requests) == ("done", [3], 1)


@pytest.mark.parametrize("code", CODES)
def test_answer_that_does_not_come_before_the_lease_ends_leaves_unknown(relays: Relays, code: str) -> None:
    relays.faults = {"": "silent"}
    end, told, begun = send(code, [letter(), letter(number=2)], seconds=1.0)
    assert (end, [(each.id, each.kind, each.code) for each in told], begun) == (
        "lease_ended", [(1, "unknown", "lease_ended")], [1],
    )  # fmt: skip
    assert relays.requests == 1


@pytest.mark.parametrize("code", CODES)
def test_nothing_begins_when_the_journal_cannot_be_written(relays: Relays, code: str) -> None:
    told: list[Outcome] = []

    def full(_: Any) -> None:
        raise OSError("no space left")

    async def go() -> None:
        connection = await connect(account(code))
        await connection.send(iter([letter(), letter(number=2)]), full, told.append, time.monotonic() + 20)

    with pytest.raises(OSError, match="no space left"):
        asyncio.run(go())
    assert [(each.id, each.kind) for each in told] == [(1, "returned")]
    assert relays.requests == 0


def test_keys_stand_in_no_representation() -> None:
    assert KEY not in repr(account("resend", key_id=""))


def _decoded(message: Any, kind: str) -> str:
    return str(message.get_body((kind,)).get_content())


def _lines(text: str) -> list[str]:
    return text.rstrip().splitlines()
