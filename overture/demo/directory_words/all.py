"""The words of all languages, by code."""

from overture.demo.directory_words.cyrillic import RUSSIAN, UKRAINIAN
from overture.demo.directory_words.czech import CZECH
from overture.demo.directory_words.danish import DANISH
from overture.demo.directory_words.dutch import DUTCH
from overture.demo.directory_words.east_asian import CHINESE, JAPANESE, KOREAN
from overture.demo.directory_words.english import ENGLISH
from overture.demo.directory_words.finnish import FINNISH
from overture.demo.directory_words.french import FRENCH
from overture.demo.directory_words.german import GERMAN
from overture.demo.directory_words.greek import GREEK
from overture.demo.directory_words.hindi import HINDI
from overture.demo.directory_words.italian import ITALIAN
from overture.demo.directory_words.norwegian import NORWEGIAN
from overture.demo.directory_words.polish import POLISH
from overture.demo.directory_words.portuguese import PORTUGUESE
from overture.demo.directory_words.right_to_left import ARABIC, HEBREW
from overture.demo.directory_words.spanish import SPANISH
from overture.demo.directory_words.swedish import SWEDISH
from overture.demo.directory_words.words import Words

WORDS: dict[str, Words] = {
    "en": ENGLISH,
    "fr": FRENCH,
    "de": GERMAN,
    "es": SPANISH,
    "it": ITALIAN,
    "pt": PORTUGUESE,
    "nl": DUTCH,
    "sv": SWEDISH,
    "da": DANISH,
    "nb": NORWEGIAN,
    "fi": FINNISH,
    "pl": POLISH,
    "cs": CZECH,
    "el": GREEK,
    "ru": RUSSIAN,
    "uk": UKRAINIAN,
    "ar": ARABIC,
    "he": HEBREW,
    "hi": HINDI,
    "ja": JAPANESE,
    "zh": CHINESE,
    "ko": KOREAN,
}
