"""The partner's inbox: threads of all brands, read, answered, changed and stopped, with and without htmx."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from overture.accounts.models import Workspace
from overture.conversations.answer import answer
from overture.conversations.models import Conversation, Message, MessageDraft, ReadUpTo
from overture.directory.models import PartnerUser
from tests import factories
from tests.conversations.cast import talk
from tests.portal.people import person, portal_of
from tests.world import World


@pytest.fixture
def mine(world: World) -> PartnerUser:
    mine = person()
    factories.prospect(world.nora, "Our name for it", partner=mine.partner)
    return mine


@pytest.fixture
def client(mine: PartnerUser) -> Client:
    return portal_of(mine)


def _path(mine: PartnerUser, row: Conversation | None = None) -> str:
    return f"/partner/{mine.partner_id}/inbox" + (f"/{row.pk}" if row else "")


def _text(answer: Any) -> str:
    return unescape(answer.content.decode())


def _elsewhere(world: World, mine: PartnerUser, text: str = "From the quay") -> Conversation:
    factories.prospect(world.stranger, partner=mine.partner)
    return talk(world.stranger, mine.partner, text)[0]


def test_threads_of_all_brands_stand_in_one_list(world: World, mine: PartnerUser, client: Client) -> None:
    assert "No messages yet" in _text(client.get(_path(mine)))
    talk(world.nora, mine.partner, "Linen **soon**?")
    _elsewhere(world, mine)
    page = _text(client.get(_path(mine)))
    assert re.findall(r'class="thread unread".*?<b>(.*?)</b>', page, re.DOTALL) == [
        "Northwind",
        "Halden & Rowe",
    ]
    assert ("Linen soon?" in page, "Our name for it" in page) == (True, False)
    assert '<b id="unread-count">2</b>' in page


def test_opening_a_thread_reads_it(world: World, mine: PartnerUser, client: Client) -> None:
    row, message = talk(world.nora, mine.partner, "Linen?")
    client.head(_path(mine, row))
    assert not ReadUpTo.objects.exists()
    page = _text(client.get(_path(mine, row)))
    assert ("Linen?" in page, "Nora Lindqvist" in page, "Halden & Rowe" in page) == (True, True, True)
    assert ReadUpTo.objects.get().up_to == message.created_at
    assert '<b id="unread-count"></b>' in _text(client.get(_path(mine)))


def test_an_answer_is_sent(world: World, mine: PartnerUser, client: Client) -> None:
    row, _ = talk(world.nora, mine.partner)
    assert client.post(f"{_path(mine, row)}/messages", {"text": "With pleasure"})["Location"] == _path(
        mine, row
    )
    message = Message.objects.latest("pk")
    assert (message.text, message.side, message.user) == ("With pleasure", "partner", mine.user)
    fragment = client.post(
        f"{_path(mine, row)}/messages", {"text": "And more"}, headers={"hx-request": "true"}
    )
    assert (fragment.status_code, "And more" in _text(fragment), "<html" in _text(fragment)) == (
        200,
        True,
        False,
    )


def test_what_is_refused_keeps_what_was_typed(world: World, mine: PartnerUser, client: Client) -> None:
    row, _ = talk(world.nora, mine.partner)
    answer = client.post(f"{_path(mine, row)}/messages", {"text": "x" * 20_001})
    assert answer.status_code == 422
    assert "A message has at most 20000 characters; this one has 20001. Shorten it." in _text(answer)
    assert "x" * 20_001 in _text(answer)
    assert Message.objects.count() == 1


def test_a_draft_is_kept_and_stands_there_again(world: World, mine: PartnerUser, client: Client) -> None:
    row, _ = talk(world.nora, mine.partner)
    assert client.post(f"{_path(mine, row)}/draft", {"text": "I was about to"}).status_code == 204
    assert "I was about to" in _text(client.get(_path(mine, row)))
    other = portal_of(person(mine.partner, "zoe@veille.example"))
    assert "I was about to" not in _text(other.get(_path(mine, row)))
    client.post(f"{_path(mine, row)}/messages", {"text": "Sent"})
    assert not MessageDraft.objects.exists()


def test_ones_own_message_is_changed_and_taken_back(world: World, mine: PartnerUser, client: Client) -> None:
    row, theirs = talk(world.nora, mine.partner)
    message = answer(mine.user, row, "Helo")
    path = f"{_path(mine, row)}/messages/{message.pk}"
    assert "Helo" in _text(client.get(f"{path}/edit"))
    assert client.post(f"{path}/edit", {"text": "Hello"})["Location"] == _path(mine, row)
    message.refresh_from_db()
    assert (message.text, message.edited_at is None) == ("Hello", False)
    assert client.post(f"{path}/edit", {"text": ""}).status_code == 422
    client.post(f"{path}/withdraw")
    message.refresh_from_db()
    assert (message.text, message.withdrawn_at is None) == ("", False)
    assert "Message withdrawn" in _text(client.get(_path(mine, row)))
    # Neither the brand's nor a colleague's.
    assert client.post(f"{_path(mine, row)}/messages/{theirs.pk}/withdraw").status_code == 403
    old = answer(mine.user, row, "Old")
    Message.objects.filter(pk=old.pk).update(created_at=old.created_at - timedelta(minutes=11))
    late = client.post(f"{_path(mine, row)}/messages/{old.pk}/withdraw", follow=True)
    assert "Messages can be changed for 10 minutes only." in _text(late)


def test_messages_are_stopped_and_allowed_again(world: World, mine: PartnerUser, client: Client) -> None:
    row, _ = talk(world.nora, mine.partner)
    page = client.post(f"{_path(mine, row)}/block", follow=True)
    assert "Halden & Rowe can no longer write to you." in _text(page)
    assert f'action="{_path(mine, row)}/unblock"' in _text(page)
    row.refresh_from_db()
    assert (row.blocked_at is None, row.reported_at) == (False, None)
    refused = client.post(f"{_path(mine, row)}/messages", {"text": "But"})
    assert "You stopped messages with this brand." in _text(refused)
    client.post(f"{_path(mine, row)}/unblock")
    client.post(f"{_path(mine, row)}/spam")
    row.refresh_from_db()
    assert (row.blocked_at is None, row.reported_at is None) == (False, False)


def test_the_stream_is_drawn_when_something_changed(world: World, mine: PartnerUser, client: Client) -> None:
    row, _ = talk(world.nora, mine.partner)
    row.refresh_from_db()
    stream = f"{_path(mine, row)}/stream"
    assert client.get(f"{stream}?version={row.version}").status_code == 204
    assert not ReadUpTo.objects.exists()
    fresh = client.get(f"{stream}?version=0&seen=1")
    assert (fresh.status_code, "Hello" in _text(fresh)) == (200, True)
    assert ReadUpTo.objects.count() == 1


def test_a_partner_begins_where_a_brand_allows_it(world: World, mine: PartnerUser, client: Client) -> None:
    brands = f"/partner/{mine.partner_id}/brands"
    assert "Halden & Rowe" not in _text(client.get(brands))
    assert client.get(f"{brands}/halden").status_code == 404
    Workspace.objects.filter(pk=world.brand.pk).update(is_open_to_partners=True)
    page = _text(client.get(brands))
    assert ("Halden & Rowe" in page, "Northwind" in page) == (True, False)
    assert "The first message to Halden & Rowe" in _text(client.get(f"{brands}/halden"))
    assert client.post(f"{brands}/halden", {"text": " "}).status_code == 422
    client.post(f"{brands}/halden/draft", {"text": "Half"})
    assert "Half" in _text(client.get(f"{brands}/halden"))
    answer = client.post(f"{brands}/halden", {"text": "May I introduce ourselves?"})
    row = Conversation.objects.get()
    assert answer["Location"] == _path(mine, row)
    assert client.get(f"{brands}/halden")["Location"] == _path(mine, row)
    # What was begun goes on, whatever the brand allows later.
    Workspace.objects.filter(pk=world.brand.pk).update(is_open_to_partners=False)
    assert "Halden & Rowe" in _text(client.get(brands))
    assert client.post(f"{_path(mine, row)}/messages", {"text": "And"}).status_code == 302


def test_who_was_not_reviewed_begins_nothing(world: World, mine: PartnerUser, client: Client) -> None:
    Workspace.objects.update(is_open_to_partners=True)
    type(mine.partner).objects.filter(pk=mine.partner_id).update(standing="in_review")
    brands = f"/partner/{mine.partner_id}/brands"
    assert "Halden & Rowe" not in _text(client.get(brands))
    assert client.post(f"{brands}/halden", {"text": "Hello"}).status_code == 404
    assert Conversation.objects.count() == 0


def test_hours_are_told_in_the_readers_zone(world: World, mine: PartnerUser, client: Client) -> None:
    row, message = talk(world.nora, mine.partner)
    at = message.created_at.replace(year=2026, month=1, day=5, hour=23, minute=30)
    Message.objects.update(created_at=at)
    assert ">23:30</time>" in _text(client.get(_path(mine, row)))
    client.cookies["zone"] = "Europe/Paris"
    assert ">00:30</time>" in _text(client.get(_path(mine, row)))
    client.cookies["zone"] = "../../etc"
    assert ">23:30</time>" in _text(client.get(_path(mine, row)))


def test_as_many_queries_for_three_as_for_one(world: World, mine: PartnerUser, client: Client) -> None:
    def queries(*paths: str) -> list[int]:
        counted = []
        for path in paths:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200
            counted.append(len(captured))
        return counted

    Workspace.objects.update(is_open_to_partners=True)
    row, _ = talk(world.nora, mine.partner)
    answer(mine.user, row, "Yes")
    paths = (_path(mine), _path(mine, row), f"/partner/{mine.partner_id}/brands")
    queries(*paths)
    one = queries(*paths)
    _elsewhere(world, mine)
    third = Workspace.objects.create(name="Third", slug="third", is_open_to_partners=True)
    member = type(world.nora).objects.create(workspace=third, user=world.camille.user, role="administrator")
    factories.prospect(member, partner=mine.partner)
    talk(member, mine.partner)
    for text in ("One", "Two"):
        answer(mine.user, row, text)
    queries(*paths)
    assert queries(*paths) == one
