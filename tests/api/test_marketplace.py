"""The marketplace by API: what is found, what is done with it, and who may."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from overture.delivery.models import Mailing
from overture.directory.models import Partner, Standing
from overture.marketplace.models import NotInterested, Report, SavedPartner
from overture.prospects.models import Prospect
from tests import factories
from tests.api.caller import Caller
from tests.world import World

Index = Callable[[], Path]


def codes(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["field"], each["code"]) for each in told["errors"]]


def mpids(told: dict[str, Any]) -> list[int]:
    return [each["mpid"] for each in told["items"]]


@pytest.fixture
def hus() -> Partner:
    return factories.partner(
        name="Hus & Hav", website="https://hus.example", country="SE", category="Home and living",
        language="sv", languages=["sv", "en"], audience=60_000, about="Rooms by the sea.", topics=["linen"],
        methods=["content"], business_model="independent", audience_countries={"SE": 70, "NO": 20.5},
        audience_ages={"25-34": 45}, channels=[{"kind": "website", "size": 60_000, "url": ""}],
        has_messaging=True,
    )  # fmt: skip


def test_search_answers_a_page_with_counts_and_relations(
    nora: Caller, victor: Caller, world: World, hus: Partner, indexed: Index
) -> None:
    other = factories.partner(name="Sea and sand", category="Travel", audience=5)
    factories.partner(name="Sea creator", kind="creator")
    prospect = factories.prospect(world.nora, partner=other, stage="outreach")
    indexed()
    found = victor.get("/marketplace/partner?q=linen")
    item = found["items"][0]
    assert item.pop("listed_at")
    assert found == {
        "items": [
            {
                "mpid": hus.pk, "name": "Hus & Hav", "kind": "partner", "website": "https://hus.example",
                "country": "SE", "category": "Home and living", "languages": ["sv", "en"],
                "audience": 60_000, "size": "50k_250k", "methods": ["content"], "topics": ["linen"],
                "business_model": "independent", "active_on": None, "has_messaging": True,
                "channels": [{"kind": "website", "size": 60_000, "url": ""}], "relation": "none",
                "prospect": None, "stage": None, "is_archived": False, "is_saved": False,
                "is_not_interested": False, "fit": None,
            }
        ],
        "total": 1, "page": 1, "facets": found["facets"], "is_forgiving": False,
    }  # fmt: skip
    everything = nora.get("/marketplace/partner?sort=audience")
    assert mpids(everything) == [hus.pk, other.pk]
    assert everything["facets"]["category"] == {"Home and living": 1, "Travel": 1}
    mine = nora.get("/marketplace/partner?relation=prospect&category=Travel&limit=1")
    assert [(each["mpid"], each["prospect"], each["stage"]) for each in mine["items"]] == [
        (other.pk, prospect.pk, "outreach")
    ]
    assert mpids(nora.get("/marketplace/partner?sort=audience&limit=1&page=2")) == [other.pk]


def test_search_takes_as_many_queries_for_many_as_for_one(nora: Caller, indexed: Index) -> None:
    factories.partners(20)
    indexed()
    nora.get("/marketplace/partner?limit=1")
    with CaptureQueriesContext(connection) as few:
        nora.get("/marketplace/partner?limit=1")
    with CaptureQueriesContext(connection) as many:
        assert len(nora.get("/marketplace/partner?limit=20")["items"]) == 20
    assert len(many) == len(few)


def test_search_says_that_the_index_is_being_made(nora: Caller, indexed: Index) -> None:
    status, told = nora("get", "/marketplace/partner")
    assert (status, told["type"], told["percent"]) == (503, "urn:overture:problem:index_not_ready", None)
    assert nora.response.headers["Retry-After"] == "5"


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("category=Nonsense", ("category", "bad_filter")),
        ("country=Sweden", ("country", "bad_filter")),
        ("active=5", ("active", "bad_filter")),
        ("sort=worst", ("sort", "literal_error")),
        ("page=101&limit=100", ("page", "less_than_equal")),
        ("categroy=Travel", ("categroy", "extra_forbidden")),
    ],
)
def test_a_search_that_means_nothing_is_refused(
    nora: Caller, indexed: Index, query: str, fault: tuple[str, str]
) -> None:
    indexed()
    status, told = nora("get", f"/marketplace/partner?{query}")
    assert (status, codes(told)) == (422, [fault])


def test_creators_are_there_with_a_program_for_them(nora: Caller, stranger: Caller, indexed: Index) -> None:
    creator = factories.partner(kind="creator").pk
    factories.partner()
    indexed()
    assert mpids(nora.get("/marketplace/creator")) == [creator]
    assert stranger("get", "/marketplace/creator")[0] == 404
    assert stranger("post", "/marketplace/selections", {"kind": "creator"})[0] == 404
    body = {"kind": "creator", "name": "All", "search": {}}
    assert stranger("post", "/saved-searches", body)[0] == 404


def test_one_partner_is_told_in_full_but_its_address(
    nora: Caller, stranger: Caller, world: World, hus: Partner
) -> None:
    account = factories.contact(hus, "maja@hus.example", first_name="Maja")
    custom = factories.contact(hus, "ask@hus.example", world.nora)
    # That somebody else joined clears nothing.
    factories.prospect(world.nora, stage="joined")
    told = nora.get(f"/marketplace/partners/{hus.pk}")
    assert [(each["id"], each["address"], each["is_custom"]) for each in told["contacts"]] == [
        (account.pk, "m•••@hus.example", False),
        (custom.pk, "ask@hus.example", True),
    ]
    names = ("about", "audience_countries", "audience_ages", "has_messaging", "relation", "similar")
    assert {name: told[name] for name in names} == {
        "about": "Rooms by the sea.", "audience_countries": {"SE": 70.0, "NO": 20.5},
        "audience_ages": {"25-34": 45.0}, "has_messaging": True, "relation": "none", "similar": [],
    }  # fmt: skip
    theirs = stranger.get(f"/marketplace/partners/{hus.pk}")
    assert [each["address"] for each in theirs["contacts"]] == ["m•••@hus.example"]
    factories.prospect(world.stranger, partner=hus, stage="joined")
    assert stranger.get(f"/marketplace/partners/{hus.pk}")["contacts"][0]["address"] == "maja@hus.example"
    assert nora.get(f"/marketplace/partners/{hus.pk}")["contacts"][0]["address"] == "m•••@hus.example"


def test_the_number_of_a_merged_partner_answers_what_it_became(
    nora: Caller, world: World, hus: Partner
) -> None:
    old = factories.partner(standing=Standing.MERGED, merged_into=hus).pk
    assert nora.get(f"/marketplace/partners/{old}")["mpid"] == hus.pk
    assert nora.post(f"/partners/{old}/prospect")["mpid"] == hus.pk
    assert nora.post(f"/partners/{hus.pk}/prospect", expected=200)["mpid"] == hus.pk
    for away in (factories.partner(standing=Standing.SUSPENDED), factories.partner(world.stranger)):
        assert nora("get", f"/marketplace/partners/{away.pk}")[0] == 404
        assert nora("post", f"/partners/{away.pk}/prospect")[0] == 404


def test_saving_and_hiding_tell_how_many_changed(nora: Caller, victor: Caller, hus: Partner) -> None:
    body = {"partners": [hus.pk, 2**62]}
    assert nora.post("/marketplace/save", body, 200) == {"changed": 1}
    assert nora.post("/marketplace/save", body, 200) == {"changed": 0}
    assert nora.post("/marketplace/not-interested", body, 200) == {"changed": 1}
    assert nora.get(f"/marketplace/partners/{hus.pk}")["relation"] == "not_interested"
    assert nora.post("/marketplace/bring-back", body, 200) == {"changed": 1}
    assert nora.post("/marketplace/unsave", body, 200) == {"changed": 1}
    for act in ("save", "unsave", "not-interested", "bring-back", "mark"):
        assert victor("post", f"/marketplace/{act}", body)[0] == 403
    assert not SavedPartner.objects.exists()
    assert not NotInterested.objects.exists()


def test_prospects_are_not_hidden(nora: Caller, world: World, hus: Partner) -> None:
    factories.prospect(world.nora, partner=hus)
    status, told = nora("post", "/marketplace/not-interested", {"partners": [hus.pk]})
    assert (status, codes(told), told["partners"]) == (409, [("partners", "is_prospect")], [hus.pk])
    assert told["detail"] == f"Prospects cannot be marked as not interesting: {hus.pk}."


def test_a_report_is_kept_for_the_operator(nora: Caller, victor: Caller, hus: Partner) -> None:
    path = f"/marketplace/partners/{hus.pk}/report"
    made = nora.post(path, {"reason": "spam", "text": "Sells links"})
    assert nora.post(path, {"reason": "gone"})["id"] == made["id"]
    kept = Report.objects.get()
    assert (kept.partner, kept.reason, kept.text) == (hus, "gone", "")
    status, told = nora("post", path, {"reason": "other"})
    assert (status, codes(told)) == (422, [("text", "empty")])
    assert victor("post", path, {"reason": "spam"})[0] == 403


def test_many_are_marked_into_a_group(nora: Caller, world: World, hus: Partner) -> None:
    group = factories.group(world.nora, "Winter")
    away = factories.prospect(world.nora, archived_at=timezone.now())
    body = {"partners": [hus.pk, away.partner_id], "group": group.pk}
    told = nora.post("/marketplace/mark", body, 200)
    ids = sorted(group.prospects.values_list("pk", flat=True))
    assert told == {"new": 1, "known": 1, "restored": 1, "prospects": ids}
    assert len(ids) == 2
    theirs = factories.group(world.stranger, "Theirs").pk
    status, told = nora("post", "/marketplace/mark", {"partners": [hus.pk], "group": theirs})
    assert (status, codes(told)) == (422, [("group", "unknown")])


def test_an_email_to_partners_marks_them_with_its_draft(
    nora: Caller, victor: Caller, world: World, hus: Partner
) -> None:
    body = {"partners": [hus.pk], "subject": "Hello {mpname}", "language": "fr", "mailbox": None}
    status, told = victor("post", "/marketplace/email", body)
    assert (status, Prospect.objects.count()) == (403, 0)
    made = nora.post("/marketplace/email", body)
    prospect = Prospect.objects.get()
    assert made["audience"] == {"prospects": [prospect.pk], "from": "prospects"}
    assert (made["subject"], made["language"], made["state"]) == ("Hello {mpname}", "fr", "draft")
    assert nora.get(f"/mailings/{made['id']}") == made
    theirs = factories.partner(world.stranger).pk
    status, told = nora("post", "/marketplace/email", {"partners": [hus.pk, theirs, 7]})
    assert (status, codes(told)) == (422, [("partners", "unknown_partners")])
    assert told["detail"] == f"There are no such partners: 7, {theirs}."
    assert Mailing.objects.count() == 1


def test_an_email_asked_for_twice_is_drafted_once(nora: Caller, hus: Partner) -> None:
    first = nora("post", "/marketplace/email", {"partners": [hus.pk]}, idempotency_key="once")
    assert nora("post", "/marketplace/email", {"partners": [hus.pk]}, idempotency_key="once") == first
    assert (Prospect.objects.count(), Mailing.objects.count()) == (1, 1)


def test_tiles_are_chosen_marked_and_written_to(
    nora: Caller, victor: Caller, stranger: Caller, world: World, indexed: Index
) -> None:
    numbers = factories.partners(3)
    factories.partner(category="Travel")
    indexed()
    road = f"/marketplace/selections/{nora.post('/marketplace/selections', {})['id']}"
    number = int(road.rpartition("/")[2])
    assert nora.get(road) == {"id": number, "kind": "partner", "count": 0}
    assert nora.post(f"{road}/choose", {"partners": numbers}, 200)["count"] == 3
    assert nora.post(f"{road}/drop", {"partners": numbers[:1]}, 200)["count"] == 2
    listed = nora.get(f"{road}/partners?limit=1")
    assert (mpids(listed), listed["total"]) == (numbers[1:2], 2)
    group = factories.group(world.nora, "Winter").pk
    assert nora.post(f"{road}/mark", {"group": group}, 200)["new"] == 2
    made = nora.post(f"{road}/email", {"subject": "Hello"})
    assert (set(made["audience"]), made["subject"]) == ({"selection"}, "Hello")
    assert nora.get(f"/selections/{made['audience']['selection']}")["count"] == 2
    assert nora.post(f"{road}/all", {"search": {"category": ["Travel"]}}, 200)["count"] == 1
    status, told = nora("post", f"{road}/all", {"search": {"colour": ["red"]}})
    assert (status, codes(told)) == (422, [("colour", "bad_filter")])
    assert nora.post(f"{road}/clear", expected=200)["count"] == 0
    status, told = nora("post", f"{road}/email", {})
    assert (status, codes(told)) == (422, [("audience", "empty")])
    for other in (victor, stranger):
        assert other("get", road)[0] == 404
        assert other("post", f"{road}/choose", {"partners": numbers})[0] == 404


def test_tiles_are_messaged(nora: Caller, world: World, indexed: Index) -> None:
    numbers = factories.partners(3)
    Partner.objects.filter(pk__in=numbers[:2]).update(has_messaging=True)
    indexed()
    road = f"/marketplace/selections/{nora.post('/marketplace/selections', {})['id']}"
    nora.post(f"{road}/choose", {"partners": numbers}, 200)
    seen = nora.post(f"{road}/message/preview", {"text": "Hello"}, 200)
    assert (seen["count"], [(each["reason"], each["count"]) for each in seen["held"]]) == (
        2,
        [("messaging_off", 1)],
    )
    assert not Prospect.objects.exists()
    status, told = nora("post", f"{road}/message", {"text": "Hello {Firstname}"})
    assert (status, codes(told), Prospect.objects.count()) == (422, [("text", "unknown_token_suggest")], 0)
    made = nora.post(f"{road}/message", {"text": "Hello"})
    assert (made["state"], made["total"], Prospect.objects.count()) == ("queued", 2, 2)
    assert nora.get(f"/message-runs/{made['id']}") == made


def test_a_viewer_chooses_and_does_nothing_with_it(victor: Caller, hus: Partner) -> None:
    road = f"/marketplace/selections/{victor.post('/marketplace/selections', {})['id']}"
    assert victor.post(f"{road}/choose", {"partners": [hus.pk]}, 200)["count"] == 1
    assert victor("post", f"{road}/mark", {})[0] == 403
    assert victor("post", f"{road}/email", {})[0] == 403
    assert victor("post", f"{road}/message", {"text": "Hello"})[0] == 403
    assert victor("post", f"{road}/message/preview", {"text": "Hello"})[0] == 403
    assert not Prospect.objects.exists()
