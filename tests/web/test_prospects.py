"""Discover > Prospects: the list, its words, filters, orders and pages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from overture.prospects.models import Stage
from tests import factories
from tests.web.asking import names_in
from tests.world import World

LIST = "/w/halden/prospects"


def test_prospects_lists_those_of_the_workspace_latest_first(
    world: World, as_member: Callable[..., Client]
) -> None:
    factories.prospect(world.nora, "Nordlys Deals")
    factories.prospect(world.nora, "Hus & Hav")
    factories.prospect(world.stranger, "Of another brand")
    answer = as_member(world.nora).get(LIST)
    assert answer.status_code == 200
    assert names_in(answer) == ["Hus & Hav", "Nordlys Deals"]
