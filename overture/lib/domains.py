"""Host names as the DNS has them: checked, lower case, international ones as A-labels."""

from __future__ import annotations

import re
from functools import lru_cache

import idna

# Hyphens in third and fourth place do occur in real names (`sa--x.example`).
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_PLAIN = re.compile(rf"(?:{_LABEL}\.)+(?![0-9]+\Z){_LABEL}")
_PLAIN_LABEL = re.compile(_LABEL)
_LONGEST = 253


class DomainError(ValueError):
    """Not a host name; `code` is one of empty, too_long, no_dot, bad_label, numeric_tld."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@lru_cache(maxsize=20_000)
def to_ascii(name: str) -> str:
    """The name in lower case with A-labels: two or more, the last not a number. Raises DomainError."""
    plain = name.lower()
    if len(plain) <= _LONGEST and "xn--" not in plain and _PLAIN.fullmatch(plain):
        return plain
    if not name:
        raise DomainError("empty")
    if len(name) > _LONGEST:
        raise DomainError("too_long")
    return _by_label(name)


def to_unicode(domain: str) -> str:
    """The domain as people read it; the A-labels where that fails."""
    if "xn--" not in domain:
        return domain
    try:
        return ".".join(
            idna.ulabel(label) if label.startswith("xn--") else label for label in domain.split(".")
        )
    except (idna.IDNAError, UnicodeError):
        return domain


def _by_label(name: str) -> str:
    try:
        # UTS 46: maps capitals, full-width letters and the ideographic full stop.
        mapped = idna.uts46_remap(name, std3_rules=True, transitional=False)
    except (idna.IDNAError, UnicodeError, IndexError) as error:
        raise DomainError("bad_label") from error
    labels = [_label(label) for label in mapped.split(".")]
    domain = ".".join(labels)
    if len(labels) < 2:
        raise DomainError("no_dot")
    if labels[-1].isdigit():
        raise DomainError("numeric_tld")
    if len(domain) > _LONGEST:
        raise DomainError("too_long")
    return domain


def _label(label: str) -> str:
    if label.isascii() and not label.startswith("xn--"):
        if _PLAIN_LABEL.fullmatch(label):
            return label
        raise DomainError("bad_label")
    try:
        # An A-label must be the one its own U-label encodes to.
        return idna.alabel(idna.ulabel(label) if label.isascii() else label).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise DomainError("bad_label") from error
