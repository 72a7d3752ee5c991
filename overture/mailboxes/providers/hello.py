"""From a host name to a signed-in SMTP connection: resolve, connect, greet, encrypt, authenticate."""

import asyncio
import base64
import re
import ssl
from typing import TYPE_CHECKING

from overture.lib.safe_net import HostNotFound, HostRefused, ascii_host, resolve_all

from . import SendError
from .envelope import Offers
from .wire import Reply, Wire, WireLost

if TYPE_CHECKING:
    from .smtp import Account, TlsContext

_HELO = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}|\[[A-Za-z0-9.:]{2,60}\]")


async def open_wire(account: "Account", tls: "TlsContext") -> Wire:
    """A connection, encrypted when the account says TLS from the start. Raises SendError."""
    failure = SendError(permanent=False, code="dns")
    for address in await _addresses(account):
        try:
            return await _open(account, address, tls)
        except SendError as error:
            failure = error
            if error.code not in ("refused", "unreachable", "timeout"):
                break
    raise failure


async def sign_in(wire: Wire, account: "Account", tls: "TlsContext") -> Offers:
    """Greeting to AUTH over an open wire. Raises SendError."""
    try:
        await _greeting(wire)
        offers = await _hello(wire, account)
        if account.security == "starttls":
            await _encrypt(wire, account, offers, tls)
            offers = await _hello(wire, account)  # what was said in clear no longer counts
        if account.username:
            await _authenticate(wire, account, offers)
        return offers
    except WireLost as error:
        raise SendError(permanent=False, code=error.code, reply=error.words) from error


async def _addresses(account: "Account") -> list[str]:
    try:
        async with asyncio.timeout(account.timeout):
            return await asyncio.to_thread(
                resolve_all, account.host, account.port, account.allow_private, account.mail_ports
            )
    except HostRefused as error:
        code = "port_refused" if error.code == "not_mail_port" else "host_refused"
        raise SendError(permanent=True, code=code, reply=error.detail) from error
    except HostNotFound as error:
        raise SendError(permanent=False, code="dns", reply=error.detail) from error
    except TimeoutError as error:
        raise SendError(permanent=False, code="dns", reply="no answer from DNS") from error


async def _open(account: "Account", address: str, tls: "TlsContext") -> Wire:
    loop = asyncio.get_running_loop()
    is_tls = account.security == "tls"
    try:
        async with asyncio.timeout(account.timeout):
            _, wire = await loop.create_connection(
                lambda: Wire(account.timeout, account.dot_timeout),
                address,
                account.port,
                ssl=tls() if is_tls else None,
                server_hostname=ascii_host(account.host) if is_tls else None,
            )
            return wire
    except (OSError, TimeoutError) as error:
        raise _connect_error(error, is_tls) from error


