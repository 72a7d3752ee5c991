"""Names of hosts: the partner's name in plain letters and its number as syllables: each is its own."""

from __future__ import annotations

import re
import unicodedata

_CONSONANTS = "bcdfghjklmnprstvwxyz"
_SYLLABLES = [consonant + vowel for consonant in _CONSONANTS for vowel in "aeiou"]
_NUMBERS = {syllable: number for number, syllable in enumerate(_SYLLABLES)}
_MILLION = len(_SYLLABLES) ** 3
# Neighbouring numbers should not read alike: number * _FACTOR + _SHIFT within a million meets each once.
_FACTOR, _SHIFT = 611_953, 290_347
_BACK = pow(_FACTOR, -1, _MILLION)
_CODE = re.compile(r"-((?:[bcdfghj-np-tv-z][aeiou]){3,6})\.example\Z")
_NO_LETTERS = re.compile(r"[^a-z0-9]+")
_LONGEST = 36


def code(number: int) -> str:
    """Three syllables for a number below a million, one more for each further two digits."""
    rest, within = divmod(number, _MILLION)
    text = _syllables((within * _FACTOR + _SHIFT) % _MILLION, 3)
    return text + _syllables(rest, (len(str(rest)) + 1) // 2) if rest else text


def number_of(host: str) -> int | None:
    """The number of a made-up partner, from its host; None for all others."""
    match = _CODE.search(host)
    if not match:
        return None
    digits = [_NUMBERS[match[1][start : start + 2]] for start in range(0, len(match[1]), 2)]
    within, rest = _joined(digits[:3]), _joined(digits[3:])
    return rest * _MILLION + (within - _SHIFT) * _BACK % _MILLION


def plain(text: str) -> str:
    """Lower-case ASCII letters and digits of a text; empty for scripts that are not transliterated."""
    return _NO_LETTERS.sub("", text.lower().translate(_LATIN))[:_LONGEST]


def _syllables(number: int, count: int) -> str:
    text = ""
    for _ in range(count):
        number, digit = divmod(number, len(_SYLLABLES))
        text = _SYLLABLES[digit] + text
    return text


def _joined(digits: list[int]) -> int:
    number = 0
    for digit in digits:
        number = number * len(_SYLLABLES) + digit
    return number


def _latin() -> dict[int, str]:
    """What becomes of each letter of the scripts that are transliterated."""
    table = {chr(letter): unicodedata.normalize("NFD", chr(letter))[0] for letter in range(0xC0, 0x250)}
    table |= dict(zip("ßæœøłđðþı", ("ss", "ae", "oe", "o", "l", "d", "d", "th", "i"), strict=True))
    # Swedish and Finnish write a and o, German ae and oe; one rule for all is enough for hosts.
    table |= dict(zip("абвгґдеєжзиіїйклмнопрстуфхцчшщъыьэюяё", _CYRILLIC, strict=True))
    table |= dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", _GREEK, strict=True))
    table |= dict(zip("άέήίόύώϊϋΐΰ", "aeiioyoiyiy", strict=True))
    table |= {"’": "", "'": "", "-": ""}
    return str.maketrans(table)


# One for each letter in the order of _latin(); `-` for the hard and the soft sign.
_CYRILLIC = re.split(
    " ", "a b v h g d e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch - y - e iu ia e"
)
_GREEK = re.split(" ", "a v g d e z i th i k l m n x o p r s s t y f ch ps o")
_LATIN = _latin()
