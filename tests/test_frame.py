"""The house stands: migrations are whole, and the healthy answer healthz."""

from django.core.management import call_command
from django.db import connection
from django.test import Client


def test_migrations_tell_the_whole_schema(db: None) -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_plain_ignores_case_and_accents(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT plain('Éloïse ŒUVRE')")
        assert cursor.fetchone() == ("eloise oeuvre",)


def test_healthz_says_which_part_is_unwell(db: None) -> None:
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["problems"] == ["worker: no heartbeat; start `bin/overture worker`"]