def _connect_error(error: Exception, is_tls: bool) -> SendError:
    words = str(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        code = (
            "certificate_name" if error.verify_code in (62, 64) else "certificate"
        )  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH
        words = error.verify_message
    elif isinstance(error, ssl.SSLError):
        code = "tls"
    elif isinstance(error, TimeoutError):
        code = "timeout"
    elif isinstance(error, ConnectionRefusedError):
        code = "refused"
    elif is_tls and isinstance(error, ConnectionError):
        code = "tls"
    else:
        code = "unreachable"
    return SendError(permanent=False, code=code, reply=words)


async def _greeting(wire: Wire) -> None:
    try:
        reply = await wire.ask(b"")
    except WireLost as error:
        code = "silent" if error.code == "timeout" else error.code
        raise SendError(permanent=False, code=code, reply=error.words) from error
    if reply.code == 220:
        return
    code = "closing" if reply.code >= 400 else "not_smtp"
    raise SendError(permanent=False, code=code, reply=reply.words)


async def _hello(wire: Wire, account: "Account") -> Offers:
    if not _HELO.fullmatch(account.helo):
        raise SendError(permanent=True, code="bad_helo", reply=account.helo)
    reply = await wire.ask(f"EHLO {account.helo}\r\n".encode())
    if reply.code == 250:
        return _offers(reply, account.pipeline)
    if reply.code >= 500:
        reply = await wire.ask(f"HELO {account.helo}\r\n".encode())
        if reply.code == 250:
            return Offers()
    raise SendError(permanent=False, code="closing" if reply.code >= 400 else "bad_answer", reply=reply.words)


def _offers(reply: Reply, may_pipeline: bool) -> Offers:
    told: dict[str, str] = {}
    for row in reply.rows[1:]:
        # "AUTH=LOGIN" is how some old servers spell it
        keyword, _, rest = row.upper().replace("AUTH=", "AUTH ").partition(" ")
        told[keyword] = f"{told.get(keyword, '')} {rest}"
    size = told.get("SIZE", "").strip()
    return Offers(
        pipelining=may_pipeline and "PIPELINING" in told,
        smtputf8="SMTPUTF8" in told,
        eightbit="8BITMIME" in told,
        starttls="STARTTLS" in told,
        has_size="SIZE" in told,
        size=int(size) if size.isascii() and size.isdigit() and len(size) < 20 else 0,
        auth=frozenset(told.get("AUTH", "").split()),
    )


async def _encrypt(wire: Wire, account: "Account", offers: Offers, tls: "TlsContext") -> None:
    if not offers.starttls:
        raise SendError(permanent=True, code="starttls_missing")
    reply = await wire.ask(b"STARTTLS\r\n")
    if reply.code != 220:
        raise SendError(permanent=False, code="tls", reply=reply.words)
    if not wire.is_silent():
        # Bytes sent in clear behind the 220 would be read as if they had been encrypted.
        raise SendError(permanent=False, code="tls", reply="unencrypted answer after STARTTLS")
    try:
        async with asyncio.timeout(account.timeout):
            transport = await asyncio.get_running_loop().start_tls(
                wire.transport, wire, tls(), server_hostname=ascii_host(account.host)
            )
    except (OSError, TimeoutError) as error:
        raise _connect_error(error, is_tls=True) from error
    if transport is None:
        raise SendError(permanent=False, code="tls", reply="connection closed")
    wire.adopt(transport)


async def _authenticate(wire: Wire, account: "Account", offers: Offers) -> None:
    if account.security == "none" and not account.allow_private:
        raise SendError(permanent=True, code="auth_clear")
    if account.access_token:
        reply = await _auth_token(wire, account, offers)
    elif "PLAIN" in offers.auth and "\0" not in account.username + account.password:
        reply = await _auth_plain(wire, account)
    elif "LOGIN" in offers.auth:
        reply = await _auth_login(wire, account)
    else:
        raise SendError(permanent=True, code="auth_missing", reply=" ".join(sorted(offers.auth)))
    if reply.code == 421:
        raise SendError(permanent=False, code="closing", reply=reply.words)
    if reply.code >= 500:
        code = "token_refused" if account.access_token else "auth_535"
        raise SendError(permanent=True, code=code, reply=reply.words)
    if reply.code != 235:
        raise SendError(permanent=False, code="auth_later", reply=reply.words)


async def _auth_token(wire: Wire, account: "Account", offers: Offers) -> Reply:
    """An access token, in Google's way where offered (Microsoft knows no other), else in RFC 7628's."""
    if "XOAUTH2" in offers.auth:
        mechanism, given, farewell = "XOAUTH2", xoauth2(account.username, account.access_token), b""
    elif "OAUTHBEARER" in offers.auth:
        mechanism, given, farewell = "OAUTHBEARER", oauthbearer(account), base64.b64encode(b"\x01")
    else:
        raise SendError(permanent=True, code="auth_missing", reply=" ".join(sorted(offers.auth)))
    secret = _base64(given)
    reply = await wire.ask(f"AUTH {mechanism} ".encode() + secret + b"\r\n")
    if reply.code == 334 and not reply.rows[0]:
        # It wants to be asked first and takes no initial response.
        reply = await wire.ask(secret + b"\r\n")
    if reply.code == 334:
        # What is wrong stands in this answer; the refusal itself comes once we have said that we read it
        # (RFC 7628, 3.2.3).
        why = _decoded(reply.rows[0])
        reply = await wire.ask(farewell + b"\r\n")
        reply = Reply(reply.code, [f"{reply.words} {why}".encode()])
    return reply


def xoauth2(user: str, token: str) -> str:
    """The initial response of XOAUTH2. Raises SendError for what would end a field early."""
    _check_fields(user, token)
    return f"user={user}\x01auth=Bearer {token}\x01\x01"


def oauthbearer(account: "Account") -> str:
    """The initial response of OAUTHBEARER (RFC 7628, 3.1); in the name, = and comma are written otherwise."""
    _check_fields(account.username, account.access_token)
    user = account.username.replace("=", "=3D").replace(",", "=2C")
    place = f"host={account.host}\x01port={account.port}\x01"
    return f"n,a={user},\x01{place}auth=Bearer {account.access_token}\x01\x01"


def _check_fields(*fields: str) -> None:
    if any(not field.isprintable() for field in fields):
        raise SendError(permanent=True, code="token_refused", reply="control character")


def _decoded(text: str) -> str:
    """What a server says of a refused token: JSON in base64, mostly."""
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except ValueError:
        return text


async def _auth_plain(wire: Wire, account: "Account") -> Reply:
    secret = _base64(f"\0{account.username}\0{account.password}")
    reply = await wire.ask(b"AUTH PLAIN " + secret + b"\r\n")
    # Some servers ask again instead of taking the initial response.
    return await wire.ask(secret + b"\r\n") if reply.code == 334 else reply


async def _auth_login(wire: Wire, account: "Account") -> Reply:
    reply = await wire.ask(b"AUTH LOGIN\r\n")
    for secret in (account.username, account.password):
        if reply.code != 334:
            return reply
        reply = await wire.ask(_base64(secret) + b"\r\n")
    return reply


def _base64(text: str) -> bytes:
    return base64.b64encode(text.encode())
