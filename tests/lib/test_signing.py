"""Signed tokens: only what this key made for this purpose is read."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.lib.signing import sign, unsign

KEY = b"k" * 32
NUMBERS = st.integers(min_value=0, max_value=2**63 - 1)


@given(NUMBERS, st.text(max_size=20))
def test_unsign_gives_number_back(number: int, purpose: str) -> None:
    token = sign(number, purpose, KEY)
    assert unsign(token, purpose, KEY) == number
    assert 18 <= len(token) <= 27


@given(st.integers(min_value=0, max_value=127), st.text(max_size=20), st.binary(min_size=1, max_size=200))
def test_the_signature_is_an_hmac(number: int, purpose: str, key: bytes) -> None:
    body = bytes([number])
    signature = hmac.digest(key, purpose.encode() + b"\1" + body, "sha256")[:12]
    assert urlsafe_b64decode(sign(number, purpose, key) + "==") == body + signature


@given(NUMBERS)
def test_unsign_refuses_other_purpose_and_key(number: int) -> None:
    token = sign(number, "opt-out", KEY)
    assert unsign(token, "message", KEY) is None
    assert unsign(token, "opt-out", b"other" * 8) is None


@given(NUMBERS, st.data())
def test_unsign_refuses_any_changed_letter(number: int, data: st.DataObject) -> None:
    token = sign(number, "opt-out", KEY)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.characters().filter(lambda letter: letter != token[place]))
    assert unsign(token[:place] + letter + token[place + 1 :], "opt-out", KEY) is None


@given(st.text() | st.binary(max_size=30).map(lambda raw: raw.decode("latin-1")))
def test_unsign_refuses_anything_else(token: str) -> None:
    assert unsign(token, "opt-out", KEY) is None


@pytest.mark.parametrize("tail", ["=", "==", " ", "\n", "A", "AAAA"])
def test_unsign_refuses_second_spelling(tail: str) -> None:
    assert unsign(sign(7, "opt-out", KEY) + tail, "opt-out", KEY) is None


def test_sign_refuses_number_out_of_range() -> None:
    for number in (-1, 2**63):
        with pytest.raises(ValueError, match="out of range"):
            sign(number, "opt-out", KEY)
