"""Tells whose mailbox it is that it has to be signed in again: on the page, and by a letter of the system."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from overture.accounts.models import Membership
from overture.accounts.roles import ADMINISTRATOR
from overture.jobs.task import enqueue
from overture.mailboxes.models import Mailbox
from overture.notices.letter import send_letter
from overture.notices.notices import notify


def tell_reconnect(mailbox: Mailbox) -> None:
    """Letters leave when the transaction commits."""
    from overture.mailboxes.jobs import send_reconnect

    for member in _whose(mailbox):
        notify(member, "mailbox_reconnect", mailbox=mailbox.pk, address=mailbox.address)
        enqueue(send_reconnect, mailbox_id=mailbox.pk, member_id=member.pk)


def send_reconnect(mailbox_id: int, member_id: int) -> None:
    """Not to who has done it meanwhile. Raises OSError and SMTPException."""
    mailbox = Mailbox.objects.filter(pk=mailbox_id, state=Mailbox.State.RECONNECT, removed_at=None).first()
    member = Membership.objects.current().select_related("user", "workspace").filter(pk=member_id).first()
    if mailbox is None or member is None:
        return
    path = reverse("web:mailboxes", kwargs={"workspace": member.workspace.slug})
    facts = {
        "address": mailbox.address,
        "provider": mailbox.get_provider_display(),
        "words": mailbox.reason_words,
        "link": settings.OVERTURE_BASE_URL + path,
    }
    send_letter("mailbox_reconnect", member.user.email, member.user.language, facts)


def _whose(mailbox: Mailbox) -> Iterable[Membership]:
    if mailbox.owner:
        return [mailbox.owner]
    return Membership.objects.current().filter(workspace_id=mailbox.workspace_id, role=ADMINISTRATOR)
