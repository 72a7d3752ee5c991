"""/directory: the operator upserts, lists, suspends and merges by API."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from overture.directory.models import Contact, Partner, Standing
from overture.marketplace.models import Report
from overture.prospects.models import Prospect
from tests import factories
from tests.api.caller import Caller, caller
from tests.world import World


@pytest.fixture
def operator(world: World) -> Caller:
    world.nora.user.is_operator = True
    world.nora.user.save(update_fields=["is_operator"])
    return caller(world.nora)


def test_each_row_has_an_outcome(operator: Caller) -> None:
    sent = [
        {
            "name": "Maison Lin",
            "website": "lin.example",
            "methods": ["Vidéo"],
            "audience_countries": {"FR": 62.5},
        },
        {"name": "Nowhere", "country": "Atlantis", "audience": "many"},
        {"mpid": 7, "about": "Nobody"},
        {"name": "Fils", "address": "fil@fils.example", "topics": "linen, tea", "channels": "X 12k"},
    ]
    status, body = operator("put", "/directory/partners", {"partners": sent})
    lin, fils = Partner.objects.order_by("pk")
    assert status == 200
    assert body == {
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "refused": 2,
        "outcomes": [
            {"state": "created", "mpid": lin.pk, "errors": []},
            {
                "state": "refused",
                "mpid": None,
                "errors": [
                    {
                        "field": "country",
                        "code": "unknown_country",
                        "message": "“Atlantis” is not a country we know; its two-letter code works.",
                    },
                    {
                        "field": "audience",
                        "code": "invalid_number",
                        "message": "“many” cannot be read as a whole number.",
                    },
                ],
            },
            {
                "state": "refused",
                "mpid": None,
                "errors": [
                    {
                        "field": "mpid",
                        "code": "unknown_mpid",
                        "message": "No partner of the directory has this number.",
                    }
                ],
            },
            {"state": "created", "mpid": fils.pk, "errors": []},
        ],
    }
    assert (lin.methods, lin.audience_countries, fils.topics) == (["video"], {"FR": 62}, ["linen", "tea"])
    again = operator("put", "/directory/partners", {"partners": [sent[0], sent[3]]})[1]
    assert [each["state"] for each in again["outcomes"]] == ["unchanged", "unchanged"]


def test_what_was_answered_can_be_sent_back(operator: Caller) -> None:
    operator(
        "put",
        "/directory/partners",
        {
            "standing": "in_review",
            "partners": [
                {
                    "name": "Lin",
                    "kind": "creator",
                    "category": "Mode",
                    "languages": ["fr", "en"],
                    "active_on": "2026-01-31",
                    "audience_ages": "25-34 40",
                    "channels": [{"kind": "YouTube", "size": "12k", "url": "https://video.example/lin"}],
                    "has_messaging": True,
                    "first_name": "Zoé",
                    "address": "zoe@lin.example",
                }
            ],
        },
    )
    partner, contact = Partner.objects.get(), Contact.objects.get()
    body = operator.get(f"/directory/partners/{partner.pk}")
    told = {name: body.pop(name) for name in ("created_at", "listed_at")}
    assert all(told.values())
    assert body == {
        "mpid": partner.pk,
        "standing": "in_review",
        "merged_into": None,
        "name": "Lin",
        "kind": "creator",
        "website": "",
        "country": "",
        "category": "Fashion",
        "languages": ["fr", "en"],
        "audience": None,
        "about": "",
        "topics": [],
        "methods": [],
        "business_model": "",
        "audience_countries": {},
        "audience_ages": {"25-34": 40},
        "channels": [{"kind": "youtube", "size": 12000, "url": "https://video.example/lin"}],
        "active_on": "2026-01-31",
        "has_messaging": True,
        "contacts": [
            {
                "id": contact.pk,
                "first_name": "Zoé",
                "last_name": "",
                "title": "",
                "address": "zoe@lin.example",
            }
        ],
        "open_reports": 0,
    }
    for name in ("standing", "merged_into", "contacts", "open_reports"):
        del body[name]
    outcomes = operator("put", "/directory/partners", {"partners": [body]})[1]["outcomes"]
    assert outcomes == [{"state": "unchanged", "mpid": partner.pk, "errors": []}]


def test_null_takes_away_and_what_is_left_out_stays(operator: Caller) -> None:
    partner = factories.partner(name="Lin", about="Linen", country="FR", audience=5)
    operator("put", "/directory/partners", {"partners": [{"mpid": partner.pk, "about": None, "audience": 6}]})
    assert Partner.objects.values_list("name", "about", "country", "audience").get() == ("Lin", "", "FR", 6)


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "partners", "missing"),
        ({"partners": []}, "partners", "too_short"),
        ({"partners": [{"colour": "red"}]}, "partners.0.colour", "extra_forbidden"),
        ({"partners": [{"name": "x"}] * 1001}, "partners", "too_long"),
        ({"partners": [{"name": "x"}], "standing": "merged"}, "standing", "literal_error"),
    ],
)
def test_what_is_no_list_of_partners_is_refused_whole(
    operator: Caller, body: object, field: str, code: str
) -> None:
    status, answer = operator("put", "/directory/partners", body)
    assert (status, answer["errors"][0]["field"], answer["errors"][0]["code"]) == (422, field, code)
    assert Partner.objects.count() == 0


def test_listed_suspended_and_back(operator: Caller) -> None:
    partner = factories.partner(name="Lin", standing=Standing.IN_REVIEW)
    path = f"/directory/partners/{partner.pk}"
    assert operator.post(f"{path}/list", expected=200)["standing"] == "listed"
    assert operator.post(f"{path}/suspend", {"reason": "spam"}, expected=200)["standing"] == "suspended"
    problem = operator.post(f"{path}/suspend", {"reason": "spam"}, expected=409)
    assert [each["code"] for each in problem["errors"]] == ["suspended"]
    assert [each["mpid"] for each in operator.get("/directory/partners?standing=suspended")["items"]] == [
        partner.pk
    ]
    assert operator.get("/directory/partners?standing=in_review")["items"] == []


def test_merged_and_the_old_number_answers_with_the_new(operator: Caller, world: World) -> None:
    old, new = factories.partner(name="Old"), factories.partner(name="New")
    prospect = factories.prospect(world.camille, partner=old)
    answer = operator.post(f"/directory/partners/{old.pk}/merge", {"into": new.pk}, expected=200)
    assert (answer["mpid"], answer["standing"]) == (new.pk, "listed")
    assert operator.get(f"/directory/partners/{old.pk}")["mpid"] == new.pk
    assert Prospect.objects.get(pk=prospect.pk).partner_id == new.pk
    assert operator.post(f"/directory/partners/{old.pk}/merge", {"into": new.pk}, expected=409)
    assert operator.post(f"/directory/partners/{new.pk}/merge", {"into": new.pk}, expected=409)
    assert operator.post(f"/directory/partners/{new.pk}/merge", {"into": 5}, expected=422)


def test_found_by_number_beginning_and_website(operator: Caller, world: World) -> None:
    lin = factories.partner(name="Élan & Lin", website="https://lin.example", website_key="lin.example")
    old = factories.partner(name="Old", standing=Standing.MERGED, merged_into=lin)
    factories.partner(name="Other 100%")
    factories.partner(world.nora, "Elan private")

    def found(q: str) -> list[str]:
        return [each["name"] for each in operator.get(f"/directory/partners?q={q}")["items"]]

    for q in (str(lin.pk), str(old.pk), "elan", "www.lin.example/x"):
        assert found(q) == ["Élan & Lin"]
    assert [found(q) for q in ("other%20100%25", "ther", "%25")] == [["Other 100%"], [], []]


def test_reports_are_read_and_settled(operator: Caller, world: World) -> None:
    partner = factories.partner(name="Lin")
    report = Report.objects.create(
        workspace=world.other_brand, partner=partner, member=world.stranger, reason="spam", text="Links"
    )
    [item] = operator.get("/directory/reports")["items"]
    del item["created_at"]
    assert item == {
        "id": report.pk,
        "mpid": partner.pk,
        "workspace": "Northwind",
        "reason": "spam",
        "text": "Links",
        "settled_at": None,
    }
    assert operator.get(f"/directory/partners/{partner.pk}")["open_reports"] == 1
    settled = operator.post(f"/directory/reports/{report.pk}/settle", expected=200)
    assert settled["settled_at"] is not None
    assert operator.get("/directory/reports")["items"] == []
    assert len(operator.get("/directory/reports?settled=true")["items"]) == 1


def test_operators_only(world: World) -> None:
    partner = factories.partner(name="Lin", standing=Standing.IN_REVIEW)
    report = Report.objects.create(workspace=world.brand, partner=partner, member=world.nora, reason="spam")
    call = caller(world.nora)
    path = f"/directory/partners/{partner.pk}"
    asked = [
        ("put", "/directory/partners", {"partners": [{"name": "Mine"}]}),
        ("get", "/directory/partners", None),
        ("get", path, None),
        ("post", f"{path}/suspend", {"reason": "spam"}),
        ("post", f"{path}/list", None),
        ("post", f"{path}/merge", {"into": 10000}),
        ("get", "/directory/reports", None),
        ("post", f"/directory/reports/{report.pk}/settle", None),
    ]
    for method, where, body in asked:
        status, answer = call(method, where, body)
        assert (status, answer["detail"]) == (403, "Only who operates this instance may do this."), where
    assert Partner.objects.values_list("name", "standing").get() == ("Lin", "in_review")
    assert Report.objects.get().settled_at is None


def test_private_partners_are_none_of_the_directory(operator: Caller, world: World) -> None:
    private = factories.partner(world.nora, "Private")
    path = f"/directory/partners/{private.pk}"
    assert operator("get", path)[0] == 404
    assert operator("post", f"{path}/suspend", {"reason": "spam"})[0] == 404
    assert operator("post", f"{path}/list")[0] == 404


def test_as_many_queries_for_three_as_for_one(operator: Caller) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            operator.get("/directory/partners")
        return len(captured)

    factories.contact(factories.partner(name="A"), "a@a.example")
    one = queries()
    for name in "bc":
        factories.contact(factories.partner(name=name), f"{name}@a.example")
    assert queries() == one
