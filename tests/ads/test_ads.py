"""Ads are made, changed and ended; their codes and their links follow."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from overture.accounts.models import Program
from overture.activity.models import Activity
from overture.ads.click import click, linked_ad
from overture.ads.details import Details
from overture.ads.edit import edit, end
from overture.ads.make import make
from overture.ads.models import Ad, AdClick
from tests import factories
from tests.world import World

TEXT = Details("Winter", "text", "https://brand.example/winter", text="Winter linen")


def test_ad_begins_at_once_in_the_first_program(world: World) -> None:
    Program.objects.create(workspace=world.brand, name="Second")
    ad = make(world.camille, TEXT)
    assert (ad.program, ad.is_active(), ad.active_to) == (world.program, True, None)
    assert list(Ad.objects.visible_to(world.nora).active()) == [ad]
    assert list(Ad.objects.visible_to(world.stranger).active()) == []
    assert Activity.objects.get(verb="ad_made").facts == {"ad": ad.pk, "name": "Winter"}


def test_viewer_makes_no_ad(world: World) -> None:
    with pytest.raises(PermissionDenied):
        make(world.victor, TEXT)


def test_ended_and_planned_ads_are_not_active(world: World) -> None:
    now = timezone.now()
    ended = end(world.nora, make(world.nora, TEXT))
    planned = make(
        world.nora,
        Details("Spring", "text", TEXT.landing_page, "Spring", active_from=now + timedelta(days=9)),
    )
    ads, later = Ad.objects.visible_to(world.nora), now + timedelta(days=10)
    assert (set(ads.active()), set(ads.inactive())) == (set(), {ended, planned})
    assert list(ads.active(later)) == [planned]
    end(world.nora, planned)
    assert list(ads.active(later)) == []


def test_ending_twice_is_told_once(world: World) -> None:
    ad = end(world.nora, make(world.nora, TEXT))
    ended_at = ad.active_to
    assert end(world.nora, ad).active_to == ended_at
    assert Activity.objects.filter(verb="ad_ended").count() == 1


def test_edit_keeps_program_and_beginning(world: World) -> None:
    ad = make(world.nora, TEXT)
    begun = ad.active_from
    edit(world.nora, ad, Details("Winter 2", "text", "https://brand.example/2", text="More linen"))
    assert (ad.name, ad.landing_page, ad.active_from, ad.program) == (
        "Winter 2",
        "https://brand.example/2",
        begun,
        world.program,
    )


def test_link_stands_only_where_partner_ad_and_program_belong_together(world: World) -> None:
    ad = make(world.nora, TEXT)
    theirs = make(world.stranger, TEXT)
    other = Program.objects.create(workspace=world.brand, name="Second")
    listed, private, foreign = (
        factories.partner(),
        factories.partner(world.nora),
        factories.partner(world.stranger),
    )
    program = str(world.program.pk)
    assert [linked_ad(one.pk, ad.pk, program) for one in (listed, private, foreign)] == [ad, ad, None]
    assert linked_ad(listed.pk, ad.pk, str(other.pk)) is None
    assert linked_ad(listed.pk, theirs.pk, program) is None
    for nonsense in ("", "x", f"0{program}", f"{program}x", "9" * 30, "١"):
        assert linked_ad(listed.pk, ad.pk, nonsense) is None
    assert linked_ad(10**30, ad.pk, program) is None
    assert linked_ad(listed.pk, 10**30, program) is None


def test_click_counts_partner_and_program(world: World) -> None:
    ad, partner = make(world.nora, TEXT), factories.partner()
    click(ad, partner.pk)
    counted = AdClick.objects.get()
    assert (counted.ad, counted.partner, counted.program) == (ad, partner, world.program)
