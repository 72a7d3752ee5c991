"""One prospect beside its list: contacts, stage, owner, groups, notes, history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.models import Activity
from overture.delivery.models import Delivery
from overture.directory.partner_users import users_of
from overture.lib.place_names import country_name
from overture.prospects.filters import FilterError
from overture.prospects.models import Group, Prospect, Stage
from overture.prospects.stage import MOVES
from overture.web.fragments import wants_fragment
from overture.web.links import workspace_link
from overture.web.list_state import ListState, state_of
from overture.web.message_door import message_door
from overture.web.pages import page
from overture.web.prospect_list import may, row_context, show_list
from overture.web.shown_contacts import shown_contacts

_MOST_NOTES = 50
_MOST_HISTORY = 40


@dataclass(frozen=True)
class Event:
    at: datetime
    activity: Activity | None = None
    delivery: Delivery | None = None


@page("GET", "HEAD")
def prospect_page(request: HttpRequest, member: Membership, prospect: int, origin: str) -> HttpResponse:
    """The record for htmx; without it the list with the record beside it."""
    row = find_prospect(member, prospect)
    try:
        state = state_of(request, member, origin)
    except FilterError:
        return redirect(workspace_link(member, "web:prospect", prospect=row.pk))
    if wants_fragment(request):
        answer = render(request, "prospects/_panel.html", panel_context(state, row))
        patch_vary_headers(answer, ["HX-Request"])
        return answer
    return show_list(request, member, origin, panel_context(state, row))


def changed(request: HttpRequest, state: ListState, row: Prospect) -> HttpResponse:
    """After an act in the panel: the record anew with its row of the list, or the page without script."""
    if not wants_fragment(request):
        return redirect(state.panel_url(row.pk))
    fresh = find_prospect(state.member, row.pk)
    shown = {**panel_context(state, fresh), **row_context(state, fresh)}
    answer = render(request, "prospects/_panel_changed.html", shown)
    answer.headers["HX-Push-Url"] = "false"
    return answer


def find_prospect(member: Membership, number: int) -> Prospect:
    rows = Prospect.objects.visible_to(member).select_related("partner", "owner__user")
    found: Prospect = get_object_or_404(rows, pk=number)
    return found


def panel_context(state: ListState, row: Prospect) -> dict[str, Any]:
    member = state.member
    groups = list(row.groups.order_by("name"))
    return {
        "panel": {
            "prospect": row,
            "contacts": shown_contacts(member, row.partner_id, row),
            "groups": groups,
            "other_groups": Group.objects.visible_to(member).exclude(pk__in=[group.pk for group in groups]),
            "country": country_name(row.country) if row.country else "",
            "notes": row.notes.select_related("author__user").order_by("-id")[:_MOST_NOTES],
            "history": history(row),
            "stages": [each for each in Stage.choices if each[0] == row.stage or each[0] in MOVES[row.stage]],
            "owners": Membership.objects.visible_to(member).select_related("user").order_by("user__name"),
            "message": message_door(member, row.partner),
            "close_url": state.url,
            "may_invite": member.can(Permission.MESSAGE) and not users_of(row.partner).exists(),
            "here": state.panel_url(row.pk),
            "query": state.act_query,
        },
        "state": state,
        "may": may(member),
        "email_new": workspace_link(member, "web:email_new"),
    }


def history(row: Prospect) -> list[Event]:
    """Activities and the e-mails of the ledger, latest first; each is read where it is kept."""
    activities = row.activity_set.select_related("member__user").order_by("-id")[:_MOST_HISTORY]
    events = [Event(activity.at, activity) for activity in activities]
    deliveries = row.delivery_set.filter(sent_at__isnull=False).select_related("manifest", "mailing")
    for delivery in deliveries.order_by("-id")[:_MOST_HISTORY]:
        if delivery.sent_at:
            events.append(Event(delivery.sent_at, delivery=delivery))
    return sorted(events, key=lambda event: event.at, reverse=True)[:_MOST_HISTORY]
