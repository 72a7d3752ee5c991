"""What an ad may say: strict addresses, one reason for each refusal."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.ads.details import AdError, Details, check_details, web_address

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://brand.example/winter", "https://brand.example/winter"),
        (" https://Brand.Example ", "https://brand.example"),
        ("http://brand.example:8080/a?b=c&d=%20#e", "http://brand.example:8080/a?b=c&d=%20#e"),
        ("https://straße.example/été?q=café", "https://xn--strae-oqa.example/%C3%A9t%C3%A9?q=caf%C3%A9"),
        ("http://127.0.0.1:9999/landing", "http://127.0.0.1:9999/landing"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
        ("http://localhost:8000/x", "http://localhost:8000/x"),
        ("HTTPS://brand.example/X", "https://brand.example/X"),
    ],
)
def test_web_address_is_kept_in_ascii(url: str, kept: str) -> None:
    assert web_address(url, "landing_page") == kept


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example/x",
        "/local",
        "brand.example",
        "https:brand.example",
        "https://",
        "https:///x",
        "https://user@brand.example/",
        "https://brand.example\\@evil.example/",
        "https://brand.example/a b",
        "https://brand.example/\r\nSet-Cookie: a=b",
        "https://brand.example/%zz",
        "https://brand.example:99999/",
        "https://brand.example:0/",
        "https://[::1/",
        "https://brand..example/",
        "ftp://brand.example/",
        'https://brand.example/"onmouseover=',
    ],
)
def test_web_address_refuses(url: str) -> None:
    with pytest.raises(AdError) as refused:
        web_address(url, "landing_page")
    assert (refused.value.field, refused.value.code) == ("landing_page", "bad_url")


@given(st.text(max_size=60) | st.from_regex(r"https?://[^\s]{1,40}", fullmatch=True))
def test_web_address_passes_only_what_a_header_can_carry(text: str) -> None:
    try:
        kept = web_address(text, "landing_page")
    except AdError:
        return
    parts = urlsplit(kept)
    assert parts.scheme in {"http", "https"}
    assert parts.hostname
    assert parts.username is None
    assert kept.isascii()
    assert kept.isprintable()
    assert not set(" \"<>\\'") & (set(kept) - {"'"})
    assert web_address(kept, "landing_page") == kept


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"name": " "}, "name", "required"),
        ({"name": "x" * 121}, "name", "too_long"),
        ({"kind": "coupon"}, "kind", "bad_kind"),
        ({"text": ""}, "text", "required"),
        ({"landing_page": ""}, "landing_page", "required"),
        ({"landing_page": "https://brand.example/" + "x" * 1000}, "landing_page", "too_long"),
        ({"kind": "banner"}, "image", "required"),
        ({"kind": "banner", "image": "http://brand.example/x.png"}, "image", "not_https"),
        ({"kind": "banner", "image": "https://brand.example/x.png", "width": 0}, "width", "bad_size"),
        ({"kind": "banner", "image": "https://brand.example/x.png", "height": 4001}, "height", "bad_size"),
        ({"active_to": NOW}, "active_to", "ends_before_start"),
        ({"text": "zero\u200bwidth"}, "text", "bad_text"),
    ],
)
def test_details_name_the_field_that_cannot_stand(changed: dict[str, object], field: str, code: str) -> None:
    given_details = {
        "name": "Winter",
        "kind": "text",
        "text": "Winter linen",
        "landing_page": "https://brand.example/",
    }
    with pytest.raises(AdError) as refused:
        check_details(Details(**{**given_details, **changed}), NOW)  # type: ignore[arg-type]
    assert (refused.value.field, refused.value.code) == (field, code)


def test_banner_from_loopback_serves_trials() -> None:
    details = Details(
        "W", "banner", "https://brand.example/", image="http://127.0.0.1:8000/x.png", width=600, height=200
    )
    columns = check_details(details, NOW)
    assert (columns["image"], columns["width"], columns["height"]) == (
        "http://127.0.0.1:8000/x.png",
        600,
        200,
    )
