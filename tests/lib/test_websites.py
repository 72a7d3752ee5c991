"""Websites: what two partners with the same one have in common, and what tells nobody apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.lib import websites
from overture.lib.websites import Website, WebsiteError


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("https://www.Foo.example/a/b/?utm=1#top", "foo.example"),
        ("foo.example", "foo.example"),
        ("//foo.example:443", "foo.example"),
        ("http://foo.example.:80/", "foo.example"),
        ("http://foo.example:8080", "foo.example"),
        ("https://MÜLLER.example", "xn--mller-kva.example"),
        ("https://www.example.test", "example.test"),
        ("instagram.com/Some.One/", "instagram.com/some.one"),
        ("https://instagram.com/some.one?hl=fr", "instagram.com/some.one"),
        ("https://www.instagram.com/", None),
        ("https://instagram.com/p/Cxyz", None),
        ("https://m.youtube.com/@Chan/videos", "youtube.com/@chan"),
        ("https://youtube.com/channel/UCabC", "youtube.com/channel/UCabC"),
        ("https://youtube.com/watch?v=1", None),
        ("https://youtube.com/channel", None),
        ("https://fr.linkedin.com/in/Jo", "linkedin.com/in/jo"),
        ("https://linkedin.com/company/jo", "linkedin.com/company/jo"),
        ("twitter.com/Jo", "x.com/jo"),
        ("https://facebook.com/profile.php?id=12&x=1", "facebook.com/profile.php?id=12"),
        ("https://facebook.com/profile.php", None),
        ("https://jo.wordpress.com/about", "jo.wordpress.com"),
        ("https://jo.blogspot.fr", "jo.blogspot.com"),
        ("https://jo.blogspot.co.uk", "jo.blogspot.com"),
        ("https://medium.com/@Jo", "medium.com/@jo"),
        ("https://wordpress.com", None),
        ("https://notx.com/a", "notx.com"),
        ("https://none.example", None),
        ("", None),
        ("https://a b.example", None),
    ],
)
def test_match_key(text: str, key: str | None) -> None:
    assert websites.match_key(text) == key


def test_parse_keeps_what_a_page_can_link_to() -> None:
    assert websites.parse(" WWW.Foo.example/a/?b=1#c ") == Website(
        "https://www.foo.example/a?b=1", "foo.example", "", False
    )
    assert websites.parse("http://x.com/jo/") == Website("http://x.com/jo", "x.com", "jo", True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("  ", "empty"),
        ("thomas at x.example", "bad_characters"),
        ("x.example/<b>", "bad_characters"),
        ("http://x.example\\@y.example", "bad_characters"),
        ("x.exam\nple", "bad_characters"),
        ("ftp://x.example", "bad_scheme"),
        ("javascript:alert(1)", "bad_host"),
        ("javascript://x.example/%0aalert(1)", "bad_scheme"),
        ("https://a:b@x.example", "has_password"),
        ("http://192.0.2.1", "bad_host"),
        ("http://[::1", "bad_host"),
        ("localhost", "bad_host"),
        ("x.example:99999", "bad_host"),
        ("x.example/" + "a" * 300, "too_long"),
    ],
)
def test_parse_refuses(text: str, code: str) -> None:
    with pytest.raises(WebsiteError) as refused:
        websites.parse(text)
    assert refused.value.code == code


@given(st.text() | st.text(alphabet="abc./:?#@%\\ é", max_size=30).map(lambda text: "https://" + text))
def test_parse_gives_only_web_addresses_and_again_itself(text: str) -> None:
    try:
        website = websites.parse(text)
    except WebsiteError:
        return
    assert website.url.startswith(("https://", "http://"))
    assert len(website.url) <= websites.LONGEST
    assert websites.parse(website.url) == website


def test_shown_host_is_readable() -> None:
    assert websites.shown_host(websites.parse("xn--mller-kva.example")) == "müller.example"
