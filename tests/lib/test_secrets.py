"""Secrets at rest: read by the ring and the purpose they were written with, and by nothing else."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.lib.secrets import Ring, SecretError, new_key

# Fixed, because names of tests are made of them.
OLD, NEW = f"old:{'A' * 43}=", f"new:{'B' * 42}A="
RING = Ring.parse(NEW + "\n" + OLD)


def refused(ring: Ring, token: str, purpose: str = "mailbox") -> str:
    with pytest.raises(SecretError) as error:
        ring.decrypt(token, purpose)
    return error.value.code


@given(st.text(), st.text(max_size=10))
def test_decrypt_gives_secret_back(plain: str, purpose: str) -> None:
    assert RING.decrypt(RING.encrypt(plain, purpose), purpose) == plain


def test_encrypt_never_gives_same_token_twice() -> None:
    assert RING.encrypt("x", "mailbox") != RING.encrypt("x", "mailbox")


def test_decrypt_refuses_other_purpose_and_ring() -> None:
    token = RING.encrypt("pass", "mailbox")
    assert refused(RING, token, "webhook") == "wrong_key"
    assert refused(Ring.parse(new_key("new")), token) == "wrong_key"
    assert refused(Ring.parse(OLD), token) == "unknown_key"


def test_decrypt_refuses_every_flipped_byte() -> None:
    name, _, encoded = RING.encrypt("pass", "mailbox").partition(".")
    raw = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
    for place in range(len(raw)):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        assert refused(RING, f"{name}.{base64.urlsafe_b64encode(changed).decode()}") == "wrong_key"


@pytest.mark.parametrize("token", ["", "new", "new.", "new.AAAA", "new.é", ".AAAA", "new.!!!"])
def test_decrypt_refuses_what_is_no_token(token: str) -> None:
    assert refused(RING, token) == "bad_token"


def test_rotation_moves_secret_to_first_key() -> None:
    token = Ring.parse(OLD).encrypt("pass", "mailbox")
    assert RING.needs_rotation(token) is True
    rotated = RING.rotate(token, "mailbox")
    assert RING.needs_rotation(rotated) is False
    assert Ring.parse(NEW).decrypt(rotated, "mailbox") == "pass"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_ring"),
        ("  \n", "empty_ring"),
        ("justaname", "bad_key"),
        ("a:AAAA", "bad_key"),
        (OLD.replace("old", "o.d"), "bad_key"),
        (OLD + " " + OLD, "same_name"),
    ],
)
def test_parse_refuses_ring(text: str, code: str) -> None:
    with pytest.raises(SecretError) as error:
        Ring.parse(text)
    assert error.value.code == code


def test_ring_shows_no_key() -> None:
    assert repr(RING) == "Ring(first='new')"
