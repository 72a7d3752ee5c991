"""What a received mail does: thread, ledger, stage, suppression; and what does nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from overture.activity.models import Activity
from overture.conversations.inbox import View, listed
from overture.conversations.models import Conversation, Message, Unread
from overture.delivery.by_index import by_index
from overture.delivery.models import GivenId, Mailing, Suppression
from overture.directory.models import Contact
from overture.files.scan import scan_due
from overture.inbound.models import Mail
from overture.inbound.raw import forget_old, raw_of
from overture.prospects.models import Wrote
from tests import factories
from tests.inbound.samples import EICAR
from tests.inbound.taking import AT, Sent, changed, come, delivery, sent
from tests.world import World

pytestmark = pytest.mark.usefixtures("files")


@pytest.fixture
def here(world: World) -> Sent:
    return sent(world)


def fresh(row: Any) -> Any:
    row.refresh_from_db()
    return row


def test_a_reply_comes_to_its_thread_and_moves_the_prospect(world: World, here: Sent) -> None:
    mail = come(here, "reply-gmail-html")

    assert mail is not None
    assert (mail.kind, mail.state, mail.delivery, mail.partner, mail.contact) == (
        "reply", "matched", here.delivery, here.prospect.partner, here.contact,
    )  # fmt: skip
    message = Message.objects.get(conversation__partner=here.prospect.partner)
    assert (message.pk, message.way, message.text, message.created_at) == (
        mail.message_id, "email", "Yes, with *pleasure*.", AT,
    )  # fmt: skip
    assert message.received.quoted.startswith("On Tue, Nov 24, 2026")
    assert (message.received.sender_address, message.received.contact) == (
        "elise@veille.example",
        here.contact,
    )
    assert fresh(here.delivery).replied_at == AT
    assert fresh(here.prospect).stage == "negotiating"
    assert Wrote.objects.values_list("workspace", "address_key", "at").get() == (
        world.brand.pk, here.contact.address_key, AT,
    )  # fmt: skip
    assert Unread.objects.filter(member=world.nora).count() == 1
    told = Activity.objects.get(verb="reply_received")
    assert (told.mailing, told.prospect, told.facts["delivery"], told.facts["message"]) == (
        here.delivery.mailing, here.prospect, here.delivery.pk, message.pk,
    )  # fmt: skip


def test_the_same_mail_again_changes_nothing(world: World, here: Sent) -> None:
    first = come(here, "reply-plain")
    again = come(here, "reply-plain", uid=99)
    here.folder.uidvalidity = 8
    anew = come(here, "reply-plain", uid=1)

    assert first == again == anew
    assert (Mail.objects.count(), Message.objects.count()) == (1, 1)
    assert Activity.objects.filter(verb="reply_received").count() == 1


def test_an_answer_from_another_address_of_theirs_is_matched_by_its_reference(here: Sent) -> None:
    mail = come(here, "reply-plain", sender="the.boss@elsewhere.example")
    assert mail is not None
    assert (mail.kind, mail.partner, mail.contact) == ("reply", here.prospect.partner, None)
    assert fresh(here.delivery).replied_at == AT
    assert Wrote.objects.count() == 0


@pytest.mark.parametrize("domain", ["eu-west-1.amazonses.com", "email.amazonses.com"])
def test_an_answer_to_the_id_that_amazon_wrote_is_matched(here: Sent, domain: str) -> None:
    GivenId.objects.create(delivery=here.delivery, given_id="0102-abc-000000")
    who = {"sender": "the.boss@elsewhere.example"}
    assert come(here, "reply-plain", our_id=f"0102-abd-000000@{domain}", **who) is None
    assert come(here, "reply-plain", our_id="0102-abc-000000@amazonses.com.elsewhere.example", **who) is None
    mail = come(here, "reply-plain", our_id=f"0102-abc-000000@{domain}", **who)
    assert mail is not None
    assert (mail.kind, mail.delivery) == ("reply", here.delivery)


def test_a_forged_reference_matches_nothing(here: Sent) -> None:
    mail = come(here, "reply-plain", sender="x@stranger.example", our_id=here.forged_id)
    assert (mail, Mail.objects.count(), fresh(here.delivery).replied_at) == (None, 0, None)


def test_an_id_of_another_workspace_matches_nothing(world: World, here: Sent) -> None:
    there = factories.prospect(world.stranger, "Theirs", "p@their.example")
    contact = Contact.objects.get(partner=there.partner)
    other = delivery(world, here.mailbox, there, contact)
    type(other).objects.filter(pk=other.pk).update(workspace=world.other_brand)
    theirs = here._replace(delivery=other)
    assert come(here, "reply-plain", our_id=theirs.id, sender="p@their.example") is None
    assert fresh(other).replied_at is None


def test_other_mail_of_contacts_is_taken_only_where_its_owner_shares_it(here: Sent) -> None:
    assert come(here, "reply-plain", our_id="nobody@veille.example") is None
    here.mailbox.shares_other_mail = True

    mail = come(here, "reply-plain", our_id="nobody@veille.example")

    assert mail is not None
    assert (mail.kind, mail.state, mail.delivery, mail.contact) == ("other", "matched", None, here.contact)
    assert fresh(here.delivery).replied_at is None
    assert Activity.objects.filter(verb="email_received").count() == 1


def test_a_contact_of_two_partners_is_never_guessed(world: World, here: Sent) -> None:
    factories.prospect(world.nora, "Another of hers", "elise@veille.example")
    here.mailbox.shares_other_mail = True
    mail = come(here, "reply-plain", our_id="nobody@veille.example")
    assert mail is not None
    assert (mail.state, mail.partner, mail.message) == ("unmatched", None, None)
    assert Message.objects.count() == 0


def test_a_colleague_who_answers_all_is_no_partner(world: World, here: Sent) -> None:
    assert come(here, "reply-plain", sender=world.camille.user.email) is None
    assert Message.objects.count() == 0


def test_an_automatic_answer_is_shown_and_is_no_reply(world: World, here: Sent) -> None:
    mail = come(here, "automatic-french")
    assert mail is not None
    assert (mail.kind, mail.state) == ("automatic", "matched")
    message = Message.objects.get()
    assert (message.received.is_automatic, message.received.away_until) == (True, date(2026, 12, 4))
    assert (fresh(here.delivery).replied_at, fresh(here.prospect).stage) == (None, "outreach")
    assert Unread.objects.count() == 0
    assert list(listed(world.nora, View())) == []


def test_stages_that_a_person_chose_stay(here: Sent) -> None:
    type(here.prospect).objects.filter(pk=here.prospect.pk).update(stage="rejected_by_you")
    come(here, "reply-plain")
    assert fresh(here.prospect).stage == "rejected_by_you"
    assert fresh(here.delivery).replied_at == AT


def test_a_hard_bounce_suppresses_the_address(here: Sent) -> None:
    mail = come(here, "bounce-postfix-unknown")
    assert mail is not None
    assert (mail.kind, mail.state, mail.message) == ("bounce", "matched", None)
    row = fresh(here.delivery)
    assert (row.bounced_at, row.bounce_kind, row.state) == (AT, "hard", "sent")
    assert row.smtp_reply.startswith("550 5.1.1 <elise@veille.example>: Recipient address rejected")
    held = Suppression.objects.get()
    assert (held.address, held.reason, held.delivery) == ("elise@veille.example", "bounced", here.delivery)
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "kind"),
    [("bounce-postfix-full", "soft"), ("bounce-gmail-spam", "blocked"), ("bounce-strange-words", "unknown")],
)
def test_other_bounces_are_told_and_suppress_nobody(here: Sent, name: str, kind: str) -> None:
    come(here, name)
    assert (fresh(here.delivery).bounce_kind, Suppression.objects.count()) == (kind, 0)


def test_a_hard_bounce_weighs_more_than_a_soft_one_and_the_first_stays_else(here: Sent) -> None:
    come(here, "bounce-postfix-full", uid=1)
    come(here, "bounce-gmail-spam", uid=2)
    assert fresh(here.delivery).bounce_kind == "soft"
    come(here, "bounce-qmail", uid=3)
    assert (fresh(here.delivery).bounce_kind, Suppression.objects.count()) == ("hard", 1)


@pytest.mark.parametrize("name", ["late-postfix", "late-sendmail-words", "relayed-postfix"])
def test_what_is_only_late_is_no_bounce(here: Sent, name: str) -> None:
    come(here, name)
    row = fresh(here.delivery)
    assert (row.bounced_at, row.delivered_at) == (None, None)


def test_delivered_is_written_with_evidence_alone(here: Sent) -> None:
    come(here, "delivered-postfix")
    assert fresh(here.delivery).delivered_at == AT


def test_a_forged_bounce_is_shown_to_a_person_and_believed_by_nobody(here: Sent) -> None:
    mail = come(here, "forged-bounce")
    assert mail is not None
    assert (mail.kind, mail.state, mail.delivery) == ("bounce", "unmatched", None)
    assert (fresh(here.delivery).bounced_at, Suppression.objects.count()) == (None, 0)


def test_whom_a_report_is_about_is_found_by_an_index_of_all_that_was_sent(here: Sent) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert come(here, "forged-bounce", uid=5)
    (statement,) = [each["sql"] for each in queries if '"overture_delivery"."address_key" IN' in each["sql"]]
    with by_index(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}")
        assert "one_delivery_per_address" in "".join(line for (line,) in cursor.fetchall())
        cursor.execute("SELECT pg_get_indexdef('one_delivery_per_address'::regclass, 1, true)")
        assert cursor.fetchone() == ("address_key",)  # the first of its columns: else all of it would be read


def test_a_bounce_of_private_mail_is_not_kept(here: Sent) -> None:
    assert come(here, "forged-bounce", sender="a.friend@private.example") is None
    assert Mail.objects.count() == 0


def test_a_complaint_suppresses_and_is_counted(here: Sent) -> None:
    mail = come(here, "complaint-arf")
    assert mail is not None
    assert (mail.kind, fresh(here.delivery).complained_at) == ("complaint", AT)
    assert Suppression.objects.get().reason == "complained"
    assert come(here, "complaint-not-spam", uid=2) is None


def test_hard_bounces_stop_a_mailing_that_still_sends(world: World, here: Sent) -> None:
    mailing = here.delivery.mailing
    Mailing.objects.filter(pk=mailing.pk).update(state="sending", starts_at=AT)
    for number in range(19):
        prospect = factories.prospect(world.nora, f"P{number}", f"p{number}@x.example")
        row = delivery(world, here.mailbox, prospect, Contact.objects.get(partner=prospect.partner))
        type(row).objects.filter(pk=row.pk).update(mailing=mailing, manifest=here.delivery.manifest)
    come(here, "bounce-postfix-unknown")
    assert fresh(mailing).state == "sending"
    other = here._replace(delivery=row)
    come(other, "bounce-exim", uid=2)
    assert (fresh(mailing).state, mailing.reason) == ("paused", "too_many_refused")


def test_files_are_kept_scanned_or_only_named(here: Sent, scanner: Any) -> None:
    come(here, "reply-with-pdf", uid=1)
    come(here, "reply-with-docx", uid=2)
    scan_due()
    pdf, docx = Message.objects.order_by("pk")
    (file,) = pdf.attachments.all()
    assert (file.name, file.state, file.workspace, file.member, file.user) == (
        "Tarifs été.pdf", "clean", here.mailbox.workspace, None, None,
    )  # fmt: skip
    assert docx.attachments.count() == 0
    told = [(each["name"], each["scanned"], each["virus"]) for each in docx.received.other_files]
    assert told == [("terms.docx", True, ""), ("invite.ics", True, "")]


def test_a_virus_is_named_and_nobody_can_open_it(here: Sent, scanner: Any) -> None:
    from base64 import b64encode

    raw = changed(here, "reply-with-eicar").replace(b64encode(b"EICAR-HERE"), b64encode(EICAR))
    from overture.inbound.take import take

    take(here.mailbox, here.folder, 1, AT, raw)
    (told,) = Message.objects.get().received.other_files
    assert (told["name"], told["scanned"]) == ("invoice.zip", True)
    assert "EICAR" in told["virus"].upper()


def test_the_raw_mail_is_kept_for_its_days(here: Sent, settings: Any) -> None:
    mail = come(here, "reply-plain")
    assert mail is not None
    assert raw_of(mail) == changed(here, "reply-plain")
    assert forget_old() == 0
    settings.OVERTURE_RAW_MAIL_DAYS = 0
    assert forget_old() == 1
    assert (raw_of(fresh(mail)), mail.raw) == (None, "")


def test_a_mail_that_cannot_be_read_is_in_the_thread_all_the_same(world: World, here: Sent) -> None:
    from overture.inbound.take import take

    head = (
        changed(here, "reply-plain")
        .partition(b"\r\n\r\n")[0]
        .replace(b"Content-Type: text/plain; charset=utf-8", b'Content-Type: multipart/mixed; boundary="b"')
    )
    mail = take(here.mailbox, here.folder, 1, AT, head + b"\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 2_000)
    assert mail is not None
    assert (mail.state, mail.facts["problem"], Message.objects.get().text) == ("matched", "too_complex", "")
    assert fresh(here.delivery).replied_at == AT
    assert Conversation.objects.get().top_message == mail.message


def test_page_and_api_of_the_mailing_count_what_came_back(world: World, here: Sent) -> None:
    from django.test import Client

    from overture.accounts.access import make_token

    come(here, "reply-plain", uid=1)
    come(here, "bounce-postfix-unknown", uid=2)
    come(here, "complaint-arf", uid=3)
    client = Client()
    client.force_login(world.nora.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    page = client.get(f"/w/halden/emails/{here.delivery.mailing_id}").content.decode()
    headers = {"authorization": f"Bearer {make_token(world.nora, 'test')[1]}"}
    told = client.get(f"/api/v1/mailings/{here.delivery.mailing_id}", headers=headers).json()["came_back"]

    assert told == {"replied": 1, "delivered": 0, "bounced": 1, "complained": 1, "opted_out": 0}
    for words in ("1 replied", "1 came back", "1 reported as spam"):
        assert words in page
    assert "opted out" not in page.partition('id="came-back"')[2].partition("</p>")[0]
