"""doctor: each fault is named with its remedy."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from overture.delivery.models import Manifest
from overture.files.keep import keep
from overture.files.models import StoredFile
from overture.lib.steps import run
from overture.mailboxes.limits import take
from overture.mailboxes.models import MailboxRelay
from overture.management.doctor import Finding, examine
from overture.webhooks.call import pause_failing
from overture.webhooks.edit import pause
from tests.delivery import cast
from tests.delivery.relays import relay_mailbox
from tests.webhooks.cast import hook
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.OVERTURE_DATA = tmp_path
    return tmp_path


def found(subject: str) -> list[Finding]:
    return [finding for finding in examine() if finding.subject == subject]


def beat(age: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval)", [age]
        )


def test_doctor_names_webhooks_that_do_not_arrive(world: World) -> None:
    assert found("webhooks") == [Finding("webhooks", "ok", "0 webhooks, none paused by failures.")]
    failing, _paused_by_hand = hook(world.nora, "https://hooks.example/s3cret"), hook(world.nora)
    pause(world.nora, _paused_by_hand)
    pause_failing(failing, "failing")
    (finding,) = found("webhooks")
    assert (finding.state, finding.words) == (
        "warn",
        "1 paused, because calls did not arrive: hooks.example.",
    )


def test_doctor_names_a_relay_that_tells_nothing(world: World) -> None:
    relay = relay_mailbox(world.nora, "postmark")
    unsent = found("mail")
    run(take(relay.address_key, timezone.now(), 1))
    (silent,) = set(found("mail")) - set(unsent)
    assert silent.state == "warn"
    assert silent.words.startswith(f"{relay.address} has sent, and its relay's webhook has told nothing")
    MailboxRelay.objects.update(last_event_at=timezone.now())
    assert found("mail") == unsent


def test_doctor_finds_a_sound_database() -> None:
    assert found("database") == [
        Finding("database", "ok", "PostgreSQL 18"),
        Finding("database", "ok", "its schema is this version's"),
    ]


def test_doctor_names_a_forgetful_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    assert found("database")[1] == Finding(
        "database",
        "bad",
        "synchronous_commit is off: after a crash it forgets what was sent, and would send it again",
        "Set synchronous_commit = on in its postgresql.conf and reload it.",
    )


def test_doctor_names_a_missing_migration() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    assert found("database")[-1] == Finding(
        "database", "bad", "its schema is not this version's", "Run bin/overture migrate."
    )


def test_doctor_tells_a_living_worker_from_a_dead_one() -> None:
    beat("1 second")
    assert found("worker") == [Finding("worker", "ok", "at work")]
    beat("5 minutes")
    assert found("worker") == [
        Finding("worker", "bad", "no heartbeat", "Start bin/run, or bin/overture worker.")
    ]


def test_doctor_finds_a_key_that_others_can_read(folder: Path) -> None:
    key = folder / "secret.key"
    key.write_text("x")
    key.chmod(0o600)
    assert [finding.state for finding in found("keys")] == ["ok"]
    key.chmod(0o644)
    assert found("keys") == [Finding("keys", "bad", f"others can read {key} (mode 0644)", f"chmod 600 {key}")]


def test_doctor_says_so_as_json_and_by_its_exit_code(
    capsys: pytest.CaptureFixture[str], scanner: Any
) -> None:
    beat("1 second")
    call_command("doctor", "--json")
    told = json.loads(capsys.readouterr().out)
    assert {finding["state"] for finding in told} <= {"ok", "warn"}
    assert {"subject": "worker", "state": "ok", "words": "at work", "mend": ""} in told
    beat("5 minutes")
    with pytest.raises(SystemExit) as caught:
        call_command("doctor")
    assert caught.value.code == 1
    assert "bad   worker    no heartbeat\n                > Start bin/run" in capsys.readouterr().out


def test_doctor_says_how_the_scanner_stands(world: Any, scanner: Any) -> None:
    assert found("scanner") == [
        Finding(
            "scanner",
            "warn",
            "ClamAV 1.4.6, test signatures only: it finds no real virus",
            "Let bin/run fetch the official ones (log/signatures.log): it needs 3 GB of memory.",
        )
    ]
    keep(io.BytesIO(b"a,b\n"), "a.csv", workspace_id=world.brand.pk, member=world.nora)
    StoredFile.objects.update(created_at=timezone.now() - timedelta(minutes=7))
    assert found("scanner")[1] == Finding(
        "scanner",
        "warn",
        "1 files wait for their scan, the oldest for 7 minutes",
        "Look into log/worker.log for why they are not scanned.",
    )


def test_doctor_says_that_nobody_scans(files: Path, settings: Any) -> None:
    settings.OVERTURE_CLAMD = "127.0.0.1:1"
    assert found("scanner") == [
        Finding(
            "scanner",
            "bad",
            "files wait: no answer from 127.0.0.1:1: Connection refused",
            "Start bin/run, which brings one (log/scanner.log), or point OVERTURE_CLAMD to a clamd.",
        )
    ]


def test_doctor_names_a_mailing_that_does_not_add_up(world: World) -> None:
    cast.mailbox(world.nora)
    cast.prospects(world.nora, 2)
    mailing = cast.sent(world.nora)
    assert found("ledger") == [Finding("ledger", "ok", "planned = sum of states, for every mailing")]
    Manifest.objects.filter(mailing=mailing).update(recipients=3)
    (finding,) = found("ledger")
    assert (finding.state, finding.words) == (
        "bad",
        f"1 mailings do not add up: {mailing.pk} (3 planned, 2 there, 0 forgotten)",
    )
