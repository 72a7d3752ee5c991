"""/mailboxes: the addresses that e-mails leave from. Passwords go in and never come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router
from pydantic import BaseModel, Field

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.api.bearer import ApiRequest
from overture.api.bodies import In
from overture.api.paging import Listed, Walk, listed
from overture.api.problems import Problem
from overture.api.relays import (
    KindOfMailbox,
    RelayFields,
    RelayOut,
    add_routes,
    connected,
    edited,
    shown_relay,
)
from overture.api.wording import words
from overture.delivery.grants import resume_reconnected
from overture.inbound.coverage import Coverage, coverage_of, folders_of
from overture.lib.addresses import AddressError
from overture.lib.secrets import SecretError
from overture.mailboxes import oauth
from overture.mailboxes.details import LARGEST_LIMIT, Details, MailboxError
from overture.mailboxes.discover import discover
from overture.mailboxes.domain import look_up
from overture.mailboxes.edit import reconnect, remove, require_change
from overture.mailboxes.models import Mailbox
from overture.mailboxes.relays.check import checked
from overture.mailboxes.sign import drop_key, make_key, record_of
from overture.mailboxes.today import used_today

router = Router(tags=["Mailboxes"])
Security = Literal["none", "starttls", "tls"]
Scope = Literal["personal", "workspace"]
Limit = Annotated[int, Field(ge=1)]
_LIMITS = ("per_minute", "per_hour", "per_day")
_HIDDEN = {"password", "imap_password", "is_personal"}
_TOLD = (
    "id", "kind", "provider", "state", "reason", "reason_words", "domain_says", "domain_asked_at",
    "created_at",
)  # fmt: skip
_DETAILS = tuple(name for name in Details.__dataclass_fields__ if name not in _HIDDEN)


class MailboxIn(RelayFields):
    kind: KindOfMailbox = Field("smtp", description="What it sends by: a server, or one of the relays.")
    address: str
    host: str | None = Field(None, description="Needed with smtp; relays have their own.")
    port: int | None = Field(None, description="587 unless given.")
    security: Security | None = Field(None, description="starttls unless given.")
    username: str | None = Field(None, description="Empty for a server that asks for none.")
    password: str | None = None
    sender_name: str | None = None
    per_minute: Limit | None = None
    per_hour: Limit | None = None
    per_day: Limit | None = None
    reads: bool = Field(False, description="Whether its inbox is read, so that replies and bounces are seen.")
    imap_host: str | None = None
    imap_port: int | None = Field(None, description="993 unless given.")
    imap_security: Security | None = Field(None, description="tls unless given.")
    imap_username: str | None = Field(None, description="Empty: that of sending.")
    imap_password: str | None = Field(None, description="Left out: that of sending.")
    shares_other_mail: bool = Field(
        False, description="Whether mail of contacts that answers no e-mail is shared with the workspace."
    )
    appends_sent: bool = Field(False, description="Whether a copy of what is sent is put into Sent.")
    scope: Scope | None = Field(
        None,
        description="Who sends from it: only you (unless given), or everyone who may e-mail, as with relays.",
    )
    time_zone: str | None = Field(None, description="That of the workspace unless given.")


class MailboxPatch(RelayFields):
    address: str | None = None
    host: str | None = None
    port: int | None = None
    security: Security | None = None
    username: str | None = None
    password: str | None = Field(None, description="Left out or null: the one there is stays.")
    sender_name: str | None = None
    reads: bool | None = None
    imap_host: str | None = None
    imap_port: int | None = None
    imap_security: Security | None = None
    imap_username: str | None = None
    imap_password: str | None = Field(None, description="Left out or null: the one there is stays.")
    shares_other_mail: bool | None = None
    appends_sent: bool | None = None
    per_minute: Limit | None = None
    per_hour: Limit | None = None
    per_day: Limit | None = None
    time_zone: str | None = None


class MailboxOut(BaseModel):
    id: int
    kind: str
    address: str
    sender_name: str
    host: str
    port: int
    security: Security
    username: str
    has_password: bool
    provider: Literal["", "google", "microsoft"]
    reads: bool
    imap_host: str
    imap_port: int
    imap_security: Security
    imap_username: str
    shares_other_mail: bool
    appends_sent: bool
    per_minute: int
    per_hour: int
    per_day: int
    scope: Scope
    owner: int | None
    time_zone: str
    state: Literal["connected", "disconnected", "reconnect"]
    reason: str
    reason_words: str
    used_today: int
    folders: list[Literal["inbox", "sent", "junk"]] = Field(
        description="Which are read. Of junk, only answers to your emails and what servers report about them."
    )
    read_up_to: datetime | None = Field(description="All that had arrived by then is taken; null: not read.")
    reading_reason: str = Field(description="Why it is not read further; empty when it is.")
    reading_reason_words: str
    domain_says: dict[Literal["spf", "dkim", "dmarc"], Literal["ok", "weak", "missing", "several", "unknown"]]
    domain_asked_at: datetime | None
    relay: RelayOut | None = Field(description="Of a mailbox that sends through a relay; else null.")
    created_at: datetime


class PlaceOut(BaseModel):
    host: str
    port: int
    security: Security


class ServersOut(BaseModel):
    """`how`: preset, autoconfig or srv; `provider`: who signs it in by OAuth 2, where that is set up."""

    how: str
    provider: str
    username: str
    smtp: PlaceOut
    imap: PlaceOut | None


class FindingOut(BaseModel):
    """What the connection test found; `words` are the server's own."""

    is_well: bool
    code: str
    title: str
    remedy: str
    words: str


