"""Engage > Inbox: the list and its views, a thread, what is done with them, first messages, drafts."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from overture.conversations.answer import answer
from overture.conversations.edit import edit
from overture.conversations.models import Conversation, Message, MessageDraft, Unread
from overture.conversations.post import post
from overture.conversations.put_aside import wake
from overture.conversations.read import unread_count
from overture.conversations.words import add_finished_mailings
from overture.delivery.models import Delivery, Mailing, Queued
from overture.notices.models import Notice
from overture.prospects.models import Note, Prospect
from tests import factories
from tests.conversations.cast import file, portal, talk, user_of
from tests.delivery.cast import mailbox, sent
from tests.world import World

HTMX = {"HX-Request": "true"}


def thread_with(world: World, name: str, text: str = "Hello", **fields: Any) -> Conversation:
    """One that the partner answered, so that it is unread for the members."""
    partner = factories.partner(None, name, has_messaging=True)
    factories.prospect(world.nora, name, partner=partner, **fields)
    user = user_of(partner, f"{partner.pk}@partner.example", f"Person of {name}")
    conversation, _ = talk(world.nora, partner)
    answer(user, conversation, text)
    return Conversation.objects.get(pk=conversation.pk)


def names_in(answered: Any) -> list[str]:
    found = re.findall(r'<a class="thread[^>]*>.*?<b>(.*?)</b>', answered.content.decode(), re.DOTALL)
    return [unescape(name) for name in found]


def unread_in(answered: Any) -> list[str]:
    found = re.findall(r'<a class="thread unread".*?<b>(.*?)</b>', answered.content.decode(), re.DOTALL)
    return [unescape(name) for name in found]


def texts_in(answered: Any) -> list[str]:
    found = re.findall(r'<div class="bubble">(?!<header>)(.*?)</div>', answered.content.decode(), re.DOTALL)
    return [unescape(re.sub(r"<[^>]*>", "", text)) for text in found]


def undo_in(answered: Any) -> str:
    found = re.search(r'<form method="post" action="([^"]*undo[^"]*)"', answered.content.decode())
    return unescape(found[1]) if found else ""


@pytest.fixture
def nora(world: World, as_member: Any) -> Client:
    client: Client = as_member(world.nora)
    return client


def test_an_empty_inbox_says_how_it_begins(world: World, nora: Client, as_member: Any) -> None:
    page = nora.get("/w/halden/inbox").content.decode()
    assert "No conversations yet" in page
    assert 'href="/w/halden/inbox/new"' in page
    viewer = as_member(world.victor).get("/w/halden/inbox").content.decode()
    assert "No conversations yet" in viewer
    assert "/inbox/new" not in viewer


def test_the_newest_thread_comes_first_with_who_wrote_and_what(world: World, nora: Client) -> None:
    thread_with(world, "Nordlys", "Can you share **EPC** for Norway?")
    thread_with(world, "Vintersol")
    post(world.nora, Conversation.objects.get(partner__name="Nordlys").partner, "Gladly")

    page = nora.get("/w/halden/inbox")

    assert names_in(page) == ["Nordlys", "Vintersol"]
    assert unread_in(page) == ["Nordlys", "Vintersol"]
    text = " ".join(re.sub(r"<[^>]*>", " ", page.content.decode()).split())
    assert "You Gladly" in text
    assert "Person of Vintersol Hello" in text


def test_a_thread_that_is_opened_is_read_by_who_opened_it(world: World, nora: Client) -> None:
    conversation = thread_with(world, "Nordlys", "Bonjour")
    page = nora.get(f"/w/halden/inbox/{conversation.pk}")
    assert texts_in(page) == ["Hello", "Bonjour"]
    assert [unread_count(each) for each in (world.nora, world.camille)] == [0, 1]
    again = nora.get("/w/halden/inbox")
    assert (names_in(again), unread_in(again)) == (["Nordlys"], [])


def test_a_head_request_reads_nothing(world: World, nora: Client) -> None:
    conversation = thread_with(world, "Nordlys")
    nora.head(f"/w/halden/inbox/{conversation.pk}")
    assert unread_count(world.nora) == 1


def test_views_show_what_their_address_asks(world: World, nora: Client) -> None:
    joined = thread_with(world, "Joined", stage="joined")
    creator = thread_with(world, "Creator", stage="joined", kind="creator")
    mine = thread_with(world, "Mine")
    thread_with(world, "Other")
    Conversation.objects.filter(pk=mine.pk).update(assignee=world.nora)
    Unread.objects.filter(conversation__in=[joined, creator], member=world.nora).delete()
    Conversation.objects.filter(partner__name="Other").update(done_at=timezone.now())

    def shown(query: str) -> list[str]:
        return names_in(nora.get(f"/w/halden/inbox?{query}"))

    assert shown("") == ["Mine", "Creator", "Joined"]
    assert shown("among=prospects") == ["Mine"]
    assert shown("among=partners") == ["Joined"]
    assert shown("among=creators") == ["Creator"]
    assert shown("unread=1") == ["Mine"]
    assert shown("mine=1") == ["Mine"]
    assert shown("state=done") == ["Other"]
    assert shown("state=spam") == []


def test_an_address_that_means_nothing_leads_to_the_inbox(world: World, nora: Client) -> None:
    for query in ("state=gone", "among=nobody", "unread=maybe", "cursor=nonsense", "q=" + "x" * 201):
        answered = nora.get(f"/w/halden/inbox?{query}")
        assert (answered.status_code, answered["Location"]) == (302, "/w/halden/inbox"), query


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("épices", ["Thé & Co"]),
        ("EPICES", ["Thé & Co"]),
        ("the", ["Thé & Co"]),
        ("epi", ["Thé & Co"]),
        ("épices thé", ["Thé & Co"]),
        ("rate-card", ["Nordlys"]),
        ("norway", ["Nordlys"]),
        ("nor way", []),
        ("'& | ! : * \\", []),
        ("épices norway", []),
    ],
)
def test_search_finds_words_files_and_names_without_their_accents(
    world: World, nora: Client, q: str, found: list[str]
) -> None:
    thread_with(world, "Thé & Co", "Nos épices sont prêtes")
    nordlys = thread_with(world, "Nordlys", "EPC for Norway?")
    post(world.nora, nordlys.partner, "", [file("rate-card-winter.pdf")])
    assert names_in(nora.get("/w/halden/inbox", {"q": q})) == found


def test_search_finds_nothing_of_another_workspace(world: World, as_member: Any) -> None:
    thread_with(world, "Nordlys", "EPC for Norway?")
    assert names_in(as_member(world.stranger).get("/w/northwind/inbox", {"q": "norway"})) == []


def test_search_finds_what_was_emailed_before_and_after_the_first_message(world: World, nora: Client) -> None:
    mailbox(world.nora)
    partner = factories.partner(None, "Nordlys", has_messaging=True)
    factories.prospect(world.nora, "Nordlys", "tomas@nordlys.example", partner=partner)
    _emailed(world, "<p>A <b>linen</b>&amp;wool week for {mpname}</p>")
    thread_with(world, "Brume")  # whom nobody e-mailed
    tomas = user_of(partner, "t@nordlys.example", "Tomas")
    message = answer(tomas, talk(world.nora, partner)[0], "Yes, and misspeled")

    def found(q: str) -> list[str]:
        return names_in(nora.get("/w/halden/inbox", {"q": q}))

    assert (found("linen"), found("wool week"), found("mpname"), found("amp")) == (
        ["Nordlys"],
        ["Nordlys"],
        [],
        [],
    )
    _emailed(world, "<p>Candles for the dark months</p>", contact_policy="override")
    assert found("candles") == []
    add_finished_mailings()
    add_finished_mailings()
    assert (found("candles"), found("linen")) == (["Nordlys"], ["Nordlys"])
    # What is taken out of a message takes no e-mail with it.
    edit(message, "Yes", user=tomas)
    assert (found("misspeled"), found("candles"), found("linen")) == ([], ["Nordlys"], ["Nordlys"])


def _emailed(world: World, content: str, **fields: Any) -> None:
    mailing = sent(world.nora, {"filter": {"q": "Nordlys"}}, content=content, **fields)
    Delivery.objects.filter(mailing=mailing).update(
        state="sent", first_tried_at=timezone.now(), sent_at=timezone.now()
    )
    Queued.objects.all().delete()
    Mailing.objects.filter(pk=mailing.pk).update(state="done", done_at=timezone.now())


def test_a_renamed_prospect_is_found_by_its_new_name(world: World, nora: Client) -> None:
    from overture.prospects.search import refresh

    conversation = thread_with(world, "Nordlys")
    Prospect.objects.filter(pk=conversation.prospect_id).update(name="Polaris")
    refresh([conversation.prospect_id or 0])
    assert names_in(nora.get("/w/halden/inbox", {"q": "polar"})) == ["Polaris"]
    assert names_in(nora.get("/w/halden/inbox", {"q": "nordlys"})) == []


def test_pages_follow_each_other(world: World, nora: Client) -> None:
    for number in range(52):
        partner = factories.partner(None, f"P{number:02}", has_messaging=True)
        factories.prospect(world.nora, f"P{number:02}", partner=partner)
        post(world.nora, partner, "Hello")
    first = nora.get("/w/halden/inbox")
    older = re.search(r'<a class="link end" href="([^"]*)"', first.content.decode())
    assert older
    second = nora.get(unescape(older[1]))
    assert names_in(first) == [f"P{number:02}" for number in range(51, 1, -1)]
    assert names_in(second) == ["P01", "P00"]


def test_the_list_asks_as_often_for_three_as_for_one(
    world: World, nora: Client, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            nora.get("/w/halden/inbox", headers=HTMX)
        return len(queries)

    first = thread_with(world, "One")
    Conversation.objects.update(assignee=world.camille)
    asked()
    few = asked()
    for name in ("Two", "Three"):
        thread_with(world, name)
    post(world.camille, first.partner, "", [file()])
    Conversation.objects.update(assignee=world.nora)
    assert asked() == few


# Writing


def test_a_reply_is_sent_and_shown(world: World, nora: Client) -> None:
    conversation = thread_with(world, "Nordlys", "Bonjour")
    answered = nora.post(f"/w/halden/inbox/{conversation.pk}/messages", {"text": "Thank you"})
    assert (answered.status_code, answered["Location"]) == (302, f"/w/halden/inbox/{conversation.pk}")
    page = nora.post(f"/w/halden/inbox/{conversation.pk}/messages", {"text": "Again"}, headers=HTMX)
    assert texts_in(page) == ["Hello", "Bonjour", "Thank you", "Again"]
    assert list(Message.objects.order_by("pk").values_list("member", flat=True)) == [
        world.nora.pk, None, world.nora.pk, world.nora.pk,
    ]  # fmt: skip


def test_what_is_refused_stays_written(world: World, nora: Client) -> None:
    conversation = thread_with(world, "Nordlys")
    long = "word " * 5_000
    page = nora.post(f"/w/halden/inbox/{conversation.pk}/messages", {"text": long})
    assert page.status_code == 422
    assert "A message has at most 20000 characters; this one has 24999. Shorten it." in page.content.decode()
    assert long.strip() in page.content.decode()
    empty = nora.post(f"/w/halden/inbox/{conversation.pk}/messages", {"text": " "}, headers=HTMX)
    assert "Write something, or attach a file." in empty.content.decode()
    assert Message.objects.count() == 2


def test_the_first_message_marks_the_partner_and_opens_the_thread(world: World, nora: Client) -> None:
    partner = factories.partner(None, "Marlow Makes", has_messaging=True)
    page = nora.get(f"/w/halden/inbox/to/{partner.pk}").content.decode()
    assert "The first message to Marlow Makes" in page
    assert Prospect.objects.count() == 0

    answered = nora.post(f"/w/halden/inbox/to/{partner.pk}", {"text": "Hello Marlow"})

    conversation = Conversation.objects.get()
    assert answered["Location"] == f"/w/halden/inbox/{conversation.pk}"
    prospect = Prospect.objects.get()
    assert (prospect.partner, prospect.stage, conversation.prospect) == (partner, "outreach", prospect)
    there = nora.get(f"/w/halden/inbox/to/{partner.pk}")
    assert there["Location"] == f"/w/halden/inbox/{conversation.pk}"


def test_a_refused_first_message_marks_nobody(world: World, nora: Client) -> None:
    partner = factories.partner(None, "Quiet")
    page = nora.get(f"/w/halden/inbox/to/{partner.pk}").content.decode()
    assert "This partner has not turned messages on. Write an email instead." in page
    assert 'name="text" id="reply-text"' not in page
    refused = nora.post(f"/w/halden/inbox/to/{partner.pk}", {"text": "Hello"})
    assert refused.status_code == 422
    assert (Prospect.objects.count(), Message.objects.count()) == (0, 0)


def test_who_was_written_to_lately_is_told_before_a_first_message(world: World, nora: Client) -> None:
    from overture.prospects.contact_policy import wrote

    veille = portal(world)
    wrote(world.camille, "email", veille.partner.pk)
    page = nora.get(f"/w/halden/inbox/to/{veille.partner.pk}").content.decode()
    assert "Camille Dupré wrote by email on" in page


def test_somebody_is_chosen_by_name_with_the_reason_why_not(world: World, nora: Client) -> None:
    veille = portal(world)
    factories.prospect(world.nora, "Veille des autres")
    page = nora.get("/w/halden/inbox/new", {"q": "veille"}).content.decode()
    assert f'<a href="/w/halden/inbox/to/{veille.partner.pk}">La Longue Veille</a>' in page
    assert "<b>Veille des autres</b><small>This partner has not turned messages on." in page
    assert "No prospect has this name." in nora.get("/w/halden/inbox/new", {"q": "zzz"}).content.decode()


def test_a_draft_is_kept_as_one_types_and_stands_there_again(world: World, nora: Client) -> None:
    conversation = thread_with(world, "Nordlys")
    saved = nora.post(f"/w/halden/inbox/to/{conversation.partner_id}/draft", {"text": "Than"}, headers=HTMX)
    assert (saved.status_code, saved.content) == (204, b"")
    assert ">Than</textarea>" in nora.get(f"/w/halden/inbox/{conversation.pk}").content.decode()
    assert "<i>Draft</i>" in nora.get("/w/halden/inbox").content.decode()
    nora.post(f"/w/halden/inbox/{conversation.pk}/messages", {"text": "Thanks"})
    assert MessageDraft.objects.count() == 0


def test_ones_own_message_is_changed_and_taken_back(world: World, nora: Client, as_member: Any) -> None:
    veille = portal(world)
    conversation, message = talk(world.nora, veille.partner, "Helo")
    at = f"/w/halden/inbox/{conversation.pk}/messages/{message.pk}"
    assert ">Helo</textarea>" in nora.get(f"{at}/edit").content.decode()
    assert nora.post(f"{at}/edit", {"text": " "}).status_code == 422
    assert nora.post(f"{at}/edit", {"text": "Hello"})["Location"] == f"/w/halden/inbox/{conversation.pk}"
    page = nora.get(f"/w/halden/inbox/{conversation.pk}")
    assert texts_in(page) == ["Hello"]
    assert "<span>edited</span>" in page.content.decode()
    assert as_member(world.camille).post(f"{at}/withdraw").status_code == 403

    nora.post(f"{at}/withdraw")

    assert Message.objects.get().text == ""
    assert texts_in(nora.get(f"/w/halden/inbox/{conversation.pk}")) == ["Message withdrawn"]


# Live


def test_the_stream_is_drawn_anew_only_when_something_changed(world: World, nora: Client) -> None:
    conversation = thread_with(world, "Nordlys", "Bonjour")
    at = f"/w/halden/inbox/{conversation.pk}/stream"
    same = nora.get(at, {"version": conversation.version}, headers=HTMX)
    assert (same.status_code, same.content) == (204, b"")
    other = nora.get(at, {"version": conversation.version - 1}, headers=HTMX)
    assert texts_in(other) == ["Hello", "Bonjour"]
    assert unread_count(world.nora) == 1
    nora.get(at, {"version": 0, "seen": 1}, headers=HTMX)
    assert unread_count(world.nora) == 0


def test_what_is_shown_from_a_moment_on_is_shown_again(world: World, nora: Client) -> None:
    veille = portal(world)
    conversation, _ = talk(world.nora, veille.partner, "0")
    for number in range(1, 50):
        post(world.nora, veille.partner, str(number))
    page = nora.get(f"/w/halden/inbox/{conversation.pk}")
    since = unescape(re.search(r'data-since="([^"]*)"', page.content.decode())[1])  # type: ignore[index]
    assert texts_in(page)[0] == "10"
    post(world.nora, veille.partner, "50")
    again = nora.get(
        f"/w/halden/inbox/{conversation.pk}/stream", {"version": 0, "since": since}, headers=HTMX
    )
    assert texts_in(again) == [str(number) for number in range(10, 51)]
    earlier = re.search(r'href="([^"]*before=[^"]*)"', page.content.decode())
    assert earlier
    older = nora.get(unescape(earlier[1]), headers=HTMX)
    assert texts_in(older) == [str(number) for number in range(10)]
    assert texts_in(nora.get(unescape(earlier[1]))) == [str(number) for number in range(10)]


# What is done with threads


def test_done_and_back_by_undo(world: World, nora: Client) -> None:
    conversation = thread_with(world, "Nordlys")
    page = nora.post(f"/w/halden/inbox/{conversation.pk}/done", follow=True)
    assert names_in(page) == []
    assert "1 conversation is done." in page.content.decode()
    assert names_in(nora.get("/w/halden/inbox?state=done")) == ["Nordlys"]

    nora.post(undo_in(page))

    assert names_in(nora.get("/w/halden/inbox")) == ["Nordlys"]


@pytest.mark.parametrize("until", ["later", "tomorrow", "monday", "week"])
def test_a_snooze_ends_and_brings_the_thread_to_the_top(world: World, nora: Client, until: str) -> None:
    conversation = thread_with(world, "Nordlys")
    thread_with(world, "Vintersol")
    nora.post(f"/w/halden/inbox/{conversation.pk}/snooze", {"until": until})
    assert names_in(nora.get("/w/halden/inbox")) == ["Vintersol"]
    assert names_in(nora.get("/w/halden/inbox?state=snoozed")) == ["Nordlys"]
    assert wake() == 0

    ended = timezone.now()
    Conversation.objects.filter(pk=conversation.pk).update(snoozed_until=ended)

    assert wake() == 1
    assert names_in(nora.get("/w/halden/inbox")) == ["Nordlys", "Vintersol"]
    conversation.refresh_from_db()
    # The partner does not learn of it: what their list sorts by is the last message still.
    assert (conversation.top_at, conversation.last_at < ended) == (ended, True)


def test_a_snooze_is_until_a_moment_to_come(world: World, nora: Client) -> None:
    conversation = thread_with(world, "Nordlys")
    for fields in ({"at": "2020-01-01T10:00"}, {"at": "nonsense"}, {}, {"until": "never"}):
        page = nora.post(f"/w/halden/inbox/{conversation.pk}/snooze", fields, follow=True)
        assert "Choose a moment to come." in page.content.decode()
    world.brand.time_zone = "Europe/Paris"
    world.brand.save(update_fields=["time_zone"])
    nora.post(f"/w/halden/inbox/{conversation.pk}/snooze", {"at": "2050-01-01T10:00"})
    conversation.refresh_from_db()
    assert conversation.snoozed_until is not None
    assert conversation.snoozed_until.isoformat() == "2050-01-01T09:00:00+00:00"


def test_many_are_done_at_once_and_put_back_as_they_were(world: World, nora: Client) -> None:
    one, two = thread_with(world, "One"), thread_with(world, "Two")
    soon = timezone.now() + timedelta(days=2)
    Conversation.objects.filter(pk=two.pk).update(snoozed_until=soon, assignee=world.camille)
    page = nora.post("/w/halden/inbox/chosen/done", {"chosen": [one.pk, two.pk]}, follow=True)
    assert "2 conversations are done." in page.content.decode()
    nora.post(undo_in(page))
    stood = Conversation.objects.order_by("pk").values_list("state", "snoozed_until", "assignee")
    assert list(stood) == [("open", None, None), ("snoozed", soon, world.camille.pk)]
    nothing = nora.post("/w/halden/inbox/chosen/done", follow=True)
    assert "Tick the conversations first." in nothing.content.decode()


def test_an_undo_that_was_tampered_with_does_nothing(world: World, nora: Client, as_member: Any) -> None:
    conversation = thread_with(world, "Nordlys")
    page = nora.post(f"/w/halden/inbox/{conversation.pk}/spam", follow=True)
    undo = undo_in(page)
    assert "This can no longer be taken back." in nora.post(undo[:-9], follow=True).content.decode()
    # Of another workspace it finds no rows.
    as_member(world.stranger).post(undo.replace("halden", "northwind"))
    conversation.refresh_from_db()
    assert conversation.state == "spam"


def test_who_is_assigned_a_thread_is_told(world: World, nora: Client, as_member: Any) -> None:
    one, two = thread_with(world, "One"), thread_with(world, "Two")
    fields = {"chosen": [one.pk, two.pk], "owner": world.camille.pk}
    page = nora.post("/w/halden/inbox/chosen/assign", fields, follow=True)
    assert "2 conversations assigned to Camille Dupré." in page.content.decode()
    assert list(Conversation.objects.values_list("assignee", flat=True)) == [world.camille.pk] * 2
    notice = Notice.objects.get()
    assert notice.member == world.camille
    camille = as_member(world.camille)
    assert "Nora Lindqvist assigned you 2 conversations" in camille.get("/w/halden/notices").content.decode()
    assert camille.get(f"/w/halden/notices/{notice.pk}")["Location"] == "/w/halden/inbox?mine=1"
    nora.post(f"/w/halden/inbox/{one.pk}/assign", {"owner": 0})
    assert Conversation.objects.get(pk=one.pk).assignee is None
    assert nora.post(f"/w/halden/inbox/{one.pk}/assign", {"owner": world.stranger.pk}).status_code == 404


def test_a_note_beside_the_thread_tells_who_it_names(world: World, nora: Client, as_member: Any) -> None:
    conversation = thread_with(world, "Nordlys")
    nora.post(f"/w/halden/inbox/{conversation.pk}/note", {"text": "@camille, could you look? (not @cam)"})
    note = Note.objects.get()
    assert list(note.mentions.all()) == [world.camille]
    assert "could you look?" in nora.get(f"/w/halden/inbox/{conversation.pk}").content.decode()
    notice = Notice.objects.get()
    camille = as_member(world.camille)
    assert "mentioned you in a note on Nordlys" in camille.get("/w/halden/notices").content.decode()
    there = camille.get(f"/w/halden/notices/{notice.pk}")
    assert there["Location"] == f"/w/halden/inbox/{conversation.pk}"


def test_the_stage_is_set_beside_the_thread(world: World, nora: Client) -> None:
    conversation = thread_with(world, "Nordlys")
    nora.post(f"/w/halden/inbox/{conversation.pk}/stage", {"stage": "negotiating"})
    assert Prospect.objects.get().stage == "negotiating"
    page = nora.get(f"/w/halden/inbox/{conversation.pk}").content.decode()
    assert "Stage set to Negotiating, Nora Lindqvist" in page


def test_a_viewer_reads_and_does_not_write(world: World, as_member: Any) -> None:
    conversation = thread_with(world, "Nordlys", "Bonjour")
    viewer = as_member(world.victor)
    page = viewer.get(f"/w/halden/inbox/{conversation.pk}")
    assert texts_in(page) == ["Hello", "Bonjour"]
    assert "Your role reads conversations and does not write." in page.content.decode()
    assert viewer.post(f"/w/halden/inbox/{conversation.pk}/messages", {"text": "Hi"}).status_code == 403
    assert Message.objects.count() == 2


def test_messages_of_the_partner_hold_no_html(world: World, nora: Client) -> None:
    conversation = thread_with(world, "Nordlys", '<img src=x onerror="alert(1)"> [x](javascript:alert(1))')
    page = nora.get(f"/w/halden/inbox/{conversation.pk}").content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


# Where messages begin


def test_the_lists_say_who_can_be_messaged_and_why_not(world: World, nora: Client, as_member: Any) -> None:
    from overture.conversations.block import block

    veille = portal(world)
    quiet = factories.prospect(world.nora, "Quiet")
    talk(world.nora, veille.partner)
    at = f'href="/w/halden/inbox/to/{veille.partner.pk}"'
    page = nora.get("/w/halden/prospects").content.decode()
    assert (page.count(at), f"/inbox/to/{quiet.partner_id}" in page) == (2, False)
    assert f'id="why-{quiet.pk}">This partner has not turned messages on. Write an email instead.</p>' in page
    assert at in nora.get(f"/w/halden/prospects/{veille.prospect.pk}").content.decode()

    block(veille.elise, Conversation.objects.get())

    page = nora.get("/w/halden/prospects").content.decode()
    assert at not in page
    words = "This partner does not want messages from you any more."
    assert f'id="why-{veille.prospect.pk}">{words}</p>' in page
    assert words in nora.get(f"/w/halden/prospects/{veille.prospect.pk}").content.decode()
    assert words in nora.get(f"/w/halden/marketplace/{veille.partner.pk}", headers=HTMX).content.decode()
    thread = nora.get(f"/w/halden/inbox/{Conversation.objects.get().pk}").content.decode()
    assert words in thread
    assert 'id="reply-text"' not in thread
    viewer = as_member(world.victor).get("/w/halden/prospects").content.decode()
    assert "/inbox/to/" not in viewer


def test_the_marketplaces_lead_to_the_first_message(world: World, nora: Client) -> None:
    partner = factories.partner(None, "Marlow Makes", has_messaging=True)
    at = f'href="/w/halden/inbox/to/{partner.pk}"'
    for url in (f"/w/halden/marketplace/{partner.pk}", f"/w/halden/marketplace/{partner.pk}/menu"):
        assert at in nora.get(url, headers=HTMX).content.decode()


# One message to many


def test_a_message_to_many_is_seen_before_it_is_sent_and_followed(world: World, nora: Client) -> None:
    from overture.conversations.carry_out import carry_out
    from overture.conversations.models import MessageRun
    from overture.prospects import selection

    veille = portal(world)
    quiet = factories.prospect(world.nora, "Quiet")
    chosen = selection.start(world.nora, "prospects")
    selection.choose(world.nora, chosen, [veille.prospect.pk, quiet.pk])
    at = f"/w/halden/inbox/many/{chosen.pk}"
    listing = nora.get(f"/w/halden/prospects?selection={chosen.pk}").content.decode()
    assert f'href="{at}"' in listing

    page = nora.get(at).content.decode()
    assert "Send to 1" in page
    assert 'Messages are turned off <b class="num">1</b>' in page
    assert "<li>Quiet</li>" in page
    checked = nora.post(at, {"text": "Hello {mpname}", "check": "1"}, headers=HTMX).content.decode()
    assert "As La Longue Veille will read it" in checked
    assert "Hello La Longue Veille" in checked
    refused = nora.post(at, {"text": "Hello {Firstname}"})
    assert refused.status_code == 422
    assert "{Firstname} is not a token. Did you mean {firstName}?" in refused.content.decode()
    assert ">Hello {Firstname}</textarea>" in refused.content.decode()
    assert MessageRun.objects.count() == 0

    answered = nora.post(at, {"text": "Hello {mpname}"})

    made = MessageRun.objects.get()
    assert answered["Location"] == f"/w/halden/inbox/runs/{made.run_id}"
    assert "Waiting for its turn" in nora.get(answered["Location"], headers=HTMX).content.decode()
    carry_out(made.pk)
    assert nora.get(answered["Location"], headers=HTMX)["HX-Refresh"] == "true"
    result = nora.get(answered["Location"]).content.decode()
    assert "1 message sent, 1 held back" in " ".join(re.sub(r"<[^>]*>", "", result).split())
    assert Message.objects.get().text == "Hello La Longue Veille"
