"""What a member says about an ad, checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from django.conf import settings

from overture.ads.models import Ad
from overture.lib import domains

LONGEST_URL = 1000
LARGEST_SIDE = 4000
# What may stand in an address as it is (RFC 3986), percent signs included; all else is percent-encoded.
_AS_THEY_ARE = "%/?#[]@!$&'()*+,;=:-._~"
_NEVER = re.compile(r"[\x00-\x20\x7f\\<>\"^`{|}]|%(?![0-9A-Fa-f]{2})")


class AdError(ValueError):
    """A field that cannot stand, by name, and a code: required, too_long, bad_kind, bad_url, not_https,
    bad_text, bad_size, ends_before_start."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code = field, code


@dataclass(frozen=True)
class Details:
    """`active_from` None begins at once, `active_to` None never ends; width and height are CSS pixels."""

    name: str
    kind: str
    landing_page: str
    text: str = ""
    image: str = ""
    width: int | None = None
    height: int | None = None
    alt: str = ""
    active_from: datetime | None = None
    active_to: datetime | None = None


def check_details(details: Details, begins: datetime) -> dict[str, object]:
    """The columns of an ad but its program and its beginning; raises AdError for what cannot stand."""
    if details.kind not in Ad.Kind.values:
        raise AdError("kind", "bad_kind")
    texts = {
        name: _text(details, name, longest) for name, longest in (("name", 120), ("text", 200), ("alt", 200))
    }
    if not texts["name"]:
        raise AdError("name", "required")
    if details.active_to is not None and details.active_to <= begins:
        raise AdError("active_to", "ends_before_start")
    shown = _banner(details) if details.kind == Ad.Kind.BANNER else _text_link(texts["text"])
    return {
        **texts,
        **shown,
        "kind": details.kind,
        "landing_page": web_address(details.landing_page, "landing_page"),
        "active_to": details.active_to,
    }


def web_address(url: str, field: str) -> str:
    """An http(s) address without user name or spaces, written in ASCII; raises AdError."""
    url = url.strip()
    if not url:
        raise AdError(field, "required")
    if len(url) > LONGEST_URL:
        raise AdError(field, "too_long")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AdError(field, "bad_url") from error
    if _NEVER.search(url) or parts.scheme not in {"http", "https"} or "@" in parts.netloc or port == 0:
        raise AdError(field, "bad_url")
    host = _host(parts.hostname or "", field)
    rest = quote(url[url.index("//") + 2 + len(parts.netloc) :], safe=_AS_THEY_ARE)
    whole = f"{parts.scheme}://{host}{f':{port}' if port else ''}{rest}"
    if len(whole) > LONGEST_URL:
        raise AdError(field, "too_long")
    return whole


def _host(host: str, field: str) -> str:
    """A browser goes there, never we: an address on an own network is the brand's affair."""
    try:
        address = ip_address(host)
        return f"[{address}]" if address.version == 6 else str(address)
    except ValueError:
        pass
    try:
        return host if host == "localhost" else domains.to_ascii(host)
    except domains.DomainError as error:
        raise AdError(field, "bad_url") from error


def _banner(details: Details) -> dict[str, object]:
    """A picture over plain http would be blocked or flagged in mail programs; loopback serves trials."""
    image = web_address(details.image, "image")
    parts = urlsplit(image)
    is_trial = settings.OVERTURE_ALLOW_PRIVATE_MAIL_HOSTS and parts.hostname in {
        "localhost",
        "127.0.0.1",
        "::1",
    }
    if parts.scheme != "https" and not is_trial:
        raise AdError("image", "not_https")
    for field in ("width", "height"):
        side = getattr(details, field)
        if side is not None and not 1 <= side <= LARGEST_SIDE:
            raise AdError(field, "bad_size")
    return {"image": image, "width": details.width, "height": details.height}


def _text_link(text: str) -> dict[str, object]:
    if not text:
        raise AdError("text", "required")
    return {"image": "", "width": None, "height": None}


def _text(details: Details, name: str, longest: int) -> str:
    text = " ".join(str(getattr(details, name)).split())
    if len(text) > longest:
        raise AdError(name, "too_long")
    if not text.isprintable():
        raise AdError(name, "bad_text")
    return text
