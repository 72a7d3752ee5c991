"""What each side reads in a thread, how far each came, and what may be changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from overture.conversations.answer import answer
from overture.conversations.draft import draft_of, save_draft
from overture.conversations.edit import edit, withdraw
from overture.conversations.errors import MessageError
from overture.conversations.models import Conversation, Message, ReadUpTo, ThreadWords, Unread
from overture.conversations.post import post
from overture.conversations.read import read, unread_again, unread_count, unread_count_of_user
from overture.conversations.thread import Entry, Part, Thread, thread_of_brand, thread_of_partner
from overture.delivery.models import Delivery, Mailing, Manifest
from overture.mailboxes.models import Mailbox
from tests.conversations.cast import Portal, file, portal, talk
from tests.world import World


def told(entries: list[Entry]) -> list[tuple[str, str, bool]]:
    return [(each.kind, each.who, each.is_mine) for each in entries]


def emailed(
    world: World, veille: Portal, address: str = "elise@veille.example", **fields: object
) -> Delivery:
    """One that left to this address, of a mailing to many."""
    from django.conf import settings

    from overture.lib import addresses

    mailbox = Mailbox.objects.create(
        workspace=world.brand, address="nora@halden.example", address_key="m" * 32, host="127.0.0.1", port=1
    )
    mailing = Mailing.objects.create(
        workspace=world.brand, author=world.nora, approved_by=world.nora, mailbox=mailbox, state="done"
    )
    manifest = Manifest.objects.create(
        mailing=mailing, draft_version=1, mailbox=mailbox, sender_address=mailbox.address,
        sender_name="Nora from Halden", subject="A winter feature for {mpname}?",
        content=f"<p>Hello {{firstName}},</p><p>{'our winter weights launch soon ' * 10}</p>", language="en",
        contact_policy="hold", brand=world.brand.name, postal_address="Paris",
    )  # fmt: skip
    return Delivery.objects.create(
        workspace=world.brand, mailing=mailing, manifest=manifest, prospect=veille.prospect,
        partner=veille.partner, address=address, mpid=veille.partner.pk,
        address_key=addresses.key(addresses.parse(address), settings.ADDRESS_KEY),
        company_name="La Longue Veille", first_name="Élise", attempts=1,
        **{"state": "sent", "sent_at": timezone.now(), "first_tried_at": timezone.now(), **fields},
    )  # fmt: skip


def test_messages_and_emails_stand_in_one_thread_by_time_with_day_marks(world: World) -> None:
    veille = portal(world)
    delivery = emailed(world, veille, sent_at=timezone.now() - timedelta(days=3))
    conversation, first = talk(world.nora, veille.partner, "**Hi**")
    answer(veille.elise, conversation, "Bonjour", [file()])

    mine = thread_of_brand(conversation, world.nora)
    theirs = thread_of_partner(conversation, veille.elise)

    assert told(mine) == [
        ("day", "", False),
        ("email", "Nora Lindqvist", True),
        ("day", "", False),
        ("message", "Nora Lindqvist", True),
        ("event", "Nora Lindqvist", False),
        ("message", "Élise Vauquelin", False),
    ]
    assert told(theirs) == [
        ("day", "", False),
        ("email", "Nora from Halden", False),
        ("day", "", False),
        ("message", "Nora Lindqvist", False),
        ("message", "Élise Vauquelin", True),
    ]
    email = mine[1].email
    assert email is not None
    assert (email.subject, email.to, email.is_of_many) == (
        "A winter feature for La Longue Veille?", "e•••@veille.example", True,
    )  # fmt: skip
    assert email.excerpt.startswith("Hello Élise, our winter weights")
    assert email.excerpt.endswith("…")
    assert email.number == delivery.pk
    assert (mine[3].html, mine[3].number, mine[3].is_own) == (
        '<p dir="auto"><strong>Hi</strong></p>', first.pk, True,
    )  # fmt: skip
    assert [each.name for each in mine[5].files] == ["rates.pdf"]


def test_a_partners_user_sees_their_own_emails_only_and_not_that_others_got_them(world: World) -> None:
    veille = portal(world)
    emailed(world, veille, "redaction@veille.example")
    conversation, _ = talk(world.nora, veille.partner)
    assert [each.kind for each in thread_of_partner(conversation, veille.elise)] == ["day", "message"]

    own = emailed(world, veille, sent_at=None, state="failed")
    assert [each.kind for each in thread_of_partner(conversation, veille.elise)] == ["day", "message"]
    Delivery.objects.filter(pk=own.pk).update(sent_at=timezone.now(), state="sent")
    seen = thread_of_partner(conversation, veille.elise)[-1].email
    assert seen is not None
    assert (seen.mailing, seen.state, seen.is_of_many, seen.to) == (0, "", False, "elise@veille.example")


def test_emails_name_their_files_to_both_sides(world: World) -> None:
    """The brand opens them; who got the e-mail has them there, and reads their names here."""
    veille = portal(world)
    conversation, _ = talk(world.nora, veille.partner)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            thread_of_brand(conversation, world.nora)
        return len(queries)

    emailed(world, veille).manifest.attachments.add(file("a.pdf"))
    asked()  # the conversation keeps its prospect
    once = asked()
    emailed(world, veille).manifest.attachments.add(file("b.pdf"), file("c.pdf"))
    assert asked() == once
    mine = thread_of_brand(conversation, world.nora)
    assert [[each.name for each in entry.files] for entry in mine if entry.email] == [
        ["a.pdf"], ["b.pdf", "c.pdf"],
    ]  # fmt: skip
    theirs = thread_of_partner(conversation, veille.elise)
    assert [(entry.files, entry.email.file_names) for entry in theirs if entry.email] == [
        ((), ("a.pdf",)), ((), ("b.pdf", "c.pdf")),
    ]  # fmt: skip


def test_names_of_the_partners_side_are_never_addresses(world: World) -> None:
    """A member without a name is the brand to the partner, a user without one the partner to the brand."""
    veille = portal(world)
    for user in (world.nora.user, veille.elise):
        user.name = ""
        user.save(update_fields=["name"])
    conversation, _ = talk(world.nora, veille.partner)
    answer(veille.elise, conversation, "Bonjour")
    assert [each.who for each in thread_of_partner(conversation, veille.elise)[1:]] == [
        "Halden & Rowe", "La Longue Veille",
    ]  # fmt: skip
    assert thread_of_brand(conversation, world.camille)[-1].who == "La Longue Veille"


def test_days_are_those_of_the_reader(world: World) -> None:
    veille = portal(world)
    conversation, message = talk(world.nora, veille.partner)
    late = timezone.now().replace(hour=23, minute=30)
    Message.objects.filter(pk=message.pk).update(created_at=late)
    utc = thread_of_partner(conversation, veille.elise)
    paris = thread_of_partner(conversation, veille.elise, Part(zone="Europe/Paris"))
    assert [each.at.day for each in utc] == [late.day] * 2
    assert [each.at.day for each in paris] == [(late + timedelta(hours=1)).day] * 2


def test_older_entries_come_page_by_page(world: World) -> None:
    veille = portal(world)
    conversation, _ = talk(world.nora, veille.partner, "0")
    for number in range(1, 7):
        post(world.nora, veille.partner, str(number))
    newest = thread_of_partner(conversation, veille.elise, Part(size=3))
    before = thread_of_partner(conversation, veille.elise, Part(size=3, before=newest.earlier))
    first = thread_of_partner(conversation, veille.elise, Part(size=3, before=before.earlier))
    texts = [[each.text for each in part if each.kind == "message"] for part in (first, before, newest)]
    assert texts == [["0"], ["1", "2", "3"], ["4", "5", "6"]]
    assert (newest.earlier, first.earlier) == (newest[1].at, None)


def test_a_thread_asks_as_often_whatever_its_length(world: World) -> None:
    veille = portal(world)
    emailed(world, veille)
    conversation, _ = talk(world.nora, veille.partner)
    answer(veille.elise, conversation, "Hi", [file("1.pdf")])

    def queries(read_by: Callable[[Conversation], Thread]) -> int:
        fresh = Conversation.objects.select_related("workspace", "partner", "prospect").get()
        with CaptureQueriesContext(connection) as asked:
            read_by(fresh)
        return len(asked)

    def both() -> tuple[int, int]:
        return (
            queries(lambda fresh: thread_of_brand(fresh, world.nora)),
            queries(lambda fresh: thread_of_partner(fresh, veille.elise)),
        )

    read(conversation, user=veille.elise)
    few = both()
    for number in range(3):
        talk(world.camille, veille.partner)
        answer(veille.elise, conversation, "Hi", [file(f"{number}0.pdf")])
    Mailbox.objects.all().update(address_key="n" * 32)
    emailed(world, veille)
    conversation.refresh_from_db()
    for member in (world.nora, world.camille):
        read(conversation, member=member)
    assert both() == few


def test_receipts_stand_under_the_newest_message_read(world: World) -> None:
    veille = portal(world)
    talk(world.nora, veille.partner, "1")
    conversation, _ = talk(world.nora, veille.partner, "2")
    assert read(conversation, user=veille.elise) is True
    talk(world.nora, veille.partner, "3")

    entries = [each for each in thread_of_brand(conversation, world.nora) if each.kind == "message"]
    read_at = ReadUpTo.objects.get().read_at
    assert [[(r.name, r.at) for r in each.read_by] for each in entries] == [
        [], [("Élise Vauquelin", read_at)], [],
    ]  # fmt: skip


def test_the_partner_is_told_the_name_of_who_wrote_and_of_nobody_else(world: World) -> None:
    veille = portal(world)
    conversation, _ = talk(world.nora, veille.partner)
    answer(veille.elise, conversation, "Bonjour")
    names = []
    for member in (world.camille, world.victor, world.nora):
        read(conversation, member=member)
        names.append([r.name for r in thread_of_partner(conversation, veille.elise)[-1].read_by])
    assert names == [["Halden & Rowe"], ["Halden & Rowe"], ["Halden & Rowe", "Nora Lindqvist"]]


def test_reading_is_each_persons_own_and_tells_once(world: World) -> None:
    veille = portal(world)
    conversation, _ = talk(world.nora, veille.partner)
    answer(veille.elise, conversation, "Bonjour")
    assert [unread_count(each) for each in (world.nora, world.camille, world.stranger)] == [1, 1, 0]
    assert unread_count_of_user(veille.elise) == 1
    version = conversation.version

    assert (read(conversation, member=world.nora), read(conversation, member=world.nora)) == (True, False)
    assert read(conversation, user=veille.elise) is True

    conversation.refresh_from_db()
    assert [unread_count(each) for each in (world.nora, world.camille)] == [0, 1]
    assert unread_count_of_user(veille.elise) == 0
    assert conversation.version == version + 2
    unread_again(world.nora, conversation)
    assert unread_count(world.nora) == 1


def test_what_came_in_since_the_page_was_drawn_stays_unread(world: World) -> None:
    veille = portal(world)
    conversation, _ = talk(world.nora, veille.partner)
    answer(veille.elise, conversation, "One")
    drawn = Conversation.objects.get()
    answer(veille.elise, Conversation.objects.get(), "Two")
    read(drawn, member=world.nora)
    assert unread_count(world.nora) == 1
    assert ReadUpTo.objects.get().up_to == drawn.last_in_at
    assert Unread.objects.filter(member=world.nora).get().at > drawn.last_in_at


def test_who_wrote_changes_or_withdraws_it_within_ten_minutes(world: World) -> None:
    veille = portal(world)
    conversation, message = talk(world.nora, veille.partner, "Helo thereabouts")
    files = answer(veille.elise, conversation, "Secret plan", [file()])

    edit(message, "Hello", member=world.nora)
    withdraw(files, user=veille.elise)

    message.refresh_from_db()
    files.refresh_from_db()
    assert (message.text, message.edited_at is not None) == ("Hello", True)
    assert (files.text, files.withdrawn_at is not None, files.attachments.count()) == ("", True, 0)
    conversation.refresh_from_db()
    assert conversation.version == 4
    words = ThreadWords.objects.get().texts
    assert words == "'hello'"
    shown = thread_of_brand(conversation, world.camille)[-1]
    assert (shown.is_withdrawn, shown.html, shown.files) == (True, "", ())


def test_nobody_else_and_nobody_later_changes_a_message(world: World) -> None:
    veille = portal(world)
    conversation, message = talk(world.nora, veille.partner)
    for who in ({"member": world.camille}, {"user": veille.elise}, {"user": world.nora.user}):
        with pytest.raises(PermissionDenied):
            edit(message, "Other", **who)  # type: ignore[arg-type]
        with pytest.raises(PermissionDenied):
            withdraw(message, **who)  # type: ignore[arg-type]
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - timedelta(minutes=10))
    with pytest.raises(MessageError, match="too_late"):
        edit(message, "Other", member=world.nora)
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now(), withdrawn_at=timezone.now())
    with pytest.raises(MessageError, match="withdrawn"):
        edit(message, "Other", member=world.nora)
    assert Message.objects.get(pk=message.pk).text == "Hello"
    assert thread_of_brand(conversation, world.nora)[-2].can_change is False


def test_drafts_are_kept_as_one_types_for_each_person(world: World) -> None:
    veille = portal(world)
    held = file()
    save_draft(veille.partner, "Bon", [held], member=world.nora)
    save_draft(veille.partner, "Bonjour", member=world.nora)
    save_draft(veille.partner, "Oui", user=veille.elise, workspace=world.brand)

    draft = draft_of(veille.partner, member=world.nora)
    assert draft is not None
    assert (draft.text, list(draft.attachments.all())) == ("Bonjour", [held])
    assert draft_of(veille.partner, member=world.camille) is None
    theirs = draft_of(veille.partner, user=veille.elise, workspace=world.brand)
    assert theirs is not None
    assert theirs.text == "Oui"
    assert save_draft(veille.partner, " ", member=world.nora) is not None  # the file is still held
    assert save_draft(veille.partner, " ", [], member=world.nora) is None
    assert draft_of(veille.partner, member=world.nora) is None
