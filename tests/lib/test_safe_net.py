"""Only public addresses and mail ports, unless the operator allows more."""

import pytest

from overture.lib.safe_net import HostNotFound, HostRefused, is_public, resolve_all


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.7",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b::8.8.8.8",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:10::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:808:808::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "not an address",
    ],
)
def test_address_that_is_not_public_is_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "172.15.255.255", "172.32.0.1", "100.128.0.1", "2a00:1450:4007::1", "2606:4700::1"]
)
def test_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "[::1]", "0"])
def test_loopback_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(HostRefused) as refused:
        resolve_all(host, 587, allow_private=False)
    assert refused.value.code == "private_address"


def test_port_that_is_no_mail_port_is_refused() -> None:
    with pytest.raises(HostRefused) as refused:
        resolve_all("8.8.8.8", 6379, allow_private=False)
    assert refused.value.code == "not_mail_port"


def test_private_address_on_any_port_is_found_when_allowed() -> None:
    assert resolve_all("127.0.0.1", 6379, allow_private=True) == ["127.0.0.1"]
    assert resolve_all("8.8.8.8", 587, allow_private=False) == ["8.8.8.8"]


@pytest.mark.parametrize(
    "host", ["", " ", ".", "a b", "a\r\nb", "a\0b", "nowhere.invalid", "x" * 300, "é" * 70, "..", "[", "a..b"]
)
def test_host_without_address_is_not_found(host: str) -> None:
    with pytest.raises(HostNotFound):
        resolve_all(host, 587, allow_private=True)
