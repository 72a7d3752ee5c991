"""Answers as real mail programs write them, on the whole road: what each does to thread, ledger and files."""

from __future__ import annotations

import email
import json
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from overture.activity.models import Activity
from overture.conversations.models import Message, Unread
from overture.conversations.notify import settle
from overture.delivery.models import Delivery, Suppression
from overture.directory.models import Contact
from overture.files.models import Attachment
from overture.inbound.models import Mail
from overture.prospects.models import Prospect, Wrote
from overture.webhooks.edit import make
from tests.delivery.cast import crowd, sent
from tests.delivery.workers import until, worker
from tests.fakes.receiver import Receiver, receiving
from tests.inbound.cast import NORA, read_mailbox
from tests.inbound.samples import EICAR, sample
from tests.inbound.test_parse import AWAY, SAID
from tests.servers.road import Road, road
from tests.world import World

pytestmark = pytest.mark.slow
ANSWERS = [name for name in SAID if name.startswith("reply-")]
NAMES = [*ANSWERS, *AWAY]
# Written from the address of a contact, in no answer to anything.
NO_REPLY = {"reply-names-nothing"}


@pytest.fixture
def receiver(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    settings.OVERTURE_ALLOW_PRIVATE_WEBHOOK_HOSTS = True
    monkeypatch.setenv("OVERTURE_ALLOW_PRIVATE_WEBHOOK_HOSTS", "1")
    with receiving() as server:
        yield server


def test_each_is_in_its_thread_with_what_follows_from_it(
    live: World, scanner: Any, receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERTURE_CLAMD", scanner.address)
    make(live.nora, receiver.url("/ok"), ["reply.received", "stage.changed", "file.blocked"])
    expected = {
        "reply.received": len(ANSWERS) - len(NO_REPLY), "file.blocked": 1,
        "to outreach": len(NAMES), "to negotiating": len(ANSWERS),
    }  # fmt: skip
    with road() as way:
        read_mailbox(live.nora, way.dovecot, way.postfix.port)
        crowd(live.nora, len(NAMES))
        sent(live.nora)
        with worker(tmp_path):
            until(lambda: len(way.far.messages()) == len(NAMES), what="letters")
            for name, to in zip(NAMES, _letters(way), strict=True):
                way.bring(NORA, to, _answer(name, to, _letters(way)[to]))
            until(lambda: Mail.objects.count() == len(NAMES), what="answers")
            until(lambda: not Attachment.objects.filter(stored__state="pending").exists(), what="verdicts")
            until(lambda: _told(receiver) == expected, what=f"webhooks, {expected}")
        assert way.dovecot.seen(NORA) == 0
    for name, to in zip(NAMES, sorted_addresses(), strict=True):
        _is_right(name, Prospect.objects.get(partner__contacts__address=to), to)
    assert Unread.objects.filter(member=live.nora).count() == len(ANSWERS)
    assert not Suppression.objects.exists()
    answers = Message.objects.filter(received__is_automatic=False)
    assert _noticed() == set(answers.values_list("pk", flat=True))
    _files_are_right(live)


def sorted_addresses() -> list[str]:
    return [f"jo{number}@x.example" for number in range(len(NAMES))]


def _letters(way: Road) -> dict[str, str]:
    """Message-ID by recipient, as the far end got it."""
    ids = {
        each.recipients[0]: str(email.message_from_bytes(each.content)["Message-ID"]).strip("<>")
        for each in way.far.messages()
    }
    return {to: ids[to] for to in sorted_addresses()}


def _answer(name: str, sender: str, our_id: str) -> bytes:
    raw = re.sub(rb"(?:elise|support)@veille\.example", sender.encode(), sample(name, our_id))
    return raw.replace(b64encode(b"EICAR-HERE"), b64encode(EICAR))


def _is_right(name: str, prospect: Prospect, address: str) -> None:
    message = Message.objects.get(conversation__prospect=prospect)
    mail, delivery = Mail.objects.get(message=message), Delivery.objects.get(prospect=prospect)
    contact = Contact.objects.get(partner=prospect.partner)
    wrote = Wrote.objects.filter(address_key=contact.address_key).values_list("at", flat=True).first()
    verbs = Counter(Activity.objects.filter(prospect=prospect).values_list("verb", flat=True))
    seen = (mail.kind, delivery.replied_at, prospect.stage, wrote, verbs["stage_moved"])
    assert (message.received.sender_address, mail.contact, mail.state) == (address, contact, "matched"), name
    assert delivery.bounced_at is None
    if name in AWAY:
        assert (message.received.is_automatic, message.received.away_until) == (True, AWAY[name]), name
        assert seen == ("automatic", None, "outreach", None, 1), name
        assert verbs["reply_received"] == verbs["email_received"] == 0
        return
    text, quoted = SAID[name]
    assert (message.text, message.received.quoted[: len(quoted)]) == (text, quoted), name
    assert bool(message.received.quoted) == bool(quoted), name
    kind, replied_at = ("other", None) if name in NO_REPLY else ("reply", mail.received_at)
    assert seen == (kind, replied_at, "negotiating", mail.received_at, 2), name
    told = "email_received" if name in NO_REPLY else "reply_received"
    assert verbs[told] == 1, name
    assert abs(message.created_at - mail.received_at) < timedelta(seconds=1)


def _told(receiver: Receiver) -> Counter[str]:
    """Events by the webhook; of changes of stage, which it tells together, each prospect."""
    found: Counter[str] = Counter()
    for each in (came.told for came in receiver.came):
        if each["type"] == "stage.changed":
            found[f"to {each['data']['to']}"] += len(each["data"]["prospects"])
        else:
            found[each["type"]] += 1
    return found


def _noticed() -> set[int]:
    """Messages that the next letter of notice is about."""
    settle(timezone.now() + timedelta(minutes=3))
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name LIKE '%tell_member'")
        found = [row[0] if isinstance(row[0], dict) else json.loads(row[0]) for row in cursor.fetchall()]
    return {number for each in found for number in each["messages"]}


def _files_are_right(world: World) -> None:
    kept = {each.name: each for each in Attachment.objects.all()}
    assert {name: each.state for name, each in kept.items()} == {
        "Tarifs été.pdf": "clean",
        "rates.csv": "infected",
    }
    client = Client()
    client.force_login(world.nora.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    opened = {}
    for name, each in kept.items():
        with closing(client.get(f"/w/halden/files/{each.pk}/x")) as answer:
            opened[name] = answer.status_code
    assert opened == {"Tarifs été.pdf": 200, "rates.csv": 409}
    others = {
        each["name"]: (each["scanned"], "EICAR" in each["virus"].upper())
        for message in Message.objects.filter(way="email")
        for each in message.received.other_files
    }
    assert others == {
        "terms.docx": (True, False), "invite.ics": (True, False),
        "invoice.zip": (True, True), "rates.txt": (True, True),
    }  # fmt: skip
