"""Choosing tiles over many pages, and what is done with all that are chosen."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.lib.numbers import numbers_in
from overture.marketplace import chosen_tiles
from overture.marketplace.chosen_tiles import ChoiceError
from overture.marketplace.contact import as_if_marked, message_many_to
from overture.marketplace.models import TileSelection
from overture.marketplace.query import SearchError
from overture.marketplace.search import NotReady
from overture.prospects.mark_many import Marked, mark_many
from overture.prospects.models import Group
from overture.web.chosen import group_named
from overture.web.fragments import wants_fragment
from overture.web.inbox_many import write_many
from overture.web.marketplace_acts import write_to
from overture.web.marketplace_page import chosen_context
from overture.web.marketplace_state import MarketState, state_behind, state_of
from overture.web.pages import page


@page("POST")
def tiles_select(request: HttpRequest, member: Membership, kind: str) -> HttpResponse:
    """Saves what is ticked of the tiles in `page`; those of other pages stay as they are.

    With the form of a page without script `whole` takes all of the page; `head` is how its box was drawn.
    """
    state = _state(request, member, kind)
    named = chosen_tiles.find(member, request.POST.get("selection"), kind)
    selection = named or state.selection or chosen_tiles.start(member, kind)
    on_page = numbers_in(request.POST.get("page", ""))
    ticked = numbers_in(",".join(request.POST.getlist("chosen")))
    was_all = request.POST.get("head") == "all"
    if ("whole" in request.POST) != was_all:
        ticked = set() if was_all else on_page
    try:
        chosen_tiles.choose(member, selection, on_page & ticked)
    except ChoiceError:
        _tell_too_many(request)
    chosen_tiles.drop(member, selection, on_page - ticked)
    state = state.with_selection(selection)
    if not wants_fragment(request):
        return redirect(state.url)
    # How many match does not change by choosing: the page tells it, so that the index is not asked again.
    total = max(numbers_in(request.POST.get("total", "")), default=0)
    return render(request, "marketplaces/_chosen.html", chosen_context(state, total))


@page("POST")
def tiles_select_all(request: HttpRequest, member: Membership, kind: str) -> HttpResponse:
    """What matches the search of the address, up to ten thousand."""
    state = _state(request, member, kind)
    selection = state.selection or chosen_tiles.start(member, kind)
    try:
        chosen_tiles.choose_all(member, selection, state.wanted)
    except NotReady:
        messages.warning(request, _("The search is not ready yet."))
    return redirect(state.with_selection(selection).url)


@page("POST")
def tiles_clear(request: HttpRequest, member: Membership, kind: str, tiles: int) -> HttpResponse:
    """Chooses nothing any more. The row stays as it was for whoever goes back."""
    _find(member, tiles, kind)
    return redirect(state_behind(request, member, kind).with_selection(None).url)


@page("POST", writes=Permission.MANAGE_PROSPECTS)
def tiles_mark(request: HttpRequest, member: Membership, kind: str, tiles: int) -> HttpResponse:
    """All that are chosen as prospects; with `group`, or the `name` of a new one, into it as well."""
    selection, state = _find(member, tiles, kind), state_behind(request, member, kind)
    label = None
    if request.POST.get("group") or "name" in request.POST:
        label = group_named(request, member)
        if label is None:
            return redirect(state.url)
    rows = chosen_tiles.chosen(member, selection).values_list("pk", flat=True)
    _tell_marked(request, mark_many(member, list(rows), label), label)
    return redirect(state.with_selection(None).url)


@page("POST", needs=Permission.EMAIL_ONE, writes=Permission.MANAGE_PROSPECTS)
def tiles_email(request: HttpRequest, member: Membership, kind: str, tiles: int) -> HttpResponse:
    """A draft to all that are chosen; who is no prospect becomes one with it."""
    selection, state = _find(member, tiles, kind), state_behind(request, member, kind)
    return write_to(request, state, list(chosen_tiles.chosen(member, selection).values_list("pk", flat=True)))


@page("GET", "HEAD", "POST", needs=Permission.MESSAGE, writes=Permission.MANAGE_PROSPECTS)
def tiles_message(request: HttpRequest, member: Membership, kind: str, tiles: int) -> HttpResponse:
    """A message to all that are chosen; who is no prospect becomes one as it is sent."""
    selection, state = _find(member, tiles, kind), state_behind(request, member, kind)
    mpids = list(chosen_tiles.chosen(member, selection).values_list("pk", flat=True))
    return write_many(
        request,
        member,
        audience=lambda: as_if_marked(member, mpids),
        send=lambda *written, **options: message_many_to(member, mpids, *written, **options),
        action=request.get_full_path(),
        back=state.url,
    )


def _find(member: Membership, number: int, kind: str) -> TileSelection:
    found = chosen_tiles.find(member, number, kind)
    if found is None:
        raise Http404
    return found


def _state(request: HttpRequest, member: Membership, kind: str) -> MarketState:
    try:
        return state_of(request, member, kind)
    except SearchError as error:
        raise Http404 from error


def _tell_too_many(request: HttpRequest) -> None:
    text = _("At most %(most)s can be selected at once.")
    messages.warning(request, text % {"most": number_format(chosen_tiles.MOST, force_grouping=True)})


def _tell_marked(request: HttpRequest, done: Marked, label: Group | None) -> None:
    facts = {"new": number_format(done.new), "known": number_format(done.known)}
    text = ngettext("%(new)s partner is a prospect now.", "%(new)s partners are prospects now.", done.new)
    if done.known:
        more = ngettext("%(known)s was one already.", "%(known)s were already.", done.known)
        text = f"{text} {more}"
    if label:
        text = f"{text} " + _("All are in the group %(name)s.")
        facts["name"] = label.name
    messages.success(request, text % facts)
