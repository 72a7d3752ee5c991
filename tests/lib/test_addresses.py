"""Addresses: what the grammar takes, what it refuses and where, and how addresses compare."""

from __future__ import annotations

import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.lib import addresses
from overture.lib.addresses import Address, AddressError

SECRET = b"s" * 32


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("m@x.example", Address("m", "x.example", "m@x.example")),
        ("  Ann.Lee@X.Example \n", Address("Ann.Lee", "x.example", "Ann.Lee@X.Example")),
        ("\ufeff\u200bm@x.example\u00a0", Address("m", "x.example", "m@x.example")),
        ("mailto:a%2Bb@x.example?subject=hi", Address("a+b", "x.example", "a+b@x.example")),
        ("MAILTO:m@x.example", Address("m", "x.example", "m@x.example")),
        ("m@sa--x.example", Address("m", "sa--x.example", "m@sa--x.example")),
        ("m@müller.example", Address("m", "xn--mller-kva.example", "m@müller.example")),
        ("m@XN--MLLER-KVA.example", Address("m", "xn--mller-kva.example", "m@XN--MLLER-KVA.example")),
        ("m@x。example", Address("m", "x.example", "m@x。example")),
        ("o'neil+a/b=c@x.example", Address("o'neil+a/b=c", "x.example", "o'neil+a/b=c@x.example")),
        ("zoe\u0308@x.example", Address("zoë", "x.example", "zoe\u0308@x.example")),
        (f"{'a' * 64}@x.example", Address("a" * 64, "x.example", f"{'a' * 64}@x.example")),
    ],
)
def test_parse_takes_address(text: str, address: Address) -> None:
    assert addresses.parse(text) == address


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("", "empty", 0),
        ("   ", "empty", 3),
        ("ann at x.example", "no_at", 16),
        ("ann@@x.example", "many_ats", 4),
        (" a@x.example, b@x.example", "many_ats", 15),
        ("@x.example", "no_local", 0),
        (".a@x.example", "bad_local", 0),
        ("a.@x.example", "bad_local", 1),
        ("a..b@x.example", "bad_local", 1),
        ("a b@x.example", "bad_local", 1),
        ('"a b"@x.example', "bad_local", 0),
        ('"x\r\nRCPT TO:<evil@x>"@x.example', "many_ats", 21),
        ("a\r\nb@x.example", "bad_local", 1),
        ("a(note)@x.example", "bad_local", 1),
        ("mailto:a%0D%0Ab@x.example", "bad_local", 8),
        ("a\u202eb@x.example", "bad_local", 1),
        ("a\ufffdb@x.example", "bad_local", 1),
        ("a＠b@x.example", "bad_local", 0),
        (f"{'a' * 65}@x.example", "long_local", 64),
        (f"{'é' * 33}@x.example", "long_local", 64),
        ("a@", "no_domain", 2),
        ("a@localhost", "bad_domain", 2),
        ("a@x.example.", "bad_domain", 2),
        ("a@x..example", "bad_domain", 2),
        ("a@-x.example", "bad_domain", 2),
        ("a@x_y.example", "bad_domain", 2),
        ("a@192.0.2.1", "bad_domain", 2),
        ("a@[192.0.2.1]", "bad_domain", 2),
        ("a@x.example\r\nBcc: b", "bad_domain", 2),
        ("a@x.exam\nple", "bad_domain", 2),
        ("a@xn--mller-.example", "bad_domain", 2),
        ("a@\u202ex.example", "bad_domain", 2),
        ("a@" + "x" * 64 + ".example", "bad_domain", 2),
        ("a@" + "x." * 124 + "example", "bad_domain", 2),
        ("a" * 60 + "@" + "x." * 97 + "ex", "too_long", 0),
    ],
)
def test_parse_refuses_with_code_and_position(text: str, code: str, position: int) -> None:
    with pytest.raises(AddressError) as refused:
        addresses.parse(text)
    assert (refused.value.code, refused.value.position) == (code, position)


