"""Which worker watches which mailbox, and how reading goes: leases in the database.

Each is read by one worker, and soon by another when that one is gone.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models.functions import Now

from overture.inbound.models import Reading
from overture.inbound.read import since_of
from overture.mailboxes.models import Mailbox

LEASE = 30  # seconds
# After a fault, doubling; a refused password is tried seldom, or the account is locked.
_FIRST_RETRY, _LONGEST_RETRY = timedelta(seconds=15), timedelta(minutes=30)
_FIRST_RETRY_REFUSED, _LONGEST_RETRY_REFUSED = timedelta(minutes=5), timedelta(hours=6)

_READABLE = "b.reads AND b.imap_host <> '' AND b.removed_at IS NULL AND b.state <> 'reconnect'"
_UNTIL = "clock_timestamp() + make_interval(secs => %(lease)s)"
_MISSING = f"""
    INSERT INTO overture_reading (mailbox_id, reason, reason_words, failures)
    SELECT b.id, '', '', 0 FROM overture_mailbox b
    WHERE {_READABLE} AND NOT EXISTS (SELECT FROM overture_reading r WHERE r.mailbox_id = b.id)
    ON CONFLICT DO NOTHING
"""  # noqa: S608
_RENEW = f"""
    UPDATE overture_reading r SET watched_until = {_UNTIL} FROM overture_mailbox b
    WHERE r.watcher = %(watcher)s AND b.id = r.mailbox_id AND {_READABLE} RETURNING r.mailbox_id
"""  # noqa: S608
_CLAIM = f"""
    UPDATE overture_reading r SET watcher = %(watcher)s, watched_until = {_UNTIL}
    WHERE r.id IN (
        SELECT r.id FROM overture_reading r JOIN overture_mailbox b ON b.id = r.mailbox_id
        WHERE {_READABLE} AND r.watcher IS DISTINCT FROM %(watcher)s
          AND (r.watched_until IS NULL OR r.watched_until < clock_timestamp())
        ORDER BY r.id LIMIT %(room)s FOR UPDATE OF r SKIP LOCKED)
    RETURNING r.mailbox_id
"""  # noqa: S608
# What a connection was made with: another value, and it is made anew at once.
_STANDING = """
    SELECT r.mailbox_id, extract(epoch FROM r.due_at - clock_timestamp()),
        md5(concat_ws(E'\\x1f', b.imap_host, b.imap_port, b.imap_security, b.imap_username, b.username,
            b.imap_secret, b.secret, b.provider))
    FROM overture_reading r JOIN overture_mailbox b ON b.id = r.mailbox_id
    WHERE r.watcher = %(watcher)s AND r.mailbox_id = ANY(%(mailboxes)s)
"""

_UNWATCHED = f"""
    SELECT EXISTS (SELECT FROM overture_mailbox b LEFT JOIN overture_reading r ON r.mailbox_id = b.id
    WHERE {_READABLE} AND (r.watched_until IS NULL OR r.watched_until < clock_timestamp()))
"""  # noqa: S608


def take_turn(watcher: UUID, most: int) -> dict[int, tuple[float, str]]:
    """Renews what this worker watches and takes what nobody does, up to so many.

    Answers the seconds until each is due, and what its account looks like.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MISSING)
        cursor.execute(_RENEW, {"watcher": watcher, "lease": LEASE})
        mine = [row[0] for row in cursor.fetchall()]
        cursor.execute(_CLAIM, {"watcher": watcher, "lease": LEASE, "room": max(most - len(mine), 0)})
        mine += [row[0] for row in cursor.fetchall()]
        cursor.execute(_STANDING, {"watcher": watcher, "mailboxes": mine})
        return {mailbox: (float(due or 0), account) for mailbox, due, account in cursor.fetchall()}


def are_unwatched() -> bool:
    """Whether a mailbox is to be read that no worker watches."""
    with connection.cursor() as cursor:
        cursor.execute(_UNWATCHED)
        return bool(cursor.fetchone()[0])


def let_go(watcher: UUID) -> None:
    Reading.objects.filter(watcher=watcher).update(watcher=None, watched_until=None)


def began(mailbox: Mailbox, watcher: UUID) -> Reading | None:
    """Its row while it is ours; notes from when on its mails are looked at."""
    rows = Reading.objects.filter(mailbox=mailbox, watcher=watcher)
    rows.filter(since=None).update(since=since_of(mailbox))
    return rows.first()


def went_well(mailbox_id: int, watcher: UUID) -> None:
    """Whoever takes it over looks at once: news came to a connection that is gone."""
    Reading.objects.filter(mailbox=mailbox_id, watcher=watcher).update(
        looked_at=Now(), due_at=None, reason="", reason_words="", failures=0
    )


def went_wrong(mailbox_id: int, watcher: UUID, reason: str, words: str, is_refused: bool) -> timedelta:
    """Writes down why; answers after how long it is tried again."""
    rows = Reading.objects.filter(mailbox=mailbox_id, watcher=watcher)
    failures = rows.values_list("failures", flat=True).first() or 0
    first, longest = (
        (_FIRST_RETRY_REFUSED, _LONGEST_RETRY_REFUSED) if is_refused else (_FIRST_RETRY, _LONGEST_RETRY)
    )
    wait: timedelta = min(first * 2 ** min(failures, 20), longest)
    rows.update(
        due_at=Now() + wait, reason=reason[:40], reason_words=words[:500], failures=min(failures + 1, 1000)
    )
    return wait
