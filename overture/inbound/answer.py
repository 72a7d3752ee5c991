"""An answer by e-mail to a received one: a draft that stands in the same thread everywhere."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.conversations.models import Message
from overture.delivery.draft import create
from overture.delivery.models import Mailing
from overture.directory.models import Contact
from overture.inbound.match import key_of
from overture.inbound.models import Mail
from overture.mailboxes.models import Mailbox
from overture.prospects.models import Prospect, Stage

_OPEN = (Mailing.State.DRAFT, Mailing.State.PREPARED)


@transaction.atomic
def answer_by_email(member: Membership, message: Message) -> Mailing:
    """To who wrote, from the mailbox that took it. The contact policy is no matter: they wrote to us.

    A draft of the same answer that the member began is gone on with. Raises Http404 for what is no received
    e-mail of a prospect, and PermissionDenied.
    """
    require(member, Permission.EMAIL_ONE)
    mail = Mail.objects.visible_to(member).select_related("mailbox", "contact", "delivery__manifest").filter(
        message=message
    ).first()  # fmt: skip
    prospect = Prospect.objects.visible_to(member).filter(partner=mail.partner_id).first() if mail else None
    if mail is None or prospect is None:
        raise Http404
    begun: Mailing | None = (
        Mailing.objects.filter(
            author=member,
            in_reply_to=mail.header_message_id,
            state__in=_OPEN,
            to_contact__partner=prospect.partner_id,
        )
        .exclude(in_reply_to="")
        .first()
    )
    return begun or _draft(member, mail, prospect)


def subject_of(subject: str) -> str:
    """`Re: ` once, whatever stood before (RFC 5322, 3.6.5)."""
    bare = subject.strip()
    while bare[:3].lower() == "re:" or bare[:4].lower() == "re :":
        bare = bare.partition(":")[2].strip()
    return f"Re: {bare}".strip()[:1000]


def _draft(member: Membership, mail: Mail, prospect: Prospect) -> Mailing:
    sent = mail.delivery.manifest if mail.delivery else None
    usable = Mailbox.objects.usable_by(member).filter(pk=mail.mailbox_id).first()
    more = {"mailbox": usable} if usable else {}
    mailing = create(
        member,
        audience=_audience(prospect),
        subject=_as_text(subject_of(mail.subject)),
        sender_name=member.user.name,
        language=sent.language if sent else "en",
        contact_policy=Mailing.Policy.OVERRIDE,
        **more,
    )
    mailing.in_reply_to = mail.header_message_id
    mailing.references = [*mail.facts.get("references", []), mail.header_message_id]
    mailing.to_contact = mail.contact or _contact(member, mail, prospect)
    mailing.save(update_fields=["in_reply_to", "references", "to_contact", "updated_at"])
    return mailing


def _audience(prospect: Prospect) -> dict[str, object]:
    """Who joined is written to as a partner: from the list of prospects they would be left out."""
    joined = {"from": "partners"} if prospect.stage == Stage.JOINED else {}
    return {"prospects": [prospect.pk], **joined}


def _as_text(subject: str) -> str:
    """Braces of theirs are no tokens of ours."""
    return subject.replace("{", "{{").replace("}", "}}").replace("=?", "= ?")


def _contact(member: Membership, mail: Mail, prospect: Prospect) -> Contact | None:
    """Somebody of theirs who was not known: from now on a contact that this workspace brought."""
    key = key_of(mail.sender_address)
    if not key:
        return None
    first, _, last = mail.sender_name.partition(" ")
    contact, _ = Contact.objects.get_or_create(
        workspace_id=member.workspace_id,
        partner_id=prospect.partner_id,
        address_key=key,
        defaults={"address": mail.sender_address, "first_name": first[:100], "last_name": last[:100]},
    )
    return None if contact.erased_at else contact
