"""Notices: told to one member, read by that member, on the page and beside the navigation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from overture.accounts.models import Membership
from overture.notices import notices as verbs
from overture.notices.models import Notice
from tests.world import World

FACTS: dict[str, Any] = {
    "search": 1, "name": "<Gardens>", "marketplace": "partner", "query": "category=Gardens", "count": 2,
    "partners": ["Elm & Co", "Ash"],
}  # fmt: skip


def tell(member: Membership, **facts: Any) -> Notice:
    return verbs.notify(member, "new_matches", **(FACTS | facts))


def client_of(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_notices_are_the_members_alone(world: World) -> None:
    first, second = tell(world.victor), tell(world.victor)
    other = tell(world.nora)
    assert (verbs.unread(world.victor), verbs.unread(world.nora), verbs.unread(world.camille)) == (2, 1, 0)
    assert verbs.read(world.victor, [first.pk, other.pk]) == 1
    assert verbs.read(world.victor, [first.pk]) == 0
    assert list(verbs.notices(world.victor).filter(read_at=None)) == [second]
    assert verbs.read_all(world.victor) == 1
    assert (verbs.unread(world.victor), verbs.unread(world.nora)) == (0, 1)


def test_old_notices_are_forgotten(world: World) -> None:
    old, fresh = tell(world.nora), tell(world.nora)
    Notice.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=91))
    assert verbs.forget() == 1
    assert list(Notice.objects.all()) == [fresh]


def test_the_page_shows_them_newest_first(world: World) -> None:
    client = client_of(world.victor)
    assert "No notices" in client.get("/w/halden/notices").content.decode()
    tell(world.victor, count=1, partners=["Elm & Co"])
    tell(world.victor)
    tell(world.nora, name="Not yours")
    page = client.get("/w/halden/notices").content.decode()
    first = page.index("2 new matches for “&lt;Gardens&gt;”, among them Elm &amp; Co, Ash")
    second = page.index("1 new match for “&lt;Gardens&gt;”: Elm &amp; Co")
    assert first < second
    assert "Not yours" not in page
    assert page.count('class="tag good"') == 2
    assert 'aria-current="page"' in page
    assert '<span class="n">2</span>' in page
    french = client.get("/w/halden/notices", headers={"accept-language": "fr"}).content.decode()
    assert "2 nouveaux résultats pour «\u00a0&lt;Gardens&gt;\u00a0», dont Elm &amp; Co, Ash" in french


def test_following_one_reads_it_and_shows_the_search(world: World) -> None:
    client, notice = client_of(world.victor), tell(world.victor)
    head = client.head(f"/w/halden/notices/{notice.pk}")
    assert (head.status_code, verbs.unread(world.victor)) == (302, 1)
    answer = client.get(f"/w/halden/notices/{notice.pk}")
    assert answer.headers["Location"] == "/w/halden/marketplace?category=Gardens&sort=newest"
    assert verbs.unread(world.victor) == 0
    assert client_of(world.nora).get(f"/w/halden/notices/{notice.pk}").status_code == 404
    creators = tell(world.victor, marketplace="creator", query="")
    answer = client.get(f"/w/halden/notices/{creators.pk}")
    assert answer.headers["Location"] == "/w/halden/creators?sort=newest"


def test_all_are_read_at_once(world: World) -> None:
    client = client_of(world.victor)
    tell(world.victor)
    tell(world.victor)
    tell(world.nora)
    answer = client.post("/w/halden/notices/read", follow=True)
    assert "2 notices marked as read." in answer.content.decode()
    assert (verbs.unread(world.victor), verbs.unread(world.nora)) == (0, 1)
    assert client.get("/w/halden/notices/read").status_code == 405


@pytest.mark.parametrize("kind", ["of_a_later_version"])
def test_a_kind_without_wording_still_shows(world: World, kind: str) -> None:
    notice = verbs.notify(world.nora, kind)
    client = client_of(world.nora)
    assert "Something happened" in client.get("/w/halden/notices").content.decode()
    assert client.get(f"/w/halden/notices/{notice.pk}").headers["Location"] == "/w/halden/notices"


def test_many_take_as_many_queries_as_one(world: World) -> None:
    client = client_of(world.nora)
    tell(world.nora)
    client.get("/w/halden/notices")
    with CaptureQueriesContext(connection) as few:
        client.get("/w/halden/notices")
    for _ in range(60):
        tell(world.nora)
    with CaptureQueriesContext(connection) as many:
        page = client.get("/w/halden/notices").content.decode()
    assert len(many) == len(few)
    assert "61 notices" in page
