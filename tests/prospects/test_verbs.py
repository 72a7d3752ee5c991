"""What members do with prospects, one or many: archive, stages, groups, owners, notes, contacts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import QuerySet
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from overture.activity.models import Activity
from overture.directory.models import Contact
from overture.prospects import archive, contacts, group, note, owner, stage
from overture.prospects.contacts import ContactError, Person
from overture.prospects.group import GroupError
from overture.prospects.models import Group, Note, Prospect, Stage
from overture.prospects.note import NoteError
from tests import factories
from tests.world import World


def these(*rows: Prospect) -> QuerySet[Prospect]:
    return Prospect.objects.filter(pk__in=[row.pk for row in rows])


def told(*verbs: str) -> list[tuple[str, int | None]]:
    return list(Activity.objects.filter(verb__in=verbs).order_by("pk").values_list("verb", "prospect"))


def test_archive_and_undo_touch_what_went_together(world: World) -> None:
    a, b, c = (factories.prospect(world.camille, name) for name in "ABC")
    foreign = factories.prospect(world.stranger)
    archive.archive(world.camille, these(c))
    done = archive.archive(world.camille, these(a, b, c, foreign))
    assert done.count == 2
    assert set(Prospect.objects.filter(archived_at=None)) == {foreign}
    assert archive.undo(world.stranger, done.token) == 0
    assert archive.undo(world.camille, done.token) == 2
    assert archive.undo(world.camille, done.token) == 0
    assert set(Prospect.objects.filter(archived_at=None)) == {a, b, foreign}
    assert archive.restore(world.camille, these(a, c)) == 1
    assert [verb for verb, _ in told("prospect_archived", "prospect_restored")] == [
        *["prospect_archived"] * 3,
        *["prospect_restored"] * 3,
    ]
    far = ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-01-01T00:00:00+23:59")
    for nonsense in ("", "x", "2026-01-01", "\0", *far):
        assert archive.undo(world.camille, nonsense) == 0


def test_stages_move_only_where_a_move_exists(world: World) -> None:
    new, joined, there = (
        factories.prospect(world.camille, each, stage=each) for each in ("new", "joined", "negotiating")
    )
    moved = stage.move(world.camille, these(new, joined, there), "negotiating")
    assert (moved.count, moved.not_allowed) == (1, 1)
    assert list(Prospect.objects.order_by("pk").values_list("stage", flat=True)) == [
        "negotiating", "joined", "negotiating",
    ]  # fmt: skip
    assert told("stage_changed") == [("stage_changed", new.pk)]
    back = stage.move(world.camille, these(new), "new")
    assert (back.count, back.not_allowed) == (0, 1)
    with pytest.raises(ValueError):
        stage.move(world.camille, these(new), "gone")


def test_every_stage_can_be_left(world: World) -> None:
    assert set(stage.MOVES) == set(Stage.values)
    assert all(Stage.NEW not in ends and start not in ends and ends for start, ends in stage.MOVES.items())


def test_joining_clears_addresses_and_leaving_hides_them(world: World) -> None:
    listed = factories.partner(name="Listed")
    factories.contact(listed, "mia@listed.example")
    row = factories.prospect(world.camille, "Listed", partner=listed)
    assert "mia@" not in row.search_text
    stage.move(world.camille, these(row), "joined")
    row.refresh_from_db()
    assert row.search_text == "listed mia@listed.example"
    stage.move(world.camille, these(row), "expired")
    row.refresh_from_db()
    assert row.search_text == "listed"


def test_groups_are_made_filled_renamed_and_deleted(world: World) -> None:
    a, b, foreign = (
        factories.prospect(world.camille),
        factories.prospect(world.camille),
        factories.prospect(world.stranger),
    )
    winter = group.make(world.camille, "  Été  2026 ")
    assert winter.name == "Été 2026"
    assert group.add(world.camille, these(a, b, foreign), winter) == 2
    assert group.add(world.camille, these(a, b), winter) == 0
    assert group.remove(world.camille, these(a, foreign), winter) == 1
    assert list(winter.prospects.all()) == [b]
    group.rename(world.camille, winter, "été 2026")
    autumn = group.make(world.camille, "Autumn")
    for name, code in (("ETE 2026", "taken"), (" ", "empty"), ("x" * 81, "too_long")):
        with pytest.raises(GroupError) as caught:
            group.rename(world.camille, autumn, name)
        assert caught.value.code == code
    with pytest.raises(Group.DoesNotExist):
        group.add(world.stranger, these(foreign), winter)
    group.delete(world.camille, winter)
    assert list(Group.objects.values_list("name", flat=True)) == ["Autumn"]
    assert sorted(told("group_added", "group_removed")) == [
        ("group_added", a.pk), ("group_added", b.pk), ("group_removed", a.pk),
    ]  # fmt: skip


def test_owners_are_members_of_the_workspace(world: World) -> None:
    a, b = factories.prospect(world.camille), factories.prospect(world.camille, owner=world.nora)
    assert owner.assign(world.camille, these(a, b), world.nora) == 1
    assert owner.assign(world.camille, these(a, b), None) == 2
    assert sorted(told("owner_changed")) == [("owner_changed", pk) for pk in (a.pk, a.pk, b.pk)]
    with pytest.raises(Http404):
        owner.assign(world.camille, these(a), world.stranger)


def test_notes_are_kept_and_stay_in_the_workspace(world: World) -> None:
    row = factories.prospect(world.camille)
    kept = note.add(world.camille, row, " Met in Lyon\r\nagain \0")
    assert (kept.text, kept.author) == ("Met in Lyon\nagain", world.camille)
    note.edit(world.nora, kept, "Paris")
    kept.refresh_from_db()
    assert kept.text == "Paris"
    for text, code in (("  ", "empty"), ("x" * 10_001, "too_long")):
        with pytest.raises(NoteError) as caught:
            note.add(world.camille, row, text)
        assert caught.value.code == code
    with pytest.raises(Note.DoesNotExist):
        note.edit(world.stranger, kept, "x")
    with pytest.raises(Prospect.DoesNotExist):
        note.add(world.stranger, row, "x")
    note.delete(world.camille, kept)
    assert Note.objects.count() == 0


def test_contacts_are_added_edited_and_found(world: World) -> None:
    row = factories.prospect(world.camille, "Acme")
    made = contacts.add(world.camille, row, Person("Zoé", "Lang", "", " zoe@acme.example "))
    row.refresh_from_db()
    assert row.search_text == "acme zoe lang zoe@acme.example"
    contacts.edit(world.camille, row, made, Person("Zoé", "Lang", "Editor", "z.lang@acme.example"))
    row.refresh_from_db()
    assert row.search_text == "acme zoe lang z.lang@acme.example"
    contacts.choose_primary(world.camille, row, made)
    row.refresh_from_db()
    assert row.primary_contact == made
    contacts.choose_primary(world.camille, row, None)
    row.refresh_from_db()
    assert row.primary_contact is None
    assert [verb for verb, _ in told("contact_added", "contact_changed", "primary_contact_chosen")] == [
        "contact_added", "contact_changed", "primary_contact_chosen", "primary_contact_chosen",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("person", "field", "code"),
    [
        (Person(), "address", "empty"),
        (Person(address="a@@b.example"), "address", "invalid_address"),
        (Person(address="m•••@acme.example"), "address", "invalid_address"),
        (Person(first_name="x" * 101), "first_name", "too_long"),
        (Person(address="KNOWN@acme.example"), "address", "taken"),
        (Person(address="gone@acme.example"), "address", "erased"),
    ],
)
def test_contacts_that_are_none_are_refused_by_field(
    world: World, person: Person, field: str, code: str
) -> None:
    row = factories.prospect(world.camille, "Acme", "known@acme.example")
    erased = factories.contact(row.partner, "gone@acme.example", world.camille, erased_at="2026-01-01T00:00Z")
    assert erased.address_key
    with pytest.raises(ContactError) as caught:
        contacts.add(world.camille, row, person)
    assert (caught.value.field, caught.value.code) == (field, code)


def test_account_contacts_are_chosen_but_never_edited(world: World) -> None:
    listed = factories.partner(name="Listed")
    account = factories.contact(listed, "mia@listed.example")
    theirs = factories.contact(listed, "other@brand.example", world.stranger)
    row = factories.prospect(world.camille, "Listed", partner=listed)
    contacts.choose_primary(world.camille, row, account)
    with pytest.raises(ContactError, match="not_custom"):
        contacts.edit(world.camille, row, account, Person("X"))
    for verb in (
        lambda: contacts.choose_primary(world.camille, row, theirs),
        lambda: contacts.edit(world.camille, row, theirs, Person("X")),
    ):
        with pytest.raises(Contact.DoesNotExist):
            verb()


def test_viewers_change_nothing(world: World) -> None:
    row, winter = factories.prospect(world.camille), factories.group(world.camille, "Winter")
    kept = Note.objects.create(workspace=world.brand, prospect=row, text="x")
    verbs: list[Callable[[], Any]] = [
        lambda: archive.archive(world.victor, these(row)),
        lambda: archive.restore(world.victor, these(row)),
        lambda: archive.undo(world.victor, ""),
        lambda: stage.move(world.victor, these(row), "joined"),
        lambda: group.make(world.victor, "X"),
        lambda: group.rename(world.victor, winter, "X"),
        lambda: group.delete(world.victor, winter),
        lambda: group.add(world.victor, these(row), winter),
        lambda: group.remove(world.victor, these(row), winter),
        lambda: owner.assign(world.victor, these(row), None),
        lambda: note.add(world.victor, row, "x"),
        lambda: note.edit(world.victor, kept, "x"),
        lambda: note.delete(world.victor, kept),
        lambda: contacts.add(world.victor, row, Person("X")),
        lambda: contacts.choose_primary(world.victor, row, None),
    ]
    for verb in verbs:
        with pytest.raises(PermissionDenied):
            verb()
    assert Activity.objects.count() == 0


def test_many_take_as_many_queries_as_one(world: World) -> None:
    rows = [factories.prospect(world.camille) for _ in range(4)]

    def queries(some: QuerySet[Prospect]) -> int:
        with CaptureQueriesContext(connection) as caught:
            archive.archive(world.camille, some)
            archive.restore(world.camille, some)
            stage.move(world.camille, some, "outreach")
            owner.assign(world.camille, some, world.nora)
        return len(caught)

    assert queries(these(rows[0])) == queries(these(*rows[1:]))
