"""The Junk folder: what proves to be ours counts there, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from overture.conversations.models import Message
from overture.delivery.models import Delivery, Suppression
from overture.inbound import read
from overture.inbound.coverage import folders_of
from overture.inbound.models import Folder, Mail, Reading, SentCopy
from overture.inbound.place import unplaced
from overture.mailboxes.models import Mailbox
from overture.prospects.models import Wrote
from tests.api.caller import caller
from tests.delivery.cast import prospects
from tests.delivery.cast import sent as send
from tests.delivery.workers import until
from tests.inbound.cast import NORA, answer, read_mailbox
from tests.inbound.conftest import Watching
from tests.inbound.taking import AT, Sent, come, sent
from tests.servers.dovecot import JUNK, Dovecot
from tests.web.signed_in import client_of
from tests.world import World


@pytest.fixture
def here(world: World, files: Any) -> Sent:
    """All that contacts write to this mailbox is shared, so that its inbox takes it without proof."""
    found = sent(world, shares_other_mail=True)
    folder = Folder.objects.create(mailbox=found.mailbox, name="Junk", role="junk", uidvalidity=7)
    return found._replace(folder=folder)


def replied(here: Sent) -> Any:
    return Delivery.objects.values_list("replied_at", flat=True).get(pk=here.delivery.pk)


def test_a_reply_counts_and_is_marked_on_page_and_in_the_api(world: World, here: Sent) -> None:
    mail = come(here, "reply-plain")
    assert mail is not None
    assert (mail.folder, mail.kind, mail.state, replied(here)) == ("junk", "reply", "matched", AT)
    conversation = Message.objects.get(received__was_in_junk=True).conversation_id
    page = client_of(world.nora).get(f"/w/halden/inbox/{conversation}").content.decode()
    assert "It was in the Junk folder" in page
    entries = caller(world.nora).get(f"/conversations/{conversation}/thread")["items"]
    assert [each["received"]["was_in_junk"] for each in entries if each["received"]] == [True]


def test_what_came_to_the_inbox_is_not_marked(world: World, here: Sent) -> None:
    come(here._replace(folder=Folder(mailbox=here.mailbox, role="inbox", uidvalidity=7)), "reply-plain")
    conversation = Message.objects.get(received__was_in_junk=False).conversation_id
    assert "Junk" not in client_of(world.nora).get(f"/w/halden/inbox/{conversation}").content.decode()


def test_an_answer_to_a_learned_id_counts(here: Sent) -> None:
    SentCopy.objects.create(mailbox=here.mailbox, delivery=here.delivery, message_id="given@provider.example")
    mail = come(here, "reply-plain", our_id="given@provider.example")
    assert (mail and mail.delivery, replied(here)) == (here.delivery, AT)


@pytest.mark.parametrize("id_of", ["stranger", "forged"])
def test_a_contacts_address_is_no_proof(world: World, here: Sent, id_of: str) -> None:
    given = "nobody@veille.example" if id_of == "stranger" else here.forged_id
    assert come(here, "reply-plain", our_id=given) is None
    assert (Mail.objects.count(), Message.objects.count(), Wrote.objects.count()) == (0, 0, 0)
    assert (replied(here), list(unplaced(world.nora))) == (None, [])


def test_reports_count_with_proof_alone(world: World, here: Sent) -> None:
    assert come(here, "forged-bounce") is None
    assert (Mail.objects.count(), Suppression.objects.count(), list(unplaced(world.nora))) == (0, 0, [])
    mail = come(here, "bounce-postfix-unknown", uid=2)
    assert mail is not None
    assert (mail.kind, mail.state, Suppression.objects.get().reason) == ("bounce", "matched", "bounced")


def test_an_automatic_answer_is_no_reply_there_either(here: Sent) -> None:
    mail = come(here, "automatic-french")
    assert (mail and mail.kind, replied(here)) == ("automatic", None)


def test_page_and_api_name_the_folders_that_are_read(world: World, here: Sent) -> None:
    path = f"/w/halden/settings/mailboxes/{here.mailbox.pk}"
    assert "Inbox, Junk (spam)" in client_of(world.nora).get(path).content.decode()
    world.nora.user.language = "fr"
    world.nora.user.save()
    page = client_of(world.nora).get(path).content.decode()
    assert "Boîte de réception, Indésirables (spam)" in page
    assert caller(world.nora).get(f"/mailboxes/{here.mailbox.pk}")["folders"] == ["inbox", "junk"]
    assert "Parmi les indésirables, seuls comptent" in page
    Folder.objects.filter(role="junk").update(name="")
    page = client_of(world.nora).get(path).content.decode()
    assert ("Dossiers lus" in page, "indésirables" in page) == (True, False)
    Mailbox.objects.update(reads=False)
    assert "Dossiers lus" not in client_of(world.nora).get(path).content.decode()
    assert caller(world.nora).get(f"/mailboxes/{here.mailbox.pk}")["folders"] == []


# At a real Dovecot, whose Junk folder is known by SPECIAL-USE alone.


@pytest.fixture
def deliveries(live: World, dovecot: Dovecot) -> list[Delivery]:
    read_mailbox(live.nora, dovecot, shares_other_mail=True)
    prospects(live.nora, 3)
    send(live.nora)
    Delivery.objects.update(state="sent")
    return list(Delivery.objects.order_by("pk"))


def spam(delivery: Delivery) -> bytes:
    """Somebody wrote it under a contact's address."""
    return (
        f"Message-ID: <win@casino.example>\r\nDate: Thu, 26 Nov 2026 11:00:00 +0000\r\n"
        f"From: {delivery.address}\r\nTo: {NORA}\r\nSubject: You won\r\n\r\nClick here.\r\n"
    ).encode()