@router.get("", response=Listed[MailboxOut])
def list_mailboxes(request: ApiRequest, walk: Query[Walk]) -> Any:
    """The workspace's and your own; administrators see all."""
    return listed(Mailbox.objects.visible_to(request.member).select_related("relay"), walk, _shown)


@router.post("", response={201: MailboxOut})
def connect_mailbox(request: ApiRequest, body: MailboxIn) -> Any:
    """The server is not asked yet: `POST /mailboxes/{mailbox}/check` does."""
    given = body.given(time_zone=request.member.workspace.time_zone)
    return _shown([connected(request.member, _bounded(given))])[0]


@router.get("/{int:mailbox}", response=MailboxOut)
def get_mailbox(request: ApiRequest, mailbox: int) -> Any:
    return _shown([_find(request.member, mailbox)])[0]


@router.patch("/{int:mailbox}", response=MailboxOut)
def edit_mailbox(request: ApiRequest, mailbox: int, body: MailboxPatch) -> Any:
    """What is left out or null stays. A new server or user name needs the password again."""
    row = _find(request.member, mailbox)
    kept = {name: getattr(row, name) for name in _DETAILS}
    return _shown([edited(request.member, row, kept, _bounded(body.given()))])[0]


@router.delete("/{int:mailbox}", response={204: None})
def remove_mailbox(request: ApiRequest, mailbox: int) -> Any:
    """It sends nothing more; its passwords are deleted, and what its provider granted is given back."""
    remove(request.member, _find(request.member, mailbox))
    return None


class AddressIn(In):
    address: str


@router.post("/discover", response=ServersOut)
def find_servers(request: ApiRequest, body: AddressIn) -> Any:
    """Servers of a mailbox by its address; only its domain is told to others. 404: nobody tells."""
    require(request.member, Permission.EMAIL_ONE)
    try:
        found = discover(body.address)
    except AddressError as error:
        raise MailboxError("address", "bad_address") from error
    if found is None:
        raise Http404
    provider = found.provider if oauth.provider(found.provider) else ""
    return {
        "how": found.how,
        "provider": provider,
        "username": found.username,
        "smtp": asdict(found.smtp),
        "imap": asdict(found.imap) if found.imap else None,
    }


class SignInIn(In):
    provider: Literal["google", "microsoft"]


class SignInOut(BaseModel):
    url: str


