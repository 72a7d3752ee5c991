"""Saving, not interested and reports: who may, what changed, and what did not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from overture.accounts.models import Membership
from overture.activity.models import Activity
from overture.directory.models import Partner, Standing
from overture.marketplace import not_interested, relations, save
from overture.marketplace.models import NotInterested, Report, SavedPartner
from overture.marketplace.not_interested import NotInterestedError
from overture.marketplace.report import ReportError, report
from tests import factories
from tests.world import World

ACTS: list[Callable[[Membership, list[int]], int]] = [
    save.save,
    save.unsave,
    not_interested.dismiss,
    not_interested.bring_back,
]


def saved(member: Membership) -> list[int]:
    return sorted(SavedPartner.objects.visible_to(member).values_list("partner_id", flat=True))


def hidden(member: Membership) -> list[int]:
    return sorted(NotInterested.objects.visible_to(member).values_list("partner_id", flat=True))


def test_saved_partners_are_the_workspaces(world: World) -> None:
    one, two = factories.partner().pk, factories.partner().pk
    assert save.save(world.camille, [one]) == 1
    assert save.save(world.nora, [one, two, two]) == 1
    assert (saved(world.victor), saved(world.stranger)) == ([one, two], [])
    assert SavedPartner.objects.get(partner=one).member == world.camille
    assert save.unsave(world.stranger, [one]) == 0
    assert save.unsave(world.nora, [one, one + 100_000]) == 1
    assert saved(world.nora) == [two]
    told = Activity.objects.order_by("pk").values_list("verb", "facts")
    assert list(told) == [
        ("partners_saved", {"partners": [one]}),
        ("partners_saved", {"partners": [two]}),
        ("partners_unsaved", {"partners": [one]}),
    ]


def test_only_listed_partners_are_marked(world: World) -> None:
    private, theirs = factories.partner(world.nora).pk, factories.partner(world.stranger).pk
    suspended = factories.partner(standing=Standing.SUSPENDED).pk
    for act in (save.save, not_interested.dismiss):
        assert act(world.nora, [private, theirs, suspended, 2**62]) == 0
    assert (saved(world.nora), hidden(world.nora)) == ([], [])


def test_the_number_of_a_merged_partner_leads_on(world: World) -> None:
    target = factories.partner()
    old = factories.partner(standing=Standing.MERGED, merged_into=target)
    assert save.save(world.nora, [old.pk]) == 1
    assert saved(world.nora) == [target.pk]


def test_not_interesting_is_hidden_and_comes_back_as_it_was(world: World) -> None:
    one, two = factories.partner().pk, factories.partner().pk
    save.save(world.nora, [one])
    assert not_interested.dismiss(world.camille, [one, two]) == 2
    assert not_interested.dismiss(world.nora, [one]) == 0
    assert (hidden(world.nora), hidden(world.stranger)) == ([one, two], [])
    assert not_interested.bring_back(world.stranger, [one]) == 0
    assert not_interested.bring_back(world.nora, [one]) == 1
    assert (hidden(world.nora), saved(world.nora)) == ([two], [one])


def test_who_is_saved_is_interesting_again(world: World) -> None:
    one, two = factories.partner().pk, factories.partner().pk
    not_interested.dismiss(world.nora, [one, two])
    assert save.save(world.nora, [one]) == 1
    assert (hidden(world.nora), saved(world.nora)) == ([two], [one])


def test_prospects_are_not_hidden(world: World) -> None:
    one, two = factories.partner(), factories.partner()
    factories.prospect(world.nora, partner=one)
    factories.prospect(world.stranger, partner=two)
    with pytest.raises(NotInterestedError) as caught:
        not_interested.dismiss(world.nora, [one.pk, two.pk])
    assert (caught.value.code, caught.value.partners) == ("is_prospect", [one.pk])
    assert hidden(world.nora) == []


@pytest.mark.parametrize("act", ACTS)
def test_a_viewer_marks_nothing(world: World, act: Callable[[Membership, list[int]], int]) -> None:
    one = factories.partner().pk
    with pytest.raises(PermissionDenied):
        act(world.victor, [one])
    assert (saved(world.nora), hidden(world.nora)) == ([], [])


@pytest.mark.parametrize("act", ACTS)
def test_many_take_as_many_queries_as_one(world: World, act: Callable[[Membership, list[int]], int]) -> None:
    partners = [factories.partner().pk for _ in range(4)]
    if act is save.unsave:
        save.save(world.nora, partners)
    if act is not_interested.bring_back:
        not_interested.dismiss(world.nora, partners)
    with CaptureQueriesContext(connection) as few:
        assert act(world.nora, partners[:1]) == 1
    with CaptureQueriesContext(connection) as many:
        assert act(world.nora, partners[1:]) == 3
    assert len(many) == len(few)


def test_a_report_is_open_once_for_each_member(world: World) -> None:
    partner = factories.partner()
    first = report(world.nora, partner, "spam", " Sells\0 links ")
    assert (first.reason, first.text, first.settled_at) == ("spam", "Sells links", None)
    assert report(world.nora, partner, "other", "Sells likes").pk == first.pk
    assert report(world.camille, partner, "spam").pk != first.pk
    first.refresh_from_db()
    assert (first.reason, first.text) == ("other", "Sells likes")
    Report.objects.filter(pk=first.pk).update(settled_at=timezone.now())
    assert report(world.nora, partner, "gone").pk != first.pk
    assert Report.objects.visible_to(world.nora).count() == 3
    assert Activity.objects.filter(verb="partner_reported").count() == 3


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (("rude", ""), ("reason", "unknown_reason")),
        (("other", "  "), ("text", "empty")),
        (("spam", "x" * 2001), ("text", "too_long")),
    ],
)
def test_what_is_no_report(world: World, said: tuple[str, str], fault: tuple[str, str]) -> None:
    with pytest.raises(ReportError) as caught:
        report(world.nora, factories.partner(), *said)
    assert (caught.value.field, caught.value.code) == fault
    assert not Report.objects.exists()


def test_private_partners_and_viewers_report_nothing(world: World) -> None:
    with pytest.raises(ReportError):
        report(world.nora, factories.partner(world.nora), "spam")
    with pytest.raises(PermissionDenied):
        report(world.victor, factories.partner(), "spam")


def test_the_relation_to_each_partner_of_a_page(world: World) -> None:
    none, new, joined, gone, away = (factories.partner() for _ in range(5))
    first = factories.prospect(world.nora, partner=new)
    second = factories.prospect(world.nora, partner=joined, stage="joined")
    third = factories.prospect(world.nora, partner=gone, archived_at=timezone.now())
    factories.prospect(world.stranger, partner=none)
    NotInterested.objects.create(workspace=world.brand, partner=new)
    not_interested.dismiss(world.nora, [away.pk])
    SavedPartner.objects.create(workspace=world.brand, partner=away, member=world.camille)
    save.save(world.stranger, [none.pk])
    partners = [none, new, joined, gone, away]
    with CaptureQueriesContext(connection) as many:
        found = relations.standing_of(world.nora, numbers(partners))
    assert found == {
        none.pk: relations.Standing(),
        new.pk: relations.Standing("prospect", first.pk, "new"),
        joined.pk: relations.Standing("joined", second.pk, "joined"),
        gone.pk: relations.Standing("prospect", third.pk, "new", is_archived=True),
        away.pk: relations.Standing(
            "not_interested", is_saved=True, saved_by=world.camille, is_not_interested=True
        ),
    }
    assert str(found[away.pk].saved_by) == "Camille Dupré"
    with CaptureQueriesContext(connection) as few:
        relations.standing_of(world.nora, numbers(partners[:1]))
    assert len(many) == len(few) == 3


def numbers(partners: list[Partner]) -> list[Any]:
    return [partner.pk for partner in partners]
