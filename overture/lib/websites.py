"""Websites as partners are told apart by them: by host where it is their own, else by path, too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs, urlsplit

from overture.lib import domains
from overture.lib.shared_hosts import (
    ALIASES,
    BEFORE_OWNER,
    NOT_AN_OWNER,
    PLACEHOLDERS,
    SHARED,
    SUBDOMAIN_IS_OWN,
)

LONGEST = 300

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_UNSEEN_OR_SPACE = re.compile(r"[\s\x00-\x20\x7f-\x9f\\<>\"]")


class WebsiteError(ValueError):
    """Not a website. Codes: empty, bad_characters, bad_scheme, bad_host, has_password, too_long."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Website:
    # With scheme, host in lower case with A-labels; what a page can link to.
    url: str
    # Without `www.`; of a shared host its one name.
    host: str
    # What is left of the path for comparing: the owner's part on a shared host, empty on an own one.
    path: str
    is_shared_host: bool

    @property
    def match_key(self) -> str | None:
        """What two partners with the same website have in common; None where it tells nobody apart."""
        if self.host.partition(".")[0] in PLACEHOLDERS:
            return None
        if self.is_shared_host:
            return f"{self.host}/{self.path}" if self.path else None
        return self.host


@lru_cache(maxsize=4096)
def parse(text: str) -> Website:
    """The website in a text, `https://` where it names no scheme. Raises WebsiteError."""
    bare = text.strip()
    if not bare:
        raise WebsiteError("empty")
    if _UNSEEN_OR_SPACE.search(bare):
        raise WebsiteError("bad_characters")
    scheme, host, path, query = _taken_apart(bare)
    url = f"{scheme}://{host}{path}" + (f"?{query}" if query else "")
    if len(url) > LONGEST:
        raise WebsiteError("too_long")
    name, is_shared = _sharing(host.partition(":")[0])
    return Website(url, name, _owner(path, query) if is_shared else "", is_shared)


def shown_host(website: Website) -> str:
    """The host as people read it: `müller.example`."""
    return domains.to_unicode(website.host)


def match_key(text: str) -> str | None:
    """The key of a website as written; None for what is none or cannot tell partners apart."""
    try:
        return parse(text).match_key
    except WebsiteError:
        return None


def _taken_apart(bare: str) -> tuple[str, str, str, str]:
    """Scheme, host with a port that is not the usual one, path without its last slash, query."""
    if not _SCHEME.match(bare):
        bare = "https://" + bare.removeprefix("//")
    try:
        parts = urlsplit(bare)
        scheme, port = parts.scheme.lower(), parts.port
    except ValueError as error:
        raise WebsiteError("bad_host") from error
    if scheme not in ("http", "https"):
        raise WebsiteError("bad_scheme")
    if "@" in parts.netloc:
        raise WebsiteError("has_password")
    try:
        host = domains.to_ascii((parts.hostname or "").removesuffix("."))
    except domains.DomainError as error:
        raise WebsiteError("bad_host") from error
    usual = (None, 443 if scheme == "https" else 80)
    return scheme, host if port in usual else f"{host}:{port}", parts.path.rstrip("/"), parts.query


def _sharing(host: str) -> tuple[str, bool]:
    """The host's one name, and whether many people have their pages there."""
    bare = host.removeprefix("www.")
    host = re.sub(r"\.blogspot\.[a-z.]{2,6}\Z", ".blogspot.com", bare if "." in bare else host)
    labels = host.split(".")
    for start in range(len(labels) - 1):
        parent = ".".join(labels[start:])
        parent = ALIASES.get(parent, parent)
        if parent in SHARED:
            return parent, True
        if parent in SUBDOMAIN_IS_OWN:
            return (host, False) if start else (parent, True)
    return host, False


def _owner(path: str, query: str) -> str:
    """The part of a shared host's path that names somebody, or nothing."""
    steps = [step for step in path.split("/") if step]
    if not steps:
        return ""
    first = steps[0].lower()
    if first == "profile.php":
        number = parse_qs(query).get("id", [""])[0]
        return f"profile.php?id={number}" if number else ""
    if first in NOT_AN_OWNER:
        return ""
    if first in BEFORE_OWNER:
        if len(steps) < 2:
            return ""
        # Numbers of YouTube channels tell capitals apart; names do not.
        return f"{first}/{steps[1] if first == 'channel' else steps[1].lower()}"
    return first
