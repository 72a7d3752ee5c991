"""Choosing rows over many pages: a selection is a row of the database, its id stands in the address."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from overture.accounts.models import Membership
from overture.lib.numbers import numbers_in
from overture.prospects import selection as selections
from overture.prospects.filters import PARTNERS, PROSPECTS, FilterError, matching
from overture.prospects.models import Selection
from overture.web.fragments import wants_fragment
from overture.web.list_state import ListState, state_behind, state_of
from overture.web.pages import page
from overture.web.prospect_list import chosen_context


@page("POST")
def select(request: HttpRequest, member: Membership, origin: str) -> HttpResponse:
    """Saves what is ticked of the rows in `page`; those of other pages stay as they are.

    With the form of a page without script `whole` takes all of the page; `head` is how its box was drawn.
    """
    try:
        state = state_of(request, member, origin)
    except FilterError as error:
        raise Http404 from error
    named = selections.find(member, request.POST.get("selection"), origin)
    selection = named or state.selection or selections.start(member, origin)
    on_page, ticked = (
        numbers_in(request.POST.get("page", "")),
        numbers_in(",".join(request.POST.getlist("chosen"))),
    )
    was_all = request.POST.get("head") == "all"
    if ("whole" in request.POST) != was_all:
        ticked = set() if was_all else on_page
    selections.choose(member, selection, on_page & ticked)
    selections.drop(member, selection, on_page - ticked)
    state = state.with_selection(selection)
    if wants_fragment(request):
        return _chosen_fragment(request, state)
    return redirect(state.url)


@page("POST")
def select_all(request: HttpRequest, member: Membership, origin: str) -> HttpResponse:
    """Everything that matches the filter of the address is chosen."""
    try:
        state = state_of(request, member, origin)
    except FilterError as error:
        raise Http404 from error
    selection = state.selection or selections.start(member, origin)
    selections.choose_all(member, selection, state.wanted)
    return redirect(state.with_selection(selection).url)


@page("POST")
def selection_clear(request: HttpRequest, member: Membership, selection: int) -> HttpResponse:
    """Chooses nothing any more. The row stays as it was for whoever goes back."""
    find_selection(member, selection)
    return redirect(state_behind(request, member).with_selection(None).url)


@page("GET", "HEAD", "POST")
def selection_open(request: HttpRequest, member: Membership, selection: int) -> HttpResponse:
    """The list as it was when "everything that matches" was chosen; also its undo, once that ended."""
    found = find_selection(member, selection)
    wanted = selections.filter_of(found)
    state = ListState(member, found.origin, wanted) if wanted else state_behind(request, member)
    return redirect(state.with_selection(found).url)


def find_selection(member: Membership, number: int) -> Selection:
    """The member's own selection of either list; Http404 for another's."""
    found = selections.find(member, number, PROSPECTS) or selections.find(member, number, PARTNERS)
    if found is None:
        raise Http404
    return found


def _chosen_fragment(request: HttpRequest, state: ListState) -> HttpResponse:
    """The bulk bar and the banner; the boxes themselves are ticked already."""
    whole = numbers_in(request.POST.get("rows", ""))
    head = selections.page_state(state.member, state.selection, whole).head
    total = matching(state.member, state.wanted, state.origin).count()
    shown = chosen_context(state, total, head, len(whole))
    return render(request, "prospects/_chosen.html", shown)
