"""The operator makes and changes partners of the directory."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from overture.accounts.models import User
from overture.directory.details import check
from overture.directory.models import Contact, DirectoryEvent, Partner, Standing
from overture.directory.plan import Outcome, Row
from overture.directory.upsert import upsert
from overture.prospects.export import written_to
from overture.prospects.models import Wrote
from tests import factories
from tests.world import World


@pytest.fixture
def operator(world: World) -> User:
    user = world.nora.user
    user.is_operator = True
    user.save(update_fields=["is_operator"])
    return user


def row(mpid: int | None = None, **values: Any) -> Row:
    details, errors = check(values)
    return Row(details, mpid, tuple(errors))


def told(outcomes: list[Outcome]) -> list[tuple[str, Any]]:
    """State, and the number or the reasons."""
    return [
        (each.state, each.mpid if each.state != "refused" else [(e.field, e.code) for e in each.errors])
        for each in outcomes
    ]


WHOLE = {
    "name": "Maison Lin",
    "kind": "creator",
    "website": "lin.example",
    "country": "FR",
    "category": "Home and living",
    "languages": ["fr", "en"],
    "audience": 12_000,
    "about": "Linen,\nwoven slowly.",
    "topics": ["linen", "{tea}", 'a "quoted" one'],
    "methods": ["content", "video"],
    "business_model": "independent",
    "audience_countries": {"FR": 62, "BE": 20},
    "audience_ages": {"25-34": 45},
    "channels": [{"kind": "youtube", "size": 120_000, "url": "https://video.example/lin"}],
    "active_on": "2026-01-31",
    "has_messaging": True,
    "first_name": "Zoé",
    "last_name": "Dupré",
    "title": "Editor",
    "address": "zoe@lin.example",
}


def test_a_partner_comes_in_with_all_that_was_said(operator: User) -> None:
    [made] = upsert(operator, [row(**WHOLE)])
    partner = Partner.objects.get()
    assert told([made]) == [("created", partner.pk)]
    assert (partner.workspace_id, partner.standing) == (None, "listed")
    expected = {
        **{name: WHOLE[name] for name in list(WHOLE)[:-4]},
        "website": "https://lin.example",
        "website_key": "lin.example",
        "language": "fr",
        "active_on": date(2026, 1, 31),
    }
    assert {name: getattr(partner, name) for name in expected} == expected
    contact = Contact.objects.get()
    assert (contact.partner_id, contact.workspace_id, contact.address) == (
        partner.pk,
        None,
        "zoe@lin.example",
    )
    assert (contact.name, contact.title) == ("Zoé Dupré", "Editor")
    assert list(DirectoryEvent.objects.values_list("partner", "user", "verb", "facts")) == [
        (partner.pk, operator.pk, "created", {})
    ]


def test_the_same_again_changes_nothing(operator: User) -> None:
    upsert(operator, [row(**WHOLE)])
    before = Partner.objects.values().get()
    assert told(upsert(operator, [row(**WHOLE)])) == [("unchanged", before["id"])]
    assert Partner.objects.values().get() == before
    assert (Contact.objects.count(), DirectoryEvent.objects.count()) == (1, 1)


def test_new_ones_may_come_in_for_review(operator: User) -> None:
    upsert(operator, [row(name="Lin")], Standing.IN_REVIEW)
    assert Partner.objects.get().standing == "in_review"
    upsert(operator, [row(name="Lin", about="More")])
    assert Partner.objects.values_list("standing", "about").get() == ("in_review", "More")


def test_only_an_operator_may(world: World) -> None:
    with pytest.raises(PermissionDenied):
        upsert(world.nora.user, [row(name="Lin")])
    assert Partner.objects.count() == 0


def test_matched_by_number_then_website_then_address(operator: User) -> None:
    by_number = factories.partner(name="One")
    by_website = factories.partner(name="Two", website="https://two.example", website_key="two.example")
    by_address = factories.partner(name="Three")
    factories.contact(by_address, "three@mail.example")
    outcomes = upsert(
        operator,
        [
            row(by_number.pk, country="FR"),
            row(name="Two", website="www.two.example/about", address="someone@two.example", country="FR"),
            row(name="Three", address="Three@mail.example", country="FR"),
        ],
    )
    assert told(outcomes) == [
        ("updated", by_number.pk),
        ("updated", by_website.pk),
        ("updated", by_address.pk),
    ]
    assert set(Partner.objects.values_list("country", flat=True)) == {"FR"}


def test_two_websites_with_one_address_are_two_partners(operator: User) -> None:
    [one] = upsert(operator, [row(name="One", website="one.example", address="desk@agency.example")])
    rows = [
        row(name="Two", website="two.example", address="desk@agency.example"),
        row(name="Three", website="three.example", address="desk@agency.example"),
    ]
    outcomes = upsert(operator, rows)
    assert [each.state for each in outcomes] == ["created", "created"]
    assert [each.state for each in upsert(operator, rows)] == ["unchanged", "unchanged"]
    assert told(upsert(operator, [row(name="One", address="desk@agency.example")])) == [
        ("refused", [("", "ambiguous")])
    ]
    assert Partner.objects.filter(pk=one.mpid).values_list("name", flat=True).get() == "One"


def test_private_partners_are_never_touched(operator: User, world: World) -> None:
    private = factories.partner(
        world.nora, "Private", website="https://lin.example", website_key="lin.example"
    )
    before = Partner.objects.values().get()
    outcomes = upsert(operator, [row(private.pk, name="Taken"), row(name="Lin", website="lin.example")])
    made = Partner.objects.get(workspace=None)
    assert told(outcomes) == [("refused", [("mpid", "unknown_mpid")]), ("created", made.pk)]
    assert Partner.objects.filter(pk=private.pk).values().get() == before


def test_ambiguous_is_refused_and_names_them(operator: User) -> None:
    both = [factories.partner(name=name, website_key="lin.example") for name in ("A", "B")]
    [outcome] = upsert(operator, [row(name="Lin", website="lin.example")])
    assert told([outcome]) == [("refused", [("", "ambiguous")])]
    assert outcome.errors[0].params == {"count": 2, "partners": f"A ({both[0].pk}), B ({both[1].pk})"}


def test_the_website_of_another_is_refused_for_a_number(operator: User) -> None:
    other = factories.partner(name="A", website_key="lin.example")
    mine = factories.partner(name="B")
    [outcome] = upsert(operator, [row(mine.pk, website="lin.example")])
    assert outcome.errors[0].params == {"count": 2, "partners": f"A ({other.pk}), B ({mine.pk})"}


def test_what_is_given_empty_goes_and_what_is_not_given_stays(operator: User) -> None:
    [made] = upsert(operator, [row(**WHOLE)])
    upsert(operator, [row(made.mpid, about="", audience=None, topics=[], address=None)])
    partner = Partner.objects.get()
    assert (partner.about, partner.audience, partner.topics, partner.methods) == (
        "", None, [], ["content", "video"],
    )  # fmt: skip
    assert Contact.objects.values_list("first_name", "address", "address_key").get() == ("Zoé", "", "")
    assert DirectoryEvent.objects.latest("pk").facts == {
        "changed": ["about", "audience", "contact", "topics"]
    }


def test_a_name_cannot_go(operator: User) -> None:
    partner = factories.partner(name="Lin")
    outcomes = upsert(
        operator, [row(partner.pk, name=""), row(website="new.example"), row(country="Atlantis")]
    )
    assert told(outcomes) == [
        ("refused", [("name", "required")]),
        ("refused", [("name", "required")]),
        ("refused", [("country", "unknown_country")]),
    ]
    assert Partner.objects.get().name == "Lin"


def test_rows_of_one_partner_fill_what_is_empty_and_another_company_is_refused(operator: User) -> None:
    outcomes = upsert(
        operator,
        [
            row(name="Lin", website="lin.example", country="FR"),
            row(name="LIN", website="www.lin.example", country="BE", about="Linen"),
            row(name="Lin", website="lin.example", country="BE"),
            row(name="Another", website="lin.example"),
        ],
    )
    partner = Partner.objects.get()
    assert [each.state for each in outcomes] == ["created", "updated", "unchanged", "refused"]
    assert (partner.name, partner.country, partner.about) == ("Lin", "FR", "Linen")
    assert (outcomes[3].errors[0].code, outcomes[3].errors[0].params) == ("repeated", {"partners": "Lin"})


def test_a_merged_number_leads_to_its_target(operator: User) -> None:
    new = factories.partner(name="New", website="https://new.example", website_key="new.example")
    old = factories.partner(name="Old", website_key="old.example", standing=Standing.MERGED, merged_into=new)
    outcomes = upsert(
        operator,
        [row(old.pk, about="By number"), row(name="Old", website="old.example")],
    )
    assert told(outcomes)[0] == ("updated", new.pk)
    assert outcomes[1].errors[0].code == "repeated"
    [again] = upsert(operator, [row(name="Old", website="old.example", country="FR", about="Older")])
    assert told([again]) == [("updated", new.pk)]
    new.refresh_from_db()
    # What only met it by what the old one had fills, and does not replace.
    assert (new.name, new.website, new.country, new.about) == (
        "New",
        "https://new.example",
        "FR",
        "By number",
    )


def test_an_erased_person_is_not_taken_in_again(operator: User) -> None:
    partner = factories.partner(name="Lin")
    contact = factories.contact(partner, "zoe@lin.example")
    Contact.objects.filter(pk=contact.pk).update(erased_at=timezone.now(), address="")
    assert told(upsert(operator, [row(partner.pk, address="zoe@lin.example")])) == [
        ("refused", [("address", "erased")])
    ]


def test_a_new_address_of_the_account_is_hidden_again(operator: User, world: World) -> None:
    partner = factories.partner(name="Lin")
    contact = factories.contact(partner, "zoe@lin.example")
    Wrote.objects.create(workspace=world.brand, address_key=contact.address_key, at=timezone.now())
    prospect = factories.prospect(world.nora, partner=partner)
    assert written_to(world.nora, [prospect])[prospect.pk].has_written
    upsert(operator, [row(partner.pk, address="new@lin.example")])
    found = written_to(world.nora, [prospect])[prospect.pk]
    assert (found.address, found.has_written) == ("new@lin.example", False)


def test_the_number_of_queries_does_not_grow_with_the_rows(operator: User) -> None:
    def queries(count: int, start: int) -> int:
        known = [factories.partner(name=f"Known {start + each}") for each in range(count)]
        rows = [row(each.pk, about="Changed", address=f"a{each.pk}@x.example") for each in known]
        for each in range(start, start + count):
            rows.append(row(name=f"New {each}", website=f"new{each}.example"))
            rows.append(row(name=f"Bare {each}"))
            rows.append(row(name=f"Post {each}", address=f"post{each}@mail.example"))
        with CaptureQueriesContext(connection) as captured:
            outcomes = upsert(operator, rows)
        assert [each.state for each in outcomes] == ["updated"] * count + ["created"] * (3 * count)
        return len(captured)

    assert queries(1, 0) == queries(40, 1)
