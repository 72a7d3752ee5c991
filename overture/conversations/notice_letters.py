"""Writes and sends the notice of new messages to one reader: what they did not read, and may be told of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from overture.accounts.models import Membership, Notify, User
from overture.conversations.inbox import writer_of
from overture.conversations.markup import to_html
from overture.conversations.models import Conversation, Message, ReadUpTo, Side, Unread
from overture.conversations.notify import responsible
from overture.delivery.models import Suppression
from overture.directory import claim as claims
from overture.directory.claim import ClaimInvitationError
from overture.directory.models import Contact, PartnerInvitation, PartnerUser
from overture.lib import addresses
from overture.lib.signing import sign, unsign
from overture.notices.letter import send_letter

# Of each conversation, in one letter; the rest is counted.
SHOWN = 3
CONVERSATIONS = 10
EXCERPT = 400
# Whom a partner without people would be: asked once a week at most, however much is written.
ASKED_AGAIN = timedelta(days=7)
# And so many of a workspace in a day: a bulk message is no way round the limits of a mailbox.
MOST_ASKED = 50
_PERSON, _MEMBER = "notices of a partner's user", "notices of a member"


@dataclass
class Told:
    """One conversation in a letter."""

    name: str
    link: str
    # Who wrote, the beginning of the text, the same as HTML, the number of files.
    messages: list[tuple[str, str, str, int]]
    # Beyond those shown.
    more: int = 0


def tell_person(number: int, messages: Sequence[int] | None = None) -> None:
    """Of these messages, or of all since the last daily notice. Raises OSError and SMTPException."""
    with transaction.atomic():
        mine = (
            PartnerUser.objects.current()
            .select_for_update(of=("self",))
            .select_related("user", "partner")
            .filter(pk=number)
            .first()
        )
        if mine is None or mine.notify != (Notify.DAILY if messages is None else Notify.AT_ONCE):
            return
        rows = Message.objects.filter(
            side=Side.BRAND, conversation__partner=mine.partner_id, conversation__blocked_at=None
        )
        rows = _since(rows, messages, mine.told_at or mine.created_at)
        found = _unread(rows, user=mine.user)
        if mine.chose_at is None:
            # Who opted out of a brand's outreach is not told of its messages, either, unless they chose it.
            stopped = _suppressed_by({each.conversation.workspace_id for each in found}, mine.user.email)
            found = [each for each in found if each.conversation.workspace_id not in stopped]
        if messages is None:
            PartnerUser.objects.filter(pk=mine.pk).update(told_at=timezone.now())
        _send(mine.user, mine.partner.name, found, _to_person(mine), stop_link(mine))


def tell_member(number: int, messages: Sequence[int] | None = None) -> None:
    with transaction.atomic():
        member = (
            Membership.objects.current()
            .select_for_update(of=("self",))
            .select_related("user", "workspace")
            .filter(pk=number, user__is_active=True)
            .first()
        )
        if member is None or member.notify != (Notify.DAILY if messages is None else Notify.AT_ONCE):
            return
        rows = Message.objects.filter(
            side=Side.PARTNER,
            conversation__workspace=member.workspace_id,
            conversation__spam_at=None,
            conversation__in=Unread.objects.filter(member=member).values("conversation"),
        )
        found = _unread(_since(rows, messages, member.told_at or member.created_at), member=member)
        if messages is None:
            told = responsible({each.conversation_id: each.conversation for each in found}.values())
            found = [each for each in found if member.pk in told[each.conversation_id]]
            Membership.objects.filter(pk=member.pk).update(told_at=timezone.now())
        _send(member.user, member.workspace.name, found, _to_member(member), stop_link(member))


@transaction.atomic
def invite_reader(number: int) -> None:
    """Nobody signs in for the partner: the address of its own account is asked to, where it may be."""
    row = Conversation.objects.select_related("workspace", "partner", "last_message__member").get(pk=number)
    contact = _reader_of(row)
    member = row.last_message.member if row.last_message else None
    if contact is None or member is None or row.blocked_at is not None:
        return
    now, ours = timezone.now(), PartnerInvitation.objects.filter(workspace=row.workspace_id)
    lately = ours.filter(partner=row.partner_id, created_at__gt=now - ASKED_AGAIN)
    if ours.filter(created_at__gt=now - timedelta(days=1)).count() >= MOST_ASKED:
        return
    if lately.exists() or _suppressed_by({row.workspace_id}, contact.address):
        return
    try:
        claims.invite_for_workspace(member, row.partner, contact.address)
    except ClaimInvitationError:
        return


def stop_link(reader: PartnerUser | Membership) -> str:
    """A page that needs no sign-in: it stops these notices, and leads to where they are set."""
    kind, purpose = ("p", _PERSON) if isinstance(reader, PartnerUser) else ("m", _MEMBER)
    token = kind + sign(reader.pk, purpose, settings.SIGNING_KEY)
    return settings.OVERTURE_BASE_URL + reverse("web:stop_notices", kwargs={"token": token})


def reader_with(token: str) -> PartnerUser | Membership | None:
    """Whose link it is; None for one we did not make, or of somebody who left."""
    person = unsign(token[1:], _PERSON, settings.SIGNING_KEY) if token[:1] == "p" else None
    if person is not None:
        return PartnerUser.objects.current().select_related("user", "partner").filter(pk=person).first()
    member = unsign(token[1:], _MEMBER, settings.SIGNING_KEY) if token[:1] == "m" else None
    if member is None:
        return None
    return Membership.objects.current().select_related("user", "workspace").filter(pk=member).first()


def _since(rows: QuerySet[Message], messages: Sequence[int] | None, since: datetime) -> QuerySet[Message]:
    chosen = rows.filter(created_at__gt=since) if messages is None else rows.filter(pk__in=messages)
    return chosen.filter(withdrawn_at=None)


def _unread(
    rows: QuerySet[Message], *, user: User | None = None, member: Membership | None = None
) -> list[Message]:
    found = list(
        rows.select_related(
            "conversation__workspace", "conversation__partner", "conversation__prospect", "member__user",
            "user", "received",
        ).prefetch_related("attachments").order_by("created_at", "pk")
    )  # fmt: skip
    read = dict(
        ReadUpTo.objects.filter(
            conversation__in={each.conversation_id for each in found}, user=user, member=member
        ).values_list("conversation", "up_to")
    )
    return [
        each
        for each in found
        if each.conversation_id not in read or read[each.conversation_id] < each.created_at
    ]


def _suppressed_by(workspaces: set[int], address: str) -> set[int]:
    """Those of the workspaces that must not write to the address."""
    try:
        key = addresses.key(addresses.parse(address), settings.ADDRESS_KEY)
    except addresses.AddressError:
        return workspaces
    held = Suppression.objects.filter(workspace__in=workspaces, address_key=key, lifted_at=None)
    return set(held.values_list("workspace", flat=True))


def _reader_of(row: Conversation) -> Contact | None:
    """Of its own account; of a private partner whom the workspace wrote down."""
    contacts = Contact.objects.filter(partner=row.partner_id, erased_at=None).exclude(address="")
    of_account = contacts.filter(workspace=None).order_by("pk").first()
    if of_account is not None or row.partner.workspace_id is None:
        return of_account
    return contacts.filter(workspace=row.workspace_id).order_by("pk").first()


def _to_person(mine: PartnerUser) -> Callable[[Message], tuple[str, str, str]]:
    def told(message: Message) -> tuple[str, str, str]:
        row = message.conversation
        link = reverse("web:portal_conversation", kwargs={"partner": mine.partner_id, "conversation": row.pk})
        writer = message.member.user.name if message.member else ""
        return row.workspace.name, writer or row.workspace.name, link

    return told


def _to_member(member: Membership) -> Callable[[Message], tuple[str, str, str]]:
    def told(message: Message) -> tuple[str, str, str]:
        row = message.conversation
        link = reverse(
            "web:conversation", kwargs={"workspace": member.workspace.slug, "conversation": row.pk}
        )
        name = row.prospect.name if row.prospect else row.partner.name
        return name, writer_of(message) or name, link

    return told


def _send(
    reader: User,
    side: str,
    messages: Sequence[Message],
    told: Callable[[Message], tuple[str, str, str]],
    stop: str,
) -> None:
    if not messages:
        return
    by_conversation: dict[int, Told] = {}
    for message in messages:
        name, who, link = told(message)
        one = by_conversation.setdefault(
            message.conversation_id, Told(name, settings.OVERTURE_BASE_URL + link, [])
        )
        if len(one.messages) < SHOWN:
            excerpt = Truncator(message.text).chars(EXCERPT)
            one.messages.append((who, excerpt, to_html(excerpt), len(message.attachments.all())))
        else:
            one.more += 1
    shown = list(by_conversation.values())
    facts = {
        "side": side,
        "conversations": shown[:CONVERSATIONS],
        "others": max(len(shown) - CONVERSATIONS, 0),
        "names": ", ".join(each.name for each in shown[:SHOWN]),
        "is_more": len(shown) > SHOWN,
        "count": len(messages),
    }
    send_letter("new_messages", reader.email, reader.language, facts, unsubscribe=stop)
