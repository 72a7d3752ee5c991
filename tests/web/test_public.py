"""Pages for people we do not know: opting out and tracking links, without cookies and without surprises."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from overture.ads.details import Details
from overture.ads.edit import end
from overture.ads.make import make
from overture.ads.models import Ad, AdClick
from overture.delivery.models import Delivery, Suppression
from overture.delivery.opt_out import opt_out_token
from tests import factories
from tests.everything import rows_of
from tests.world import World

LANDING = "https://brand.example/winter?a=b&c=d"


@pytest.fixture
def token(world: World) -> str:
    return opt_out_token(rows_of(world.nora)["delivery"])


def _delivery() -> Delivery:
    return Delivery.objects.select_related("manifest").get()


def test_opt_out_page_changes_nothing_by_looking(token: str) -> None:
    for method in ("get", "head"):
        answer = getattr(Client(), method)(f"/o/{token}")
        assert (answer.status_code, answer.cookies, answer["Cache-Control"]) == (200, {}, "no-store")
    assert not Suppression.objects.filter(reason="opted_out").exists()
    assert _delivery().opted_out_at is None


def test_opt_out_page_speaks_the_language_of_the_email(token: str) -> None:
    manifest = _delivery().manifest
    manifest.language = "fr"
    manifest.save(update_fields=["language"])
    answer = Client(headers={"accept-language": "en"}).get(f"/o/{token}")
    assert answer["Content-Language"] == "fr"
    assert '<html lang="fr"' in answer.content.decode()


def test_opt_out_by_the_button_and_back(token: str) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(f"/o/{token}")
    assert (answer.status_code, answer.cookies) == (200, {})
    assert "You will get no more emails" in answer.content.decode()
    suppression = Suppression.objects.get(reason="opted_out", lifted_at=None)
    assert (suppression.delivery, _delivery().opted_out_at is None) == (_delivery(), False)
    assert "You will get no more emails" in client.get(f"/o/{token}").content.decode()
    assert "This was a mistake" not in client.get(f"/o/{token}").content.decode()
    answer = client.post(f"/o/{token}/undo", {"key": _undo_key(answer)})
    assert (answer.status_code, answer.cookies) == (200, {})
    suppression.refresh_from_db()
    assert (suppression.lifted_because, _delivery().opted_out_at) == ("by the person", None)


def _undo_key(answer: Any) -> str:
    found = re.search(r'name="key" value="([^"]+)"', answer.content.decode())
    return found[1] if found else ""


def test_the_link_alone_takes_no_opt_out_back(token: str) -> None:
    made = _undo_key(Client().post(f"/o/{token}"))
    # A second press, by a colleague who read the link in a preview, gets no key.
    assert _undo_key(Client().post(f"/o/{token}")) == ""
    for key in ("", token, made[:-1], made + "A", opt_out_token(1)):
        page = Client().post(f"/o/{token}/undo", {"key": key}).content.decode()
        assert "You will get no more emails" in page
    assert Suppression.objects.filter(reason="opted_out", lifted_at=None).count() == 1


def test_a_press_where_something_held_before_cannot_be_undone(token: str) -> None:
    delivery = _delivery()
    held = Suppression.objects.create(
        workspace_id=delivery.workspace_id, address_key=delivery.address_key, reason="bounced"
    )
    assert _undo_key(Client().post(f"/o/{token}")) == ""
    held.refresh_from_db()
    assert (held.reason, held.lifted_at) == ("opted_out", None)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", "x"),
        ("application/x-www-form-urlencoded", "a=1&" * 5000),
        ("application/x-www-form-urlencoded", "x" * 6_000_000),
    ],
)
def test_opt_out_holds_whatever_the_body(token: str, kind: str, body: str) -> None:
    answer = Client().post(f"/o/{token}", body, content_type=kind)
    assert (answer.status_code, answer.cookies) == (200, {})
    assert Suppression.objects.filter(reason="opted_out", lifted_at=None).count() == 1


@pytest.mark.parametrize("multipart", [False, True])
def test_opt_out_by_one_click(token: str, multipart: bool) -> None:
    client = Client(enforce_csrf_checks=True)
    fields = {"List-Unsubscribe": "One-Click"}
    if multipart:
        answer = client.post(f"/o/{token}", fields)
    else:
        answer = client.post(
            f"/o/{token}", "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
        )
    assert (answer.status_code, answer.content, answer.cookies) == (200, b"", {})
    assert Suppression.objects.filter(reason="opted_out", lifted_at=None).count() == 1
    assert client.post(f"/o/{token}", fields).status_code == 200
    assert Suppression.objects.filter(reason="opted_out", lifted_at=None).count() == 1


def test_undo_lifts_nothing_but_its_own_opt_out(token: str) -> None:
    delivery = _delivery()
    held = Suppression.objects.create(
        workspace_id=delivery.workspace_id, address_key=delivery.address_key, reason="complained"
    )
    page = Client().post(f"/o/{token}/undo").content.decode()
    held.refresh_from_db()
    assert held.lifted_at is None
    assert "You will get no more emails" in page
    assert "This was a mistake" not in page


def test_opt_out_refuses_what_it_did_not_sign(token: str) -> None:
    for path in ("/o/nonsense", f"/o/{token}x", f"/o/{token[:-1]}", "/o/nonsense/undo"):
        answer = Client().post(path)
        assert (answer.status_code, answer.cookies) == (404, {}), path
    assert Client().put(f"/o/{token}").status_code == 405
    assert Client().get(f"/o/{token}/undo").status_code == 405


@pytest.fixture
def link(world: World) -> tuple[Ad, str]:
    details = Details("W", "banner", LANDING, image="https://brand.example/x.png")
    ad = make(world.nora, details)
    return ad, f"{factories.partner().pk}/{ad.pk}/{world.program.pk}"


def test_click_is_counted_and_leads_to_the_landing_page(link: tuple[Ad, str]) -> None:
    answer = Client().get(f"/c/{link[1]}")
    assert (answer.status_code, answer["Location"], answer.cookies) == (302, LANDING, {})
    assert (answer["Cache-Control"], AdClick.objects.count()) == ("no-store", 1)
    assert Client().head(f"/c/{link[1]}").status_code == 302
    assert AdClick.objects.count() == 1


def test_click_works_after_the_ad_ended(link: tuple[Ad, str], world: World) -> None:
    end(world.nora, link[0])
    assert Client().get(f"/c/{link[1]}")["Location"] == LANDING
    assert AdClick.objects.count() == 1


def test_picture_is_not_counted(link: tuple[Ad, str]) -> None:
    answer = Client().get(f"/i/{link[1]}")
    assert (answer.status_code, answer["Location"], answer.cookies) == (
        302,
        "https://brand.example/x.png",
        {},
    )
    assert AdClick.objects.count() == 0


def test_links_that_lead_nowhere_are_a_page(link: tuple[Ad, str], world: World) -> None:
    partner, ad, program = link[1].split("/")
    foreign = factories.partner(world.stranger).pk
    for path in (
        f"1/{ad}/{program}",
        f"{partner}/1/{program}",
        f"{partner}/{ad}/999999",
        f"{foreign}/{ad}/{program}",
        f"{'9' * 40}/{ad}/{program}",
        f"{partner}/{ad}/{program}?url=https://evil.example",
    ):
        for kind in "ci":
            answer = Client().get(f"/{kind}/{path}")
            expected = (302, {}) if "?" in path else (404, {})
            assert (answer.status_code, answer.cookies) == expected, path
            assert "evil" not in answer.get("Location", "")
    assert Client().post(f"/c/{link[1]}").status_code == 405


def test_text_ad_has_no_picture(world: World) -> None:
    ad = make(world.nora, Details("W", "text", LANDING, text="Winter"))
    assert Client().get(f"/i/{factories.partner().pk}/{ad.pk}/{world.program.pk}").status_code == 404
