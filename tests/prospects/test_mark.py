"""Marking a partner as prospect, and adding one by hand without making anybody twice."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from overture.directory.models import Contact, Partner
from overture.prospects import mark
from overture.prospects.mark import AddError, AlreadyThere, Details
from overture.prospects.models import Note, Prospect
from tests import factories
from tests.world import World, make_world


def test_marking_makes_a_new_prospect_once(world: World) -> None:
    listed = factories.partner(name="Mode & Co", country="FR", category="Fashion", kind="creator", audience=7)
    made = mark.mark(world.camille, listed)
    assert (made.name, made.stage, made.kind, made.country, made.audience) == (
        "Mode & Co",
        "new",
        "creator",
        "FR",
        7,
    )
    assert mark.mark(world.camille, listed) == made
    private = factories.partner(world.stranger)
    with pytest.raises(Partner.DoesNotExist):
        mark.mark(world.camille, private)
    with pytest.raises(PermissionDenied):
        mark.mark(world.victor, listed)


def test_adding_by_hand_makes_a_private_partner(world: World) -> None:
    winter = factories.group(world.camille, "Winter")
    made = mark.add(
        world.camille,
        Details(
            "Élan", "Zoé", "Lang", "zoe@elan.example", "www.elan.example/about", "France", "creator", "Sport",
            "fr", 12, (winter.pk,), "Met in Lyon",
        ),
    )  # fmt: skip
    made.refresh_from_db()
    assert (made.partner.workspace, made.partner.website_key) == (world.brand, "elan.example")
    assert made.partner.mpid >= 10000
    assert (made.name, made.website, made.country, made.language) == (
        "Élan",
        "https://www.elan.example/about",
        "FR",
        "fr",
    )
    assert made.search_text == "elan https://www.elan.example/about zoe lang zoe@elan.example"
    assert list(made.groups.all()) == [winter]
    assert Note.objects.get().text == "Met in Lyon"
    assert Contact.objects.get().address == "zoe@elan.example"
    assert mark.add(world.camille, Details(website="https://bare.example/x")).name == "bare.example"


@pytest.mark.parametrize(
    "details",
    [
        Details("Other", address="ZOE@elan.example"),
        Details("Other", website="http://elan.example/contact"),
        Details("Élan", website="https://elan.example", first_name="Zoé"),
    ],
)
def test_who_is_there_already_is_shown(world: World, details: Details) -> None:
    there = mark.add(
        world.camille, Details("Élan", "Zoé", address="zoe@elan.example", website="https://elan.example")
    )
    with pytest.raises(AlreadyThere) as caught:
        mark.add(world.camille, details)
    assert caught.value.prospect == there
    assert Prospect.objects.count() == Partner.objects.count() == 1
    assert mark.add(world.stranger, details).pk != there.pk


def test_a_listed_partner_becomes_the_prospect(world: World) -> None:
    listed = factories.partner(name="Listed", website="https://listed.example", website_key="listed.example")
    made = mark.add(
        world.camille, Details("Our name for it", address="me@listed.example", website="listed.example")
    )
    assert (made.partner, made.name) == (listed, "Our name for it")
    listed.refresh_from_db()
    assert listed.name == "Listed"


def test_several_that_could_be_meant_are_named(world: World) -> None:
    for name in ("A", "B"):
        factories.prospect(
            world.camille, name, partner=factories.partner(world.camille, name, website_key="x.example")
        )
    with pytest.raises(AddError) as caught:
        mark.add(world.camille, Details("C", website="https://x.example"))
    assert caught.value.code == "ambiguous"
    assert [part[0] for part in caught.value.partners.split(", ")] == ["A", "B"]


@pytest.mark.parametrize(
    ("details", "field", "code"),
    [
        ({}, "name", "empty"),
        ({"name": "x" * 201}, "name", "too_long"),
        ({"name": "A", "address": "a@"}, "address", "invalid_address"),
        ({"name": "A", "website": "ftp://x"}, "website", "invalid_website"),
        ({"name": "A", "country": "Nowhere"}, "country", "unknown_country"),
        ({"name": "A", "language": "Elvish"}, "language", "unknown_language"),
        ({"name": "A", "kind": "both"}, "kind", "unknown_kind"),
        ({"name": "A", "audience": -1}, "audience", "invalid_number"),
        ({"name": "A", "groups": (1,)}, "groups", "unknown_group"),
        ({"name": "A", "note": "x" * 10_001}, "note", "too_long"),
    ],
)
def test_details_that_make_no_prospect_are_refused_by_field(
    world: World, details: dict[str, Any], field: str, code: str
) -> None:
    factories.group(world.stranger, "Foreign")
    with pytest.raises(AddError) as caught:
        mark.add(world.camille, Details(**details))
    assert (caught.value.field, caught.value.code) == (field, code)
    assert Prospect.objects.count() == 0


def test_two_clicks_at_once_make_one_prospect(transactional_db: None) -> None:
    world = make_world()
    start = threading.Barrier(6)

    def click() -> None:
        try:
            start.wait(5)
            with suppress(AlreadyThere):
                mark.add(world.camille, Details(name="Hus", address="mia@hus.example"))
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _ in range(6)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()
    assert (Prospect.objects.count(), Partner.objects.count(), Contact.objects.count()) == (1, 1, 1)
