"""An answer by e-mail from the inbox: to who wrote, in the thread that every mail program shows."""

from __future__ import annotations

import email
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from overture.accounts.access import make_token
from overture.compose.headers import threading
from overture.conversations.models import Message
from overture.delivery.claim import Row
from overture.delivery.letters import compiled, made
from overture.delivery.models import Delivery, Mailing
from overture.delivery.prepare import prepare
from overture.directory.models import Contact
from overture.inbound.answer import answer_by_email, subject_of
from overture.mailboxes.providers import Letter
from overture.prospects.contact_policy import wrote
from overture.prospects.models import Contacted
from tests.inbound.taking import Sent, come, sent
from tests.world import World

pytestmark = pytest.mark.usefixtures("files")


@pytest.fixture
def here(world: World) -> Sent:
    return sent(world)


def client_of(world: World) -> Client:
    client = Client()
    client.force_login(world.nora.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def letter_of(row: Delivery) -> Letter:
    """As it leaves."""
    given = {name: getattr(row, name, None) for name in Row._fields}
    claimed = Row(**{**given, "first_tried_at": timezone.now()})
    letter = made(claimed, compiled(row.manifest), timezone.now())
    assert isinstance(letter, Letter)
    return letter


def test_it_is_a_draft_to_who_wrote_from_the_mailbox_that_took_it(world: World, here: Sent) -> None:
    come(here, "reply-plain")
    mailing = answer_by_email(world.nora, Message.objects.get())

    assert (mailing.state, mailing.mailbox, mailing.subject, mailing.is_single, mailing.contact_policy) == (
        "draft", here.mailbox, "Re: A winter feature?", True, "override",
    )  # fmt: skip
    assert (mailing.to_contact, mailing.in_reply_to) == (here.contact, "reply-plain@mail.veille.example")
    assert mailing.reply_to == ""
    assert answer_by_email(world.nora, Message.objects.get()) == mailing
    assert Mailing.objects.filter(state="draft").count() == 1


def test_its_headers_thread_it(world: World, here: Sent) -> None:
    come(here, "reply-plain")
    mailing = answer_by_email(world.nora, Message.objects.get())
    mailing.content = "<p>Thank you!</p>"
    mailing.save()
    # Whom somebody wrote to a minute ago: who answers is answered all the same.
    wrote(world.camille, Contacted.Way.EMAIL, here.prospect.partner_id)

    manifest = prepare(world.nora, mailing)
    (row,) = manifest.deliveries.all()

    assert (row.state, row.reason, row.address) == ("queued", "", "elise@veille.example")
    mail = email.message_from_bytes(letter_of(row).data)
    assert mail["In-Reply-To"] == "<reply-plain@mail.veille.example>"
    assert (mail["References"] or "").split() == [f"<{here.id}>", "<reply-plain@mail.veille.example>"]
    assert (mail["Subject"], mail["To"]) == (
        "Re: A winter feature?",
        "La Longue Veille <elise@veille.example>",
    )


def test_somebody_of_theirs_who_was_unknown_is_answered_at_their_own_address(
    world: World, here: Sent
) -> None:
    come(here, "reply-plain", sender="the.boss@elsewhere.example")
    mailing = answer_by_email(world.nora, Message.objects.get())
    mailing.content = "<p>Thank you!</p>"
    mailing.save()

    manifest = prepare(world.nora, mailing)

    assert manifest.deliveries.get().address == "the.boss@elsewhere.example"
    new = Contact.objects.get(address="the.boss@elsewhere.example")
    assert (new.workspace, new.partner) == (world.brand, here.prospect.partner)


def test_who_joined_is_answered_too(world: World, here: Sent) -> None:
    come(here, "reply-plain")
    type(here.prospect).objects.filter(pk=here.prospect.pk).update(stage="joined")
    mailing = answer_by_email(world.nora, Message.objects.get())
    mailing.content = "<p>Thank you!</p>"
    mailing.save()
    assert prepare(world.nora, mailing).queued == 1


def test_page_and_api_make_the_same_draft(world: World, here: Sent) -> None:
    come(here, "reply-plain")
    message = Message.objects.get()
    client, thread = client_of(world), f"/w/halden/inbox/{message.conversation_id}"
    assert f'formaction="{thread}/received/{message.pk}/answer"' in client.get(thread).content.decode()

    answer = client.post(f"{thread}/received/{message.pk}/answer")

    made_by_page = Mailing.objects.get(in_reply_to="reply-plain@mail.veille.example")
    assert answer["Location"] == f"/w/halden/emails/{made_by_page.pk}/write"
    headers = {"authorization": f"Bearer {make_token(world.nora, 'test')[1]}"}
    told = client.post(f"/api/v1/messages/{message.pk}/answer", headers=headers)
    assert (told.status_code, told.json()["id"], told.json()["subject"]) == (
        201, made_by_page.pk, "Re: A winter feature?",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ("Hello", "Re: Hello"),
        ("Re: Hello", "Re: Hello"),
        ("RE: re : Hello", "Re: Hello"),
        ("", "Re:"),
    ],
)
def test_re_stands_once(subject: str, told: str) -> None:
    assert subject_of(subject) == told


@pytest.mark.parametrize(
    "bad", ["a@b>\r\nBcc: x@y.example", "a b@c.example", "", "=?utf-8?q?a?=", "a@" + "b" * 300]
)
def test_ids_of_strangers_add_no_header(bad: str) -> None:
    assert threading(bad, [bad]) == ""
    assert threading("ok@x.example", [bad]) == (
        "In-Reply-To: <ok@x.example>\r\nReferences: <ok@x.example>\r\n"
    )


def test_long_threads_keep_the_first_and_the_newest() -> None:
    ids: Any = [f"{number}@x.example" for number in range(100)]
    lines = threading("99@x.example", ids).split("\r\n")
    assert (lines[1], lines[2], len(lines)) == ("References: <0@x.example>", " <81@x.example>", 22)
