"""What is accepted of a partner of the directory."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.directory.details import NAMES, Details, check


def one(name: str, value: Any) -> Any:
    details, errors = check({name: value})
    assert errors == []
    assert details.given == {name}
    return getattr(details, name)


def fault(name: str, value: Any) -> tuple[str, str]:
    details, errors = check({name: value})
    assert details == Details()
    return errors[0].field, errors[0].code


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("name", "  Maison \u200b du\tLin ", "Maison du Lin"),
        ("kind", "Créateur", "creator"),
        ("website", "Lin.example/", "https://lin.example"),
        ("country", "Belgique", "BE"),
        ("category", "maison et décoration", "Home and living"),
        ("category", "Other", "Other"),
        ("languages", "français, EN; de", ("fr", "en", "de")),
        ("audience", "1,2 M", 1_200_000),
        ("audience", 12, 12),
        ("about", " Un fil \r\n et une aiguille ", "Un fil\net une aiguille"),
        ("topics", "Linen, linen; Tea | ", ("Linen", "Tea")),
        ("methods", "Bons de réduction, REVIEWS", ("voucher", "reviews")),
        ("methods", ["video", "Vidéo"], ("video",)),
        ("business_model", "Media publisher", "publisher"),
        ("audience_countries", "France 62 %, BE: 20", {"FR": 62, "BE": 20}),
        ("audience_countries", {"de": 33.9, "Allemagne": 10}, {"DE": 43}),
        ("audience_ages", "18–24 30; 65+ 5", {"18-24": 30, "65+": 5}),
        (
            "channels",
            "YouTube 120k https://video.example/c; lettre d'information: 12 000",
            (
                {"kind": "youtube", "size": 120_000, "url": "https://video.example/c"},
                {"kind": "newsletter", "size": 12_000, "url": ""},
            ),
        ),
        ("channels", [{"kind": "x"}], ({"kind": "x", "size": None, "url": ""},)),
        ("active_on", "2026-01-31", date(2026, 1, 31)),
        ("has_messaging", "Oui", True),
        ("has_messaging", False, False),
        ("address", "Zoé <zoe@lin.example>", "zoe@lin.example"),
        ("audience", None, None),
        ("kind", "", "partner"),
        ("topics", " ", ()),
    ],
)
def test_a_value_is_read_as_people_write_it(name: str, value: Any, read: Any) -> None:
    assert one(name, value) == read


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("name", "x" * 201, "too_long"),
        ("kind", "agency", "unknown_kind"),
        ("website", "no website", "invalid_website"),
        ("country", "Atlantis", "unknown_country"),
        ("category", "Knitting", "unknown_category"),
        ("languages", "Klingon", "unknown_language"),
        ("audience", "many", "invalid_number"),
        ("audience", -1, "invalid_number"),
        ("audience", 10**13, "number_too_large"),
        ("topics", [str(each) for each in range(31)], "too_many"),
        ("topics", {"a": 1}, "bad_shape"),
        ("methods", "spam", "unknown_method"),
        ("business_model", "pyramid", "unknown_business_model"),
        ("audience_countries", "FR 62, BE 40", "over_100"),
        ("audience_countries", "FR", "invalid_percent"),
        ("audience_countries", {"FR": True}, "invalid_percent"),
        ("audience_ages", "24-18 10", "unknown_age"),
        ("channels", "Fax 12", "unknown_channel"),
        ("channels", [{"kind": "x", "fans": 3}], "bad_shape"),
        ("active_on", "31/01/2026", "invalid_date"),
        ("has_messaging", "perhaps", "invalid_flag"),
        ("address", "zoe", "invalid_address"),
        ("address", "z•••@lin.example", "hidden_address"),
        ("colour", "red", "unknown"),
    ],
)
def test_what_means_nothing_is_an_error_with_field_and_code(name: str, value: Any, code: str) -> None:
    assert fault(name, value) == (name, code)


def test_all_that_is_wrong_is_told_at_once() -> None:
    details, errors = check({"name": "Lin", "country": "Atlantis", "audience": "many"})
    assert details.given == {"name"}
    assert [(each.field, each.code, each.value) for each in errors] == [
        ("country", "unknown_country", "Atlantis"),
        ("audience", "invalid_number", "many"),
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=6,
)


@given(st.sampled_from(NAMES), JSON)
def test_whatever_json_says_is_read_or_refused(name: str, value: Any) -> None:
    details, errors = check({name: value})
    assert len(details.given) + len(errors) == 1


@given(st.dictionaries(st.sampled_from(["FR", "BE", "DE", "IT", "US"]), st.floats(0, 60), max_size=5))
def test_percents_never_add_up_to_more_than_all(shares: dict[str, float]) -> None:
    details, errors = check({"audience_countries": shares})
    assert sum(details.audience_countries.values()) <= 100
    assert bool(errors) == (sum(shares.values()) > 100.5)


@given(st.sampled_from(NAMES), st.text(max_size=60))
def test_what_was_read_is_read_again_as_the_same(name: str, text: str) -> None:
    details, errors = check({name: text})
    if not errors:
        value = getattr(details, name)
        again, none = check({name: list(value) if isinstance(value, tuple) else value})
        assert none == []
        assert getattr(again, name) == value
