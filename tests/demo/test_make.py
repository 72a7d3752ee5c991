"""The demo: a whole brand, the same each time, that its owner can sign in to and send from."""

from __future__ import annotations

from collections import Counter
from html import unescape
from io import StringIO
from itertools import islice
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from overture.accounts.models import Membership, User
from overture.ads.models import Ad
from overture.delivery.models import Mailing
from overture.demo import make, sign_in
from overture.demo.generate import partners
from overture.demo.models import CaughtEmail
from overture.directory.models import Contact, Partner, PartnerUser
from overture.lib import addresses
from overture.mailboxes.models import Mailbox
from overture.marketplace.models import NotInterested, SavedPartner
from overture.prospects.models import Group, Prospect

RAW = (
    b"From: nora@halden.example\r\nTo: yann@bricole.example\r\nSubject: A winter feature\r\n"
    b"List-Unsubscribe: <https://overture.test/o/abc>\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n"
    b"<p>Hello <script>alert(1)</script></p>"
)


def test_generated_partners_are_the_same_each_time() -> None:
    first, again = list(partners(50)), list(partners(50))
    assert first == again
    assert list(islice(partners(50), 10)) == first[:10]
    assert list(partners(50, seed=1)) != first


def test_generated_addresses_are_valid_and_each_its_own() -> None:
    made = [each.address for each in partners(3000) if each.address]
    assert len({addresses.normalise(addresses.parse(address)) for address in made}) == len(made)
    assert all(address.endswith(".example") for address in made)


@pytest.fixture
def nora(db: None) -> Membership:
    return make.make(120, 0)


def test_demo_makes_a_brand_to_work_with(nora: Membership) -> None:
    assert nora.user.email == sign_in.EMAIL
    assert nora.user.check_password(sign_in.password())
    assert Prospect.objects.visible_to(nora).count() == 120
    assert Partner.objects.filter(workspace=nora.workspace).count() == 120
    assert Contact.objects.filter(address_key="").count() == 0
    assert Group.objects.visible_to(nora).count() == 6
    assert Ad.objects.visible_to(nora).count() == 2
    assert Mailbox.objects.usable_by(nora).get().host == "127.0.0.1"
    draft = Mailing.objects.visible_to(nora).get()
    assert (draft.state, len(draft.audience["prospects"])) == ("draft", make.DRAFTED_TO)


def test_people_of_named_partners_sign_in_to_the_portal(db: None, settings: Any) -> None:
    nora = make.make(1, 20)
    settings.OVERTURE_DEMO = True
    page = unescape(Client().get("/accounts/login/").content.decode()).replace("<wbr>", "")
    for name, email in sign_in.PARTNERS:
        assert (name in page, email in page, sign_in.password() in page) == (True, True, False)
        client = Client()
        client.post("/accounts/login/", {"login": email, "password": sign_in.password()})
        mine = PartnerUser.objects.select_related("partner").get(user__email=email)
        assert client.get("/partner")["Location"] == f"/partner/{mine.partner_id}/inbox"
        assert mine.partner.name == name
    nora.workspace.refresh_from_db()
    assert nora.workspace.is_open_to_partners is True
    settings.OVERTURE_DEMO = False
    assert "elise.vauquelin" not in Client().get("/accounts/login/").content.decode()


def test_demo_prospects_are_found_by_search(nora: Membership) -> None:
    row = Prospect.objects.visible_to(nora).earliest("id")
    assert row.search_text != ""
    assert row.search_text.startswith(row.plain_name)


def test_more_adds_to_the_demo(nora: Membership) -> None:
    make.more(30, seed=7)
    assert Prospect.objects.visible_to(nora).count() == 150
    assert User.objects.count() == 4


@pytest.fixture
def related(db: None) -> Membership:
    return make.make(30, 500)


def test_demo_relates_to_its_directory(related: Membership) -> None:
    mine = Prospect.objects.visible_to(related).filter(partner__workspace=None)
    assert Partner.objects.listed().count() == 500
    assert Counter(mine.values_list("stage", flat=True)) == {
        "new": 11, "outreach": 15, "negotiating": 13, "joined": 15, "expired": 2, "rejected_by_partner": 1,
        "rejected_by_you": 2,
    }  # fmt: skip
    assert Prospect.objects.visible_to(related).count() == 30 + 59
    assert [each.search_text for each in mine if not each.search_text] == []
    saved = SavedPartner.objects.visible_to(related).order_by("partner_id")
    assert [each.partner.name for each in saved] == [
        "La Longue Veille", "Brume & Bois", "Penny & Pine", "Casa Lenta", "Fil & Fable",
    ]  # fmt: skip
    aside = NotInterested.objects.visible_to(related).values_list("partner_id", flat=True)
    assert (len(aside), mine.filter(partner_id__in=aside).count()) == (2, 0)


def test_demo_with_a_tiny_directory(db: None) -> None:
    nora = make.make(30, 3)
    assert list(Partner.objects.listed().order_by("id").values_list("name", flat=True)) == [
        "La Longue Veille", "Nordlys Deals", "Brume & Bois",
    ]  # fmt: skip
    assert SavedPartner.objects.visible_to(nora).count() == 2


