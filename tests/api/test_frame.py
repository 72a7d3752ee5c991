"""What holds for every operation: tokens, problems, methods, names, languages, sizes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from overture.accounts.models import ApiToken
from tests.api.caller import Caller
from tests.world import World

PROBLEM = "application/problem+json"


def problem(caller: Caller, method: str, path: str, body: object = None, **headers: str) -> dict[str, object]:
    status, told = caller(method, path, body, **headers)
    assert caller.response.headers["Content-Type"] == PROBLEM
    assert told["status"] == status
    return told


def test_without_a_token_nothing_is_told(world: World) -> None:
    response = Client().get("/api/v1/ads")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="Overture"'
    assert response.json() == {
        "type": "urn:overture:problem:unauthorized",
        "title": "A valid token is needed.",
        "status": 401,
        "detail": "Send a token, as Authorization: Bearer ovt_...",
        "errors": [],
    }


def test_a_session_counts_for_nothing(world: World) -> None:
    client = Client()
    client.force_login(world.nora.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/api/v1/ads").status_code == 401


def test_a_revoked_token_is_refused(world: World, nora: Caller) -> None:
    from django.utils import timezone

    assert nora("get", "/ads")[0] == 200
    ApiToken.objects.update(revoked_at=timezone.now())
    assert nora("get", "/ads")[0] == 401


def test_a_wrong_method_is_refused_as_a_problem(nora: Caller) -> None:
    told = problem(nora, "put", "/ads")
    assert (told["status"], nora.response.headers["Allow"]) == (405, "GET, POST")


def test_head_answers_as_get_without_a_body(nora: Caller) -> None:
    nora.response = Client().head("/api/v1/ads", headers={"authorization": f"Bearer {nora.token}"})
    assert (nora.response.status_code, nora.response.content) == (200, b"")
    assert nora.response.headers["Content-Length"] == "39"
    file = Client().head("/api/v1/prospects.csv", headers={"authorization": f"Bearer {nora.token}"})
    assert (file.status_code, file.content, file.headers["Content-Type"]) == (200, b"", "text/csv")


@pytest.mark.parametrize("path", ["/", "/nothing", "/ads/", "/ads/x", "/ads/999999999999999999999999"])
def test_what_is_not_there_is_a_404_of_its_own_kind(nora: Caller, path: str) -> None:
    assert problem(nora, "get", path)["type"] == "urn:overture:problem:not_found"


def test_unknown_names_in_a_body_are_refused(nora: Caller) -> None:
    told = problem(nora, "patch", "/workspace", {"contactdays": 3})
    assert told["status"] == 422
    assert told["errors"] == [
        {"field": "contactdays", "code": "extra_forbidden", "message": "There is no such name here."}
    ]


def test_unknown_names_in_a_query_are_refused(nora: Caller) -> None:
    told = problem(nora, "get", "/ads?limitt=3")
    assert [(each["field"], each["code"]) for each in _faults(told)] == [("limitt", "extra_forbidden")]


def test_kinds_of_values_are_not_guessed(nora: Caller) -> None:
    told = problem(nora, "patch", "/workspace", {"contact_days": "3", "name": 4})
    assert [(each["field"], each["code"]) for each in _faults(told)] == [
        ("name", "string_type"),
        ("contact_days", "int_type"),
    ]


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ('{"a": 1,\n  b}', "No JSON: line 2, column 3."),
        ('{"a": NaN}', "The body holds what JSON does not have."),
        ('{"a": 1e999}', "The body holds what JSON does not have."),
        ("[" * 100_000, "The body holds what JSON does not have."),
        (b"\xff", "The body is not UTF-8."),
    ],
)
def test_what_is_no_json_is_told_where(nora: Caller, body: str, detail: str) -> None:
    told = problem(nora, "post", "/ads", body)
    assert (told["status"], told["detail"]) == (400, detail)


@pytest.mark.parametrize("text", ['"\\u0000"', '"\\ud800"'])
def test_texts_that_cannot_be_kept_are_refused(nora: Caller, text: str) -> None:
    told = problem(nora, "patch", "/workspace", f'{{"name": {text}}}')
    assert (told["status"], _faults(told)[0]["field"]) == (422, "name")


def test_another_content_type_is_refused(nora: Caller) -> None:
    response = Client().post(
        "/api/v1/ads", "name=x", content_type="text/plain", headers={"authorization": f"Bearer {nora.token}"}
    )
    assert (response.status_code, response.headers["Content-Type"]) == (415, PROBLEM)


def test_a_body_too_large_is_refused(nora: Caller, settings) -> None:  # type: ignore[no-untyped-def]
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert problem(nora, "patch", "/workspace", {"name": "x" * 100})["status"] == 413


def test_a_role_that_may_not_is_told_the_permission(victor: Caller) -> None:
    told = problem(victor, "patch", "/workspace", {"contact_days": 3})
    assert (told["status"], told["detail"]) == (403, "It needs the permission: administer.")


def test_a_failure_of_ours_is_a_problem_and_says_nothing_else(
    nora: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(member: object) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr("overture.api.workspace._workspace", fails)
    told = problem(nora, "get", "/workspace")
    assert (told["status"], told["type"]) == (500, "urn:overture:problem:server_error")
    assert "secret" not in nora.response.content.decode()
    assert "the secret inside" in caplog.text


def test_pages_of_a_list_lead_to_all_rows_once(nora: Caller) -> None:
    made = [nora.post("/suppressions", {"address": f"a{n}@x.example"})["id"] for n in range(5)]
    seen, cursor = [], ""
    while cursor is not None:
        page = nora.get(f"/suppressions?limit=2&cursor={cursor}")
        assert page["total"] == 5
        seen += [each["id"] for each in page["items"]]
        cursor = page["next"]
    assert seen == made


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "cursor=x", "cursor=YWZ0ZXI6LTE", "total=perhaps"]
)
def test_a_page_that_cannot_be_is_refused(nora: Caller, query: str) -> None:
    told = problem(nora, "get", f"/ads?{query}")
    assert (told["status"], _faults(told)[0]["field"]) == (422, query.partition("=")[0])


def test_a_total_beyond_what_is_counted_is_null_unless_asked_for(
    nora: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("overture.api.paging.COUNTED", 2)
    for n in range(3):
        nora.post("/suppressions", {"address": f"a{n}@x.example"})
    assert nora.get("/suppressions")["total"] is None
    assert nora.get("/suppressions?total=true")["total"] == 3


def test_the_docs_page_and_the_schema_are_open_to_all(world: World) -> None:
    page = Client().get("/api/v1/docs")
    assert (page.status_code, "<script" in page.content.decode().partition("</head>")[2]) == (200, False)
    schema = Client().get("/api/v1/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    assert set(schema["paths"]["/api/v1/mailings/{mailing}/send"]) == {"post"}


def _faults(told: dict[str, Any]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = told["errors"]
    return found
