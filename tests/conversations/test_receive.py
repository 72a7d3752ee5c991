"""A received e-mail in the thread: for the workspace alone, unread, back in the list."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from overture.accounts.models import Membership, User
from overture.conversations import put_aside
from overture.conversations.inbox import View, listed, rows_of
from overture.conversations.models import Conversation, Message
from overture.conversations.post import conversation_with
from overture.conversations.read import read, unread_count
from overture.conversations.receive import Written, receive
from overture.conversations.thread import thread_of_brand, thread_of_partner
from tests.conversations.cast import file, portal, talk
from tests.world import World


def written(text: str = "Gladly, from March on.", **fields: Any) -> Written:
    told: dict[str, Any] = {
        "subject": "Re: A winter feature?",
        "sender_name": "Élise Vauquelin",
        "sender_address": "elise@veille.example",
        "at": timezone.now(),
    }
    return Written(text, **{**told, **fields})


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def first_row(member: Membership) -> tuple[str, str, bool, bool]:
    (row,) = rows_of(member, listed(member, View()))
    return row.who, row.line, row.is_unread, row.is_email


def test_it_stands_in_the_thread_with_its_writer_and_what_it_quotes(world: World) -> None:
    veille = portal(world)
    conversation, _ = talk(world.nora, veille.partner)
    receive(conversation, written(quoted="> Hello Élise", html="<p>Gladly</p>"), [file()])

    entry = thread_of_brand(conversation, world.nora)[-1]

    assert (entry.kind, entry.who, entry.is_mine, entry.html) == (
        "received", "Élise Vauquelin", False, '<p dir="auto">Gladly, from March on.</p>',
    )  # fmt: skip
    assert entry.received is not None
    assert (entry.received.subject, entry.received.quoted) == ("Re: A winter feature?", "> Hello Élise")
    assert [each.name for each in entry.files] == ["rates.pdf"]


def test_it_brings_the_thread_back_to_the_top_and_unread(world: World) -> None:
    veille = portal(world)
    conversation, _ = talk(world.nora, veille.partner)
    put_aside.done(world.nora, Conversation.objects.filter(pk=conversation.pk))
    assert list(listed(world.nora, View())) == []

    receive(conversation, written())

    assert first_row(world.nora) == ("Élise Vauquelin", "Gladly, from March on.", True, True)
    assert unread_count(world.camille) == 1
    read(conversation, member=world.camille)
    assert (unread_count(world.camille), unread_count(world.nora)) == (0, 1)


def test_words_of_it_and_of_its_subject_are_found(world: World) -> None:
    veille = portal(world)
    conversation = conversation_with(world.brand.pk, veille.partner.pk, veille.prospect)
    receive(conversation, written("Nos tarifs d’été"))

    for q in ("tarifs", "winter feat"):
        assert [each.pk for each in listed(world.nora, View(q=q))] == [conversation.pk], q


def test_what_a_machine_wrote_is_shown_and_asks_for_nothing(world: World) -> None:
    veille = portal(world)
    conversation, message = talk(world.nora, veille.partner)
    put_aside.done(world.nora, Conversation.objects.filter(pk=conversation.pk))

    automatic = receive(conversation, written(is_automatic=True, away_until=date(2026, 12, 3)))

    conversation.refresh_from_db()
    assert (conversation.state, conversation.top_message, conversation.last_in_at) == ("done", message, None)
    assert (unread_count(world.nora), automatic.noticed_at is not None) == (0, True)
    entry = thread_of_brand(conversation, world.nora)[-1]
    assert (entry.kind, entry.received and entry.received.away_until) == ("received", date(2026, 12, 3))


def test_one_that_is_read_late_keeps_its_moment_and_the_newest_stays_on_top(world: World) -> None:
    veille = portal(world)
    conversation, _ = talk(world.nora, veille.partner, "Hello again")
    at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

    late = receive(conversation, written(at=at))

    assert late.created_at == at
    assert first_row(world.nora)[:3] == ("Nora Lindqvist", "Hello again", True)
    assert [each.kind for each in thread_of_brand(conversation, world.nora)][:2] == ["day", "received"]
    tomorrow = receive(conversation, written(at=timezone.now() + timedelta(days=1)))
    assert tomorrow.created_at <= timezone.now()


def test_nothing_of_it_reaches_the_partners_portal(world: World) -> None:
    veille = portal(world)
    conversation, message = talk(world.nora, veille.partner, "Hello")
    attached = file("secret-rates.pdf")
    receive(conversation, written("Between us", subject="Our secret"), [attached])
    conversation.refresh_from_db()

    assert [each.text for each in thread_of_partner(conversation, veille.elise)] == ["", "Hello"]
    assert (conversation.last_message, conversation.last_at) == (message, message.created_at)
    here = f"/partner/{veille.partner.pk}/inbox"
    for url in (here, f"{here}/{conversation.pk}", f"{here}/{conversation.pk}/stream"):
        body = client_of(veille.elise).get(url).content.decode()
        assert "Hello" in body, url
        assert not [word for word in ("Between us", "Our secret", "secret-rates") if word in body], url
    answer = client_of(veille.elise).get(f"{here}/{conversation.pk}/files/{attached.pk}/secret-rates.pdf")
    assert answer.status_code == 404


def test_a_thread_of_emails_alone_is_none_of_the_portal(world: World) -> None:
    veille = portal(world)
    conversation = conversation_with(world.brand.pk, veille.partner.pk, veille.prospect)
    receive(conversation, written())

    assert first_row(world.nora)[2] is True
    assert list(Conversation.objects.of_partner_user(veille.elise)) == []


def test_the_page_shows_it_in_a_frame_that_loads_nothing(world: World) -> None:
    veille = portal(world)
    conversation = conversation_with(world.brand.pk, veille.partner.pk, veille.prospect)
    html = '<p>Gladly <img src="https://pixel.example/1.gif"></p>'
    row = receive(conversation, written(html=html))
    here = f"/w/{world.brand.slug}/inbox/{conversation.pk}"
    client = client_of(world.nora.user)

    assert f'href="{here}/received/{row.pk}"' in client.get(here).content.decode()
    page = client.get(f"{here}/received/{row.pk}").content.decode()
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    bare = client.get(f"{here}/received/{row.pk}/content")
    shown = client.get(f"{here}/received/{row.pk}/pictures")
    assert html in bare.content.decode()
    assert "img-src" not in bare["Content-Security-Policy"]
    assert "default-src 'none'" in bare["Content-Security-Policy"]
    assert "img-src https: http:" in shown["Content-Security-Policy"]
    for each in (bare, shown):
        assert "sandbox allow-popups" in each["Content-Security-Policy"]
        assert (each["X-Frame-Options"], each["Referrer-Policy"]) == ("SAMEORIGIN", "no-referrer")


@pytest.mark.parametrize("path", ["", "/content"])
def test_a_message_is_no_received_email(world: World, path: str) -> None:
    veille = portal(world)
    conversation, message = talk(world.nora, veille.partner)
    url = f"/w/{world.brand.slug}/inbox/{conversation.pk}/received/{message.pk}{path}"
    assert client_of(world.nora.user).get(url).status_code == 404


def test_the_api_tells_it_as_the_page_does(world: World) -> None:
    from overture.accounts.access import make_token

    veille = portal(world)
    conversation = conversation_with(world.brand.pk, veille.partner.pk, veille.prospect)
    other = {"name": "terms.docx", "type": "application/zip", "size": 9, "scanned": True, "virus": ""}
    row = receive(conversation, written(quoted="> before", other_files=[other]))
    token = make_token(world.nora, "test")[1]
    headers = {"authorization": f"Bearer {token}"}

    url = f"/api/v1/conversations/{conversation.pk}/thread"
    (item,) = Client().get(url, headers=headers).json()["items"]

    assert (item["kind"], item["id"], item["side"], item["who"], item["text"]) == (
        "received", row.pk, "partner", "Élise Vauquelin", "Gladly, from March on.",
    )  # fmt: skip
    assert item["received"] == {
        "sender_name": "Élise Vauquelin",
        "sender_address": "elise@veille.example",
        "subject": "Re: A winter feature?",
        "quoted": "> before",
        "html": "",
        "is_automatic": False,
        "away_until": None,
        "other_files": [other],
        "was_in_junk": False,
    }
    assert Message.objects.get(pk=row.pk).way == "email"
