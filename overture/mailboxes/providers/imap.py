"""Reads a mailbox over IMAP (RFC 9051): connects, signs in, looks into folders, and waits for news."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import ssl
from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, ProtocolError

from overture.lib.safe_net import IMAP_PORTS, HostNotFound, HostRefused, ascii_host, resolve_all
from overture.mailboxes.providers import SendError
from overture.mailboxes.providers.imap_wire import Client, Unsafe, refuse_unsafe

if TYPE_CHECKING:
    from overture.mailboxes.imap_account import ImapAccount

TlsContext = Callable[[], ssl.SSLContext]
# More of one mail is not asked for.
LARGEST_MAIL = 40 * 1024 * 1024
LARGEST_HEADER = 65_536
# What folders are called where the server does not tell what they are for (RFC 6154).
_USUAL_NAMES = {
    "sent": ("Sent", "Sent Items", "Sent Messages", "Sent Mail", "Envoyés", "Éléments envoyés"),
    "junk": (
        "Junk",
        "Spam",
        "Junk Email",
        "Junk E-mail",
        "Bulk Mail",
        "Courrier indésirable",
        "Indésirables",
    ),
}
_NEWS = re.compile(rb"\* \d+ (?:EXISTS|RECENT)\b", re.IGNORECASE)


class ImapError(SendError):
    """The same for reading: `code` is one of those of SMTP's connection test, or `not_imap`, `no`."""


@dataclass(frozen=True)
class Standing:
    """Where a folder stands. `uidnext` is 0 where the server does not tell it; `modseq` (RFC 7162), too."""

    uidvalidity: int
    uidnext: int
    modseq: int


@dataclass(frozen=True)
class Fetched:
    uid: int
    received_at: datetime
    size: int
    data: bytes


