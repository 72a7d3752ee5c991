"""To whom a mailing goes, in a line, with the way back to where it was chosen."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from overture.accounts.models import Membership
from overture.delivery.freeze import origin_of
from overture.delivery.models import Mailing
from overture.prospects.models import Prospect
from overture.web.links import workspace_link


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
        text = ngettext("%(n)s partner", "%(n)s partners", count) % {"n": count}
        detail, route = _("Chosen in Partners"), "web:partners"
    else:
        text = ngettext("%(n)s prospect", "%(n)s prospects", count) % {"n": count}
        detail, route = _("Chosen in Prospects"), "web:prospects"
    link = workspace_link(member, route)
    selection = mailing.audience.get("selection")
    return AudienceLine(text, detail, f"{link}?selection={selection}" if link and selection else "")
