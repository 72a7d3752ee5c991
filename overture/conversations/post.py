"""The brand writes: posts a message to a partner. The partner's side: answer.py."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from overture.accounts.access import require
from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.record import record
from overture.conversations import words
from overture.conversations.add import add, checked
from overture.conversations.errors import MessageError
from overture.conversations.models import Among, Conversation, Message
from overture.directory.models import Partner, PartnerKind
from overture.files.models import Attachment
from overture.prospects import contact_policy
from overture.prospects.first_contact import first_contact
from overture.prospects.models import Contacted, Prospect, Stage


@transaction.atomic
def post(member: Membership, partner: Partner, text: str, attachments: Sequence[Attachment] = ()) -> Message:
    """A message to a partner who is a prospect, or wrote before. The first one moves New to Outreach.

    Raises MessageError and PermissionDenied.
    """
    require(member, Permission.MESSAGE)
    text = checked(text, attachments)
    if code := why_not(member, [partner]).get(partner.pk):
        raise MessageError("partner", code)
    conversation = _conversation(member, partner)
    message = add(conversation, text, attachments, member=member)
    contact_policy.wrote(member, Contacted.Way.MESSAGE, partner.pk)
    prospect_id = conversation.prospect_id
    record("message_sent", member.workspace_id, member, prospect_id=prospect_id, **facts_of(message))
    if prospect_id is not None:
        first_contact(member, prospect_id, by="message")
    return message


def facts_of(message: Message) -> dict[str, Any]:
    """What an activity tells of a message: its number and its conversation's."""
    return {"message": message.pk, "conversation": message.conversation_id}


def why_not(member: Membership, partners: Iterable[Partner]) -> dict[int, str]:
    """Why each of these cannot be messaged: not_prospect, messaging_off or blocked; who can is left out.

    A blocked workspace is told so, whatever the partner's switch says now.
    """
    listed = list(partners)
    numbers = [each.pk for each in listed]
    blocked = blocked_by(member, numbers)
    threads = Conversation.objects.visible_to(member).filter(partner__in=numbers)
    rows = Prospect.objects.visible_to(member).filter(partner__in=numbers)
    known = set(rows.values_list("partner_id", flat=True)) | set(threads.values_list("partner_id", flat=True))
    told = {}
    for each in listed:
        if each.pk in blocked:
            told[each.pk] = "blocked"
        elif not each.has_messaging:
            told[each.pk] = "messaging_off"
        elif each.pk not in known:
            told[each.pk] = "not_prospect"
    return told


def blocked_by(member: Membership, mpids: Iterable[int]) -> frozenset[int]:
    """Those of the partners that do not want messages from this workspace."""
    threads = Conversation.objects.visible_to(member).filter(
        partner__in=list(mpids), blocked_at__isnull=False
    )
    return frozenset(threads.values_list("partner_id", flat=True))


def _conversation(member: Membership, partner: Partner) -> Conversation:
    prospect = Prospect.objects.visible_to(member).filter(partner=partner).first()
    return conversation_with(member.workspace_id, partner.pk, prospect)


def conversation_with(workspace_id: int, partner_id: int, prospect: Prospect | None) -> Conversation:
    """The one of this workspace and partner, made now if there was none."""
    made = {"prospect": prospect, "among": among(prospect)}
    conversation, is_new = Conversation.objects.get_or_create(
        workspace_id=workspace_id, partner_id=partner_id, defaults=made
    )
    if is_new:
        words.begin(conversation.pk)
    return conversation


def among(prospect: Prospect | None) -> Among:
    """As the trigger keeps it from then on."""
    if prospect is None or prospect.stage != Stage.JOINED:
        return Among.PROSPECTS
    return Among.CREATORS if prospect.kind == PartnerKind.CREATOR else Among.PARTNERS
