"""A worker that was stopped (SIGSTOP, a frozen machine) must not hold its locks for ever."""

from __future__ import annotations

from django.db import connections

# How long a transaction may be left alone. Jobs may wait within one, for a mail server or a store: as long as
# a lease. The queue's own never do, and other workers wait for them. The ledger's are in by_index.py.
LONGEST_IDLE, QUEUE_IDLE = "60s", "15s"


def let_go_when_stopped(after: str) -> None:
    """PostgreSQL ends connections that this process opens from now on, when they idle in a transaction for
    so long (an interval as PostgreSQL writes it)."""
    options = connections.settings["default"].setdefault("OPTIONS", {})
    told = f"{options.get('options', '')} -c idle_in_transaction_session_timeout={after}"
    options["options"] = told.strip()
