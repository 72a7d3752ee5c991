"""The list of e-mails, and the words for what the ledger and compose say in codes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from overture.compose import WORDING
from overture.delivery.approve import send
from overture.delivery.models import Mailing
from overture.delivery.prepare import prepare
from overture.web.wording import COMPOSE, reason_text
from tests.web.asking import names_in
from tests.web.letters import letter, person
from tests.world import World

HOME = "/w/halden/emails"


@pytest.mark.django_db
def test_list_shows_drafts_sending_and_done(world: World, as_member: Any) -> None:
    rows = [person(world.nora, f"Partner {name}", name) for name in ("One", "Two", "Three")]
    draft, sent, done = (letter(world.nora, row, subject=f"To {row.name}") for row in rows)
    send(world.nora, sent, prepare(world.nora, sent).pk)
    Mailing.objects.filter(pk=done.pk).update(state="done")
    client = as_member(world.nora)
    found = {tab: names_in(client.get(HOME, {"show": tab})) for tab in ("", "drafts", "sending", "done")}
    assert sorted(found.pop("")) == ["To Partner One", "To Partner Three", "To Partner Two"]
    assert found == {
        "drafts": ["To Partner One"],
        "sending": ["To Partner Two"],
        "done": ["To Partner Three"],
    }
    page = client.get(HOME).content.decode()
    assert "1 to go" in page
    assert f'href="{HOME}/{draft.pk}"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("", "No emails yet"),
        ("drafts", "No drafts"),
        ("sending", "Nothing is being sent"),
        ("done", "Nothing is finished yet"),
    ],
)
def test_list_without_emails_says_what_comes_here(world: World, as_member: Any, tab: str, words: str) -> None:
    assert words in as_member(world.nora).get(HOME, {"show": tab}).content.decode()


@pytest.mark.django_db
def test_list_asks_as_often_for_three_as_for_one(world: World, as_member: Any) -> None:
    client, counts = as_member(world.nora), []
    for name in ("Uno", "Due", "Tre"):
        made = letter(world.nora, person(world.nora, f"Casa {name}", name))
        send(world.nora, made, prepare(world.nora, made).pk)
        client.get(HOME)
        with CaptureQueriesContext(connection) as seen:
            client.get(HOME)
        counts.append(len(seen))
    assert counts[0] == counts[2]


@pytest.mark.django_db
def test_list_has_pages(world: World, as_member: Any) -> None:
    rows = [Mailing(workspace=world.brand, author=world.nora, subject=f"No {n}") for n in range(53)]
    Mailing.objects.bulk_create(rows)
    client = as_member(world.nora)
    answer = client.get(HOME)
    first = names_in(answer)
    page = answer.content.decode()
    further = page.split('aria-label="Next page"')[0].rsplit('href="', 1)[1].split('"')[0]
    rest = names_in(client.get(HOME + further.replace("&amp;", "&")))
    assert (len(first), len(rest), len({*first, *rest})) == (50, 3, 53)


@pytest.mark.django_db
def test_viewers_do_not_open_drafts(world: World, as_member: Any) -> None:
    made = letter(world.nora, person(world.nora, "Hus Hav", "Signe"))
    page = as_member(world.victor).get(HOME).content.decode()
    assert "A feature for {mpname}" in page
    assert f'href="{HOME}/{made.pk}"' not in page


def test_every_sentence_of_compose_can_be_translated() -> None:
    assert set(COMPOSE) == set(WORDING.values())


@pytest.mark.parametrize(
    ("state", "code", "words"),
    [
        ("skipped", "opted_out", "Opted out"),
        ("failed", "550", "The server refused it"),
        ("deferred", "451", "The server asks to try later"),
        ("unknown", "dropped", "The connection broke off"),
        ("failed", "something_new", ""),
        ("queued", "", ""),
    ],
)
def test_reasons_have_words(state: str, code: str, words: str) -> None:
    assert reason_text(state, code) == words
