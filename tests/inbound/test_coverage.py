"""Up to when answers are seen: the sentence on an e-mail's page, the API, and doctor."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from overture.inbound.coverage import Coverage, Replies, coverage_of, replies_of
from overture.inbound.models import Folder, Reading
from overture.inbound.wording import coverage_words, replies_words
from overture.mailboxes.models import Mailbox
from overture.management.doctor import examine
from tests.api.caller import caller
from tests.delivery.cast import mailbox, prospects, sent
from tests.web.signed_in import client_of
from tests.world import World

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 11, 26, 14, 2, tzinfo=UTC)


def clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def read(world: World, read_up_to: datetime | None = MOMENT, **fields: Any) -> Mailbox:
    found = mailbox(world.nora, reads=True, imap_host="127.0.0.1")
    Folder.objects.create(mailbox=found, role="inbox", name="INBOX", read_up_to=read_up_to)
    Folder.objects.create(mailbox=found, role="sent", name="Sent", read_up_to=MOMENT + timedelta(hours=1))
    Reading.objects.create(mailbox=found, looked_at=MOMENT, **fields)
    return found


def test_replies_go_where_the_manifest_says(world: World) -> None:
    read(world)
    prospects(world.nora, 1)
    here = sent(world.nora)
    assert replies_of(here) == Replies("nora@halden.example", Coverage(MOMENT, MOMENT))
    elsewhere = sent(world.nora, reply_to="desk@elsewhere.example", contact_policy="override")
    assert replies_of(elsewhere) == Replies("desk@elsewhere.example", None)
    back = sent(world.nora, reply_to="NORA@Halden.example", contact_policy="override")
    assert replies_of(back).coverage == Coverage(MOMENT, MOMENT)


@pytest.mark.parametrize(
    ("coverage", "english", "french"),
    [
        (
            None,
            "Replies to a@b.example are not seen here.",
            "Les réponses à a@b.example ne sont pas visibles ici.",
        ),
        (
            Coverage(MOMENT, MOMENT),
            "Replies are read up to 14:02.",
            "Les réponses sont lues jusqu’à 14:02.",
        ),
        (Coverage(), "Replies are being read for the first time.", "Première lecture des réponses en cours."),
        (
            Coverage(MOMENT, MOMENT, "timeout", "timed out"),
            "Replies are read up to 14:02; later ones are not seen yet: the server does not answer in time.",
            "Les réponses sont lues jusqu’à 14:02\u00a0; les suivantes ne sont pas encore visibles\u00a0: "
            "le serveur ne répond pas à temps.",
        ),
        (
            Coverage(None, None, "no", "Mailbox is locked"),
            "Replies are not read yet: Mailbox is locked.",
            "Les réponses ne sont pas encore lues\u00a0: Mailbox is locked.",
        ),
    ],
)
def test_sentences(coverage: Coverage | None, english: str, french: str) -> None:
    replies = Replies("a@b.example", coverage)
    assert replies_words(replies, clock) == english
    with translation.override("fr"):
        assert replies_words(replies, clock) == french


def test_mailboxes_say_how_far_they_are_read() -> None:
    assert coverage_words(Coverage(MOMENT, MOMENT), clock) == "Read up to 14:02"
    assert coverage_words(Coverage(), clock) == "Being read for the first time"
    assert coverage_words(Coverage(None, None, "dns", ""), clock) == (
        "Cannot be read: there is no server of that name"
    )


def test_coverage_of_any_number_takes_two_queries(world: World, django_assert_num_queries: Any) -> None:
    read(world)
    mailbox(world.nora, address="other@halden.example", reads=True, imap_host="127.0.0.1")
    mailbox(world.nora, address="third@halden.example")
    rows = list(Mailbox.objects.order_by("pk"))
    with django_assert_num_queries(2):
        found = coverage_of(rows)
    assert found == {rows[0].pk: Coverage(MOMENT, MOMENT), rows[1].pk: Coverage()}


def test_page_of_an_email_tells(world: World) -> None:
    read(world)
    prospects(world.nora, 1)
    mailing = sent(world.nora)
    page = client_of(world.nora).get(f"/w/{world.brand.slug}/emails/{mailing.pk}").content.decode()
    assert "Replies are read up to" in page


def test_settings_and_api_tell_how_far_each_mailbox_is_read(world: World) -> None:
    box = read(world, reason="timeout", reason_words="timed out")
    client = client_of(world.nora)
    for path in ("", f"/{box.pk}"):
        page = client.get(f"/w/{world.brand.slug}/settings/mailboxes{path}").content.decode()
        assert "since then it cannot be: the server does not answer in time" in page
    told = caller(world.nora).get(f"/mailboxes/{box.pk}")
    assert (told["read_up_to"], told["reading_reason"], told["reading_reason_words"]) == (
        "2026-11-26T14:02:00Z",
        "timeout",
        "timed out",
    )


def test_doctor_names_mailboxes_that_are_not_read(world: World) -> None:
    def told() -> list[tuple[str, str]]:
        return [(each.state, each.words) for each in examine() if each.subject == "reading"]

    assert told() == []
    now = timezone.now()
    read(world, now)
    assert told() == [("ok", f"nora@halden.example is read up to {now.astimezone(UTC):%H:%M} UTC")]
    Folder.objects.update(read_up_to=MOMENT - timedelta(days=300))
    assert told()[0][0] == "warn"
    Reading.objects.update(reason="auth_535", reason_words="NO wrong password")
    assert told() == [("bad", "nora@halden.example cannot be read: NO wrong password")]
