"""Checking before sending: counts, reasons, who lacks a value, the contact policy, and Send with its 409."""

from __future__ import annotations

from typing import Any

import pytest

from overture.delivery.approve import send
from overture.delivery.draft import edit
from overture.delivery.models import Delivery, Mailing
from overture.delivery.prepare import prepare
from overture.delivery.suppress import suppress
from overture.prospects import contact_policy, selection
from tests.web.letters import chosen, letter, person, three
from tests.world import World

pytestmark = pytest.mark.django_db
HOME = "/w/halden/emails"


def prepared(world: World, *rows: Any, **fields: Any) -> Mailing:
    made = letter(world.nora, *rows, **fields)
    prepare(world.nora, made)
    made.refresh_from_db()
    return made


def test_manifest_shows_what_will_leave_and_who_is_skipped(world: World, as_member: Any) -> None:
    suppress(world.nora, "sel@lin.example")
    made = prepared(world, *three(world.nora))
    page = as_member(world.nora).get(f"{HOME}/{made.pk}/manifest").content.decode()
    assert "Send to 2" in page
    assert f'name="manifest" value="{made.manifest_id}"' in page
    assert 'href="?state=skipped&amp;reason=suppressed#recipients">On the suppression list</a>' in page
    assert "1 of 2" in page
    assert "Done by " in page


def test_manifest_opens_the_list_of_a_reason(world: World, as_member: Any) -> None:
    suppress(world.nora, "sel@lin.example")
    made = prepared(world, *three(world.nora))
    client, url = as_member(world.nora), f"{HOME}/{made.pk}/manifest"
    page = client.get(url, {"state": "skipped", "reason": "suppressed"}).content.decode()
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    assert [name in table for name in ("Hus Hav", "Sel Lin", "Casa Lenta")] == [False, True, False]


def test_manifest_tells_tokens_without_value_and_who(world: World, as_member: Any) -> None:
    made = prepared(world, *three(world.nora), content="<p>{firstName}</p>")
    client, url = as_member(world.nora), f"{HOME}/{made.pk}/manifest"
    assert "1 has no value for {firstName}" in client.get(url).content.decode()
    page = client.get(url, {"lacks": "firstName"}).content.decode()
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    assert [name in table for name in ("Hus Hav", "Sel Lin", "Casa Lenta")] == [False, False, True]
    assert "No value for {firstName}" in table


def test_manifest_warns_without_a_postal_address(world: World, as_member: Any) -> None:
    world.brand.postal_address = ""
    world.brand.save()
    made = prepared(world, *three(world.nora))
    page = as_member(world.nora).get(f"{HOME}/{made.pk}/manifest").content.decode()
    assert "No postal address" in page
    assert "Send to 3" in page


def test_manifest_says_how_many_match_now(world: World, as_member: Any) -> None:
    first, second, third = three(world.nora)
    mine = chosen(world.nora, first, second)
    made = letter(world.nora, first)
    edit(world.nora, made, audience={"selection": mine.pk})
    prepare(world.nora, made)
    selection.choose(world.nora, mine, [third.pk])
    page = as_member(world.nora).get(f"{HOME}/{made.pk}/manifest").content.decode()
    assert "2 chosen, 3 match now." in page
    assert "Send to 2" in page


def test_send_approves_the_manifest_and_leads_to_progress(world: World, as_member: Any) -> None:
    made = prepared(world, *three(world.nora))
    answer = as_member(world.nora).post(f"{HOME}/{made.pk}/send", {"manifest": made.manifest_id})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{HOME}/{made.pk}")
    made.refresh_from_db()
    assert (made.state, made.approved_by) == ("sending", world.nora)
    assert (made.starts_at - made.approved_at).total_seconds() == 10


def test_send_of_another_manifest_answers_409_with_what_changed(world: World, as_member: Any) -> None:
    made = prepared(world, *three(world.nora))
    seen = made.manifest_id
    prepare(world.nora, made)
    answer = as_member(world.nora).post(f"{HOME}/{made.pk}/send", {"manifest": seen})
    assert answer.status_code == 409
    assert "It was checked again since this page was opened." in answer.content.decode()
    assert Mailing.objects.get().state == "prepared"


def test_send_of_an_edited_draft_answers_409(world: World, as_member: Any) -> None:
    made = prepared(world, *three(world.nora))
    edit(world.nora, made, subject="Other")
    answer = as_member(world.nora).post(f"{HOME}/{made.pk}/send", {"manifest": made.manifest_id})
    assert answer.status_code == 409
    assert "The e-mail was edited since it was checked." in answer.content.decode()


