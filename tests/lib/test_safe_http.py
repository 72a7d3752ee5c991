"""A POST to an address that a stranger may have chosen: real servers that misbehave."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from overture.lib import safe_http
from overture.lib.safe_http import Answer, CallError, UrlError, post, target_of
from tests.fakes.receiver import Receiver, certificate_for, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


def call(url: str, patience: float = 5.0) -> Answer:
    return post(url, b'{"a":1}', {"Webhook-Id": "msg_1"}, allow_private=True, patience=patience)


def fault(url: str, patience: float = 5.0) -> str:
    with pytest.raises(CallError) as caught:
        call(url, patience)
    return caught.value.code


def test_post_arrives_as_it_was_given(receiver: Receiver) -> None:
    assert call(receiver.url("/ok?key=a%20b")) == Answer(204, "")
    (came,) = receiver.came
    assert (came.path, came.body) == ("/ok?key=a%20b", b'{"a":1}')
    assert came.headers == {
        "host": f"127.0.0.1:{receiver.port}",
        "webhook-id": "msg_1",
        "content-length": "7",
        "connection": "close",
    }


def test_answer_is_kept_short_and_without_control_characters(receiver: Receiver) -> None:
    assert call(receiver.url("/status/500")) == Answer(500, "not now please")
    assert call(receiver.url("/huge")) == Answer(200, "a" * 500)
    assert call(receiver.url("/busy/120")).retry_after == 120


def test_redirect_is_told_and_not_followed(receiver: Receiver) -> None:
    assert call(receiver.url("/elsewhere")) == Answer(302, "", goes_to=receiver.url("/ok"))
    assert [came.path for came in receiver.came] == ["/elsewhere"]


def test_who_does_not_answer_in_time_is_left(receiver: Receiver) -> None:
    assert fault(receiver.url("/slow"), 0.3) == "timeout"
    # Each letter comes in time; the answer does not.
    assert fault(receiver.url("/drip"), 0.3) == "timeout"


def test_what_is_no_answer_is_named(receiver: Receiver) -> None:
    assert fault(receiver.url("/drop")) == "dropped"
    assert fault(receiver.url("/noise")) == "no_http"
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert fault(f"http://127.0.0.1:{port}/") == "refused"
    assert fault("http://nowhere.invalid/") == "dns"


def test_tls_checks_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right, wrong = certificate_for(tmp_path, "localhost"), certificate_for(tmp_path, "hooks.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(_both(tmp_path, right, wrong)))
    safe_http._tls.cache_clear()
    with receiving(right) as server:
        assert call(server.url("/ok", "https", "localhost")) == Answer(204, "")
        # The certificate holds for the name, not for the address that the name leads to.
        assert fault(server.url("/ok", "https", "127.0.0.1")) == "tls"
    with receiving(wrong) as server:
        assert fault(server.url("/ok", "https", "localhost")) == "tls"
        assert server.came == []
    safe_http._tls.cache_clear()


def test_tls_of_an_unknown_authority_is_refused(tmp_path: Path) -> None:
    with receiving(certificate_for(tmp_path, "localhost")) as server:
        assert fault(server.url("/ok", "https", "localhost")) == "tls"
        assert server.came == []


def test_private_hosts_are_not_called(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the address looks like: what counts is what it resolves to, once."""
    monkeypatch.setattr(safe_http, "_is_for_the_web", lambda port: True)
    for host in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0"):
        with pytest.raises(CallError) as caught:
            post(f"https://{host}:{receiver.port}/ok", b"", {}, allow_private=False)
        assert caught.value.code in ("private_address", "dns"), host
    assert receiver.came == []


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hooks.example/", "not_https"),
        ("hooks.example", "not_https"),
        ("ftp://hooks.example/", "bad_url"),
        ("https:///path", "bad_host"),
        ("https://user:pass@hooks.example/", "has_password"),
        ("https://hooks.example:25/", "bad_port"),
        ("https://hooks.example:2525/", "bad_port"),
        ("https://hooks.example:80/", "bad_port"),
        ("https://hooks.example:99999/", "bad_url"),
        ("https://hooks.example/\r\nX: y", "bad_url"),
        ("https://hooks.example/a b", "bad_url"),
        ("https://hooks.example\\@evil.example/", "bad_url"),
        ("https://[::1/", "bad_url"),
        ("https://hooks.example/é", "bad_url"),
        ("https://hooks.example/" + "a" * 500, "too_long"),
        ("", "bad_url"),
    ],
)
def test_address_that_cannot_be_called_is_refused(url: str, code: str) -> None:
    with pytest.raises(UrlError) as caught:
        target_of(url, allow_private=False)
    assert caught.value.code == code


def test_name_is_resolved_once_and_checked_by_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads elsewhere at the second look is not looked at twice; TLS still knows it."""
    certificate = certificate_for(tmp_path, "hooks.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    safe_http._tls.cache_clear()
    asked: list[str] = []

    def resolve(host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        # Connecting asks for the address itself, as a number.
        address = "127.0.0.1" if len(asked) == 1 else host if host[0].isdigit() else "127.0.0.2"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    with receiving(certificate) as server:
        monkeypatch.setattr("overture.lib.safe_net.socket.getaddrinfo", resolve)
        assert call(server.url("/ok", "https", "hooks.example")) == Answer(204, "")
    safe_http._tls.cache_clear()
    assert asked == ["hooks.example", "127.0.0.1"]


def _both(folder: Path, *certificates: Path) -> Path:
    file = folder / "authorities.pem"
    file.write_bytes(b"".join(each.read_bytes() for each in certificates))
    return file


def test_address_is_read() -> None:
    target = target_of("https://Hooks.Example:8443/a?b=%0d%0a#part", allow_private=False)
    assert tuple(target) == (True, "hooks.example", 8443, "hooks.example:8443", "/a?b=%0d%0a")
    assert target_of("https://[2606:4700::1]/", allow_private=False).netloc == "[2606:4700::1]"
