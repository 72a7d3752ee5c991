"""Writing to partners: who is no prospect becomes one with the draft, and nobody without it."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from overture.accounts import roles
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.conversations.carry_out import carry_out
from overture.conversations.errors import MessageError
from overture.conversations.models import Conversation, Message, MessageRunRow
from overture.conversations.post_many import plan
from overture.delivery.draft import chosen
from overture.delivery.errors import DraftError
from overture.delivery.models import Mailing
from overture.directory.models import Partner
from overture.marketplace.contact import as_if_marked, draft_to, message_many_to
from overture.prospects.models import Prospect, Selection
from tests import factories
from tests.world import World


@pytest.fixture
def writer(world: World, monkeypatch: pytest.MonkeyPatch) -> Membership:
    """Who may e-mail one and mark nobody: a role that is not built in."""
    monkeypatch.setitem(roles.ROLES, "writer", frozenset({Permission.VIEW, Permission.EMAIL_ONE}))
    Membership.objects.filter(pk=world.camille.pk).update(role="writer")
    world.camille.refresh_from_db()
    return world.camille


def recipients(member: Membership, mailing: Mailing) -> list[int]:
    rows = chosen(member, mailing.audience)
    return sorted(rows.values_list("partner_id", flat=True))


def test_writing_to_one_marks_it_with_the_draft(world: World) -> None:
    partner = factories.partner()
    made = draft_to(world.camille, [partner.pk], subject="Hello", language="fr")
    prospect = Prospect.objects.get()
    assert (prospect.partner, prospect.stage) == (partner, "new")
    assert made.audience == {"prospects": [prospect.pk], "from": "prospects"}
    assert (made.subject, made.language, made.author, made.is_single) == (
        "Hello", "fr", world.camille, True,
    )  # fmt: skip
    assert draft_to(world.nora, [partner.pk]).audience == made.audience
    assert Prospect.objects.count() == 1


def test_who_joined_is_written_to_as_a_partner(world: World) -> None:
    joined = factories.prospect(world.nora, stage="joined")
    assert draft_to(world.nora, [joined.partner_id]).audience == {
        "prospects": [joined.pk],
        "from": "partners",
    }
    mixed = draft_to(world.nora, [joined.partner_id, factories.partner().pk])
    assert Selection.objects.get(pk=mixed.audience["selection"]).origin == "partners"
    assert len(recipients(world.nora, mixed)) == 2


def test_many_become_a_selection_of_the_mailing(world: World) -> None:
    known = factories.prospect(world.nora, stage="outreach")
    away = factories.prospect(world.nora, archived_at=timezone.now())
    new = factories.partner()
    numbers = [known.partner_id, away.partner_id, new.pk]
    made = draft_to(world.nora, numbers)
    selection = Selection.objects.get(pk=made.audience["selection"])
    assert (selection.member, selection.origin, selection.filter) == (world.nora, "prospects", None)
    assert recipients(world.nora, made) == sorted(numbers)
    away.refresh_from_db()
    assert away.archived_at is None
    alone = factories.prospect(world.nora, archived_at=timezone.now())
    assert draft_to(world.nora, [alone.partner_id]).audience["prospects"] == [alone.pk]
    alone.refresh_from_db()
    assert alone.archived_at is None


def test_what_no_draft_can_be_made_of_marks_nobody(world: World) -> None:
    with pytest.raises(DraftError) as caught:
        draft_to(world.nora, [factories.partner(world.stranger).pk])
    assert (caught.value.field, caught.value.code) == ("audience", "empty")
    with pytest.raises(DraftError):
        draft_to(world.nora, [factories.partner().pk], language="xx")
    assert (Prospect.objects.count(), Mailing.objects.count()) == (0, 0)


def test_a_viewer_writes_to_nobody(world: World) -> None:
    with pytest.raises(PermissionDenied):
        draft_to(world.victor, [factories.prospect(world.nora).partner_id])
    assert not Mailing.objects.exists()


def test_marking_and_many_need_their_permissions(world: World, writer: Membership) -> None:
    one, two = factories.prospect(world.nora), factories.prospect(world.nora)
    assert draft_to(writer, [one.partner_id]).author == writer
    with pytest.raises(PermissionDenied, match=Permission.EMAIL_MANY.value):
        draft_to(writer, [one.partner_id, two.partner_id])
    with pytest.raises(PermissionDenied, match=Permission.MANAGE_PROSPECTS.value):
        draft_to(writer, [factories.partner().pk])
    assert (Prospect.objects.count(), Mailing.objects.count()) == (2, 1)


def test_writing_to_many_takes_as_many_queries_as_to_a_few(world: World) -> None:
    few, many = factories.partners(2), factories.partners(40)
    with CaptureQueriesContext(connection) as for_few:
        draft_to(world.nora, few)
    with CaptureQueriesContext(connection) as for_many:
        draft_to(world.nora, many)
    assert len(for_many) == len(for_few)


def test_a_message_to_many_marks_those_it_can_reach(world: World) -> None:
    open_to, joined, off = factories.partners(3)
    known_off = factories.prospect(world.nora, "Known")
    Partner.objects.filter(pk__in=[open_to, joined]).update(has_messaging=True)
    factories.prospect(world.nora, partner=Partner.objects.get(pk=joined), stage="joined")
    blocked = factories.partner()
    Partner.objects.filter(pk=blocked.pk).update(has_messaging=True)
    Conversation.objects.create(workspace=world.brand, partner=blocked, blocked_at=timezone.now())
    everybody = [open_to, joined, off, known_off.partner_id, blocked.pk]

    with as_if_marked(world.nora, everybody) as audience:
        seen = plan(world.nora, audience, "Hello {mpname}")
    held = {each.code: each.count for each in seen.held}
    assert (seen.count, held) == (2, {"messaging_off": 2, "blocked": 1})
    assert (Prospect.objects.count(), Selection.objects.count()) == (2, 0)

    made = message_many_to(world.nora, everybody, "Hello {mpname}")

    rows = MessageRunRow.objects.filter(message_run=made).order_by("prospect__partner_id")
    assert {each.prospect.partner_id: each.reason for each in rows} == {
        open_to: "", joined: "", known_off.partner_id: "messaging_off",
    }  # fmt: skip
    assert made.run.total == 2
    assert not Prospect.objects.filter(partner__in=[off, blocked.pk]).exists()
    carry_out(made.pk)
    assert Prospect.objects.get(partner=open_to).stage == "outreach"
    assert Message.objects.count() == 2


def test_a_message_that_cannot_begin_marks_nobody(world: World, writer: Membership) -> None:
    (open_to,) = factories.partners(1)
    Partner.objects.update(has_messaging=True)
    for text in ("", "Hello {Firstname}"):
        with pytest.raises(MessageError):
            message_many_to(world.nora, [open_to], text)
    with pytest.raises(MessageError, match="nobody_left"):
        message_many_to(world.nora, [factories.partner(world.stranger).pk], "Hello")
    Partner.objects.update(has_messaging=False)
    with pytest.raises(MessageError, match="nobody_left"):
        message_many_to(world.nora, [open_to], "Hello")
    for member in (world.victor, writer):
        with pytest.raises(PermissionDenied), as_if_marked(member, [open_to]):
            pass
        with pytest.raises(PermissionDenied):
            message_many_to(member, [open_to], "Hello")
    assert (Prospect.objects.count(), Selection.objects.count()) == (0, 0)
