"""Two partners of the directory become one."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from overture.accounts.models import Membership, User
from overture.activity.models import Activity
from overture.activity.record import record
from overture.delivery.models import Delivery, Mailing
from overture.directory.models import Contact, DirectoryEvent, Partner, Standing
from overture.marketplace.merge import MergeError, merge
from overture.marketplace.models import (
    NotInterested,
    Report,
    SavedPartner,
    TileSelection,
    TileSelectionRow,
)
from overture.prospects.models import Contacted, Note, Prospect, Selection, SelectionRow, Stage
from tests import factories
from tests.world import World


@pytest.fixture
def operator(world: World) -> User:
    user = world.victor.user
    user.is_operator = True
    user.save(update_fields=["is_operator"])
    return user


@pytest.fixture
def old(world: World) -> Partner:
    return factories.partner(name="Old")


@pytest.fixture
def new(world: World) -> Partner:
    return factories.partner(name="New")


def test_the_old_number_leads_to_the_new_one(operator: User, old: Partner, new: Partner) -> None:
    older = factories.partner(name="Older", standing=Standing.MERGED, merged_into=old)
    assert merge(operator, old, new) == new
    assert list(Partner.objects.order_by("pk").values_list("pk", "standing", "merged_into")) == [
        (old.pk, "merged", new.pk),
        (new.pk, "listed", None),
        (older.pk, "merged", new.pk),
    ]
    assert list(DirectoryEvent.objects.order_by("pk").values_list("partner", "verb", "facts")) == [
        (old.pk, "merged", {"into": new.pk, "name": "New"}),
        (new.pk, "took_in", {"mpid": old.pk, "name": "Old"}),
    ]


def test_two_that_cannot_become_one(operator: User, world: World, old: Partner, new: Partner) -> None:
    private = factories.partner(world.nora, "Private")
    merged = factories.partner(name="Merged", standing=Standing.MERGED, merged_into=new)
    for one, other, code in [
        (old, old, "same"), (private, new, "private"), (old, private, "private"),
        (merged, old, "merged"), (old, merged, "merged"),
    ]:  # fmt: skip
        with pytest.raises(MergeError) as caught:
            merge(operator, one, other)
        assert caught.value.code == code
    assert set(Partner.objects.values_list("standing", flat=True)) == {"listed", "merged"}


def test_only_an_operator_merges(world: World, old: Partner, new: Partner) -> None:
    with pytest.raises(PermissionDenied):
        merge(world.nora.user, old, new)
    assert Partner.objects.get(pk=old.pk).standing == "listed"


def test_a_prospect_of_the_old_one_alone_moves(
    operator: User, world: World, old: Partner, new: Partner
) -> None:
    contact = factories.contact(old, "zoe@lin.example", world.nora)
    row = factories.prospect(
        world.nora, "Lin as we call it", partner=old, stage=Stage.OUTREACH, primary_contact=contact
    )
    theirs = factories.prospect(world.stranger, "Theirs", partner=new)
    merge(operator, old, new)
    moved = Prospect.objects.get(pk=row.pk)
    assert (moved.partner_id, moved.stage, moved.name) == (new.pk, "outreach", "Lin as we call it")
    assert moved.primary_contact_id == contact.pk
    assert Contact.objects.get().partner_id == new.pk
    assert Prospect.objects.get(pk=theirs.pk).partner_id == new.pk


@pytest.mark.parametrize(
    ("of_old", "of_new", "stage"),
    [
        ("joined", "new", "joined"), ("outreach", "negotiating", "negotiating"),
        ("new", "outreach", "outreach"),
        ("rejected_by_you", "new", "rejected_by_you"), ("joined", "rejected_by_partner", "joined"),
    ],
)  # fmt: skip
def test_of_two_prospects_the_further_stage_stays(
    operator: User, world: World, old: Partner, new: Partner, of_old: str, of_new: str, stage: str
) -> None:
    factories.prospect(world.nora, partner=old, stage=of_old)
    kept = factories.prospect(world.nora, partner=new, stage=of_new)
    merge(operator, old, new)
    assert Prospect.objects.values_list("pk", "partner", "stage").get() == (kept.pk, new.pk, stage)


def both(member: Membership, old: Partner, new: Partner, **fields: Any) -> tuple[Prospect, Prospect]:
    gone = factories.prospect(member, "Old", partner=old, **fields)
    return gone, factories.prospect(member, "New", partner=new)


def test_what_hung_on_the_old_prospect_hangs_on_the_new(
    operator: User, world: World, old: Partner, new: Partner
) -> None:
    contact = factories.contact(old, "zoe@lin.example", world.nora, first_name="Zoe")
    gone, kept = both(world.nora, old, new, primary_contact=contact, owner=world.camille)
    group = factories.group(world.nora, "Linen", gone)
    common = factories.group(world.nora, "Tea", gone, kept)
    Note.objects.create(workspace=world.brand, prospect=gone, author=world.nora, text="Call back")
    record("prospect_marked", world.brand.pk, world.nora, prospect_id=gone.pk)
    Contacted.objects.create(
        workspace=world.brand, partner=old, way="email", mailing_number=7, planned_at=timezone.now()
    )
    chosen = [Selection.objects.create(workspace=world.brand, member=world.nora) for _ in range(2)]
    for selection, prospect in [(chosen[0], gone), (chosen[1], gone), (chosen[1], kept)]:
        SelectionRow.objects.create(selection=selection, prospect=prospect)
    merge(operator, old, new)
    kept.refresh_from_db()
    assert Prospect.objects.count() == 1
    assert set(kept.groups.all()) == {group, common}
    assert (kept.primary_contact_id, kept.owner_id) == (contact.pk, world.camille.pk)
    assert Note.objects.values_list("prospect", "text").get() == (kept.pk, "Call back")
    assert set(Activity.objects.values_list("prospect", "verb")) == {
        (kept.pk, "prospect_marked"), (kept.pk, "prospects_merged"),
    }  # fmt: skip
    assert Contacted.objects.values_list("partner", "mailing_number").get() == (new.pk, 7)
    assert list(SelectionRow.objects.order_by("selection").values_list("selection", "prospect")) == [
        (each.pk, kept.pk) for each in chosen
    ]
    # Found by the contact it got.
    assert "zoe@lin.example" in kept.search_text


def test_a_contact_of_one_address_is_one_person(
    operator: User, world: World, old: Partner, new: Partner
) -> None:
    mine = factories.contact(old, "zoe@lin.example", world.nora)
    theirs = factories.contact(new, "ZOE@lin.example", world.nora)
    elsewhere = factories.contact(old, "zoe@lin.example", world.stranger)
    account = factories.contact(old, "desk@lin.example")
    row = factories.prospect(world.nora, partner=old, primary_contact=mine)
    merge(operator, old, new)
    moved = Contact.objects.filter(partner=new).values_list("pk", flat=True)
    assert set(moved) == {theirs.pk, elsewhere.pk, account.pk}
    assert Prospect.objects.get(pk=row.pk).primary_contact_id == theirs.pk


def test_an_archived_one_is_at_work_when_the_other_was(
    operator: User, world: World, old: Partner, new: Partner
) -> None:
    _gone, kept = both(world.nora, old, new)
    Prospect.objects.filter(pk=kept.pk).update(archived_at=timezone.now())
    merge(operator, old, new)
    assert Prospect.objects.values_list("pk", "archived_at").get() == (kept.pk, None)


def test_the_ledger_says_what_was_sent_and_drafts_whom_they_are_for(
    operator: User, world: World, old: Partner, new: Partner
) -> None:
    from tests.everything import rows_of

    rows = rows_of(world.nora)
    gone, kept = both(world.nora, old, new)
    Delivery.objects.filter(pk=rows["delivery"]).update(
        prospect=gone, partner=old, mpid=old.pk, company_name="Old", address="zoe@lin.example"
    )
    before = Delivery.objects.values().get()
    Mailing.objects.filter(pk=rows["mailing"]).update(audience={"prospects": [gone.pk, kept.pk, 5]})
    merge(operator, old, new)
    assert Delivery.objects.values().get() == before | {"prospect_id": kept.pk}
    assert Mailing.objects.get().audience == {"prospects": [kept.pk, 5]}


def test_saved_not_wanted_chosen_and_reported_once_each(
    operator: User, world: World, old: Partner, new: Partner
) -> None:
    for partner in (old, new):
        SavedPartner.objects.create(workspace=world.brand, partner=partner, member=world.nora)
    SavedPartner.objects.create(workspace=world.other_brand, partner=old, member=world.stranger)
    NotInterested.objects.create(workspace=world.brand, partner=old, member=world.nora)
    tiles = TileSelection.objects.create(workspace=world.brand, member=world.nora, kind="partner")
    for partner in (old, new):
        TileSelectionRow.objects.create(selection=tiles, partner=partner)
    for partner, member, text in [(old, world.nora, "a"), (new, world.nora, "b"), (old, world.camille, "c")]:
        Report.objects.create(workspace=world.brand, partner=partner, member=member, reason="spam", text=text)
    merge(operator, old, new)
    assert set(SavedPartner.objects.values_list("workspace", "partner")) == {
        (world.brand.pk, new.pk), (world.other_brand.pk, new.pk),
    }  # fmt: skip
    assert NotInterested.objects.get().partner_id == new.pk
    assert TileSelectionRow.objects.get().partner_id == new.pk
    assert set(Report.objects.values_list("partner", "member", "text")) == {
        (new.pk, world.nora.pk, "b\na"), (new.pk, world.camille.pk, "c"),
    }  # fmt: skip


def test_when_it_breaks_nothing_is_merged(
    operator: User, world: World, old: Partner, new: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = factories.prospect(world.nora, partner=old)

    def broken(*_args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("overture.marketplace.merge.search.refresh_partners", broken)
    with pytest.raises(RuntimeError):
        merge(operator, old, new)
    assert Prospect.objects.get(pk=row.pk).partner_id == old.pk
    assert Partner.objects.get(pk=old.pk).standing == "listed"
