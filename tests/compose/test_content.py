from contextlib import suppress
from dataclasses import replace
from time import thread_time

import pytest

from overture.compose import ComposeErrors, check, compile
from tests.compose.cast import EN, FR, JOHN, NOBODY


def content(source: str) -> str:
    return compile("x", source, EN).render_content(JOHN)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<p><span data-token="firstName">{firstName|there}</span>,</p>', "<p>John,</p>\n"),
        ("<p>{first<b>Name</b>}</p>", "<p>John</p>\n"),
        ("<p>{first<b>Na<i>me}</i> x</b></p>", "<p>John<strong> x</strong></p>\n"),
        ("<p><em>{first</em>Name}!</p>", "<p><em>John</em>!</p>\n"),
        ("<p>&#123;firstName&#x7d; &lbrace;mpid&rcub;</p>", "<p>John 98765</p>\n"),
        ("<p>{<!-- -->firstName}</p>", "<p>John</p>\n"),
        ("<p>{first</p><p>Name}</p>", "<p>{first</p>\n<p>Name}</p>\n"),
        ("<p>{first<br>Name}</p>", "<p>{first<br>\nName}</p>\n"),
        ("<p>{<b>{</b>x}}</p>", "<p>{x}</p>\n"),
        (
            '<img src="https://a.example/i.png" alt="{firstName|x}" width="9" onerror="x">',
            '<img src="https://a.example/i.png" alt="John" width="9">',
        ),
        ("<p>a<p>b", "<p>a</p>\n<p>b</p>\n"),
        ("<ul><li>a<li>b</ul>", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("<p>a</p><p></p><p>b</p>", "<p>a</p>\n<p><br></p>\n<p>b</p>\n"),
        ("<script>alert(1)</script><style>p{}</style>x", "x"),
        ('<p style="x" class="y" onclick="z()" id="a">x</p>', "<p>x</p>\n"),
        ("a < b & c &lt;b&gt; &amp;amp;", "a &lt; b &amp; c &lt;b&gt; &amp;amp;"),
        ("<svg><a href='https://a.example/'>x</a></svg>", '<a href="https://a.example/">x</a>'),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "<div><div>ab</div>\n</div>\n"),
        ("<h5>x</h5><del>y</del>", "<h3>x</h3>\n<s>y</s>"),
        ("x<p", "x"),
        ("x<!-- y", "x"),
    ],
)
def test_content_is_parsed_and_made_safe(source: str, expected: str) -> None:
    assert content(source) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/%7BfirstName%7D", "https://a.example/John"),
        ("https://a.example/%7bfirstName%7Ca%20b%7d", "https://a.example/John"),
        ("https://a.example/?q={mpname}&amp;copy=2", "https://a.example/?q=Hus%20%26%20Hav&amp;copy=2"),
        ("https://a.example/?a=1&copy=2", "https://a.example/?a=1&amp;copy=2"),
        ("https://a.example/#{mpid}", "https://a.example/#98765"),
        ("HTTP://a.example?{mpid}", "http://a.example?98765"),
        ("mailto:a@b.example?subject={mpname}", "mailto:a@b.example?subject=Hus%20%26%20Hav"),
        ("https://exämple.test/é x", "https://xn--exmple-cua.test/%C3%A9%20x"),
        ("https://a.example/?j=%7B%22a%22:%7B%7D%7D", "https://a.example/?j=%7B%22a%22:%7B%7D%7D"),
        ("https://a.example/%7B%7BfirstName%7D%7D", "https://a.example/%7B%7BfirstName%7D%7D"),
        ("https://a.example/{{mpid}}/100%", "https://a.example/%7Bmpid%7D/100%25"),
        (" ht\ntps://a.example/x ", "https://a.example/x"),
    ],
)
def test_url_is_encoded(url: str, expected: str) -> None:
    assert content(f'<a href="{url}">x</a>') == f'<a href="{expected}">x</a>'


