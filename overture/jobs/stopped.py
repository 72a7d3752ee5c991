"""A worker that was stopped (SIGSTOP, a frozen machine) must not hold its locks for ever."""

from __future__ import annotations

from django.db import connections

# Of nothing to do within a transaction: half as long as a lease, for others may wait for what it holds. The
# ledger's own are shorter (by_index.py).
LONGEST_IDLE = "30s"


def let_go_when_stopped() -> None:
    """PostgreSQL ends connections of this process that idle in a transaction. Call before there is one."""
    options = connections.settings["default"].setdefault("OPTIONS", {})
    told = f"{options.get('options', '')} -c idle_in_transaction_session_timeout={LONGEST_IDLE}"
    options["options"] = told.strip()
