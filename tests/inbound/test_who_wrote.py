"""Who wrote to a workspace is shown there in full, on its pages and in the API; elsewhere nothing changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from overture.accounts.models import Membership
from overture.conversations.post import conversation_with
from overture.delivery.models import Delivery, Suppression
from overture.delivery.preview import preview
from overture.delivery.shown_suppressions import address_shown, suppressions
from overture.directory.models import Contact, Partner
from overture.mailboxes.models import Mailbox
from overture.prospects.export import export
from overture.prospects.models import Prospect, Wrote
from overture.prospects.search import refresh
from tests import factories
from tests.api.caller import caller
from tests.delivery import cast
from tests.inbound.taking import AT, Sent, come, delivery
from tests.world import World

pytestmark = pytest.mark.usefixtures("files")
CLEAR, HIDDEN = "elise@veille.example", "e•••@veille.example"


@pytest.fixture
def both(world: World) -> tuple[Sent, Sent]:
    """Two brands wrote to a contact of one partner's own account."""
    partner = factories.partner(None, "La Longue Veille")
    contact = factories.contact(partner, CLEAR, first_name="Élise")
    return written(world.nora, world, contact), written(world.stranger, world, contact)


def written(member: Membership, world: World, contact: Contact) -> Sent:
    partner: Partner = contact.partner
    prospect = factories.prospect(member, partner.name, partner=partner, stage="outreach")
    known = Mailbox.objects.filter(workspace=member.workspace_id).first()
    mailbox = known or cast.mailbox(member, owner=member, reads=True, address=member.user.email)
    folder, _ = mailbox.folders.get_or_create(name="INBOX", role="inbox", uidvalidity=7)
    row = delivery(world, mailbox, prospect, contact)
    for each in (row, row.mailing):
        type(each).objects.filter(pk=each.pk).update(workspace=member.workspace_id)
    Delivery.objects.filter(pk=row.pk).update(smtp_reply=f"250 kept for {contact.address}")
    refresh([prospect.pk])
    return Sent(mailbox, folder, prospect, contact, Delivery.objects.get(pk=row.pk))


def seen(member: Membership, sent: Sent) -> dict[str, str]:
    """What each place shows of the address: all of it, its obfuscated form, both or neither."""
    api, here = caller(member), f"/w/{member.workspace.slug}"
    Suppression.objects.get_or_create(
        workspace_id=member.workspace_id,
        address=CLEAR,
        address_key=sent.delivery.address_key,
        reason="bounced",
    )
    thread = conversation_with(member.workspace_id, sent.prospect.partner_id, sent.prospect)
    mailing, mpid = sent.delivery.mailing_id, sent.prospect.partner_id
    told = {
        "panel": page(member, f"{here}/prospects/{sent.prospect.pk}"),
        "invite": page(member, f"{here}/prospects/{sent.prospect.pk}/invite"),
        "recipients": page(member, f"{here}/emails/{mailing}"),
        "preview": preview(member, sent.delivery.mailing, sent.prospect.pk).to,
        "export": b"".join(export(member, Prospect.objects.visible_to(member))).decode("utf-8-sig"),
        "suppressions": " ".join(address_shown(member, each) for each in suppressions(member, CLEAR[0])),
        "api prospects": str(api.get("/prospects")),
        "api contacts": str(api.get(f"/prospects/{sent.prospect.pk}/contacts")),
        "api partner": str(api.get(f"/marketplace/partners/{mpid}")),
        "api deliveries": str(api.get(f"/mailings/{mailing}/deliveries")),
        "api thread": str(api.get(f"/conversations/{thread.pk}/thread")),
    }
    return {name: " ".join(each for each in (CLEAR, HIDDEN) if each in text) for name, text in told.items()}


def page(member: Membership, path: str) -> str:
    client = Client()
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def found(member: Membership, words: str) -> list[int]:
    rows = caller(member).get(f"/prospects?q={words}")["items"]
    return [each["id"] for each in rows]


def test_who_wrote_is_shown_in_full_to_whom_they_wrote_alone(world: World, both: tuple[Sent, Sent]) -> None:
    ours, theirs = both
    before = seen(world.nora, ours)
    assert set(before.values()) == {HIDDEN}, before
    assert found(world.nora, "elise@veille") == []

    come(ours, "reply-plain")

    after, elsewhere = seen(world.nora, ours), seen(world.stranger, theirs)
    # The thread shows whom the answer came from, too.
    assert after == dict.fromkeys(before, CLEAR)
    assert elsewhere == dict.fromkeys(before, HIDDEN)
    assert (found(world.nora, "elise@veille"), found(world.stranger, "elise@veille")) == (
        [ours.prospect.pk],
        [],
    )
    assert Wrote.objects.values_list("workspace", "address_key", "at").get() == (
        world.brand.pk, ours.delivery.address_key, AT,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["automatic-french", "bounce-postfix-unknown", "complaint-arf"])
def test_what_a_machine_wrote_uncovers_nobody(world: World, both: tuple[Sent, Sent], name: str) -> None:
    come(both[0], name)
    assert Wrote.objects.count() == 0
    assert caller(world.nora).get("/prospects")["items"][0]["contacts"][0]["address"] == HIDDEN


def test_an_answer_from_elsewhere_uncovers_nobody(both: tuple[Sent, Sent]) -> None:
    come(both[0], "reply-plain", sender="the.boss@elsewhere.example")
    assert Wrote.objects.count() == 0


def test_a_second_answer_changes_nothing(both: tuple[Sent, Sent]) -> None:
    come(both[0], "reply-plain", uid=1)
    come(both[0], "reply-gmail-html", uid=2)
    assert Wrote.objects.values_list("at", flat=True).get() == AT


def test_lists_ask_as_often_for_three_as_for_one(world: World, both: tuple[Sent, Sent]) -> None:
    ours = both[0]
    api = caller(world.nora)
    paths = ["/prospects", f"/mailings/{ours.delivery.mailing_id}/deliveries"]
    web = [f"/w/halden/emails/{ours.delivery.mailing_id}", "/w/halden/prospects"]

    def asked() -> list[int]:
        return [_queries(lambda path=path: api.get(path)) for path in paths] + [
            _queries(lambda path=path: page(world.nora, path)) for path in web
        ]

    come(ours, "reply-plain")
    asked()
    alone = asked()
    for number in (2, 3):
        partner = factories.partner(None, f"Partner {number}")
        more = written(world.nora, world, factories.contact(partner, f"p{number}@x.example"))
        Delivery.objects.filter(pk=more.delivery.pk).update(
            mailing=ours.delivery.mailing_id, manifest=ours.delivery.manifest_id
        )
        Wrote.objects.create(workspace=world.brand, address_key=more.delivery.address_key, at=AT)
    assert asked() == alone


def _queries(ask: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as told:
        ask()
    return len(told)
