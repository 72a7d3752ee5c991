"""One message to many: who gets it and who is held back, tokens, exactly once whatever dies."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InternalError, OperationalError

from overture.accounts.models import Membership
from overture.conversations.block import block
from overture.conversations.carry_out import carry_out, preview
from overture.conversations.errors import MessageError
from overture.conversations.models import Conversation, Message, MessageRun
from overture.conversations.post import post
from overture.conversations.post_many import plan, post_many
from overture.directory.models import Partner
from overture.prospects.models import Prospect
from overture.runs.models import Run
from tests import factories
from tests.conversations.cast import file, portal, talk
from tests.world import World


def prospect(world: World, name: str, first: str = "Jo", **fields: Any) -> Prospect:
    partner = factories.partner(None, name, has_messaging=fields.pop("messaging", True))
    made = factories.prospect(world.nora, name, partner=partner, **fields)
    if first:
        factories.contact(partner, f"{made.pk}@x.example", world.nora, first_name=first)
    return made


def audience(*prospects: Prospect) -> dict[str, Any]:
    return {"prospects": [each.pk for each in prospects]}


def texts() -> dict[str, str]:
    return dict(Message.objects.filter(side="brand").values_list("conversation__partner__name", "text"))


def rows(made: MessageRun) -> dict[str, tuple[str, str]]:
    return {row.prospect.name: (row.state, row.reason) for row in made.rows.select_related("prospect")}


@pytest.fixture
def many(world: World) -> list[Prospect]:
    """One for each reason, and two who get it."""
    from overture.prospects.contact_policy import wrote

    good, better = prospect(world, "Good"), prospect(world, "Better", first="Lin")
    blocking = portal(world, "Blocking")
    conversation, _ = talk(world.nora, blocking.partner)
    block(blocking.elise, conversation)
    recent = prospect(world, "Recent")
    wrote(world.camille, "email", recent.partner_id)
    return [
        good,
        better,
        blocking.prospect,
        recent,
        prospect(world, "Quiet", messaging=False),
        prospect(world, "Joined", stage="joined"),
        prospect(world, "Refused", stage="rejected_by_partner"),
        prospect(world, "Nameless", first=""),
    ]


HELD = {
    "Blocking": ("held", "blocked"),
    "Recent": ("held", "contacted_recently"),
    "Quiet": ("held", "messaging_off"),
    "Joined": ("held", "joined"),
    "Refused": ("held", "rejected_by_partner"),
    "Nameless": ("held", "missing_token"),
}


def test_who_is_held_back_is_said_before_and_gets_nothing(world: World, many: list[Prospect]) -> None:
    text = "Hello {firstName}, a feature for {mpname|you}?"
    seen = plan(world.nora, audience(*many), text)
    assert (seen.count, seen.first) == (2, many[0].pk)
    assert {each.names[0]: each.code for each in seen.held} == {
        name: code for name, (_, code) in HELD.items()
    }
    assert preview(world.nora, many[0].pk, text, "en") == "Hello Jo, a feature for Good?"

    made = post_many(world.nora, audience(*many), text, [file()])
    before = Message.objects.count()
    carry_out(made.pk)

    made.run.refresh_from_db()
    assert rows(made) == {"Good": ("sent", ""), "Better": ("sent", ""), **HELD}
    assert (made.run.state, made.run.done, made.run.total) == ("done", 2, 2)
    assert Message.objects.count() == before + 2
    told = texts()
    assert (told["Good"], told["Better"]) == (
        "Hello Jo, a feature for Good?",
        "Hello Lin, a feature for Better?",
    )
    assert [m.attachments.count() for m in Message.objects.filter(text__startswith="Hello Lin")] == [1]
    assert Prospect.objects.get(name="Good").stage == "outreach"
    assert Conversation.objects.count() == 3


def test_a_run_that_is_carried_out_again_writes_to_nobody_twice(world: World, many: list[Prospect]) -> None:
    made = post_many(world.nora, audience(many[0], many[1]), "Hello")
    carry_out(made.pk)
    Run.objects.filter(pk=made.run_id).update(state="running")
    carry_out(made.pk)
    assert (
        Message.objects.filter(
            text="Hello", conversation__partner__in=[m.partner_id for m in many[:2]]
        ).count()
        == 2
    )


@pytest.mark.parametrize("ends", [KeyboardInterrupt, OperationalError, InternalError])
def test_a_run_that_was_killed_or_cut_off_goes_on_with_who_waits(
    world: World, many: list[Prospect], monkeypatch: pytest.MonkeyPatch, ends: type[BaseException]
) -> None:
    from overture.conversations import carry_out as module

    made = post_many(world.nora, audience(many[0], many[1]), "Hello")
    calls = []

    def dying(*args: Any, **kwargs: Any) -> Message:
        calls.append(args)
        if len(calls) == 2:
            raise ends
        return post(*args, **kwargs)

    monkeypatch.setattr(module, "post", dying)
    with pytest.raises(ends):
        carry_out(made.pk)
    assert sorted(rows(made).values()) == [("sent", ""), ("waiting", "")]
    monkeypatch.undo()
    carry_out(made.pk)
    assert sorted(rows(made).values()) == [("sent", ""), ("sent", "")]
    assert Message.objects.filter(text="Hello").exclude(conversation__partner__name="Blocking").count() == 2


def test_what_changed_since_it_was_sent_off_is_seen(world: World, many: list[Prospect]) -> None:
    made = post_many(world.nora, audience(many[0], many[1]), "Hello")
    Partner.objects.filter(pk=many[0].partner_id).update(has_messaging=False)
    post(world.camille, many[1].partner, "I was first")
    carry_out(made.pk)
    assert rows(made) == {"Good": ("held", "messaging_off"), "Better": ("held", "contacted_recently")}


def test_the_policy_is_overridden_by_who_may(world: World, many: list[Prospect]) -> None:
    recent = many[3]
    with pytest.raises(PermissionDenied):
        post_many(world.camille, audience(recent), "Hello", overrides=True)
    with pytest.raises(MessageError, match="nobody_left"):
        post_many(world.nora, audience(recent), "Hello")
    assert (MessageRun.objects.count(), Run.objects.count()) == (0, 0)
    made = post_many(world.nora, audience(recent), "Hello", overrides=True)
    carry_out(made.pk)
    assert rows(made) == {"Recent": ("sent", "")}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Hi {FirstName}", "unknown_token_suggest"),
        ("Hi {nonsense}", "unknown_token"),
        ("See {adcode_1001}", "adcode"),
    ],
)
def test_a_token_that_is_none_stops_before_anybody_gets_it(
    world: World, many: list[Prospect], text: str, code: str
) -> None:
    with pytest.raises(MessageError) as refused:
        post_many(world.nora, audience(many[0]), text)
    assert (refused.value.field, refused.value.code) == ("text", code)
    assert MessageRun.objects.count() == 0


def test_braces_and_values_are_what_they_are(world: World) -> None:
    one = prospect(world, "{lastName} <b>**Bold**</b>")
    made = post_many(world.nora, audience(one), "{{literal}} for {mpname}")
    carry_out(made.pk)
    assert list(texts().values()) == ["{literal} for {lastName} <b>**Bold**</b>"]


def test_a_member_who_left_sends_nothing_more(world: World, many: list[Prospect]) -> None:
    made = post_many(world.camille, audience(many[0]), "Hello")
    Membership.objects.filter(pk=world.camille.pk).update(role="viewer")
    carry_out(made.pk)
    made.run.refresh_from_db()
    assert (made.run.state, made.run.problem) == ("failed", "not_allowed")
    assert rows(made) == {"Good": ("waiting", "")}


def test_a_viewer_and_a_stranger_begin_nothing(world: World, many: list[Prospect]) -> None:
    from overture.prospects.audience import AudienceError

    with pytest.raises(PermissionDenied):
        post_many(world.victor, audience(many[0]), "Hello")
    with pytest.raises(AudienceError):
        post_many(world.stranger, audience(many[0]), "Hello")
