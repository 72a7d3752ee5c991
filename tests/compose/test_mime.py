import email
from dataclasses import replace
from email.header import decode_header, make_header

import pytest

from overture.compose import HeaderError, Message, MissingValue, Recipient, Sender, compile
from tests.compose.cast import EN, JOHN, NOBODY, NORA, NOW, OPT_OUT, TO_JOHN, parsed, parts

LETTER = compile("Hello {firstName|there}", "<p>Hi {firstName|there} — {mpname|you}</p>{adcode_5}", EN)


def sent(recipient: Recipient = TO_JOHN, sender: Sender = NORA) -> Message:
    return LETTER.message(JOHN, LETTER.envelope(sender), recipient)


def test_message_carries_every_header_once() -> None:
    sender = replace(NORA, headers=(("X-Mailer", "Overture"),))
    recipient = TO_JOHN._replace(headers=(("X-Thread", "<0@halden.example>"),))
    message = parsed(sent(recipient, sender).data)
    assert sorted((name, str(value)) for name, value in message.items()) == sorted(
        [
            ("From", "Nora Lind <nora@halden.example>"),
            ("Reply-To", "replies@halden.example"),
            ("To", "John Doe <john@partner.example>"),
            ("Subject", "Hello John"),
            ("Date", "Tue, 19 Jan 2038 03:14:08 +0000"),
            ("Message-ID", "<1.a@halden.example>"),
            ("MIME-Version", "1.0"),
            ("Content-Type", 'multipart/alternative; boundary="=_overture_part"'),
            ("List-Unsubscribe", f"<{OPT_OUT}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            ("X-Mailer", "Overture"),
            ("X-Thread", "<0@halden.example>"),
        ]
    )
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_message_decodes_to_the_rendered_parts() -> None:
    _, html, text = LETTER.render(JOHN)
    assert parts(parsed(sent().data)) == (text, html)


@pytest.mark.parametrize("value", ["{}", "a{}", "a{}b"])
def test_any_character_in_a_value_reads_as_it_is(value: str) -> None:
    envelope = LETTER.envelope(NORA)
    for character in map(chr, range(0x20, 0x180)):
        values = replace(JOHN, mpname="Maison", first_name=value.format(character))
        data = LETTER.message(values, envelope, TO_JOHN).data
        _, html, text = LETTER.render(values)
        assert parts(parsed(data)) == (text, html)


@pytest.mark.parametrize("length", [74, 75, 76, 77])
def test_long_value_makes_no_long_line(length: int) -> None:
    values = replace(JOHN, mpname="Maison", first_name="x" * length)
    data = LETTER.message(values, LETTER.envelope(NORA), TO_JOHN).data
    assert max(len(line) for line in data.partition(b"\r\n\r\n")[2].split(b"\r\n")) <= 76
    assert f"Hi {values.first_name} " in parts(parsed(data))[0]


def test_message_without_reply_to_or_names() -> None:
    message = parsed(sent(TO_JOHN._replace(name=""), Sender("nora@halden.example")).data)
    assert (message["From"], message["To"], message["Reply-To"]) == (
        "nora@halden.example",
        "john@partner.example",
        None,
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("John Doe", "John Doe"),
        ("Doe, John", "Doe, John"),
        ('J "the\\" D', 'J "the\\" D'),
        ("Zoé Dupont, <x@evil.example>", "Zoé Dupont, <x@evil.example>"),
        ("a@b.example", "a@b.example"),
        ("Ann\r\nBcc: x@evil.example", "Ann Bcc: x@evil.example"),
        ("x" * 300, "x" * 200),
        ("é" * 80, "é" * 80),
    ],
)
def test_recipient_name_survives_as_data(name: str, shown: str) -> None:
    data = sent(TO_JOHN._replace(name=name)).data
    message = parsed(data)
    (address,) = message["To"].addresses
    assert address.addr_spec == "john@partner.example"
    # The older decoder, as the newer one puts spaces between encoded words of a phrase (RFC 2047, 6.2).
    encoded = email.message_from_bytes(data)["To"].rpartition("<")[0]
    decoded = str(make_header(decode_header(encoded))).strip()
    assert (decoded if encoded.startswith("=?") else address.display_name) == shown
    assert message["Bcc"] is None


def test_encoded_word_in_a_value_is_encoded_again() -> None:
    word = "=?UTF-8?Q?x=0ABcc:_x@evil.example?="
    data = LETTER.message(
        replace(JOHN, first_name=word), LETTER.envelope(NORA), TO_JOHN._replace(name=word)
    ).data
    assert word.encode() not in data.split(b"\r\n\r\n")[0]
    assert parsed(data)["Subject"] == f"Hello {word}"
    assert parsed(data)["Bcc"] is None


