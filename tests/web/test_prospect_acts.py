"""What is done with one prospect or a selection from the list and its record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from overture.activity.models import Activity
from overture.directory.models import Contact
from overture.prospects.models import Group, Note, Prospect, Selection, Stage
from tests import factories
from tests.web.asking import names_in
from tests.world import World

LIST = "/w/halden/prospects"
SignIn = Callable[..., Client]


def told(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


@pytest.fixture
def chosen(world: World, as_member: SignIn) -> tuple[Client, str, list[Prospect]]:
    """A client of the manager, the address of a selection of two, and three prospects."""
    rows = [factories.prospect(world.camille, f"Prospect {number}") for number in range(3)]
    client = as_member(world.camille)
    client.post(
        f"{LIST}/select",
        {"page": ",".join(str(row.pk) for row in rows), "chosen": [rows[0].pk, rows[1].pk]},
    )
    return client, f"/w/halden/chosen/{Selection.objects.get().pk}", rows


def test_chosen_stage_moves_the_chosen_and_says_how_many(chosen: tuple[Client, str, list[Prospect]]) -> None:
    client, url, _rows = chosen
    answer = client.post(f"{url}/stage?kind=partner", {"stage": "negotiating"}, follow=True)
    assert (answer.redirect_chain, told(answer)) == (
        [(f"{LIST}?kind=partner", 302)],
        ["2 prospects are now Negotiating."],
    )
    assert [row.stage for row in Prospect.objects.order_by("pk")] == ["negotiating", "negotiating", "new"]


def test_chosen_stage_says_what_stays(chosen: tuple[Client, str, list[Prospect]]) -> None:
    client, url, rows = chosen
    Prospect.objects.filter(pk=rows[0].pk).update(stage=Stage.JOINED)
    answer = client.post(f"{url}/stage", {"stage": "outreach"}, follow=True)
    assert told(answer) == [
        "1 prospect is now Outreach.",
        "1 prospect stays where it is: its stage does not lead to Outreach.",
    ]


def test_chosen_group_adds_to_one_that_is_there_or_made(chosen: tuple[Client, str, list[Prospect]]) -> None:
    client, url, rows = chosen
    answer = client.post(f"{url}/group", {"name": "Winter"}, follow=True)
    assert told(answer) == ["2 prospects added to Winter."]
    # The same name in other letters is the same group.
    answer = client.post(f"{url}/group", {"name": "  WINTER\0"}, follow=True)
    assert told(answer) == ["0 prospects added to Winter."]
    group = Group.objects.get()
    assert set(group.prospects.values_list("pk", flat=True)) == {rows[0].pk, rows[1].pk}
    assert told(client.post(f"{url}/group", {"name": ""}, follow=True)) == ["A group needs a name."]


def test_chosen_owner_takes_a_member_or_nobody(
    world: World, chosen: tuple[Client, str, list[Prospect]]
) -> None:
    client, url, _rows = chosen
    client.post(f"{url}/owner", {"owner": world.nora.pk})
    assert Prospect.objects.filter(owner=world.nora).count() == 2
    client.post(f"{url}/owner", {"owner": 0})
    assert Prospect.objects.filter(owner=None).count() == 3
    assert client.post(f"{url}/owner", {"owner": world.stranger.pk}).status_code == 404


def test_chosen_archive_can_be_undone(chosen: tuple[Client, str, list[Prospect]]) -> None:
    client, url, rows = chosen
    answer = client.post(f"{url}/archive?kind=partner", follow=True)
    assert (told(answer), names_in(answer)) == (["2 prospects archived."], [rows[2].name])
    undo = next(iter(answer.context["messages"])).extra_tags.removeprefix("undo:")
    answer = client.post(undo, follow=True)
    assert answer.redirect_chain == [(f"{LIST}?kind=partner", 302)]
    assert (told(answer), len(names_in(answer))) == (["2 prospects taken out of the archive."], 3)


def test_chosen_export_holds_the_chosen_alone(chosen: tuple[Client, str, list[Prospect]]) -> None:
    client, url, rows = chosen
    answer = client.get(f"{url}/export")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert [line.split(",")[0] for line in lines] == ["Company", rows[0].name, rows[1].name]
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="prospects-')


def test_list_export_holds_what_matches(world: World, as_member: SignIn) -> None:
    factories.prospect(world.nora, "One", stage=Stage.JOINED)
    factories.prospect(world.nora, "Two")
    answer = as_member(world.nora).get(f"{LIST}/export?stage=new")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert [line.split(",")[0] for line in lines] == ["Company", "Two"]


@pytest.mark.parametrize("act", ["stage", "group", "owner", "archive", "unarchive"])
def test_a_viewer_changes_no_selection(world: World, as_member: SignIn, act: str) -> None:
    row = factories.prospect(world.nora, "One")
    client = as_member(world.victor)
    client.post(f"{LIST}/select", {"page": row.pk, "chosen": row.pk})
    values = {"stage": "joined", "name": "Winter", "owner": world.victor.pk}
    url = f"/w/halden/chosen/{Selection.objects.get().pk}"
    assert client.post(f"{url}/{act}", values).status_code == 403
    assert client.get(f"{url}/export").status_code == 403
    assert Activity.objects.count() == 0


def test_prospect_archive_goes_back_to_the_same_place(world: World, as_member: SignIn) -> None:
    row = factories.prospect(world.nora, "One")
    client = as_member(world.nora)
    answer = client.post(f"{LIST}/{row.pk}/archive?stage=new&sort=name", follow=True)
    assert (answer.redirect_chain, told(answer)) == (
        [(f"{LIST}?stage=new&sort=name", 302)],
        ["1 prospect archived."],
    )
    assert names_in(client.get(LIST, {"archived": "1"})) == ["One"]
    client.post(f"{LIST}/{row.pk}/unarchive")
    assert names_in(client.get(LIST)) == ["One"]


def test_panel_acts_answer_htmx_with_record_and_row(world: World, as_member: SignIn) -> None:
    row = factories.prospect(world.nora, "One")
    answer = as_member(world.nora).post(
        f"{LIST}/{row.pk}/stage", {"stage": "joined"}, headers={"HX-Request": "true"}
    )
    text = answer.content.decode()
    assert (answer.status_code, answer.headers["HX-Push-Url"]) == (200, "false")
    assert (f'data-row="row-{row.pk}"' in text, f'<tr id="row-{row.pk}" hx-swap-oob="true"' in text) == (
        True,
        True,
    )


def test_panel_notes_groups_and_owner(world: World, as_member: SignIn) -> None:
    row = factories.prospect(world.nora, "One")
    client = as_member(world.camille)
    url = f"{LIST}/{row.pk}"
    assert client.post(f"{url}/notes?stage=new", {"text": "Call on Monday"}).headers["Location"] == (
        f"{url}?stage=new"
    )
    client.post(f"{url}/groups", {"name": "Winter"})
    client.post(f"{url}/owner", {"owner": world.nora.pk})
    page = client.get(url)
    panel = page.context["panel"]
    assert ([note.text for note in panel["notes"]], [str(group) for group in panel["groups"]]) == (
        ["Call on Monday"],
        ["Winter"],
    )
    # One transaction has one now(): their order is for another test.
    assert sorted(event.activity.verb for event in panel["history"]) == [
        "group_added",
        "note_added",
        "owner_changed",
    ]
    client.post(f"{url}/groups/{Group.objects.get().pk}/remove")
    client.post(f"{url}/notes/{Note.objects.get().pk}/delete")
    row.refresh_from_db()
    assert (row.groups.count(), Note.objects.count(), row.owner) == (0, 0, world.nora)


def test_contact_is_added_edited_and_chosen(world: World, as_member: SignIn) -> None:
    row = factories.prospect(world.nora, "One", "first@one.example")
    client = as_member(world.camille)
    url = f"{LIST}/{row.pk}/contacts"
    refused = client.post(f"{url}/new", {"first_name": "Zoé", "address": "zoe@"})
    assert (refused.status_code, refused.context["form"].errors) == (
        422,
        {"address": ["Enter a full address, such as name@brand.example."]},
    )
    client.post(f"{url}/new", {"first_name": "Zoé", "address": "zoe@one.example"})
    made = Contact.objects.get(first_name="Zoé")
    client.post(f"{url}/{made.pk}", {"first_name": "Zoë", "address": "zoe@one.example"})
    client.post(f"{url}/{made.pk}/primary")
    shown = client.get(f"{LIST}/{row.pk}").context["panel"]["contacts"]
    assert [(each.contact.name, each.is_primary) for each in shown] == [("Zoë", True), ("", False)]


def test_contact_of_an_account_is_not_ours_to_edit(world: World, as_member: SignIn) -> None:
    row = factories.prospect(world.nora, "Listed", partner=factories.partner(name="Listed"))
    theirs = factories.contact(row.partner, "secret@listed.example")
    assert as_member(world.nora).get(f"{LIST}/{row.pk}/contacts/{theirs.pk}").status_code == 404


def test_adding_by_hand_names_what_is_wrong_under_its_field(world: World, as_member: SignIn) -> None:
    client = as_member(world.camille)
    answer = client.post(f"{LIST}/new", {"kind": "partner", "name": "One", "country": "Nowhereland"})
    assert (answer.status_code, answer.context["form"].errors) == (
        422,
        {"country": ["We do not know this country; its two-letter code works."]},
    )
    assert Prospect.objects.count() == 0


def test_adding_by_hand_opens_the_new_prospect(world: World, as_member: SignIn) -> None:
    group = factories.group(world.nora, "Winter")
    values: dict[str, Any] = {"kind": "creator", "name": "One", "address": "a@one.example"}
    values |= {"groups": [group.pk], "note": "Hi"}
    answer = as_member(world.camille).post(f"{LIST}/new", values)
    made = Prospect.objects.get()
    assert answer.headers["Location"] == f"{LIST}/{made.pk}"
    assert (made.name, made.kind, list(made.groups.all())) == ("One", "creator", [group])


def test_adding_who_is_there_already_leads_to_it(world: World, as_member: SignIn) -> None:
    there = factories.prospect(world.nora, "One", "a@one.example")
    answer = as_member(world.camille).post(
        f"{LIST}/new", {"kind": "partner", "name": "Another", "address": "A@one.example"}
    )
    assert (answer.status_code, answer.context["there"], Prospect.objects.count()) == (422, there, 1)
    assert f'href="{LIST}/{there.pk}"' in answer.content.decode()


def test_groups_are_made_renamed_and_deleted(world: World, as_member: SignIn) -> None:
    client = as_member(world.camille)
    client.post("/w/halden/groups", {"name": "Winter"})
    group = Group.objects.get()
    group.prospects.add(factories.prospect(world.nora, "One"))
    shown = client.get("/w/halden/groups").context["groups"]
    assert [(each.name, each.count) for each in shown] == [("Winter", 1)]
    assert client.post("/w/halden/groups", {"name": "winter"}).context["problem"] == (
        "There is a group of this name already."
    )
    client.post(f"/w/halden/groups/{group.pk}/rename", {"name": "Spring"})
    assert Group.objects.get().name == "Spring"
    client.post(f"/w/halden/groups/{group.pk}/delete")
    assert (Group.objects.count(), Prospect.objects.count()) == (0, 1)
