"""Pages by keyset: every row once, forward and backward, with ties, missing values and broken cursors."""

from __future__ import annotations

import base64
import random
from datetime import timedelta

import pytest
from django.utils import timezone

from overture.lib.paging import CursorError, Page, page
from overture.prospects.models import Prospect
from overture.prospects.sorting import ORDERS, sorted_page
from tests import factories
from tests.world import World


@pytest.fixture
def rows(world: World) -> list[Prospect]:
    chance, now = random.Random(1), timezone.now()
    made = []
    for number in range(23):
        row = factories.prospect(
            world.camille,
            chance.choice(["Élan", "elan", "Zoé", "abc"]),
            audience=chance.choice([None, None, 0, 5, 10**12]),
            stage=chance.choice(["new", "joined", "expired"]),
        )
        at = now - timedelta(hours=chance.randint(0, 5), microseconds=number % 2)
        Prospect.objects.filter(pk=row.pk).update(active_at=at, created_at=at)
        made.append(row)
    return made


def walk(sort: str, way: str, size: int = 5) -> list[list[int]]:
    found: Page[Prospect] = sorted_page(Prospect.objects.all(), sort, "", size)
    if way == "previous" and found.last is not None:
        found = sorted_page(Prospect.objects.all(), sort, found.last, size)
    pages = [[row.pk for row in found]]
    while (cursor := getattr(found, way)) is not None:
        found = sorted_page(Prospect.objects.all(), sort, cursor, size)
        pages.append([row.pk for row in found])
    return pages


@pytest.mark.parametrize("sort", ORDERS)
def test_every_row_comes_once_in_both_directions(rows: list[Prospect], sort: str) -> None:
    whole = [row.pk for row in sorted_page(Prospect.objects.all(), sort, "", 100)]
    assert sorted(whole) == sorted(row.pk for row in rows)
    forward = walk(sort, "next")
    assert [pk for part in forward for pk in part] == whole
    backward = walk(sort, "previous")
    # The last step back finds a short page and shows the first one in full.
    assert (backward[0], backward[-1]) == (whole[-5:], whole[:5])
    assert [pk for part in reversed(backward[:-1]) for pk in part] == whole[3:]


def test_orders_are_those_people_expect(rows: list[Prospect]) -> None:
    def of(sort: str, field: str) -> list[object]:
        return [getattr(row, field) for row in sorted_page(Prospect.objects.all(), sort, "", 100)]

    audiences = of("-audience", "audience")
    known = [each for each in audiences if each is not None]
    assert known == sorted(known, reverse=True)
    assert audiences[len(known) :] == [None] * (23 - len(known))
    assert of("name", "plain_name") == sorted(of("name", "plain_name"))
    stages = of("stage", "stage")
    assert stages == sorted(stages, key=["new", "joined", "expired"].index)
    assert of("nonsense", "pk") == of("-active_at", "pk")


def test_ends_have_no_way_on(rows: list[Prospect]) -> None:
    first = sorted_page(Prospect.objects.all(), "name", "", 20)
    assert (first.first, first.previous, len(first)) == (None, None, 20)
    last = sorted_page(Prospect.objects.all(), "name", first.last or "", 20)
    assert (last.next, last.last, last.first, len(last)) == (None, None, "", 20)
    only = sorted_page(Prospect.objects.all(), "name", "", 23)
    assert (only.first, only.previous, only.next, only.last) == (None, None, None, None)
    none = sorted_page(Prospect.objects.none(), "name", first.last or "", 23)
    assert (none.items, none.first, none.next) == ([], None, None)


def test_a_page_whose_rows_are_gone_shows_the_last_one(rows: list[Prospect]) -> None:
    whole = [row.pk for row in sorted_page(Prospect.objects.all(), "name", "", 100)]
    first = sorted_page(Prospect.objects.all(), "name", "", 20)
    Prospect.objects.filter(pk__in=whole[20:]).delete()
    assert [row.pk for row in sorted_page(Prospect.objects.all(), "name", first.next or "", 10)] == whole[
        10:20
    ]


@pytest.mark.parametrize(
    "text",
    [
        '["a","plain_name",null,1]', '["a","active_at","x",1]',
        '["a","plain_name","x"]', '["q","plain_name"]',
        '["a","plain_name","x","1"]', '["a","plain_name","x",99999999999999999999]', '["z"]', "{}", "7",
        '["a","plain_name","\\u0000",1]', '["a","plain_name","x",1,1]',
        "[" * 9000, '["b","-plain_name","x",1]',
    ],
)  # fmt: skip
def test_broken_cursors_are_refused(db: None, text: str) -> None:
    cursor = base64.urlsafe_b64encode(text.encode()).decode()
    with pytest.raises(CursorError):
        page(Prospect.objects.all(), ORDERS["name"], cursor)
    with pytest.raises(CursorError):
        page(Prospect.objects.all(), ORDERS["name"], text)


@pytest.mark.parametrize(
    ("sort", "value"),
    [
        ("name", '"\\ud800"'), ("audience", "1e999"), ("audience", "-Infinity"), ("audience", "NaN"),
        ("stage", "Infinity"), ("active_at", '"0001-01-01T00:00:00+23:59"'),
        ("active_at", '"9999-12-31T23:59:59-23:59"'), ("created_at", '"2026-01-01T00:00:00"'),
    ],
)  # fmt: skip
def test_values_that_no_column_holds_are_refused(db: None, sort: str, value: str) -> None:
    text = f'["a","{ORDERS[sort]}",{value},1]'
    with pytest.raises(CursorError):
        sorted_page(Prospect.objects.all(), sort, base64.urlsafe_b64encode(text.encode()).decode())


def test_a_moment_of_any_offset_is_compared_in_utc(rows: list[Prospect]) -> None:
    text = '["a","active_at","2001-01-02T03:04:05+23:59",1]'
    found = sorted_page(Prospect.objects.all(), "active_at", base64.urlsafe_b64encode(text.encode()).decode())
    assert [row.pk for row in found] == [row.pk for row in sorted_page(Prospect.objects.all(), "active_at")]
