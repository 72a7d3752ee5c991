"""Mailboxes that send through a relay, as the API takes and tells them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from django.http import Http404
from ninja import Router
from pydantic import BaseModel, Field

from overture.accounts.models import Membership
from overture.api.bearer import ApiRequest
from overture.api.bodies import In
from overture.api.problems import Problem
from overture.api.wording import words
from overture.lib.secrets import SecretError
from overture.mailboxes.connect import connect
from overture.mailboxes.details import Details, MailboxError
from overture.mailboxes.edit import edit, require_change
from overture.mailboxes.models import Mailbox
from overture.mailboxes.relays.connect import connect_relay, edit_relay, renew_hook
from overture.mailboxes.relays.details import PLAIN, RelayDetails
from overture.mailboxes.relays.hook import hook_url
from overture.mailboxes.relays.kinds import KINDS

KindOfMailbox = Literal["smtp", "amazon_ses", "postmark", "mailgun", "resend", "brevo"]
_FIELDS = tuple(RelayDetails.__dataclass_fields__)
_PLACE = ("host", "port", "security", "username", "password")


class RelayFields(In):
    """Of a relay; which of them it needs depends on its kind."""

    region: str | None = Field(None, description="Amazon SES: such as eu-west-1. Mailgun: us or eu.")
    domain: str | None = Field(None, description="Mailgun: the domain that sends.")
    key_id: str | None = Field(None, description="Amazon SES: identifier of the access key.")
    stream: str | None = Field(
        None, description="Postmark: message stream. Amazon SES: configuration set. Optional."
    )
    api_key: str | None = Field(
        None, description="Amazon SES: the secret access key. In a change: left out stays."
    )
    signing_key: str | None = Field(None, description="Mailgun, Resend: that of webhooks. Left out stays.")


class RelayOut(BaseModel):
    """`last_event_at`: when its webhook came last; null: not yet, and bounces are known by e-mail alone."""

    region: str
    domain: str
    key_id: str
    stream: str
    has_api_key: bool
    has_signing_key: bool
    last_event_at: datetime | None


class HookOut(BaseModel):
    """The address to enter at the relay, and the events to choose there. It may hold a password."""

    url: str
    events: list[str]
    last_event_at: datetime | None


def shown_relay(mailbox: Mailbox) -> dict[str, Any] | None:
    if not mailbox.is_relay:
        return None
    kept = mailbox.relay
    return {name: getattr(kept, name) for name in (*PLAIN, "last_event_at")} | {
        "has_api_key": bool(kept.api_key),
        "has_signing_key": bool(kept.signing_key),
    }


def connected(member: Membership, given: dict[str, Any]) -> Mailbox:
    """By SMTP or through a relay. Raises MailboxError."""
    kind, scope = given.pop("kind"), given.pop("scope", "")
    relay = {name: given.pop(name) for name in _FIELDS if name in given}
    if kind == "smtp":
        _refuse(relay, "not_for_this")
        given.setdefault("host", "")
        return connect(member, Details(**given, is_personal=scope != "workspace"))
    _refuse({name: given[name] for name in _PLACE if name in given}, "given_by_provider")
    if scope == "personal":
        raise MailboxError("scope", "relay_is_shared")
    return connect_relay(member, kind, Details(**given, host=""), RelayDetails(**relay))


def edited(member: Membership, mailbox: Mailbox, kept: dict[str, Any], given: dict[str, Any]) -> Mailbox:
    relay = {name: given.pop(name) for name in _FIELDS if name in given}
    details = Details(**(kept | given), is_personal=mailbox.is_personal)
    if not mailbox.is_relay:
        _refuse(relay, "not_for_this")
        return edit(member, mailbox, details)
    _refuse({name: given[name] for name in _PLACE if name in given}, "given_by_provider")
    stays = {name: getattr(mailbox.relay, name) for name in PLAIN}
    return edit_relay(member, mailbox, details, RelayDetails(**(stays | relay)))


def _refuse(given: dict[str, Any], code: str) -> None:
    for name in given:
        raise MailboxError(name, code)


def add_routes(router: Router, find: Callable[[Membership, int], Mailbox]) -> None:
    @router.get("/{int:mailbox}/webhook", response=HookOut)
    def get_relay_webhook(request: ApiRequest, mailbox: int) -> Any:
        """404 for a mailbox that is no relay."""
        return _hook(_relay(request.member, mailbox))

    @router.post("/{int:mailbox}/webhook", response={201: HookOut})
    def renew_relay_webhook(request: ApiRequest, mailbox: int) -> Any:
        """Another password in the address; the old address is refused from now on."""
        row = _relay(request.member, mailbox)
        renew_hook(request.member, row)
        return _hook(row)

    def _relay(member: Membership, mailbox: int) -> Mailbox:
        row = find(member, mailbox)
        require_change(member, row)
        if not row.is_relay:
            raise Http404
        return row


def _hook(mailbox: Mailbox) -> dict[str, Any]:
    try:
        url = hook_url(mailbox)
    except SecretError as error:
        raise Problem("conflict", words("password_lost")) from error
    events = list(KINDS[mailbox.kind].events)
    return {"url": url, "events": events, "last_event_at": mailbox.relay.last_event_at}
