"""The portal's doors: a partner's own people come in by them, and by no other."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from overture.accounts.access import make_token
from overture.accounts.models import User
from overture.conversations.answer import answer
from overture.directory import claim as claims
from overture.directory.models import Partner, PartnerUser, Standing
from tests import factories
from tests.conversations.cast import Portal, talk
from tests.conversations.test_thread import emailed
from tests.everything import SECRET, rows_of
from tests.portal.people import person, picture, portal_of
from tests.test_access import API_ROUTES, METHODS, PORTAL, WORKSPACE_ROUTES, address, ask, leads_to, routes
from tests.web.signed_in import client_of
from tests.world import World

PORTAL_ROUTES = sorted({route for route in routes() if PORTAL.match(route)})


@pytest.fixture
def rows(world: World) -> dict[str, Any]:
    """Numbers of La Longue Veille's rows, by the names of routes' parameters."""
    return portal_rows(world, person())


def portal_rows(world: World, mine: PartnerUser) -> dict[str, Any]:
    """A conversation with messages of both sides, a file of each, an e-mail to the person, a brand."""
    prospect = factories.prospect(world.nora, partner=mine.partner)
    row, _ = talk(world.nora, mine.partner)
    message = answer(mine.user, row, "Mine", [picture(user=mine.user, workspace=world.brand)])
    return {
        "partner": mine.partner_id,
        "other": mine.pk,
        "invitation": claims.invite_colleague(mine, "colleague@veille.example").pk,
        "conversation": row.pk,
        "message": message.pk,
        "attachment": message.attachments.get().pk,
        "file_name": "rates.pdf",
        "delivery": emailed(world, Portal(mine.partner, prospect, mine.user), mine.user.email).pk,
        "brand": world.brand.slug,
    }


def test_nobody_is_sent_to_sign_in(rows: dict[str, Any]) -> None:
    for route in PORTAL_ROUTES:
        for method in METHODS:
            answer = getattr(Client(), method)(address(route, "", rows))
            assert leads_to(answer) == (302, "/accounts/login/"), route


def test_a_member_finds_nothing_there(rows: dict[str, Any], world: World) -> None:
    """Nor does the operator, as such."""
    User.objects.filter(pk=world.nora.user_id).update(is_operator=True)
    for member in (world.nora, world.stranger):
        client = client_of(member)
        for route in PORTAL_ROUTES:
            for method in METHODS:
                status, body = ask(client, method, address(route, "", rows))
                assert status in {404, 405}, f"{method} {route}: {status}"
                assert "La Longue Veille" not in body, route


def test_people_of_another_partner_find_nothing(rows: dict[str, Any]) -> None:
    client = portal_of(person(factories.partner(name="Other"), "x@other.example"))
    for route in PORTAL_ROUTES:
        for method in METHODS:
            status, _ = ask(client, method, address(route, "", rows))
            assert status in {404, 405}, f"{method} {route}: {status}"


def test_rows_of_another_partner_are_not_found_under_the_own_number(rows: dict[str, Any]) -> None:
    other = person(factories.partner(name="Other"), "x@other.example")
    mixed, client = rows | {"partner": other.partner_id}, portal_of(other)
    for route in [each for each in PORTAL_ROUTES if each.count("<") > 1]:
        for method in METHODS:
            status, _ = ask(client, method, address(route, "", mixed))
            assert status in {404, 405}, f"{method} {route}: {status}"
    assert not PartnerUser.objects.exclude(removed_at=None).exists()


def test_who_was_removed_finds_nothing(rows: dict[str, Any]) -> None:
    client = portal_of(PartnerUser.objects.get())
    PartnerUser.objects.update(removed_at="2026-01-01T00:00Z")
    for route in PORTAL_ROUTES:
        assert ask(client, "get", address(route, "", rows))[0] in {404, 405}, route


def test_every_page_opens_for_the_partners_people(rows: dict[str, Any], world: World) -> None:
    mine = PartnerUser.objects.get()
    client, unsent = portal_of(mine), picture(b"unsent", user=mine.user, workspace=world.brand)
    Partner.objects.filter(pk=mine.partner_id).update(logo=picture(b"logo", user=mine.user))
    for route in PORTAL_ROUTES:
        # Beside a first message stands what is not sent yet.
        there = rows | {"attachment": unsent.pk} if "<slug:brand>" in route else rows
        status, _ = ask(client, "get", address(route, "", there))
        assert status in {200, 302, 405}, f"{route}: {status}"


def test_the_partners_people_find_no_page_of_a_workspace(world: World) -> None:
    theirs, client = rows_of(world.nora), portal_of(person())
    for route in WORKSPACE_ROUTES:
        for method in METHODS:
            status, body = ask(client, method, address(route, world.brand.slug, theirs))
            assert status in {404, 405}, f"{method} {route}: {status}"
            assert SECRET not in body, route


def test_the_api_is_not_for_them(world: World) -> None:
    """Their session counts for nothing there; a token belongs to a member, and ends with the membership."""
    theirs, mine = rows_of(world.nora), person()
    client = portal_of(mine)
    for route in API_ROUTES:
        for method in METHODS:
            status, body = ask(client, method, address(route.rstrip("$"), "", theirs))
            assert status in {401, 405}, f"{method} {route}: {status}"
            assert SECRET not in body
    assert make_token(world.nora, "x")[0].member == world.nora


def test_the_number_of_a_merged_partner_leads_to_what_it_became(world: World) -> None:
    mine = person()
    old = factories.partner(name="Old", standing=Standing.MERGED, merged_into=mine.partner)
    client = portal_of(mine)
    answer = client.get(f"/partner/{old.pk}/profile?x=1")
    assert answer["Location"] == f"/partner/{mine.partner_id}/profile?x=1"
    assert client.get(f"/partner/{'9' * 30}/profile").status_code == 404
