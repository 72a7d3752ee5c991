"""Nothing of a workspace's inside reaches a partner: marked secrets, and each byte the portal answers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.utils import timezone

from overture.accounts.models import Invitation, User
from overture.activity.record import record
from overture.ads.models import Ad
from overture.conversations import notice_jobs
from overture.conversations.answer import answer
from overture.conversations.draft import save_draft
from overture.conversations.models import Conversation, Message
from overture.conversations.notify import WAIT, daily, settle
from overture.conversations.post import post
from overture.delivery.suppress import suppress
from overture.directory.models import PartnerInvitation, PartnerUser
from overture.mailboxes.models import Mailbox
from overture.marketplace.models import Report, SavedSearch
from overture.prospects import note
from overture.prospects.models import Prospect
from overture.webhooks.models import Webhook
from tests import factories
from tests.conversations.cast import Portal, talk
from tests.conversations.test_thread import emailed
from tests.portal.people import person, picture, portal_of, run_letters
from tests.portal.test_doors import PORTAL_ROUTES, portal_rows
from tests.test_access import address
from tests.world import World, member

# Stands in everything that is the workspace's alone.
MARK = "Xyzzy"
_numbers = itertools.count(1)


def secret() -> str:
    return f"{MARK}{next(_numbers)}"


@pytest.fixture
def mine(world: World) -> PartnerUser:
    return person()


@pytest.fixture
def rows(world: World, mine: PartnerUser) -> dict[str, Any]:
    found = portal_rows(world, mine)
    prospect = Prospect.objects.get(partner=mine.partner)
    _fill(world, mine, prospect, Conversation.objects.get(pk=found["conversation"]))
    return found


def _fill(world: World, mine: PartnerUser, prospect: Prospect, row: Conversation) -> None:
    """Whatever a workspace can know, do and think about a partner, and about others."""
    silent = member(world.brand, f"{secret()}@halden.example", secret(), "manager")
    User.objects.filter(pk=world.nora.user_id).update(email=f"{secret()}@halden.example")
    Prospect.objects.filter(pk=prospect.pk).update(
        name=secret(), website=f"https://{secret()}.example", category=secret(), stage="negotiating",
        owner=silent,
    )  # fmt: skip
    factories.group(world.nora, secret(), prospect)
    note.add(world.nora, prospect, f"{secret()} @{silent.user.name}")
    custom = factories.contact(
        mine.partner, f"{secret()}@other.example", world.nora, first_name=secret(), title=secret()
    )
    factories.contact(mine.partner, "known@veille.example")
    Conversation.objects.filter(pk=row.pk).update(
        assignee=silent, snoozed_until=timezone.now() + timedelta(days=1), spam_at=None
    )
    save_draft(mine.partner, secret(), member=world.nora)
    save_draft(
        mine.partner, secret(), [picture(b"draft", f"{secret()}.png", member=world.nora)], member=silent
    )
    record("stage_changed", world.brand.pk, silent, prospect_id=prospect.pk, to=secret())
    suppress(world.nora, f"{secret()}@gone.example", note=secret())
    # An e-mail to somebody else there, and one that never left.
    veille = Portal(mine.partner, prospect, mine.user)
    mailbox = emailed(world, veille, f"{secret()}@other.example").manifest.mailbox
    Mailbox.objects.filter(pk=mailbox.pk).update(username=secret(), host=f"{secret()}.example")
    emailed(
        world, veille, mine.user.email, sent_at=None, state="failed", reason=secret(), contact=custom,
    )  # fmt: skip
    # Other partners, in the same workspace and in another one.
    other = person(factories.partner(name=secret(), has_messaging=True), f"{secret()}@other.example")
    factories.prospect(world.nora, secret(), f"{secret()}@third.example", partner=other.partner)
    thread, _ = talk(world.nora, other.partner, secret())
    answer(other.user, thread, secret(), [picture(b"other", f"{secret()}.png", user=other.user)])
    # The workspace's own things.
    program = world.program
    Ad.objects.create(
        workspace=world.brand,
        program=program,
        name=secret(),
        kind="text",
        text=secret(),
        landing_page="https://x.example/",
    )
    SavedSearch.objects.create(
        workspace=world.brand, member=world.nora, kind="partner", name=secret(), search={}
    )
    Webhook.objects.create(
        workspace=world.brand, url=f"https://{secret()}.example/", events=[], secret="s", read_up_to=0
    )
    Invitation.objects.create(workspace=world.brand, email=f"{secret()}@halden.example")
    PartnerInvitation.objects.create(
        partner=mine.partner, workspace=world.brand, address=f"{secret()}@x.example"
    )
    Report.objects.create(
        workspace=world.brand, partner=mine.partner, member=world.nora, reason="other", text=secret()
    )
    # Another partner's and a private one's names, which nobody here may know.
    factories.partner(world.nora, secret())
    factories.partner(name=secret(), standing="suspended")
    withdrawn = post(world.nora, mine.partner, secret())
    Message.objects.filter(pk=withdrawn.pk).update(text="", withdrawn_at=timezone.now())
    # Whatever was written into the marks' places by other means.
    assert Message.objects.filter(conversation=row, text__contains=MARK).count() == 0


def _addresses(rows: dict[str, Any]) -> Iterator[str]:
    """Each route with the own numbers, and with every other number there is of messages, files, e-mails."""
    from overture.delivery.models import Delivery
    from overture.files.models import Attachment

    numbers = {
        "conversation": list(Conversation.objects.values_list("pk", flat=True)),
        "message": list(Message.objects.values_list("pk", flat=True)),
        "attachment": list(Attachment.objects.values_list("pk", flat=True)),
        "delivery": list(Delivery.objects.values_list("pk", flat=True)),
        "other": list(PartnerUser.objects.values_list("pk", flat=True)),
        "invitation": list(PartnerInvitation.objects.values_list("pk", flat=True)),
        "partner": list(PartnerUser.objects.values_list("partner", flat=True)),
        "brand": ["halden", "northwind", "nobody"],
    }
    for route in PORTAL_ROUTES:
        yield address(route, "", rows)
        for name, values in numbers.items():
            if f":{name}>" in route:
                yield from (address(route, "", rows | {name: value}) for value in values)
    yield f"/partner/{rows['partner']}/inbox?at=nonsense"
    yield f"/partner/{rows['partner']}/brands?q={MARK}"
    thread = f"/partner/{rows['partner']}/inbox/{rows['conversation']}"
    yield from (
        f"{thread}/stream?version=0&seen=1",
        f"{thread}?before=2999-01-01T00:00:00%2B00:00",
        "/partner",
        "/",
    )
    yield from ("/partner/sign-up", "/partner/nowhere", "/profile", "/accounts/email/", "/workspaces/new")


def _bytes(answer: HttpResponse) -> bytes:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return body + str(dict(answer.headers)).encode()


def _without_echo(path: str, body: bytes) -> bytes:
    """What was asked for stands in the field again; that is the asker's own word."""
    return (
        body.replace(f'value="{MARK}"'.encode(), b"").replace(f"q={MARK}".encode(), b"")
        if "q=" in path
        else body
    )


