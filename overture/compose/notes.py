"""Collects what is wrong while a draft is read, and judges each token where it stands."""

from overture.compose.errors import ComposeError, Where
from overture.compose.known import AdCode, Known
from overture.compose.slots import Slot, SlotWhere, clean
from overture.compose.tokens import ADCODE, MAX_FALLBACK, NAMES, Literal, Token, nearest, nearest_ad

_MOST = 200  # errors, and as many hints: a page cannot show more, and hostile content makes millions


class Notes:
    """Errors and hints of one part, in reading order."""

    def __init__(self, where: Where, known: Known) -> None:
        self.where = where
        self.known = known
        self.errors: list[ComposeError] = []
        self.hints: list[ComposeError] = []

    def error(self, position: int, code: str, token: str = "", suggestion: str = "", **params: str) -> None:
        if len(self.errors) < _MOST:
            self.errors.append(ComposeError(self.where, position, code, token, params, suggestion))

    def literal(self, position: int, literal: Literal) -> str:
        if literal.is_long:
            self.error(position, "fallback_too_long", literal.unclosed, limit=str(MAX_FALLBACK))
        elif literal.unclosed:
            self._hint(position, "unclosed_token", literal.unclosed)
        elif literal.is_lone:
            self._hint(position, "lone_brace", brace=literal.text)
        return literal.text

    def slot(self, position: int, token: Token, where: SlotWhere) -> Slot | None:
        """The slot of a token, or None with a note."""
        if token.name in NAMES:
            if token.fallback and "{" in token.fallback:
                self._hint(position, "brace_in_fallback", token.name)
            fallback = None if token.fallback is None else clean(token.fallback)
            return Slot(token.name, where, fallback)
        self.error(position, "unknown_token", token.name, nearest(token.name))
        return None

    def ad(self, position: int, token: Token) -> tuple[int, AdCode] | None:
        """The ad of an adcode token that stands in text, or None with a note."""
        number = int(token.name.removeprefix("adcode_"))
        ad = self.known.ads.get(number)
        if ad is not None and token.name == f"adcode_{number}":
            return number, ad
        code = "ended_ad" if number in self.known.ended else "unknown_ad"
        suggestion = f"adcode_{number}" if ad else nearest_ad(number, list(self.known.ads))
        self.error(position, code, token.name, suggestion, ad=token.name.removeprefix("adcode_"))
        return None

    def _hint(self, position: int, code: str, token: str = "", **params: str) -> None:
        if len(self.hints) < _MOST:
            self.hints.append(ComposeError(self.where, position, code, token, params, is_hint=True))


def is_adcode(token: Token) -> bool:
    return ADCODE.fullmatch(token.name) is not None