@pytest.mark.parametrize(
    "bad", ["a\r\nBcc: x", "a\nb", "a\rb", "a\x00b", "a\x7f", "a\u2028b", "a\x85b", "=?utf-8?q?=0A?="]
)
def test_header_of_ours_is_refused_not_mended(bad: str) -> None:
    for sender in (
        replace(NORA, name=bad),
        replace(NORA, headers=(("X-A", bad),)),
        replace(NORA, headers=((bad, "x"),)),
    ):
        with pytest.raises(HeaderError):
            LETTER.envelope(sender)
    with pytest.raises(HeaderError):
        sent(TO_JOHN._replace(headers=(("X-A", bad),)))
    with pytest.raises(HeaderError):
        sent(TO_JOHN._replace(message_id=f"<{bad}@halden.example>"))


@pytest.mark.parametrize("name", ["Bcc", "to", "List-Unsubscribe", "X A", "", "X:"])
def test_header_that_is_ours_or_no_name_is_refused(name: str) -> None:
    with pytest.raises(HeaderError):
        LETTER.envelope(replace(NORA, headers=((name, "x"),)))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x",
        "@a.example",
        "x@",
        "x@a..example",
        "x@-a.example",
        "x y@a.example",
        '"x\r\nRCPT TO:<evil@x>"@d.example',
        "x@a.example\r\nBcc: y@b.example",
        "x@a.example>",
        "<x@a.example",
        "x,y@a.example",
        "x@y@a.example",
        "a..b@a.example",
        "x\u2028@a.example",
        "=?utf-8?q?x?=@a.example",
        "x@[127.0.0.1]",
        "x" * 65 + "@a.example",
        "x@" + "a." * 130 + "example",
    ],
)
def test_address_outside_the_grammar_is_refused(address: str) -> None:
    with pytest.raises(HeaderError):
        sent(TO_JOHN._replace(address=address))
    with pytest.raises(HeaderError):
        LETTER.envelope(Sender(address))
    if address:
        with pytest.raises(HeaderError):
            LETTER.envelope(replace(NORA, reply_to=address))


def test_international_domain_is_written_in_ascii() -> None:
    message = sent(TO_JOHN._replace(address="john@exämple.test"))
    assert not message.needs_smtputf8
    assert parsed(message.data)["To"].addresses[0].addr_spec == "john@xn--exmple-cua.test"


def test_international_local_part_needs_smtputf8() -> None:
    message = sent(TO_JOHN._replace(address="jürgen@exämple.test"))
    assert message.needs_smtputf8
    assert "jürgen@xn--exmple-cua.test".encode() in message.data
    assert not sent().needs_smtputf8


@pytest.mark.parametrize(
    "url", ["", "mailto:x@a.example", "https://a.example/>\r\nX: y", "https://a.example/a b", "ftp://a"]
)
def test_opt_out_link_that_no_header_can_hold_is_refused(url: str) -> None:
    with pytest.raises(HeaderError):
        LETTER.message(replace(JOHN, opt_out_url=url), LETTER.envelope(NORA), TO_JOHN)


def test_long_subject_is_folded_and_reads_the_same() -> None:
    for subject in ("word " * 30 + "end", "x" * 300, "é" * 300, "a  b " * 20 + "c", "ok " + "y" * 100):
        letter = compile(subject, "x", EN)
        data = letter.message(JOHN, letter.envelope(NORA), TO_JOHN).data
        assert parsed(data)["Subject"] == letter.render(JOHN).subject
        assert max(map(len, data.split(b"\r\n\r\n")[0].split(b"\r\n"))) <= 200


def test_content_that_looks_like_the_boundary_stays_content() -> None:
    letter = compile("x", "<pre>--=_overture_part--\n.\nFrom x\n</pre> \t", EN)
    message = parsed(letter.message(JOHN, letter.envelope(NORA), TO_JOHN).data)
    _, html, text = letter.render(JOHN)
    assert parts(message) == (text, html)


def test_white_space_at_the_ends_of_lines_survives() -> None:
    letter = compile("x", "<pre>a \nb\t\n{firstName} \n \n=</pre>", EN)
    data = letter.message(JOHN, letter.envelope(NORA), TO_JOHN).data
    _, html, text = letter.render(JOHN)
    assert parts(parsed(data)) == (text, html)
    assert not any(line.endswith((b" ", b"\t")) for line in data.split(b"\r\n"))


def test_missing_value_never_leaves() -> None:
    letter = compile("x", "{firstName}", EN)
    with pytest.raises(MissingValue):
        letter.message(NOBODY, letter.envelope(NORA), TO_JOHN)


def test_date_is_written_in_utc_whatever_its_zone() -> None:
    assert parsed(sent(TO_JOHN._replace(date=NOW)).data)["Date"].datetime == NOW
