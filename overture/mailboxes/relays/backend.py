"""anymail's backend of each provider, with the keys of one mailbox: no setting of the site has any."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import Any

import boto3
from anymail.backends import amazon_ses, brevo, mailgun, postmark, resend
from anymail.backends.base import AnymailBaseBackend
from botocore.client import Config
from django.conf import settings

from overture.mailboxes.relays.account import RelayAccount
from overture.mailboxes.relays.wire import Session, Wires

_making = Lock()


def backend_of(account: RelayAccount, before: Callable[[], None]) -> tuple[AnymailBaseBackend, Wires | None]:
    """`before` is called just before a request leaves; it may raise, and then none does."""
    if account.code == "amazon_ses":
        backend = amazon_ses.EmailBackend(configuration_set_name=account.stream or None)
        backend.client = amazon_client("sesv2", account)
        backend.client.meta.events.register("before-send.sesv2", lambda **_: before())
        return backend, None
    wires = Wires(before)
    made = _made(account, api_url=account.url, timeout=account.timeout)
    made.session = Session(wires, allows_http=bool(settings.OVERTURE_RELAY_URL))
    return made, wires


def _made(account: RelayAccount, **kwargs: Any) -> AnymailBaseBackend:
    match account.code:
        case "postmark":
            return postmark.EmailBackend(
                server_token=account.api_key, message_stream=account.stream or None, **kwargs
            )
        case "mailgun":
            return mailgun.EmailBackend(api_key=account.api_key, sender_domain=account.domain, **kwargs)
        case "resend":
            return resend.EmailBackend(api_key=account.api_key, **kwargs)
    return brevo.EmailBackend(api_key=account.api_key, **kwargs)


def amazon_client(service: str, account: RelayAccount) -> Any:
    """Tries nothing twice: a second request could send a letter again."""
    with _making:
        return _session().client(
            service,
            region_name=account.region,
            aws_access_key_id=account.key_id,
            aws_secret_access_key=account.api_key,
            # Told, so that neither the environment nor a file of the host names another.
            endpoint_url=_place(service, account),
            config=Config(
                connect_timeout=account.timeout[0],
                read_timeout=account.timeout[1],
                retries={"total_max_attempts": 1},
                max_pool_connections=1,
            ),
        )


def _place(service: str, account: RelayAccount) -> str:
    if service == "sns" and not settings.OVERTURE_RELAY_URL:
        return f"https://sns.{account.region}.amazonaws.com"
    return account.url.rstrip("/")


@cache
def _session() -> Any:
    """One for the process: it reads descriptions of services, which takes a quarter of a second."""
    return boto3.session.Session()
