"""The demo's directory: plausible partners in many languages, the same from the same seed at any size."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import pytest
from django.conf import settings
from django.utils import timezone

from overture.demo import fill_directory as filling
from overture.demo.directory import generate
from overture.demo.directory_cast import CAST
from overture.demo.directory_hosts import code, number_of, plain
from overture.demo.directory_places import PLACES
from overture.demo.directory_traits import AGES, CATEGORY_WEIGHTS
from overture.demo.directory_words.all import WORDS
from overture.demo.directory_words.words import CATEGORIES, lines, special_of, topics_of
from overture.demo.fill_directory import fill_directory, next_number
from overture.demo.made_partner import MadePartner
from overture.directory.models import Contact, Partner
from overture.directory.vocabulary import BusinessModel, Category, ChannelKind, Method
from overture.lib import addresses, websites
from overture.lib.countries import find_country, find_language

SCRIPTS = {
    "el": "GREEK", "ru": "CYRILLIC", "uk": "CYRILLIC", "ar": "ARABIC", "he": "HEBREW", "hi": "DEVANAGARI",
    "ko": "HANGUL", "zh": "CJK", "ja": "CJK|HIRAGANA|KATAKANA",
}  # fmt: skip

FACTS = (
    "name", "kind", "website", "website_key", "country", "category", "language", "audience", "about",
    "topics", "languages", "methods", "business_model", "audience_countries", "audience_ages", "channels",
    "has_messaging",
)  # fmt: skip


@pytest.fixture(scope="module")
def made() -> list[MadePartner]:
    return list(generate(0, 6000))


def test_a_partner_is_the_same_at_any_size(made: list[MadePartner]) -> None:
    assert list(generate(0, 100)) == made[:100]
    assert list(generate(4000, 50)) == made[4000:4050]
    assert next(generate(4000, 1, seed=5)).name != made[4000].name


def test_the_first_ones_are_the_cast_of_the_design(made: list[MadePartner]) -> None:
    assert tuple(made[:12]) == CAST
    assert [each.name for each in CAST] == [
        "La Longue Veille", "Nordlys Deals", "Brume & Bois", "Hearthlist", "Vintersol", "Penny & Pine",
        "Maison Tranquille", "Casa Lenta", "Stillwater Home", "Spaarhoek", "Fil & Fable", "Landlyst",
    ]  # fmt: skip


def test_websites_and_addresses_are_each_its_own(made: list[MadePartner]) -> None:
    assert len({each.website for each in made}) == len(made)
    assert [each.website_key for each in made] == [websites.match_key(each.website) for each in made]
    assert all(each.website_key.endswith(".example") for each in made)
    written = [each.address for each in made if each.address]
    assert [str(addresses.parse(address)) for address in written] == written
    assert len(set(written)) == len(written)
    assert 0.93 < len(written) / len(made) < 0.97


def test_names_are_mostly_distinct(made: list[MadePartner]) -> None:
    assert len({each.name for each in made}) / len(made) > 0.95
    assert [each.name for each in made if re.search(r"[{}]|\s\s|^\s|\s$", each.name)] == []
    assert max(len(each.name) for each in made) <= 80
    assert [each.name for each in made if re.search(r"\b(\w{3,}) (\w+|&) \1\b", each.name)] == []


def test_words_are_those_of_the_vocabulary(made: list[MadePartner]) -> None:
    assert list(CATEGORIES) == Category.values
    assert set(CATEGORY_WEIGHTS) == set(Category.values)
    assert {each.category for each in made} == set(Category.values)
    assert {method for each in made for method in each.methods} == set(Method.values)
    assert {each.business_model for each in made} == set(BusinessModel.values)
    assert {channel["kind"] for each in made for channel in each.channels} == set(ChannelKind.values)
    assert {each.language for each in made} == set(WORDS)
    assert Counter(each.kind for each in made)["creator"] / len(made) == pytest.approx(0.3, abs=0.03)


def test_numbers_are_plausible(made: list[MadePartner]) -> None:
    for each in made:
        assert 500 <= each.audience <= 5_000_000
        shares = list(each.audience_countries.values())
        assert shares == sorted(shares, reverse=True)
        assert 1 <= len(shares) <= 5
        assert 0 < sum(shares) <= 100
        assert min(shares) > 0
        assert (tuple(each.audience_ages), sum(each.audience_ages.values())) == (AGES, 100)
        kinds = [channel["kind"] for channel in each.channels]
        assert 1 <= len(kinds) <= 4
        assert len(kinds) == len(set(kinds))
        assert each.language == each.languages[0]
        assert 3 <= len(each.topics) <= 5
        assert len(set(each.topics)) == len(each.topics)
        assert 1 <= len(each.methods) <= 3
        assert each.active_days <= 730


def test_most_are_read_at_home_most(made: list[MadePartner]) -> None:
    at_home = [next(iter(each.audience_countries)) == each.country for each in made]
    assert 0.9 < sum(at_home) / len(made) < 1


def test_countries_and_languages_are_known() -> None:
    for place in PLACES:
        assert [find_country(each) for each in (place.country, *place.neighbours)] == [
            place.country,
            *place.neighbours,
        ]
        assert [find_language(each) for each in place.languages] == list(place.languages)
        assert place.country not in place.neighbours


def test_texts_are_in_their_script(made: list[MadePartner]) -> None:
    for each in made[12:]:
        wanted = SCRIPTS.get(each.language, "LATIN")
        letters = [letter for letter in each.about if letter.isalpha()]
        fitting = [letter for letter in letters if re.match(wanted, unicodedata.name(letter))]
        # English topics stand in between.
        assert len(fitting) / len(letters) > 0.8, each.about


def test_descriptions_are_one_to_three_sentences(made: list[MadePartner]) -> None:
    spaced = [len(each.about.split()) for each in made[12:] if each.language not in ("ja", "zh")]
    assert (min(spaced) >= 10, max(spaced) <= 60) == (True, True)
    assert 18 < sum(spaced) / len(spaced) < 40
    assert len({each.about for each in made}) / len(made) > 0.95


def test_what_is_copied_needs_no_escapes() -> None:
    for words in WORDS.values():
        for called, topics in topics_of(words):
            assert called != ""
            assert len(topics) >= 6
            assert len(set(topics)) == len(topics)
            assert max(map(len, topics)) <= 60
        sentences = [*lines(words.openings), *lines(words.middles), *lines(words.closings)]
        sentences += [one for several in special_of(words).values() for one in several]
        for sentence in sentences:
            assert set(re.findall(r"\{(\w+)\}", sentence)) <= {"a", "b", "c", "cat", "year"}
        everything = [
            getattr(words, field) for field in ("names", "creators", "heads", "tails", "nouns", "ends")
        ]
        everything += [
            words.topics,
            words.titles,
            *sentences,
            *(name for pair in words.people for name in pair),
        ]
        assert [text for text in everything if set(text) & set('\\"\t\r\0')] == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_category_has_sentences_of_its_own(language: str) -> None:
    found = {position: len(sentences) for position, sentences in special_of(WORDS[language]).items()}
    assert found == dict.fromkeys(range(len(CATEGORIES)), 2)
    assert all(len(topics) == 14 for _, topics in topics_of(WORDS[language]))


def test_a_host_says_its_number() -> None:
    numbers = [0, 12, 999_999, 1_000_000, 1_000_099, 1_234_567, 99_999_999]
    assert [number_of(f"name-{code(number)}.example") for number in numbers] == numbers
    assert len({code(number) for number in range(30_000)}) == 30_000
    assert [number_of(host) for host in ("oakleaf.example", "a-babe.example", "x-babebi.test")] == [None] * 3


def test_names_of_hosts_are_plain() -> None:
    texts = ("Straße & Öl", "Łódź", "Щука і Їжак", "Ψωμί", "Hus & Hav’s", "朝の庭")
    assert [plain(text) for text in texts] == ["strasseol", "lodz", "shchukaiizhak", "psomi", "hushavs", ""]


@pytest.mark.django_db
def test_directory_is_filled_with_listed_partners() -> None:
    now = timezone.now()
    assert fill_directory(40, now=now) == 0
    rows, made = list(Partner.objects.listed().order_by("id")), list(generate(0, 40))
    assert [_facts(row) for row in rows] == [_facts(each) for each in made]
    for row in rows:
        row.full_clean(exclude=["workspace", "merged_into", "logo"])
    assert [row.listed_at for row in rows] == [row.created_at for row in rows]
    assert all(row.listed_at < now and row.active_on <= now.date() for row in rows)
    contacts = list(
        Contact.objects.order_by("id").values_list("partner__name", "address", "address_key", "workspace")
    )
    assert contacts == [
        (each.name, each.address, addresses.key(addresses.parse(each.address), settings.ADDRESS_KEY), None)
        for each in made
        if each.address
    ]


@pytest.mark.django_db
def test_directory_goes_on_after_the_last_one() -> None:
    assert [fill_directory(5), fill_directory(20), next_number()] == [0, 5, 25]
    # Nobody of ours, though its host looks like it.
    Partner.objects.create(name="Oak", website_key=f"oak-{code(70)}.example")
    assert fill_directory(3) == 25
    names = Partner.objects.listed().exclude(name="Oak").order_by("id").values_list("name", flat=True)
    assert list(names) == [each.name for each in generate(0, 28)]


@pytest.mark.django_db
def test_directory_is_written_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "CHUNK", 8)
    told: list[int] = []
    fill_directory(20, told=told.append)
    assert told == [8, 16, 20]
    assert Partner.objects.listed().count() == 20


def _facts(each: Partner | MadePartner) -> dict[str, object]:
    values = {field: getattr(each, field) for field in FACTS}
    return {field: list(value) if isinstance(value, tuple) else value for field, value in values.items()}
