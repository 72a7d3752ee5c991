"""What must hold for any letter and any value."""

import re
from dataclasses import replace
from html import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from overture.compose import ComposeErrors, Values, compile
from overture.compose.headers import encoded_words
from overture.mailboxes.providers.envelope import wire_content
from tests.compose.cast import EN, JOHN, NORA, TEXTS, TO_JOHN, Shape, parsed, parts, reference

few = settings(max_examples=150, deadline=None)

source_bits = st.sampled_from(
    [
        "{",
        "}",
        "|",
        "\\",
        "{{",
        "}}",
        "a",
        "b ",
        " ",
        "é",
        "<",
        "&",
        '"',
        "=",
        "%7B",
        "firstName",
        "{firstName}",
        "{firstName|",
        "{lastName|x}",
        "{mpid}",
        "{mpname|\\}}",
        "{currentDay}",
        "{nope}",
        ".",
        "x" * 80,
    ]
)
sources = st.lists(source_bits, max_size=12).map("".join)
nasty = st.sampled_from(
    [
        "",
        " ",
        "{firstName}",
        "{",
        "}}",
        "<b>",
        "</p><script>",
        '" onload="x',
        "a\r\nBcc: x@evil.example",
        "\n.\n",
        "=",
        "=0A",
        "=?utf-8?q?=0ABcc:_x?=",
        "&lt;",
        "%0d%0a",
        "\u2028x",
        "\x00",
        "é" * 70,
        "€" * 50,
        "x" * 200,
        ".",
        "\x85y",
        "\U0001f600" * 20,
    ]
)
values_text = st.lists(st.one_of(nasty, st.text(max_size=12)), max_size=3).map("".join)
anyone = st.builds(
    Values,
    mpid=st.integers(1, 10**9),
    mpname=values_text,
    first_name=values_text,
    last_name=values_text,
    opt_out_url=st.just(JOHN.opt_out_url),
    now=st.just(JOHN.now),
)
dotted = st.lists(st.sampled_from([".", "..", " ", "a", "é", "x" * 74, "x" * 75, "="])).map("".join)
CONTROLS = "".join(map(chr, [*range(32), *range(127, 160)]))
TEMPLATE = (
    '<p title="x">Hi {firstName|there}, <a href="https://a.example/{mpname|x}?l={lastName|}" '
    'title="{mpname|}">'
    "{lastName|}</a></p><ul><li>{mpname|x}{firstName|y}</li></ul>{adcode_5}"
)


@few
@given(sources)
def test_subject_equals_the_reference(source: str) -> None:
    expected = reference(source, TEXTS)
    try:
        rendered = compile(source, "x", EN).render(JOHN).subject
    except ComposeErrors:
        assert expected is None or "=?" in source or len(source) > 500
    else:
        assert rendered == (expected or "").strip()


@few
@given(sources, st.sampled_from(["", "John"]))
def test_content_text_equals_the_reference(source: str, first_name: str) -> None:
    expected = reference(source, {**TEXTS, "firstName": first_name})
    try:
        letter = compile("x", f"<p>{escape(source)}</p>", EN)
    except ComposeErrors:
        assert expected is None
        return
    values = replace(JOHN, first_name=first_name)
    if letter.missing(values):
        return
    shape = Shape(letter.render_content(values))
    assert shape.text == (expected or "") + "\n"
    assert {tag for tag, _ in shape.tags} <= {"p", "br", "/p"}


@few
@given(st.lists(st.tuples(source_bits, st.sampled_from(["b", "i", "u", ""])), max_size=8))
def test_splitting_over_inline_elements_changes_no_text(bits: list[tuple[str, str]]) -> None:
    whole = escape("".join(bit for bit, _ in bits))
    split = "".join(f"<{tag}>{escape(bit)}</{tag}>" if tag else escape(bit) for bit, tag in bits)
    try:
        expected = Shape(compile("x", f"<p>{whole}</p>", EN).render_content(JOHN)).text
    except ComposeErrors:
        expected = None
    try:
        found = Shape(compile("x", f"<p>{split}</p>", EN).render_content(JOHN)).text
    except ComposeErrors:
        found = None
    assert found == expected


@few
@given(anyone)
def test_no_value_adds_a_tag_an_attribute_or_a_host(values: Values) -> None:
    letter = compile("x", TEMPLATE, EN)
    usual, unusual = Shape(letter.render(JOHN).html), Shape(letter.render(values).html)
    assert unusual.tags == usual.tags
    links = [value for value in unusual.values if value.startswith(("http", "https"))]
    hosts = {re.split("[/?#]", link)[2] for link in links if link.startswith("https://")}
    assert {"a.example", "outreach.example"} <= hosts


@few
@given(anyone)
def test_message_decodes_to_what_was_rendered(values: Values) -> None:
    letter = compile("{mpname|x}: {firstName|y}", TEMPLATE, EN)
    recipient = TO_JOHN._replace(name=values.first_name)
    data = letter.message(values, letter.envelope(NORA), recipient).data
    message = parsed(data)
    usual = parsed(letter.message(JOHN, letter.envelope(NORA), TO_JOHN).data)
    assert message.keys() == usual.keys()
    assert message.defects == []
    subject, html, text = letter.render(values)
    assert parts(message) == (text, html)
    assert _literal(message["Subject"]) == _literal(subject)
    assert [address.addr_spec for address in message["To"].addresses] == ["john@partner.example"]
    _assert_lines(data)


@few
@given(
    st.text(st.characters(codec="utf-8", exclude_characters=CONTROLS), min_size=1, max_size=200),
    st.integers(0, 30),
)
def test_encoded_words_are_short_and_whole(text: str, used: int) -> None:
    words = encoded_words(text, used).split("\r\n ")
    assert all(len(word) <= 75 for word in words)
    assert used + len(words[0]) <= 76
    parsed_subject = parsed(f"Subject: {encoded_words(text, 9)}\r\n\r\n".encode())["Subject"]
    assert parsed_subject == text


@few
@given(
    st.lists(
        st.sampled_from(["{firstName}", "{mpname|x}", "{{", "}}", "{lastName|\\}}", "text ", "=", "\t"]),
        max_size=9,
    )
)
def test_no_token_of_the_source_survives(bits: list[str]) -> None:
    source = "".join(bits)
    letter = compile(
        source.replace("\t", " "), f"<p>{source}</p><a href='https://a.example/?{source}'>x</a>", EN
    )
    without_braces = replace(JOHN, mpname="")
    for part in letter.render(without_braces):
        for name in ("{firstName}", "{mpname|x}", "{lastName|\\}}"):
            assert name not in part


def _literal(text: str) -> str:
    return " ".join(text.split())


@few
@given(dotted, dotted)
def test_no_line_begins_with_a_dot_whatever_is_written(text: str, name: str) -> None:
    letter = compile("x", f"<p>{text}{{mpname|x}}{text}</p><p>{text}</p>", EN)
    values = replace(JOHN, mpname=name)
    data = letter.message(values, letter.envelope(NORA), TO_JOHN).data
    assert parts(parsed(data)) == tuple(reversed(letter.render(values)[1:]))
    _assert_lines(data)


def _assert_lines(data: bytes) -> None:
    assert data.endswith(b"\r\n")
    assert b"\n." not in data
    assert wire_content(data) == data  # SMTP takes it as it is
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert all(
        len(line) <= 76 or line.startswith((b"List-Unsubscribe", b"Message-ID"))
        for line in data.split(b"\r\n")
    )
