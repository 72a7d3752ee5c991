"""Prospects through the API: the lists of the pages, and every change a page can make."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from overture.prospects.models import Note, Prospect
from tests import factories
from tests.api.caller import Caller
from tests.world import World


def codes(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["field"], each["code"]) for each in told["errors"]]


def names(told: dict[str, Any]) -> list[str]:
    return [each["name"] for each in told["items"]]


def test_prospect_is_told_with_contacts_groups_and_owner(nora: Caller, world: World) -> None:
    group = factories.group(world.nora, "Linen")
    made = nora.post(
        "/prospects",
        {
            "name": "Maison Lin",
            "first_name": "Zoé",
            "address": "zoe@lin.example",
            "website": "https://lin.example",
            "country": "fr",
            "audience": 1200,
            "groups": [group.pk],
            "note": "met in Lille",
        },
    )
    row = Prospect.objects.get()
    contact = row.partner.contacts.get()
    assert made | {"created_at": "", "active_at": ""} == {
        "id": row.pk,
        "mpid": row.partner_id,
        "name": "Maison Lin",
        "stage": "new",
        "kind": "partner",
        "website": "https://lin.example",
        "country": "FR",
        "category": "",
        "language": "",
        "audience": 1200,
        "owner": None,
        "groups": [{"id": group.pk, "name": "Linen"}],
        "contacts": [
            {
                "id": contact.pk,
                "first_name": "Zoé",
                "last_name": "",
                "title": "",
                "address": "zoe@lin.example",
                "is_custom": True,
                "is_primary": False,
            }
        ],
        "archived_at": None,
        "created_at": "",
        "active_at": "",
    }
    assert nora.get(f"/prospects/{row.pk}") == made
    assert nora.get("/prospects") == {"items": [made], "next": None, "total": 1}
    assert Note.objects.get().text == "met in Lille"


def test_prospect_that_is_there_already_is_named(nora: Caller) -> None:
    made = nora.post("/prospects", {"name": "Maison", "address": "jo@maison.example"})
    told = nora.post("/prospects", {"name": "Other", "address": "JO@maison.example"}, 409)
    assert (told["prospect"], Prospect.objects.count()) == (made["id"], 1)


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({}, ("name", "empty")),
        ({"name": "x", "address": "jo"}, ("address", "invalid_address")),
        ({"name": "x", "country": "Atlantis"}, ("country", "unknown_country")),
        ({"name": "x", "groups": [999_999]}, ("groups", "unknown_group")),
        ({"name": "x", "stage": "new"}, ("stage", "extra_forbidden")),
    ],
)
def test_prospect_that_cannot_be_is_refused_by_name(
    nora: Caller, said: dict[str, Any], fault: tuple[str, str]
) -> None:
    assert codes(nora.post("/prospects", said, 422)) == [fault]
    assert Prospect.objects.count() == 0


def test_filters_are_those_of_the_page(nora: Caller, world: World) -> None:
    group = factories.group(world.nora, "Linen")
    first = factories.prospect(world.nora, "Éclat", stage="new", country="FR", owner=world.nora)
    group.prospects.add(first)
    factories.prospect(world.nora, "Brume", stage="outreach", country="BE")
    factories.prospect(world.nora, "Cuir", stage="joined", country="FR", kind="creator")
    for query, found in {
        "": ["Éclat", "Brume", "Cuir"],
        "q=eclat": ["Éclat"],
        "stage=new&stage=outreach": ["Éclat", "Brume"],
        "country=FR": ["Éclat", "Cuir"],
        "country=FR&kind=creator": ["Cuir"],
        f"group={group.pk}": ["Éclat"],
        f"owner={world.nora.pk}": ["Éclat"],
        "owner=0": ["Brume", "Cuir"],
        "archived=1": [],
        "sort=-name": ["Éclat", "Cuir", "Brume"],
    }.items():
        assert names(nora.get(f"/prospects?{query}")) == found, query
    assert names(nora.get("/partners")) == ["Cuir"]
    for query in ("stage=old", "owner=x", "stagee=new", "sort=size"):
        assert nora("get", f"/prospects?{query}")[0] == 422, query


def test_sorted_pages_lead_to_all_rows_once(nora: Caller, world: World) -> None:
    for name in ("c", "a", "b"):
        factories.prospect(world.nora, name)
    first = nora.get("/prospects?sort=name&limit=2")
    assert (names(first), first["total"]) == (["a", "b"], 3)
    second = nora.get(f"/prospects?sort=name&limit=2&cursor={first['next']}")
    assert (names(second), second["next"]) == (["c"], None)
    status, told = nora("get", f"/prospects?sort=-name&cursor={first['next']}")
    assert (status, codes(told)) == (422, [("cursor", "bad_cursor")])


def test_patch_changes_stage_owner_groups_and_contact_together(nora: Caller, world: World) -> None:
    row = factories.prospect(world.nora, "Maison", "jo@maison.example")
    before, after = factories.group(world.nora, "Before", row), factories.group(world.nora, "After")
    contact = row.partner.contacts.get()
    said = {
        "stage": "negotiating",
        "owner": world.camille.pk,
        "groups": [after.pk],
        "primary_contact": contact.pk,
    }
    status, told = nora("patch", f"/prospects/{row.pk}", said)
    assert status == 200, told
    assert (told["stage"], told["owner"], told["groups"]) == (
        "negotiating",
        world.camille.pk,
        [{"id": after.pk, "name": "After"}],
    )
    assert told["contacts"][0]["is_primary"] is True
    cleared = nora("patch", f"/prospects/{row.pk}", {"owner": None, "groups": [], "primary_contact": None})[1]
    assert (cleared["owner"], cleared["groups"], cleared["contacts"][0]["is_primary"]) == (None, [], False)
    assert (cleared["stage"], before.prospects.count()) == ("negotiating", 0)


def test_patch_does_all_or_nothing(nora: Caller, world: World) -> None:
    row = factories.prospect(world.nora, "Maison")
    status, told = nora("patch", f"/prospects/{row.pk}", {"stage": "outreach", "owner": world.stranger.pk})
    assert (status, codes(told)) == (422, [("owner", "unknown")])
    status, told = nora("patch", f"/prospects/{row.pk}", {"owner": world.nora.pk, "stage": "new"})
    assert (status, told["owner"]) == (200, world.nora.pk)
    nora("patch", f"/prospects/{row.pk}", {"stage": "joined"})
    status, told = nora("patch", f"/prospects/{row.pk}", {"owner": None, "stage": "outreach"})
    assert (status, codes(told)) == (409, [("stage", "no_such_move")])
    row.refresh_from_db()
    assert (row.stage, row.owner_id) == ("joined", world.nora.pk)


def test_archive_and_restore(nora: Caller, world: World) -> None:
    row = factories.prospect(world.nora, "Maison")
    assert nora.post(f"/prospects/{row.pk}/archive", expected=200)["archived_at"].endswith("Z")
    assert (names(nora.get("/prospects")), names(nora.get("/prospects?archived=1"))) == ([], ["Maison"])
    assert nora.post(f"/prospects/{row.pk}/restore", expected=200)["archived_at"] is None


def test_partner_is_marked_as_prospect_once(nora: Caller, world: World) -> None:
    partner = factories.partner(name="Listed")
    made = nora.post(f"/partners/{partner.pk}/prospect")
    assert (made["mpid"], made["name"], made["stage"]) == (partner.pk, "Listed", "new")
    assert nora.post(f"/partners/{partner.pk}/prospect", expected=200) == made


def test_contacts_are_added_and_changed(nora: Caller, world: World) -> None:
    road = f"/prospects/{factories.prospect(world.nora, 'Maison').pk}/contacts"
    made = nora.post(road, {"first_name": "Jo", "address": "jo@maison.example"})
    assert (made["first_name"], made["address"], made["is_custom"]) == ("Jo", "jo@maison.example", True)
    status, told = nora("patch", f"{road}/{made['id']}", {"last_name": "Lin"})
    assert (status, told) == (200, made | {"last_name": "Lin"})
    assert nora.get(road)["items"] == [told]
    assert codes(nora.post(road, {}, 422)) == [("address", "empty")]
    assert codes(nora.post(road, {"address": "jo@maison.example"}, 422)) == [("address", "taken")]


def test_contact_of_an_account_is_obfuscated_and_cannot_be_changed(nora: Caller, world: World) -> None:
    partner = factories.partner(name="Listed")
    contact = factories.contact(partner, "marie@listed.example")
    row = factories.prospect(world.nora, "Listed", partner=partner)
    assert [each["address"] for each in nora.get(f"/prospects/{row.pk}")["contacts"]] == [
        "m•••@listed.example"
    ]
    status, told = nora("patch", f"/prospects/{row.pk}/contacts/{contact.pk}", {"title": "x"})
    assert (status, codes(told)) == (422, [("", "not_custom")])
    nora("patch", f"/prospects/{row.pk}", {"stage": "joined"})
    assert nora.get(f"/prospects/{row.pk}/contacts")["items"][0]["address"] == "marie@listed.example"


def test_notes_are_written_changed_and_deleted(nora: Caller, world: World) -> None:
    row = factories.prospect(world.nora, "Maison")
    made = nora.post(f"/prospects/{row.pk}/notes", {"text": "call them"})
    assert (made["text"], made["prospect"], made["author"]) == ("call them", row.pk, world.nora.pk)
    status, told = nora("patch", f"/notes/{made['id']}", {"text": "called"})
    assert (status, told) == (200, made | {"text": "called"})
    assert nora.get(f"/prospects/{row.pk}/notes")["items"] == [told]
    assert codes(nora.post(f"/prospects/{row.pk}/notes", {"text": " "}, 422)) == [("text", "empty")]
    assert nora("delete", f"/notes/{made['id']}") == (204, None)
    assert Note.objects.count() == 0


def test_groups_are_made_renamed_and_deleted(nora: Caller, world: World) -> None:
    made = nora.post("/groups", {"name": "Linen"})
    Prospect.objects.get(pk=factories.prospect(world.nora).pk).groups.add(made["id"])
    assert nora.get(f"/groups/{made['id']}") == made | {"prospects": 1}
    assert codes(nora.post("/groups", {"name": "LINEN"}, 422)) == [("name", "taken")]
    assert nora("patch", f"/groups/{made['id']}", {"name": "Flax"})[1]["name"] == "Flax"
    assert names(nora.get("/groups")) == ["Flax"]
    assert nora("delete", f"/groups/{made['id']}") == (204, None)
    assert Prospect.objects.count() == 1


def test_many_are_changed_through_a_selection(nora: Caller, world: World) -> None:
    rows = [factories.prospect(world.nora, f"Maison {number}") for number in range(3)]
    group = factories.group(world.nora, "Linen", rows[0])
    road = f"/selections/{nora.post('/selections', {})['id']}"
    nora.post(f"{road}/all", {"filter": {}}, 200)
    for path, body, changed in (
        ("stage", {"stage": "negotiating"}, 3),
        ("owner", {"owner": world.camille.pk}, 3),
        ("add-group", {"group": group.pk}, 2),
        ("remove-group", {"group": group.pk}, 3),
        ("archive", None, 3),
    ):
        assert nora.post(f"{road}/{path}", body, 200) == {"changed": changed}, path
    assert set(Prospect.objects.values_list("stage", "owner")) == {("negotiating", world.camille.pk)}


def test_export_is_a_file_of_what_matches(nora: Caller, victor: Caller, world: World) -> None:
    factories.prospect(world.nora, "Maison", "jo@maison.example", country="FR")
    factories.prospect(world.nora, "Brume", country="BE")
    answer = Client().get(
        "/api/v1/prospects.csv?country=FR", headers={"authorization": f"Bearer {nora.token}"}
    )
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert (answer.headers["Content-Type"], len(lines), lines[1].split(",")[0]) == ("text/csv", 2, "Maison")
    assert victor("get", "/prospects.csv")[0] == 403


def test_strangers_and_viewers_change_nothing(stranger: Caller, victor: Caller, world: World) -> None:
    row = factories.prospect(world.nora, "Maison")
    for caller, refused in ((stranger, 404), (victor, 403)):
        assert caller("patch", f"/prospects/{row.pk}", {"stage": "joined"})[0] == refused
        assert caller("post", f"/prospects/{row.pk}/archive")[0] == refused
        assert caller("post", f"/prospects/{row.pk}/notes", {"text": "x"})[0] == refused
    assert stranger.get("/prospects")["items"] == []
    row.refresh_from_db()
    assert (row.stage, row.archived_at) == ("new", None)


def test_lists_ask_the_database_no_more_for_more_rows(nora: Caller, world: World) -> None:
    rows = [factories.prospect(world.nora, f"M {n}", f"jo@m{n}.example", stage="joined") for n in range(3)]
    for number in range(3):
        factories.group(world.nora, f"Group {number}", *rows)
        nora.post(f"/prospects/{rows[0].pk}/notes", {"text": "x"})
        nora.post(f"/prospects/{rows[0].pk}/contacts", {"first_name": f"Jo {number}"})
    own = f"/prospects/{rows[0].pk}"
    for path in ("/prospects", "/partners", "/groups", f"{own}/notes", f"{own}/contacts"):
        asked = []
        for limit in (1, 3):
            with CaptureQueriesContext(connection) as seen:
                assert len(nora.get(f"{path}?limit={limit}")["items"]) == limit
            asked.append(len(seen))
        assert asked[0] == asked[1], path
