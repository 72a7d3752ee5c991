"""Whether a member can message a partner, where to, and else why not: the same words on every page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.conversations.post import blocked_by
from overture.conversations.wording import why_words
from overture.directory.models import Partner
from overture.web.links import workspace_link


@dataclass(frozen=True)
class Door:
    """Either `url`, where the message is written, or `why` there is none."""

    url: str = ""
    why: str = ""


NOWHERE = Door()


def message_doors(member: Membership, partners: Iterable[Partner]) -> dict[int, Door]:
    """By partner; one query. Who is no prospect is marked with the first message, so that it is no reason."""
    listed = list(partners)
    blocked = blocked_by(member, [each.pk for each in listed])
    return {each.pk: _door(member, each, each.pk in blocked) for each in listed}


def message_door(member: Membership, partner: Partner) -> Door:
    return message_doors(member, [partner])[partner.pk]


def _door(member: Membership, partner: Partner, is_blocked: bool) -> Door:
    if is_blocked or not partner.has_messaging:
        return Door(why=why_words("blocked" if is_blocked else "messaging_off"))
    if not member.can(Permission.MESSAGE):
        return Door(why=_("Your role does not write messages."))
    return Door(url=workspace_link(member, "web:message_to", partner=partner.pk))
