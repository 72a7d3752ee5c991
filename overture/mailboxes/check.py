"""The connection test: signs in at the mailbox's server, and says in plain words what is in the way."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from overture.mailboxes.providers import smtp
from overture.mailboxes.providers.smtp import Account
from overture.mailboxes.remedies import OTHER, REMEDIES, SPECIAL

# The longest a page waits for one answer of the server, in seconds.
PATIENCE = 8.0


@dataclass(frozen=True)
class Finding:
    """`title` says what is wrong, `remedy` what to do; `words` are the server's own, as it wrote them."""

    is_well: bool
    code: str
    title: str
    remedy: str
    words: str
    # Bytes of a message that the server takes, where it said so.
    largest: int = 0


def check(account: Account) -> Finding:
    """Connects and signs in, sends nothing. Takes up to a few times `account.timeout`."""
    diagnosis = asyncio.run(smtp.test(account))
    return replace(explain(diagnosis.code, diagnosis.words, account), largest=diagnosis.largest)


def explain(code: str, words: str, account: Account) -> Finding:
    """The sentences for a code of `providers.smtp.test` (also the reason a mailbox is disconnected)."""
    if code == "ok":
        return Finding(
            True,
            code,
            _("The connection works."),
            # One without a user name was not asked for any
            _("The server took the user name and the password.") if account.username else "",
            words,
        )
    title, remedy = _special(words) or REMEDIES.get(code, OTHER)
    facts = {"host": account.host, "port": account.port}
    return Finding(False, code, str(title) % facts, str(remedy) % facts, words)


def _special(words: str) -> tuple[Promise, Promise] | None:
    """Some providers name a cause of their own in the words of a common code."""
    return next((told for mark, told in SPECIAL if mark in words), None)
