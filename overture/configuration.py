"""Reads Overture's settings from the environment and keeps the keys that a data folder makes once."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from hmac import new as hmac
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from overture.lib.secrets import Ring, SecretError

ROOT = Path(__file__).resolve().parent.parent


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    value = text(name).lower()
    if value in {"", "1", "true", "yes", "on", "0", "false", "no", "off"}:
        return default if value == "" else value in {"1", "true", "yes", "on"}
    raise ImproperlyConfigured(f"{name} is {value!r}. Write 1 for yes or 0 for no.")


def number(name: str, default: int, low: int, high: int) -> int:
    value = text(name, str(default))
    if value.isascii() and value.isdigit() and low <= int(value) <= high:
        return int(value)
    raise ImproperlyConfigured(f"{name} is {value!r}. Write a whole number from {low} to {high}.")


def data_folder() -> Path:
    """The folder that holds database, keys and logs; made with mode 0700 when it is not there."""
    folder = Path(text("OVERTURE_DATA", str(ROOT / "var"))).expanduser().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"OVERTURE_DATA names {folder}, which cannot be made: {error.strerror}. "
            "Name a folder that you may write to."
        ) from None
    return folder


def base_url(port: int) -> str:
    """Where this instance is reached; links in e-mails start with it. No slash at the end."""
    return web_address("OVERTURE_BASE_URL", f"http://127.0.0.1:{port}")


def web_address(name: str, default: str) -> str:
    url = text(name, default).rstrip("/")
    parts = urlsplit(url)
    try:
        whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole or parts.query or parts.fragment or parts.username:
        raise ImproperlyConfigured(
            f"{name} is {url!r}. Write the address of this site, such as https://overture.example."
        )
    return url


def loopback(name: str) -> str:
    """Empty, or an address on this host alone, such as http://127.0.0.1:8025."""
    url = text(name).rstrip("/")
    if url and not re.fullmatch(r"http://127\.0\.0\.1:\d{1,5}", url):
        raise ImproperlyConfigured(f"{name} is for tests: it takes http://127.0.0.1 and a port alone.")
    return url


def system_mail() -> str:
    """Empty, or the server of system mail; its parts are read by notices/backend.py."""
    url = text("OVERTURE_SYSTEM_MAIL")
    parts = urlsplit(url)
    if url and (parts.scheme not in {"smtp", "smtps", "smtp+starttls"} or not parts.hostname):
        # The value is not shown: it may hold a password.
        raise ImproperlyConfigured(
            "OVERTURE_SYSTEM_MAIL must read like smtp+starttls://user:password@smtp.brand.example:587."
        )
    return url


_GOOGLE = {
    "authorize_url": "https://accounts.google.com/o/oauth2/v2/auth",
    "token_url": "https://oauth2.googleapis.com/token",
    "revoke_url": "https://oauth2.googleapis.com/revoke",
    "smtp": "smtp+starttls://smtp.gmail.com:587",
    "imap": "imaps://imap.gmail.com:993",
}
# Microsoft has no address to revoke a grant at.
_MICROSOFT = {
    "authorize_url": "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
    "token_url": "https://login.microsoftonline.com/common/oauth2/v2.0/token",
    "revoke_url": "",
    "smtp": "smtp+starttls://smtp.office365.com:587",
    "imap": "imaps://outlook.office365.com:993",
}


def oauth() -> dict[str, dict[str, str]]:
    """By provider: the operator's client, and where to ask; OVERTURE_GOOGLE_TOKEN_URL and so on."""
    return {
        code: {
            "client_id": text(f"OVERTURE_{code.upper()}_CLIENT_ID"),
            "client_secret": text(f"OVERTURE_{code.upper()}_CLIENT_SECRET"),
            **{
                name: text(f"OVERTURE_{code.upper()}_{name.upper()}", usual) for name, usual in places.items()
            },
        }
        for code, places in (("google", _GOOGLE), ("microsoft", _MICROSOFT))
    }