def test_value_in_url_is_only_data() -> None:
    values = replace(JOHN, first_name='"><script>/../?a=b#c&d%20é')
    letter = compile("x", '<a href="https://a.example/{firstName}" title="{firstName}">x</a>', EN)
    assert letter.render_content(values) == (
        '<a href="https://a.example/%22%3E%3Cscript%3E%2F..%2F%3Fa%3Db%23c%26d%2520%C3%A9" '
        'title="&quot;&gt;&lt;script&gt;/../?a=b#c&amp;d%20é">x</a>'
    )


@pytest.mark.parametrize(
    ("element", "code"),
    [
        ('<a href="{mpname}://a.example/">x</a>', "token_in_scheme"),
        ('<a href="{mpname}">x</a>', "token_in_scheme"),
        ('<a href="%7Bmpname%7D">x</a>', "token_in_scheme"),
        ('<a href="https://{mpname}/">x</a>', "token_in_host"),
        ('<a href="https://a.{mpname}.example/">x</a>', "token_in_host"),
        ('<a href="https://a.example{mpname}">x</a>', "token_in_host"),
        ('<a href="https://a.example:{mpid}/">x</a>', "token_in_host"),
        ('<a href="https://a.example\\{mpid}">x</a>', "token_in_host"),
        ('<a href="mailto:{firstName}@a.example">x</a>', "token_in_host"),
        ('<a href="javascript:alert(1)">x</a>', "bad_scheme"),
        ('<a href="java&#10;script:alert(1)">x</a>', "bad_scheme"),
        ('<a href="&#1;javascript:alert(1)">x</a>', "bad_scheme"),
        ('<a href="data:text/html,x">x</a>', "bad_scheme"),
        ('<a href="/path">x</a>', "bad_scheme"),
        ('<a href="//a.example">x</a>', "bad_scheme"),
        ('<a href="www.a.example">x</a>', "bad_scheme"),
        ('<a href="https:///x">x</a>', "bad_url"),
        ('<img src="http://a.example/i.png">', "bad_image"),
        ('<img src="data:image/png;base64,x">', "bad_image"),
        ('<img src="https://a.example/{adcode_5}">', "adcode_in_url"),
        ('<a href="https://a.example/{adcode_5}">x</a>', "adcode_in_url"),
        ('<a href="https://a.example/" title="{adcode_5}">x</a>', "adcode_in_attribute"),
        ('<a href="https://a.example/">{adcode_5}</a>', "adcode_in_link"),
        ('<a href="https://a.example/{FirstName}">x</a>', "unknown_token"),
        ('<img alt="{FirstName}">', "unknown_token"),
    ],
)
def test_wrong_place_is_an_error(element: str, code: str) -> None:
    assert [(error.position, error.code) for error in check("x", f"<p>ab {element}</p>", EN)] == [(3, code)]
    with pytest.raises(ComposeErrors):
        compile("x", element, EN)


def test_ad_code_in_a_block_inside_a_link_is_an_error() -> None:
    source = '<a href="https://a.example/"><div>{adcode_5}</div></a>{adcode_5}'
    assert [(error.position, error.code) for error in check("x", source, EN)] == [(0, "adcode_in_link")]


