"""Saved searches: kept under a name, opened, renamed, deleted, and told of new matches or not."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from overture.accounts.models import Membership
from overture.marketplace import saved_searches
from overture.marketplace.models import SavedSearch
from overture.marketplace.query import Search, SearchError
from overture.marketplace.saved_searches import LONGEST, MOST, SavedSearchError
from overture.web.links import workspace_link
from overture.web.marketplace_facets import chips
from overture.web.marketplace_state import MarketState, state_behind
from overture.web.pages import page


@page("GET", "HEAD", "POST")
def searches(request: HttpRequest, member: Membership, kind: str) -> HttpResponse:
    """All that the member saved; POST keeps the search of the address under a name."""
    state = state_behind(request, member, kind)
    if request.method == "POST":
        return _keep(request, state)
    rows = saved_searches.saved_searches(member).filter(kind=kind).order_by("name")
    shown: dict[str, Any] = {
        "state": state,
        "rows": [{"saved": row, "told": _told(member, row)} for row in rows],
        "path": f"{state.path}/searches",
        "longest": LONGEST,
    }
    return render(request, "marketplaces/searches.html", shown)


@page("GET", "HEAD")
def search_open(request: HttpRequest, member: Membership, kind: str, saved_search: int) -> HttpResponse:
    """Leads to the marketplace as it was searched."""
    saved = _find(member, saved_search)
    try:
        wanted = saved_searches.search_of(saved)
    except SearchError:
        messages.warning(request, _("This search was kept by another version, and begins anew."))
        wanted = Search(saved.kind)
    return redirect(MarketState(member, wanted).url)


@page("POST")
def search_rename(request: HttpRequest, member: Membership, kind: str, saved_search: int) -> HttpResponse:
    saved = _find(member, saved_search)
    try:
        saved_searches.rename(member, saved, request.POST.get("name", ""))
    except SavedSearchError as error:
        messages.error(request, _problem(error))
    else:
        messages.success(request, _("The search is called %(name)s now.") % {"name": saved.name})
    return _back(member, kind)


@page("POST")
def search_telling(request: HttpRequest, member: Membership, kind: str, saved_search: int) -> HttpResponse:
    """`is_telling` is 1 for on, anything else for off."""
    saved = _find(member, saved_search)
    is_telling = request.POST.get("is_telling") == "1"
    saved_searches.set_telling(member, saved, is_telling)
    text = (
        _("%(name)s tells you of new matches.") if is_telling else _("%(name)s tells you nothing any more.")
    )
    messages.success(request, text % {"name": saved.name})
    return _back(member, kind)


@page("POST")
def search_forget(request: HttpRequest, member: Membership, kind: str, saved_search: int) -> HttpResponse:
    saved = _find(member, saved_search)
    saved_searches.forget(member, saved)
    messages.success(request, _("Search deleted: %(name)s.") % {"name": saved.name})
    return _back(member, kind)


def _keep(request: HttpRequest, state: MarketState) -> HttpResponse:
    try:
        saved = saved_searches.keep(state.member, request.POST.get("name", ""), state.wanted)
    except SavedSearchError as error:
        messages.error(request, _problem(error))
    else:
        text = _("Search saved: %(name)s. A notice tells you of new matches.")
        messages.success(request, text % {"name": saved.name})
    return redirect(state.url)


def _find(member: Membership, number: int) -> SavedSearch:
    found: SavedSearch = get_object_or_404(saved_searches.saved_searches(member), pk=number)
    return found


def _back(member: Membership, kind: str) -> HttpResponse:
    return redirect(workspace_link(member, "web:saved_searches", kind=kind))


def _told(member: Membership, row: SavedSearch) -> str:
    """What it searches, in words; empty for one that means nothing any more."""
    try:
        state = MarketState(member, saved_searches.search_of(row))
    except SearchError:
        return ""
    words = [f"“{state.wanted.q}”"] if state.wanted.q else []
    return ", ".join([*words, *(f"{chip.title}: {chip.label}" for chip in chips(state))])


def _problem(error: SavedSearchError) -> str:
    return {
        "empty": _("A search needs a name."),
        "too_long": _("The name of a search has at most %(most)d characters.") % {"most": LONGEST},
        "taken": _("There is a search of this name already."),
        "too_many": _("At most %(most)d searches can be saved.") % {"most": MOST},
    }[error.code]
