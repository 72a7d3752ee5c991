"""Old selections go; those of a mailing, of a filter still in use, and young ones stay."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from overture.delivery.models import Mailing
from overture.prospects import selection
from overture.prospects.models import Selection, SelectionRow
from tests import factories
from tests.world import World


def test_old_selections_go_but_those_of_mailings(world: World) -> None:
    from overture.delivery.jobs import forget_old_selections

    row = factories.prospect(world.camille)
    young, old, used = (selection.start(world.camille) for _ in range(3))
    for each in (young, old, used):
        selection.choose(world.camille, each, [row.pk])
    Selection.objects.exclude(pk=young.pk).update(touched_at=timezone.now() - timedelta(days=31))
    Mailing.objects.create(workspace=world.brand, author=world.camille, audience={"selection": used.pk})
    Mailing.objects.create(workspace=world.brand, author=world.camille, audience={"prospects": [old.pk]})
    forget_old_selections(0)
    assert set(Selection.objects.all()) == {young, used}
    assert SelectionRow.objects.count() == 2
