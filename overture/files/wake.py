"""Wakes a worker for the scan; the rows themselves are the queue, so waking once too often does no harm."""

from __future__ import annotations

from overture.jobs.task import enqueue


def scan_later() -> None:
    """When the transaction commits."""
    from overture.files.jobs import scan_files

    enqueue(scan_files, once="scan")
