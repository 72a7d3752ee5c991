"""Prepare: a manifest of N recipients, with suppressions, duplicates and a missing token in 5 %."""

from collections.abc import Iterator
from time import perf_counter

from benchmarks import _ledger
from overture.delivery.approve import send
from overture.delivery.draft import create
from overture.delivery.prepare import prepare


def run(recipients: int = 0) -> Iterator[dict[str, object]]:
    """--recipients N measures one size."""
    for size in [recipients] if recipients else [100_000, 1_000_000]:
        member = _ledger.brand(f"prepare-{size}")
        _ledger.mailbox(member, 25)
        _ledger.people(member, size, doubles=True)
        _ledger.suppressed(member, 50)
        mailing = create(
            member,
            subject=_ledger.SUBJECT,
            content=_ledger.CONTENT.replace("{firstName|there}", "{firstName}"),
            audience={"filter": {}},
        )
        start = perf_counter()
        manifest = prepare(member, mailing)
        seconds = perf_counter() - start
        start = perf_counter()
        send(member, mailing, manifest.pk)
        yield _ledger.figures(
            size,
            seconds,
            queued=manifest.queued,
            skipped=manifest.skipped,
            send_seconds=round(perf_counter() - start, 3),
            rss_mb=_ledger.peak_mb(),
        )
