"""Records of the DNS: by the system's resolver, or by one that is named, as tests do; `off`: by none."""

from __future__ import annotations

from typing import NamedTuple

import dns.exception
import dns.resolver
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.TXT import TXT
from dns.rdtypes.IN.SRV import SRV

# Seconds for one question, tries included.
PATIENCE = 3.0


class DnsFailed(Exception):
    """No answer: whether there is such a record is not known."""


class Place(NamedTuple):
    host: str
    port: int


def texts(name: str, server: str = "") -> list[str]:
    """TXT records, their parts joined; none where there is no such name. Raises DnsFailed."""
    found = [each for each in _ask(name, "TXT", server) if isinstance(each, TXT)]
    return [b"".join(each.strings).decode("utf-8", "replace") for each in found]


def mail_servers(name: str, server: str = "") -> list[str]:
    """Hosts that take mail for a domain, the preferred first. Raises DnsFailed."""
    found = [each for each in _ask(name, "MX", server) if isinstance(each, MX)]
    return [_host(each.exchange) for each in sorted(found, key=lambda each: each.preference)]


def service(name: str, server: str = "") -> Place | None:
    """The first place of a service (RFC 2782), such as `_imaps._tcp.brand.example`. Raises DnsFailed."""
    found = [each for each in _ask(name, "SRV", server) if isinstance(each, SRV)]
    for each in sorted(found, key=lambda each: (each.priority, -each.weight)):
        # A single dot says that there is decidedly none (RFC 6186, 3.4).
        return Place(host, each.port) if (host := _host(each.target)) else None
    return None


def _ask(name: str, kind: str, server: str) -> list[object]:
    if server == "off":
        raise DnsFailed("no resolver")
    try:
        return list(_resolver(server).resolve(name, kind, lifetime=PATIENCE, search=False))
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.exception.SyntaxError, UnicodeError):
        return []
    except dns.exception.DNSException as error:
        raise DnsFailed(str(error)) from error


def _resolver(server: str) -> dns.resolver.Resolver:
    if not server:
        return dns.resolver.get_default_resolver()
    host, _, port = server.rpartition(":")
    made = dns.resolver.Resolver(configure=False)
    made.nameservers, made.port = [host.strip("[]")], int(port)
    return made


def _host(name: object) -> str:
    return str(name).rstrip(".")