def clamd(folder: Path) -> str:
    """Where the scanner answers: `unix:PATH` or `HOST:PORT`; unless set, the socket that bin/run makes."""
    given = text("OVERTURE_CLAMD")
    if not given:
        return f"unix:{_short_socket(folder / 'clamav' / 'clamd.sock')}"
    host, _, port = given.rpartition(":")
    if given.startswith("unix:/") or (host and port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        return given
    raise ImproperlyConfigured(
        f"OVERTURE_CLAMD is {given!r}. Write unix:/path/of/the/socket or host:port, such as 127.0.0.1:3310."
    )


def _short_socket(path: Path) -> Path:
    """Linux takes 107 bytes for the path of a socket; a longer one is put under the temporary folder."""
    if len(os.fsencode(path)) <= 100:
        return path
    name = sha256(os.fsencode(path)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"overture-clamd-{name}" / "clamd.sock"


def file_storage(url: str, folder: Path) -> dict[str, object]:
    """Django's STORAGES entry for attachments: a folder of its own, or a bucket."""
    if not url:
        return {
            "BACKEND": "overture.files.store.LocalStorage",
            "OPTIONS": {"location": folder / "files", "file_permissions_mode": 0o600},
        }
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.hostname:
        # The value is not shown: it may hold a secret key.
        raise ImproperlyConfigured(
            "OVERTURE_FILES_URL must read like s3://key:secret@bucket?endpoint=https://s3.brand.example"
            "&region=eu; without it files are kept in the data folder."
        )
    given = dict(parse_qsl(parts.query))
    options = {
        "bucket_name": parts.hostname,
        "access_key": unquote(parts.username or "") or None,
        "secret_key": unquote(parts.password or "") or None,
        "endpoint_url": given.get("endpoint"),
        "region_name": given.get("region"),
        "location": parts.path.strip("/"),
        "default_acl": "private",
        "file_overwrite": True,
        "querystring_auth": True,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def encryption_keys(secret: str) -> str:
    """The keys given, first one first; the key of the root secret stays last, to read what it encrypted."""
    given = text("OVERTURE_ENCRYPTION_KEYS")
    made = f"first:{urlsafe_b64encode(derived_key(secret, 'encryption')).decode()}"
    try:
        Ring.parse(f"{given} {made}")
    except SecretError as error:
        raise ImproperlyConfigured(
            f"OVERTURE_ENCRYPTION_KEYS cannot be read ({error.code}). Write name:key pairs with spaces "
            "between, each made by `bin/overture rotate-secrets --new-key NAME`; the name `first` is taken."
        ) from None
    return f"{given} {made}".strip()


def root_secret(folder: Path) -> str:
    """The secret of all keys: OVERTURE_SECRET_KEY, or one made once in the data folder."""
    given = text("OVERTURE_SECRET_KEY")
    if given:
        if len(given) < 32:
            raise ImproperlyConfigured(
                "OVERTURE_SECRET_KEY is too short: write at least 32 random characters, "
                "the same on every host of this instance."
            )
        return given
    path = folder / "secret.key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    except OSError as error:
        raise ImproperlyConfigured(f"{path} cannot be written: {error.strerror}.") from None
    kept = path.read_text().strip()
    if len(kept) < 32:
        raise ImproperlyConfigured(
            f"{path} is empty or cut short. Put the secret of this instance back from your backup; "
            "without it the passwords of mailboxes cannot be read."
        )
    return kept


def derived_key(secret: str, purpose: str) -> bytes:
    """32 bytes for one purpose (RFC 5869, one block of HKDF-Expand), so that no key serves two ends."""
    return hmac(secret.encode(), b"overture " + purpose.encode() + b"\x01", sha256).digest()


# A host that is cut off must not hold its locks, nor wait, for the hours that TCP would take to notice: half
# a minute on either side (milliseconds where the name says timeout). No effect on a socket of this host.
_CUT_OFF = {
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
    "options": "-c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
    " -c tcp_user_timeout=30000",
}


def database(url: str) -> Mapping[str, object]:
    """Django's DATABASES entry for a PostgreSQL URL, with `?host=` for a socket folder."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or len(parts.path) < 2:
        raise ImproperlyConfigured(
            "DATABASE_URL must read like postgresql://user:password@host:5432/name; "
            "PostgreSQL 15 or newer is the only database."
        )
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": _CUT_OFF | options,
        "TEST": {"NAME": "overture_test"},
    }
