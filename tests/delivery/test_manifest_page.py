"""Preview, held back, warnings, progress: what a member reads before and while it is sent."""

from __future__ import annotations

import pytest
from django.http import Http404

from overture.delivery import held_back, progress
from overture.delivery.models import Delivery, Mailing
from overture.delivery.preview import preview
from tests import factories
from tests.delivery.cast import draft, mailbox, prepared, prospects
from tests.world import World


def test_preview_of_a_draft_and_of_its_manifest_agree(world: World) -> None:
    mailbox(world.nora)
    one, other = prospects(world.nora, 2)
    mailing = draft(world.nora, {"prospects": [one.pk]}, language="fr")
    before = preview(world.nora, mailing, one.pk)
    assert before.rendered.subject == "A word for Maison 0"
    assert (before.to_name, before.to, before.held_back) == ("Maison 0", "jo0@p0.example", "")
    after = preview(world.nora, prepared(world.nora, {"prospects": [one.pk]}, language="fr").mailing, one.pk)
    cut = before.rendered.html.index('<p><a href="https://overture.test/o/')
    assert after.rendered.html[:cut] == before.rendered.html[:cut]
    with pytest.raises(Http404):
        preview(world.nora, mailing, other.pk)


def test_preview_shows_who_would_be_skipped(world: World) -> None:
    mailbox(world.nora)
    one = prospects(world.nora, 1)[0]
    shown = preview(world.nora, draft(world.nora, content="<p>Dear {firstName}</p>"), one.pk)
    assert (shown.held_back, shown.lacks) == ("missing_token", ("firstName",))
    assert '<mark class="token-missing">{firstName}</mark>' in shown.marked


def test_tokens_without_value_are_counted_by_what_becomes_of_them(world: World) -> None:
    mailbox(world.nora)
    for first, last in (("Jo", "Doe"), ("", "Doe"), ("Jo", ""), ("", "")):
        one = factories.prospect(world.nora)
        factories.contact(one.partner, f"a{one.pk}@x.example", world.nora, first_name=first, last_name=last)
    manifest = prepared(world.nora, content="<p>{firstName|there} {lastName}</p>")
    assert held_back.lacking(manifest) == [
        held_back.Lacking("firstName", 1, 1),
        held_back.Lacking("lastName", 2, 0),
    ]
    assert held_back.held_back(manifest, "missing_token").count() == 2
    assert held_back.without_value(manifest, "firstName").count() == 2


def test_warnings_name_what_to_think_of(world: World) -> None:
    mailbox(world.nora, per_day=1)
    prospects(world.nora, 2)
    world.nora.workspace.postal_address = ""
    world.nora.workspace.save()
    manifest = prepared(world.nora, contact_policy="override")
    assert held_back.warnings(manifest) == ["no_postal_address", "beyond_a_day", "policy_overridden"]


def test_forecast_counts_limits_and_who_shares_the_mailbox(world: World) -> None:
    from datetime import timedelta

    from overture.mailboxes.limits import Limits, Room, finish

    mailbox(world.nora)
    bounds = Limits(10, 100, 400, "Europe/Paris")
    from datetime import UTC, datetime

    noon = datetime(2026, 3, 2, 11, tzinfo=UTC)
    free = Room(noon, 10, 10)
    assert finish(bounds, free, 0, 10) == noon
    assert finish(bounds, free, 0, 11) == noon + timedelta(minutes=1)
    assert finish(bounds, free, 0, 101) == noon + timedelta(hours=1)
    assert finish(bounds, free, 0, 380) == noon + timedelta(hours=3, minutes=7)
    # 20 of 400 are kept for single e-mails: the 381st leaves at midnight in Paris.
    assert finish(bounds, free, 0, 381) == datetime(2026, 3, 2, 23, tzinfo=UTC)


def test_counts_have_all_eight_states(world: World) -> None:
    mailbox(world.nora)
    prospects(world.nora, 3)
    Delivery.objects.all()
    manifest = prepared(world.nora)
    assert progress.counts(manifest.mailing) == {
        "queued": 3,
        "sending": 0,
        "deferred": 0,
        "sent": 0,
        "failed": 0,
        "skipped": 0,
        "cancelled": 0,
        "unknown": 0,
    }


@pytest.mark.parametrize(
    ("reason", "facts", "words", "sentence"),
    [
        ("mailbox_disconnected", {}, "535 5.7.8 no", "Mailbox disconnected: 535 5.7.8 no"),
        ("", {}, "", ""),
        (
            "daily_limit",
            {"limit": 500, "until": "2099-03-02T08:30:00+00:00"},
            "",
            "Daily limit of 500 reached; goes on 2 March, 08:30.",
        ),
    ],
)
def test_waiting_says_why(reason: str, facts: dict[str, object], words: str, sentence: str) -> None:
    mailing = Mailing(reason=reason, reason_facts=facts, reason_words=words)
    assert progress.waits_because(mailing) == sentence
