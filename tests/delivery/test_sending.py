"""From Send to the answer: what leaves, what each fault ends in, and what holds."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from overture.activity.models import Activity
from overture.delivery.errors import NotNow
from overture.delivery.expire import expire
from overture.delivery.models import Delivery, Lease, Mailing, Queued
from overture.delivery.opt_out import delivery_with_token, opt_out
from overture.delivery.preview import preview
from overture.delivery.sending import send_mailbox
from overture.delivery.steer import cancel, pause, resume, undo
from overture.mailboxes.models import Mailbox, SendingCount
from overture.prospects.models import Contacted, Prospect, Stage
from tests import factories
from tests.delivery.cast import claim, counts, mailbox, prepared, prospects, sent
from tests.fakes.recording_smtp import Behaviour, RecordingSMTP
from tests.world import World

pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RecordingSMTP]:
    with RecordingSMTP(tmp_path / "log") as smtp:
        yield smtp


def test_mailing_reaches_everybody_once(live: World, server: RecordingSMTP) -> None:
    box = mailbox(live.nora, server.port)
    people = prospects(live.nora, 60)
    mailing = sent(live.nora)
    send_mailbox(box.pk)
    assert counts(mailing) == {"sent": 60}
    got = server.messages()
    assert sorted(message.recipients[0] for message in got) == sorted(
        f"jo{n}@p{n}.example" for n in range(60)
    )
    assert {message.sender for message in got} == {"nora@halden.example"}
    mailing.refresh_from_db()
    assert (mailing.state, mailing.done_at is not None) == ("done", True)
    assert {p.stage for p in Prospect.objects.filter(pk__in=[p.pk for p in people])} == {"outreach"}
    assert Contacted.objects.filter(done_at=None).count() == 0
    assert sum(SendingCount.objects.values_list("count", flat=True)) == 60
    assert list((Path(settings.OVERTURE_DATA) / "journal").glob("*.journal")) == []


def test_message_carries_what_every_email_carries(live: World, server: RecordingSMTP) -> None:
    from email import message_from_bytes, policy

    box = mailbox(live.nora, server.port)
    prospects(live.nora, 1)
    sent(live.nora, sender_name="Nora Lindqvist", reply_to="replies@halden.example", language="fr")
    send_mailbox(box.pk)
    message = message_from_bytes(server.messages()[0].content, policy=policy.default)
    row = Delivery.objects.get()
    assert str(message["From"]) == "Nora Lindqvist <nora@halden.example>"
    assert str(message["Reply-To"]) == "replies@halden.example"
    assert str(message["To"]) == "Maison 0 <jo0@p0.example>"
    assert str(message["Subject"]) == "A word for Maison 0"
    assert message["Message-ID"].endswith("@halden.example>")
    link = str(message["List-Unsubscribe"]).strip("<>")
    assert link.startswith("https://overture.test/o/")
    assert str(message["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        text = message.get_body((kind,)).get_content()  # type: ignore[union-attr]
        assert "Hello there, we like Maison 0." in text
        assert link in text
        assert "4 rue du Lin" in text
        assert "possible collaboration" in text
        assert "replies@halden.example" in text
    found = delivery_with_token(link.rpartition("/")[2])
    assert found == row


def _work(mailbox_id: int) -> None:
    from django.db import connection

    send_mailbox(mailbox_id)
    connection.close()


FAULTS = {
    "mail": ("sent", ""),
    "rcpt4": ("deferred", "450"),
    "rcpt5": ("failed", "550"),
    "datacmd4": ("deferred", "451"),
    "datacmd5": ("failed", "554"),
    "data4": ("deferred", "451"),
    "data5": ("failed", "554"),
    "dropbefore": ("deferred", "dropped"),
    "dropdata": ("deferred", "dropped"),
    "dropafter": ("unknown", "dropped"),
}


def test_each_fault_ends_where_it_should(live: World, server: RecordingSMTP) -> None:
    box = mailbox(live.nora, server.port)
    for fault in FAULTS:
        for number in range(3):
            factories.prospect(live.nora, fault, f"{fault}.{number}@x.example")
    mailing = sent(live.nora)
    send_mailbox(box.pk)
    rows = Delivery.objects.filter(mailing=mailing)
    ends = {(row.company_name, row.state, row.reason) for row in rows}
    assert ends == {(fault, *end) for fault, end in FAULTS.items()}, [
        (row.company_name, row.state, row.reason, row.smtp_reply) for row in rows
    ]
    mailing.refresh_from_db()
    assert mailing.state == "sending"
    kept = [message.recipients[0] for message in server.messages()]
    assert len(kept) == len(set(kept)) == 6
    # Failed ones were never reached: they may be written to again. Others count.
    assert Contacted.objects.count() == 30 - 9
    refused = rows.filter(company_name="rcpt5")[0]
    assert refused.smtp_reply == "550 5.1.1 no such user"
    deferred = rows.filter(company_name="rcpt4")[0]
    assert deferred.due_at is not None
    assert 290 < (deferred.due_at - deferred.changed_at).total_seconds() <= 300


def test_deferred_is_tried_again_and_fails_after_two_days(live: World, server: RecordingSMTP) -> None:
    from django.utils import timezone

    box = mailbox(live.nora, server.port)
    factories.prospect(live.nora, "a", "rcpt4@x.example")
    mailing = sent(live.nora)
    send_mailbox(box.pk)
    for attempt, wait in ((2, 600), (3, 1200)):
        Queued.objects.update(due_at=timezone.now())
        send_mailbox(box.pk)
        row = Delivery.objects.get()
        assert (row.state, row.attempts) == ("deferred", attempt)
        assert row.due_at is not None
        assert wait - 10 < (row.due_at - row.changed_at).total_seconds() <= wait
    Queued.objects.update(due_at=timezone.now())
    Delivery.objects.update(first_tried_at=F("first_tried_at") - timedelta(hours=49))
    send_mailbox(box.pk)
    assert counts(mailing) == {"failed 450": 1}
    mailing.refresh_from_db()
    assert mailing.state == "done"


def test_server_that_is_away_makes_the_mailbox_back_off(live: World) -> None:
    box = mailbox(live.nora, 1)
    prospects(live.nora, 3)
    mailing = sent(live.nora)
    send_mailbox(box.pk)
    box.refresh_from_db()
    mailing.refresh_from_db()
    assert counts(mailing) == {"queued": 3}
    assert (box.reason, box.state, box.backoff_count) == ("refused", "connected", 1)
    assert (mailing.state, mailing.reason, mailing.reason_facts["code"]) == (
        "sending",
        "mailbox_backs_off",
        "refused",
    )
    assert Delivery.objects.filter(attempts=0).count() == 3
    send_mailbox(box.pk)
    box.refresh_from_db()
    assert box.backoff_count == 1


def test_refused_password_pauses_with_the_server_words(live: World, tmp_path: Path) -> None:
    with RecordingSMTP(tmp_path / "log2", Behaviour(users={"nora": "secret"})) as smtp:
        box = mailbox(live.nora, smtp.port, username="nora")
        prospects(live.nora, 3)
        mailing = sent(live.nora)
        send_mailbox(box.pk)
    box.refresh_from_db()
    mailing.refresh_from_db()
    assert (box.state, box.reason) == ("disconnected", "auth_535")
    assert (mailing.state, mailing.reason) == ("paused", "mailbox_disconnected")
    assert mailing.reason_words == "535 5.7.8 bad user or password"
    assert counts(mailing) == {"queued": 3}
    with pytest.raises(NotNow, match="mailbox_disconnected"):
        resume(live.nora, mailing)


def test_421_at_mail_queues_again_and_backs_off(live: World, tmp_path: Path) -> None:
    with RecordingSMTP(tmp_path / "log2") as smtp:
        box = mailbox(live.nora, smtp.port, address="mail421@halden.example")
        prospects(live.nora, 3)
        mailing = sent(live.nora)
        send_mailbox(box.pk)
    box.refresh_from_db()
    assert counts(mailing) == {"queued": 3}
    assert (box.reason, box.reason_words) == ("closing", "421 4.3.2 closing")
    assert sum(SendingCount.objects.values_list("count", flat=True)) == 0
    assert Delivery.objects.filter(attempts=0, first_tried_at=None).count() == 3


@pytest.mark.parametrize("few", [4, 7])  # the first claim is of 4: the end comes between two claims
def test_server_that_closes_after_each_few_is_used_on(live: World, tmp_path: Path, few: int) -> None:
    with RecordingSMTP(tmp_path / "log2", Behaviour(close_after=few)) as smtp:
        box = mailbox(live.nora, smtp.port)
        prospects(live.nora, 50)
        mailing = sent(live.nora)
        send_mailbox(box.pk)
        assert len({m.recipients[0] for m in smtp.messages()}) == len(smtp.messages()) == 50
    assert counts(mailing) == {"sent": 50}


@pytest.mark.parametrize("behaviour", [Behaviour(pipelining=False), Behaviour(refuses_pipelined=True)])
def test_server_without_working_pipelining_is_used_step_by_step(
    live: World, tmp_path: Path, behaviour: Behaviour
) -> None:
    with RecordingSMTP(tmp_path / "log2", behaviour) as smtp:
        box = mailbox(live.nora, smtp.port)
        prospects(live.nora, 30)
        mailing = sent(live.nora)
        send_mailbox(box.pk)
    assert counts(mailing) == {"sent": 30}
    assert len(smtp.messages()) == 30


def test_what_the_server_cannot_take_fails(live: World, tmp_path: Path) -> None:
    with RecordingSMTP(tmp_path / "log2", Behaviour(size=3000, smtputf8=False)) as smtp:
        box = mailbox(live.nora, smtp.port)
        factories.prospect(live.nora, "wide", "josé@x.example")
        factories.prospect(live.nora, "well", "jose@x.example")
        small = sent(live.nora)
        send_mailbox(box.pk)
        assert counts(small) == {"failed smtputf8_missing": 1, "sent": 1}
        large = sent(live.nora, content="<p>" + "word " * 2000 + "</p>", contact_policy="override")
        send_mailbox(box.pk)
    assert counts(large) == {"failed smtputf8_missing": 1, "failed too_large": 1} or counts(large) == {
        "failed too_large": 2
    }


def test_withheld_at_the_claim_with_the_reason(live: World, server: RecordingSMTP) -> None:
    from django.utils import timezone

    box = mailbox(live.nora, server.port)
    out, joined, rejected, archived, moved, erased, written, fine = prospects(live.nora, 8)
    manifest = prepared(live.nora)
    from overture.delivery.approve import send
    from overture.delivery.opt_out import opt_out_token
    from overture.directory.models import Contact

    mailing = send(live.nora, manifest.mailing, manifest.pk, undo_seconds=0)
    opt_out(opt_out_token(Delivery.objects.get(prospect=out).pk))
    Prospect.objects.filter(pk=joined.pk).update(stage="joined")
    Prospect.objects.filter(pk=rejected.pk).update(stage="rejected_by_partner")
    Prospect.objects.filter(pk=archived.pk).update(archived_at=timezone.now())
    Contact.objects.filter(partner=moved.partner).update(address="new@x.example", address_key="0" * 32)
    Contact.objects.filter(partner=erased.partner).update(erased_at=timezone.now())
    Contacted.objects.create(
        workspace=live.brand,
        partner=written.partner,
        way="message",
        planned_at=timezone.now(),
        done_at=timezone.now(),
    )
    send_mailbox(box.pk)
    assert counts(mailing) == {
        "skipped opted_out": 1,
        "skipped joined": 1,
        "skipped rejected_by_partner": 1,
        "skipped archived": 1,
        "skipped address_changed": 1,
        "skipped erased": 1,
        "skipped contacted_recently": 1,
        "sent": 1,
    }
    assert [m.recipients for m in server.messages()] == [["jo7@p7.example"]]
    assert Contacted.objects.filter(mailing_number=mailing.pk).count() == 1
    assert sum(SendingCount.objects.values_list("count", flat=True)) == 1
    assert fine.pk == Delivery.objects.get(state="sent").prospect_id


def test_pause_holds_and_resume_goes_on(live: World, server: RecordingSMTP) -> None:
    box = mailbox(live.nora, server.port)
    prospects(live.nora, 40, "slow0.05.{}")
    mailing = sent(live.nora)
    worker = threading.Thread(target=_work, args=[box.pk])
    worker.start()
    while not server.messages():
        time.sleep(0.01)
    leaving = pause(live.nora, mailing)
    worker.join(20)
    done = len(server.messages())
    assert done < 40
    assert counts(mailing) == {"sent": done, "queued": 40 - done}
    assert 0 < leaving <= 40
    send_mailbox(box.pk)
    assert len(server.messages()) == done
    resume(live.nora, mailing)
    send_mailbox(box.pk)
    assert counts(mailing) == {"sent": 40}
    assert len({m.recipients[0] for m in server.messages()}) == len(server.messages()) == 40


def test_cancel_ends_it_for_good(live: World, server: RecordingSMTP) -> None:
    box = mailbox(live.nora, server.port)
    prospects(live.nora, 40, "slow0.05.{}")
    mailing = sent(live.nora)
    worker = threading.Thread(target=_work, args=[box.pk])
    worker.start()
    while not server.messages():
        time.sleep(0.01)
    cancel(live.nora, mailing)
    worker.join(20)
    done = len(server.messages())
    assert counts(mailing) == {"sent": done, "cancelled by_hand": 40 - done}
    assert Contacted.objects.count() == done
    with pytest.raises(NotNow, match="over"):
        resume(live.nora, mailing)
    send_mailbox(box.pk)
    assert len(server.messages()) == done
    mailing.refresh_from_db()
    assert mailing.state == "cancelled"


def test_undo_within_its_window_sends_nothing(live: World, server: RecordingSMTP) -> None:
    from overture.delivery.approve import send

    box = mailbox(live.nora, server.port)
    prospects(live.nora, 2)
    manifest = prepared(live.nora)
    mailing = send(live.nora, manifest.mailing, manifest.pk, undo_seconds=10)
    send_mailbox(box.pk)
    assert server.messages() == []
    assert Contacted.objects.count() == 2
    undone = undo(live.nora, mailing)
    assert (undone.state, undone.approved_at, Contacted.objects.count()) == ("prepared", None, 0)
    send_mailbox(box.pk)
    assert server.messages() == []
    send(live.nora, undone, manifest.pk, undo_seconds=0)
    with pytest.raises(NotNow, match="too_late"):
        undo(live.nora, undone)


def test_limit_of_the_minute_holds_with_two_workers(live: World, server: RecordingSMTP) -> None:
    box = mailbox(live.nora, server.port, per_minute=10)
    prospects(live.nora, 30)
    mailing = sent(live.nora)
    workers = [threading.Thread(target=_work, args=[box.pk]) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)
    assert counts(mailing) == {"sent": 10, "queued": 20}
    mailing.refresh_from_db()
    assert (mailing.reason, mailing.reason_facts["limit"]) == ("minute_limit", 10)
    send_mailbox(box.pk)
    assert len(server.messages()) == 10
    SendingCount.objects.update(second=F("second") - timedelta(seconds=62))
    Mailbox.objects.update(per_minute=100)
    send_mailbox(box.pk)
    mailing.refresh_from_db()
    assert (counts(mailing), mailing.state, mailing.reason) == ({"sent": 30}, "done", "")


def test_turn_that_is_over_leaves_the_rest_to_the_next(
    live: World, server: RecordingSMTP, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = mailbox(live.nora, server.port)
    prospects(live.nora, 30, "slow0.1.{}")
    mailing = sent(live.nora)
    monkeypatch.setattr("overture.delivery.turn.TURN", 0.5)
    send_mailbox(box.pk)
    assert 0 < counts(mailing)["queued"] < 30
    monkeypatch.undo()
    send_mailbox(box.pk)
    assert counts(mailing) == {"sent": 30}


def test_server_that_comes_back_clears_the_reason(live: World, server: RecordingSMTP) -> None:
    box = mailbox(live.nora, 1)
    prospects(live.nora, 3)
    mailing = sent(live.nora)
    send_mailbox(box.pk)
    Mailbox.objects.update(port=server.port, backoff_until=None)
    send_mailbox(box.pk)
    box.refresh_from_db()
    mailing.refresh_from_db()
    assert (counts(mailing), mailing.reason, box.reason, box.backoff_count) == ({"sent": 3}, "", "", 0)


def test_two_claims_at_once_take_no_more_than_the_limit_and_no_row_twice(live: World) -> None:
    from uuid import uuid4

    box = mailbox(live.nora, 1, per_minute=25)
    prospects(live.nora, 40)
    sent(live.nora)
    taken: list[int] = []

    def take() -> None:
        from django.db import connection

        for _ in range(5):
            taken.extend(row.id for row in claim(box.pk, uuid4(), 4).rows)
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(taken) == len(set(taken)) == 25


def test_day_keeps_a_share_for_single_emails(live: World, server: RecordingSMTP) -> None:
    box = mailbox(live.nora, server.port, per_day=40)
    people = prospects(live.nora, 45)
    many = sent(live.nora, {"prospects": [one.pk for one in people[1:]]})
    send_mailbox(box.pk)
    assert counts(many) == {"sent": 38, "queued": 6}
    many.refresh_from_db()
    assert (many.reason, many.reason_facts["limit"]) == ("daily_limit", 40)
    single = sent(live.nora, {"prospects": [people[0].pk]})
    send_mailbox(box.pk)
    assert counts(single) == {"sent": 1}


def test_two_mailings_share_evenly_and_a_single_one_goes_first(live: World, server: RecordingSMTP) -> None:
    box = mailbox(live.nora, server.port, per_minute=21)
    people = prospects(live.nora, 61)
    first = sent(live.nora, {"prospects": [one.pk for one in people[:30]]})
    second = sent(live.nora, {"prospects": [one.pk for one in people[30:60]]})
    single = sent(live.nora, {"prospects": [people[60].pk]})
    send_mailbox(box.pk)
    assert server.messages()[0].recipients == ["jo60@p60.example"]
    assert counts(single) == {"sent": 1}
    shares = [counts(mailing)["sent"] for mailing in (first, second)]
    assert sum(shares) == 20
    assert min(shares) >= 7


def test_two_colleagues_cannot_both_pass_the_contact_policy(live: World) -> None:
    from overture.delivery.approve import send
    from overture.delivery.errors import Changed

    mailbox(live.nora)
    people = prospects(live.nora, 5)
    one = prepared(live.nora, {"prospects": [p.pk for p in people]})
    two = prepared(live.camille, {"prospects": [p.pk for p in people[3:]]})
    three = prepared(live.camille, {"prospects": [p.pk for p in people[1:3]]})
    outcomes: list[object] = []

    def approve(manifest: object) -> None:
        from django.db import connection

        try:
            outcomes.append(send(live.camille, manifest.mailing, manifest.pk, 0))  # type: ignore[attr-defined]
        except Changed as changed:
            outcomes.append(changed.what)
        connection.close()

    threads = [threading.Thread(target=approve, args=[manifest]) for manifest in (one, two, three)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(outcomes) == 3
    assert Contacted.objects.count() == Contacted.objects.values("partner").distinct().count() == 5
    assert Delivery.objects.filter(state="queued", mailing__state="sending").count() == 5


def test_expired_lease_is_unknown_and_a_late_answer_still_settles_it(live: World) -> None:
    from uuid import uuid4

    from django.utils import timezone

    from overture.delivery.settle import Told, settle

    box = mailbox(live.nora, 1)
    prospects(live.nora, 2)
    mailing = sent(live.nora)
    lease = uuid4()
    row, other = claim(box.pk, lease, 5).rows
    assert expire() == 0
    Lease.objects.update(until=timezone.now())
    assert expire() == 2
    assert counts(mailing) == {"unknown lease_expired": 2}
    assert settle([Told(row.id, uuid4(), "failed", "550", "no")]) == 0
    assert settle([Told(row.id, lease, "sent", "250", "250 ok")]) == 1
    assert settle([Told(row.id, lease, "failed", "550", "twice")]) == 0
    assert counts(mailing) == {"sent": 1, "unknown lease_expired": 1}
    assert Delivery.objects.get(pk=other.id).lease == lease


def test_unknown_is_settled_by_a_person_but_not_sent_again_too_early(
    live: World, server: RecordingSMTP
) -> None:
    from django.utils import timezone

    from overture.delivery.steer import resolve_unknown

    box = mailbox(live.nora, server.port)
    for number in range(2):
        factories.prospect(live.nora, f"p{number}", f"dropafter.{number}@x.example")
    mailing = sent(live.nora)
    send_mailbox(box.pk)
    assert counts(mailing) == {"unknown dropped": 2}
    mailing.refresh_from_db()
    assert mailing.state == "done"
    with pytest.raises(NotNow, match="too_early"):
        resolve_unknown(live.nora, mailing, left=False)
    first, second = Delivery.objects.order_by("pk")
    assert resolve_unknown(live.nora, mailing, left=True, delivery_ids=[first.pk]) == 1
    Delivery.objects.update(leased_until=timezone.now() - timedelta(minutes=16))
    assert resolve_unknown(live.nora, mailing, left=False) == 1
    assert counts(mailing) == {"sent by_hand": 1, "queued": 1}
    mailing.refresh_from_db()
    assert mailing.state == "sending"
    assert Delivery.objects.get(pk=second.pk).lease is None


def test_send_is_refused_when_something_changed(live: World) -> None:
    from overture.delivery.approve import send
    from overture.delivery.draft import edit
    from overture.delivery.errors import Changed
    from overture.delivery.prepare import prepare

    box = mailbox(live.nora)
    prospects(live.nora, 1)
    old = prepared(live.nora)
    mailing = old.mailing
    fresh = prepare(live.nora, mailing)
    for change, what in (
        (lambda: None, ["manifest"]),
        (lambda: edit(live.nora, mailing, subject="Other"), ["draft", "manifest"]),
    ):
        change()
        with pytest.raises(Changed) as stopped:
            send(live.nora, mailing, old.pk)
        assert stopped.value.what == what
    with pytest.raises(Changed) as stopped:
        send(live.nora, mailing, fresh.pk)
    assert stopped.value.what == ["draft"]
    again = prepare(live.nora, mailing)
    Mailbox.objects.filter(pk=box.pk).update(address="other@halden.example")
    with pytest.raises(Changed) as stopped:
        send(live.nora, mailing, again.pk)
    assert stopped.value.what == ["mailbox"]
    assert Mailing.objects.get().state == "prepared"


def test_every_email_moves_the_last_activity_and_only_new_ones_their_stage(
    live: World, tmp_path: Path
) -> None:
    with RecordingSMTP(tmp_path / "log") as server:
        mailbox(live.nora, server.port)
        new, negotiating = prospects(live.nora, 2)
        long_ago = timezone.now() - timedelta(days=30)
        Prospect.objects.filter(pk=negotiating.pk).update(stage=Stage.NEGOTIATING)
        Prospect.objects.update(active_at=long_ago)
        mailing = sent(live.nora)
        send_mailbox(mailing.mailbox_id)
    assert counts(mailing) == {"sent": 2}
    assert dict(Prospect.objects.values_list("pk", "stage")) == {
        new.pk: Stage.OUTREACH,
        negotiating.pk: Stage.NEGOTIATING,
    }
    assert not Prospect.objects.filter(active_at=long_ago).exists()
    moved = Activity.objects.filter(verb="stage_moved")
    assert list(moved.values_list("prospect_id", "mailing_id")) == [(new.pk, mailing.pk)]


def test_preview_of_a_sent_email_keeps_the_date_it_left_with(live: World, tmp_path: Path) -> None:
    with RecordingSMTP(tmp_path / "log") as server:
        mailbox(live.nora, server.port)
        (prospect,) = prospects(live.nora, 1)
        mailing = sent(live.nora, content="<p>On {currentDay}</p>", language="en")
        send_mailbox(mailing.mailbox_id)
    Delivery.objects.update(first_tried_at=datetime(2024, 2, 29, 12, tzinfo=UTC))
    mailing.refresh_from_db()
    assert preview(live.nora, mailing, prospect.pk).marked == (
        '<p>On <mark class="token-value">February 29, 2024</mark></p>\n'
    )
