"""One partner beside the tiles: what it is, whom it reaches, how the workspace stands to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from overture.accounts.models import Membership
from overture.activity.models import Activity
from overture.delivery.models import Delivery
from overture.directory.find import find_partner
from overture.directory.logo import with_logo
from overture.directory.models import Partner
from overture.lib.place_names import country_name
from overture.marketplace.fit import fits_of
from overture.marketplace.models import NotInterested, SavedPartner
from overture.marketplace.query import SearchError
from overture.marketplace.relations import Standing, standing_of
from overture.marketplace.similar import similar_to
from overture.prospects.models import Prospect, Stage
from overture.web import described
from overture.web.fragments import wants_fragment
from overture.web.links import profile_link
from overture.web.marketplace_page import may, show_marketplace
from overture.web.marketplace_state import MarketState, state_behind, state_of
from overture.web.marketplace_tiles import Tile, tiles_for
from overture.web.message_door import message_door
from overture.web.pages import page
from overture.web.prospect_panel import history
from overture.web.shown_contacts import shown_contacts

_ON_THE_WAY = (Stage.NEW, Stage.OUTREACH, Stage.NEGOTIATING, Stage.JOINED)
_MOST_SIMILAR = 4


@dataclass(frozen=True)
class Step:
    label: str
    is_done: bool
    is_current: bool


@dataclass(frozen=True)
class Event:
    """An activity, an e-mail of the ledger, or what the marketplace itself knows, in words."""

    at: datetime
    activity: Activity | None = None
    delivery: Delivery | None = None
    text: str = ""
    who: Membership | None = None


@page("GET", "HEAD")
def marketplace_partner(request: HttpRequest, member: Membership, partner: int, kind: str) -> HttpResponse:
    """The record for htmx; without it the marketplace with the record beside it."""
    row = partner_of(member, partner)
    try:
        state = state_of(request, member, kind)
    except SearchError:
        return redirect(state_behind(request, member, kind).partner_url(row.pk))
    if row.kind != kind:
        state = state.searching(kind=row.kind).with_selection(None)
    if not wants_fragment(request):
        if (row.pk, row.kind) != (partner, kind):
            return redirect(state.partner_url(row.pk))
        return show_marketplace(request, member, kind, panel_context(state, row))
    answer = render(request, "marketplaces/_panel.html", panel_context(state, row))
    answer.headers["HX-Push-Url"] = state.partner_url(row.pk)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@page("GET", "HEAD")
def partner_menu(request: HttpRequest, member: Membership, partner: int, kind: str) -> HttpResponse:
    """What a tile's More holds, fetched when it is opened; without script the record has it all."""
    row, state = partner_of(member, partner), state_behind(request, member, kind)
    standing = standing_of(member, [row.pk])[row.pk]
    shown = {
        "partner": row,
        "standing": standing,
        "save_act": "unsave" if standing.is_saved else "save",
        "message": message_door(member, row),
        "may": may(member),
        "path": f"{state.path}/{row.pk}",
        "query": state.query,
        "profile_url": profile_link(row.pk) if row.is_listed else "",
    }
    return render(request, "marketplaces/_menu.html", shown)


def partner_of(member: Membership, mpid: int) -> Partner:
    """As the member may see it; Http404 where there is none."""
    found = find_partner(member, mpid)
    if found is None:
        raise Http404
    return found


def panel_context(state: MarketState, partner: Partner) -> dict[str, Any]:
    member = state.member
    standing = standing_of(member, [partner.pk])[partner.pk]
    prospect = Prospect.objects.visible_to(member).filter(partner=partner).first()
    contacts = shown_contacts(member, partner.pk, prospect)
    return {
        "panel": {
            "partner": partner,
            "has_logo": partner.pk in with_logo([partner]),
            "number": str(partner.pk),
            "country": country_name(partner.country) if partner.country else "",
            "standing": standing,
            "steps": _steps(standing),
            "fit": fits_of(member, [partner]).get(partner.pk),
            "tags": described.tags(partner),
            "facts": _facts(partner),
            "countries": described.countries(partner),
            "ages": described.ages(partner),
            "channels": described.channels(partner),
            "contacts": contacts,
            "is_obfuscated": any(shown.is_obfuscated for shown in contacts),
            "events": _events(member, partner, prospect),
            "similar": _similar(state, partner),
            "profile_url": profile_link(partner.pk) if partner.is_listed else "",
            "message": message_door(member, partner),
            "close_url": state.url,
            "path": f"{state.path}/{partner.pk}",
            "query": state.query,
        },
        "state": state,
        "may": may(member),
    }


def _steps(standing: Standing) -> list[Step]:
    """Saved, then the stages on the way to joining; who left the way has none of them as the current one."""
    at = _ON_THE_WAY.index(Stage(standing.stage)) + 1 if standing.stage in _ON_THE_WAY else 0
    if standing.prospect and not at:
        at = 1
    here = at if standing.prospect else 0 if standing.is_saved else -1
    labels = [pgettext("partner", "Saved"), _("Prospect"), *(str(stage.label) for stage in _ON_THE_WAY[1:])]
    return [Step(label, place <= here, place == here) for place, label in enumerate(labels)]


def _facts(partner: Partner) -> list[tuple[str, str]]:
    size = number_format(partner.audience, force_grouping=True) if partner.audience else ""
    told = [*described.facts(partner), (_("Audience"), size), (_("Account number"), str(partner.pk))]
    return [(title, value) for title, value in told if value]


def _events(member: Membership, partner: Partner, prospect: Prospect | None) -> list[Event]:
    """Latest first: the history of the prospect, what was saved and hidden, and joining the marketplace."""
    events = [Event(each.at, each.activity, each.delivery) for each in history(prospect)] if prospect else []
    kept = ((SavedPartner, pgettext("partner", "Saved")), (NotInterested, _("Marked as not interesting")))
    for model, text in kept:
        rows = model.objects.visible_to(member).filter(partner=partner).select_related("member__user")
        events += [Event(row.created_at, text=text, who=row.member) for row in rows]
    if partner.is_listed:
        events.append(Event(partner.listed_at, text=_("Joined the marketplace")))
    return sorted(events, key=lambda event: event.at, reverse=True)


def _similar(state: MarketState, partner: Partner) -> list[Tile]:
    return tiles_for(state, similar_to(state.member, partner, _MOST_SIMILAR))
