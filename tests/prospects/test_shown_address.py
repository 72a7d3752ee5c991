"""What is seen of an address, in the one place that decides it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from overture.prospects.shown_address import shown_address
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
    wrote_at = timezone.now() if wrote else None
    seen = shown_address(
        world.nora, "mia@example.com", is_custom=is_custom, has_joined=has_joined, wrote_at=wrote_at
    )
    assert seen == shown
    assert shown_address(world.nora, "", is_custom=is_custom, has_joined=has_joined, wrote_at=wrote_at) == ""