def test_content_beyond_the_caps_is_refused() -> None:
    assert [error.code for error in check("x", "a" * 200_001, EN)] == ["too_large"]
    assert [error.code for error in check("x", "<div>" * 51, EN)] == ["too_deep"]
    assert check("x", "<div>" * 50 + "x", EN) == []
    assert [error.code for error in check("x" * 501, "x", EN)] == ["subject_too_long"]


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>",
        "<b>",
        "<p><b x=1>",
        "{",
        "{a|",
        "{a|\\",
        "<a b='",
        "<!--",
        "<![CDATA[",
        "</",
        "<a ",
        "&#",
        "<li><b>",
        "<a href=x>",
        "{{a}",
        "%7Ba",
        "{firstNam}",
        "<b>{</b>",
        "{firstName}",
        "<script>",
        "<br>",
        "<a href='{%7Ba|'>",
    ],
)
def test_hostile_content_costs_little(hostile: str) -> None:
    start = thread_time()
    with suppress(ComposeErrors):
        compile("x", hostile * (60_000 // len(hostile)), EN)
    # Of the processor; what grows with the square takes minutes.
    assert thread_time() - start < 15


def test_errors_are_a_list_a_page_can_show() -> None:
    found = check("x", "{nope} { " * 5_000, EN)
    assert [sum(error.is_hint is hint for error in found) for hint in (False, True)] == [200, 200]


def test_html_is_a_document_with_footer() -> None:
    html = compile("x", "<p>Hi</p>", FR).render(JOHN).html
    assert html.startswith('<!doctype html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n')
    assert "<p>Hi</p>\n" in html
    assert html.endswith(
        "<p>Vous y figurez.</p>\n<p>Halden, 1 Mill Lane</p>\n"
        '<p><a href="https://outreach.example/o/abc">Ne plus recevoir ces e-mails</a></p>\n'
        "</div>\n</body>\n</html>\n"
    )


def test_footer_is_data_and_leaves_out_what_is_empty() -> None:
    known = replace(EN, postal_address="A & <b>\n{mpid}", why="", opt_out="Stop <now>")
    html, text = compile("x", "Hi", known).render(replace(JOHN, opt_out_url="https://o.example/?a=1&b=2"))[1:]
    assert html.split("#555555")[1] == (
        '">\n<p>A &amp; &lt;b&gt;<br>{mpid}</p>\n'
        '<p><a href="https://o.example/?a=1&amp;b=2">Stop &lt;now&gt;</a></p>\n</div>\n</body>\n</html>\n'
    )
    assert text == f"Hi\n\n{'-' * 40}\nA & <b>\n{{mpid}}\nStop <now>: https://o.example/?a=1&b=2\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<h1>Title</h1><p>a  b\n c</p><p>d<br>e</p>", "Title\n\na b c\n\nd\ne"),
        (
            "<ul><li>a</li><li><p>b</p><ol start='3'><li>x</li><li>y</li></ol></li></ul><p>c</p>",
            "- a\n- b\n  3. x\n  4. y\n\nc",
        ),
        ("<blockquote><p>a</p><p>b</p></blockquote><p>c</p>", "> a\n>\n> b\n\nc"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("a<hr>b", f"a\n\n{'-' * 40}\n\nb"),
        ('<a href="https://a.example/x">see <b>this</b></a>!', "see this (https://a.example/x)!"),
        ('<a href="https://a.example/x">https://a.example/x</a>', "https://a.example/x"),
        ('<a href="mailto:a@b.example">a@b.example</a>', "a@b.example"),
        ('<a href="https://a.example/{mpid}">https://a.example/{mpid}</a>', "https://a.example/98765"),
        ("x {adcode_1122330} y", "x Winter & linen: https://outreach.example/c/98765/1122330/7 y"),
        ("{adcode_5}", 'A "banner": https://outreach.example/c/98765/5/7'),
        ('<img src="https://a.example/i.png" alt="A {mpid}">', "A 98765"),
        ("<b>a</b> <i>b</i>{mpname}<u> c</u>", "a bHus & Hav c"),
        ("&lt;b&gt; &amp; {{x}}", "<b> & {x}"),
        ("", ""),
    ],
)
def test_text_part_reads_like_the_html(source: str, expected: str) -> None:
    text = compile("x", source, EN).render(JOHN).text
    assert text.partition("-" * 40 + "\nYou")[0].strip() == expected


def test_empty_fallback_leaves_no_trace() -> None:
    assert compile("x", "<p>Hi {firstName|},</p>", EN).render_content(NOBODY) == "<p>Hi ,</p>\n"


def test_text_after_an_ad_code_does_not_run_into_its_address() -> None:
    text = compile("x", "<p>{adcode_5}{adcode_5}.</p>", EN).render(JOHN).text.splitlines()[0]
    one = 'A "banner": https://outreach.example/c/98765/5/7'
    assert text == f"{one} {one} ."
