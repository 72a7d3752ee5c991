"""Discover > Prospects: the list and the menus of its filters."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from overture.accounts.models import Membership
from overture.prospects.facets import options
from overture.prospects.filters import PROSPECTS, FilterError
from overture.web.filter_chips import TITLES, worth_showing
from overture.web.fragments import wants_fragment
from overture.web.list_state import state_of
from overture.web.pages import page
from overture.web.prospect_list import show_list


@page("GET", "HEAD")
def prospects(request: HttpRequest, member: Membership) -> HttpResponse:
    return show_list(request, member, PROSPECTS)


@page("GET", "HEAD")
def filter_menu(request: HttpRequest, member: Membership, origin: str) -> HttpResponse:
    """The options of one filter with their counts: in a menu for htmx, a page without."""
    name = request.GET.get("menu", "stage")
    if name not in TITLES:
        raise Http404
    try:
        state = state_of(request, member, origin)
    except FilterError as error:
        raise Http404 from error
    shown = {
        "name": name,
        "title": TITLES[name],
        "options": worth_showing(options(member, state.wanted, name, origin), name),
        "state": state,
        "kept": parse_qsl(state.without(name).query.removeprefix("?")),
    }
    template = "prospects/_filter_menu.html" if wants_fragment(request) else "prospects/filter_menu.html"
    return render(request, template, shown)
