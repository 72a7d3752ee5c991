"""Saved searches and notices by API: yours alone, and what each operation answers."""

from __future__ import annotations

from typing import Any

from overture.marketplace.models import SavedSearch
from overture.notices import notices
from tests.api.caller import Caller
from tests.world import World


def codes(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["field"], each["code"]) for each in told["errors"]]


def test_searches_are_saved_changed_and_forgotten(nora: Caller, victor: Caller) -> None:
    body = {"name": "Gardens", "search": {"category": ["Gardens"], "sort": "newest"}}
    made = victor.post("/saved-searches", body)
    assert made | {"created_at": ""} == {
        "id": made["id"], "kind": "partner", "name": "Gardens", "is_telling": True, "created_at": "",
        "search": {"kind": "partner", "category": ["Gardens"], "sort": "newest"},
        "query": "category=Gardens&sort=newest",
    }  # fmt: skip
    road = f"/saved-searches/{made['id']}"
    assert victor.get(road) == made
    assert victor.get("/saved-searches") == {"items": [made], "next": None, "total": 1}
    assert victor("patch", road, {"name": "Plants", "is_telling": False}) == (
        200,
        made | {"name": "Plants", "is_telling": False},
    )
    for body, fault in [
        ({"name": "plants ", "search": {"kind": "garden"}}, None),
        ({"name": "Plants", "search": {}}, ("name", "taken")),
        ({"name": " ", "search": {}}, ("name", "empty")),
        ({"name": "x", "search": {"page": 2}}, ("page", "bad_filter")),
    ]:
        status, told = victor("post", "/saved-searches", body)
        assert (status, None if fault is None else codes(told)) == (
            (201, None) if fault is None else (422, [fault])
        )
    assert nora("get", road)[0] == nora("patch", road, {"name": "Mine"})[0] == 404
    assert nora("delete", road)[0] == 404
    assert victor("delete", road) == (204, None)
    assert not SavedSearch.objects.filter(pk=made["id"]).exists()


def test_a_search_of_another_version_is_listed_all_the_same(victor: Caller) -> None:
    made = victor.post("/saved-searches", {"name": "Gardens", "search": {"q": "x"}})
    SavedSearch.objects.filter(pk=made["id"]).update(search={"of_tomorrow": "x"})
    assert [each["query"] for each in victor.get("/saved-searches")["items"]] == [""]


def test_notices_are_listed_and_read(nora: Caller, victor: Caller, world: World) -> None:
    facts = {"search": 1, "name": "A & B", "marketplace": "partner", "query": "", "count": 1}
    first = notices.notify(world.victor, "new_matches", **facts, partners=["Elm"])
    second = notices.notify(world.victor, "new_matches", **facts, partners=["Ash"])
    told = victor.get("/notices")
    assert [(each["id"], each["text"], each["read_at"]) for each in told["items"]] == [
        (first.pk, "1 new match for “A & B”: Elm", None),
        (second.pk, "1 new match for “A & B”: Ash", None),
    ]
    assert nora.post("/notices/read", {"notices": [first.pk]}, 200) == {"changed": 0}
    assert victor.post("/notices/read", {"notices": [first.pk]}, 200) == {"changed": 1}
    assert [each["id"] for each in victor.get("/notices?unread=true")["items"]] == [second.pk]
    assert victor.post("/notices/read", {"notices": None}, 200) == {"changed": 1}
    assert nora.get("/notices")["items"] == []
    assert codes(victor.post("/notices/read", {}, 422)) == [("notices", "missing")]
