"""Nothing in a letter can speak SMTP."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.mailboxes.providers import Letter
from overture.mailboxes.providers.envelope import Offers, Unsendable, envelope_address, pack, wire_content

_ALL = Offers(pipelining=True, smtputf8=True, eightbit=True, has_size=True, size=1000)


@given(st.binary() | st.lists(st.sampled_from([b"\r", b"\n", b".", b"a", b"\r\n"])).map(b"".join))
def test_content_never_ends_early_and_arrives_whole(data: bytes) -> None:
    content = wire_content(data)
    assert b"\r\n.\r\n" not in b"\r\n" + content
    assert content.count(b"\r") == content.count(b"\n") == content.count(b"\r\n")
    received = (b"\r\n" + content).replace(b"\r\n.", b"\r\n")[2:]
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    assert received.replace(b"\r\n", b"\n") == (
        lines if not lines or lines.endswith(b"\n") else lines + b"\n"
    )


@pytest.mark.parametrize(
    "address",
    [
        '"x\r\nRCPT TO:<evil@x.test>"@d.test',
        '"x y"@d.test',
        "x@d.test>\r\nDATA",
        "x@d.test\n",
        "x\0@d.test",
        "x y@d.test",
        "x@d.test> SIZE=1",
        "x@[127.0.0.1]",
        "@d.test",
        "x@",
        "x",
        "",
        "x@y@d.test",
        "x@d\u2028.test",
        "x\u0085@d.test",
        "x\u00a0y@d.test",
        "x@d\uff0etest\r\n",
        "x" * 65 + "@d.test",
        "x@" + "d" * 260,
        "é" * 40 + "@d.test",
        "x@-d.test",
        "x\u202e@d.test",
    ],
)
def test_address_that_could_be_a_command_is_refused(address: str) -> None:
    with pytest.raises(Unsendable) as refused:
        envelope_address(address)
    assert refused.value.code == "invalid_address"


@given(st.text(max_size=80))
def test_address_never_leaves_its_brackets(text: str) -> None:
    try:
        address = envelope_address(text)
    except Unsendable:
        return
    assert not set(address) & set('\r\n\0 <>"')
    assert address.isprintable()
    assert address.count("@") == 1


def test_international_domain_goes_in_ascii() -> None:
    assert envelope_address("contact@société.example") == "contact@xn--socit-esab.example"
    assert envelope_address("o'neil+x@d.example") == "o'neil+x@d.example"


def test_what_is_ready_for_the_wire_is_not_looked_at_again() -> None:
    letter = Letter(1, "me@b.example", "a@d.example", b"a\r\n.b\n", is_wired=True)
    assert pack(letter, _ALL).content == b"a\r\n.b\n"
    assert pack(letter._replace(is_wired=False), _ALL).content == b"a\r\n..b\r\n"


def test_commands_carry_what_the_server_offers() -> None:
    packed = pack(Letter(1, "me@b.example", "é@d.example", b"a\n\xff"), _ALL)
    assert packed.mail == b"MAIL FROM:<me@b.example> SIZE=6 SMTPUTF8 BODY=8BITMIME\r\n"
    assert packed.rcpt == "RCPT TO:<é@d.example>\r\n".encode()
    plain = pack(Letter(1, "", "a@d.example", b"a"), Offers())
    assert (plain.mail, plain.content) == (b"MAIL FROM:<>\r\n", b"a\r\n")


@pytest.mark.parametrize(
    ("letter", "code"),
    [
        (Letter(1, "me@b.example", "é@d.example", b"a"), "smtputf8_missing"),
        (Letter(1, "me@b.example", "a@d.example", b"a", smtputf8=True), "smtputf8_missing"),
        (Letter(1, "me@b.example", "a@d.example", b"\xff"), "8bitmime_missing"),
        (Letter(1, "me@b.example", "a@d.example", b"a" * 1000), "too_large"),
        (Letter(1, "me b.example", "a@d.example", b"a"), "invalid_sender"),
        (Letter(1, "me@b.example", "a d.example", b"a"), "invalid_address"),
    ],
)
def test_letter_that_this_server_cannot_take_says_why(letter: Letter, code: str) -> None:
    with pytest.raises(Unsendable) as refused:
        pack(letter, Offers(pipelining=True, has_size=True, size=1000))
    assert refused.value.code == code
