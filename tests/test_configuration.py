"""A setting that cannot be right stops the start with a sentence, and shows no secret."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from overture import configuration
from overture.lib.secrets import Ring, new_key

SECRET = "a secret that only this test knows"


@pytest.mark.parametrize(
    "url",
    ["overture.example", "ftp://x.example", "https://", "https://u:p@x.example", "https://x.example:0/"],
)
def test_web_address_refuses(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERTURE_TRACKING_URL", url)
    with pytest.raises(ImproperlyConfigured, match=r"^OVERTURE_TRACKING_URL is "):
        configuration.web_address("OVERTURE_TRACKING_URL", "https://x.example")


def test_web_address_has_no_slash_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERTURE_TRACKING_URL", "https://go.brand.example/")
    assert configuration.web_address("OVERTURE_TRACKING_URL", "") == "https://go.brand.example"


@pytest.mark.parametrize("url", ["smtp.brand.example", "http://u:hunter2@x.example", "smtp://"])
def test_system_mail_refuses_without_showing_a_password(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERTURE_SYSTEM_MAIL", url)
    with pytest.raises(ImproperlyConfigured) as refused:
        configuration.system_mail()
    assert "hunter2" not in str(refused.value)


def test_encryption_keys_end_with_the_one_of_the_root_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OVERTURE_ENCRYPTION_KEYS", raising=False)
    assert list(Ring.parse(configuration.encryption_keys(SECRET)).keys) == ["first"]
    monkeypatch.setenv("OVERTURE_ENCRYPTION_KEYS", f"{new_key('c')} {new_key('b')}")
    ring = Ring.parse(configuration.encryption_keys(SECRET))
    assert (list(ring.keys), ring.first) == (["c", "b", "first"], "c")


@pytest.mark.parametrize("keys", ["nonsense", "a:short", f"first:{'A' * 43}="])
def test_encryption_keys_refuse_without_showing_them(keys: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERTURE_ENCRYPTION_KEYS", keys)
    with pytest.raises(ImproperlyConfigured) as refused:
        configuration.encryption_keys(SECRET)
    assert keys not in str(refused.value)
