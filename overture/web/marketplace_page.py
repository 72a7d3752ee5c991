"""A marketplace as its address asks for it: tabs, filters, tiles, and the bar of what is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.directory.models import PartnerKind
from overture.marketplace import chosen_tiles
from overture.marketplace.models import SavedPartner
from overture.marketplace.query import DEEPEST, Search, SearchError, Sort, Tab
from overture.marketplace.saved_searches import saved_searches
from overture.marketplace.search import PAGE_SIZE, Found, NotReady, search
from overture.prospects.models import Group
from overture.web.fragments import wants_fragment
from overture.web.marketplace_facets import chips, facets
from overture.web.marketplace_state import LAST_PAGE, MarketState, state_of
from overture.web.marketplace_tiles import Tile, tiles_for


def show_marketplace(
    request: HttpRequest, member: Membership, kind: str, side: Mapping[str, Any] | None = None
) -> HttpResponse:
    """The marketplace its address asks for; `side` is what stands in the panel beside it. Http404 for the
    creators' where the workspace runs no program for them."""
    if kind == PartnerKind.CREATOR and not member.workspace.has_creators:
        raise Http404
    try:
        state = state_of(request, member, kind)
    except SearchError:
        messages.warning(request, _("The address held a search that means nothing. It begins anew."))
        return redirect(MarketState(member, Search(kind)).url)
    shown = page_context(state)
    if state.page > 1 and not shown["tiles"] and shown["total"]:
        return redirect(state.on_page(shown["last_page"]).url)
    is_fragment = wants_fragment(request)
    template = "marketplaces/_fragment.html" if is_fragment else "marketplaces/page.html"
    answer = render(request, template, {**shown, **(side or {})})
    if is_fragment:
        answer.headers["HX-Push-Url"] = "false" if _is_at(request, state.url) else state.url
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def page_context(state: MarketState) -> dict[str, Any]:
    """Everything the page shows."""
    found, percent, is_ready = _found(state)
    tiles = tiles_for(state, found.mpids)
    last_page = min(max(-(-found.total // PAGE_SIZE), 1), LAST_PAGE)
    ticked, is_whole = chips(state), state.wanted.is_empty
    return {
        **chosen_context(state, found.total, tiles),
        "tiles": tiles,
        "page_ids": ",".join(str(tile.partner.pk) for tile in tiles),
        "is_ready": is_ready,
        "percent": percent,
        "shown_total": _grouped(found.total),
        "saved_url": MarketState(state.member, Search(state.kind, tab=Tab.SAVED)).url,
        "is_forgiving": found.is_forgiving,
        "tabs": _tabs(state, found.tabs),
        # Where there is nothing at all, there is nothing to filter.
        "facets": facets(state, found.facets) if is_ready and (found.total or not is_whole) else [],
        "has_head": bool(found.total) or not is_whole,
        "chips": ticked,
        "clear_url": state.without_filters().url,
        "whole_url": MarketState(state.member, Search(state.kind)).url,
        "sorts": _sorts(state),
        "sort_label": _sort_label(state, state.wanted.sort),
        "pager": _pager(state, found.total, len(tiles), last_page),
        "last_page": last_page,
        "saved_searches": list(saved_searches(state.member).filter(kind=state.kind).order_by("name")),
    }


def chosen_context(state: MarketState, total: int, tiles: list[Tile] | None = None) -> dict[str, Any]:
    """The bulk bar: how many are chosen, and how many could be."""
    member, selection = state.member, state.selection
    count = chosen_tiles.count(member, selection) if selection else 0
    chosen_here = sum(tile.is_chosen for tile in tiles or ())
    return {
        "state": state,
        "total": total,
        "may": may(member, count),
        "chosen_count": count,
        "page_is_chosen": bool(tiles) and chosen_here == len(tiles or ()),
        "select_url": state.act_url("select"),
        "select_all_url": state.act_url("select-all"),
        "all_count": min(total, DEEPEST),
        "may_choose_all": count < min(total, DEEPEST),
        "is_bounded": total > DEEPEST,
        "groups": Group.objects.visible_to(member).order_by("name") if count else (),
    }


def may(member: Membership, count: int = 1) -> dict[str, bool]:
    """What the page offers: buttons that would be refused are not drawn."""
    writes = member.can(Permission.MANAGE_PROSPECTS)
    one, many = member.can(Permission.EMAIL_ONE), member.can(Permission.EMAIL_MANY)
    # Who is written to becomes a prospect.
    return {
        "write": writes,
        "email_one": writes and one,
        "email": writes and (many or (count == 1 and one)),
        "message": writes and member.can(Permission.MESSAGE),
    }


def _found(state: MarketState) -> tuple[Found, int | None, bool]:
    """What is found, how far the index is, whether there is one. What is saved is told without it."""
    try:
        return search(state.member, state.wanted, state.page), None, True
    except NotReady as error:
        return _saved(state), error.percent, False


def _saved(state: MarketState) -> Found:
    if state.wanted.tab != Tab.SAVED:
        return Found([], 0)
    rows = SavedPartner.objects.visible_to(state.member).filter(partner__kind=state.kind)
    start = (state.page - 1) * PAGE_SIZE
    mpids = rows.order_by("-pk").values_list("partner_id", flat=True)[start : start + PAGE_SIZE]
    return Found(list(mpids), rows.count())


def _tabs(state: MarketState, totals: Mapping[str, int]) -> list[dict[str, Any]]:
    labels = {
        Tab.ALL: _("All creators") if state.is_creators else _("All partners"),
        Tab.RECOMMENDED: _("Recommended"),
        Tab.SAVED: _("Saved"),
    }
    return [
        {
            "label": labels[tab],
            "count": number_format(totals[tab], force_grouping=True) if tab in totals else "",
            "url": state.searching(tab=tab.value).url,
            "is_current": state.wanted.tab == tab,
        }
        for tab in Tab
    ]


def _sorts(state: MarketState) -> list[dict[str, Any]]:
    return [
        {
            "label": _sort_label(state, sort),
            "url": state.searching(sort=sort.value).url,
            "is_current": sort == state.wanted.sort,
        }
        for sort in Sort
    ]


def _sort_label(state: MarketState, sort: str) -> str:
    if sort == Sort.FIT and state.wanted.q:
        return _("Best match")
    return str(Sort(sort).label)


def _pager(state: MarketState, total: int, count: int, last: int) -> dict[str, str]:
    page = state.page
    first = (page - 1) * PAGE_SIZE + 1
    summary = _("%(first)s–%(last)s of %(total)s") % {
        "first": _grouped(first), "last": _grouped(first + count - 1), "total": _grouped(total)
    }  # fmt: skip

    def link(number: int, is_there: bool) -> str:
        return state.on_page(number).url if is_there else ""

    return {
        "summary": summary if count else "",
        "first": link(1, page > 1),
        "previous": link(page - 1, page > 1),
        "next": link(page + 1, page < last),
        "last": link(last, page < last),
    }


def _grouped(number: int) -> str:
    return number_format(number, force_grouping=True)


def _is_at(request: HttpRequest, url: str) -> bool:
    """Whether the browser's address is this one: a page that asks again leaves no trace in its history."""
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    return f"{here.path}?{here.query}" == url if here.query else here.path == url
