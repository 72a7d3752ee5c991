"""The operator lists, suspends and finds partners; old numbers lead on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from overture.accounts.models import User
from overture.ads.click import click
from overture.ads.models import Ad, AdClick
from overture.directory.find import find_listed, find_partner
from overture.directory.models import DirectoryEvent, Partner, Standing
from overture.directory.suspend import StandingError, list_partner, suspend
from overture.prospects.mark import mark
from tests import factories
from tests.world import World


@pytest.fixture
def operator(world: World) -> User:
    user = world.nora.user
    user.is_operator = True
    user.save(update_fields=["is_operator"])
    return user


def test_suspended_and_listed_again(operator: User) -> None:
    partner = factories.partner(name="Lin")
    suspend(operator, partner, " spam \n links ")
    assert Partner.objects.get().standing == "suspended"
    listed_at = Partner.objects.get().listed_at
    list_partner(operator, partner)
    assert (Partner.objects.get().standing, Partner.objects.get().listed_at) == ("listed", listed_at)
    assert list(DirectoryEvent.objects.order_by("pk").values_list("user", "verb", "facts")) == [
        (operator.pk, "suspended", {"reason": "spam links"}),
        (operator.pk, "lifted", {}),
    ]


def test_out_of_review_it_is_new_to_the_marketplace(operator: User) -> None:
    long_ago = timezone.now() - timedelta(days=90)
    partner = factories.partner(name="Lin", standing=Standing.IN_REVIEW, listed_at=long_ago)
    list_partner(operator, partner)
    found = Partner.objects.get()
    assert found.standing == "listed"
    assert found.listed_at > long_ago + timedelta(days=89)
    assert DirectoryEvent.objects.get().verb == "approved"


def test_steps_that_are_not_possible(operator: User, world: World) -> None:
    listed, private = factories.partner(name="A"), factories.partner(world.nora, "B")
    merged = factories.partner(name="C", standing=Standing.MERGED, merged_into=listed)
    steps = [
        (lambda: list_partner(operator, listed), "listed"),
        (lambda: list_partner(operator, merged), "merged"),
        (lambda: suspend(operator, merged, "spam"), "merged"),
        (lambda: suspend(operator, private, "spam"), "private"),
        (lambda: suspend(operator, listed, " "), "no_reason"),
        (lambda: suspend(operator, listed, "x" * 501), "long_reason"),
    ]
    for step, code in steps:
        with pytest.raises(StandingError) as caught:
            step()
        assert caught.value.code == code
    assert DirectoryEvent.objects.count() == 0


def test_only_an_operator_moves_it(world: World) -> None:
    partner = factories.partner(name="Lin")
    for step in (
        lambda: suspend(world.nora.user, partner, "spam"),
        lambda: list_partner(world.nora.user, partner),
    ):
        with pytest.raises(PermissionDenied):
            step()
    assert Partner.objects.get().standing == "listed"


def test_who_is_found_by_a_number(world: World) -> None:
    listed, mine = factories.partner(name="A"), factories.partner(world.nora, "B")
    theirs = factories.partner(world.stranger, "C")
    old = factories.partner(name="D", standing=Standing.MERGED, merged_into=listed)
    hidden = [factories.partner(name=s, standing=s) for s in (Standing.IN_REVIEW, Standing.SUSPENDED)]
    led_nowhere = factories.partner(name="E", standing=Standing.MERGED, merged_into=hidden[1])
    asked = [listed, mine, theirs, old, *hidden, led_nowhere]
    assert [find_partner(world.nora, each.pk) for each in asked] == [listed, mine, None, listed, *[None] * 3]
    assert [find_listed(each.pk) for each in asked] == [listed, None, None, listed, *[None] * 3]
    assert find_partner(world.nora, 1) is None


def test_an_old_number_marks_and_clicks_for_the_new_one(world: World) -> None:
    new = factories.partner(name="New")
    old = factories.partner(name="Old", standing=Standing.MERGED, merged_into=new)
    assert mark(world.nora, old).partner_id == new.pk
    ad = Ad.objects.create(
        workspace=world.brand,
        program=world.program,
        name="Ad",
        kind="text",
        text="Ad",
        landing_page="https://x.example/",
    )
    click(ad, old.pk)
    assert AdClick.objects.get().partner_id == new.pk
