"""Takes a received mail: reads it apart, matches it, and does what follows from it, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from overture.activity.record import record
from overture.conversations.models import Message
from overture.conversations.post import conversation_with, facts_of
from overture.conversations.receive import Written, receive
from overture.delivery.models import Delivery
from overture.files.models import Attachment
from overture.inbound.bounces import note_bounce, note_delivered
from overture.inbound.complaints import note_complaint
from overture.inbound.concern import shares_other_mail
from overture.inbound.given_files import take_files
from overture.inbound.headers import Headers, headers_of
from overture.inbound.match import Match, key_of, match, match_report, own_keys
from overture.inbound.models import Folder, Mail
from overture.inbound.parse import Parsed, Report, opened
from overture.inbound.raw import keep_raw
from overture.mailboxes.models import Mailbox
from overture.prospects.answered import answered, wrote


def take(mailbox: Mailbox, folder: Folder, uid: int, received_at: datetime, raw: bytes) -> Mail | None:
    """The mail as it is kept; the same again changes nothing. None where it turned out to concern nobody."""
    headers = headers_of(uid, raw, received_at, len(raw))
    known: Mail | None = Mail.objects.filter(mailbox=mailbox, fingerprint=headers.fingerprint).first()
    if known is not None:
        return known
    with opened(raw, received_at.date()) as parsed:
        # Whoever fills a Junk folder chooses the sender's address: what counts there is proof alone.
        mail, found = read(mailbox, headers, parsed, needs_proof=folder.role == Folder.Role.JUNK)
        if mail is None:
            return None
        mail.folder, mail.uidvalidity = folder.role, folder.uidvalidity
        has_thread = mail.state == Mail.State.MATCHED and parsed.report is None
        files, mail.other_files = take_files(parsed.files, mailbox.workspace_id) if has_thread else ([], [])
        mail.raw = keep_raw(mail, raw)
        try:
            with transaction.atomic():
                mail.save()
                settle(mail, parsed, found, files)
        except IntegrityError:  # another worker took it at this moment
            return Mail.objects.filter(mailbox=mailbox, fingerprint=headers.fingerprint).first()
    return mail


def read(mailbox: Mailbox, headers: Headers, parsed: Parsed, needs_proof: bool) -> tuple[Mail | None, Match]:
    """What kind it is and whom it is of, not saved; None for what is nobody's business here."""
    report = parsed.report
    found = match_report(mailbox, report.ids) if report else match(mailbox, headers)
    if report is None and key_of(headers.sender) in own_keys(mailbox.workspace_id):
        return None, found
    if found.delivery is None and (needs_proof or not _may_concern_us(mailbox, report)):
        return None, found
    mail = Mail(
        workspace_id=mailbox.workspace_id,
        mailbox=mailbox,
        uid=headers.uid,
        header_message_id=headers.message_id,
        fingerprint=headers.fingerprint,
        kind=_kind(parsed, found),
        state=Mail.State.MATCHED if found.partner_id or found.delivery else Mail.State.UNMATCHED,
        delivery=found.delivery,
        partner_id=found.partner_id,
        contact=found.contact,
        sender_address=headers.sender[:320],
        sender_name=headers.sender_name[:200],
        subject=headers.subject[:1000],
        received_at=headers.received_at or timezone.now(),
        size=headers.size,
        facts=_facts(headers, parsed),
    )
    return mail, found


def settle(mail: Mail, parsed: Parsed, found: Match, files: Sequence[Attachment]) -> None:
    """What follows from a mail whose partner is known; nothing from another."""
    if mail.state != Mail.State.MATCHED:
        return
    if parsed.report is not None:
        _settle_report(mail, parsed, found)
    elif found.partner_id is not None:
        _show(mail, parsed, found, files)


def _kind(parsed: Parsed, found: Match) -> str:
    if parsed.report is not None:
        is_complaint = parsed.report.what == "complaint"
        return Mail.Kind.COMPLAINT if is_complaint else Mail.Kind.BOUNCE
    if parsed.is_automatic:
        return Mail.Kind.AUTOMATIC
    return Mail.Kind.REPLY if found.delivery else Mail.Kind.OTHER


def _facts(headers: Headers, parsed: Parsed) -> dict[str, Any]:
    facts: dict[str, Any] = {"references": [*headers.references, *headers.in_reply_to][-20:]}
    if parsed.report is not None:
        report = parsed.report
        facts |= {"what": report.what, "kind": report.kind, "words": report.words}
        facts["recipients"] = list(report.recipients)
    if parsed.problem:
        facts["problem"] = parsed.problem
    return facts


def _may_concern_us(mailbox: Mailbox, report: Report | None) -> bool:
    """Without proof, so of a report only if it is about somebody this workspace wrote to, and then a person
    looks. All else is private mail."""
    if report is None:
        return shares_other_mail(mailbox)
    keys = [key for each in report.recipients if (key := key_of(each))]
    rows = Delivery.objects.filter(address_key__in=keys, workspace_id=mailbox.workspace_id)
    # What was sent had its address alone, and of those there is an index.
    return rows.filter(sent_at__isnull=False, has_address_alone=True).exists()


def _settle_report(mail: Mail, parsed: Parsed, found: Match) -> None:
    report = parsed.report
    assert report is not None
    if found.delivery is None:
        return
    if report.what == "complaint":
        note_complaint(found.delivery, mail.received_at)
    elif report.what == "delivered":
        note_delivered(found.delivery, mail.received_at)
    elif report.what == "bounce":
        note_bounce(found.delivery, report.kind, report.words, mail.received_at)


def _show(mail: Mail, parsed: Parsed, found: Match, files: Sequence[Attachment]) -> None:
    """In the thread; what a person wrote moves the prospect, too."""
    assert found.partner_id is not None
    conversation = conversation_with(mail.workspace_id, found.partner_id, found.prospect)
    mail.message = receive(conversation, _written(mail, parsed), files)
    mail.save(update_fields=["message"])
    if mail.kind == Mail.Kind.AUTOMATIC:
        return
    _tell(mail, found, mail.message)
    if found.contact is not None:
        wrote(mail.workspace_id, key_of(mail.sender_address), mail.received_at)
    if found.prospect is not None:
        answered(found.prospect)


def _tell(mail: Mail, found: Match, message: Message) -> None:
    facts: dict[str, Any] = facts_of(message)
    prospect = found.prospect.pk if found.prospect else None
    if found.delivery is None:
        record("email_received", mail.workspace_id, prospect_id=prospect, **facts)
        return
    Delivery.objects.filter(pk=found.delivery.pk, replied_at=None).update(replied_at=mail.received_at)
    record(
        "reply_received", mail.workspace_id, prospect_id=prospect, mailing_id=found.delivery.mailing_id,
        delivery=found.delivery.pk, **facts,
    )  # fmt: skip


def _written(mail: Mail, parsed: Parsed) -> Written:
    return Written(
        parsed.text,
        mail.received_at,
        subject=mail.subject,
        # Many a mail program gives the address alone.
        sender_name=mail.sender_name or (mail.contact.name if mail.contact else ""),
        sender_address=mail.sender_address,
        contact_id=mail.contact_id,
        quoted=parsed.quoted,
        html=parsed.html,
        is_automatic=mail.kind == Mail.Kind.AUTOMATIC,
        away_until=parsed.away_until,
        other_files=mail.other_files,
        was_in_junk=mail.folder == Folder.Role.JUNK,
    )
