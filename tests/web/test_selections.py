"""Choosing rows over many pages: what is ticked, what stays, what all means and when it ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from overture.prospects import selection as selections
from overture.prospects.models import Prospect, Selection, SelectionRow, Stage
from tests import factories
from tests.web.asking import banner_in, head_in, names_in, output_in, ticked_in
from tests.world import World

LIST = "/w/halden/prospects"
SignIn = Callable[..., Client]


def made(world: World, count: int, **fields: Any) -> list[Prospect]:
    return [factories.prospect(world.nora, f"Prospect {number:03}", **fields) for number in range(count)]


def tick(client: Client, rows: list[Prospect], ticked: list[Prospect], query: str = "", **more: str) -> Any:
    """Saves a page as its form does."""
    page = ",".join(str(row.pk) for row in rows)
    values = {"page": page, "chosen": [row.pk for row in ticked], **more}
    return client.post(f"{LIST}/select{query}", values, follow=True)


def chosen(world: World) -> set[int]:
    latest = Selection.objects.latest("pk")
    return set(selections.chosen(world.nora, latest).values_list("pk", flat=True))


def test_select_begins_a_selection_and_puts_its_id_in_the_address(world: World, as_member: SignIn) -> None:
    rows = made(world, 3)
    answer = tick(as_member(world.nora), rows, rows[:2])
    selection = Selection.objects.get()
    assert answer.redirect_chain == [(f"{LIST}?selection={selection.pk}", 302)]
    assert (sorted(ticked_in(answer)), head_in(answer)) == ([rows[0].pk, rows[1].pk], "some")
    assert output_in(answer) == "2 selected"


def test_select_keeps_what_was_chosen_on_other_pages_sorts_and_filters(
    world: World, as_member: SignIn
) -> None:
    new, joined = made(world, 2), made(world, 3, stage=Stage.JOINED)
    client = as_member(world.nora)
    tick(client, joined, joined)
    number = Selection.objects.get().pk
    answer = tick(client, new, new[:1], f"?stage=new&sort=name&selection={number}")
    assert answer.redirect_chain == [(f"{LIST}?stage=new&sort=name&selection={number}", 302)]
    assert output_in(answer) == "4 selected 3 selected ones are not shown"
    assert chosen(world) == {*(row.pk for row in joined), new[0].pk}


def test_select_shows_the_hidden_ones_by_a_link(world: World, as_member: SignIn) -> None:
    new, joined = made(world, 1), [factories.prospect(world.nora, "Joined one", stage=Stage.JOINED)]
    client = as_member(world.nora)
    tick(client, joined, joined)
    number = Selection.objects.get().pk
    answer = client.get(f"{LIST}?stage=new&selection={number}")
    assert (names_in(answer), output_in(answer)) == ([new[0].name], "1 selected 1 selected one is not shown")
    shown = client.get(answer.context["hidden_url"])
    assert (names_in(shown), ticked_in(shown)) == (["Joined one"], [joined[0].pk])
    assert (
        client.get(shown.context["all_shown_url"]).request["QUERY_STRING"] == f"stage=new&selection={number}"
    )


def test_select_without_script_takes_the_whole_page_by_the_head(world: World, as_member: SignIn) -> None:
    rows = made(world, 4)
    client = as_member(world.nora)
    answer = tick(client, rows, rows[:1], head="some", whole="1")
    assert (head_in(answer), len(ticked_in(answer))) == ("all", 4)
    number = Selection.objects.get().pk
    # The head is still ticked, one row is not any more: the row counts.
    answer = tick(client, rows, rows[1:], f"?selection={number}", head="all", whole="1")
    assert (head_in(answer), len(ticked_in(answer))) == ("some", 3)
    answer = tick(client, rows, [], f"?selection={number}", head="some")
    assert (head_in(answer), ticked_in(answer), output_in(answer)) == ("none", [], "")


def test_select_for_htmx_answers_the_bar_alone(world: World, as_member: SignIn) -> None:
    rows = made(world, 3)
    page = ",".join(str(row.pk) for row in rows)
    answer = as_member(world.nora).post(
        f"{LIST}/select", {"page": page, "chosen": page, "rows": page}, headers={"HX-Request": "true"}
    )
    assert (answer.status_code, output_in(answer), names_in(answer)) == (200, "3 selected", [])
    assert f'data-selection="{Selection.objects.get().pk}"' in answer.content.decode()


def test_select_passes_over_rows_of_another_workspace(world: World, as_member: SignIn) -> None:
    theirs = factories.prospect(world.stranger, "Theirs")
    tick(as_member(world.nora), [theirs], [theirs])
    assert SelectionRow.objects.count() == 0


def test_select_of_a_colleague_chooses_nothing(world: World, as_member: SignIn) -> None:
    rows = made(world, 1)
    tick(as_member(world.nora), rows, rows)
    answer = as_member(world.camille).get(LIST, {"selection": Selection.objects.get().pk})
    assert (ticked_in(answer), output_in(answer)) == ([], "")


def test_banner_offers_all_that_match_once_the_page_is_selected(world: World, as_member: SignIn) -> None:
    made(world, 60)
    client = as_member(world.nora)
    rows = [row.prospect for row in client.get(LIST, {"sort": "name"}).context["rows"]]
    answer = tick(client, rows, rows, "?sort=name")
    assert banner_in(answer) == "All 50 on this page are selected. Select all 60 prospects that match"
    number = Selection.objects.get().pk
    answer = client.post(f"{LIST}/select-all?sort=name&selection={number}", follow=True)
    assert (output_in(answer), SelectionRow.objects.count()) == ("60 selected", 0)
    assert banner_in(answer) == "60 of 60 that match are selected, on all pages. Clear selection"


def test_all_that_match_leaves_out_what_is_unticked(world: World, as_member: SignIn) -> None:
    rows = made(world, 60)
    client = as_member(world.nora)
    client.post(f"{LIST}/select-all")
    number = Selection.objects.get().pk
    answer = tick(client, rows[:3], rows[:2], f"?sort=name&selection={number}")
    assert (output_in(answer), chosen(world)) == ("59 selected", {row.pk for row in rows} - {rows[2].pk})
    factories.prospect(world.nora, "One that came later")
    assert output_in(client.get(LIST, {"selection": number})) == "60 selected"


def test_all_that_match_ends_when_the_filter_changes_with_undo(world: World, as_member: SignIn) -> None:
    made(world, 3, stage=Stage.NEW)
    client = as_member(world.nora)
    client.post(f"{LIST}/select-all?stage=new")
    number = Selection.objects.get().pk
    answer = client.get(f"{LIST}?stage=joined&selection={number}")
    assert (output_in(answer), [str(each) for each in answer.context["messages"]]) == (
        "",
        ["The filter changed, so not everything that matches is selected any more."],
    )
    undo = f"/w/halden/selections/{number}"
    assert undo in answer.content.decode()
    restored = client.post(undo, follow=True)
    assert restored.redirect_chain == [(f"{LIST}?stage=new&selection={number}", 302)]
    assert output_in(restored) == "3 selected"


def test_clear_chooses_nothing_and_keeps_the_list(world: World, as_member: SignIn) -> None:
    rows = made(world, 2)
    client = as_member(world.nora)
    tick(client, rows, rows)
    number = Selection.objects.get().pk
    answer = client.post(f"/w/halden/selections/{number}/clear?stage=new&selection={number}", follow=True)
    assert (answer.redirect_chain, ticked_in(answer)) == ([(f"{LIST}?stage=new", 302)], [])


def test_a_viewer_may_choose(world: World, as_member: SignIn) -> None:
    rows = made(world, 1)
    answer = tick(as_member(world.victor), rows, rows)
    assert (output_in(answer), "Add to group" in answer.content.decode()) == ("1 selected", False)


def test_select_takes_as_many_queries_for_thirty_rows_as_for_two(world: World, as_member: SignIn) -> None:
    rows = made(world, 30)
    client = as_member(world.nora)

    def queries(some: list[Prospect]) -> int:
        page = ",".join(str(row.pk) for row in some)
        with CaptureQueriesContext(connection) as told:
            client.post(
                f"{LIST}/select", {"page": page, "chosen": page, "rows": page}, headers={"HX-Request": "true"}
            )
        return len(told)

    queries(rows[:2])
    assert queries(rows) == queries(rows[:2])
