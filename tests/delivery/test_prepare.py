"""Prepare: to whom, the verdict of each, and what is frozen."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from overture.compose import ComposeErrors
from overture.delivery.draft import edit
from overture.delivery.errors import DraftError, NotNow
from overture.delivery.models import Delivery, Mailing, Suppression
from overture.delivery.prepare import prepare
from overture.delivery.suppress import suppress
from overture.prospects.models import Contacted, Prospect
from tests import factories
from tests.delivery.cast import counts, draft, mailbox, prepared, prospects, sent
from tests.world import World


@pytest.fixture(autouse=True)
def _mailbox(world: World) -> None:
    mailbox(world.nora)


def test_recipients_are_frozen_with_values_contact_and_key(world: World) -> None:
    one = factories.prospect(world.nora, "Maison Colette")
    contact = factories.contact(
        one.partner, "Jo.Doe@Colette.example", world.nora, first_name="Jo", last_name="Doe"
    )
    manifest = prepared(world.nora)
    row = Delivery.objects.get()
    assert (row.address, row.address_key) == (contact.address, contact.address_key)
    assert (row.company_name, row.first_name, row.last_name, row.mpid) == (
        "Maison Colette",
        "Jo",
        "Doe",
        one.partner_id,
    )
    assert (row.state, row.reason, row.contact_id, row.manifest_id) == ("queued", "", contact.pk, manifest.pk)
    assert (manifest.recipients, manifest.queued, manifest.skipped, manifest.matched) == (1, 1, {}, 1)
    assert Mailing.objects.get().state == "prepared"


def test_contact_written_to_is_chosen_then_custom_then_account(world: World) -> None:
    chosen, custom, account = (factories.prospect(world.nora, name) for name in "abc")
    for one in (chosen, custom, account):
        factories.contact(one.partner, f"account@{one.name}.example")
    for one in (chosen, custom):
        factories.contact(one.partner, f"first@{one.name}.example", world.nora)
        last = factories.contact(one.partner, f"last@{one.name}.example", world.nora)
        if one == chosen:
            Prospect.objects.filter(pk=one.pk).update(primary_contact=last)
    factories.contact(account.partner, "theirs@c.example", world.stranger)
    prepared(world.nora)
    written = list(Delivery.objects.order_by("prospect_id").values_list("address", flat=True))
    assert written == ["last@a.example", "first@b.example", "account@c.example"]


def test_suppressed_contact_does_not_fall_through_to_another(world: World) -> None:
    one = factories.prospect(world.nora, "a", "first@a.example")
    factories.contact(one.partner, "second@a.example", world.nora)
    suppress(world.nora, "FIRST@a.example")
    manifest = prepared(world.nora)
    assert (manifest.queued, manifest.skipped) == (0, {"suppressed": 1})


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("opted_out", "opted_out"),
        ("bounced", "bounced"),
        ("complained", "complained"),
        ("by_hand", "suppressed"),
    ],
)
def test_suppression_skips_with_its_reason(world: World, reason: str, code: str) -> None:
    factories.prospect(world.nora, "a", "jo@a.example", stage="joined")
    suppress(world.nora, "jo@a.example", reason=reason)
    assert prepared(world.nora).skipped == {code: 1}


def test_suppression_of_another_workspace_or_lifted_holds_nobody(world: World) -> None:
    factories.prospect(world.nora, "a", "jo@a.example")
    suppress(world.stranger, "jo@a.example")
    mine, _ = suppress(world.nora, "jo@a.example")
    Suppression.objects.filter(pk=mine.pk).update(lifted_at=timezone.now())
    assert prepared(world.nora).queued == 1


def test_each_prospect_is_skipped_by_the_first_code_that_applies(world: World) -> None:
    factories.prospect(world.nora, "none")
    factories.prospect(world.nora, "joined", "a@joined.example", stage="joined")
    factories.prospect(world.nora, "rejected", "a@rejected.example", stage="rejected_by_partner")
    archived = factories.prospect(world.nora, "archived", "a@archived.example", archived_at=timezone.now())
    erased = factories.prospect(world.nora, "erased")
    factories.contact(erased.partner, "", world.nora, erased_at=timezone.now())
    nobody = factories.prospect(world.nora, "nobody", "a@nobody.example")
    ids = list(Prospect.objects.values_list("pk", flat=True))
    manifest = prepared(world.nora, {"prospects": ids}, content="<p>{firstName}</p>")
    assert manifest.skipped == {
        "no_address": 1,
        "joined": 1,
        "rejected_by_partner": 1,
        "archived": 1,
        "erased": 1,
        "missing_token": 1,
    }
    assert (archived.pk, nobody.pk) == tuple(
        Delivery.objects.filter(reason__in=["archived", "missing_token"])
        .values_list("prospect_id", flat=True)
        .order_by("pk")
    )
    assert sum(counts(manifest.mailing).values()) == 6


def test_same_address_is_judged_last_and_the_oldest_wins(world: World) -> None:
    first = factories.prospect(world.nora, "first", "same@x.example", stage="rejected_by_partner")
    second = factories.prospect(world.nora, "second", "SAME@x.example")
    third = factories.prospect(world.nora, "third", "same@X.example")
    manifest = prepared(world.nora)
    assert manifest.skipped == {"rejected_by_partner": 1, "same_address": 1}
    assert dict(Delivery.objects.values_list("prospect_id", "reason")) == {
        first.pk: "rejected_by_partner",
        second.pk: "",
        third.pk: "same_address",
    }


def test_joined_are_written_to_when_chosen_from_partners(world: World) -> None:
    one = factories.prospect(world.nora, "a", "a@a.example", stage="joined")
    Contacted.objects.create(
        workspace=world.brand,
        partner=one.partner,
        way="email",
        planned_at=timezone.now(),
        done_at=timezone.now(),
    )
    assert prepared(world.nora, {"filter": {}, "from": "partners"}).queued == 1
    assert prepared(world.nora, {"prospects": [one.pk], "from": "partners"}).queued == 1
    assert prepared(world.nora, {"prospects": [one.pk]}).skipped == {"joined": 1}


def test_contact_policy_holds_for_the_workspace_days_and_no_longer(world: World) -> None:
    lately, long_ago, planned, joined = prospects(world.nora, 4)
    now = timezone.now()
    for one, days in ((lately, 6), (long_ago, 8), (joined, 1)):
        at = now - timedelta(days=days)
        Contacted.objects.create(
            workspace=world.brand, partner=one.partner, way="message", planned_at=at, done_at=at
        )
    Contacted.objects.create(
        workspace=world.brand, partner=planned.partner, way="email", planned_at=now - timedelta(days=30)
    )
    Prospect.objects.filter(pk=joined.pk).update(stage="joined")
    assert prepared(world.nora).skipped == {"contacted_recently": 2, "joined": 1}
    assert prepared(world.nora, contact_policy="override").skipped == {"joined": 1}
    world.brand.contact_days = 0
    world.brand.save()
    world.nora.workspace.contact_days = 0
    assert prepared(world.nora).skipped == {"joined": 1}


def test_preparing_again_replaces_the_deliveries(world: World) -> None:
    prospects(world.nora, 2)
    first = prepared(world.nora)
    factories.prospect(world.nora, "late", "late@late.example")
    again = prepare(world.nora, first.mailing)
    assert again.pk != first.pk
    assert (again.queued, Delivery.objects.count()) == (3, 3)


def test_edit_that_changes_something_needs_a_new_manifest(world: World) -> None:
    prospects(world.nora, 1)
    mailing = prepared(world.nora).mailing
    same = edit(world.nora, mailing, subject=mailing.subject)
    assert (same.state, same.draft_version) == ("prepared", 1)
    other = edit(world.nora, mailing, subject="Another")
    assert (other.state, other.draft_version) == ("draft", 2)


def test_edit_after_send_is_refused(world: World) -> None:
    prospects(world.nora, 1)
    mailing = sent(world.nora)
    with pytest.raises(NotNow, match="already_sent"):
        edit(world.nora, mailing, subject="Too late")
    with pytest.raises(NotNow, match="already_sent"):
        prepare(world.nora, mailing)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"mailbox": 999_999}, "mailbox: not_usable"),
        ({"language": "de"}, "language: invalid"),
        ({"reply_to": "nobody"}, "reply_to: invalid"),
        ({"subject": "a\r\nBcc: x@y.example"}, "subject: invalid"),
        ({"sender_name": "a" * 121}, "sender_name: too_long"),
        ({"contact_policy": "maybe"}, "contact_policy: invalid"),
        ({"colour": "red"}, "colour: unknown"),
    ],
)
def test_draft_names_the_field_that_cannot_stand(world: World, fields: dict[str, Any], error: str) -> None:
    with pytest.raises(DraftError, match=error):
        draft(world.nora, **fields)


def test_unknown_token_stops_the_manifest(world: World) -> None:
    prospects(world.nora, 1)
    with pytest.raises(ComposeErrors) as stopped:
        prepared(world.nora, content="<p>{FirstName}</p>")
    assert [error.code for error in stopped.value.errors] == ["unknown_token"]
    assert Delivery.objects.count() == 0


def test_viewer_writes_nothing_and_manager_may_not_override_for_many(world: World) -> None:
    mine = prospects(world.nora, 2)
    with pytest.raises(PermissionDenied):
        draft(world.victor)
    with pytest.raises(PermissionDenied):
        draft(world.camille, contact_policy="override")
    assert draft(world.camille, {"prospects": [mine[0].pk]}, contact_policy="override").is_single


def test_stranger_prepares_nothing(world: World) -> None:
    from django.http import Http404

    prospects(world.nora, 1)
    mailing = draft(world.nora)
    with pytest.raises(Http404):
        prepare(world.stranger, mailing)
