"""What is seen of an address, in the one place that decides it."""

from __future__ import annotations

import pytest

from overture.prospects.shown_address import shown_address, shown_words
from tests.world import World


@pytest.mark.parametrize(
    ("is_custom", "has_joined", "wrote", "shown"),
    [
        (False, False, False, "m•••@example.com"),
        (True, False, False, "mia@example.com"),
        (False, True, False, "mia@example.com"),
        (False, False, True, "mia@example.com"),
    ],
)
def test_an_address_clears_when_brought_joined_or_written_from(
    world: World, is_custom: bool, has_joined: bool, wrote: bool, shown: str
) -> None:
    known = {"is_custom": is_custom, "has_joined": has_joined, "has_written": wrote}
    assert shown_address(world.nora, "mia@example.com", **known) == shown
    assert shown_address(world.nora, "", **known) == ""


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("550 <Mia@Example.com> unknown", "550 <m•••@example.com> unknown"),
        ("550 5.1.1 user mia unknown", "550 5.1.1 user ••• unknown"),
        ('550 mia_box: no mail for "MIA"', '550 •••_box: no mail for "•••"'),
        ("550 no Miami", "550 no Miami"),
    ],
)
def test_a_servers_words_tell_no_more_than_the_address_shown(words: str, shown: str) -> None:
    assert shown_words(words, "mia@example.com", "m•••@example.com") == shown
    assert shown_words(words, "mia@example.com", "mia@example.com") == words
