"""Notices by e-mail: a moment later, several in one, none of what was read; and whom an opt-out stops."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from overture.accounts.choose_notices import choose_notices as choose_for_member
from overture.accounts.models import Membership
from overture.conversations import notice_jobs, notice_letters
from overture.conversations.answer import answer, begin
from overture.conversations.block import block
from overture.conversations.edit import withdraw
from overture.conversations.models import Conversation, Message
from overture.conversations.notice_letters import stop_link
from overture.conversations.notify import WAIT, daily, settle
from overture.conversations.post import post
from overture.conversations.read import read
from overture.delivery.suppress import suppress
from overture.directory.models import Partner, PartnerInvitation, PartnerUser
from overture.directory.partner_users import choose_notices
from overture.prospects.models import Prospect
from tests import factories
from tests.conversations.cast import Portal, file, portal, talk, user_of
from tests.portal.people import run_letters
from tests.world import World


@pytest.fixture
def veille(world: World) -> Portal:
    return portal(world)


def send(after: timedelta = WAIT) -> list[Any]:
    """What the worker does that much later: the letters that left."""
    settle(timezone.now() + after)
    return _run()


def _run() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE task_name LIKE 'overture.conversations.notice_jobs.%%'"
            " RETURNING id, task_name, args"
        )
        waiting = sorted(cursor.fetchall())
    before = len(mail.outbox)
    for _id, name, args in waiting:
        values = args if isinstance(args, dict) else json.loads(args)
        getattr(notice_jobs, name.rpartition(".")[2])(**values)
    return mail.outbox[before:]


def _mine() -> PartnerUser:
    return PartnerUser.objects.select_related("user", "partner").get(user__email="elise@veille.example")


def test_a_message_waits_a_moment_and_is_told_once(world: World, veille: Portal) -> None:
    row, _ = talk(world.nora, veille.partner, "Linen **soon**?")
    assert send(timedelta(seconds=60)) == []
    [letter] = send()
    assert (letter.to, letter.subject) == (["elise@veille.example"], "New message from Halden & Rowe")
    assert "Nora Lindqvist:\nLinen **soon**?" in letter.body
    assert f"https://overture.test/partner/{veille.partner.pk}/inbox/{row.pk}" in letter.body
    html, _kind = letter.alternatives[0]
    assert "Linen <strong>soon</strong>?</p>" in html
    assert send(timedelta(days=1)) == []


def test_the_letter_says_that_a_machine_wrote_it_and_how_to_stop_it(world: World, veille: Portal) -> None:
    talk(world.nora, veille.partner)
    [letter] = send()
    told = letter.message()
    stop = stop_link(_mine())
    assert {name: told[name] for name in ("Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post")} == {
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert [part.get_content_type() for part in told.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_several_messages_of_several_brands_come_in_one_letter(world: World, veille: Portal) -> None:
    factories.prospect(world.stranger, partner=veille.partner)
    talk(world.nora, veille.partner, "One")
    for number in range(4):
        post(world.nora, veille.partner, f"More {number}")
    talk(world.stranger, veille.partner, "Two")
    # Of the last one the wait is not over, but it comes along.
    Message.objects.filter(text="Two").update(created_at=timezone.now() + timedelta(seconds=90))
    [letter] = send()
    assert letter.subject == "New messages from Halden & Rowe, Northwind"
    assert [text in letter.body for text in ("One", "More 1", "More 2", "Two")] == [True, True, False, True]
    assert "and 2 more messages" in letter.body
    assert send(timedelta(hours=1)) == []


def test_what_was_read_withdrawn_or_stopped_is_not_told(world: World, veille: Portal) -> None:
    row, message = talk(world.nora, veille.partner)
    read(Conversation.objects.get(pk=row.pk), user=veille.elise)
    assert send() == []
    again = post(world.nora, veille.partner, "Oops")
    withdraw(again, member=world.nora)
    assert send() == []
    post(world.nora, veille.partner, "Read between")
    settle(timezone.now() + WAIT)
    read(Conversation.objects.get(pk=row.pk), user=veille.elise)
    assert _run() == []
    post(world.nora, veille.partner, "Stopped")
    block(veille.elise, Conversation.objects.get(pk=row.pk))
    assert send() == []
    assert message.text == "Hello"


def test_each_of_a_partners_people_is_told_in_their_language(world: World, veille: Portal) -> None:
    zoe = user_of(veille.partner, "zoe@veille.example", "Zoé")
    type(zoe).objects.filter(pk=zoe.pk).update(language="fr")
    talk(world.nora, veille.partner)
    told = {letter.to[0]: letter.subject for letter in send()}
    assert told == {
        "elise@veille.example": "New message from Halden & Rowe",
        "zoe@veille.example": "Nouveau message de Halden & Rowe",
    }


def test_files_are_counted_and_neither_named_nor_sent(world: World, veille: Portal) -> None:
    given = file("salaries.pdf", member=world.nora, workspace=world.brand)
    post(world.nora, veille.partner, "", [given])
    [letter] = send()
    assert ("(1 file)" in letter.body, "salaries" in letter.message().as_string()) == (True, False)
    assert letter.attachments == []


def test_none_is_none_and_daily_is_once_a_day(world: World, veille: Portal) -> None:
    choose_notices(_mine(), "none")
    talk(world.nora, veille.partner, "Unheard")
    assert send() == []
    choose_notices(_mine(), "daily")
    post(world.nora, veille.partner, "First")
    post(world.nora, veille.partner, "Second")
    assert send() == []
    daily()
    [letter] = _run()
    assert [text in letter.body for text in ("Unheard", "First", "Second")] == [False, True, True]
    daily()
    assert _run() == []


def test_an_opt_out_from_outreach_stops_notices_unless_they_were_chosen(world: World, veille: Portal) -> None:
    suppress(world.nora, "Elise@veille.example", reason="opted_out")
    factories.prospect(world.stranger, partner=veille.partner)
    talk(world.nora, veille.partner, "From who may not")
    talk(world.stranger, veille.partner, "From who may")
    [letter] = send()
    assert ("From who may not" in letter.body, "From who may" in letter.body) == (False, True)
    choose_notices(_mine(), "at_once")
    post(world.nora, veille.partner, "Asked for")
    [letter] = send()
    assert "Asked for" in letter.body


def test_the_brand_tells_who_looks_after_the_partner(world: World, veille: Portal) -> None:
    row, _ = talk(world.camille, veille.partner)
    Prospect.objects.filter(pk=veille.prospect.pk).update(owner=world.victor, name="Our name for it")
    answer(veille.elise, row, "With pleasure")
    told = {letter.to[0]: letter for letter in send() if letter.to != ["elise@veille.example"]}
    # Who owns it, who wrote last; not who administers.
    assert sorted(told) == ["camille@halden.example", "victor@halden.example"]
    letter = told["victor@halden.example"]
    assert letter.subject == "New message from Our name for it"
    assert "Élise Vauquelin:\nWith pleasure" in letter.body
    assert f"https://overture.test/w/halden/inbox/{row.pk}" in letter.body


def test_where_nobody_looks_after_it_administrators_are_told(world: World, veille: Portal) -> None:
    type(world.brand).objects.filter(pk=world.brand.pk).update(is_open_to_partners=True)
    world.brand.refresh_from_db()
    begin(veille.elise, veille.partner, world.brand, "May I introduce us?")
    assert [letter.to for letter in send()] == [["nora@halden.example"]]


def test_a_member_who_left_read_it_or_wants_none_is_not_told(world: World, veille: Portal) -> None:
    row, _ = talk(world.camille, veille.partner)
    send()
    answer(veille.elise, row, "One")
    read(Conversation.objects.get(pk=row.pk), member=world.camille)
    assert send() == []
    choose_for_member(world.camille, "none")
    answer(veille.elise, row, "Two")
    assert send() == []
    choose_for_member(world.camille, "daily")
    answer(veille.elise, row, "Three")
    assert send() == []
    daily()
    [letter] = _run()
    assert ("Two" in letter.body, "Three" in letter.body) == (False, True)
    Membership.objects.filter(pk=world.camille.pk).update(notify="at_once", removed_at=timezone.now())
    answer(veille.elise, row, "Four")
    assert [letter.to for letter in send()] == [["nora@halden.example"]]


def test_spam_is_told_to_nobody(world: World, veille: Portal) -> None:
    row, _ = talk(world.nora, veille.partner)
    send()
    Conversation.objects.update(spam_at=timezone.now())
    answer(veille.elise, row, "Buy")
    assert send() == []


def test_a_partner_without_people_is_asked_by_the_address_of_its_account(world: World) -> None:
    partner = factories.partner(name="Lin", has_messaging=True)
    factories.contact(partner, "zoe@lin.example")
    factories.prospect(world.nora, partner=partner)
    talk(world.nora, partner, "Secret until it is claimed")
    assert send() == []
    assert run_letters() == 1
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["zoe@lin.example"], "Halden & Rowe invites Lin to Overture")
    assert "Secret" not in letter.message().as_string()
    # Once a week at most, however much is written.
    PartnerInvitation.objects.update(created_at=timezone.now() - timedelta(days=6))
    post(world.nora, partner, "More")
    send()
    assert run_letters() == 0
    PartnerInvitation.objects.update(created_at=timezone.now() - timedelta(days=8))
    post(world.nora, partner, "More")
    send()
    assert run_letters() == 1


def test_a_bulk_message_asks_no_more_partners_than_a_day_allows(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_letters, "MOST_ASKED", 2)
    for number in range(4):
        partner = factories.partner(name=f"Lin {number}", has_messaging=True)
        factories.contact(partner, f"zoe@lin{number}.example")
        factories.prospect(world.nora, partner=partner)
        talk(world.nora, partner)
    send()
    assert run_letters() == 2


def test_a_partner_without_people_that_opted_out_is_not_asked(world: World) -> None:
    partner = factories.partner(name="Lin", has_messaging=True)
    factories.contact(partner, "zoe@lin.example")
    factories.contact(partner, "brought@lin.example", world.nora)
    factories.prospect(world.nora, partner=partner)
    suppress(world.nora, "zoe@lin.example", reason="opted_out")
    talk(world.nora, partner)
    send()
    assert (run_letters(), PartnerInvitation.objects.count()) == (0, 0)


def test_old_messages_are_settled_without_a_letter(world: World, veille: Portal) -> None:
    talk(world.nora, veille.partner)
    assert send(timedelta(days=8)) == []
    assert Message.objects.get().noticed_at is not None


def test_the_link_stops_notices_by_one_press(world: World, veille: Portal) -> None:
    for reader, where in (
        (_mine(), f"/partner/{veille.partner.pk}/settings"),
        (world.camille, "/w/halden/notices/emails"),
    ):
        path = stop_link(reader).removeprefix("https://overture.test")
        client = Client(enforce_csrf_checks=True)
        page = client.get(path)
        assert (page.status_code, page.cookies, page["Cache-Control"]) == (200, {}, "no-store")
        reader.refresh_from_db()
        assert (reader.notify, where in page.content.decode()) == ("at_once", True)
        answer = client.post(path, {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, answer.content, answer.cookies) == (200, b"", {})
        reader.refresh_from_db()
        assert reader.notify == "none"
        assert "You get no more notices" in client.get(path).content.decode()
        for wrong in (path + "A", path[:-1], "/n/nonsense", "/n/p", "/n/m", path.replace("/n/p", "/n/m")):
            if wrong != path:
                assert client.post(wrong).status_code == 404, wrong
    assert Client().put("/n/nonsense").status_code == 405


def test_who_left_gets_no_link_any_more(world: World, veille: Portal) -> None:
    path = stop_link(_mine()).removeprefix("https://overture.test")
    PartnerUser.objects.update(removed_at=timezone.now())
    assert Client().post(path).status_code == 404


def test_as_many_queries_for_three_as_for_one(world: World, veille: Portal) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            settle(timezone.now() + WAIT)
        connection.cursor().execute("DELETE FROM procrastinate_jobs")
        return len(captured)

    talk(world.nora, veille.partner)
    one = queries()
    for number in range(3):
        post(world.nora, veille.partner, str(number))
    assert queries() == one
    assert Partner.objects.count() == 1
