from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from overture.compose import TOKENS, ComposeErrors, Known, MissingValue, check, compile, nearest
from tests.compose.cast import EN, FR, JOHN, NOBODY

AD = '<a href="https://outreach.example/c/98765/1122330/7">Winter &amp; linen</a>'
BANNER = (
    '<a href="https://outreach.example/c/98765/5/7"><img src="https://outreach.example/i/98765/5/7" '
    'width="600" height="200" alt="A &quot;banner&quot;"></a>'
)


@pytest.mark.parametrize(
    ("token", "english", "french"),
    [
        ("{mpid}", "98765", "98765"),
        ("{mpname}", "Hus &amp; Hav", "Hus &amp; Hav"),
        ("{firstName}", "John", "John"),
        ("{lastName}", "Doe", "Doe"),
        ("{currentDay}", "January 19, 2038", "19 janvier 2038"),
        ("{currentTime}", "19-Jan-2038 03:14:08 UTC", "19-Jan-2038 03:14:08 UTC"),
        ("{currentMonthYear}", "January 2038", "janvier 2038"),
        ("{adcode_1122330}", AD, AD),
        ("{adcode_5}", BANNER, BANNER),
    ],
)
def test_token_becomes_its_value(token: str, english: str, french: str) -> None:
    for known, expected in ((EN, english), (FR, french)):
        letter = compile("x", f"<p>a {token} b</p>", known)
        assert letter.render_content(JOHN) == f"<p>a {expected} b</p>\n"


def test_every_token_is_listed() -> None:
    assert [name for name, _ in TOKENS] == [
        "adcode_<adid>",
        "mpid",
        "mpname",
        "firstName",
        "lastName",
        "currentDay",
        "currentTime",
        "currentMonthYear",
    ]


def test_first_of_the_month_is_written_as_in_french() -> None:
    values = replace(JOHN, now=datetime(2038, 8, 1, tzinfo=UTC))
    letter = compile("{currentDay}, {currentMonthYear}", "x", FR)
    assert letter.render(values).subject == "1er août 2038, août 2038"


def test_dates_follow_the_time_zone_and_the_time_is_utc() -> None:
    values = replace(JOHN, now=datetime(2037, 12, 31, 20, 0, 5, tzinfo=timezone(-timedelta(hours=5))))
    subject = compile("{currentDay} | {currentMonthYear} | {currentTime}", "x", EN).render(values).subject
    assert subject == "December 31, 2037 | December 2037 | 01-Jan-2038 01:00:05 UTC"


@pytest.mark.parametrize(
    ("source", "filled", "empty"),
    [
        ("{firstName|there}", "John", "there"),
        ("a{lastName|}b", "aDoeb", "ab"),
        (r"{firstName|a\|b\}c\\d}", "John", r"a|b}c\d"),
        (r"{firstName|a\nb}", "John", r"a\nb"),
        ("{firstName|a|b}", "John", "a|b"),
        ("{{firstName}}", "{firstName}", "{firstName}"),
        ("{{{mpid}}}", "{98765}", "{98765}"),
        ("{ } {x y} {} {|x}", "{ } {x y} {} {|x}", "{ } {x y} {} {|x}"),
        ("{firstName", "{firstName", "{firstName"),
        ("{firstName|there", "{firstName|there", "{firstName|there"),
        ("{firstName|}}", "John}", "}"),
        ("{12}", "{12}", "{12}"),
    ],
)
def test_grammar_reads(source: str, filled: str, empty: str) -> None:
    letter = compile(source, f"<p>{source}</p>", EN)
    for values, expected in ((JOHN, filled), (NOBODY, empty)):
        assert letter.render(values).subject == expected
        assert letter.render_content(values) == f"<p>{expected}</p>\n"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("FirstName", "firstName"),
        ("firstname", "firstName"),
        ("first_name", "firstName"),
        ("first name", "firstName"),
        (" firstName ", "firstName"),
        ("fristName", "firstName"),
        ("prénom", "firstName"),
        ("LASTNAME", "lastName"),
        ("mpName", "mpname"),
        ("company", "mpname"),
        ("MPID", "mpid"),
        ("current_day", "currentDay"),
        ("currentMonthyear", "currentMonthYear"),
        ("AdCode_5", "adcode_5"),
        ("zzz", ""),
        ("country", ""),
    ],
)
def test_unknown_token_is_an_error_with_the_nearest_spelling(wrong: str, right: str) -> None:
    assert nearest(wrong) == right
    for source in (f"{{{wrong}}}", f"{{{wrong}|x}}"):
        errors = check(source, f"<p>{source}</p>", EN)
        assert [(error.where, error.code, error.token, error.suggestion) for error in errors] == [
            ("subject", "unknown_token", wrong, right),
            ("content", "unknown_token", wrong, right),
        ]
        with pytest.raises(ComposeErrors):
            compile("x", source, EN)


