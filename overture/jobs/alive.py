"""Whether a worker is at work, told by its heartbeat."""

from datetime import timedelta

from django.db import connection


def worker_is_alive(max_age: timedelta = timedelta(seconds=30)) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_workers"
            " WHERE last_heartbeat > now() - make_interval(secs => %s))",
            [max_age.total_seconds()],
        )
        return bool(cursor.fetchone()[0])
