"""Links and picture addresses of a letter: which are allowed, and where tokens may stand in them."""

import re
from urllib.parse import quote, unquote

from overture.compose.notes import Notes, is_adcode
from overture.compose.slots import Piece, Slot
from overture.compose.tokens import Literal, Token, scan
from overture.lib.domains import DomainError, to_ascii

# Editors percent-encode braces in an address; only what has the shape of a token is read back.
_ENCODED_TOKEN = re.compile(
    r"(?<!%7[Bb])(?:\{|%7[Bb])([A-Za-z_][A-Za-z0-9_]{0,79}(?:(?:\||%7[Cc])[^{}]{0,500}?)?)(?:\}|%7[Dd])"
)
_WHITESPACE = re.compile("[\t\n\r]")
_WEB = re.compile(r"(https?://)([^/?#\\\s]+)(?=[/?#]|$)", re.IGNORECASE)
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")


def read_url(raw: str, attribute: str, position: int, notes: Notes) -> list[Piece]:
    """Percent-encoded pieces with url slots. Empty when the address cannot stand; then notes say why."""
    source = _ENCODED_TOKEN.sub(_decoded, _WHITESPACE.sub("", raw).strip())
    pieces: list[str | Token] = [
        notes.literal(position, piece) if isinstance(piece, Literal) else piece for piece in scan(source)
    ]
    before = _before_first_token(pieces)
    if not _begins_well(before, attribute, pieces, position, notes):
        return []
    read: list[Piece] = [_begin(before, position, notes)]
    for piece in _after(pieces, before):
        if isinstance(piece, str):
            read.append(_encode(piece))
        elif slot := _slot(piece, position, notes):
            read.append(slot)
    return read if read[0] else []


def _decoded(match: re.Match[str]) -> str:
    return "{" + unquote(match[1]) + "}"


def _before_first_token(pieces: list[str | Token]) -> str:
    before = ""
    for piece in pieces:
        if isinstance(piece, Token):
            break
        before += piece
    return before


def _after(pieces: list[str | Token], before: str) -> list[str | Token]:
    """The pieces from the first token on: all of `before` is strings."""
    first = next((index for index, piece in enumerate(pieces) if isinstance(piece, Token)), len(pieces))
    return pieces[first:]


def _begins_well(before: str, attribute: str, pieces: list[str | Token], position: int, notes: Notes) -> bool:
    token = next((piece for piece in pieces if isinstance(piece, Token)), None)
    if token and not _SCHEME.match(before):
        notes.error(position, "token_in_scheme", token.name)
    elif attribute == "src" and not before.lower().startswith("https://"):
        notes.error(position, "bad_image", url=before[:80])
    elif before.lower().startswith("mailto:"):
        if token is None or "?" in before:
            return True
        notes.error(position, "token_in_host", token.name)
    elif not before.lower().startswith(("http://", "https://")):
        notes.error(position, "bad_scheme", url=before[:80])
    elif token and not re.match(r"https?://[^/?#\\\s]*[/?#]", before, re.IGNORECASE):
        notes.error(position, "token_in_host", token.name)
    else:
        return True
    return False


def _begin(before: str, position: int, notes: Notes) -> str:
    """What stands before the first token, the host in its ASCII form; '' with a note if there is none."""
    if before.lower().startswith("mailto:"):
        return "mailto:" + _encode(before[len("mailto:") :])
    match = _WEB.match(before)
    try:
        if match is None:
            raise DomainError("empty")
        host = match[2] if match[2].isascii() else to_ascii(match[2])
    except DomainError:
        notes.error(position, "bad_url", url=before[:80])
        return ""
    return match[1].lower() + _encode(host) + _encode(before[match.end() :])


def _encode(text: str) -> str:
    return quote(_PERCENT.sub("%25", text), safe="%/:?#[]@!$&'()*+,;=~")


def _slot(token: Token, position: int, notes: Notes) -> Slot | None:
    if is_adcode(token):
        notes.error(position, "adcode_in_url", token.name)
        return None
    return notes.slot(position, token, "url")
