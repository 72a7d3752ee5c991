"""What is done with one prospect from its row or its record: archive, stage, owner, groups, notes."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.prospects import archive, owner, stage
from overture.prospects import group as groups
from overture.prospects import note as notes
from overture.prospects.models import Group, Note, Prospect, Stage
from overture.web.chosen import group_named, owner_named, tell_archived, tell_moved, tell_restored
from overture.web.list_state import state_behind
from overture.web.pages import page
from overture.web.prospect_panel import changed, find_prospect

_WRITES = Permission.MANAGE_PROSPECTS


@page("POST", writes=_WRITES)
def prospect_archive(request: HttpRequest, member: Membership, prospect: int) -> HttpResponse:
    tell_archived(request, member, archive.archive(member, _only(member, prospect)))
    return redirect(state_behind(request, member).url)


@page("POST", writes=_WRITES)
def prospect_unarchive(request: HttpRequest, member: Membership, prospect: int) -> HttpResponse:
    tell_restored(request, archive.restore(member, _only(member, prospect)))
    return redirect(state_behind(request, member).url)


@page("POST", writes=_WRITES)
def prospect_stage(request: HttpRequest, member: Membership, prospect: int) -> HttpResponse:
    row = find_prospect(member, prospect)
    name = request.POST.get("stage", "")
    if name in Stage.values:
        tell_moved(request, stage.move(member, _only(member, prospect), name), name)
    return changed(request, state_behind(request, member), row)


@page("POST", writes=_WRITES)
def prospect_owner(request: HttpRequest, member: Membership, prospect: int) -> HttpResponse:
    row = find_prospect(member, prospect)
    owner.assign(member, _only(member, prospect), owner_named(request, member))
    return changed(request, state_behind(request, member), row)


@page("POST", writes=_WRITES)
def prospect_group(request: HttpRequest, member: Membership, prospect: int) -> HttpResponse:
    row = find_prospect(member, prospect)
    if label := group_named(request, member):
        groups.add(member, _only(member, prospect), label)
    return changed(request, state_behind(request, member), row)


@page("POST", writes=_WRITES)
def prospect_ungroup(request: HttpRequest, member: Membership, prospect: int, group: int) -> HttpResponse:
    row = find_prospect(member, prospect)
    label = get_object_or_404(Group.objects.visible_to(member), pk=group)
    groups.remove(member, _only(member, prospect), label)
    return changed(request, state_behind(request, member), row)


@page("POST", writes=_WRITES)
def note_new(request: HttpRequest, member: Membership, prospect: int) -> HttpResponse:
    row = find_prospect(member, prospect)
    try:
        notes.add(member, row, request.POST.get("text", ""))
    except notes.NoteError as error:
        messages.error(request, note_problem(error))
    return changed(request, state_behind(request, member), row)


@page("POST", writes=_WRITES)
def note_delete(request: HttpRequest, member: Membership, prospect: int, note: int) -> HttpResponse:
    row = find_prospect(member, prospect)
    notes.delete(member, get_object_or_404(Note.objects.visible_to(member), pk=note, prospect=row))
    return changed(request, state_behind(request, member), row)


def note_problem(error: notes.NoteError) -> str:
    if error.code == "empty":
        return _("A note needs a text.")
    return _("A note has at most %(most)d characters.") % {"most": notes.LONGEST}


def _only(member: Membership, number: int) -> QuerySet[Prospect]:
    """The one row as the verbs want it; Http404 where there is none."""
    find_prospect(member, number)
    rows: QuerySet[Prospect] = Prospect.objects.visible_to(member).filter(pk=number)
    return rows
