"""Keeps the index of this host in step with the database: reads what changed, writes it, notes how far it is.

A change carries the number of its transaction. Transactions end in another order than they began in, so only
what lies before the oldest one still at work is read: nothing can appear there any more.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.db import DatabaseError, connection
from tantivy import Index, IndexWriter

from overture.marketplace import index
from overture.marketplace.build import Busy, database_now, rebuild
from overture.marketplace.index import Followed, NoIndex
from overture.marketplace.schema import READ, columns_of, document, listed, tags_of, take_away
from overture.marketplace.tags import Full, Tags

# Seconds between two looks; with a commit a change is found by searches within one.
PAUSE = 0.5
# New partners are told of when they have been listed for a while: a few looks after a change are enough.
TELL_EVERY, TELL_FOR = 60, 600
BATCH = 5_000
_MEMORY = 50_000_000
_CHANGED = f"""
SELECT partner.standing = 'listed', {READ} FROM overture_partner AS partner
WHERE partner.workspace_id IS NULL AND partner.changed_xid < %(end)s
  AND (partner.changed_xid, partner.id) > (%(xid)s, %(id)s)
ORDER BY partner.changed_xid, partner.id LIMIT {BATCH}
"""  # noqa: S608
_log = logging.getLogger("overture.index")


class Follower:
    """Writes into the index in use; one on a host, because the index has one writer at a time."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._writer: IndexWriter | None = None
        self._tags: Tags | None = None
        self._followed: Followed | None = None

    def step(self) -> int:
        """Takes over what changed since; how many partners. Makes the index first where there is none."""
        now = database_now()
        if not self._can_go_on(now):
            rebuild()
            self._open()
        assert self._followed is not None
        try:
            changed = self._take_over(self._followed.xid, now.xid)
        except Full:
            # A new one has room again.
            rebuild()
            self._open()
            return self.step()
        if changed or now.xid - self._followed.xid > BATCH:
            self._commit(now, changed)
        else:
            self._followed = now
        return changed

    def _can_go_on(self, now: Followed) -> bool:
        with suppress(NoIndex):
            if self._folder is None or index.folder_in_use() != self._folder:
                self._open()
            known = self._followed
            return known is not None and known.database == now.database and known.xid <= now.xid
        return False

    def _open(self) -> None:
        self._writer = None
        self._folder = index.folder_in_use()
        self._followed = index.read_followed(self._folder)
        self._writer = Index.open(str(self._folder)).writer(_MEMORY, 1)
        self._tags = Tags.open(self._folder, is_writing=True)

    def _take_over(self, since: int, end: int) -> int:
        assert self._writer is not None
        assert self._tags is not None
        count, last = 0, (since, -1)
        while rows := _changed(last, end):
            for is_listed, *row in rows:
                partner = listed(row)
                take_away(self._writer, partner.id)
                if is_listed:
                    self._writer.add_document(document(partner))
                    self._tags.put(partner.id, columns_of(partner), tags_of(partner, self._tags.rows))
                else:
                    self._tags.take_away(partner.id)
                last = (partner.changed_xid, partner.id)
            count += len(rows)
        return count

    def _commit(self, now: Followed, changed: int) -> None:
        """Killed between the two, it reads the same changes again, which changes nothing."""
        assert self._writer is not None
        assert self._tags is not None
        assert self._folder is not None
        if changed:
            self._tags.commit()
            self._writer.commit()
        index.write_followed(self._folder, now)
        self._followed = now


def follow(is_over: Callable[[], bool], tell: Callable[[], object] = lambda: None) -> None:
    """Until it is over. A database that is away, or another that makes the index, is waited for.

    `tell` is called every minute for some time after partners changed.
    """
    follower, changed_at, told_at = Follower(), time.monotonic(), time.monotonic()
    while not is_over():
        try:
            if follower.step():
                changed_at = time.monotonic()
            if told_at + TELL_EVERY < time.monotonic() < changed_at + TELL_FOR:
                told_at = time.monotonic()
                tell()
        except Busy:
            time.sleep(PAUSE)
        except (OSError, ValueError) as error:
            # Its folder was cleared away by a rebuild, or the disk is full.
            _log.warning("the index could not be written, it is opened again: %s", error)
            follower = Follower()
            time.sleep(2)
        except DatabaseError as error:
            _log.warning("the database does not answer, the index waits: %s", str(error).strip())
            connection.close()
            time.sleep(2)
        time.sleep(PAUSE)


def _changed(after: tuple[int, int], end: int) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, {"xid": after[0], "id": after[1], "end": end})
        rows: list[tuple[object, ...]] = cursor.fetchall()
        return rows
