"""What the demo's recipients answer, taken as any received mail is."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from overture.accounts.models import User
from overture.conversations.models import Message
from overture.delivery.models import Suppression
from overture.demo.models import CaughtEmail
from overture.directory.models import Contact
from overture.inbound.models import Mail
from tests.inbound.taking import Sent, sent
from tests.world import World

pytestmark = pytest.mark.usefixtures("files")


@pytest.fixture
def here(world: World, settings: Any) -> Sent:
    settings.OVERTURE_DEMO = True
    User.objects.filter(pk=world.nora.user_id).update(is_operator=True)
    return sent(world)


@pytest.fixture
def client(world: World) -> Client:
    found = Client()
    found.force_login(world.nora.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def caught(here: Sent, sender: str = "nora@halden.example") -> CaughtEmail:
    raw = (
        f"From: Nora <{sender}>\r\nTo: elise@veille.example\r\nSubject: A winter feature?\r\n"
        f"Date: Tue, 24 Nov 2026 10:02:00 +0100\r\nMessage-ID: <{here.id}>\r\n\r\nHello Élise\r\n"
    )
    return CaughtEmail.objects.create(
        sender=sender, recipients=["elise@veille.example"], subject="A winter feature?", raw=raw.encode()
    )


def test_an_answer_comes_to_the_thread_without_what_it_quotes(here: Sent, client: Client) -> None:
    row = caught(here)
    Contact.objects.filter(pk=here.contact.pk).update(first_name="Élise", last_name="Vauquelin")
    page = client.post(f"/demo/mail/{row.pk}/answer", {"kind": "reply", "text": "Gladly."})
    message = Message.objects.get(way="email")
    assert page["Location"] == f"/w/halden/inbox/{message.conversation_id}"
    assert (message.text, "Hello" in message.received.quoted) == ("Gladly.", True)
    # Her mail program gave the address alone.
    assert message.received.sender_name == "Élise Vauquelin"
    here.delivery.refresh_from_db()
    here.prospect.refresh_from_db()
    assert (here.delivery.replied_at is not None, here.prospect.stage) == (True, "negotiating")
    client.post(f"/demo/mail/{row.pk}/answer", {"kind": "reply", "text": "And more."})
    assert [each.uid for each in Mail.objects.order_by("pk")] == [1, 2]


def test_an_absence_is_no_reply(here: Sent, client: Client) -> None:
    client.post(f"/demo/mail/{caught(here).pk}/answer", {"kind": "away", "text": "I am away."})
    here.delivery.refresh_from_db()
    assert (Mail.objects.get().kind, here.delivery.replied_at) == ("automatic", None)


def test_a_bounce_settles_and_suppresses(here: Sent, client: Client) -> None:
    page = client.post(f"/demo/mail/{caught(here).pk}/answer", {"kind": "bounce"})
    assert page["Location"] == f"/w/halden/emails/{here.delivery.mailing_id}"
    here.delivery.refresh_from_db()
    assert (here.delivery.bounce_kind, Suppression.objects.count()) == ("hard", 1)


def test_what_cannot_be_answered_says_why(here: Sent, client: Client) -> None:
    stranger, row = caught(here, sender="someone@else.example"), caught(here)
    for mail, text, why in ((stranger, "Hello", "No mailbox here"), (row, " ", "Write what")):
        page = client.post(f"/demo/mail/{mail.pk}/answer", {"kind": "reply", "text": text}, follow=True)
        assert why in page.content.decode()
    assert Mail.objects.count() == 0


def test_nobody_else_answers(world: World, here: Sent, settings: Any) -> None:
    row, stranger = caught(here), Client()
    stranger.force_login(world.camille.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert stranger.post(f"/demo/mail/{row.pk}/answer", {"kind": "bounce"}).status_code == 404
    assert Client().post(f"/demo/mail/{row.pk}/answer", {"kind": "bounce"}).status_code == 302
    assert Mail.objects.count() == 0
