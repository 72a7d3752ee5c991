"""Days as lists tell them."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import override

from overture.templatetags.prospects import short_day

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("language", "day", "told"),
    [
        ("en", date(2026, 11, 20), "20 Nov"),
        ("en", date(2025, 2, 1), "1 Feb 2025"),
        ("fr", date(2026, 11, 20), "20 nov."),
        ("fr", date(2026, 3, 1), "1 mars"),
        ("fr", date(2025, 7, 1), "1 juil. 2025"),
    ],
)
def test_short_day_is_written_as_its_language_writes_it(language: str, day: date, told: str) -> None:
    with override(language):
        assert short_day(day, TODAY) == told


def test_no_day_is_nothing() -> None:
    assert short_day(None) == ""
