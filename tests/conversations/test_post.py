"""A brand writes, a partner answers: what is kept, moved, told, and who is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from overture.activity.models import Activity
from overture.conversations.answer import answer, begin
from overture.conversations.block import block, report_spam, unblock
from overture.conversations.errors import MessageError
from overture.conversations.models import Conversation, Message, MessageDraft, Unread
from overture.conversations.post import post, why_not
from overture.conversations.pulse import counts
from overture.directory.models import Partner, PartnerUser
from overture.prospects.contact_policy import check
from overture.prospects.models import Contacted, Prospect, Wrote
from tests import factories
from tests.conversations.cast import file, portal, talk
from tests.world import World


def verbs(prospect: Prospect) -> list[str]:
    return list(Activity.objects.filter(prospect=prospect).order_by("id").values_list("verb", flat=True))


def test_the_first_message_moves_new_to_outreach_and_counts_as_contact(world: World) -> None:
    veille = portal(world)

    conversation, message = talk(world.nora, veille.partner, "With pleasure.\r\n")

    veille.prospect.refresh_from_db()
    assert (message.text, message.side, message.member, message.user) == (
        "With pleasure.",
        "brand",
        world.nora,
        None,
    )
    assert veille.prospect.stage == "outreach"
    assert verbs(veille.prospect) == ["message_sent", "stage_moved"]
    assert Activity.objects.get(verb="message_sent").facts == {
        "message": message.pk, "conversation": conversation.pk,
    }  # fmt: skip
    assert (conversation.prospect, conversation.last_message) == (veille.prospect, message)
    assert conversation.last_at == conversation.top_at == conversation.last_out_at == message.created_at
    held = check(world.camille, [veille.partner.pk])[veille.partner.pk]
    assert (held.member, held.way, held.is_planned) == (world.nora, "message", False)
    assert Unread.objects.count() == 0


def test_the_second_message_goes_into_the_same_thread_and_moves_nothing(world: World) -> None:
    veille = portal(world)
    first, _ = talk(world.nora, veille.partner)
    second, _ = talk(world.camille, veille.partner, "Again")

    assert first.pk == second.pk
    assert Conversation.objects.count() == 1
    assert second.version == first.version + 1
    assert second.last_at > first.last_at
    assert verbs(veille.prospect) == ["message_sent", "stage_moved", "message_sent"]
    assert Contacted.objects.filter(way="message").count() == 2


def test_a_stage_further_on_stays(world: World) -> None:
    veille = portal(world)
    Prospect.objects.filter(pk=veille.prospect.pk).update(stage="negotiating")
    talk(world.nora, veille.partner)
    veille.prospect.refresh_from_db()
    assert veille.prospect.stage == "negotiating"
    assert verbs(veille.prospect) == ["message_sent"]


def test_an_answer_is_unread_for_everybody_and_opens_the_thread_again(world: World) -> None:
    veille = portal(world)
    conversation, _ = talk(world.nora, veille.partner)
    Conversation.objects.filter(pk=conversation.pk).update(
        done_at=timezone.now(), snoozed_until=timezone.now() + timedelta(days=1)
    )

    message = answer(veille.elise, conversation, "Here is the layout.", [file()])

    conversation.refresh_from_db()
    assert (message.side, message.member, message.user) == ("partner", None, veille.elise)
    assert [each.name for each in message.attachments.all()] == ["rates.pdf"]
    assert (conversation.state, conversation.done_at, conversation.snoozed_until) == ("open", None, None)
    assert conversation.last_in_at == conversation.last_at == message.created_at
    assert set(Unread.objects.values_list("member_id", flat=True)) == {
        world.nora.pk, world.camille.pk, world.victor.pk,
    }  # fmt: skip
    told = Activity.objects.get(verb="message_received")
    assert (told.member, told.prospect, told.facts["message"]) == (None, veille.prospect, message.pk)


def test_an_answer_is_no_contact_of_ours(world: World) -> None:
    veille = portal(world)
    conversation, _ = talk(world.nora, veille.partner)
    answer(veille.elise, conversation, "Hello")
    assert Contacted.objects.count() == 1


def test_an_answer_here_uncovers_no_address_of_the_account(world: World) -> None:
    veille = portal(world)
    factories.contact(veille.partner, "elise@veille.example")
    conversation, _ = talk(world.nora, veille.partner)

    answer(veille.elise, conversation, "Hello")

    assert Wrote.objects.count() == 0


def test_spam_stays_spam_and_is_unread_for_nobody(world: World) -> None:
    veille = portal(world)
    conversation, _ = talk(world.nora, veille.partner)
    Conversation.objects.filter(pk=conversation.pk).update(spam_at=timezone.now())
    answer(veille.elise, conversation, "Buy now")
    conversation.refresh_from_db()
    assert conversation.state == "spam"
    assert Unread.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "code", "facts"),
    [
        (" \n\0", "empty", {}),
        ("x" * 20_001, "too_long", {"most": 20_000, "length": 20_001}),
    ],
)
def test_a_text_that_is_none_is_refused(world: World, text: str, code: str, facts: dict[str, int]) -> None:
    veille = portal(world)
    with pytest.raises(MessageError) as refused:
        post(world.nora, veille.partner, text)
    assert (refused.value.field, refused.value.code, refused.value.facts) == ("text", code, facts)
    assert (Message.objects.count(), Conversation.objects.count(), Activity.objects.count()) == (0, 0, 0)


def test_files_need_no_words_and_have_a_limit(world: World) -> None:
    veille = portal(world)
    message = post(world.nora, veille.partner, "", [file("a.pdf"), file("b.pdf")])
    assert [each.name for each in message.attachments.order_by("name")] == ["a.pdf", "b.pdf"]
    with pytest.raises(MessageError) as refused:
        post(world.nora, veille.partner, "", [file(f"{n}.pdf") for n in range(11)])
    assert (refused.value.code, refused.value.facts) == ("too_many_files", {"most": 10, "count": 11})


def test_nobody_is_messaged_who_did_not_turn_it_on_is_no_prospect_or_blocked_us(world: World) -> None:
    veille = portal(world)
    off = factories.prospect(world.nora).partner
    unmarked = factories.partner(None, has_messaging=True)
    blocking = portal_of(world, "Blocking")
    conversation, _ = talk(world.nora, blocking.partner)
    block(blocking.elise, conversation)

    asked = [veille.partner, off, unmarked, blocking.partner]
    assert why_not(world.nora, asked) == {
        off.pk: "messaging_off", unmarked.pk: "not_prospect", blocking.partner.pk: "blocked",
    }  # fmt: skip
    for partner, code in [(off, "messaging_off"), (unmarked, "not_prospect"), (blocking.partner, "blocked")]:
        with pytest.raises(MessageError) as refused:
            post(world.nora, partner, "Hello")
        assert (refused.value.field, refused.value.code) == ("partner", code)
    assert Message.objects.count() == 1


def portal_of(world: World, name: str):  # type: ignore[no-untyped-def]
    from tests.conversations.cast import Portal, user_of

    partner = factories.partner(None, name, has_messaging=True)
    return Portal(
        partner,
        factories.prospect(world.nora, name, partner=partner),
        user_of(partner, f"{name.lower()}@x.example", name),
    )


def test_a_viewer_and_a_stranger_write_nothing(world: World) -> None:
    veille = portal(world)
    with pytest.raises(PermissionDenied):
        post(world.victor, veille.partner, "Hello")
    with pytest.raises(MessageError, match="not_prospect"):
        post(world.stranger, veille.partner, "Hello")
    assert Message.objects.count() == 0


def test_a_stranger_or_a_former_user_does_not_answer(world: World) -> None:
    veille = portal(world)
    other = portal_of(world, "Other")
    conversation, _ = talk(world.nora, veille.partner)
    PartnerUser.objects.filter(user=veille.elise).update(removed_at=timezone.now())
    for user in (other.elise, veille.elise, world.nora.user):
        with pytest.raises(PermissionDenied):
            answer(user, conversation, "Hello")
    assert Message.objects.count() == 1


def test_a_partner_begins_only_where_the_brand_is_open(world: World) -> None:
    partner = factories.partner(None, "New", has_messaging=True)
    from tests.conversations.cast import user_of

    user = user_of(partner, "new@x.example", "New Person")
    with pytest.raises(MessageError, match="not_open"):
        begin(user, partner, world.brand, "Hello")
    assert Conversation.objects.count() == 0

    world.brand.is_open_to_partners = True
    world.brand.save(update_fields=["is_open_to_partners"])
    message = begin(user, partner, world.brand, "Hello")

    conversation = Conversation.objects.get()
    assert (conversation.prospect, conversation.last_message, conversation.among) == (
        None,
        message,
        "prospects",
    )
    assert Unread.objects.count() == 3
    # Who wrote first is answered without being marked; once marked, the thread knows its prospect.
    post(world.nora, partner, "Welcome")
    prospect = factories.prospect(world.nora, "New", partner=partner)
    conversation.refresh_from_db()
    assert conversation.prospect == prospect


def test_a_block_holds_until_it_is_taken_back(world: World) -> None:
    veille = portal(world)
    conversation, _ = talk(world.nora, veille.partner)
    assert (block(veille.elise, conversation), block(veille.elise, conversation)) == (True, False)
    with pytest.raises(MessageError, match="you_blocked"):
        answer(veille.elise, conversation, "Hello")
    assert report_spam(veille.elise, conversation) is True
    assert conversation.reported_at is not None
    assert unblock(veille.elise, conversation) is True
    assert (conversation.blocked_at, conversation.reported_at) == (None, None)
    talk(world.nora, veille.partner, "Thanks")
    assert verbs(veille.prospect) == [
        "message_sent", "stage_moved", "messages_blocked", "reported_as_spam", "messages_allowed",
        "message_sent",
    ]  # fmt: skip
    with pytest.raises(PermissionDenied):
        block(world.stranger.user, conversation)


def test_sending_clears_the_draft_of_who_sent_and_of_nobody_else(world: World) -> None:
    from overture.conversations.draft import draft_of, save_draft

    veille = portal(world)
    save_draft(veille.partner, "Hel", member=world.nora)
    save_draft(veille.partner, "Bon", member=world.camille)
    save_draft(veille.partner, "Oui", user=veille.elise, workspace=world.brand)
    talk(world.nora, veille.partner)
    assert draft_of(veille.partner, member=world.nora) is None
    assert sorted(MessageDraft.objects.values_list("text", flat=True)) == ["Bon", "Oui"]


def test_pages_of_both_sides_are_told(world: World) -> None:
    veille = portal(world)
    names = [f"w{world.brand.pk}", f"p{veille.partner.pk}"]
    talk(world.nora, veille.partner)
    talk(world.nora, veille.partner)
    assert counts([*names, f"w{world.other_brand.pk}"]) == dict.fromkeys(names, 2)


def test_a_thread_follows_the_stage_and_kind_of_its_prospect(world: World) -> None:
    veille = portal(world)
    conversation, _ = talk(world.nora, veille.partner)
    seen = [conversation.among]
    for fields in ({"stage": "joined"}, {"kind": "creator"}, {"stage": "expired"}):
        Prospect.objects.filter(pk=veille.prospect.pk).update(**fields)
        conversation.refresh_from_db()
        seen.append(conversation.among)
    assert seen == ["prospects", "partners", "creators", "prospects"]
    assert Partner.objects.filter(pk=veille.partner.pk).exists()
