"""The mail catcher, spoken to over SMTP."""

import asyncio
import smtplib
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from overture.demo import catcher
from overture.demo.models import CaughtEmail

LETTER = (
    b"From: Nora <nora@halden.example>\r\nSubject: =?utf-8?q?Bonjour?=\r\n =?utf-8?q?_Zo=C3=A9?=\r\n"
    b"To: zoe@partner.example\r\n\r\nHello\r\n..a dot\r\nEnd"
)


@pytest.fixture
def listening(transactional_db: None) -> Iterator[int]:
    stop, ready, port = asyncio.Event(), threading.Event(), catcher.free_port()
    loops: list[asyncio.AbstractEventLoop] = []

    async def run() -> None:
        loops.append(asyncio.get_running_loop())
        task = asyncio.create_task(catcher.catch(stop, port))
        await asyncio.sleep(0.2)
        ready.set()
        await task

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    assert ready.wait(10)
    yield port
    loops[0].call_soon_threadsafe(stop.set)
    thread.join(10)


def rows() -> list[Any]:
    return [
        (row.sender, row.recipients, row.subject, bytes(row.raw))
        for row in CaughtEmail.objects.order_by("pk")
    ]


@pytest.mark.slow
def test_catcher_keeps_each_email_before_it_says_250(listening: int) -> None:
    with smtplib.SMTP("127.0.0.1", listening) as client:
        assert (
            client.sendmail("nora@halden.example", ["zoe@partner.example", "b@partner.example"], LETTER) == {}
        )
        assert rows() == [
            (
                "nora@halden.example",
                ["zoe@partner.example", "b@partner.example"],
                "Bonjour Zoé",
                LETTER + b"\r\n",
            )
        ]
        client.sendmail("nora@halden.example", ["c@partner.example"], b"\r\nno head")
    assert rows()[1] == ("nora@halden.example", ["c@partner.example"], "", b"\r\nno head\r\n")


@pytest.mark.slow
def test_catcher_says_451_when_it_could_not_store(listening: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE overture_caughtemail RENAME TO elsewhere")
    try:
        with smtplib.SMTP("127.0.0.1", listening) as client, pytest.raises(smtplib.SMTPDataError) as caught:
            client.sendmail("nora@halden.example", ["zoe@partner.example"], LETTER)
        assert caught.value.smtp_code == 451
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO overture_caughtemail")
    assert rows() == []


@pytest.mark.django_db
def test_catcher_keeps_the_last_ones_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catcher, "KEPT", 20)
    for number in range(5):
        catcher.insert(
            [CaughtEmail(sender="", recipients=[], subject=f"{number}-{n}", raw=b"") for n in range(10)]
        )
    kept = list(CaughtEmail.objects.order_by("pk").values_list("subject", flat=True))
    assert kept == [f"{number}-{n}" for number in (3, 4) for n in range(10)]


@pytest.mark.parametrize(
    ("head", "subject"),
    [
        (b"Subject: plain\r\n", "plain"),
        (b"X: 1\r\nsubject:\r\n folded\r\n too\r\nTo: a\r\n", "folded too"),
        (b"Subject: =?utf-8?b?w4l0w6k=?= 2038\r\n", "Été 2038"),
        (b"Subject: =?nonsense?b?w4l0w6k=?=\r\n", "=?nonsense?b?w4l0w6k=?="),
        (b"Subject: =?utf-8?q?a=0Ab?=\r\n", "a b"),
        ("Subject: é\r\n".encode(), "é"),
        (b"To: a\r\n", ""),
    ],
)
def test_subject_is_read_from_the_head(head: bytes, subject: str) -> None:
    assert catcher.subject_of(head + b"\r\nSubject: not this\r\n") == subject
