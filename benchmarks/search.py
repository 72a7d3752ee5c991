"""The marketplace's search: all filter counts, the whole page, quality, the making of the index."""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from benchmarks._apart import apart
from benchmarks._ledger import brand, peak_mb
from benchmarks._searches import Timed, mix, questions
from overture.accounts.models import Membership
from overture.demo.fill_directory import fill_directory
from overture.management.assets import collect_static
from overture.marketplace import bitmaps, index
from overture.marketplace.query import Relation, Search
from overture.marketplace.search import search
from overture.marketplace.shelf import known_to

SIZES = (10_000, 100_000, 1_000_000)
# To make a million partners takes minutes.
LONGEST = 25 * 60
PAGES, REFERENCE = 300, 50
# One partner in ten is a prospect of the workspace, one in a thousand not interesting.
_KNOWN = """
INSERT INTO overture_prospect (workspace_id, partner_id, stage, name, kind, website, country, category,
    language, search_text, created_at, active_at)
SELECT %(workspace)s, id, CASE
        WHEN category IN ('Home and living', 'Food and table', 'Gardens') AND id %% 7 < 3 THEN 'joined'
        WHEN methods && ARRAY['newsletter', 'reviews']::varchar[] AND id %% 11 < 3 THEN 'joined'
        WHEN audience_countries ? 'FR' AND id %% 13 < 2 THEN 'negotiating'
        WHEN audience BETWEEN 10000 AND 250000 AND id %% 17 < 2 THEN 'joined'
        ELSE (ARRAY['new', 'outreach', 'outreach', 'expired'])[1 + id / 10 %% 4] END,
    name, kind, website, country, category, language, '', now(), now()
FROM overture_partner WHERE workspace_id IS NULL AND id %% 10 = 3
ON CONFLICT DO NOTHING
"""
_UNWANTED = """
INSERT INTO overture_notinterested (workspace_id, partner_id, created_at)
SELECT %(workspace)s, id, now() FROM overture_partner WHERE workspace_id IS NULL AND id %% 1000 = 5
ON CONFLICT DO NOTHING
"""
_TEXT = (
    "to_tsvector('simple', plain(name || ' ' || array_to_string_(topics) || ' ' || category || ' ' || about))"
)
_REFERENCE = f"""
WITH asked AS (SELECT plainto_tsquery('simple', plain(%(q)s)) AS query)
SELECT id, count(*) OVER () FROM overture_partner, asked
WHERE workspace_id IS NULL AND kind = %(kind)s AND {_TEXT} @@ asked.query
ORDER BY ts_rank({_TEXT}, asked.query) DESC LIMIT 24
"""


def run(partners: int = SIZES[-1]) -> Iterator[dict[str, object]]:
    """1,000 searches with all counts (p95_ms), 300 whole pages (page_p95_ms), 500 questions (found_in_3).

    `ratio`: how many times as long PostgreSQL's full-text search takes for rank and count of 50 of them.
    """
    member, made = brand("bench-search"), 0
    collect_static()
    for size in [each for each in SIZES if each < partners] + [partners]:
        fill_directory(size - made)
        made = size
        # As a web server is: a process that did nothing but answer.
        yield apart("benchmarks.search", "measured", member.pk, size)


def measured(member_id: int, size: int) -> dict[str, object]:
    member = Membership.objects.select_related("workspace", "user").get(pk=member_id)
    _know(member)
    seconds, _ = _timed(_rebuild)
    folder = index.folder_in_use()
    shelf_seconds, known = _timed(lambda: known_to(member.workspace_id, index.opened()))
    searches = mix()
    # The directory's totals are asked by every page, and kept: once before the clock runs.
    for kind in ("partner", "creator"):
        search(member, Search(kind=kind))
    times = [_timed(lambda each=each: search(member, each.search, each.page))[0] * 1000 for each in searches]
    pages = _page_times(member, searches[:PAGES])
    return {
        "n": size,
        "p50_ms": round(statistics.median(times), 2),
        "p95_ms": _percentile(times, 95),
        "p99_ms": _percentile(times, 99),
        "page_p50_ms": round(statistics.median(pages), 1),
        "page_p95_ms": _percentile(pages, 95),
        "p95_ms_by_sort": _by_sort(searches, times),
        **_reference(member, searches, times),
        **_quality(member),
        "rebuild_s": round(seconds, 1),
        # Files with holes take what is written, in blocks of 512 bytes.
        "index_mb": round(sum(each.stat().st_blocks for each in folder.iterdir()) / 2**11),
        "prospects": bitmaps.count(known.any_of((Relation.PROSPECT, Relation.JOINED))),
        "shelf_s": round(shelf_seconds, 1),
        "rss_mb": peak_mb(),
    }


