"""Servers found from an address: by who takes its mail, what its domain tells, its DNS; over real sockets."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from overture.lib.addresses import AddressError
from overture.mailboxes.discover import discover
from overture.mailboxes.oauth import Server
from tests.fakes.dns_server import Names, resolving

TOLD = """<?xml version="1.0" encoding="UTF-8"?>
<!-- ours -->
<clientConfig version="1.1"><emailProvider id="halden.example">
  <incomingServer type="pop3"><hostname>pop.halden.example</hostname><port>995</port>
    <socketType>SSL</socketType></incomingServer>
  <incomingServer type="imap"><hostname>imap.halden.example</hostname><port>143</port>
    <socketType>plain</socketType></incomingServer>
  <incomingServer type="imap"><hostname>imap.halden.example</hostname><port>993</port>
    <socketType>SSL</socketType><username>%EMAILADDRESS%</username></incomingServer>
  <outgoingServer type="smtp"><hostname>smtp.halden.example</hostname><port>587</port>
    <socketType>STARTTLS</socketType><username>%EMAILLOCALPART%</username></outgoingServer>
</emailProvider></clientConfig>"""


@pytest.fixture
def names(settings: Any) -> Iterator[Names]:
    with resolving() as (made, address):
        settings.OVERTURE_DNS = address
        settings.OVERTURE_AUTOCONFIG_URLS = []
        yield made


@pytest.fixture
def website(settings: Any, names: Names) -> Iterator[dict[str, bytes]]:
    """What stands at each path; asked for as /autoconfig/DOMAIN."""
    pages: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path)
            self.send_response(200 if body is not None else 404)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        where = f"http://127.0.0.1:{server.server_address[1]}"
        settings.OVERTURE_AUTOCONFIG_URLS = [f"{where}/missing/{{domain}}", f"{where}/autoconfig/{{domain}}"]
        yield pages
        server.shutdown()


@pytest.mark.parametrize(
    ("host", "code", "provider", "imap"),
    [
        ("aspmx.l.google.com.", "gmail", "google", "imap.gmail.com"),
        ("halden-example.mail.protection.outlook.com.", "microsoft", "microsoft", "outlook.office365.com"),
        ("mx1.mail.ovh.net.", "ovh", "", "ssl0.ovh.net"),
    ],
)
def test_who_takes_the_mail_tells_the_provider(
    names: Names, host: str, code: str, provider: str, imap: str
) -> None:
    names.add("halden.example", "MX", "20 backup.halden.example.", f"10 {host}")
    found = discover("nora@halden.example")
    assert found
    assert found.preset
    assert (found.how, found.preset.code, found.provider) == ("preset", code, provider)
    assert (found.username, found.imap) == ("nora@halden.example", Server(imap, 993, "tls"))


def test_host_that_only_ends_alike_is_no_provider(names: Names) -> None:
    names.add("halden.example", "MX", "10 notgoogle.com.", "20 google.com.evil.example.")
    assert discover("nora@halden.example") is None


def test_domain_tells_its_servers(website: dict[str, bytes]) -> None:
    website["/autoconfig/halden.example"] = TOLD.encode()
    found = discover("nora@halden.example")
    assert found
    assert (found.how, found.username) == ("autoconfig", "nora")
    assert found.smtp == Server("smtp.halden.example", 587, "starttls")
    # The first one would have the password travel in clear.
    assert found.imap == Server("imap.halden.example", 993, "tls")


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"<html><body>not here</body>",
        TOLD.replace("<clientConfig", '<!DOCTYPE x [<!ENTITY a "aaaa">]><clientConfig').encode(),
        TOLD.replace("<clientConfig", '<!DOCTYPE x [<!ENTITY a "aaaa">]><clientConfig').encode("utf-16"),
        TOLD.replace("587", "587000000").encode(),
        TOLD.replace("STARTTLS", "plain").encode(),
        TOLD.encode() + b" " * 100_000,
    ],
    ids=["empty", "page", "entities", "utf-16", "port", "in clear", "endless"],
)
def test_what_a_domain_tells_is_not_believed_blindly(website: dict[str, bytes], told: bytes) -> None:
    website["/autoconfig/halden.example"] = told
    assert discover("nora@halden.example") is None


def test_dns_names_the_services(names: Names) -> None:
    names.add("_submission._tcp.halden.example", "SRV", "0 1 587 smtp.halden.example.")
    names.add("_submissions._tcp.halden.example", "SRV", "20 1 465 b.example.", "10 1 4650 a.example.")
    names.add("_imaps._tcp.halden.example", "SRV", "0 0 0 .")
    names.add("_imap._tcp.halden.example", "SRV", "0 1 143 imap.halden.example.")
    found = discover("nora@halden.example")
    assert found
    assert (found.how, found.smtp) == ("srv", Server("a.example", 4650, "tls"))
    assert found.imap == Server("imap.halden.example", 143, "starttls")


def test_only_the_domain_is_told_to_others(names: Names, website: dict[str, bytes]) -> None:
    assert discover("nora@Halden.example") is None
    assert names.asked
    assert "nora" not in " ".join(names.asked)
    with pytest.raises(AddressError):
        discover("nora@halden.example\r\nx")


def test_silent_dns_is_not_waited_for_long(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("overture.lib.dns.PATIENCE", 0.2)
    names.silent = {"halden.example", "_submissions._tcp.halden.example"}
    assert discover("nora@halden.example") is None