def read_since(moment: Any) -> bool:
    roles = Folder.objects.filter(read_up_to__gt=moment).values_list("role", flat=True)
    return set(roles) == {"inbox", "sent", "junk"}


def read_again() -> None:
    moment = timezone.now()
    until(lambda: read_since(moment), what="one more look at each folder")


def told() -> list[tuple[str, str, str]]:
    """Of each mail: the folder it came from, its kind and its words in the thread."""
    rows = Mail.objects.order_by("pk")
    return [(each.folder, each.kind, each.message.text) for each in rows.select_related("message")]


@pytest.mark.slow
def test_a_reply_in_junk_comes_to_its_thread_once_and_spam_never(
    deliveries: list[Delivery], dovecot: Dovecot, live: World, watching: Watching
) -> None:
    dovecot.deliver(NORA, spam(deliveries[1]), answer(deliveries[0], text="Gladly."), folder=JUNK)
    with watching():
        until(lambda: Mail.objects.count() == 1, what="the reply")
        read_again()
        assert told() == [("junk", "reply", "Gladly.")]
        assert (Message.objects.filter(way="email").count(), list(unplaced(live.nora))) == (1, [])
        assert (dovecot.seen(NORA, JUNK), len(dovecot.mails(NORA, JUNK))) == (0, 2)

        # Its owner says that it is none: it is known, and the other is mail like any other from then on.
        dovecot.doveadm("move", "-u", NORA, "INBOX", "mailbox", JUNK, "ALL")
        until(lambda: Mail.objects.count() == 2, what="what is no spam")
        read_again()
        dovecot.deliver(NORA, answer(deliveries[2], text="Later."), folder=JUNK)
        until(lambda: Mail.objects.count() == 3, what="what comes to the folder later")
    assert told() == [
        ("junk", "reply", "Gladly."),
        ("inbox", "other", "Click here."),
        ("junk", "reply", "Later."),
    ]
    mailbox = Mailbox.objects.get()
    assert folders_of([mailbox]) == {mailbox.pk: ["inbox", "sent", "junk"]}
    assert Folder.objects.get(role="junk").name == JUNK


@pytest.mark.slow
def test_what_cannot_be_taken_from_junk_does_not_keep_the_inbox_waiting(
    deliveries: list[Delivery], dovecot: Dovecot, watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, is_full = read.take, [True]

    def full_disk(mailbox: Mailbox, folder: Folder, *rest: Any) -> Mail | None:
        if folder.role == "junk" and is_full:
            raise OSError("no space left")
        return real(mailbox, folder, *rest)

    monkeypatch.setattr(read, "take", full_disk)
    dovecot.deliver(NORA, answer(deliveries[0]), folder=JUNK)
    dovecot.deliver(NORA, answer(deliveries[1]))
    with watching():
        until(lambda: Folder.objects.filter(role="inbox", read_up_to__isnull=False).exists(), what="coverage")
        junk = Folder.objects.get(role="junk")
        assert (junk.reason, junk.last_uid, Reading.objects.get().reason) == ("mail_not_taken", 0, "")
        assert [each.folder for each in Mail.objects.all()] == ["inbox"]
        is_full.clear()
        until(lambda: Mail.objects.count() == 2, what="the one that could not be taken")
        read_again()
    assert Folder.objects.get(role="junk").reason == ""