def _rebuild() -> None:
    """The command itself, in a process of its own."""
    command = [sys.executable, str(settings.ROOT / "manage.py"), "index", "rebuild"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _know(member: Membership) -> None:
    with connection.cursor() as cursor:
        for statement in (_KNOWN, _UNWANTED):
            cursor.execute(statement, {"workspace": member.workspace_id})
        # Else the database does it while the clock runs, on one of two cores.
        cursor.execute("VACUUM ANALYZE overture_prospect, overture_notinterested, overture_partner")


def _page_times(member: Membership, searches: Sequence[Timed]) -> list[float]:
    client = Client(raise_request_exception=True)
    # As the web server does: what was loaded to stay is not looked through for garbage.
    gc.collect()
    gc.freeze()
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    times = []
    for each in searches:
        place = "creators" if each.search.kind == "creator" else "marketplace"
        query = each.search.as_query()
        url = f"/w/{member.workspace.slug}/{place}?{query}&page={each.page}"
        # A page beyond the last leads to it: that is another answer, not a longer one.
        seconds, answer = _timed(lambda url=url: client.get(url))
        assert answer.status_code in (200, 302), (url, answer.status_code)
        times.append(seconds * 1000)
    return times


def _reference(member: Membership, searches: Sequence[Timed], times: Sequence[float]) -> dict[str, object]:
    chosen = [
        (each, spent)
        for each, spent in zip(searches, times, strict=True)
        if each.search.q
        and each.sort in ("rare word", "common word", "two words")
        and not each.search.chosen()
    ][:REFERENCE]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION array_to_string_(text[]) RETURNS text LANGUAGE sql IMMUTABLE"
            " AS $$ SELECT array_to_string($1, ' ') $$"
        )
        cursor.execute(f"CREATE INDEX IF NOT EXISTS bench_text ON overture_partner USING gin ({_TEXT})")
        cursor.execute("ANALYZE overture_partner")
        theirs = []
        for each, _ in chosen:
            values = {"q": each.search.q, "kind": each.search.kind}
            theirs.append(_timed(lambda values=values: cursor.execute(_REFERENCE, values))[0] * 1000)
        cursor.execute("DROP INDEX bench_text")
    ours = [spent for _, spent in chosen]
    return {
        "ratio": round(sum(theirs) / sum(ours), 1),
        "postgresql_p50_ms": round(statistics.median(theirs), 1),
        "postgresql_p95_ms": _percentile(theirs, 95),
    }


def _quality(member: Membership) -> dict[str, object]:
    asked, found = Counter[str](), Counter[str]()
    for each in questions():
        wanted = Search(kind=each.kind, q=each.q, relation=tuple(Relation.values))
        asked[each.rule] += 1
        found[each.rule] += each.answer in search(member, wanted, size=3).mpids
    return {
        "found_in_3": round(sum(found.values()) / sum(asked.values()), 4),
        "found_by_rule": {rule: f"{found[rule]}/{count}" for rule, count in asked.items()},
    }


def _by_sort(searches: Sequence[Timed], times: Sequence[float]) -> dict[str, float]:
    spent: dict[str, list[float]] = {}
    for each, milliseconds in zip(searches, times, strict=True):
        spent.setdefault(each.sort, []).append(milliseconds)
    return {sort: _percentile(found, 95) for sort, found in spent.items()}


def _percentile(values: Sequence[float], percent: int) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) * percent // 100, len(ordered) - 1)], 2)


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    began = perf_counter()
    found = act()
    return perf_counter() - began, found
