"""Numbers of transactions, for readers that go on from where they stopped and must miss nothing."""

from __future__ import annotations

from django.db import models
from django.db.models import Func


class ThisTransaction(Func):
    """The number of the transaction that writes the row (xid8, as a bigint).

    Readers that go on from `pg_snapshot_xmin` miss nothing that is committed late; a sequence would.
    """

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()