def _what_leaked(body: bytes) -> bytes:
    at = body.find(MARK.encode())
    return body[max(at - 120, 0) : at + 40] if at >= 0 else b""


@pytest.mark.parametrize("is_fragment", [False, True])
def test_no_page_fragment_file_or_error_holds_a_mark(
    rows: dict[str, Any], mine: PartnerUser, is_fragment: bool
) -> None:
    client = portal_of(mine)
    headers = {"hx-request": "true"} if is_fragment else {}
    for path in dict.fromkeys(_addresses(rows)):
        answer = client.get(path, headers=headers)
        assert _what_leaked(_without_echo(path, _bytes(answer))) == b"", path
        for word in (b"Negotiating", b"snoozed", b"Snoozed"):
            assert word not in _bytes(answer), path


def test_no_act_answers_with_a_mark(rows: dict[str, Any], mine: PartnerUser) -> None:
    client = portal_of(mine)
    for path in dict.fromkeys(_addresses(rows)):
        for method in ("post", "put", "delete"):
            answer = getattr(client, method)(path, {"text": "Hello", "q": "x"} if method == "post" else None)
            assert _what_leaked(_bytes(answer)) == b"", f"{method} {path}"


def test_no_letter_holds_a_mark(rows: dict[str, Any], mine: PartnerUser, world: World) -> None:
    post(world.nora, mine.partner, "Linen?")
    PartnerUser.objects.filter(pk=mine.pk).update(told_at=timezone.now() - timedelta(days=2))
    settle(timezone.now() + WAIT)
    _run_notices()
    PartnerUser.objects.filter(pk=mine.pk).update(notify="daily")
    daily()
    _run_notices()
    run_letters()
    sent = [each for each in mail.outbox if each.to == [mine.user.email]]
    assert len(sent) == 2
    for letter in sent:
        assert _what_leaked(letter.message().as_bytes()) == b""
        assert MARK not in f"{letter.subject}{letter.body}"


def test_the_marks_are_there_to_be_found(rows: dict[str, Any], world: World) -> None:
    """The brand's own page shows them: the walk above looks at something."""
    from tests.web.signed_in import client_of

    page = client_of(world.nora).get(f"/w/halden/inbox/{rows['conversation']}").content
    assert page.count(MARK.encode()) > 5


def _run_notices() -> None:
    import json

    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE task_name LIKE 'overture.conversations.notice_jobs.%%'"
            " RETURNING task_name, args"
        )
        waiting = cursor.fetchall()
    for name, args in waiting:
        values = args if isinstance(args, dict) else json.loads(args)
        getattr(notice_jobs, name.rpartition(".")[2])(**values)
