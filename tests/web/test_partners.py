"""Engage > Partners: who joined, in the same table."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from overture.prospects.models import Selection, Stage
from tests import factories
from tests.web.asking import names_in, output_in
from tests.world import World

LIST = "/w/halden/partners"


def test_partners_lists_who_joined_and_nobody_else(world: World, as_member: Callable[..., Client]) -> None:
    factories.prospect(world.nora, "Joined", stage=Stage.JOINED)
    factories.prospect(world.nora, "New")
    answer = as_member(world.nora).get(LIST)
    assert (answer.status_code, names_in(answer)) == (200, ["Joined"])


def test_partners_selection_is_of_its_own_list(world: World, as_member: Callable[..., Client]) -> None:
    joined = factories.prospect(world.nora, "Joined", stage=Stage.JOINED)
    client = as_member(world.nora)
    answer = client.post(f"{LIST}/select", {"page": joined.pk, "chosen": joined.pk}, follow=True)
    selection = Selection.objects.get()
    assert (selection.origin, output_in(answer)) == ("partners", "1 selected")
    assert f'name="selection" value="{selection.pk}"' in answer.content.decode()
    assert output_in(client.get("/w/halden/prospects", {"selection": selection.pk})) == ""


def test_partners_all_that_match_are_joined_ones(world: World, as_member: Callable[..., Client]) -> None:
    factories.prospect(world.nora, "Joined", stage=Stage.JOINED)
    factories.prospect(world.nora, "New")
    assert output_in(as_member(world.nora).post(f"{LIST}/select-all", follow=True)) == "1 selected"


def test_partners_says_where_they_come_from(world: World, as_member: Callable[..., Client]) -> None:
    assert "No partners yet" in as_member(world.nora).get(LIST).content.decode()
