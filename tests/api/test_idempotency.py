"""The same key and request: the work is done once, and answered the same."""

from __future__ import annotations

from datetime import timedelta

import psycopg
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from overture.ads.models import Ad
from overture.api.idempotency import _LOCK
from overture.api.models import KeptAnswer
from overture.prospects.models import Import
from tests.api.caller import Caller
from tests.api.test_resources import TEXT


def test_the_same_request_is_done_once(nora: Caller) -> None:
    first = nora("post", "/ads", TEXT, Idempotency_Key="k1")
    assert nora("post", "/ads", TEXT, Idempotency_Key="k1") == first
    assert nora.response.headers["Idempotent-Replayed"] == "true"
    assert (first[0], Ad.objects.count()) == (201, 1)


def test_another_request_may_not_use_the_key(nora: Caller) -> None:
    nora("post", "/ads", TEXT, Idempotency_Key="k1")
    for path, body in (("/ads", TEXT | {"name": "Other"}), ("/suppressions", TEXT)):
        status, told = nora("post", path, body, Idempotency_Key="k1")
        assert (status, told["type"]) == (422, "urn:overture:problem:key_reused")
    assert Ad.objects.count() == 1


def test_keys_of_others_are_their_own(nora: Caller, stranger: Caller) -> None:
    nora("post", "/ads", TEXT, Idempotency_Key="k1")
    assert stranger("post", "/ads", TEXT, Idempotency_Key="k1")[0] == 201
    assert Ad.objects.count() == 2


def test_a_refused_request_may_be_mended_under_its_key(nora: Caller) -> None:
    assert nora("post", "/ads", TEXT | {"text": ""}, Idempotency_Key="k1")[0] == 422
    assert nora("post", "/ads", TEXT, Idempotency_Key="k1")[0] == 201


def test_a_key_is_forgotten_after_a_day(nora: Caller) -> None:
    nora("post", "/ads", TEXT, Idempotency_Key="k1")
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))
    nora("post", "/ads", TEXT, Idempotency_Key="k1")
    assert (Ad.objects.count(), KeptAnswer.objects.count()) == (2, 1)


def test_a_request_at_work_holds_its_key(nora: Caller, world: object) -> None:
    import hashlib

    member = world.nora.pk  # type: ignore[attr-defined]
    number = int.from_bytes(hashlib.sha256(f"{member}:k1".encode()).digest()[:4], signed=True)
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [_LOCK, number])
        status, told = nora("post", "/ads", TEXT, Idempotency_Key="k1")
    assert (status, told["type"], Ad.objects.count()) == (409, "urn:overture:problem:in_progress", 0)


def test_a_key_must_be_one(nora: Caller) -> None:
    for key in ("", "a b", "x" * 201):
        status, told = nora("post", "/ads", TEXT, Idempotency_Key=key)
        assert (status, told["errors"][0]["field"]) == (422, "Idempotency-Key")


def test_a_file_sent_twice_is_imported_once(nora: Caller) -> None:
    def send() -> tuple[int, bytes]:
        file = SimpleUploadedFile("a.csv", b"company,email\nMaison,jo@x.example\n")
        response = Client().post(
            "/api/v1/imports",
            {"file": file, "dry_run": "false"},
            headers={"authorization": f"Bearer {nora.token}", "idempotency-key": "k1"},
        )
        return response.status_code, response.content

    first = send()
    assert (send(), first[0], Import.objects.count()) == (first, 202, 1)
