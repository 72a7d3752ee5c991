"""Received mails as the process apart reads them: words, quotes, files, HTML, and what bombs come to."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from overture.inbound.parse import Parsed, opened
from overture.inbound.parsing import html, quoted
from tests.inbound.samples import names, sample

DAY = date(2026, 11, 24)
pytestmark = pytest.mark.usefixtures("files")


def read(raw: bytes) -> Parsed:
    with opened(raw, DAY) as mail:
        return mail


def mail_of(body: bytes, content_type: str = "text/plain; charset=utf-8", more: str = "") -> bytes:
    head = (
        f"From: a@b.example\r\nSubject: x\r\n{more}MIME-Version: 1.0\r\nContent-Type: {content_type}\r\n\r\n"
    )
    return head.encode() + body


# The whole of what a person said anew, and how what they quote begins.
SAID = {
    "reply-plain": ("Gladly, from March on. What would you pay?\n\nÉlise", ""),
    "reply-top-gmail-text": ("Yes, with pleasure.", "On Tue, Nov 24, 2026"),
    "reply-bottom": ("Yes, for 400 euros.\n\n--\nÉlise Vauquelin", "On 24/11/2026 10:02"),
    "reply-interleaved": (
        "Hello Nora, see below.\n\nOn 24/11/2026 10:02, Nora Lindqvist wrote:\n"
        "> Would you write about them?\n\nYes.\n\n> And for what price?\n\n400 euros.",
        "",
    ),
    "reply-ios": ("Merci, je regarde ça ce soir.\n\nEnvoyé de mon iPhone", "> Le 24 nov. 2026"),
    "reply-french-gmail": ("Avec plaisir, à partir de mars.", "Le mar. 24 nov. 2026"),
    "reply-gmail-html": ("Yes, with *pleasure*.", "On Tue, Nov 24, 2026"),
    "reply-outlook-html": ("Bonjour Nora,\n\nOui, à 400 euros.\n\nCordialement,\nÉlise", "De : Nora"),
    "reply-outlook-text": ("Hi Nora,\n\nthat works for us at 400 euros.\n\nBest\nÉlise", "____"),
    "reply-outlook-original": ("D'accord pour mars.", "-----Message d'origine-----"),
    "reply-apple-html": ("Happy to.\n\nÉlise", "> On 24 Nov 2026, at 10:02"),
    "reply-latin1": ("Très bien, à bientôt. Prix : 400 €", ""),
    "reply-with-pdf": ("Our rates are attached.", ""),
    "reply-with-docx": ("Terms attached.", ""),
    "reply-with-eicar": ("See the file.", ""),
    "reply-says-no-machine": ("I am out of the office until December 3, but yes: I write it after.", ""),
    "reply-about-a-bounce": ('Your other address is dead: "550 user unknown". Use this one, please.', ""),
    "reply-outlook-desktop-en": (
        "Hi Nora,\n\nHappy to do it at 400 euros.\n\nKind regards,\nÉlise Vauquelin\n"
        "La Longue Veille | +33 1 23 45 67 89",
        "From: Nora",
    ),
    "reply-outlook-desktop-html": (
        "Hi Nora,\n\nHappy to do it at 400 euros.\n\nKind regards,\nÉlise Vauquelin",
        "From: Nora",
    ),
    "reply-outlook-web-fr": ("Bonjour Nora,\n\nAvec plaisir, voici mes tarifs demain.\n\nÉlise", "____"),
    "reply-ios-en": ("Yes please, send me two samples.\n\nSent from my iPhone", "> On Nov 24, 2026"),
    "reply-ios-html": ("Yes please, send me two samples.\nSent from my iPhone", "> On Nov 24, 2026"),
    "reply-gmail-fr-html": (
        "Bonjour Nora,\n\nOui, c'est possible dès le 2 décembre.\n\nÉlise",
        "Le mar. 24 nov. 2026",
    ),
    "reply-thunderbird-below-html": (
        "C'est d'accord pour 400 euros.\n\n--\nÉlise Vauquelin",
        "Le 24/11/2026 à 10:02",
    ),
    "reply-yahoo": ("Sure, tell me the price.", "On Tuesday, November 24, 2026"),
    "reply-orange": ("Bonjour, je suis intéressée.", "> Message du 24/11/26"),
    "reply-samsung-fr": ("Oui, appelez-moi.\n\nEnvoyé depuis mon appareil Galaxy", "-------- Message"),
    "reply-proton": ("Fine for me.\n\nSent with Proton Mail secure email.", "On Tuesday, November 24th"),
    "reply-in-reply-to-only": ("Yes, gladly: by this program that names no References.", ""),
    "reply-references-only": ("Yes, and I wrote to myself in between.", ""),
    "reply-names-nothing": ("I could not answer from the other device: yes.", ""),
    "reply-with-eicar-text": ("Rates in both files.", ""),
    "newsletter": ("20 % off everything.", ""),
}


@pytest.mark.parametrize("name", sorted(SAID))
def test_words_are_parted_from_what_they_quote(name: str) -> None:
    mail = read(sample(name))
    text, begins = SAID[name]
    assert (mail.text, mail.quoted[: len(begins)], bool(mail.quoted)) == (text, begins, bool(begins))
    assert (mail.report, mail.is_automatic, mail.problem) == (None, False, "")


AWAY = {
    "automatic-exchange-en": date(2026, 12, 3),
    "automatic-exchange-fr": date(2026, 12, 4),
    "automatic-gmail-en": date(2026, 12, 3),
    "automatic-french": date(2026, 12, 4),
    "automatic-french-return": date(2027, 1, 7),
    "automatic-vacation": date(2026, 11, 30),
    "automatic-ticket": None,
    "automatic-old-program": date(2026, 12, 1),
}


@pytest.mark.parametrize("name", sorted(AWAY))
def test_automatic_answers_say_until_when(name: str) -> None:
    mail = read(sample(name))
    assert (mail.is_automatic, mail.away_until, mail.report) == (True, AWAY[name], None)


def test_every_sample_has_its_test() -> None:
    from tests.inbound.test_reports import REPORTS

    assert sorted([*SAID, *AWAY, *REPORTS]) == names()


def test_html_keeps_what_is_written_and_nothing_that_acts() -> None:
    mail = read(sample("reply-outlook-html"))
    assert "Oui, à 400 euros." in mail.html
    assert not [word for word in ("script", "alert", "onerror", "style", "Mso") if word in mail.html]
    assert '<img src="http://pixel.example/open.gif" width="1" height="1">' in mail.html


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ('<a href="javascript:alert(1)">x</a>', '<a rel="noopener noreferrer nofollow">x</a>'),
        ('<p onclick="x()" style="position:fixed">x</p>', "<p>x</p>"),
        ('<form action="/logout"><input name="a"><button>x</button></form>', "x"),
        ('<iframe src="https://x.example"></iframe><object data="x"></object>', ""),
        ('<svg><a href="javascript:x">x</a></svg><math><mi>y</mi></math>', ""),
        ('<base href="https://x.example"><meta http-equiv="refresh" content="0;url=x"><p>x</p>', "<p>x</p>"),
        ('<img src="data:text/html;base64,AAAA"><img src="cid:1">', "<img><img>"),
        ("<!-- secret --><style>p{}</style><p>x</p>", "<p>x</p>"),
    ],
)
def test_html_is_made_safe(given: str, kept: str) -> None:
    assert html.clean(given) == kept


def test_files_come_with_their_names() -> None:
    with opened(sample("reply-with-pdf"), DAY) as mail:
        (file,) = mail.files
        assert (file.name, file.type, file.size) == ("Tarifs été.pdf", "application/pdf", 537)
        assert file.path is not None
        assert file.path.read_bytes().startswith(b"%PDF")
    assert not Path(file.path).exists()
    assert [each.name for each in read(sample("reply-with-docx")).files] == ["terms.docx", "invite.ics"]


def test_small_pictures_of_a_signature_are_no_files() -> None:
    def part(head: str, size: int) -> bytes:
        return f"--b\r\nContent-Type: image/png\r\n{head}\r\n\r\n".encode() + b"x" * size + b"\r\n"

    logo = part("Content-ID: <1>\r\nContent-Disposition: inline; filename=logo.png", 500)
    pasted = part("Content-ID: <2>\r\nContent-Disposition: inline; filename=pasted.png", 20_000)
    sent = part("Content-ID: <3>\r\nContent-Disposition: attachment; filename=sent.png", 500)
    mail = read(mail_of(logo + pasted + sent + b"--b--\r\n", 'multipart/related; boundary="b"'))
    assert [each.name for each in mail.files] == ["pasted.png", "sent.png"]


def _parts(count: int) -> bytes:
    return mail_of(b"--b\r\n\r\nx\r\n" * count + b"--b--\r\n", 'multipart/mixed; boundary="b"')


def _nested(depth: int) -> bytes:
    opened_parts = b"".join(
        b'--b%d\r\nContent-Type: multipart/mixed; boundary="b%d"\r\n\r\n' % (number, number + 1)
        for number in range(depth)
    )
    return mail_of(opened_parts + b"x\r\n", 'multipart/mixed; boundary="b0"')


BOMBS = {
    "a hundred thousand parts": (_parts(100_000), "too_complex"),
    "a thousand parts": (_parts(1_000), "too_complex"),
    "parts in parts": (_nested(2_000), "too_complex"),
    "nested 21 deep": (_nested(25), "too_complex"),
    "forty thousand divs": (mail_of(b"<div>" * 40_000 + b"x", "text/html"), ""),
    "a million brackets": (mail_of(b"<" * 1_000_000, "text/html"), ""),
    "an open comment": (mail_of(b"<!--" * 200_000, "text/html"), ""),
    "twenty thousand encoded words": (
        mail_of(b"x", more="Comments: " + "=?utf-8?q?a?= " * 20_000 + "\r\n"),
        "",
    ),
    "comments in comments": (mail_of(b"x", more="To: " + "(" * 3_000 + ")" * 3_000 + "\r\n"), ""),
    "a header of a megabyte": (mail_of(b"x", more="X-Long: " + "a" * 1_000_000 + "\r\n"), ""),
    "fifty thousand headers": (mail_of(b"x", more="X-Many: a\r\n" * 50_000), ""),
    "a line of ten megabytes": (mail_of(b"a" * 10_000_000), ""),
    "punycode": (mail_of(b"a-" + b"9" * 300_000, "text/plain; charset=punycode"), ""),
    "zlib as a charset": (mail_of(b"x\x9cK\x04\x00", "text/plain; charset=zlib"), ""),
    "quotes without an end": (mail_of(b"On a " * 30_000 + b"\n" + b"> " * 30_000), ""),
    "mails in mails": (
        mail_of(b"Content-Type: message/rfc822\r\n\r\n" * 2_000 + b"x", "message/rfc822"),
        None,
    ),
}


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_bombs_end_within_the_limits(name: str) -> None:
    """Whatever they are, the process that asked goes on, and the next mail is read as ever."""
    raw, problem = BOMBS[name]
    began = time.monotonic()
    mail = read(raw)
    assert time.monotonic() - began < 45
    if problem is not None:
        assert mail.problem == problem
    assert read(sample("reply-plain")).text.startswith("Gladly")


def test_what_breaks_the_reader_is_read_once_more_as_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    from overture.files.apart import NoAnswer
    from overture.inbound import parse

    asked: list[str] = []
    ask = parse._readers.ask

    def first_breaks(do: str, folder: Path, **more: str) -> dict[str, object]:
        asked.append(do)
        if do == "parse":
            raise NoAnswer
        return ask(do, folder, **more)

    monkeypatch.setattr(parse._readers, "ask", first_breaks)
    mail = read(sample("reply-gmail-html"))
    assert asked == ["parse", "plain"]
    assert mail.text.startswith("Yes, with *pleasure*.\n\nOn Tue")
    assert (mail.html, mail.quoted) == ("", "")


def test_answers_in_between_are_never_folded() -> None:
    said = "> Would you?\n\nYes.\n\n> When?\n\nIn March."
    assert quoted.split(said) == (said, "")
    above_and_below = "Hi\n\nOn 1 May 2026, N wrote:\n> a\n\nAnd one thing more."
    assert quoted.split(above_and_below) == (above_and_below, "")
