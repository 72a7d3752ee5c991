"""One message to many: the tokens of e-mails, in plain text. An ad code is HTML and stands in none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from overture.compose import Language, Values, nearest
from overture.compose.slots import Slot, Template, getter
from overture.compose.tokens import ADCODE, MAX_FALLBACK, MAY_LACK, NAMES, Token, scan
from overture.conversations.errors import MessageError


class ManyText:
    """Compiled once; `needs`: tokens without a fallback that a recipient may lack."""

    def __init__(self, text: str, language: str) -> None:
        """Raises MessageError: unknown_token, unknown_token_suggest, adcode, fallback_too_long."""
        self._template = Template(_pieces(text))
        slots = self._template.slots
        self._getters = [getter(slot.name, cast(Language, language)) for slot in slots]
        self.needs = frozenset(slot.name for slot in slots if slot.fallback is None) & MAY_LACK

    def render(self, values: Values) -> str:
        """A value is data: braces and marks in it are what they are."""
        return self._template.join(
            _value(slot, get(values)) for slot, get in zip(self._template.slots, self._getters, strict=True)
        )


def _pieces(text: str) -> Sequence[str | Slot]:
    return [_slot(each) if isinstance(each, Token) else each.text for each in scan(text)]


def _slot(token: Token) -> Slot:
    if ADCODE.fullmatch(token.name):
        raise MessageError("text", "adcode", token=token.name)
    if token.name not in NAMES:
        found = nearest(token.name)
        if found.startswith("adcode"):
            found = ""
        code = "unknown_token_suggest" if found else "unknown_token"
        raise MessageError("text", code, token=token.name, suggestion=found)
    if token.fallback is not None and len(token.fallback) > MAX_FALLBACK:
        raise MessageError("text", "fallback_too_long", token=token.name, limit=MAX_FALLBACK)
    return Slot(token.name, "plain", token.fallback)


def _value(slot: Slot, value: str) -> str:
    return slot.fallback if slot.fallback is not None and not value.strip() else value