@router.post("/sign-in", response=SignInOut)
def sign_in_page(request: ApiRequest, body: SignInIn) -> Any:
    """The page where a person connects a mailbox of this provider: only they can agree, in their browser."""
    require(request.member, Permission.EMAIL_ONE)
    if oauth.provider(body.provider) is None:
        raise Problem("conflict", words("provider_missing"))
    page = _page("web:mailbox_sign_in", request.member)
    return {"url": f"{page}?provider={body.provider}"}


@router.post("/{int:mailbox}/sign-in", response=SignInOut)
def sign_in_again_page(request: ApiRequest, mailbox: int) -> Any:
    """The page where its owner signs it in again; mailings that wait for it go on then."""
    row = _find(request.member, mailbox)
    require_change(request.member, row)
    if oauth.provider(row.provider) is None:
        raise Problem("conflict", words("provider_missing"))
    return {"url": _page("web:mailbox_sign_in_again", request.member, mailbox=row.pk)}


def _page(route: str, member: Membership, **numbers: Any) -> str:
    return settings.OVERTURE_BASE_URL + reverse(route, kwargs={"workspace": member.workspace.slug, **numbers})


class KeyOut(BaseModel):
    """The TXT record for the DNS of the domain. Signs since `seen_at`; null: the DNS does not show it yet."""

    name: str
    value: str
    seen_at: datetime | None


@router.get("/{int:mailbox}/dkim-key", response=KeyOut)
def get_dkim_key(request: ApiRequest, mailbox: int) -> Any:
    row = _find(request.member, mailbox)
    try:
        record = record_of(row)
    except SecretError as error:
        raise Problem("conflict", words("password_lost")) from error
    if record is None:
        raise Http404
    return record._asdict() | {"seen_at": row.dkim_seen_at}


@router.post("/{int:mailbox}/dkim-key", response={201: KeyOut})
def make_dkim_key(request: ApiRequest, mailbox: int) -> Any:
    """A new key, instead of the one there is; a check looks whether the DNS shows it."""
    return make_key(request.member, _find(request.member, mailbox))._asdict() | {"seen_at": None}


@router.delete("/{int:mailbox}/dkim-key", response={204: None})
def drop_dkim_key(request: ApiRequest, mailbox: int) -> Any:
    """Nothing is signed here any more."""
    drop_key(request.member, _find(request.member, mailbox))
    return None


@router.post("/{int:mailbox}/check", response=FindingOut)
def check_mailbox(request: ApiRequest, mailbox: int) -> Any:
    """Signs in at the server and sends nothing; a good answer connects the mailbox again."""
    row = _find(request.member, mailbox)
    require_change(request.member, row)
    try:
        finding = checked(row)
    except SecretError as error:
        raise Problem("conflict", words("password_lost")) from error
    look_up(row)
    if finding.is_well:
        reconnect(request.member, row, finding.largest)
        resume_reconnected(row.pk)
    return {name: getattr(finding, name) for name in FindingOut.model_fields}


def _find(member: Membership, number: int) -> Mailbox:
    found: Mailbox = get_object_or_404(Mailbox.objects.visible_to(member), pk=number)
    return found


add_routes(router, _find)


def _bounded(given: dict[str, Any]) -> dict[str, Any]:
    """Limits have no upper bound for who asks: beyond what the column holds there is none in effect."""
    for name in _LIMITS:
        if name in given:
            given[name] = min(given[name], LARGEST_LIMIT)
    return given


def _shown(mailboxes: Sequence[Mailbox]) -> list[dict[str, Any]]:
    used, read, folders = used_today(mailboxes), coverage_of(mailboxes), folders_of(mailboxes)
    return [
        {name: getattr(row, name) for name in (*_DETAILS, *_TOLD)}
        | {
            "has_password": bool(row.secret),
            "scope": "personal" if row.is_personal else "workspace",
            "owner": row.owner_id,
            "used_today": used.get(row.pk, 0),
            "relay": shown_relay(row),
            "folders": folders[row.pk],
            **_reading(read.get(row.pk, Coverage())),
        }
        for row in mailboxes
    ]


def _reading(found: Coverage) -> dict[str, Any]:
    return {
        "read_up_to": found.read_up_to,
        "reading_reason": found.reason,
        "reading_reason_words": found.words,
    }