@lru_cache(maxsize=1)
def public_tls() -> ssl.SSLContext:
    """One for all: each loads a hundred certificates."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def connect(account: ImapAccount, tls: TlsContext = public_tls) -> Imap:
    """A connection that is signed in. Raises ImapError; blocks for up to a few times `account.timeout`."""
    sock = _open(account, tls)
    try:
        with telling():
            client = Client(sock, ascii_host(account.host), account.timeout)
    except BaseException:
        sock.close()
        raise
    try:
        if account.security == "starttls":
            _encrypt(client, tls)
        _sign_in(client, account)
        return Imap(client)
    except BaseException:
        client.wire.shutdown()  # since STARTTLS over another socket than ours
        raise


class Imap:
    """A signed-in connection. All raise ImapError; nothing here ever marks a mail as seen."""

    def __init__(self, client: Client) -> None:
        self._client = client
        with telling():
            client.wire.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            self.can_idle = client.has_capability("IDLE")
            self._has_modseq = client.has_capability("CONDSTORE")

    def folder_for(self, use: str) -> str:
        """Name of that for `sent` or `junk`: by SPECIAL-USE (RFC 6154), else by what it is usually called.
        Empty: there is none."""
        with telling():
            listed = self._client.list_folders()
        names = {str(name): {bytes(flag).lower() for flag in flags} for flags, _, name in listed}
        told = [name for name, flags in names.items() if b"\\" + use.encode() in flags]
        usual = [
            name
            for known in _USUAL_NAMES[use]
            for name in names
            if re.split(r"[./]", name)[-1] == known and rb"\noselect" not in names[name]
        ]
        return next(iter(told + usual), "")

    def standing(self, folder: str) -> Standing:
        """Without opening it."""
        asked = ["UIDVALIDITY", "UIDNEXT", *["HIGHESTMODSEQ"] * self._has_modseq]
        with telling():
            return _standing(self._client.folder_status(folder, asked))

    def examine(self, folder: str) -> Standing:
        """Opens it for reading only; it sees what has arrived by now."""
        with telling():
            return _standing(self._client.select_folder(folder, readonly=True))

    def look(self) -> None:
        """Has the server tell what arrived since in the folder that is open."""
        with telling():
            self._client.noop()

    def uids_after(self, uid: int, since: date | None = None) -> list[int]:
        """UIDs of the open folder above this one, in order; `since`: of what arrived that day or later."""
        criteria: list[Any] = ["UID", f"{uid + 1}:*"] + (["SINCE", since] if since else [])
        with telling():
            found = self._client.search(criteria)
        # "n:*" names the newest mail even when it is older than n.
        return sorted(number for number in found if number > uid)

    def headers(self, uids: Sequence[int], fields: Sequence[str]) -> list[Fetched]:
        part = f"BODY.PEEK[HEADER.FIELDS ({' '.join(fields)})]<0.{LARGEST_HEADER}>"
        return self._fetch(uids, part)

    def whole(self, uid: int) -> Fetched | None:
        """None when it has gone meanwhile. Of an enormous mail only its beginning."""
        return next(iter(self._fetch([uid], f"BODY.PEEK[]<0.{LARGEST_MAIL}>")), None)

    def append(self, folder: str, data: bytes, moment: datetime) -> None:
        with telling():
            self._client.append(folder, data, flags=[rb"\Seen"], msg_time=moment)

    def idle(self) -> None:
        with telling():
            self._client.idle()

    def has_grown(self) -> bool:
        """Whether the server told of mail since the folder was opened, beside its answer to something else:
        it tells each thing once, so IDLE will not. What it only repeats is no news."""
        told = self._client.wire.untagged_responses.get("EXISTS", [])
        return len(set(told)) > 1

    def has_news(self) -> bool:
        """Whether mail has arrived while it idles. Does not wait."""
        with telling():
            lines = self._client.wire.lines_ready()
            if any(line.upper().startswith(b"* BYE") for line in lines):
                raise self._client.AbortError(lines[-1].decode("utf-8", "replace"))
        return any(_NEWS.match(line) for line in lines)

    def end_idle(self) -> None:
        with telling():
            self._client.idle_done()

    def fileno(self) -> int:
        return int(self._client.wire.sock.fileno())

    def close(self) -> None:
        """Without a word: after a fault nobody would hear it."""
        with contextlib.suppress(Exception):
            self._client.wire.shutdown()

    def log_out(self) -> None:
        with contextlib.suppress(Exception):
            self._client.logout()
        self.close()

    def _fetch(self, uids: Sequence[int], part: str) -> list[Fetched]:
        with telling():
            found = self._client.fetch(list(uids), ["INTERNALDATE", "RFC822.SIZE", part])
        return [each for uid in uids if (each := _fetched(uid, found.get(uid, {})))]


@contextmanager
def telling() -> Iterator[None]:
    """Turns what sockets and IMAPClient raise into ImapError with a code and the server's words."""
    try:
        yield
    except Unsafe as error:
        raise ImapError(permanent=True, code="bad_answer", reply=str(error)) from error
    except ssl.SSLError as error:
        raise ImapError(permanent=False, code="tls", reply=str(error)) from error
    except TimeoutError as error:
        raise ImapError(permanent=False, code="timeout", reply=str(error)) from error
    except (IMAPClientAbortError, OSError) as error:
        raise ImapError(permanent=False, code="dropped", reply=_words(error)) from error
    except ProtocolError as error:
        raise ImapError(permanent=False, code="bad_answer", reply=_words(error)) from error
    except IMAPClientError as error:
        raise ImapError(permanent=False, code="no", reply=_words(error)) from error
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        # What IMAPClient makes of answers that are no IMAP.
        raise ImapError(permanent=False, code="bad_answer", reply=_words(error)) from error


def _open(account: ImapAccount, tls: TlsContext) -> socket.socket:
    failure = ImapError(permanent=False, code="dns")
    for address in _addresses(account):
        try:
            return _connected(account, address, tls)
        except ImapError as error:
            failure = error
            if error.code not in ("refused", "unreachable", "timeout"):
                break
    raise failure


def _addresses(account: ImapAccount) -> list[str]:
    try:
        return resolve_all(account.host, account.port, account.allow_private, IMAP_PORTS)
    except HostRefused as error:
        code = "port_refused" if error.code == "not_mail_port" else "host_refused"
        raise ImapError(permanent=True, code=code, reply=error.detail) from error
    except HostNotFound as error:
        raise ImapError(permanent=False, code="dns", reply=error.detail) from error


