"""Walks every route of site and API as nobody, as a stranger, as each role, and with another's rows."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from overture.accounts.access import make_token
from overture.accounts.models import Membership, User
from tests.everything import SECRET, rows_of
from tests.world import World

# Routes for everyone: what they show is public by nature, and each has tests of its own.
PUBLIC = re.compile(
    r"^(accounts/|healthz$|live/|c/|i/|o/|n/|hooks/|partners/|partner/(sign-up$|invitations/)|language$|theme$|$|"
    r"api/v1/(docs|openapi\.json)$)"
)
# For whoever is signed in, with or without a workspace.
# The way back from a provider names its workspace in the session; tests/web/test_mailbox_sign_in.py walks it.
SIGNED_IN = re.compile(
    r"^(profile|workspaces$|workspaces/new$|mailboxes/signed-in$|partner$|invitations/|demo/|static/)"
)
# For a partner's own people; tests/portal walks them.
PORTAL = re.compile(r"^partner/<int:partner>")
# For operators, whatever their role: pages are not there for others, the API says that they may not.
OPERATORS = re.compile(
    r"^(w/<slug:workspace>/(directory|quarantine)|api/v1/(directory|quarantine|scanner))\b"
)
METHODS = ("get", "post", "put", "patch", "delete")


def routes() -> Iterator[str]:
    """Every route of the site as Django writes it, such as `w/<slug:workspace>/ads/<int:ad>`."""

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route)
            else:
                yield route

    return walk(get_resolver().url_patterns, "")


def address(route: str, workspace: str, rows: dict[str, int]) -> str:
    """The route filled in; a parameter this walk does not know fails it, so that it grows with the routes."""

    def fill(match: re.Match[str]) -> str:
        name = match[1].split(":")[-1]
        if name == "workspace":
            return workspace
        # What was chosen among partners is not found among creators.
        name = "creator_tiles" if name == "tiles" and "creators/" in route else name
        if name not in rows:
            raise AssertionError(f"{route}: teach tests/everything.py to make a row for <{name}>")
        return str(rows[name])

    return "/" + re.sub(r"<([^>]+)>", fill, route)


def ask(client: Client, method: str, url: str, **headers: str) -> tuple[int, str]:
    answer = getattr(client, method)(url, headers=headers or None)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, body.decode(errors="replace")


@pytest.fixture
def client_of() -> object:
    def sign_in(member: Membership) -> Client:
        client = Client(raise_request_exception=True)
        client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


WORKSPACE_ROUTES = sorted({route for route in routes() if route.startswith("w/")})
API_ROUTES = sorted({route for route in routes() if route.startswith("api/v1/") and not PUBLIC.match(route)})


def test_every_route_is_public_by_name_or_behind_the_door() -> None:
    known = {*WORKSPACE_ROUTES, *API_ROUTES}
    doors = (PUBLIC, SIGNED_IN, PORTAL)
    assert [r for r in routes() if r not in known and not any(door.match(r) for door in doors)] == []
    assert all(route.startswith("w/<slug:workspace>") for route in WORKSPACE_ROUTES)


def test_nobody_is_sent_to_sign_in(world: World) -> None:
    rows = rows_of(world.nora)
    for route in WORKSPACE_ROUTES:
        for method in METHODS:
            answer = getattr(Client(), method)(address(route, world.brand.slug, rows))
            assert leads_to(answer) == (302, "/accounts/login/"), route


def test_signed_in_pages_send_nobody_to_sign_in(world: World) -> None:
    for route in [r for r in routes() if SIGNED_IN.match(r) and "<" not in r]:
        answer = Client().get("/" + route)
        assert leads_to(answer) == (302, "/accounts/login/"), route


def test_a_stranger_finds_nothing(world: World, client_of) -> None:  # type: ignore[no-untyped-def]
    rows, client = rows_of(world.nora), client_of(world.stranger)
    for route in WORKSPACE_ROUTES:
        for method in METHODS:
            status, body = ask(client, method, address(route, world.brand.slug, rows))
            assert status in {404, 405}, f"{method} {route}: {status}"
            assert SECRET not in body, route


def test_rows_of_another_workspace_are_not_found(world: World, client_of) -> None:  # type: ignore[no-untyped-def]
    """An administrator who fills in the numbers of another workspace's rows in addresses of the own one."""
    theirs, client = rows_of(world.nora), client_of(world.stranger)
    for route in [r for r in WORKSPACE_ROUTES if r.count("<") > 1]:
        for method in METHODS:
            status, body = ask(client, method, address(route, world.other_brand.slug, theirs))
            assert status in {404, 405}, f"{method} {route}: {status}"
            assert SECRET not in body, route