@given(
    st.text() | st.text(alphabet="ab.@<>\"'\\ \r\n\0%:=éß", max_size=20).map(lambda text: text + "@x.example")
)
def test_parse_lets_nothing_through_that_ends_a_line_or_a_command(text: str) -> None:
    try:
        address = addresses.parse(text)
    except AddressError:
        return
    assert set(str(address)).isdisjoint(set('\r\n\0\t <>()[],;:\\"'))
    assert str(address).count("@") == 1
    assert len(str(address).encode()) <= 254
    assert address.domain.isascii()
    assert address.domain == address.domain.lower()


ATOMS = st.text(
    alphabet=string.ascii_letters + string.digits + "!#$%&'*+/=?^_`{|}~-", min_size=1, max_size=12
)
LABELS = st.from_regex(r"\A[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?\Z").filter(
    lambda label: not label.startswith("xn--")
)


@given(st.lists(ATOMS, min_size=1, max_size=4), st.lists(LABELS, min_size=1, max_size=4))
def test_parse_takes_every_dot_atom(atoms: list[str], labels: list[str]) -> None:
    local, domain = ".".join(atoms), ".".join([*labels, "example"])
    assert addresses.parse(f"{local}@{domain.upper()}") == Address(local, domain, f"{local}@{domain.upper()}")


def test_parse_is_stable_on_its_own_text() -> None:
    for text in ("Zoë@müller.example", "A.b@X.example", "straße@x.example"):
        address = addresses.parse(text)
        assert str(addresses.parse(str(address))) == str(address)


def test_needs_smtputf8_only_for_local_part() -> None:
    assert addresses.parse("zoë@x.example").needs_smtputf8 is True
    assert addresses.parse("zoe@müller.example").needs_smtputf8 is False


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann@x.example", "ann@X.EXAMPLE"),
        ("ZOË@x.example", "zoe\u0308@x.example"),
        ("m@MÜLLER.example", "m@xn--mller-kva.example"),
    ],
)
def test_key_is_equal_for_spellings_of_one_address(one: str, other: str) -> None:
    keys = {addresses.key(addresses.parse(text), SECRET) for text in (one, other)}
    assert len(keys) == 1


def test_key_is_cut_hmac_of_normalised_address() -> None:
    ann = addresses.parse("Ann@x.example")
    assert addresses.key(ann, SECRET) == "34d92387598ad5a78fc0ae93e1d0c7bb"
    assert addresses.key(ann, b"t" * 32) != addresses.key(ann, SECRET)
    assert addresses.key(addresses.parse("bob@x.example"), SECRET) != addresses.key(ann, SECRET)


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("a@x.example", "", "a@x.example"),
        (" a@x.example ", "", "a@x.example"),
        ("Ann Lee <a@x.example>", "Ann Lee", "a@x.example"),
        ('"Lee, Ann"  < a@x.example > ', "Lee, Ann", "a@x.example"),
        ("'Ann' <a@x.example>", "Ann", "a@x.example"),
        ('"Ann \\"Bo\\" Lee" <a@x.example>', 'Ann "Bo" Lee', "a@x.example"),
        ("<a@x.example>", "", "a@x.example"),
        ("Ann <a@x.example>, Bob <b@x.example>", "", "Ann <a@x.example>, Bob <b@x.example>"),
        ("Ann <a@x.example", "", "Ann <a@x.example"),
    ],
)
def test_split_name_address(text: str, name: str, address: str) -> None:
    assert addresses.split_name_address(text) == (name, address)


@pytest.mark.parametrize(
    ("address", "shown"),
    [("marie@example.com", "m•••@example.com"), ("é@x.example", "é•••@x.example"), ("nonsense", "•••")],
)
def test_obfuscate_keeps_first_letter_and_domain(address: str, shown: str) -> None:
    assert addresses.obfuscate(address) == shown


def test_parse_of_100_000_takes_less_than_a_second() -> None:
    texts = [f"user.{number}@host{number % 5000}.example" for number in range(100_000)]
    began = time.process_time()
    for text in texts:
        addresses.parse(text)
    assert time.process_time() - began < 1
