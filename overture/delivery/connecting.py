"""Connections of one mailbox: over SMTP, or requests to a relay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from overture.mailboxes.providers import smtp
from overture.mailboxes.providers.smtp import Account
from overture.mailboxes.relays.account import RelayAccount

if TYPE_CHECKING:
    from overture.mailboxes.relays.connection import RelayConnection

AnyAccount = Account | RelayAccount
AnyConnection: TypeAlias = "smtp.Connection | RelayConnection"
# Servers that offer PIPELINING and cannot do it, as long as this process lives.
_step_by_step: set[tuple[str, int]] = set()


async def connect(account: AnyAccount) -> AnyConnection:
    """Raises SendError."""
    if isinstance(account, RelayAccount):
        # Loaded by who has one: what Amazon needs takes half a second.
        from overture.mailboxes.relays import connection as relay

        return await relay.connect(account)
    pipeline = (account.host, account.port) not in _step_by_step
    return await smtp.connect(replace(account, pipeline=pipeline))


def pipeline_no_more(account: AnyAccount) -> None:
    if isinstance(account, Account):
        _step_by_step.add((account.host, account.port))
