"""Two partners become one: their people, invitations and conversations hang on what stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from overture.accounts.models import User
from overture.conversations.answer import answer
from overture.conversations.block import block
from overture.conversations.draft import save_draft
from overture.conversations.models import Conversation, Message, MessageDraft, ThreadWords, Unread
from overture.conversations.read import read
from overture.directory import claim as claims
from overture.directory.models import Partner, PartnerInvitation, PartnerUser
from overture.directory.partner_users import partner_user_of
from overture.marketplace import index
from overture.marketplace.bitmaps import count
from overture.marketplace.claim import accept
from overture.marketplace.follow import Follower
from overture.marketplace.merge import merge
from overture.marketplace.query import Search
from overture.marketplace.search import search
from overture.marketplace.shelf import known_to
from overture.prospects.models import Prospect
from tests import factories
from tests.conversations.cast import Portal, portal, talk
from tests.world import World


@pytest.fixture
def operator(world: World) -> User:
    world.nora.user.is_operator = True
    world.nora.user.save(update_fields=["is_operator"])
    return world.nora.user


@pytest.fixture
def elise(world: World) -> Portal:
    return portal(world)


def test_people_sign_in_for_what_stays(elise: Portal, operator: User) -> None:
    new = factories.partner(name="Kept", has_messaging=False)
    invitation = claims.invite_colleague(PartnerUser.objects.get(), "x@veille.example")
    merge(operator, elise.partner, new)
    mine = partner_user_of(elise.elise, elise.partner.pk)
    # Nobody signed in for the kept one: the switch is that of the people who do.
    assert (mine.partner, mine.partner.has_messaging) == (new, True)
    assert claims.invitation_with(claims.token_of(invitation)) is None
    assert PartnerInvitation.objects.get().partner == new


def test_of_one_person_in_both_one_stays(elise: Portal, operator: User) -> None:
    new = factories.partner(name="Kept", has_messaging=False)
    PartnerUser.objects.create(partner=new, user=elise.elise, removed_at="2026-01-01T00:00Z")
    PartnerUser.objects.create(partner=new, user=operator)
    merge(operator, elise.partner, new)
    assert PartnerUser.objects.current().filter(partner=new).count() == 2
    new.refresh_from_db()
    assert new.has_messaging is False


def test_a_conversation_goes_along(elise: Portal, operator: User, world: World) -> None:
    new = factories.partner(name="Kept")
    conversation, message = talk(world.nora, elise.partner, "Linen?")
    merge(operator, elise.partner, new)
    conversation.refresh_from_db()
    assert (conversation.partner, conversation.last_message) == (new, message)
    assert conversation.prospect == Prospect.objects.get(partner=new, workspace=world.brand)


def test_two_conversations_of_a_workspace_become_one(elise: Portal, operator: User, world: World) -> None:
    kept_partner = factories.partner(name="Kept", has_messaging=True)
    factories.prospect(world.nora, "Kept", partner=kept_partner)
    kept, first = talk(world.nora, kept_partner, "First one")
    gone, second = talk(world.nora, elise.partner, "Second one")
    answer(elise.elise, gone, "Answered")
    read(gone, member=world.camille)
    save_draft(elise.partner, "Draft", user=elise.elise, workspace=world.brand)
    save_draft(elise.partner, "Mine", member=world.nora)
    save_draft(kept_partner, "Kept draft", member=world.nora)
    block(elise.elise, gone)
    merge(operator, elise.partner, kept_partner)
    one = Conversation.objects.get()
    assert (one.pk, one.partner, one.blocked_at is None) == (kept.pk, kept_partner, False)
    texts = list(Message.objects.order_by("created_at").values_list("text", flat=True))
    assert (texts, one.last_message.text) == (["First one", "Second one", "Answered"], "Answered")  # type: ignore[union-attr]
    assert one.last_in_at == one.last_at
    assert sorted(Unread.objects.values_list("member", flat=True)) == sorted([world.nora.pk, world.victor.pk])
    assert sorted(MessageDraft.objects.values_list("text", flat=True)) == ["Draft", "Kept draft"]
    assert "answer" in ThreadWords.objects.get().texts
    assert (first.conversation_id, second.conversation_id) == (kept.pk, gone.pk)


def test_a_claimed_private_partner_stands_on_the_shelf(live: World, indexed: Callable[[], Path]) -> None:
    """The shelf follows its prospects' own changes; this one was made, and the shelf looked at, before."""
    prospect = factories.prospect(live.nora, "Lin", "zoe@lin.example")
    indexed()
    known = known_to(live.brand.pk, index.opened())
    assert count(known.relations["prospect"]) == 0
    User.objects.create_user("someone@else.example")
    known_to(live.brand.pk, index.opened())
    zoe = User.objects.create_user("zoe@lin.example", name="Zoé")
    accept(zoe, claims.invite_for_workspace(live.nora, prospect.partner, "zoe@lin.example"))
    Partner.objects.filter(pk=prospect.partner_id).update(standing="listed")
    Follower().step()
    known = known_to(live.brand.pk, index.opened())
    assert (count(known.relations["prospect"]), search(live.nora, Search(relation=("prospect",))).mpids) == (
        1,
        [prospect.partner_id],
    )