def test_all_errors_come_at_once_with_positions_and_words() -> None:
    content = "<p>Hi {Zzz1}</p><p>{adcode_9} <b>{adcode_6}</b> {adcode_05} &amp; {mpNAME}</p>"
    with pytest.raises(ComposeErrors) as raised:
        compile("A {adcode_5} {nope}", content, EN)
    assert [(error.where, error.position, error.code, error.text) for error in raised.value.errors] == [
        (
            "subject",
            2,
            "adcode_in_subject",
            "{adcode_5} is HTML: it can stand in the content only, not in the subject.",
        ),
        ("subject", 13, "unknown_token", "{nope} is not a token."),
        ("content", 3, "unknown_token", "{Zzz1} is not a token."),
        ("content", 9, "ended_ad", "Ad 9 is not active."),
        ("content", 20, "unknown_ad", "There is no ad 6."),
        ("content", 31, "unknown_ad", "There is no ad 05. Did you mean {adcode_5}?"),
        ("content", 45, "unknown_token", "{mpNAME} is not a token. Did you mean {mpname}?"),
    ]


def test_ad_that_does_not_exist_suggests_the_one_that_looks_alike() -> None:
    (error,) = check("x", "{adcode_112233}", EN)
    assert (error.code, error.suggestion) == ("unknown_ad", "adcode_1122330")


def test_lone_brace_is_a_hint_and_no_error() -> None:
    found = check("a { b", "<p>}</p>{firstName|x{y}{mpid", EN)
    assert [(hint.where, hint.position, hint.code, hint.is_hint) for hint in found] == [
        ("subject", 2, "lone_brace", True),
        ("content", 0, "lone_brace", True),
        ("content", 1, "brace_in_fallback", True),
        ("content", 16, "unclosed_token", True),
    ]
    assert compile("a { b", "}", EN).render(JOHN).subject == "a { b"


def test_fallback_beyond_the_limit_is_an_error_and_never_text() -> None:
    assert check("x", "{firstName|" + "a" * 500 + "}", EN) == []
    found = check("x", "{firstName|" + "a" * 501 + "}", EN)
    assert [(error.code, error.token) for error in found if not error.is_hint] == [
        ("fallback_too_long", "firstName")
    ]


@pytest.mark.parametrize("subject", ["a\nb", "a\rb", "a\x00b", "a\u2028b", "a\x7f", "=?utf-8?q?=0A?=Bcc: x"])
def test_subject_refuses_what_could_end_a_header(subject: str) -> None:
    (error,) = check(subject, "x", EN)
    assert error.code in {"control_character", "encoded_word"}


def test_letter_knows_what_it_uses_and_needs() -> None:
    letter = compile("{firstName} {mpid}", "<p>{lastName|} {mpname} {currentDay}</p>{adcode_5}", EN)
    assert letter.uses == {"firstName", "mpid", "lastName", "mpname", "currentDay"}
    assert letter.needs == {"firstName", "mpname"}
    assert letter.ads == {5}
    assert letter.missing(NOBODY) == ("firstName", "mpname")
    assert letter.missing(replace(NOBODY, first_name=" \t", mpname="X")) == ("firstName",)
    assert letter.missing(JOHN) == ()


def test_missing_value_is_never_rendered_but_shown_in_the_preview() -> None:
    letter = compile("Hi {firstName}", "<p>{firstName}</p>", EN)
    with pytest.raises(MissingValue) as raised:
        letter.render(NOBODY)
    assert raised.value.names == ("firstName",)
    assert (
        letter.render_content(NOBODY, mark=True) == '<p><mark class="token-missing">{firstName}</mark></p>\n'
    )


def test_preview_marks_values_in_text_only() -> None:
    letter = compile(
        "Hi {firstName}", '<p title="x">{firstName} <a href="https://a.example/{mpid}">a</a></p>', EN
    )
    assert letter.render_content(JOHN, mark=True) == (
        '<p><mark class="token-value">John</mark> <a href="https://a.example/98765">a</a></p>\n'
    )
    marked, plain = letter.render(JOHN, mark=True), letter.render(JOHN)
    assert (marked.subject, marked.text) == (plain.subject, plain.text)
    assert "<mark" not in plain.html


def test_value_is_data() -> None:
    values = replace(JOHN, first_name="{lastName} <b>&amp;", mpname="a\r\nb\u2028c\x00d")
    letter = compile("{firstName}/{mpname}", "<p>{firstName}/{mpname}</p>", EN)
    subject, _, text = letter.render(values)
    assert subject == "{lastName} <b>&amp;/a b c d"
    assert letter.render_content(values) == "<p>{lastName} &lt;b&gt;&amp;amp;/a b c d</p>\n"
    assert text.startswith("{lastName} <b>&amp;/a b c d\n")


def test_tracking_address_escapes_the_program() -> None:
    known = Known(
        "en", "https://t.example/", {5: replace(EN.ads[5], kind="text", program='a/b"', text="<x>")}
    )
    assert compile("x", "{adcode_5}", known).render_content(JOHN) == (
        '<a href="https://t.example/c/98765/5/a%2Fb%22">&lt;x&gt;</a>'
    )
