"""Discover > Partner Marketplace and Creator Marketplace: tiles, filters, the record, acts, choosing."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from overture.accounts.models import Membership, Program
from overture.delivery.models import Mailing
from overture.directory.models import Partner, Standing
from overture.marketplace.models import NotInterested, Report, SavedPartner, SavedSearch, TileSelection
from overture.marketplace.save import save
from overture.prospects.models import Group, Prospect, Stage
from tests import factories
from tests.web.asking import link_in, output_in, summary_in
from tests.world import World

PAGE = "/w/halden/marketplace"
SignIn = Callable[..., Client]


@pytest.fixture
def cast(world: World, indexed: Callable[[], Any]) -> dict[str, Partner]:
    """Four listed partners, a creator, and a private one of another brand; all in the index."""
    made = {
        "linen": factories.partner(
            name="Linen Letters",
            website="https://linen.example",
            about="Notes on flax and bedding.",
            category="Home and living",
            country="BE",
            audience=58_000,
            methods=["newsletter"],
            audience_countries={"BE": 46, "FR": 31},
            audience_ages={"25-34": 60},
            channels=[{"kind": "newsletter", "size": 58_200, "url": ""}],
            languages=["fr"],
        ),
        "nordlys": factories.partner(name="Nordlys Deals", category="Fashion", audience=286_000),
        "hearth": factories.partner(name="Hearthlist", category="Home and living", audience=734_000),
        "spaar": factories.partner(name="Spaarhoek", category="Finance", audience=640_000),
    }
    made["mia"] = factories.partner(name="Mia Films", kind="creator", audience=1)
    factories.partner(world.stranger, "Private of another")
    factories.contact(made["linen"], "anouk@linen.example", first_name="Anouk", title="Editor")
    indexed()
    return made


def tiles(answer: Any) -> list[str]:
    found = re.findall(r'<div class="who"><h2><a [^>]*>(.*?)</a>', answer.content.decode())
    return [unescape(re.sub(r"</?mark>", "", name)) for name in found]


def told(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_partners_are_listed_and_creators_have_a_marketplace_of_their_own(
    world: World, cast: dict[str, Partner], as_member: SignIn
) -> None:
    client = as_member(world.nora)
    assert sorted(tiles(client.get(PAGE))) == ["Hearthlist", "Linen Letters", "Nordlys Deals", "Spaarhoek"]
    assert tiles(client.get("/w/halden/creators")) == ["Mia Films"]
    Program.objects.filter(workspace=world.brand).update(kind=Program.Kind.PARTNER)
    assert client.get("/w/halden/creators").status_code == 404


def test_words_filters_and_order_stand_in_the_address_and_in_every_link(
    world: World, cast: dict[str, Partner], as_member: SignIn
) -> None:
    client = as_member(world.nora)
    answer = client.get(PAGE, {"category": ["Home and living", "Finance"], "sort": "audience", "q": ""})
    assert tiles(answer) == ["Hearthlist", "Spaarhoek", "Linen Letters"]
    assert [(chip.label, chip.without_url) for chip in answer.context["chips"]] == [
        ("Home and living", f"{PAGE}?category=Finance&sort=audience"),
        ("Finance", f"{PAGE}?category=Home+and+living&sort=audience"),
    ]
    state = answer.context["state"]
    assert state.url == f"{PAGE}?category=Home+and+living&category=Finance&sort=audience"
    assert answer.context["clear_url"] == f"{PAGE}?sort=audience"
    [category] = [facet for facet in answer.context["facets"] if facet.name == "category"]
    assert [(each.value, each.count, each.is_ticked) for each in category.options] == [
        ("Home and living", "2", True),
        ("Fashion", "1", False),
        ("Finance", "1", True),
    ]


def test_words_are_marked_and_near_spellings_are_told(
    world: World, cast: dict[str, Partner], as_member: SignIn
) -> None:
    client = as_member(world.nora)
    found = client.get(PAGE, {"q": "bedding"})
    assert "flax and <mark>bedding</mark>" in found.content.decode()
    near = client.get(PAGE, {"q": "hearthlsit"})
    assert (tiles(near), near.context["is_forgiving"]) == (["Hearthlist"], True)
    assert "near spellings are shown" in near.content.decode()


def test_a_search_that_means_nothing_begins_anew_and_says_so(
    world: World, cast: dict[str, Partner], as_member: SignIn
) -> None:
    answer = as_member(world.nora).get(PAGE, {"category": "Nonsense"}, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert told(answer) == ["The address held a search that means nothing. It begins anew."]


def test_htmx_gets_the_fragment_and_an_address_that_is_new(
    world: World, cast: dict[str, Partner], as_member: SignIn
) -> None:
    client = as_member(world.nora)
    asked = {"HX-Request": "true", "HX-Current-URL": f"https://overture.test{PAGE}"}
    new = client.get(PAGE, {"q": "linen", "category": ""}, headers=asked)
    same = client.get(PAGE, headers=asked)
    assert ("<html" in new.content.decode(), tiles(new)) == (False, ["Linen Letters"])
    assert [answer.headers["HX-Push-Url"] for answer in (new, same)] == [f"{PAGE}?q=linen", "false"]


def test_pages_have_numbers_and_one_too_far_leads_to_the_last(
    world: World, indexed: Callable[[], Any], as_member: SignIn
) -> None:
    for number in range(30):
        factories.partner(name=f"Partner {number:02}", audience=1000 - number)
    indexed()
    client = as_member(world.nora)
    second = client.get(link_in(client.get(PAGE), "Next page"))
    assert (len(tiles(second)), summary_in(second)) == (6, "25–30 of 30")
    assert client.get(PAGE, {"page": 9}).headers["Location"] == f"{PAGE}?page=2"


def test_the_same_queries_for_one_tile_as_for_four(
    world: World, cast: dict[str, Partner], as_member: SignIn
) -> None:
    client = as_member(world.nora)

    def queries(**query: str) -> int:
        client.get(PAGE, query)
        with CaptureQueriesContext(connection) as asked:
            client.get(PAGE, query)
        return len(asked)

    assert queries(q="linen") == queries()


def test_without_an_index_the_page_says_so_asks_again_and_shows_what_is_saved(
    world: World, settings: Any, tmp_path: Any, as_member: SignIn
) -> None:
    settings.OVERTURE_DATA = tmp_path / "nothing"
    kept = factories.partner(name="Kept")
    save(world.nora, [kept.pk])
    client = as_member(world.nora)
    text = client.get(PAGE, {"q": "x"}).content.decode()
    assert (
        "The search is being prepared." in text,
        f'hx-get="{PAGE}?q=x" hx-trigger="every 2s"' in text,
    ) == (
        True,
        True,
    )
    assert tiles(client.get(PAGE, {"tab": "saved"})) == ["Kept"]


def test_each_emptiness_says_why(world: World, indexed: Callable[[], Any], as_member: SignIn) -> None:
    indexed()
    client = as_member(world.nora)

    def heading(**query: str) -> str:
        text = client.get(PAGE, query).content.decode()
        found = re.search(r'<div class="empty">.*?<h2>(.*?)</h2>', text, re.DOTALL)
        return found[1] if found else ""

    assert [heading(), heading(tab="recommended"), heading(tab="saved"), heading(q="zzz")] == [
        "The directory is empty",
        "No recommendations yet",
        "Nothing saved yet",
        "Nothing matches",
    ]


def test_the_record_stands_beside_the_tiles_and_alone_for_htmx(
    world: World, cast: dict[str, Partner], as_member: SignIn
) -> None:
    client, url = as_member(world.nora), f"{PAGE}/{cast['linen'].pk}"
    whole = client.get(url, {"category": "Home and living"})
    alone = client.get(url, headers={"HX-Request": "true"})
    text = alone.content.decode()
    assert (sorted(tiles(whole)), "<html" in text) == (["Hearthlist", "Linen Letters"], False)
    assert alone.headers["HX-Push-Url"] == url
    assert [
        words in text
        for words in (
            "Anouk, Editor",
            "a•••@linen.example",
            "58,200",
            "46%",
            "Elsewhere",
            "Joined the marketplace",
        )
    ] == [True] * 6
    assert ("anouk@linen.example" in text, "Mark as prospect" in text) == (False, True)


def test_a_record_that_is_elsewhere_leads_there(
    world: World, cast: dict[str, Partner], as_member: SignIn
) -> None:
    client = as_member(world.nora)
    old = factories.partner(name="Old", standing=Standing.MERGED, merged_into=cast["linen"])
    private = Partner.objects.get(name="Private of another")
    assert client.get(f"{PAGE}/{old.pk}").headers["Location"] == f"{PAGE}/{cast['linen'].pk}"
    assert (
        client.get(f"{PAGE}/{cast['mia'].pk}").headers["Location"] == f"/w/halden/creators/{cast['mia'].pk}"
    )
    assert [client.get(f"{PAGE}/{number}").status_code for number in (private.pk, 1, 10**30)] == [404] * 3


def test_save_and_its_undo(world: World, cast: dict[str, Partner], as_member: SignIn) -> None:
    client, number = as_member(world.nora), cast["linen"].pk
    answer = client.post(f"{PAGE}/{number}/save?q=linen", follow=True)
    assert (answer.redirect_chain, told(answer)) == ([(f"{PAGE}?q=linen", 302)], ["Linen Letters saved."])
    assert SavedPartner.objects.get().partner_id == number
    assert tiles(client.get(PAGE, {"tab": "saved"})) == ["Linen Letters"]
    client.post(f"{PAGE}/{number}/unsave")
    assert SavedPartner.objects.count() == 0
    assert client.get(f"{PAGE}/{number}/save").status_code == 405


def test_not_interested_hides_the_tile_until_it_is_brought_back(
    world: World, cast: dict[str, Partner], as_member: SignIn
) -> None:
    client, number = as_member(world.nora), cast["spaar"].pk
    answer = client.post(f"{PAGE}/{number}/not-interested", headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert (f'<div id="tile-{number}" hx-swap-oob="delete">' in text, f"{number}/bring-back?" in text) == (
        True,
        True,
    )
    assert ("Spaarhoek" in tiles(client.get(PAGE)), NotInterested.objects.count()) == (False, 1)
    assert tiles(client.get(PAGE, {"relation": "not_interested"})) == ["Spaarhoek"]
    client.post(f"{PAGE}/{number}/bring-back")
    assert ("Spaarhoek" in tiles(client.get(PAGE)), NotInterested.objects.count()) == (True, 0)


def test_mark_makes_a_prospect_and_draws_tile_and_record_anew(
    world: World, cast: dict[str, Partner], as_member: SignIn
) -> None:
    client, number = as_member(world.nora), cast["linen"].pk
    here = f"https://overture.test{PAGE}/{number}?q=linen"
    answer = client.post(
        f"{PAGE}/{number}/mark?q=linen", headers={"HX-Request": "true", "HX-Current-URL": here}
    )
    text, prospect = answer.content.decode(), Prospect.objects.get(partner=cast["linen"])
    assert (prospect.stage, f'<li class="tile" id="tile-{number}" hx-swap-oob="true"' in text) == (
        Stage.NEW,
        True,
    )
    assert (f"/prospects/{prospect.pk}" in text, "Linen Letters is a prospect now." in text) == (True, True)
    again = client.post(f"{PAGE}/{number}/mark", follow=True)
    assert told(again) == ["Linen Letters is a prospect already."]


def test_email_leads_to_the_composer_and_marks(
    world: World, cast: dict[str, Partner], as_member: SignIn
) -> None:
    answer = as_member(world.nora).post(f"{PAGE}/{cast['linen'].pk}/email")
    mailing, prospect = Mailing.objects.get(), Prospect.objects.get(partner=cast["linen"])
    assert answer.headers["Location"] == f"/w/halden/emails/{mailing.pk}/write"
    assert mailing.audience["prospects"] == [prospect.pk]


def test_a_report_needs_a_reason(world: World, cast: dict[str, Partner], as_member: SignIn) -> None:
    client, url = as_member(world.nora), f"{PAGE}/{cast['linen'].pk}/report"
    assert client.get(url).status_code == 200
    assert "Choose a reason." in client.post(url, {"text": "Hm"}).content.decode()
    answer = client.post(url, {"reason": "spam", "text": "Sells links"}, follow=True)
    assert told(answer) == ["Reported. The operator will look at it."]
    assert Report.objects.values_list("reason", "text").get() == ("spam", "Sells links")


def test_a_tile_menu_says_what_can_be_done(world: World, cast: dict[str, Partner], as_member: SignIn) -> None:
    url = f"{PAGE}/{cast['linen'].pk}/menu"
    words = ("turned messages on", "/email", "/save", "/not-interested", "/report")
    told_of = [
        [word in as_member(who).get(url).content.decode() for word in words]
        for who in (world.nora, world.victor)
    ]
    assert told_of == [[True] * 5, [True, False, False, False, False]]


def test_a_viewer_sees_and_is_offered_no_act(
    world: World, cast: dict[str, Partner], as_member: SignIn
) -> None:
    client, number = as_member(world.victor), cast["linen"].pk
    text = client.get(f"{PAGE}/{number}").content.decode()
    acts = ("mark", "email", "save", "unsave", "not-interested", "bring-back", "report")
    assert ("Linen Letters" in text, [act for act in acts if f"/{number}/{act}" in text]) == (True, [])
    assert [client.post(f"{PAGE}/{number}/{act}").status_code for act in acts] == [403] * 7


def test_tiles_are_chosen_over_pages_and_marked_into_a_group(
    world: World, cast: dict[str, Partner], as_member: SignIn
) -> None:
    client = as_member(world.nora)
    one, two, three = (cast[name].pk for name in ("linen", "hearth", "spaar"))
    first = client.post(f"{PAGE}/select?q=l", {"page": f"{one},{two}", "chosen": [one], "head": "none"})
    selection = TileSelection.objects.get()
    assert first.headers["Location"] == f"{PAGE}?q=l&selection={selection.pk}"
    more = client.post(
        f"{PAGE}/select?selection={selection.pk}",
        {"page": f"{two},{three}", "chosen": f"{two},{three}", "head": "", "total": "4"},
        headers={"HX-Request": "true"},
    )
    assert output_in(more) == "3 selected"
    client.post(f"{PAGE}/select?selection={selection.pk}", {"page": f"{three}", "chosen": "", "head": ""})
    assert sorted(selection.rows.values_list("partner_id", flat=True)) == sorted([one, two])
    done = client.post(f"{PAGE}/selections/{selection.pk}/mark", {"name": "Winter"}, follow=True)
    assert told(done) == ["2 partners are prospects now. All are in the group Winter."]
    assert sorted(Group.objects.get().prospects.values_list("name", flat=True)) == [
        "Hearthlist",
        "Linen Letters",
    ]


def test_all_that_match_are_chosen_emailed_and_cleared(
    world: World, cast: dict[str, Partner], as_member: SignIn
) -> None:
    client = as_member(world.nora)
    client.post(f"{PAGE}/select-all?category=Home+and+living")
    selection = TileSelection.objects.get()
    assert sorted(selection.rows.values_list("partner__name", flat=True)) == ["Hearthlist", "Linen Letters"]
    cleared = client.post(f"{PAGE}/selections/{selection.pk}/clear?selection={selection.pk}")
    assert cleared.headers["Location"] == PAGE
    answer = client.post(f"{PAGE}/selections/{selection.pk}/email")
    assert answer.headers["Location"] == f"/w/halden/emails/{Mailing.objects.get().pk}/write"
    assert Prospect.objects.count() == 2


def test_all_that_are_chosen_are_messaged(world: World, cast: dict[str, Partner], as_member: SignIn) -> None:
    client = as_member(world.nora)
    Partner.objects.filter(pk=cast["linen"].pk).update(has_messaging=True)
    Partner.objects.exclude(pk=cast["linen"].pk).update(has_messaging=False)
    client.post(f"{PAGE}/select-all?category=Home+and+living")
    at = f"{PAGE}/selections/{TileSelection.objects.get().pk}/message"
    bar = client.get(f"{PAGE}?selection={TileSelection.objects.get().pk}").content.decode()
    assert f'href="{at}?selection=' in bar
    page = client.get(at).content.decode()
    assert "Send to 1" in page
    assert 'Messages are turned off <b class="num">1</b>' in page
    assert "<li>Hearthlist</li>" in page
    checked = client.post(at, {"text": "Hello {mpname}", "check": "1"}, headers={"HX-Request": "true"})
    assert "Hello Linen Letters" in checked.content.decode()
    assert not Prospect.objects.exists()
    answer = client.post(at, {"text": "Hello {mpname}"})
    assert answer.headers["Location"].startswith("/w/halden/inbox/runs/")
    assert Prospect.objects.get().partner == cast["linen"]
    Membership.objects.filter(pk=world.nora.pk).update(role="viewer")
    assert client.get(at).status_code == 403
    assert at not in client.get(f"{PAGE}?selection={TileSelection.objects.get().pk}").content.decode()


def test_a_colleagues_selection_is_not_found(
    world: World, cast: dict[str, Partner], as_member: SignIn
) -> None:
    theirs = TileSelection.objects.create(workspace=world.brand, member=world.camille, kind="partner")
    client = as_member(world.nora)
    acts = [
        client.post(f"{PAGE}/selections/{theirs.pk}/{act}") for act in ("mark", "email", "message", "clear")
    ]
    assert [answer.status_code for answer in acts] == [404] * 4


def test_a_search_is_kept_opened_renamed_silenced_and_deleted(
    world: World, cast: dict[str, Partner], as_member: SignIn
) -> None:
    client = as_member(world.nora)
    kept = client.post(f"{PAGE}/searches?q=linen&category=Home+and+living", {"name": "Linen"}, follow=True)
    row = SavedSearch.objects.get()
    url = f"{PAGE}/searches/{row.pk}"
    assert told(kept) == ["Search saved: Linen. A notice tells you of new matches."]
    assert client.get(url).headers["Location"] == f"{PAGE}?q=linen&category=Home+and+living"
    assert "“linen”, Category: Home and living" in client.get(f"{PAGE}/searches").content.decode()
    client.post(f"{url}/rename", {"name": "Flax"})
    client.post(f"{url}/telling", {"is_telling": "0"})
    row.refresh_from_db()
    assert (row.name, row.is_telling) == ("Flax", False)
    assert as_member(world.camille).get(url).status_code == 404
    client.post(f"{url}/forget")
    assert SavedSearch.objects.count() == 0


def test_a_search_without_a_name_is_refused(
    world: World, cast: dict[str, Partner], as_member: SignIn
) -> None:
    answer = as_member(world.nora).post(f"{PAGE}/searches?q=linen", {"name": " "}, follow=True)
    assert (told(answer), SavedSearch.objects.count()) == (["A search needs a name."], 0)


def test_a_partner_of_ones_own_is_shown_but_neither_saved_nor_reported(
    world: World, cast: dict[str, Partner], as_member: SignIn
) -> None:
    own = factories.partner(world.nora, "Imported")
    text = as_member(world.nora).get(f"{PAGE}/{own.pk}").content.decode()
    acts = ("mark", "email", "save", "not-interested", "report")
    assert [act for act in acts if f"/{own.pk}/{act}" in text] == ["mark", "email"]
