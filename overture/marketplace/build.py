"""Makes the index anew from the database, beside the one in use, and puts it in its place."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from django.db import connection, transaction
from django.db.models import Max
from tantivy import Index, Query

from overture.directory.models import Partner
from overture.lib.memory import no_search_for_cycles
from overture.marketplace import index
from overture.marketplace.hits import MANY
from overture.marketplace.index import Followed
from overture.marketplace.schema import READ, SCHEMA, VERSION, Listed, columns_of, document, listed, tags_of
from overture.marketplace.tags import Tags

# Bytes that the writer gathers before it writes a segment: enough for a million partners in one, because each
# segment is looked through for near spellings. It takes what it needs.
MEMORY, THREADS = 1_000_000_000, 1
CHUNK = 2_000
# Words kept as tags, at most.
MOST_WORDS = 1_000
# Downward by number: the newest first, which keeps the search for the newest short.
_ALL = f"""
SELECT {READ} FROM overture_partner AS partner
WHERE partner.workspace_id IS NULL AND partner.standing = 'listed' ORDER BY partner.id DESC
"""  # noqa: S608


class Busy(Exception):
    """Another process of this host makes an index now."""


def rebuild() -> Path:
    """The folder of the new index, in use. Killed on its way it leaves the old one as it is. Raises Busy."""
    index.home().mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone():
        _clear_away()
        folder = index.home() / f"{VERSION}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.part"
        folder.mkdir()
        index.write_followed(folder, _fill(folder))
        done = folder.with_suffix("")
        folder.rename(done)
        index.put_in_use(done)
        (index.home() / "building").unlink(missing_ok=True)
        _clear_away()
        return done


def database_now() -> Followed:
    """Which database this is, and before which transaction everything in it has ended."""
    with connection.cursor() as cursor:
        # A dump put back into another database begins anew; its transactions have other numbers.
        cursor.execute(
            "SELECT (SELECT system_identifier FROM pg_control_system())::text || '/' || oid,"
            " pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
            " FROM pg_database WHERE datname = current_database()"
        )
        return Followed(*cursor.fetchone())


def _fill(folder: Path) -> Followed:
    """Writes every listed partner; what this snapshot does not see is followed afterwards."""
    made = Index(SCHEMA, str(folder))
    writer = made.writer(MEMORY, THREADS)
    with _one_view(), no_search_for_cycles():
        state = database_now()
        total = Partner.objects.listed().count()
        tags = Tags.make(folder, total, Partner.objects.aggregate(largest=Max("pk"))["largest"] or 0)
        for done, rows in enumerate(listed_partners()):
            index.tell_built(done * CHUNK, total)
            for row in rows:
                writer.add_document(document(row))
            _tag(tags, rows)
    writer.commit()
    writer.wait_merging_threads()
    _tag_common_words(made, tags)
    tags.commit()
    return state


def _tag(tags: Tags, rows: list[Listed]) -> None:
    columns = [columns_of(row) for row in rows]
    by_column = {name: [each[name] for each in columns] for name in columns[0]}
    tags.add([row.id for row in rows], by_column, [tags_of(row) for row in rows])


def _tag_common_words(made: Index, tags: Tags) -> None:
    """Words that very many partners have, most of them first."""
    made.reload()
    searcher = made.searcher()
    for word, count in searcher.terms_with_prefix("text", "", limit=MOST_WORDS):
        if count <= MANY:
            break
        query = Query.term_query(SCHEMA, "text", word, "basic")
        hits = searcher.search(query, count, count=False, order_by_field="mpid").hits
        mpids = np.fromiter((mpid for mpid, _ in hits), np.int64, len(hits))
        tags.mark(f"word:{word}", tags.places_of(mpids))


@contextmanager
def _one_view() -> Iterator[None]:
    """One snapshot for all that is read; within a transaction, that one's."""
    is_own = not connection.in_atomic_block
    with transaction.atomic():
        if is_own:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def listed_partners() -> Iterator[list[Listed]]:
    """In chunks. While some are written, the next ones are fetched: the database works on the other core."""
    with connection.chunked_cursor() as cursor, ThreadPoolExecutor(1) as ahead:
        cursor.execute(_ALL)
        coming = ahead.submit(cursor.fetchmany, CHUNK)
        while rows := coming.result():
            coming = ahead.submit(cursor.fetchmany, CHUNK)
            yield [listed(row) for row in rows]


@contextmanager
def _alone() -> Iterator[None]:
    with (index.home() / "building.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        yield


def _clear_away() -> None:
    """Folders that nothing leads to: of builds that were killed, and of before. Who still reads one may."""
    try:
        used = (index.home() / "current").read_text().strip()
    except OSError:
        used = ""
    for entry in os.scandir(index.home()):
        if entry.is_dir() and entry.name != used:
            shutil.rmtree(entry.path, ignore_errors=True)
