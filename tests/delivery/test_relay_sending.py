"""Mailings through the five relays: the same letters, and the promises of the ledger, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from overture.delivery.message_id import delivery_of
from overture.delivery.models import Delivery, GivenId, Mailing
from overture.delivery.sending import send_mailbox
from overture.mailboxes.models import Mailbox
from overture.mailboxes.relays.kinds import KINDS
from tests.delivery.cast import counts, prospects, sent
from tests.delivery.relays import relay_mailbox
from tests.fakes.relays import Relays, relaying
from tests.world import World

pytestmark = pytest.mark.slow
CODES = tuple(KINDS)


@pytest.fixture
def relays(settings: Any) -> Iterator[Relays]:
    with relaying() as server:
        settings.OVERTURE_RELAY_URL = server.url
        yield server


def send(live: World, code: str, count: int, **fields: Any) -> tuple[Mailbox, Mailing]:
    box = relay_mailbox(live.nora, code)
    prospects(live.nora, count)
    mailing = sent(live.nora, mailbox=box, **fields)
    send_mailbox(box.pk)
    box.refresh_from_db()
    mailing.refresh_from_db()
    return box, mailing


@pytest.mark.parametrize("code", CODES)
def test_mailing_leaves_through_each_relay_with_all_it_carries(
    live: World, relays: Relays, code: str
) -> None:
    box, mailing = send(live, code, 36, reply_to="hello@halden.example", subject="Ça va, {mpname} ?")
    assert counts(mailing) == {"sent": 36}
    assert relays.recipients() == sorted(f"jo{number}@p{number}.example" for number in range(36))
    first = next(each for each in relays.taken if each.recipient == "jo7@p7.example")
    delivery = Delivery.objects.get(address="jo7@p7.example")
    assert first.relay == code
    assert first.sender.endswith("<nora@halden.example>")
    assert "Nora Lindqvist" in first.sender
    assert first.subject == "Ça va, Maison 7 ?"
    assert "Hello there, we like Maison 7." in first.text
    assert "<p>Hello there, we like Maison 7.</p>" in first.html
    assert "hello@halden.example" in first.headers["reply-to"]
    assert first.headers["list-unsubscribe"].startswith("<https://overture.test/o/")
    assert first.headers["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert delivery_of(first.headers["message-id"]) == delivery.pk
    assert delivery_of(first.metadata["overture_id"]) == delivery.pk
    assert GivenId.objects.get(pk=delivery.pk).given_id == first.id.strip("<>")
    assert delivery.smtp_reply == f"Accepted as {first.id.strip('<>')}"
    assert delivery.delivered_at is None
    assert (box.state, box.reason) == ("connected", "")


def test_nothing_is_tracked_where_that_can_be_said(live: World, relays: Relays) -> None:
    for code in ("postmark", "mailgun"):
        send(live, code, 1)
        Mailbox.objects.all().update(removed_at="2026-01-01T00:00Z")
    said = {each.relay: each.said for each in relays.taken}
    assert (said["postmark"]["TrackOpens"], said["postmark"]["TrackLinks"]) == (False, "None")
    assert (said["mailgun"]["o:tracking-opens"], said["mailgun"]["o:tracking-clicks"]) == ("no", "no")


@pytest.mark.parametrize("code", CODES)
def test_refused_recipient_fails_with_the_words_and_others_get_theirs(
    live: World, relays: Relays, code: str
) -> None:
    relays.faults = {"jo1": "refused"}
    box, mailing = send(live, code, 5)
    failed = Delivery.objects.get(address="jo1@p1.example")
    assert failed.state == "failed"
    assert failed.reason in {"recipient_refused", "400", "422"}
    assert failed.smtp_reply != ""
    assert len(relays.taken) == 4
    assert (box.state, box.backoff_until, mailing.state) == ("connected", None, "done")


@pytest.mark.parametrize("code", CODES)
def test_refused_key_disconnects_and_pauses_and_nobody_is_to_blame(
    live: World, relays: Relays, code: str
) -> None:
    box = relay_mailbox(live.nora, code, key="a wrong one")
    if code == "amazon_ses":
        box.relay.key_id = "a-wrong-one"
        box.relay.save()
    prospects(live.nora, 3)
    mailing = sent(live.nora, mailbox=box)
    send_mailbox(box.pk)
    box.refresh_from_db()
    mailing.refresh_from_db()
    assert counts(mailing) == {"queued": 3}
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {0}
    assert (box.state, mailing.state, mailing.reason) == ("disconnected", "paused", "mailbox_disconnected")
    assert relays.taken == []


@pytest.mark.parametrize("code", CODES)
def test_slow_down_is_kept_for_as_long_as_the_relay_says(live: World, relays: Relays, code: str) -> None:
    relays.faults, relays.retry_after = {"": 429}, "900"
    box, mailing = send(live, code, 3)
    assert counts(mailing) == {"queued": 3}
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {0}
    assert (box.state, box.reason) == ("connected", "relay_slower")
    assert box.backoff_until is not None
    assert (box.backoff_until - mailing.created_at).total_seconds() > 890
    relays.faults = {}
    Mailbox.objects.update(backoff_until=None)
    send_mailbox(box.pk)
    assert counts(mailing) == {"sent": 3}
    assert relays.recipients() == ["jo0@p0.example", "jo1@p1.example", "jo2@p2.example"]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(("status", "state"), [(500, "deferred"), (503, "deferred"), (502, "unknown")])
def test_broken_relay_defers_and_a_gateway_that_gave_up_leaves_unknown(
    live: World, relays: Relays, code: str, status: int, state: str
) -> None:
    relays.faults = {"": status}
    box, mailing = send(live, code, 1)
    assert counts(mailing) == {f"{state} {status}": 1}
    assert (box.state, box.backoff_until is not None) == ("connected", True)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("fault", ["dropped", "nonsense"])
def test_no_answer_after_the_request_was_written_is_unknown_and_never_sent_again(
    live: World, relays: Relays, code: str, fault: str
) -> None:
    relays.faults = {"": fault}
    box, mailing = send(live, code, 1)
    reason = "bad_answer" if fault == "nonsense" else "dropped"
    assert counts(mailing) == {f"unknown {reason}": 1}
    assert box.backoff_until is not None
    relays.faults = {}
    Mailbox.objects.update(backoff_until=None)
    send_mailbox(box.pk)
    assert relays.taken == []
    assert relays.requests == 1


@pytest.mark.parametrize("code", CODES)
def test_silence_beyond_the_patience_is_unknown(
    live: World, relays: Relays, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from overture.mailboxes.relays.account import RelayAccount

    monkeypatch.setattr(RelayAccount.__init__, "__defaults__", ("", "", "", "", (0.5, 0.5)))
    relays.faults = {"jo1": "taken_silent"}
    box, _ = send(live, code, 2)
    states = dict(Delivery.objects.values_list("address", "state"))
    assert states["jo1@p1.example"] == "unknown"
    assert Delivery.objects.get(address="jo1@p1.example").reason == "timeout"
    assert relays.requests == len(relays.taken)
    Mailbox.objects.update(backoff_until=None)
    relays.faults = {}
    send_mailbox(box.pk)
    assert relays.recipients() == ["jo0@p0.example", "jo1@p1.example"]


@pytest.mark.parametrize("code", CODES)
def test_relay_that_is_not_there_gives_all_back(live: World, settings: Any, code: str) -> None:
    settings.OVERTURE_RELAY_URL = "http://127.0.0.1:9"
    box, mailing = send(live, code, 3)
    assert counts(mailing) == {"queued": 3}
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {0}
    assert (box.state, box.reason, box.backoff_until is not None) == ("connected", "unreachable", True)


@pytest.mark.parametrize("code", CODES)
def test_redirect_takes_key_and_letter_nowhere_else(live: World, relays: Relays, code: str) -> None:
    relays.faults = {"": "redirect"}
    _, mailing = send(live, code, 1)
    assert counts(mailing) == {"queued": 1}
    assert relays.requests == 1
