"""Conversations of the demo’s brand with its named partners: read, unread, a note, an e-mail among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from overture.accounts.models import Membership, Workspace
from overture.activity.models import Activity
from overture.conversations.answer import answer, begin
from overture.conversations.assign import assign
from overture.conversations.models import Conversation, Message, ReadUpTo, Side, Unread
from overture.conversations.post import post
from overture.conversations.put_aside import done
from overture.conversations.read import read
from overture.conversations.receive import Written, receive
from overture.delivery.models import Delivery, Mailing, Manifest
from overture.demo.attachments import attached
from overture.directory.models import Contact, PartnerUser
from overture.files.models import Attachment
from overture.lib import addresses
from overture.mailboxes.models import Mailbox
from overture.notices.models import Notice
from overture.prospects import note
from overture.prospects.models import Prospect

NORA, CAMILLE, THEM = "nora", "camille", "them"


@dataclass(frozen=True)
class Script:
    """What was said: (minutes ago, by whom, the text), the oldest first."""

    name: str
    said: Sequence[tuple[int, str, str]]
    # Read by Nora, as the design's inbox has it.
    is_read: bool = False
    email: tuple[int, str, str] | None = None
    # What came back by e-mail, to the same thread.
    replied: tuple[int, str] | None = None
    note: str = ""
    acts: Sequence[str] = field(default_factory=tuple)
    # Names of attachments.py, by when what they belong to was said.
    files: Mapping[int, Sequence[str]] = field(default_factory=dict)


_DAY = 24 * 60
_RATES = (
    "With pleasure. The rates: **10%** until 31 January, plus a flat fee for the guide. Could you send last "
    "year’s layout, so we match the image sizes?"
)
_LAYOUT = "Here is how we did it last year: https://lalongueveille.example/guide-2025"
_SAMPLES = "One more thing: the guide closes on Friday. Could the samples be here by Thursday?"
_LETTER = (
    "<p>Hello Élise,</p><p>our winter weights launch on 2 December and I would like to offer your readers in "
    "France an early look. Two samples of your choice, no strings attached, and 10% until 31 January.</p>"
    "<p>Would a feature in the December guide suit you?</p><p>Warmly,<br>Nora</p>"
)
_GLADLY = (
    "Hello Nora,\n\nthe December guide still has room for one maker, and our readers ask for linen. "
    "Yes, gladly.\n\n"
    "What would the commission be after January?\n\nÉlise"
)
_QUOTED = (
    "Nora from Halden & Rowe wrote:\n> our winter weights launch on 2 December and I would like to offer"
)
_TWO_LETTERS = "Rates for two letters:\n- one issue: 900 €\n- two issues: 1,600 €\n\nHappy to adjust."
SCRIPTS = (
    Script(
        "La Longue Veille",
        ((8 * _DAY, NORA, _RATES), (140, THEM, _LAYOUT), (128, THEM, _SAMPLES)),
        is_read=True,
        email=(9 * _DAY, "A winter feature for La Longue Veille?", _LETTER),
        replied=(8 * _DAY + 50, _GLADLY),
        note="@Camille Dupré, can the samples leave tomorrow?",
        files={140: ["layout-2025.pdf"], 128: ["oat-linen.jpg"]},
    ),
    Script(
        "Nordlys Deals",
        (
            (2 * _DAY, NORA, "Our linen sells best in Norway. Shall we try a week in January?"),
            (164, THEM, "Can you share EPC for Norway?"),
        ),
    ),
    Script("Brume & Bois", ((300, THEM, _TWO_LETTERS),), files={300: ["rates.csv"]}),
    Script(
        "Hearthlist",
        (
            (3 * _DAY, CAMILLE, "Could you test the sheets again? The weave is new."),
            (472, THEM, "Happy to talk on Tuesday, any time."),
        ),
    ),
    Script(
        "Vintersol",
        (
            (7 * _DAY, NORA, "The autumn restock is in. Anything you need from us?"),
            (6 * _DAY, THEM, "Send the product feed when it is ready."),
        ),
    ),
    Script("Penny & Pine", ((7 * _DAY, THEM, "We usually do a flat fee plus 5%. Would that work?"),)),
    Script(
        "Maison Tranquille",
        (
            (8 * _DAY, NORA, "Un plan de chambre avec nos draps, cela vous dirait ?"),
            (7 * _DAY, THEM, "Avec plaisir. J’aime beaucoup la couleur avoine."),
        ),
    ),
    Script(
        "Casa Lenta",
        ((7 * _DAY, NORA, "10% on new customers works for us. Shall I send the contract?"),),
        is_read=True,
    ),
    Script(
        "Stillwater Home",
        (
            (9 * _DAY, NORA, "The care guide you asked for is in our last email."),
            (8 * _DAY, THEM, "Thank you, that is all I needed."),
        ),
        is_read=True,
        acts=("done",),
    ),
    Script(
        "Atelier Miro",
        ((8 * _DAY, CAMILLE, "Proposal sent, valid until 15 December."),),
        is_read=True,
        acts=("assign",),
    ),
)


def make_conversations(
    nora: Membership, colleagues: Sequence[Membership], people: Sequence[PartnerUser]
) -> int:
    """How many; those of partners who are not there, or take no messages, are left out."""
    speakers = {NORA: nora, CAMILLE: colleagues[0]}
    by_name = {each.partner.name: each for each in people if each.partner.has_messaging}
    told = [_tell(speakers, by_name[each.name], each) for each in SCRIPTS if each.name in by_name]
    # Nobody is to be told by e-mail of what was said weeks ago.
    Message.objects.filter(conversation__in=told).update(noticed_at=timezone.now())
    Notice.objects.filter(member=nora).delete()
    return len(told)


def _tell(speakers: dict[str, Membership], person: PartnerUser, script: Script) -> Conversation:
    nora, now = speakers[NORA], timezone.now()
    conversation = None
    for minutes, who, text in script.said:
        giver = person if who == THEM else speakers[who]
        files = attached(script.files.get(minutes, ()), nora.workspace_id, giver)
        message = _say(speakers, person, conversation, who, text, files)
        conversation = Conversation.objects.get(pk=message.conversation_id)
        _date(message, now - timedelta(minutes=minutes))
    assert conversation is not None
    prospect = conversation.prospect
    if prospect and script.email:
        sent = _email(nora, prospect, person, *script.email)
        if script.replied:
            _reply(sent, conversation, person, *script.replied)
    _settle(conversation)
    _read(conversation, nora, person, is_read=script.is_read)
    if prospect and script.note:
        note.add(nora, prospect, script.note)
    rows = Conversation.objects.filter(pk=conversation.pk)
    if "done" in script.acts:
        done(nora, rows)
    if "assign" in script.acts:
        assign(nora, rows, speakers[CAMILLE])
    return conversation


def _say(
    speakers: dict[str, Membership],
    person: PartnerUser,
    conversation: Conversation | None,
    who: str,
    text: str,
    files: Sequence[Attachment],
) -> Message:
    if who == THEM:
        if conversation is None:
            return begin(person.user, person.partner, _open(speakers[NORA]), text, files)
        return answer(person.user, conversation, text, files)
    return post(speakers[who], person.partner, text, files)


def _open(nora: Membership) -> Workspace:
    """As it is now: it takes first messages since the people came."""
    return Workspace.objects.get(pk=nora.workspace_id)


def _date(message: Message, at: datetime) -> None:
    """As if it had been said then; its activity, too."""
    Message.objects.filter(pk=message.pk).update(created_at=at)
    Activity.objects.filter(facts__message=message.pk).update(at=at)


def _settle(conversation: Conversation) -> None:
    rows = Message.objects.filter(conversation=conversation)
    newest = rows.latest("created_at")
    ins, outs = (
        rows.filter(side=side).aggregate(at=Max("created_at"))["at"] for side in (Side.PARTNER, Side.BRAND)
    )
    at: dict[str, Any] = {"last_at": newest.created_at, "top_at": newest.created_at}
    Conversation.objects.filter(pk=conversation.pk).update(
        last_message=newest, top_message=newest, last_in_at=ins, last_out_at=outs, **at
    )
    Unread.objects.filter(conversation=conversation).update(at=newest.created_at)
    conversation.refresh_from_db()


def _read(conversation: Conversation, nora: Membership, person: PartnerUser, *, is_read: bool) -> None:
    """Who answered has read; the receipt tells a moment that fits."""
    if conversation.last_in_at and conversation.last_out_at:
        read(conversation, user=person.user)
        ReadUpTo.objects.filter(conversation=conversation, user=person.user).update(
            read_at=conversation.last_out_at + timedelta(minutes=12)
        )
    if is_read:
        read(conversation, member=nora)
    Unread.objects.filter(conversation=conversation).exclude(member=nora).delete()


def _email(
    nora: Membership, prospect: Prospect, person: PartnerUser, minutes: int, subject: str, content: str
) -> Delivery:
    """One that left before the first message: a row of the ledger like any other."""
    at = timezone.now() - timedelta(minutes=minutes)
    mailbox = Mailbox.objects.filter(workspace_id=nora.workspace_id).earliest("pk")
    contact = Contact.objects.filter(partner=person.partner, workspace=None).first()
    mailing = Mailing.objects.create(
        workspace_id=nora.workspace_id, author=nora, approved_by=nora, approved_at=at, mailbox=mailbox,
        sender_name="Nora from Halden & Rowe", subject=subject, content=content, is_single=True,
        audience={"prospects": [prospect.pk]}, state=Mailing.State.DONE, done_at=at,
    )  # fmt: skip
    manifest = Manifest.objects.create(
        mailing=mailing, draft_version=1, mailbox=mailbox, sender_address=mailbox.address,
        sender_name=mailing.sender_name, subject=subject, content=content, language="en",
        contact_policy="hold", brand=nora.workspace.name, postal_address=nora.workspace.postal_address,
        recipients=1, queued=1, matched=1,
    )  # fmt: skip
    Mailing.objects.filter(pk=mailing.pk).update(manifest=manifest)
    sent: Delivery = Delivery.objects.create(
        workspace_id=nora.workspace_id, mailing=mailing, manifest=manifest, prospect=prospect,
        partner=person.partner, contact=contact, address=person.user.email,
        address_key=addresses.key(addresses.parse(person.user.email), settings.ADDRESS_KEY),
        mpid=person.partner_id, company_name=prospect.name, first_name=person.user.name.split()[0],
        last_name=person.user.name.split()[-1], state=Delivery.State.SENT, attempts=1,
        first_tried_at=at, sent_at=at,
    )  # fmt: skip
    return sent


def _reply(sent: Delivery, conversation: Conversation, person: PartnerUser, minutes: int, text: str) -> None:
    at = timezone.now() - timedelta(minutes=minutes)
    written = Written(
        text, at, subject=f"Re: {sent.manifest.subject}", sender_name=person.user.name,
        sender_address=sent.address, contact_id=sent.contact_id, quoted=_QUOTED,
    )  # fmt: skip
    receive(conversation, written)
    Delivery.objects.filter(pk=sent.pk).update(replied_at=at)
