"""What could not be matched: shown to who uses the mailbox, placed or put away by them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from overture.accounts.access import make_token
from overture.accounts.models import Membership
from overture.conversations.models import Message
from overture.inbound.models import Mail
from overture.inbound.place import candidates, place, unplaced
from overture.prospects.models import Prospect
from tests import factories
from tests.inbound.taking import Sent, come, sent
from tests.world import World

pytestmark = pytest.mark.usefixtures("files")


@pytest.fixture
def here(world: World) -> Sent:
    """A contact of two partners writes."""
    found = sent(world, shares_other_mail=True)
    factories.prospect(world.nora, "Another of hers", "elise@veille.example")
    come(found, "reply-with-pdf", our_id="nobody@veille.example")
    return found


def client_of(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_only_who_uses_the_mailbox_sees_it(world: World, here: Sent) -> None:
    mail = Mail.objects.get()
    assert list(unplaced(world.nora)) == [mail]
    assert (list(unplaced(world.camille)), list(unplaced(world.stranger))) == ([], [])
    known = candidates(world.nora, [mail])
    assert {pk: [each.name for each in rows] for pk, rows in known.items()} == {
        mail.pk: ["Another of hers", "La Longue Veille"]
    }


def test_it_is_read_and_any_prospect_can_be_found_for_it(world: World, here: Sent) -> None:
    factories.prospect(world.nora, "Third Party", "third@party.example")
    client, mail = client_of(world.nora), Mail.objects.get()
    whole = client.get(f"/w/halden/inbox/mails/{mail.pk}").content.decode()
    told = ("Our rates are attached.", "Tarifs été.pdf", "Third Party")
    assert [each in whole for each in told] == [True, True, False]
    found = client.get(f"/w/halden/inbox/mails/{mail.pk}", {"q": "third"}).content.decode()
    part = client.get(
        f"/w/halden/inbox/mails/{mail.pk}", {"q": "third"}, headers={"hx-request": "true"}
    ).content.decode()
    assert ("Third Party" in found, "<html" in found) == (True, True)
    assert ("Third Party" in part, "<html" in part, "La Longue Veille" in part) == (True, False, False)
    assert client_of(world.camille).get(f"/w/halden/inbox/mails/{mail.pk}").status_code == 404


def test_the_list_asks_as_often_for_three_as_for_one(
    world: World, here: Sent, django_assert_num_queries: Any
) -> None:
    client = client_of(world.nora)
    client.get("/w/halden/inbox/mails")
    with CaptureQueriesContext(connection) as one:
        client.get("/w/halden/inbox/mails")
    come(here, "reply-plain", uid=2, our_id="nobody@veille.example")
    come(here, "forged-bounce", uid=3)
    with django_assert_num_queries(len(one)):
        answer = client.get("/w/halden/inbox/mails")
    assert answer.content.decode().count('<article class="letter">') == 3


def test_the_page_places_it_in_the_thread(world: World, here: Sent) -> None:
    client, mail = client_of(world.nora), Mail.objects.get()
    assert "1 email to place" in client.get("/w/halden/inbox").content.decode()
    assert "Another of hers" in client.get("/w/halden/inbox/mails").content.decode()

    answer = client.post(f"/w/halden/inbox/mails/{mail.pk}/place", {"partner": here.prospect.partner_id})

    mail.refresh_from_db()
    message = Message.objects.get()
    assert (mail.state, mail.partner, mail.contact, mail.message) == (
        "matched", here.prospect.partner, here.contact, message,
    )  # fmt: skip
    assert answer["Location"] == f"/w/halden/inbox/{message.conversation_id}"
    assert message.text == "Our rates are attached."
    assert [each.name for each in message.attachments.all()] == ["Tarifs été.pdf"]
    again = client.post(f"/w/halden/inbox/mails/{mail.pk}/place", {"partner": here.prospect.partner_id})
    assert (again.status_code, Message.objects.count()) == (404, 1)


def test_nobody_has_such_a_number(world: World, here: Sent) -> None:
    client, mail = client_of(world.nora), Mail.objects.get()
    for number in ("1", "x", "", "9" * 30):
        answer = client.post(f"/w/halden/inbox/mails/{mail.pk}/place", {"partner": number}, follow=True)
        assert "None of your prospects has this account number." in answer.content.decode()
    assert Mail.objects.get().state == "unmatched"


def test_what_is_put_away_leaves_no_original(world: World, here: Sent) -> None:
    mail = Mail.objects.get()
    client_of(world.nora).post(f"/w/halden/inbox/mails/{mail.pk}/put-away")
    mail.refresh_from_db()
    assert (mail.state, mail.raw, list(unplaced(world.nora))) == ("settled", "", [])


def test_a_report_without_proof_is_never_placed(world: World, here: Sent) -> None:
    report = come(here, "forged-bounce", uid=5)
    assert report is not None
    assert place(world.nora, report, here.prospect).state == "unmatched"
    assert "does not prove" in client_of(world.nora).get("/w/halden/inbox/mails").content.decode()


def test_the_api_does_the_same(world: World, here: Sent) -> None:
    headers = {"authorization": f"Bearer {make_token(world.nora, 'test')[1]}"}
    client = Client()
    (item,) = client.get("/api/v1/mails", headers=headers).json()["items"]
    assert (item["kind"], item["state"], item["mpid"], item["subject"]) == (
        "other", "unmatched", None, "Re: A winter feature?",
    )  # fmt: skip
    whole = client.get(f"/api/v1/mails/{item['id']}", headers=headers).json()
    known = set(Prospect.objects.filter(workspace=world.brand).values_list("partner", flat=True))
    assert (whole["text"], set(whole["candidates"])) == ("Our rates are attached.", known)

    told = client.post(
        f"/api/v1/mails/{item['id']}/place", {"partner": here.prospect.partner_id},
        content_type="application/json", headers=headers,
    )  # fmt: skip

    assert (told.status_code, told.json()["state"], told.json()["message"]) == (
        200, "matched", Message.objects.get().pk,
    )  # fmt: skip
