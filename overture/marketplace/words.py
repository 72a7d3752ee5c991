"""Text as the index keeps it: without accents, capitals and ligatures; scripts without spaces in pairs."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from tantivy import Filter as TokenFilter
from tantivy import TextAnalyzer, TextAnalyzerBuilder, Tokenizer

# What a search looks at; who types more is not asked for more.
MOST_WORDS = 12
LONGEST_WORD = 40
# Combining accents of Latin, Greek and Cyrillic, vowel points of Hebrew and Arabic. Marks of other scripts,
# such as the vowels of Devanagari, are letters and stay.
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0640]")
_LETTERS = {
    "ł": "l",
    "ø": "o",
    "đ": "d",
    "ħ": "h",
    "ı": "i",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ð": "d",
}
_LETTER = re.compile(f"[{''.join(_LETTERS)}]")
# Han and kana, written without spaces: known by every two letters that stand side by side.
_UNSPACED = re.compile("[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


def plain(text: str) -> str:
    """Lower case, without accents: `Événements à Łódź` is `evenements a lodz`."""
    if text.isascii():
        return text.lower()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    lower = unicodedata.normalize("NFC", bare).lower()
    return lower if lower.isascii() else _LETTER.sub(lambda letter: _LETTERS[letter[0]], lower)


def searchable(text: str) -> str:
    """What is given to the index for this text, and what a search is made into."""
    if text.isascii():
        return text.lower()
    return _UNSPACED.sub(_in_pairs, plain(text))


def words_of(text: str) -> list[str]:
    """The words of a search as the index knows them, each once, in their order."""
    return list(dict.fromkeys(tokens(searchable(text))))[:MOST_WORDS]


def tokens(text: str) -> list[str]:
    """What the index takes a searchable text apart into."""
    found: list[str] = _analyzer().analyze(text)
    return found


def _in_pairs(run: re.Match[str]) -> str:
    letters = run[0]
    if len(letters) < 3:
        return f" {letters} "
    return f" {' '.join(letters[at : at + 2] for at in range(len(letters) - 1))} "


@lru_cache(maxsize=1)
def _analyzer() -> TextAnalyzer:
    """As the index's own "default" analyzer."""
    made = TextAnalyzerBuilder(Tokenizer.simple())
    return made.filter(TokenFilter.remove_long(LONGEST_WORD)).filter(TokenFilter.lowercase()).build()
