"""The thread that is open and the prospect beside it, ready to be drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_datetime
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.conversations.draft import draft_of
from overture.conversations.models import Conversation
from overture.conversations.post import why_not
from overture.conversations.thread import Part, Thread, thread_of_brand
from overture.conversations.wording import why_words
from overture.directory.models import Partner, PartnerUser
from overture.lib.place_names import country_name
from overture.prospects import contact_policy
from overture.prospects.models import Prospect, Stage
from overture.prospects.stage import MOVES
from overture.web.deliveries import hold_words
from overture.web.files import files_at
from overture.web.inbox_state import InboxState
from overture.web.links import workspace_link
from overture.web.prospect_panel import history
from overture.web.shown_contacts import shown_contacts

_MOST_NOTES = 30
_MOST_HISTORY = 12


@dataclass(frozen=True)
class Correspondent:
    """Whom the member writes with: a partner, with the conversation and the prospect where there are any."""

    partner: Partner
    prospect: Prospect | None
    conversation: Conversation | None

    @property
    def name(self) -> str:
        return str(self.prospect.name if self.prospect else self.partner.name)


def find_conversation(member: Membership, number: int) -> Conversation:
    rows = Conversation.objects.visible_to(member).select_related(
        "workspace", "partner", "prospect__owner__user", "prospect__partner", "assignee__user"
    )
    found: Conversation = get_object_or_404(rows, pk=number)
    return found


def of_conversation(conversation: Conversation) -> Correspondent:
    return Correspondent(conversation.partner, conversation.prospect, conversation)


def open_context(
    state: InboxState, who: Correspondent, *, before: datetime | None = None, **typed: Any
) -> dict[str, Any]:
    """`typed`: what was written and refused, with `problem`, so that nothing is lost."""
    member, conversation = state.member, who.conversation
    thread_of = conversation.pk if conversation else 0
    return {
        "state": state,
        "who": who,
        "open": conversation,
        "name": who.name,
        "person": person_at(member, who),
        "may": may(member),
        "here": state.thread_url(thread_of) if conversation else compose_url(member, who.partner.pk),
        **stream_context(state, who, before),
        "reply": reply_context(state, who, **typed),
        "summary": summary_context(state, who),
        "assignees": colleagues(member),
    }


def stream_context(
    state: InboxState, who: Correspondent, before: datetime | None = None, since: datetime | None = None
) -> dict[str, Any]:
    member, conversation = state.member, who.conversation
    part = Part(before, since, zone=member.workspace.time_zone)
    entries: Thread = thread_of_brand(conversation, member, who.prospect, part)
    path = workspace_link(member, "web:conversation", conversation=conversation.pk) if conversation else ""
    earlier = entries.earlier.isoformat() if entries.earlier else ""
    return {
        "entries": entries,
        "earlier": earlier,
        # What the page shows begins here; asked again, it begins there still.
        "since": next((each.at.isoformat() for each in entries if each.kind != "day"), ""),
        "is_older": before is not None,
        "thread_path": path,
        "open": conversation,
        "name": who.name,
        "state": state,
        "files_at": files_at(member),
    }


def reply_context(state: InboxState, who: Correspondent, **typed: Any) -> dict[str, Any]:
    member, conversation = state.member, who.conversation
    code = why_not(member, [who.partner]).get(who.partner.pk, "")
    if code == "not_prospect":
        # Sending marks them, where the member may.
        code = "" if member.can(Permission.MANAGE_PROSPECTS) else code
    draft = draft_of(who.partner, member=member) if member.can(Permission.MESSAGE) else None
    compose = compose_url(member, who.partner.pk)
    return {
        "why": why_words(code) if code else "",
        "action": (_send_url(state, conversation) if conversation else compose),
        "draft_url": f"{compose}/draft",
        "text": draft.text if draft else "",
        "files": list(draft.attachments.all()) if draft else [],
        "placeholder": _("Write to %(name)s") % {"name": who.name},
        "hint": "" if conversation else _hold(member, who),
        "reader": _reader(who),
        "problem": "",
        "kept": [],
        **typed,
    }


def _reader(who: Correspondent) -> str:
    """Who reads a message there; an invitation is needed where nobody does yet."""
    users = PartnerUser.objects.filter(partner=who.partner, removed_at=None).select_related("user")
    names = [each.user.name.split()[0] for each in users.order_by("pk")[:2] if each.user.name.strip()]
    if not names:
        return ""
    return _("%(who)s reads this in the portal") % {"who": ", ".join(names)}


def _send_url(state: InboxState, conversation: Conversation) -> str:
    return workspace_link(state.member, "web:message_send", conversation=conversation.pk) + state.query


def _hold(member: Membership, who: Correspondent) -> str:
    """Who wrote to them lately: said before a first message, which nothing holds back."""
    hold = contact_policy.check(member, [who.partner.pk]).get(who.partner.pk)
    if hold is None:
        return ""
    return hold_words(hold, hold.at.astimezone(ZoneInfo(member.workspace.time_zone)))


def summary_context(state: InboxState, who: Correspondent) -> dict[str, Any]:
    member, row = state.member, who.prospect
    shown: dict[str, Any] = {"website": who.partner.website, "facts": _facts(member, who)}
    if row is None:
        return shown
    return {
        **shown,
        "website": row.website,
        "prospect": row,
        "stages": [each for each in Stage.choices if each[0] == row.stage or each[0] in MOVES[row.stage]],
        "groups": list(row.groups.order_by("name")),
        "notes": row.notes.select_related("author__user").order_by("-id")[:_MOST_NOTES],
        "history": history(row)[:_MOST_HISTORY],
        "url": workspace_link(member, "web:prospect", prospect=row.pk),
    }


def _facts(member: Membership, who: Correspondent) -> list[tuple[str, str]]:
    row: Any = who.prospect or who.partner
    contacts = [each for each in shown_contacts(member, who.partner.pk, who.prospect) if each.address]
    told = [
        (_("Kind"), row.get_kind_display()),
        (_("Owner"), str(who.prospect.owner or "") if who.prospect else ""),
        (_("Audience"), number_format(row.audience, force_grouping=True) if row.audience else ""),
        (_("Country"), country_name(row.country) if row.country else ""),
        (_("Contact"), contacts[0].contact.name if contacts else ""),
        (_("Email"), contacts[0].address if contacts else ""),
        (_("Account number"), str(who.partner.pk)),
    ]
    return [(title, str(value)) for title, value in told if value]


def person_at(member: Membership, who: Correspondent) -> str:
    """Who reads there: the partner's users; without any the contact that is written to."""
    users = PartnerUser.objects.filter(partner=who.partner, removed_at=None).select_related("user")
    names = [each.user.name for each in users.order_by("pk")[:3] if each.user.name]
    if names:
        return ", ".join(names)
    contacts = shown_contacts(member, who.partner.pk, who.prospect)
    shown = [", ".join(filter(None, (each.contact.name, each.contact.title))) for each in contacts[:1]]
    return shown[0] if shown else ""


def may(member: Membership) -> dict[str, bool]:
    return {
        "message": member.can(Permission.MESSAGE),
        "write": member.can(Permission.MANAGE_PROSPECTS),
        "email_one": member.can(Permission.EMAIL_ONE),
    }


def compose_url(member: Membership, mpid: int) -> str:
    return workspace_link(member, "web:message_to", partner=mpid)


def moment_of(values: Mapping[str, str], name: str) -> datetime | None:
    """A moment with its offset, as the thread's own links carry it; None for anything else."""
    try:
        found = parse_datetime(values.get(name, ""))
    except ValueError:
        return None
    return found if found and found.tzinfo and 1970 <= found.year < 9999 else None


def colleagues(member: Membership) -> list[Membership]:
    return list(Membership.objects.visible_to(member).select_related("user").order_by("user__name", "pk"))
