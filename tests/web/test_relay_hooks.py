"""Webhooks of relays: only who can prove to be the relay is heard, and only about e-mails that were ours."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.test import Client

from overture.delivery.given_ids import deliveries_given
from overture.delivery.message_id import message_id
from overture.delivery.models import Delivery, GivenId, Mailing, Suppression
from overture.mailboxes.models import Mailbox, MailboxRelay
from overture.mailboxes.relays.hook import hook_token, hook_url
from overture.mailboxes.relays.kinds import KINDS
from overture.mailboxes.secret import sealed
from tests.delivery.cast import prospects, sent
from tests.delivery.relays import PASSWORD, SIGNING, relay_mailbox
from tests.fakes.relay_events import Post, post, sns, svix
from tests.fakes.relays import relaying
from tests.world import World

CODES = tuple(KINDS)
ADDRESS = "jo0@p0.example"


class Case(NamedTuple):
    code: str
    box: Mailbox
    delivery: Delivery
    mailing: Mailing

    def ours(self) -> str:
        return message_id(self.delivery.pk, "nora@halden.example").strip("<>").partition("@")[0]

    def made(
        self, what: str, ours: str | None = None, given: str = "given-1", secret: str | None = None
    ) -> Post:
        secret = SIGNING.get(self.code, PASSWORD) if secret is None else secret
        return post(self.code, what, self.ours() if ours is None else ours, given, ADDRESS, secret)

    def tell(self, what: str, **given: Any) -> int:
        return tell(self.code, self.box, self.made(what, **given))

    def row(self) -> Delivery:
        return Delivery.objects.get(pk=self.delivery.pk)


def tell(code: str, box: Mailbox, said: Post) -> int:
    answer = Client().post(
        f"/hooks/{code}/{hook_token(box)}", said.body, "application/json", headers=said.headers
    )
    assert (answer.content, answer.cookies) == (b"", {})
    return answer.status_code


def case_of(world: World, code: str) -> Case:
    box = relay_mailbox(world.nora, code)
    prospects(world.nora, 1)
    mailing = sent(world.nora, mailbox=box)
    Delivery.objects.update(state="sent", due_at=None, sent_at="2026-11-26T09:00:00Z")
    delivery = Delivery.objects.get()
    GivenId.objects.create(delivery=delivery, given_id="given-1")
    return Case(code, box, delivery, mailing)


@pytest.fixture(params=CODES)
def case(request: pytest.FixtureRequest, world: World) -> Case:
    return case_of(world, request.param)


def test_delivered_is_noted_once(case: Case) -> None:
    assert case.tell("delivered") == 200
    first = case.row().delivered_at
    assert first is not None
    assert case.tell("delivered") == 200
    assert case.row().delivered_at == first
    assert MailboxRelay.objects.get().last_event_at is not None
    assert Suppression.objects.count() == 0


@pytest.mark.parametrize(("what", "kind"), [("hard", "hard"), ("soft", "soft"), ("blocked", "blocked")])
def test_bounce_has_its_kind_and_the_words_and_only_a_hard_one_suppresses(
    case: Case, what: str, kind: str
) -> None:
    assert case.tell(what) == 200
    row = case.row()
    assert (row.bounce_kind, row.bounced_at is not None, row.smtp_reply != "") == (kind, True, True)
    assert list(Suppression.objects.values_list("reason", flat=True)) == ["bounced"] * (what == "hard")
    noted = row.bounced_at
    assert case.tell(what) == 200
    assert case.row().bounced_at == noted
    assert Suppression.objects.count() == (what == "hard")


def test_complaint_suppresses_also_when_it_comes_before_the_delivery(case: Case) -> None:
    assert (case.tell("complained"), case.tell("delivered"), case.tell("complained")) == (200, 200, 200)
    row = case.row()
    assert row.complained_at is not None
    assert row.delivered_at is not None
    assert Suppression.objects.get().reason == "complained"


@pytest.mark.parametrize("code", ["postmark", "mailgun", "brevo"])
def test_opting_out_there_opts_out_here_and_a_repeat_does_not_undo_a_lift(world: World, code: str) -> None:
    case = case_of(world, code)
    assert case.tell("opted_out") == 200
    assert Suppression.objects.get().reason == "opted_out"
    assert case.row().opted_out_at is not None
    Suppression.objects.update(lifted_at="2026-11-26T11:00:00Z")
    assert case.tell("opted_out") == 200
    assert Suppression.objects.filter(lifted_at=None).count() == 0


def test_an_opened_email_tells_nothing_but_that_events_come(case: Case) -> None:
    before = case.row().__dict__
    assert case.tell("opened") == 200
    after = case.row().__dict__
    assert {k: v for k, v in after.items() if k != "_state"} == {
        k: v for k, v in before.items() if k != "_state"
    }


def test_without_metadata_the_id_that_the_relay_gave_is_proof(case: Case) -> None:
    assert case.tell("delivered", ours="") == 200
    assert case.row().delivered_at is not None


def test_event_of_an_email_that_was_not_ours_changes_nothing(case: Case) -> None:
    assert case.tell("hard", ours="", given="somebody-elses") == 200
    assert case.tell("hard", ours="AAAAAAAAAAAAAAAAAAAA", given="somebody-elses") == 200
    assert case.row().bounced_at is None
    assert Suppression.objects.count() == 0


def test_relay_of_another_workspace_cannot_tell_of_ours(case: Case, world: World) -> None:
    theirs = relay_mailbox(world.stranger, case.code, address="sam@northwind.example")
    assert tell(case.code, theirs, case.made("hard")) == 200
    assert tell(case.code, theirs, case.made("hard", ours="")) == 200
    assert deliveries_given(world.other_brand.pk, ["given-1"]) == []
    assert deliveries_given(world.brand.pk, ["<given-1>"]) == [case.delivery.pk]
    assert case.row().bounced_at is None
    assert Suppression.objects.count() == 0


def test_wrong_signature_or_password_is_refused(case: Case) -> None:
    wrong = {"mailgun": "another key", "resend": "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}
    assert case.tell("hard", secret=wrong.get(case.code, "another password")) == 403
    said = case.made("hard")
    assert tell(case.code, case.box, Post(said.body, {})) == (401 if not KINDS[case.code].signs else 200 if
                                                              case.code == "mailgun" else 403)  # fmt: skip
    assert (case.row().bounced_at is None) == (case.code != "mailgun")  # its signature stands in the body
    MailboxRelay.objects.update(last_event_at=None)
    for secret in ("", sealed(case.box, "", "relay-hook")):
        MailboxRelay.objects.update(signing_key=secret, hook_secret=secret)
        assert case.tell("delivered") == 403
        assert case.tell("delivered", secret="") == 403
    assert case.row().delivered_at is None
    assert MailboxRelay.objects.get().last_event_at is None


def test_body_of_another_signature_is_refused(world: World) -> None:
    case = case_of(world, "resend")
    said, other = case.made("delivered"), case.made("hard")
    assert tell("resend", case.box, Post(other.body, said.headers)) == 403
    assert tell("resend", case.box, svix(other.body, SIGNING["resend"], int(time.time()) - 900)) == 403
    assert case.row().bounced_at is None


def test_address_we_did_not_give_is_not_there(case: Case) -> None:
    said = case.made("delivered")
    others = [code for code in CODES if code != case.code]
    for path in (
        f"/hooks/{case.code}/{hook_token(case.box)[:-1]}x",
        f"/hooks/{others[0]}/{hook_token(case.box)}",
        "/hooks/elsewhere/" + hook_token(case.box),
    ):
        assert Client().post(path, said.body, "application/json", headers=said.headers).status_code == 404
    assert Client().get(f"/hooks/{case.code}/{hook_token(case.box)}").status_code == 405
    Mailbox.objects.update(removed_at="2026-11-26T11:00:00Z")
    assert case.tell("delivered") == 404
    assert case.row().delivered_at is None


def test_what_is_no_event_is_refused_without_a_fault(case: Case) -> None:
    said = case.made("delivered")
    for body in (b"", b"[]", b"null", b"{", b'{"Type": "Notification"}', b"\xff\xfe", b'"x"', b"0"):
        assert tell(case.code, case.box, Post(body, said.headers)) in {400, 403, 200}
    big = Post(said.body + b" " * 1_100_000, said.headers)
    assert tell(case.code, case.box, big) == 413
    assert case.row().delivered_at is None


def test_what_the_relay_tells_of_an_unknown_email_settles_that_it_left(case: Case) -> None:
    lease = "7a9f1a44-8e11-4a4e-9d5c-3f3f3f3f3f3f"
    Delivery.objects.update(state="unknown", lease=lease, leased_until="2026-11-26T09:01:00Z", sent_at=None)
    assert case.tell("delivered") == 200
    row = case.row()
    assert (row.state, row.reason, row.sent_at is not None) == ("sent", "relay_told", True)


@pytest.fixture
def relays(settings: Any) -> Iterator[Any]:
    with relaying() as server:
        settings.OVERTURE_RELAY_URL = server.url
        yield server


def test_subscription_is_confirmed_only_with_the_password_and_by_the_api(world: World, relays: Any) -> None:
    case = case_of(world, "amazon_ses")
    more = {"Token": "abc", "SubscribeURL": "http://127.0.0.1:9/evil"}
    assert tell("amazon_ses", case.box, sns("SubscriptionConfirmation", "wrong", **more)) == 403
    assert relays.confirmed == []
    assert tell("amazon_ses", case.box, sns("SubscriptionConfirmation", PASSWORD, **more)) == 200
    assert len(relays.confirmed) == 1
    assert "Token=abc" in relays.confirmed[0]
    odd = {**more, "TopicArn": "arn:aws:sns:evil.example/x:1:t"}
    assert tell("amazon_ses", case.box, sns("SubscriptionConfirmation", PASSWORD, **odd)) == 400
    assert len(relays.confirmed) == 1


def test_address_to_paste_has_a_password_only_where_nothing_is_signed(case: Case) -> None:
    token = hook_token(case.box)
    door = "" if KINDS[case.code].signs else f"overture:{PASSWORD}@"
    assert hook_url(case.box) == f"https://{door}overture.test/hooks/{case.code}/{token}"
