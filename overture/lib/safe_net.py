"""Where we may connect when a member names the server: public addresses and mail ports, resolved once."""

import ipaddress
import socket

import idna

SMTP_PORTS = (25, 465, 587, 2525)
IMAP_PORTS = (143, 993)
MAIL_PORTS = SMTP_PORTS + IMAP_PORTS

# Written out rather than left to ipaddress.is_global, whose answer changes between Python releases.
_NOT_PUBLIC = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",  # carrier-grade NAT
            "127.0.0.0/8",
            "169.254.0.0/16",  # link-local, and the metadata of clouds
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "2001::/23",  # Teredo, ORCHID and other protocol assignments
            "2001:db8::/32",
            "2002::/16",  # 6to4 carries any IPv4 address, private ones too
            "3fff::/20",
        ),
    )
)
# All other IPv6 is loopback, mapped IPv4, NAT64 (64:ff9b::), ULA, link-local, multicast or unassigned.
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")


class HostRefused(Exception):
    """Not a place to connect to. `code` is `private_address` or `not_mail_port`."""

    def __init__(self, code: str, host: str, detail: str) -> None:
        super().__init__(f"{host}: {code} ({detail})")
        self.code, self.host, self.detail = code, host, detail


class HostNotFound(Exception):
    """The name has no address, or is no name."""

    def __init__(self, host: str, detail: str) -> None:
        super().__init__(f"{host}: {detail}")
        self.host, self.detail = host, detail


def resolve_all(
    host: str, port: int, allow_private: bool, mail_ports: tuple[int, ...] = MAIL_PORTS
) -> list[str]:
    """Every address of the host that may be connected to, in the order to try them. Blocks on DNS.

    Connect to these: the name is then only for TLS, so that it cannot resolve differently.
    """
    if not allow_private and port not in mail_ports:
        raise HostRefused("not_mail_port", host, str(port))
    return public_addresses(host, port, allow_private)


def public_addresses(host: str, port: int, allow_private: bool) -> list[str]:
    """The same for a port that is allowed. Raises HostRefused, HostNotFound."""
    addresses = _lookup(host, port)
    allowed = addresses if allow_private else [address for address in addresses if is_public(address)]
    if not allowed:
        raise HostRefused("private_address", host, addresses[0])
    return allowed


def is_public(address: str) -> bool:
    """Whether the address belongs to the open Internet. An address we cannot read does not."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if ip.version == 6 and ip not in _GLOBAL_V6:
        return False
    return not any(ip.version == network.version and ip in network for network in _NOT_PUBLIC)


def ascii_host(host: str) -> str:
    """The name as DNS and certificates spell it."""
    name = host.strip().rstrip(".")
    if not name or not name.isprintable() or " " in name:
        raise HostNotFound(host, "not a host name")
    if name.isascii():
        return name.strip("[]")
    try:
        return idna.encode(name, uts46=True).decode()
    except idna.IDNAError as error:
        raise HostNotFound(host, str(error)) from error


def _lookup(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(ascii_host(host), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, ValueError, OverflowError) as error:
        raise HostNotFound(host, getattr(error, "strerror", None) or str(error)) from error
    addresses = list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
    if not addresses:
        raise HostNotFound(host, "no address")
    return addresses
