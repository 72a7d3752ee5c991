"""Text as the index keeps it: what a person types finds what is written, in whatever script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.marketplace.marked import excerpt, pieces
from overture.marketplace.words import MOST_WORDS, plain, searchable, words_of


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Événements à Paris", "evenements a paris"),
        ("Łódź & Øresund", "lodz & oresund"),
        ("Straße", "strasse"),
        ("Œuvre, Æro", "oeuvre, aero"),
        ("Ёлка", "елка"),
        ("Ελλάδα", "ελλαδα"),
        ("مَكتَبة", "مكتبة"),
        ("한국 여행", "한국 여행"),
    ],
)
def test_accents_and_ligatures_are_the_same_as_without(written: str, typed: str) -> None:
    assert plain(written) == plain(typed) == typed


def test_scripts_without_spaces_are_known_by_pairs() -> None:
    assert words_of("小さな台所") == ["小さ", "さな", "な台", "台所"]
    assert words_of("台所") == ["台所"]
    assert words_of("木") == ["木"]
    assert set(words_of("台所")) <= set(words_of("小さな台所"))


def test_vowels_of_hindi_stay_letters() -> None:
    assert plain("किताब") == "किताब"
    assert plain("किताब") != plain("कातब")


def test_words_are_each_there_once_and_bounded() -> None:
    assert words_of("Café café CAFÉ d'Orsay") == ["cafe", "d", "orsay"]
    assert len(words_of(" ".join(f"w{number}" for number in range(50)))) == MOST_WORDS
    assert words_of("… – !!") == []


@given(st.text(max_size=80))
def test_any_text_is_made_searchable_the_same_twice(text: str) -> None:
    assert words_of(searchable(text)) == words_of(text)


@given(st.text(max_size=200), st.text(max_size=30))
def test_pieces_are_the_text_whatever_is_marked(text: str, q: str) -> None:
    assert "".join(piece for piece, _ in pieces(text, q)) == text


@pytest.mark.parametrize(
    ("q", "marked"),
    [
        ("longue", ["Longue"]),
        ("veile", ["Veille"]),
        ("mais", ["maisons"]),
        ("vieille", ["Veille"]),
        ("xyz", []),
        ("", []),
    ],
)
def test_marked_words_show_why(q: str, marked: list[str]) -> None:
    found = pieces("La Longue Veille, pour les maisons", q)
    assert [piece for piece, is_marked in found if is_marked] == marked


def test_an_excerpt_begins_near_what_was_found() -> None:
    text = "Rien de spécial ici. " * 20 + "Des draps en lin. " + "Et la suite. " * 20
    found = excerpt(text, "lin", 100)
    assert ("lin", True) in found
    assert found[0][0].startswith("…")
    assert found[-1][0].endswith("…")
    assert sum(len(piece) for piece, _ in found) <= 102


def test_an_excerpt_of_a_short_text_is_the_text() -> None:
    assert excerpt("Du lin.", "", 100) == [("Du lin.", False)]
