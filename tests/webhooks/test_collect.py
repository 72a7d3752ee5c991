"""From what happened to calls: each event once, in order, however late it was committed."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from overture.activity.models import TOLD, Activity
from overture.activity.record import record
from overture.delivery.models import Mailing
from overture.prospects.models import Prospect
from overture.prospects.stage import move
from overture.webhooks import collect as collecting
from overture.webhooks.collect import collect
from overture.webhooks.edit import pause, resume
from overture.webhooks.events import EVENT_OF
from overture.webhooks.models import Event, Webhook, WebhookCall
from tests import factories
from tests.webhooks.cast import hook, told
from tests.world import World


def rows(*prospects: Prospect) -> object:
    return Prospect.objects.filter(pk__in=[each.pk for each in prospects])


def test_every_event_has_its_verbs() -> None:
    """Those that the index finds are those that are told."""
    assert set(EVENT_OF) == set(TOLD)
    assert set(EVENT_OF.values()) == set(Event)


def test_stage_change_is_told_once(live: World) -> None:
    kept = hook(live.nora)
    lin = factories.prospect(live.nora, "Maison Lin", "zoe@lin.example")
    move(live.camille, rows(lin), "negotiating")
    assert (collect(), collect()) == (1, 0)
    assert told(kept) == [
        (
            "stage.changed",
            {
                "to": "negotiating",
                "member": live.camille.pk,
                "mailing": None,
                "prospects": [{"id": lin.pk, "partner": lin.partner_id, "name": "Maison Lin"}],
            },
        )
    ]
    call = WebhookCall.objects.get()
    activity = Activity.objects.get(verb="stage_changed")
    assert call.activity_number == activity.pk
    assert call.body["type"] == "stage.changed"
    assert call.body["workspace"] == "halden"
    assert call.body["timestamp"] == activity.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_only_what_is_asked_for_is_told_and_only_of_the_workspace(live: World) -> None:
    stages, other = hook(live.nora, "https://hooks.example/", "stage.changed"), hook(live.stranger)
    record("opted_out", live.brand.pk)
    record("note_added", live.brand.pk)
    move(live.nora, rows(factories.prospect(live.nora)), "joined")
    collect()
    assert [event for event, _ in told(stages)] == ["stage.changed"]
    assert told(other) == []


def test_what_happened_before_is_not_told(live: World) -> None:
    record("opted_out", live.brand.pk)
    kept = hook(live.nora)
    record("opted_out", live.brand.pk)
    collect()
    assert len(told(kept)) == 1


def test_bulk_move_is_told_in_few_calls(live: World, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = hook(live.nora)
    made = [factories.prospect(live.nora, f"Maison {number}") for number in range(7)]
    monkeypatch.setattr(collecting, "_HAPPENED", collecting._HAPPENED.replace("/ 500", "/ 3"))
    move(live.nora, rows(*made), "outreach")
    assert collect() == 3
    moved = [[each["id"] for each in data["prospects"]] for _, data in told(kept)]
    assert [len(each) for each in moved] == [3, 3, 1]
    assert sorted(number for each in moved for number in each) == [each.pk for each in made]


def test_calls_keep_the_order_in_which_a_prospect_moved(live: World) -> None:
    """Grouping must not tell of the end before the middle: A joined, B negotiates, B joined."""
    kept = hook(live.nora)
    first, second = factories.prospect(live.nora, "A"), factories.prospect(live.nora, "B")
    move(live.nora, rows(first), "joined")
    move(live.nora, rows(second), "negotiating")
    move(live.nora, rows(second), "joined")
    collect()
    told_of = [(data["to"], [each["name"] for each in data["prospects"]]) for _, data in told(kept)]
    assert told_of == [("joined", ["A"]), ("negotiating", ["B"]), ("joined", ["B"])]


def test_late_commit_is_not_passed_over(live: World) -> None:
    """A transaction that began first and ends last: what ended before it waits, and nothing is lost."""
    kept = hook(live.nora)
    slow = connection.copy()
    try:
        slow.set_autocommit(False)
        with slow.cursor() as cursor:
            cursor.execute(
                "INSERT INTO overture_activity (workspace_id, verb, facts, at)"
                " VALUES (%s, 'opted_out', '{}', now())",
                [live.brand.pk],
            )
        record("file_blocked", live.brand.pk, name="late.pdf")
        assert collect() == 0
        slow.commit()
    finally:
        slow.close()
    assert collect() == 2
    assert [event for event, _ in told(kept)] == ["opted_out", "file.blocked"]


def test_what_happens_while_it_is_paused_is_told_after(live: World) -> None:
    kept = hook(live.nora)
    pause(live.nora, kept)
    record("opted_out", live.brand.pk)
    record("opted_out", live.brand.pk)
    assert collect() == 0
    old = Activity.objects.filter(verb="opted_out").earliest("pk")
    Activity.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=4))
    resume(live.nora, kept)
    assert collect() == 1


def test_restored_database_tells_on(live: World) -> None:
    """A backup in a new cluster: its transactions have smaller numbers than those read already."""
    kept = hook(live.nora)
    Webhook.objects.filter(pk=kept.pk).update(read_up_to=2**60)
    record("opted_out", live.brand.pk)
    collect()
    record("opted_out", live.brand.pk)
    assert collect() == 1


def test_break_in_the_middle_changes_nothing(live: World, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = hook(live.nora)
    record("opted_out", live.brand.pk)
    with monkeypatch.context() as broken:
        broken.setattr(collecting, "body", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            collect()
    assert told(kept) == []
    assert collect() == 1


def test_calls_say_ids_and_never_an_address(live: World) -> None:
    kept = hook(live.nora)
    lin = factories.prospect(live.nora, "Maison Lin", "zoe@lin.example")
    mailing = Mailing.objects.create(workspace=live.brand, author=live.nora, subject="Hello {mpname}")
    with transaction.atomic():
        record("opted_out", live.brand.pk, prospect_id=lin.pk, mailing_id=mailing.pk)
        record(
            "message_received",
            live.brand.pk,
            prospect_id=lin.pk,
            conversation=3,
            message=4,
            text="secret words",
            address="zoe@lin.example",
        )
        record("file_blocked", live.brand.pk, attachment=5, name="prices.pdf", address="zoe@lin.example")
        record("mailing_done", live.brand.pk, mailing_id=mailing.pk)
    collect()
    prospect = {"id": lin.pk, "partner": lin.partner_id, "name": "Maison Lin"}
    none = dict.fromkeys(
        ["queued", "sending", "deferred", "sent", "failed", "skipped", "cancelled", "unknown"], 0
    )
    assert told(kept) == [
        ("opted_out", {"prospect": prospect, "mailing": mailing.pk}),
        ("message.received", {"conversation": 3, "message": 4, "prospect": prospect}),
        ("file.blocked", {"attachment": 5, "name": "prices.pdf"}),
        ("mailing.done", {"mailing": {"id": mailing.pk, "subject": "Hello {mpname}", "counts": none}}),
    ]
    bodies = json.dumps(list(WebhookCall.objects.values_list("body", flat=True)))
    assert "lin.example" not in bodies
    assert "secret words" not in bodies
