"""Finds the servers of a mailbox from its address: who takes its mail, what its domain says, its DNS.

Only the domain is told to anybody who is asked, never what stands before the @.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree

from django.conf import settings

from overture.lib import addresses, dns, safe_http
from overture.lib.dns import DnsFailed, Place
from overture.lib.safe_http import CallError, UrlError
from overture.mailboxes.models import Mailbox
from overture.mailboxes.oauth import Server
from overture.mailboxes.presets import Preset, preset

# Who takes mail for a domain, by the end of the host's name.
_TAKES_MAIL = {
    "google.com": "gmail",
    "googlemail.com": "gmail",
    "outlook.com": "microsoft",
    "messagingengine.com": "fastmail",
    "ovh.net": "ovh",
    "gandi.net": "gandi",
    "infomaniak.ch": "infomaniak",
    "zoho.com": "zoho",
    "icloud.com": "icloud",
    "yahoodns.net": "yahoo",
}
# RFC 6186 and 8314: encrypted from the first byte before STARTTLS.
_SENDING = (("_submissions._tcp", Mailbox.Security.TLS), ("_submission._tcp", Mailbox.Security.STARTTLS))
_READING = (("_imaps._tcp", Mailbox.Security.TLS), ("_imap._tcp", Mailbox.Security.STARTTLS))
_SECURITY = {"SSL": Mailbox.Security.TLS, "STARTTLS": Mailbox.Security.STARTTLS}
_PATIENCE = 4.0


@dataclass(frozen=True)
class Found:
    """`how`: preset, autoconfig or srv. `provider` signs in by OAuth 2; empty: none does."""

    how: str
    smtp: Server
    imap: Server | None
    username: str
    preset: Preset | None = None

    @property
    def provider(self) -> str:
        return {"gmail": "google", "microsoft": "microsoft"}.get(self.preset.code, "") if self.preset else ""


def discover(address: str) -> Found | None:
    """None where nobody tells. Raises lib.addresses.AddressError; each source takes some seconds at most."""
    parsed = addresses.parse(address)
    domain = parsed.domain
    return (
        _by_mail_servers(str(parsed), domain)
        or _by_autoconfig(str(parsed), domain)
        or _by_srv(str(parsed), domain)
    )


def _by_mail_servers(address: str, domain: str) -> Found | None:
    try:
        hosts = dns.mail_servers(domain, settings.OVERTURE_DNS)
    except DnsFailed:
        return None
    for host in hosts:
        for end, code in _TAKES_MAIL.items():
            known = preset(code)
            if known and f".{host.lower()}".endswith(f".{end}"):
                return Found(
                    "preset",
                    Server(known.host, known.port, known.security),
                    Server(known.imap_host, 993, Mailbox.Security.TLS),
                    address,
                    known,
                )
    return None


def _by_srv(address: str, domain: str) -> Found | None:
    try:
        sending, reading = _service(_SENDING, domain), _service(_READING, domain)
    except DnsFailed:
        return None
    return Found("srv", sending, reading, address) if sending else None


def _service(names: tuple[tuple[str, str], ...], domain: str) -> Server | None:
    for name, security in names:
        place: Place | None = dns.service(f"{name}.{domain}", settings.OVERTURE_DNS)
        if place:
            return Server(place.host, place.port, security)
    return None


def _by_autoconfig(address: str, domain: str) -> Found | None:
    for template in settings.OVERTURE_AUTOCONFIG_URLS:
        url = template.replace("{domain}", domain)
        try:
            told = safe_http.fetch(
                url, allow_private=settings.OVERTURE_ALLOW_PRIVATE_MAIL_HOSTS, patience=_PATIENCE
            )
        except (CallError, UrlError):
            continue
        if found := _read(told, address):
            return found
    return None


def _read(xml: bytes, address: str) -> Found | None:
    """Mozilla's format; whoever keeps the domain wrote it, so nothing in it is believed to be well-formed."""
    try:
        text = xml.decode()
        if "<!" in text.replace("<!--", ""):
            return None  # no declarations of types or entities
        root = ElementTree.fromstring(text)  # noqa: S314  # no entities, see above; 100 kB at most
    except (UnicodeDecodeError, ValueError, ElementTree.ParseError):
        return None
    sending = _element(root.findall(".//outgoingServer[@type='smtp']"))
    reading = _element(root.findall(".//incomingServer[@type='imap']"))
    smtp = _server_of(sending) if sending is not None else None
    if sending is None or smtp is None:
        return None
    imap = _server_of(reading) if reading is not None else None
    return Found("autoconfig", smtp, imap, _username(sending, address))


def _element(servers: list[ElementTree.Element]) -> ElementTree.Element | None:
    """The first that is encrypted; no other is proposed."""
    return next((each for each in servers if each.findtext("socketType", "").strip() in _SECURITY), None)


def _server_of(element: ElementTree.Element) -> Server | None:
    host, port = element.findtext("hostname", "").strip(), element.findtext("port", "").strip()
    if not host or len(host) > 255 or not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        return None
    return Server(host, int(port), _SECURITY[element.findtext("socketType", "").strip()])


def _username(element: ElementTree.Element, address: str) -> str:
    local, _, domain = address.rpartition("@")
    told = element.findtext("username", "%EMAILADDRESS%").strip()[:320]
    for name, value in (("ADDRESS", address), ("LOCALPART", local), ("DOMAIN", domain)):
        told = told.replace(f"%EMAIL{name}%", value)
    return told