def counts() -> tuple[int, int]:
    return Prospect.objects.count(), Partner.objects.listed().count()


def test_command_adds_what_is_asked_for(nora: Membership) -> None:
    said = StringIO()
    call_command("demo", partners=40, stdout=said)
    assert counts() == (120, 40)
    assert said.getvalue().startswith("0 prospects, 40 listed partners in ")
    call_command("demo", prospects=10, stdout=said)
    assert counts() == (130, 40)
    call_command("demo", prospects=5, partners=6, stdout=said)
    assert counts() == (135, 46)


def test_command_makes_the_demo_first(db: None) -> None:
    call_command("demo", partners=20, stdout=StringIO())
    assert Partner.objects.listed().count() == 20
    assert Partner.objects.exclude(workspace=None).count() == 400
    assert sign_in.is_made()


def test_command_without_numbers_makes_the_usual_ones(
    nora: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make, "PROSPECTS", 7)
    monkeypatch.setattr(make, "PARTNERS", 9)
    call_command("demo", stdout=StringIO())
    assert counts() == (127, 9)


@pytest.mark.parametrize("option", ["prospects", "partners"])
def test_command_refuses_other_numbers(db: None, option: str) -> None:
    with pytest.raises(CommandError, match=f"--{option} takes a number from 1 to 2000000"):
        call_command("demo", **{option: 0})
    assert not sign_in.is_made()


def operator() -> Client:
    client = Client()
    user = User.objects.get(email=sign_in.EMAIL)
    User.objects.filter(pk=user.pk).update(is_operator=True)
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def caught() -> CaughtEmail:
    return CaughtEmail.objects.create(
        sender="nora@halden.example", recipients=["yann@bricole.example"], subject="A winter feature", raw=RAW
    )


def test_caught_mail_is_listed_and_read_by_the_operator(nora: Membership, settings) -> None:  # type: ignore[no-untyped-def]
    settings.OVERTURE_DEMO = True
    row, client = caught(), operator()
    listed = client.get(reverse("demo:mail"), {"q": "yann@bricole.example"})
    assert [mail.pk for mail in listed.context["mails"]] == [row.pk]
    shown = client.get(reverse("demo:caught", args=[row.pk]))
    assert shown.context["unsubscribe"] == "https://overture.test/o/abc"
    frame = client.get(reverse("demo:caught_html", args=[row.pk]))
    assert frame.content == b"<p>Hello <script>alert(1)</script></p>"
    policy = frame.headers["Content-Security-Policy"]
    assert "sandbox allow-popups" in policy
    assert "script-src 'none'" in policy
    assert "default-src 'none'" in policy
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize(("is_demo", "is_operator"), [(False, True), (True, False)])
def test_caught_mail_exists_for_nobody_else(
    nora: Membership, settings, is_demo: bool, is_operator: bool
) -> None:  # type: ignore[no-untyped-def]
    settings.OVERTURE_DEMO = is_demo
    row, client = caught(), operator()
    User.objects.update(is_operator=is_operator)
    for name, arguments in (("demo:mail", []), ("demo:caught", [row.pk]), ("demo:caught_html", [row.pk])):
        assert client.get(reverse(name, args=arguments)).status_code == 404


def test_the_demo_has_conversations_to_look_at(db: None, scanner: Any) -> None:
    from overture.conversations.models import Conversation, Message
    from overture.conversations.read import unread_count
    from overture.files.models import Attachment
    from overture.files.scan import scan_due
    from overture.prospects.models import Note

    nora = make.make(24, 60)
    threads = Conversation.objects.visible_to(nora)
    assert threads.count() >= 8
    assert unread_count(nora) >= 4
    assert threads.filter(state="done").count() == 1
    assert threads.filter(assignee__isnull=False).count() <= 1
    assert Message.objects.filter(noticed_at=None).count() == 0
    first = threads.order_by("-top_at")[0]
    assert first.partner.name == "La Longue Veille"
    assert first.last_message.created_at == first.last_at == first.top_at
    assert list(Note.objects.get().mentions.values_list("user__name", flat=True)) == ["Camille Dupré"]
    client = Client()
    client.force_login(nora.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    page = client.get(f"/w/{nora.workspace.slug}/inbox/{first.pk}").content.decode()
    assert "A winter feature for La Longue Veille?" in page
    # Her answer came by e-mail, to the same thread.
    reply = Message.objects.get(way="email")
    assert (reply.conversation, reply.received.subject) == (
        first,
        "Re: A winter feature for La Longue Veille?",
    )
    assert "the December guide still has room" in page
    # Scanned like any other: nobody opens them before.
    assert "layout-2025.pdf" in page
    assert {each.state for each in Attachment.objects.all()} == {"pending"}
    assert scan_due() == 3
    held = {each.name: each.state for each in Attachment.objects.filter(messages__isnull=False)}
    assert held == dict.fromkeys(("layout-2025.pdf", "oat-linen.jpg", "rates.csv"), "clean")
