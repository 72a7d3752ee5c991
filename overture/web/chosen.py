"""What is done with a whole selection, one statement each: stage, group, owner, archive, export."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet, Value
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import number_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.directory.models import Plain, plain
from overture.prospects import archive, export, group, owner, stage
from overture.prospects import selection as selections
from overture.prospects.filters import FilterError, matching
from overture.prospects.models import Group, Prospect, Stage
from overture.web.links import workspace_link
from overture.web.list_state import state_behind, state_of
from overture.web.pages import page
from overture.web.selections import find_selection

_WRITES = Permission.MANAGE_PROSPECTS


@page("POST", writes=_WRITES)
def chosen_stage(request: HttpRequest, member: Membership, selection: int) -> HttpResponse:
    rows = _rows(member, selection)
    name = request.POST.get("stage", "")
    if name in Stage.values:
        tell_moved(request, stage.move(member, rows, name), name)
    return _back(request, member)


@page("POST", writes=_WRITES)
def chosen_group(request: HttpRequest, member: Membership, selection: int) -> HttpResponse:
    """Into a group of the workspace by `group`, or by `name` into one that is made when it is not there."""
    rows = _rows(member, selection)
    label = group_named(request, member)
    if label is not None:
        count = group.add(member, rows, label)
        text = ngettext(
            "%(count)s prospect added to %(name)s.", "%(count)s prospects added to %(name)s.", count
        )
        messages.success(request, text % {"count": number_format(count), "name": label.name})
    return _back(request, member)


@page("POST", writes=_WRITES)
def chosen_owner(request: HttpRequest, member: Membership, selection: int) -> HttpResponse:
    rows = _rows(member, selection)
    new = owner_named(request, member)
    count = owner.assign(member, rows, new)
    text = (
        ngettext(
            "%(name)s looks after %(count)s prospect more.",
            "%(name)s looks after %(count)s prospects more.",
            count,
        )
        if new
        else ngettext("%(count)s prospect has no owner now.", "%(count)s prospects have no owner now.", count)
    )
    messages.success(request, text % {"count": number_format(count), "name": new})
    return _back(request, member)


@page("POST", writes=_WRITES)
def chosen_archive(request: HttpRequest, member: Membership, selection: int) -> HttpResponse:
    tell_archived(request, member, archive.archive(member, _rows(member, selection)))
    return redirect(state_behind(request, member).with_selection(None).url)


@page("POST", writes=_WRITES)
def chosen_unarchive(request: HttpRequest, member: Membership, selection: int) -> HttpResponse:
    tell_restored(request, archive.restore(member, _rows(member, selection)))
    return redirect(state_behind(request, member).with_selection(None).url)


@page("POST", writes=_WRITES)
def archive_undo(request: HttpRequest, member: Membership) -> HttpResponse:
    """Brings back what was archived together; `token` says what."""
    count = archive.undo(member, request.GET.get("token", ""))
    tell_restored(request, count)
    return redirect(state_behind(request, member).url)


@page("GET", "HEAD", needs=Permission.EXPORT)
def chosen_export(request: HttpRequest, member: Membership, selection: int) -> HttpResponseBase:
    return _csv(member, _rows(member, selection), "prospects")


@page("GET", "HEAD", needs=Permission.EXPORT)
def list_export(request: HttpRequest, member: Membership, origin: str) -> HttpResponseBase:
    """All that match the filter of the address."""
    try:
        state = state_of(request, member, origin)
    except FilterError:
        return _back(request, member)
    return _csv(member, matching(member, state.wanted, origin), origin)


def group_named(request: HttpRequest, member: Membership) -> Group | None:
    """The group meant by `group` or `name`, made when it is new; None, and said, when it cannot be."""
    if number := request.POST.get("group", ""):
        known: Group = get_object_or_404(Group.objects.visible_to(member), pk=_number(number))
        return known
    name = request.POST.get("name", "")
    try:
        return group.make(member, name)
    except group.GroupError as error:
        if error.code == "taken":
            return _same_name(member, name)
        messages.error(request, group_problem(error))
        return None


def group_problem(error: group.GroupError) -> str:
    return {
        "empty": _("A group needs a name."),
        "too_long": _("The name of a group has at most %(most)d characters.") % {"most": group.LONGEST},
        "taken": _("There is a group of this name already."),
    }[error.code]


def owner_named(request: HttpRequest, member: Membership) -> Membership | None:
    """The member meant by `owner`; nobody for 0. Http404 for who is not of the workspace."""
    number = _number(request.POST.get("owner", ""))
    if number == 0:
        return None
    found: Membership = get_object_or_404(
        Membership.objects.visible_to(member).select_related("user"), pk=number
    )
    return found


def tell_moved(request: HttpRequest, moved: stage.Moved, name: str) -> None:
    facts = {"count": number_format(moved.count), "stage": Stage(name).label}
    if moved.count or not moved.not_allowed:
        text = ngettext(
            "%(count)s prospect is now %(stage)s.", "%(count)s prospects are now %(stage)s.", moved.count
        )
        messages.success(request, text % facts)
    if moved.not_allowed:
        text = ngettext(
            "%(count)s prospect stays where it is: its stage does not lead to %(stage)s.",
            "%(count)s prospects stay where they are: their stage does not lead to %(stage)s.",
            moved.not_allowed,
        )
        messages.warning(request, text % {**facts, "count": number_format(moved.not_allowed)})


def tell_archived(request: HttpRequest, member: Membership, done: archive.Archived) -> None:
    text = ngettext("%(count)s prospect archived.", "%(count)s prospects archived.", done.count)
    query = request.GET.copy()
    query["token"] = done.token
    undo = f"{workspace_link(member, 'web:archive_undo')}?{query.urlencode()}"
    messages.success(
        request, text % {"count": number_format(done.count)}, extra_tags=f"undo:{undo}" if done.count else ""
    )


def tell_restored(request: HttpRequest, count: int) -> None:
    text = ngettext(
        "%(count)s prospect taken out of the archive.", "%(count)s prospects taken out of the archive.", count
    )
    messages.success(request, text % {"count": number_format(count)})


def _rows(member: Membership, number: int) -> QuerySet[Prospect]:
    return selections.chosen(member, find_selection(member, number))


def _back(request: HttpRequest, member: Membership) -> HttpResponse:
    return redirect(state_behind(request, member).url)


def _same_name(member: Membership, name: str) -> Group:
    """The group that a name means, whatever its capitals and accents."""
    plain_name = Plain(Value(" ".join(name.replace("\0", " ").split())))
    found: Group = Group.objects.visible_to(member).alias(plain=plain("name")).get(plain=plain_name)
    return found


def _csv(member: Membership, rows: QuerySet[Prospect], name: str) -> HttpResponseBase:
    answer = StreamingHttpResponse(export.export(member, rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{localdate():%Y-%m-%d}.csv"'
    return answer


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1
