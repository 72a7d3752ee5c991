"""The connection test: signs in at the mailbox's servers, and says in plain words what is in the way."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from overture.mailboxes.account import account_of
from overture.mailboxes.imap_account import ImapAccount, imap_account_of
from overture.mailboxes.models import Mailbox
from overture.mailboxes.oauth import OAuthError
from overture.mailboxes.providers import SendError, imap, smtp
from overture.mailboxes.providers.smtp import Account
from overture.mailboxes.remedies import GRANT, OTHER, READING, REMEDIES, SPECIAL

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


def check_reading(account: ImapAccount) -> Finding:
    """The same where it is read: signs in and opens the inbox for reading, changes nothing."""
    try:
        connection = imap.connect(account)
        try:
            connection.examine("INBOX")
        finally:
            connection.close()
    except SendError as error:
        return explain(error.code, error.reply, account)
    return explain("ok", "", account)


def check_both(account: Account, reading: ImapAccount | None) -> Finding:
    """What is wrong with sending, else with reading."""
    finding = check(account)
    if not finding.is_well or reading is None:
        return finding
    found = check_reading(reading)
    return finding if found.is_well else found


def check_kept(mailbox: Mailbox) -> Finding:
    """Of a connected mailbox, as it is. Raises lib.secrets.SecretError."""
    try:
        account = replace(account_of(mailbox), timeout=PATIENCE)
        reading = imap_account_of(mailbox, PATIENCE) if mailbox.reads else None
    except SendError as error:
        words = OAuthError(error.code, error.reply)
        return explain_grant(words, mailbox.get_provider_display())
    return check_both(account, reading)


def explain(code: str, words: str, account: Account | ImapAccount) -> Finding:
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
    told = READING.get(code) if isinstance(account, ImapAccount) else _special(words)
    title, remedy = told or REMEDIES.get(code) or GRANT.get(code, OTHER)
    facts = {"host": account.host, "port": account.port, "provider": account.host}
    return Finding(False, code, str(title) % facts, str(remedy) % facts, words)


def explain_grant(error: OAuthError, provider: str) -> Finding:
    """Why signing in at the provider brought no tokens."""
    title, remedy = GRANT.get(error.code) or REMEDIES.get(error.code, OTHER)
    facts = {"provider": provider, "host": provider, "port": ""}
    return Finding(False, error.code, str(title) % facts, str(remedy) % facts, error.words)


def _special(words: str) -> tuple[Promise, Promise] | None:
    """Some providers name a cause of their own in the words of a common code."""
    return next((told for mark, told in SPECIAL if mark in words), None)
