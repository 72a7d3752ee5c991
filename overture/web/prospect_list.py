"""The table of prospects, a page or the fragment that htmx gets; Prospects and Partners are the same list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.lib.paging import PAGE_SIZE, CursorError, Page
from overture.prospects import selection as selections
from overture.prospects.filters import Filter, FilterError, matching
from overture.prospects.models import Group, Prospect, Stage
from overture.prospects.sorting import sorted_page
from overture.web.filter_chips import chips
from overture.web.fragments import wants_fragment
from overture.web.links import workspace_link
from overture.web.list_state import ListState, state_of
from overture.web.prospect_rows import rows_for, with_details

_COLUMNS = (("name", "name"), ("stage", "stage"), ("active_at", "-active_at"))


def show_list(
    request: HttpRequest, member: Membership, origin: str, side: Mapping[str, Any] | None = None
) -> HttpResponse:
    """The list its address asks for; `side` is what stands in the panel beside it."""
    try:
        state = state_of(request, member, origin)
        ended = _has_ended(state)
        shown = list_context(state.with_selection(None) if ended else state)
    except FilterError:
        messages.warning(request, _("The address held a filter that means nothing. The list begins anew."))
        return redirect(ListState(member, origin, Filter()).url)
    except CursorError:
        return redirect(state.on_page("", 1).url)
    if ended and state.selection:
        _tell_ended(request, shown["state"], state.selection.pk)
    # A click in the panel's address draws the page; a search or a page link draws its work alone.
    is_fragment = wants_fragment(request)
    template = "prospects/_fragment.html" if is_fragment else f"{origin}/list.html"
    answer = render(request, template, {**shown, **(side or {})})
    if is_fragment:
        answer.headers["HX-Push-Url"] = shown["state"].url
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def list_context(state: ListState) -> dict[str, Any]:
    """Everything the table shows. Raises CursorError."""
    member = state.member
    found = _found(state)
    listed = sorted_page(with_details(found), state.sort, state.cursor)
    total = found.count()
    on_page = selections.page_state(member, state.selection, [prospect.pk for prospect in listed])
    rows = rows_for(state, listed, on_page.chosen)
    return {
        **chosen_context(state, total, on_page.head, len(rows)),
        "rows": rows,
        "page_ids": ",".join(str(row.prospect.pk) for row in rows),
        "listed": listed,
        "all_count": _all_count(state, total),
        "pager": _pager(state, listed, total),
        "chips": chips(state),
        "sorts": _sorts(state),
        "is_new": not total and state.wanted.is_empty and not state.is_chosen_only,
        "to_archived": state.with_filter(Filter(archived=True)).with_selection(None).url,
        "to_unarchived": state.with_filter(Filter()).with_selection(None).url,
        "all_shown_url": state.showing_chosen(False).url,
        "search_kept": parse_qsl(state.without("q").query.removeprefix("?")),
        "clear_url": state.with_filter(Filter(archived=state.wanted.archived)).url,
    }


def chosen_context(state: ListState, total: int, head: str, page_count: int) -> dict[str, Any]:
    """The bulk bar and the banner: what is chosen, what of it is not shown, what could be chosen."""
    member, selection = state.member, state.selection
    count = selections.count(member, selection) if selection else 0
    hidden = (
        selections.not_shown(member, selection, state.wanted)
        if selection and count and not state.is_chosen_only
        else 0
    )
    has_all = bool(selection) and selections.filter_of(selection) == state.wanted if selection else False
    return {
        "state": state,
        "origin": state.origin,
        "total": total,
        "select_url": f"{state.path}/select{state.query}",
        "select_all_url": f"{state.path}/select-all{state.query}",
        "email_new": workspace_link(member, "web:email_new"),
        "head": head,
        "page_count": page_count,
        "chosen_count": count,
        "hidden_count": hidden,
        "hidden_url": state.showing_chosen(True).url,
        "has_all": has_all,
        "may_choose_all": head == "all" and total > page_count and not has_all and not state.is_chosen_only,
        "may": may(member, count),
        **(_bulk_choices(member) if count else {}),
    }


def may(member: Membership, count: int = 1) -> dict[str, bool]:
    """What the page offers: buttons that would be refused are not drawn."""
    writes = member.can(Permission.MANAGE_PROSPECTS)
    many = member.can(Permission.EMAIL_MANY)
    return {
        "write": writes,
        "email": many or (count == 1 and member.can(Permission.EMAIL_ONE)),
        "email_one": member.can(Permission.EMAIL_ONE),
        "export": member.can(Permission.EXPORT),
        "message": member.can(Permission.MESSAGE),
    }


def row_context(state: ListState, prospect: Prospect) -> dict[str, Any]:
    """One row drawn anew after something changed in the panel."""
    found = with_details(Prospect.objects.visible_to(state.member).filter(pk=prospect.pk))
    chosen = selections.page_state(state.member, state.selection, [prospect.pk]).chosen
    return {
        "row": rows_for(state, found, chosen)[0],
        "state": state,
        "email_new": workspace_link(state.member, "web:email_new"),
        "may": may(state.member),
        "origin": state.origin,
    }


def _found(state: ListState) -> Any:
    if state.is_chosen_only and state.selection:
        return selections.chosen(state.member, state.selection)
    return matching(state.member, state.wanted, state.origin)


def _has_ended(state: ListState) -> bool:
    """Whether "all that match" was chosen and the filter is another one now."""
    if state.selection is None:
        return False
    return selections.filter_of(state.selection) not in (None, state.wanted)


def _tell_ended(request: HttpRequest, state: ListState, selection_id: int) -> None:
    undo = workspace_link(state.member, "web:selection", selection=selection_id)
    messages.info(
        request,
        _("The filter changed, so not everything that matches is selected any more."),
        extra_tags=f"undo:{undo}",
    )


def _all_count(state: ListState, total: int) -> int:
    """Of how many the list shows `total`."""
    whole = Filter(archived=state.wanted.archived)
    if state.wanted == whole and not state.is_chosen_only:
        return total
    return matching(state.member, whole, state.origin).count()


def _pager(state: ListState, listed: Page[Prospect], total: int) -> dict[str, str]:
    count = len(listed)
    at = min(state.at, max(total - count, 0) + 1) if listed.previous is not None else 1
    if listed.next is None:
        at = max(total - count, 0) + 1
    summary = _("%(first)s–%(last)s of %(total)s") % {
        "first": _grouped(at),
        "last": _grouped(at + count - 1),
        "total": _grouped(total),
    }

    def link(cursor: str | None, place: int) -> str:
        return "" if cursor is None else state.on_page(cursor, place).url

    return {
        "summary": summary if count else ngettext("%(n)s prospect", "%(n)s prospects", 0) % {"n": 0},
        "first": link(listed.first, 1),
        "previous": link(listed.previous, at - PAGE_SIZE),
        "next": link(listed.next, at + count),
        "last": link(listed.last, total - PAGE_SIZE + 1),
    }


def _grouped(number: int) -> str:
    return number_format(number, force_grouping=True)


def _sorts(state: ListState) -> dict[str, dict[str, str]]:
    """For each column that sorts: where a click leads, and the direction it is sorted by now."""
    told = {}
    for name, first in _COLUMNS:
        way = {name: "ascending", f"-{name}": "descending"}.get(state.sort, "")
        other = f"-{name}" if way == "ascending" else name
        told[name] = {"url": state.sorted_by(other if way else first).url, "way": way}
    return told


def _bulk_choices(member: Membership) -> dict[str, Any]:
    return {
        # Nobody goes back to New.
        "stages": [each for each in Stage.choices if each[0] != Stage.NEW],
        "groups": Group.objects.visible_to(member).order_by("name"),
        "owners": Membership.objects.visible_to(member).select_related("user").order_by("user__name"),
    }
