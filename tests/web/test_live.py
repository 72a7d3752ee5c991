"""What open pages ask: a count for whoever has the signed address, and how soon to ask again."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.test import Client

from overture.conversations.models import Pulse
from overture.conversations.pulse import beat
from overture.web import live
from overture.web.live import beside, live_url
from tests.world import World


@pytest.fixture(autouse=True)
def just_started(monkeypatch: Any) -> Iterator[None]:
    monkeypatch.setattr(live, "_pace", live._Pace())
    monkeypatch.setattr(live, "_counts", counts := live._Counts())
    yield
    if counts._connection:
        counts._connection.close()


def _django(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("299 Django", [])
    return [b"Django"]


def ask(path: str, method: str = "GET") -> tuple[str, bytes]:
    """Of what stands in front of Django."""
    path, _, query = path.partition("?")
    statuses = []

    def start(status: str, headers: list[tuple[str, str]]) -> None:
        statuses.append(status[:3])
        assert (dict(headers).get("Cache-Control") == "no-store") == (status[:3] == "200")

    environ = {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": method}
    body = b"".join(beside(_django)(environ, start))
    return statuses[0], body


@pytest.mark.slow
def test_the_count_is_told_and_nothing_else(live: World, client: Client) -> None:
    brand, other = live_url("w", live.brand.pk), live_url("w", live.other_brand.pk)
    Pulse.objects.all().delete()
    beat(f"w{live.brand.pk}", f"w{live.brand.pk}", f"p{live.brand.pk}")
    assert [ask(brand), ask(f"{other}?after=4")] == [("200", b"2 4"), ("200", b"0 4")]
    assert ask(live_url("p", live.brand.pk)) == ("200", b"1 4")
    # Without a server of ours in front, the same.
    answered = client.get(brand)
    assert (answered.content, answered["Cache-Control"]) == (b"2 4", "no-store")
    beat(f"w{live.brand.pk}")
    time.sleep(1.1)
    assert ask(brand) == ("200", b"3 4")


def test_who_has_not_the_address_is_told_nothing(world: World) -> None:
    token = live_url("w", world.brand.pk).removeprefix("/live/")
    for wrong in ("", "x", token[:-1], "p" + token[1:], token[1:], f"{token}x", "w" * 900, "wé"):
        assert ask(f"/live/{wrong}") == ("404", b"")
    assert ask(f"/live/{token}", "POST") == ("299", b"Django")
    assert ask("/lively") == ("299", b"Django")


@pytest.mark.parametrize("query", ["", "after=", "after=-3", "after=1e9", "after=99999", "after=²", "x=1"])
def test_an_odd_question_is_answered_as_any(world: World, client: Client, query: str) -> None:
    beat(f"w{world.brand.pk}")
    assert client.get(live_url("w", world.brand.pk), QUERY_STRING=query).content[-2:] == b" 4"


@pytest.mark.parametrize(
    ("pages", "every", "told"),
    # 60 a second: 240 pages may ask every four seconds. Hidden ones weigh what they ask.
    [(10, 4, 4), (240, 4, 4), (600, 4, 10), (600, 10, 10), (600, 12, 10), (600, 60, 4), (9_000, 20, 30)],
)
def test_the_more_pages_are_open_the_less_often_they_ask(pages: int, every: int, told: int) -> None:
    now = 0.0
    pace = live._Pace(lambda: now)
    seconds = 4
    for _ in range(3):
        waited = max(every, seconds)
        for _ in range(pages * 10 // waited):
            assert pace.next(waited) == seconds
        now += 10
        seconds = pace.next(waited)
        assert seconds == told
