"""The operator's directory, and the public page of a listed partner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from overture.accounts.models import User
from overture.directory.models import Contact, DirectoryEvent, Partner, Standing
from overture.marketplace.models import Report
from overture.prospects.carry_out import carry_out
from overture.prospects.models import Import, Prospect
from tests import factories
from tests.world import World

HERE = "/w/halden/directory"
SignIn = Callable[..., Client]


@pytest.fixture
def operator(world: World, as_member: SignIn) -> Client:
    User.objects.filter(pk=world.camille.user_id).update(is_operator=True)
    return as_member(world.camille)


def names(answer: Any) -> list[str]:
    return [partner.name for partner in answer.context["page"]]


FORM = {
    "name": "Maison Lin",
    "kind": "creator",
    "website": "lin.example",
    "country": "France",
    "category": "Home and living",
    "topics": "linen, tea",
    "methods": ["video", "reviews"],
    "audience": "24 702",
    "audience_countries": "FR 62, BE 20",
    "channels": "YouTube 12k\nnewsletter 300",
    "has_messaging": "on",
    "address": "zoe@lin.example",
}


def test_tabs_tell_where_partners_stand(operator: Client, world: World) -> None:
    listed = factories.partner(name="Listed")
    factories.partner(name="Waiting", standing=Standing.IN_REVIEW)
    factories.partner(name="Suspended", standing=Standing.SUSPENDED)
    factories.partner(world.nora, "Private")
    factories.partner(name="Merged", standing=Standing.MERGED, merged_into=listed)
    Report.objects.create(workspace=world.other_brand, partner=listed, member=world.stranger, reason="spam")
    shown = {
        tab: names(operator.get(f"{HERE}?show={tab}")) for tab in ("", "in_review", "suspended", "reported")
    }
    assert shown == {
        "": ["Listed"], "in_review": ["Waiting"], "suspended": ["Suspended"], "reported": ["Listed"],
    }  # fmt: skip
    counts = [(name, count) for name, _label, count in operator.get(HERE).context["tabs"]]
    assert counts == [("listed", None), ("in_review", 1), ("suspended", 1), ("reported", 1)]


def test_found_by_beginning_number_and_website(operator: Client) -> None:
    lin = factories.partner(name="Élan", website="https://lin.example", website_key="lin.example")
    factories.partner(name="Other")
    for q in ("ela", str(lin.pk), "lin.example"):
        assert names(operator.get(HERE, {"q": q})) == ["Élan"]
    assert names(operator.get(HERE, {"q": "lan"})) == []


def test_pages_by_key(operator: Client) -> None:
    Partner.objects.bulk_create(Partner(name=f"P{each:02}") for each in range(60))
    first = operator.get(HERE, {"q": "P"})
    assert names(first) == [f"P{each:02}" for each in range(59, 9, -1)]
    second = operator.get(HERE + first.context["links"]["next"])
    assert names(second) == [f"P{each:02}" for each in range(9, -1, -1)]
    assert names(operator.get(HERE, {"at": "nonsense"})) == names(first)


def test_the_list_asks_as_often_for_three_as_for_one(operator: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            operator.get(HERE)
        return len(captured)

    factories.partner(name="A")
    # The first page of a session writes it down.
    queries()
    one = queries()
    factories.partner(name="B"), factories.partner(name="C")
    assert queries() == one


def test_a_partner_is_added_and_edited(operator: Client) -> None:
    answer = operator.post(f"{HERE}/new", FORM)
    partner = Partner.objects.get()
    assert answer.headers["Location"] == f"{HERE}/{partner.pk}"
    expected = {
        "standing": "listed", "kind": "creator", "website_key": "lin.example", "country": "FR",
        "topics": ["linen", "tea"], "methods": ["video", "reviews"], "audience": 24_702,
        "audience_countries": {"FR": 62, "BE": 20}, "has_messaging": True,
    }  # fmt: skip
    assert {name: getattr(partner, name) for name in expected} == expected
    initial = operator.get(f"{HERE}/{partner.pk}").context["form"].initial
    before = Partner.objects.values().get()
    operator.post(f"{HERE}/{partner.pk}", initial)
    # What the form wrote is read as the same.
    assert Partner.objects.values().get() == before
    operator.post(
        f"{HERE}/{partner.pk}", initial | {"topics": "", "has_messaging": "", "address": "new@lin.example"}
    )
    partner.refresh_from_db()
    assert (partner.topics, partner.has_messaging) == ([], False)
    assert Contact.objects.get().address == "new@lin.example"
    assert list(DirectoryEvent.objects.order_by("pk").values_list("verb", flat=True)) == [
        "created",
        "updated",
    ]


def test_what_cannot_stand_is_said_beside_its_field(operator: Client) -> None:
    answer = operator.post(f"{HERE}/new", FORM | {"country": "Atlantis", "audience_ages": "old"})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "country": ["“Atlantis” is not a country we know; its two-letter code works."],
        "audience_ages": ["“old” is no share in percent, such as FR 62."],
    }
    for name in "AB":
        factories.partner(name=name, website_key="lin.example")
    answer = operator.post(f"{HERE}/new", FORM)
    assert "It could be any of 2 partners: A (" in answer.context["form"].non_field_errors()[0]
    assert Partner.objects.count() == 2


def test_suspended_listed_and_reports_settled(operator: Client, world: World) -> None:
    partner = factories.partner(name="Lin", standing=Standing.IN_REVIEW)
    Report.objects.create(
        workspace=world.brand, partner=partner, member=world.nora, reason="gone", text="404"
    )
    assert "404" in operator.get(f"{HERE}/{partner.pk}").content.decode()
    for step, data, standing in [
        ("list", {}, "listed"), ("suspend", {"reason": ""}, "listed"),
        ("suspend", {"reason": "spam"}, "suspended"), ("suspend", {"reason": "spam"}, "suspended"),
        ("list", {}, "listed"), ("settle", {}, "listed"),
    ]:  # fmt: skip
        answer = operator.post(f"{HERE}/{partner.pk}/{step}", data)
        assert answer.headers["Location"] == f"{HERE}/{partner.pk}"
        assert Partner.objects.get().standing == standing
    assert Report.objects.get().settled_at is not None
    page = operator.get(f"{HERE}/{partner.pk}").content.decode()
    for line in ("Reviewed and listed", "Suspended: spam", "Listed again", "A report was settled"):
        assert line in page


def test_merging_shows_both_before_anything_is_done(operator: Client, world: World) -> None:
    old, new = factories.partner(name="Old Lin"), factories.partner(name="New Lin")
    prospect = factories.prospect(world.stranger, partner=old)
    page = f"{HERE}/{old.pk}/merge"
    assert operator.get(page).context["into"] is None
    shown = operator.get(page, {"into": new.pk})
    assert [(side["partner"], side["prospects"]) for side in shown.context["sides"]] == [(old, 1), (new, 0)]
    assert Partner.objects.filter(standing="merged").count() == 0
    assert operator.post(page, {"into": new.pk}).headers["Location"] == f"{HERE}/{new.pk}"
    assert Partner.objects.get(pk=old.pk).merged_into_id == new.pk
    assert Prospect.objects.get(pk=prospect.pk).partner_id == new.pk
    assert f"{new.pk})</a>" in operator.get(f"{HERE}/{old.pk}").content.decode()


@pytest.mark.parametrize(
    ("into", "error"),
    [
        ("5", "No partner of the directory has this number."),
        ("", "This field is required."),
        ("old", "A partner cannot be merged into itself."),
        ("merged", "It was merged into another partner."),
    ],
)
def test_what_cannot_be_merged_is_said(operator: Client, into: str, error: str) -> None:
    old, new = factories.partner(name="Old"), factories.partner(name="New")
    merged = factories.partner(name="Merged", standing=Standing.MERGED, merged_into=new)
    number = {"old": str(old.pk), "merged": str(merged.pk)}.get(into, into)
    answer = operator.post(f"{HERE}/{old.pk}/merge", {"into": number})
    assert (answer.status_code, answer.context["form"].errors) == (422, {"into": [error]})
    assert Partner.objects.get(pk=old.pk).standing == "listed"


def test_who_is_no_operator_finds_nothing(world: World, as_member: SignIn) -> None:
    partner = factories.partner(name="Lin")
    client = as_member(world.nora)
    for path in ("", "/new", f"/{partner.pk}", f"/{partner.pk}/merge"):
        assert client.get(HERE + path).status_code == 404
    assert client.post(f"{HERE}/{partner.pk}/suspend", {"reason": "x"}).status_code == 404
    assert HERE not in client.get("/w/halden/prospects").content.decode()
    assert client.post(
        "/w/halden/imports/new",
        {"into": "directory", "file": SimpleUploadedFile("a.csv", b"name\nLin\n")},
    ).status_code == 403  # fmt: skip
    assert Partner.objects.values_list("name", "standing").get() == ("Lin", "listed")


def test_operators_have_it_in_the_navigation(operator: Client) -> None:
    assert f'href="{HERE}"' in operator.get("/w/halden/prospects").content.decode()


def test_a_sheet_goes_into_the_directory_from_the_page(operator: Client) -> None:
    sheet = SimpleUploadedFile("sheet.csv", b"name;description;tags\nLin;Linen;tea, cups\n")
    answer = operator.post("/w/halden/imports/new", {"into": "directory", "file": sheet})
    dry = Import.objects.get()
    assert (dry.into, answer.headers["Location"]) == ("directory", f"/w/halden/imports/{dry.pk}")
    carry_out(dry.pk)
    page = operator.get(answer.headers["Location"])
    assert [(each.heading, each.field) for each in page.context["columns"]] == [
        ("name", "company"), ("description", "about"), ("tags", "topics"),
    ]  # fmt: skip
    done = operator.post(f"/w/halden/imports/{dry.pk}/confirm").headers["Location"]
    carry_out(Import.objects.latest("pk").pk)
    assert Partner.objects.values_list("name", "about", "topics").get() == ("Lin", "Linen", ["tea", "cups"])
    shown = operator.get(done).content.decode()
    assert f'href="{HERE}"' in shown
    assert "Undo import" not in shown


# The public page


PUBLIC = {
    "name": "Maison Lin",
    "website": "https://lin.example",
    "country": "FR",
    "category": "Home and living",
    "about": "Linen & <b>tea</b>",
    "languages": ["fr", "en"],
    "methods": ["video"],
    "business_model": "independent",
    "audience": 24_702,
    "audience_countries": {"BE": 20, "FR": 62},
    "audience_ages": {"65+": 5, "18-24": 30},
    "channels": [{"kind": "youtube", "size": 12_000, "url": "https://video.example/lin"}],
}


def test_a_listed_partner_has_a_public_page_without_contacts(world: World) -> None:
    partner = factories.partner(**PUBLIC)
    factories.contact(partner, "zoe@lin.example", first_name="Zoe")
    answer = Client().get(f"/partners/{partner.pk}")
    page = answer.content.decode()
    assert answer.status_code == 200
    for part in (
        "<title>Maison Lin · Overture</title>",
        '<meta name="description" content="Linen &amp; &lt;b&gt;tea&lt;/b&gt;">',
        '<a class="link" href="https://lin.example" rel="nofollow noopener noreferrer">lin.example</a>',
        "Home and living",
        "French, English",
        "Independent author",
        "24,702",
        "<span>France</span>",
        "12,000",
    ):
        assert part in page
    assert [(each.label, each.percent) for each in answer.context["countries"]] == [
        ("France", 62), ("Belgium", 20), ("Elsewhere", 18),
    ]  # fmt: skip
    assert [each.label for each in answer.context["ages"]] == ["18–24", "65+"]
    for secret in ("zoe", "Zoe", "@lin.example", "•••"):
        assert secret not in page


def test_the_public_page_speaks_french(world: World) -> None:
    partner = factories.partner(**PUBLIC)
    page = Client(headers={"accept-language": "fr"}).get(f"/partners/{partner.pk}").content.decode()
    for part in ("Maison et décoration", "Français, Anglais", "Belgique", "Dans la marketplace depuis"):
        assert part in page


def test_an_old_number_leads_to_the_new_page_for_good(world: World) -> None:
    new = factories.partner(name="New")
    old = factories.partner(name="Old", standing=Standing.MERGED, merged_into=new)
    answer = Client().get(f"/partners/{old.pk}")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/partners/{new.pk}")


def test_nobody_else_has_a_public_page(world: World) -> None:
    hidden = [
        factories.partner(name=each, standing=each) for each in (Standing.IN_REVIEW, Standing.SUSPENDED)
    ]
    private = factories.partner(world.nora, "Private")
    gone = factories.partner(name="Gone", standing=Standing.MERGED, merged_into=hidden[1])
    for number in (hidden[0].pk, hidden[1].pk, private.pk, gone.pk, 5, 10**30):
        assert Client().get(f"/partners/{number}").status_code == 404
    assert Client().post(f"/partners/{private.pk}").status_code == 405


def test_the_public_page_asks_twice(world: World, django_assert_num_queries: Any) -> None:
    partner = factories.partner(**PUBLIC)
    with django_assert_num_queries(2):
        Client().get(f"/partners/{partner.pk}")
