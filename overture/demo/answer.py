"""Answers a caught e-mail as its recipient would, and has the answer taken as if the mailbox were read."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage, Message
from email.utils import formatdate, make_msgid, parseaddr
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from overture.demo.models import CaughtEmail
from overture.inbound.models import Folder, Mail
from overture.inbound.take import take
from overture.mailboxes.models import Mailbox

REPLY, AWAY, BOUNCE = "reply", "away", "bounce"
LONGEST = 10_000


def answer(caught: CaughtEmail, kind: str, text: str) -> Mail | None:
    """`kind`: reply, away (an automatic answer) or bounce. None where no mailbox sent it, or it proves
    nothing to anybody."""
    given = parsed(caught)
    address = parseaddr(str(given["From"]))[1]
    mailbox = Mailbox.objects.filter(address__iexact=address, removed_at=None).order_by("pk").first()
    if mailbox is None or not caught.recipients:
        return None
    made = _bounce(given, caught) if kind == BOUNCE else _reply(given, text)
    if kind == AWAY:
        made["Auto-Submitted"] = "auto-replied"  # RFC 3834, 5
    folder, uid = _next_place(mailbox)
    return take(mailbox, folder, uid, timezone.now(), made.as_bytes(policy=email.policy.SMTP))


def parsed(caught: CaughtEmail) -> EmailMessage:
    return email.message_from_bytes(bytes(caught.raw), policy=email.policy.default)


def _reply(given: EmailMessage, text: str) -> EmailMessage:
    body = given.get_body(("plain",))
    earlier = str(body.get_content()) if body else ""
    quoted = "\n".join(f"> {line}" for line in earlier.splitlines())
    made = _head(given, str(given["To"]), f"Re: {given['Subject']}")
    made["In-Reply-To"] = made["References"] = given["Message-ID"]
    made.set_content(f"{text}\n\nOn {given['Date']}, {given['From']} wrote:\n{quoted}\n")
    return made


def _bounce(given: EmailMessage, caught: CaughtEmail) -> EmailMessage:
    """As the recipient's server reports it (RFC 3464), with a header of what came back (RFC 6522)."""
    to, words = caught.recipients[0], "550 5.1.1 User unknown"
    made = _head(given, "mailer-daemon@catcher.overture.test", "Undelivered Mail Returned to Sender")
    made.set_content(f"<{to}>: {words}\n")
    status = Message()
    status["Final-Recipient"], status["Action"] = f"rfc822; {to}", "failed"
    status["Status"], status["Diagnostic-Code"] = "5.1.1", f"smtp; {words}"
    made.make_mixed()
    made.replace_header("Content-Type", "multipart/report; report-type=delivery-status")
    made.attach(_part("message/delivery-status", [status]))
    made.attach(_part("text/rfc822-headers", f"Message-ID: {given['Message-ID']}\n"))
    return made


def _head(given: EmailMessage, sender: str, subject: str) -> EmailMessage:
    made = EmailMessage(policy=email.policy.SMTP)
    made["From"], made["To"], made["Subject"] = sender, str(given["From"]), subject
    made["Date"], made["Message-ID"] = formatdate(), make_msgid(domain="catcher.overture.test")
    return made


def _part(type_: str, payload: Any) -> Any:
    part = Message()
    part["Content-Type"] = type_
    part.set_payload(payload)
    return part


@transaction.atomic
def _next_place(mailbox: Mailbox) -> tuple[Folder, int]:
    """A place in the inbox of its own for each mail, as a server gives it."""
    folder, _made = Folder.objects.get_or_create(
        mailbox=mailbox, role=Folder.Role.INBOX, defaults={"name": "INBOX", "uidvalidity": 1}
    )
    Folder.objects.filter(pk=folder.pk).update(last_uid=F("last_uid") + 1)
    folder.refresh_from_db()
    return folder, folder.last_uid