def test_every_page_opens_for_an_administrator(world: World, client_of) -> None:  # type: ignore[no-untyped-def]
    User.objects.filter(pk=world.nora.user_id).update(is_operator=True)
    rows, client = rows_of(world.nora), client_of(world.nora)
    for route in WORKSPACE_ROUTES:
        status, _ = ask(client, "get", address(route, world.brand.slug, rows))
        assert status in {200, 302, 405}, f"{route}: {status}"


def test_a_viewer_changes_nothing(world: World, client_of) -> None:  # type: ignore[no-untyped-def]
    rows, client = rows_of(world.nora), client_of(world.victor)
    # Choosing rows in a list is looking, not changing; so is one's own search, and reading notices.
    own = re.compile(r"/selections|/select|/searches|/notices")
    for route in WORKSPACE_ROUTES:
        for method in ("post", "put", "patch", "delete"):
            if own.search(route):
                continue
            status, _ = ask(client, method, address(route, world.brand.slug, rows))
            assert status in {403, 404, 405}, f"{method} {route}: {status}"


def test_api_refuses_without_a_token(world: World) -> None:
    rows = rows_of(world.nora)
    for route in API_ROUTES:
        for method in METHODS:
            status, body = ask(Client(), method, address(_numbered(route), world.brand.slug, rows))
            assert status in {401, 405}, f"{method} {route}: {status}"
            assert SECRET not in body


def test_api_finds_no_rows_of_another_workspace(world: World) -> None:
    theirs = rows_of(world.nora)
    token = make_token(world.stranger, "walk")[1]
    for route in [r for r in API_ROUTES if "<" in r and not OPERATORS.match(r)]:
        for method in METHODS:
            url = address(_numbered(route), world.brand.slug, theirs)
            status, body = ask(Client(), method, url, authorization=f"Bearer {token}")
            # 422: the input is refused before the row is looked for.
            assert status in {404, 405, 415, 422}, f"{method} {route}: {status}"
            assert SECRET not in body


def test_api_viewer_changes_nothing(world: World) -> None:
    rows = rows_of(world.nora)
    token = make_token(world.victor, "walk")[1]
    # How far one has read is one's own.
    own = re.compile(r"/conversations/<[^>]*>/(read|unread)$")
    for route in API_ROUTES:
        if own.search(route):
            continue
        for method in ("post", "put", "patch", "delete"):
            url = address(_numbered(route), world.brand.slug, rows)
            status, _ = ask(Client(), method, url, authorization=f"Bearer {token}")
            assert status in {403, 404, 405, 415, 422}, f"{method} {route}: {status}"


def test_the_directory_is_the_operators(world: World, client_of) -> None:  # type: ignore[no-untyped-def]
    """An administrator who is no operator neither finds its pages nor may use its API."""
    rows, client = rows_of(world.nora), client_of(world.nora)
    token = make_token(world.nora, "walk")[1]
    for route in filter(OPERATORS.match, [*WORKSPACE_ROUTES, *API_ROUTES]):
        is_page, url = route.startswith("w/"), address(_numbered(route), world.brand.slug, rows)
        for method in METHODS:
            if is_page:
                assert ask(client, method, url)[0] in {404, 405}, f"{method} {route}"
            else:
                # 422: the input is refused before the operator is looked for.
                status, _ = ask(Client(), method, url, authorization=f"Bearer {token}")
                assert status in {403, 405, 415, 422}, f"{method} {route}: {status}"


def leads_to(answer: HttpResponse) -> tuple[int, str]:
    return answer.status_code, answer.headers.get("Location", "").split("?")[0]


def _numbered(route: str) -> str:
    """django-ninja writes `{int:prospect}` as Django does once mounted: nothing to change but anchors."""
    return route.rstrip("$")
