"""Marking many partners: as one by one, in the same few statements."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from overture.activity.models import Activity
from overture.directory.models import Standing
from overture.prospects.mark import mark
from overture.prospects.mark_many import Marked, mark_many
from overture.prospects.models import Group, Prospect
from tests import factories
from tests.world import World


def test_marking_many_makes_what_marking_one_makes(world: World) -> None:
    listed = factories.partner(
        name="Élan", website="https://elan.example", country="FR", category="Sport", kind="creator",
        language="fr", audience=7,
    )  # fmt: skip
    factories.contact(listed, "zoe@elan.example", first_name="Zoé")
    private = factories.partner(world.nora)
    known = factories.prospect(world.nora, stage="negotiating")
    found = mark_many(world.camille, [listed.pk, private.pk, known.partner_id, listed.pk])
    made = Prospect.objects.get(partner=listed)
    assert found == Marked(2, 1, 0, sorted(Prospect.objects.values_list("pk", flat=True)))
    copied = ("name", "website", "country", "category", "kind", "language", "audience")
    assert [getattr(made, name) for name in copied] == [getattr(listed, name) for name in copied]
    assert (made.stage, made.workspace, made.archived_at) == ("new", world.brand, None)
    # Of an account's own contact the name is found by, the address is not.
    assert made.search_text == "elan https://elan.example zoe"
    known.refresh_from_db()
    assert known.stage == "negotiating"
    told = Activity.objects.filter(verb="prospect_marked").order_by("prospect_id")
    assert [(each.prospect.partner_id, each.member, each.facts) for each in told if each.prospect] == [
        (row.partner_id, world.camille, {}) for row in Prospect.objects.exclude(pk=known.pk).order_by("pk")
    ]


def test_who_cannot_be_seen_is_left_out(world: World) -> None:
    theirs = factories.partner(world.stranger)
    suspended = factories.partner(standing=Standing.SUSPENDED)
    assert mark_many(world.nora, [theirs.pk, suspended.pk, 2**62]) == Marked(0, 0, 0, [])
    assert not Prospect.objects.exists()


def test_the_number_of_a_merged_partner_marks_what_it_became(world: World) -> None:
    target = factories.partner()
    old = factories.partner(standing=Standing.MERGED, merged_into=target)
    assert mark_many(world.nora, [old.pk, target.pk]).new == 1
    assert Prospect.objects.get().partner == target
    assert mark(world.nora, old) == Prospect.objects.get()


def test_an_archived_prospect_comes_back(world: World) -> None:
    away = factories.prospect(world.nora, stage="outreach", archived_at=timezone.now())
    theirs = factories.prospect(world.stranger, partner=factories.partner(), archived_at=timezone.now())
    found = mark_many(world.nora, [away.partner_id, theirs.partner_id])
    away.refresh_from_db()
    theirs.refresh_from_db()
    assert (found.new, found.known, found.restored) == (1, 1, 1)
    assert (away.archived_at, away.stage) == (None, "outreach")
    assert theirs.archived_at is not None
    assert list(Activity.objects.filter(prospect=away).values_list("verb", flat=True)) == [
        "prospect_restored"
    ]
    Prospect.objects.filter(pk=away.pk).update(archived_at=timezone.now())
    assert mark(world.nora, away.partner).archived_at is None


def test_all_of_them_are_put_into_the_group(world: World) -> None:
    known = factories.prospect(world.nora)
    winter = factories.group(world.nora, "Winter")
    found = mark_many(world.nora, [known.partner_id, factories.partner().pk], winter)
    assert sorted(winter.prospects.values_list("pk", flat=True)) == found.prospects
    theirs = factories.group(world.stranger, "Theirs")
    with pytest.raises(Group.DoesNotExist):
        mark_many(world.nora, [factories.partner().pk], theirs)
    assert (Prospect.objects.count(), theirs.prospects.count()) == (2, 0)


def test_a_viewer_marks_nobody(world: World) -> None:
    with pytest.raises(PermissionDenied):
        mark_many(world.victor, [factories.partner().pk])
    assert not Prospect.objects.exists()


def test_ten_thousand_take_as_many_statements_as_one(world: World) -> None:
    group = factories.group(world.nora, "All")
    one, *many = factories.partners(10_001)
    with CaptureQueriesContext(connection) as few:
        mark_many(world.nora, [one], group)
    with CaptureQueriesContext(connection) as all_of_them:
        assert mark_many(world.nora, many, group).new == 10_000
    assert len(all_of_them) == len(few)
    assert group.prospects.count() == 10_001


def test_two_who_mark_the_same_make_one_of_each(live: Any) -> None:
    partners = factories.partners(50)
    found: list[Marked] = []

    def work(numbers: list[int]) -> None:
        found.append(mark_many(live.nora, numbers))
        connection.close()

    threads = [threading.Thread(target=work, args=(order,)) for order in (partners, partners[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Prospect.objects.count() == Activity.objects.count() == 50
    assert sorted(each.new + each.known for each in found) == [50, 50]
    assert sum(each.new for each in found) == 50
