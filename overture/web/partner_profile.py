"""The public page of a listed partner: what the directory says of it, and never whom to write to there."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from overture.directory.find import find_listed
from overture.directory.logo import shown_logo
from overture.directory.models import Partner
from overture.web import described

# What a bigint holds: PostgreSQL would refuse to compare a larger one.
_LARGEST = 2**63 - 1


@require_safe
def partner_profile(request: HttpRequest, mpid: int) -> HttpResponse:
    """For everybody. The number of a merged partner leads to what it became, for good."""
    partner = find_listed(mpid) if mpid <= _LARGEST else None
    if partner is None:
        raise Http404
    if partner.pk != mpid:
        return redirect("web:partner_profile", mpid=partner.pk, permanent=True)
    shown = {
        "partner": partner,
        "has_logo": shown_logo(partner) is not None,
        "summary": _summary(partner),
        "tags": described.tags(partner),
        "facts": described.facts(partner),
        "countries": described.countries(partner),
        "ages": described.ages(partner),
        "channels": described.channels(partner),
    }
    return render(request, "directory/profile.html", shown)


def _summary(partner: Partner) -> str:
    """A sentence for those who link here."""
    about = " ".join(partner.about.split())
    if about:
        return Truncator(about).chars(160)
    told = ", ".join([str(partner.get_kind_display()), *described.tags(partner)])
    return _("%(name)s: %(told)s.") % {"name": partner.name, "told": told}
