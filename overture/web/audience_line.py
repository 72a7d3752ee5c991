"""To whom a mailing goes, in a line, with the way back to where it was chosen."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from overture.accounts.models import Membership
from overture.delivery.freeze import origin_of
from overture.delivery.models import Mailing
from overture.prospects.models import Prospect, Selection
from overture.web.links import workspace_link
from overture.web.wording import n


@dataclass(frozen=True)
class AudienceLine:
    text: str
    detail: str
    edit: str = ""


def audience_line(member: Membership, mailing: Mailing, count: int) -> AudienceLine:
    origin = origin_of(mailing)
    if mailing.is_single:
        name = (
            Prospect.objects.visible_to(member)
            .filter(pk__in=mailing.audience["prospects"])
            .values_list("name", flat=True)
        )
        return AudienceLine(name.first() or "", "")
    if origin == "partners":
        text = ngettext("%(n)s partner", "%(n)s partners", count)
        detail = _("Chosen in Partners")
    else:
        text = ngettext("%(n)s prospect", "%(n)s prospects", count)
        detail = _("Chosen in Prospects")
    return AudienceLine(text % {"n": n(count)}, detail, _edit(member, mailing))


def _edit(member: Membership, mailing: Mailing) -> str:
    """Where the choice can be changed: the list with the mailing's own selection, for who made it."""
    number = mailing.audience.get("selection")
    if not number or not Selection.objects.visible_to(member).filter(pk=number, member=member).exists():
        return ""
    return workspace_link(member, "web:selection", selection=number)