def _connected(account: ImapAccount, address: str, tls: TlsContext) -> socket.socket:
    try:
        sock = socket.create_connection((address, account.port), account.timeout)
    except ConnectionRefusedError as error:
        raise ImapError(permanent=False, code="refused", reply=str(error)) from error
    except TimeoutError as error:
        raise ImapError(permanent=False, code="timeout", reply=str(error)) from error
    except OSError as error:
        raise ImapError(permanent=False, code="unreachable", reply=str(error)) from error
    if account.security != "tls":
        return sock
    try:
        with _secure():
            return tls().wrap_socket(sock, server_hostname=ascii_host(account.host))
    except BaseException:
        sock.close()
        raise


def _encrypt(client: Client, tls: TlsContext) -> None:
    with telling():
        offers = client.has_capability("STARTTLS")
    if not offers:
        raise ImapError(permanent=True, code="starttls_missing")
    with telling(), _secure():
        client.encrypt(tls())


@contextmanager
def _secure() -> Iterator[None]:
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH
        code = "certificate_name" if error.verify_code in (62, 64) else "certificate"
        raise ImapError(permanent=False, code=code, reply=error.verify_message) from error
    except OSError as error:
        raise ImapError(permanent=False, code="tls", reply=str(error)) from error


def _sign_in(client: Client, account: ImapAccount) -> None:
    if account.security == "none" and not account.allow_private:
        raise ImapError(permanent=True, code="auth_clear")
    told: list[bytes] = []
    try:
        with telling():
            refuse_unsafe(account.username, account.password, account.access_token)
            _authenticate(client, account, told)
            client.capabilities()
    except ImapError as error:
        if error.code != "no":
            raise
        words = _challenge(told) or error.reply
        is_later = "UNAVAILABLE" in words.upper()
        refused = "token_refused" if account.access_token else "auth_535"
        code = "auth_later" if is_later else refused
        raise ImapError(permanent=not is_later, code=code, reply=words) from error


def _authenticate(client: Client, account: ImapAccount, told: list[bytes]) -> None:
    user = account.username

    def once(first: str, afterwards: bytes = b"") -> Callable[[bytes], bytes]:
        """Answers the first challenge; a second carries the reason of a refusal, and wants a reply, too."""

        def answer(challenge: bytes) -> bytes:
            told.append(challenge)
            return first.encode() if len(told) == 1 else afterwards

        return answer

    if account.access_token and client.has_capability("AUTH=XOAUTH2"):
        client.sasl_login("XOAUTH2", once(f"user={user}\1auth=Bearer {account.access_token}\1\1"))
    elif account.access_token:
        name = user.replace("=", "=3D").replace(",", "=2C")
        bearer = f"n,a={name},\1auth=Bearer {account.access_token}\1\1"
        client.sasl_login("OAUTHBEARER", once(bearer, b"\1"))
    elif client.has_capability("AUTH=PLAIN"):
        client.sasl_login("PLAIN", once(f"\0{user}\0{account.password}"))
    elif client.has_capability("LOGINDISABLED"):
        raise ImapError(permanent=True, code="auth_missing", reply="LOGINDISABLED")
    else:
        client.login(user, account.password)


def _challenge(told: list[bytes]) -> str:
    """The reason in the second challenge: JSON, in some servers' answers once more in base64 (RFC 7628)."""
    if len(told) < 2:
        return ""
    text = told[-1]
    with contextlib.suppress(ValueError):
        text = b64decode(text, validate=True)
    with contextlib.suppress(ValueError):
        found = json.loads(text)
        return " ".join(str(value) for value in found.values())[:500] if isinstance(found, dict) else ""
    return text.decode("utf-8", "replace")[:500]


def _standing(told: dict[bytes, Any]) -> Standing:
    def number(name: bytes) -> int:
        value = told.get(name, 0)
        return int(value[0] if isinstance(value, list | tuple) else value)

    return Standing(number(b"UIDVALIDITY"), number(b"UIDNEXT"), number(b"HIGHESTMODSEQ"))


def _fetched(uid: int, parts: dict[bytes, Any]) -> Fetched | None:
    data = next((value for name, value in parts.items() if name.startswith(b"BODY[")), None)
    moment = parts.get(b"INTERNALDATE")
    if not isinstance(data, bytes) or not isinstance(moment, datetime):
        return None
    return Fetched(uid, moment, int(parts.get(b"RFC822.SIZE", len(data))), data)


def _words(error: Exception) -> str:
    text = " ".join(str(error).split())
    return "".join(c if c.isprintable() else " " for c in text)[:500]