def test_send_twice_leads_to_the_one_that_was_sent(world: World, as_member: Any) -> None:
    made, client = prepared(world, *three(world.nora)), as_member(world.nora)
    client.post(f"{HOME}/{made.pk}/send", {"manifest": made.manifest_id})
    answer = client.post(f"{HOME}/{made.pk}/send", {"manifest": made.manifest_id}, follow=True)
    assert answer.redirect_chain == [(f"{HOME}/{made.pk}", 302)]
    assert "It was sent already." in answer.content.decode()


def test_single_held_by_the_contact_policy_names_who_wrote_and_can_go_anyway(
    world: World, as_member: Any
) -> None:
    row = person(world.nora, "Hus Hav", "Signe")
    contact_policy.wrote(world.camille, "email", row.partner_id)
    made, client = prepared(world, row), as_member(world.nora)
    page = client.get(f"{HOME}/{made.pk}/manifest").content.decode()
    assert "Camille Dupré wrote by email on " in page
    assert "Send to" not in page
    answer = client.post(f"{HOME}/{made.pk}/policy", {"policy": "override", "send": "1"})
    assert answer.headers["Location"] == f"{HOME}/{made.pk}"
    made.refresh_from_db()
    assert (made.state, made.contact_policy) == ("sending", "override")


def test_many_held_by_the_contact_policy_go_only_with_the_permission(world: World, as_member: Any) -> None:
    rows = three(world.nora)
    contact_policy.wrote(world.camille, "email", rows[0].partner_id)
    made = prepared(world, *rows)
    url, policy = f"{HOME}/{made.pk}/manifest", f"{HOME}/{made.pk}/policy"
    assert "Write to 1 all the same" in as_member(world.nora).get(url).content.decode()
    assert "all the same" not in as_member(world.camille).get(url).content.decode()
    assert as_member(world.camille).post(policy, {"policy": "override"}).status_code == 403
    as_member(world.nora).post(policy, {"policy": "override", "send": "1"})
    made.refresh_from_db()
    assert (made.state, made.manifest.queued) == ("prepared", 3)
    assert "Hold them back" in as_member(world.nora).get(url).content.decode()


def test_manifest_of_a_draft_leads_back_to_writing(world: World, as_member: Any) -> None:
    made = letter(world.nora, *three(world.nora))
    answer = as_member(world.nora).get(f"{HOME}/{made.pk}/manifest")
    assert answer.headers["Location"] == f"{HOME}/{made.pk}/write"


def test_manifest_is_shown_to_viewers_without_send(world: World, as_member: Any) -> None:
    made = prepared(world, *three(world.nora))
    page = as_member(world.victor).get(f"{HOME}/{made.pk}/manifest").content.decode()
    assert "Check before sending" in page
    assert "Send to" not in page


def test_manifest_asks_as_often_for_three_as_for_one(
    world: World, as_member: Any, django_assert_num_queries: Any
) -> None:
    one, client = prepared(world, person(world.nora, "Only One", "Ann")), as_member(world.nora)
    many = prepared(world, *three(world.nora))
    client.get(f"{HOME}/{one.pk}/manifest")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        client.get(f"{HOME}/{one.pk}/manifest")
    # The name of a single recipient is asked for; of many it is not.
    with django_assert_num_queries(len(seen) - 1):
        client.get(f"{HOME}/{many.pk}/manifest")


def test_erased_recipients_do_not_break_the_page(world: World, as_member: Any) -> None:
    made = prepared(world, *three(world.nora))
    Delivery.objects.filter(mailing=made).update(prospect=None, contact=None, address="", company_name="")
    assert as_member(world.nora).get(f"{HOME}/{made.pk}/manifest").status_code == 200


def test_undone_send_comes_back_to_the_manifest(world: World, as_member: Any) -> None:
    made = prepared(world, *three(world.nora))
    send(world.nora, made, made.manifest_id)
    answer = as_member(world.nora).post(f"{HOME}/{made.pk}/undo", follow=True)
    assert [to for to, _ in answer.redirect_chain] == [f"{HOME}/{made.pk}", f"{HOME}/{made.pk}/manifest"]
    assert "Undone. Nothing was sent." in answer.content.decode()
