"""The connection test of a relay: asks it something cheap that needs the key, and sends nothing."""

from __future__ import annotations

from typing import Any

import requests
from botocore.exceptions import BotoCoreError, ClientError

from overture.mailboxes.check import PATIENCE, Finding, check_kept, check_reading
from overture.mailboxes.imap_account import ImapAccount, imap_account_of
from overture.mailboxes.models import Mailbox
from overture.mailboxes.relays.account import RelayAccount, relay_account_of
from overture.mailboxes.relays.answers import answer_of, judged
from overture.mailboxes.relays.backend import amazon_client
from overture.mailboxes.relays.remedies import explain
from overture.mailboxes.relays.wire import Session, Wires


def check(account: RelayAccount, reading: ImapAccount | None = None) -> Finding:
    """What is wrong with sending, else with reading."""
    account = account.patient(PATIENCE)
    code, words = _amazon(account) if account.code == "amazon_ses" else _asked(account)
    finding = explain(code, words, account)
    if not finding.is_well or reading is None:
        return finding
    found = check_reading(reading)
    return finding if found.is_well else found


def checked(mailbox: Mailbox) -> Finding:
    """Of a connected mailbox of any kind, as it is. Raises lib.secrets.SecretError."""
    if not mailbox.is_relay:
        return check_kept(mailbox)
    reading = imap_account_of(mailbox, PATIENCE) if mailbox.reads else None
    return check(relay_account_of(mailbox), reading)


def _asked(account: RelayAccount) -> tuple[str, str]:
    session = Session(Wires(lambda: None), allows_http=account.url.startswith("http://"))
    try:
        response = session.request(timeout=account.timeout, **_question(account))
        return _told(account, response)
    except requests.RequestException as error:
        fault = judged(error, account.code, is_begun=False).fault
        return (fault.code, fault.reply) if fault else ("unreachable", str(error)[:300])
    finally:
        session.close()


def _question(account: RelayAccount) -> dict[str, Any]:
    key = account.api_key
    match account.code:
        case "postmark":
            headers = {"X-Postmark-Server-Token": key, "Accept": "application/json"}
            return {"method": "GET", "url": f"{account.url}server", "headers": headers}
        case "resend":
            headers = {"Authorization": f"Bearer {key}"}
            return {"method": "GET", "url": f"{account.url}domains", "headers": headers}
        case "brevo":
            return {"method": "GET", "url": f"{account.url}account", "headers": {"api-key": key}}
    # A key that may only send may ask nothing: an e-mail without a recipient is refused by what it lacks.
    return {
        "method": "POST",
        "url": f"{account.url}{account.domain}/messages",
        "auth": ("api", key),
        "data": {"o:testmode": "yes"},
    }


def _told(account: RelayAccount, response: requests.Response) -> tuple[str, str]:
    answer = answer_of(response)
    # So refuses Mailgun what has no recipient, and Resend a key that may only send.
    is_known = (account.code, answer.status) == ("mailgun", 400) or answer.code == "restricted_api_key"
    if response.ok or is_known:
        return "ok", ""
    if answer.status in (401, 403):
        return "relay_key", answer.words
    if answer.status == 404:
        return "relay_account", answer.words
    return ("relay_slower" if answer.status == 429 else "relay_down"), answer.words


def _amazon(account: RelayAccount) -> tuple[str, str]:
    client = amazon_client("sesv2", account)
    try:
        said = client.get_account()
    except ClientError as error:
        name = error.response.get("Error", {}).get("Code", "")
        if name == "AccessDeniedException":  # the key is right, and may not ask this
            return "ok", ""
        fault = judged(error, account.code, is_begun=True).fault
        return fault.code if fault else "relay_key", str(error)[:300]
    except BotoCoreError as error:
        fault = judged(error, account.code, is_begun=False).fault
        return (fault.code, fault.reply) if fault else ("unreachable", str(error)[:300])
    finally:
        client.close()
    return ("ok", "") if said.get("SendingEnabled", True) else ("relay_account", "SendingEnabled: false")
