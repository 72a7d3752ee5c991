"""Progress: what stands where and why, pause, resume, cancel, undo, and what may have left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from overture.delivery.approve import send
from overture.delivery.models import Delivery, Mailing, Manifest
from overture.delivery.prepare import prepare
from overture.delivery.suppress import suppress
from tests import factories
from tests.web.letters import letter, three
from tests.world import World

pytestmark = pytest.mark.django_db
HOME = "/w/halden/emails"


@pytest.fixture
def sending(world: World) -> Mailing:
    made = letter(world.nora, *three(world.nora))
    manifest = prepare(world.nora, made)
    return send(world.nora, made, manifest.pk)


def shown(client: Any, mailing: Mailing, **query: str) -> str:
    page: str = client.get(f"{HOME}/{mailing.pk}", query).content.decode()
    return page


def table(page: str) -> str:
    return page[page.index("<tbody>") : page.index("</tbody>")] if "<tbody>" in page else ""


def test_progress_counts_every_recipient(world: World, as_member: Any, sending: Mailing) -> None:
    first = Delivery.objects.filter(mailing=sending).earliest("pk")
    Delivery.objects.filter(pk=first.pk).update(state="sent", sent_at=timezone.now())
    page = shown(as_member(world.nora), sending)
    assert "1 of 3 handled" in page
    assert 'aria-label="1 sent, 2 queued"' in page
    assert "data-live" in page


def test_progress_fragment_tells_the_same_and_ends_when_done(
    world: World, as_member: Any, sending: Mailing
) -> None:
    client = as_member(world.nora)
    fragment = client.get(f"{HOME}/{sending.pk}/progress").content.decode()
    assert fragment.startswith('<div id="progress" data-live')
    assert "0 of 3 handled" in fragment
    Delivery.objects.filter(mailing=sending).update(state="sent", sent_at=timezone.now())
    Mailing.objects.filter(pk=sending.pk).update(state="done", done_at=timezone.now())
    fragment = client.get(f"{HOME}/{sending.pk}/progress").content.decode()
    assert fragment.startswith('<div id="progress">')
    assert "3 of 3 handled" in fragment


def test_progress_fragment_of_an_undone_email_leads_to_its_manifest(
    world: World, as_member: Any, sending: Mailing
) -> None:
    Mailing.objects.filter(pk=sending.pk).update(state="prepared")
    answer = as_member(world.nora).get(f"{HOME}/{sending.pk}/progress")
    assert answer.headers["HX-Redirect"] == f"{HOME}/{sending.pk}"


def test_progress_filters_by_state(world: World, as_member: Any, sending: Mailing) -> None:
    refused = Delivery.objects.filter(mailing=sending).latest("pk")
    words = "5.1.1 <casa@lenta.example> no such user"
    Delivery.objects.filter(pk=refused.pk).update(state="failed", reason="550", smtp_reply=words)
    rows = table(shown(as_member(world.nora), sending, state="failed"))
    assert "Casa Lenta" in rows
    assert "Hus Hav" not in rows
    assert "The server refused it: 5.1.1 &lt;casa@lenta.example&gt; no such user" in rows


def test_servers_words_hide_the_address_as_the_page_does(world: World, as_member: Any) -> None:
    row = factories.prospect(world.nora, "Hus Hav")
    factories.contact(row.partner, "signe@hushav.example", first_name="Signe")
    made = letter(world.nora, row)
    send(world.nora, made, prepare(world.nora, made).pk)
    Delivery.objects.update(state="failed", reason="550", smtp_reply="550 <Signe@hushav.example> unknown")
    page = shown(as_member(world.nora), made)
    assert "signe@hushav.example" not in page.lower()
    assert "s•••@hushav.example" in table(page)


def test_progress_tells_who_was_skipped_and_why(world: World, as_member: Any) -> None:
    suppress(world.nora, "sel@lin.example")
    made = letter(world.nora, *three(world.nora))
    send(world.nora, made, prepare(world.nora, made).pk)
    page = shown(as_member(world.nora), made)
    assert 'href="?state=skipped&amp;reason=suppressed#recipients">On the suppression list</a>' in page
    rows = table(shown(as_member(world.nora), made, state="skipped", reason="suppressed"))
    assert [name in rows for name in ("Hus Hav", "Sel Lin")] == [False, True]


def test_undo_is_offered_within_its_window_only(world: World, as_member: Any, sending: Mailing) -> None:
    client = as_member(world.nora)
    assert "data-countdown" in shown(client, sending)
    Mailing.objects.filter(pk=sending.pk).update(starts_at=timezone.now())
    assert "data-countdown" not in shown(client, sending)
    answer = client.post(f"{HOME}/{sending.pk}/undo", follow=True)
    assert "It is too late to undo" in answer.content.decode()


def test_pause_resume_cancel(world: World, as_member: Any, sending: Mailing) -> None:
    client = as_member(world.nora)
    page = client.post(f"{HOME}/{sending.pk}/pause", follow=True).content.decode()
    sending.refresh_from_db()
    assert sending.state == "paused"
    assert "Paused. Nothing leaves until it is resumed." in page
    assert "Resume" in page
    client.post(f"{HOME}/{sending.pk}/resume")
    sending.refresh_from_db()
    assert sending.state == "sending"
    assert "Cancel 3 emails" in shown(client, sending)
    assert "Keep sending" in shown(client, sending)
    page = client.post(f"{HOME}/{sending.pk}/cancel", follow=True).content.decode()
    sending.refresh_from_db()
    assert sending.state == "cancelled"
    assert "3 of 3 handled" in page
    assert "It is over." in client.post(f"{HOME}/{sending.pk}/cancel", follow=True).content.decode()


def test_why_it_waits_is_told(world: World, as_member: Any, sending: Mailing) -> None:
    facts = {"limit": 500, "until": "2038-01-20T08:30:00+00:00"}
    Mailing.objects.filter(pk=sending.pk).update(reason="daily_limit", reason_facts=facts)
    assert "Daily limit of 500 reached" in shown(as_member(world.nora), sending)


def unknown(rows: Any, ago: timedelta) -> None:
    lease = "11111111-1111-4111-8111-111111111111"
    rows.update(state="unknown", reason="dropped", lease=lease, leased_until=timezone.now() - ago)


def test_unknown_is_settled_by_a_person(world: World, as_member: Any, sending: Mailing) -> None:
    rows = Delivery.objects.filter(mailing=sending)
    unknown(rows, timedelta(minutes=14))
    client = as_member(world.nora)
    page = shown(client, sending)
    assert "3 may have left." in page
    assert ("They can be sent again from " in page, "Send them again" in page) == (True, False)
    assert (page.count("It left"), page.count("Send again")) == (3, 0)
    answer = client.post(f"{HOME}/{sending.pk}/unknown", {"left": "0"}, follow=True)
    assert "It is too early to send again" in answer.content.decode()
    first, second, third = rows.order_by("pk")
    client.post(f"{HOME}/{sending.pk}/unknown", {"left": "1", "delivery": first.pk})
    unknown(rows.filter(pk=second.pk), timedelta(minutes=16))
    page = shown(client, sending)
    assert (page.count("It left"), page.count("Send again")) == (2, 1)
    assert "Send them again" in page
    client.post(f"{HOME}/{sending.pk}/unknown", {"left": "0", "delivery": second.pk})
    assert [each.state for each in rows.order_by("pk")] == ["sent", "queued", "unknown"]
    client.post(f"{HOME}/{sending.pk}/unknown", {"left": "1"})
    third.refresh_from_db()
    assert third.state == "sent"


def test_viewers_see_and_do_not_steer(world: World, as_member: Any, sending: Mailing) -> None:
    page = shown(as_member(world.victor), sending)
    assert "0 of 3 handled" in page
    assert "Cancel sending" not in page
    assert as_member(world.victor).post(f"{HOME}/{sending.pk}/pause").status_code == 403


def test_view_the_email_shows_what_was_frozen(world: World, as_member: Any, sending: Mailing) -> None:
    page = shown(as_member(world.nora), sending, prospect="0")
    assert "A feature for Hus Hav" in page
    assert '<mark class="token-value">Signe</mark>' in page


def test_recipients_are_paged_by_key(world: World, as_member: Any) -> None:
    rows = [factories.prospect(world.nora, f"P{n:03}", f"p{n}@x{n}.example") for n in range(60)]
    made = letter(world.nora, *rows)
    send(world.nora, made, prepare(world.nora, made).pk)
    client = as_member(world.nora)
    page = shown(client, made)
    assert ("P049" in table(page), "P050" in table(page)) == (True, False)
    further = page.split('aria-label="Next page"')[0].rsplit('href="', 1)[1].split('"')[0]
    rest = client.get(f"{HOME}/{made.pk}{further.replace('&amp;', '&')}").content.decode()
    assert ("P049" in table(rest), "P050" in table(rest)) == (False, True)


def test_progress_takes_any_reason_that_an_address_holds(
    world: World, as_member: Any, sending: Mailing
) -> None:
    assert table(shown(as_member(world.nora), sending, state="skipped", reason="\0opted\0out")) == ""


def test_page_says_when_the_states_do_not_add_up_to_what_was_planned(
    world: World, as_member: Any, sending: Mailing
) -> None:
    client = as_member(world.nora)
    assert "accounted for" not in shown(client, sending)
    Manifest.objects.filter(mailing=sending).update(recipients=4)
    assert "4 were planned, 3 are accounted for." in shown(client, sending)
