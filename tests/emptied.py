"""Empties the database after a test that committed: only the tables that hold something.

Django truncates all, which makes the files of 80 tables and their indexes anew, half a second on a busy disk.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection, transaction

# Filled by migrations, and the same for every test.
_KEPT = {"django_migrations", "django_content_type", "auth_permission"}
_OTHERS = (
    "procrastinate_events",
    "procrastinate_jobs",
    "procrastinate_workers",
    "procrastinate_periodic_defers",
)
_MANY = 1000


@transaction.atomic
def empty_database() -> None:
    with connection.cursor() as cursor:
        # Whoever still writes comes first.
        cursor.execute(f"LOCK TABLE {', '.join(_tables())} IN EXCLUSIVE MODE")
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{name}', (SELECT count(*) FROM (SELECT FROM {name} LIMIT {_MANY}) found)"
                for name in _tables()
            )
        )
        counts = {name: count for name, count in cursor.fetchall() if count}
        # A deletion leaves its rows behind for a while, to be passed over by all that read the table.
        many = [name for name, count in counts.items() if count == _MANY]
        if many:
            cursor.execute(f"TRUNCATE {', '.join(many)} CASCADE")
        if few := counts.keys() - many:
            # As a replica: neither keys nor triggers are looked at, for all goes.
            deletions = "; ".join(f"DELETE FROM {name}" for name in sorted(few))
            cursor.execute(f"SET LOCAL session_replication_role = replica; {deletions}")


def _tables() -> list[str]:
    made = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return sorted(made - _KEPT) + list(_OTHERS)
