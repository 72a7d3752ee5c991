"""Simple marks become HTML, and nothing else does."""

from __future__ import annotations

import time

import pytest

from overture.conversations.markup import to_html, to_line

LINK = ('rel="noopener noreferrer nofollow ugc"', 'target="_blank"')


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Hello", '<p dir="auto">Hello</p>'),
        ("One\ntwo\n\nthree", '<p dir="auto">One<br>two</p><p dir="auto">three</p>'),
        ("**10%** until _January_", '<p dir="auto"><strong>10%</strong> until <em>January</em></p>'),
        ("**very _much_**", '<p dir="auto"><strong>very <em>much</em></strong></p>'),
        ("snake_case_name and 2 ** 3 ** 4", '<p dir="auto">snake_case_name and 2 ** 3 ** 4</p>'),
        ("- one\n- two", '<ul dir="auto"><li>one</li><li>two</li></ul>'),
        ("1. one\n2) two", '<ol dir="auto"><li>one</li><li>two</li></ol>'),
        ("To do:\n- one", '<p dir="auto">To do:</p><ul dir="auto"><li>one</li></ul>'),
        (
            "<b>no</b> & <script>x</script>",
            '<p dir="auto">&lt;b&gt;no&lt;/b&gt; &amp; &lt;script&gt;x&lt;/script&gt;</p>',
        ),
        ("javascript:alert(1)", '<p dir="auto">javascript:alert(1)</p>'),
        ("", ""),
    ],
)
def test_marks_become_html(text: str, html: str) -> None:
    assert to_html(text) == html


@pytest.mark.parametrize(
    ("text", "address", "rest"),
    [
        ("see https://a.example/x_y_z.", "https://a.example/x_y_z", "."),
        ("(https://a.example/a_(b))", "https://a.example/a_(b)", ")"),
        ("**https://a.example/**", "https://a.example/**", ""),
    ],
)
def test_links_end_where_the_sentence_goes_on(text: str, address: str, rest: str) -> None:
    assert f'href="{address}"' in to_html(text)
    assert to_html(text).endswith(f"{address}</a>{rest}</p>")


def test_a_link_opens_elsewhere_and_tells_nothing() -> None:
    found = to_html("http://a.example/?a=1&b=%22<x>")
    assert found.startswith('<p dir="auto"><a href="http://a.example/?a=1&amp;b=%22"')
    assert all(each in found for each in LINK)


def test_characters_that_turn_the_reading_order_are_gone() -> None:
    assert to_html("https://a.example/\u202egpj.exe").count("\u202e") == 0
    assert to_line("a\u202eb") == "ab"


def test_a_hostile_text_takes_no_time() -> None:
    started = time.process_time()
    for text in (
        "**a" * 6_600,
        "_a" * 10_000,
        "- " * 10_000,
        "https://" * 2_500,
        "*" * 20_000,
        "((((" * 5_000,
    ):
        to_html(text)
    assert time.process_time() - started < 1


def test_a_line_is_the_beginning_without_marks() -> None:
    assert to_line("**Hi**\n\n there") == "Hi there"
    assert to_line("x" * 200, 10) == "xxxxxxxxx…"
