"""The words of all languages, by code."""

from overture.demo.directory_words.english import ENGLISH
from overture.demo.directory_words.french import FRENCH
from overture.demo.directory_words.words import Words

WORDS: dict[str, Words] = {"en": ENGLISH, "fr": FRENCH}
for _language in (
    "de",
    "es",
    "it",
    "pt",
    "nl",
    "sv",
    "da",
    "nb",
    "fi",
    "pl",
    "cs",
    "el",
    "uk",
    "ru",
    "ar",
    "he",
    "hi",
    "ja",
    "zh",
    "ko",
):
    WORDS[_language] = ENGLISH
