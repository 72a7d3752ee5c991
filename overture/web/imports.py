"""Importing prospects: send a sheet in, see what would become of it, then import; and take it back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.activity.models import Activity
from overture.lib.csv_in import CsvError
from overture.lib.paging import CursorError, Order
from overture.lib.paging import page as keyset_page
from overture.prospects.choose_imported import choose_imported
from overture.prospects.filters import PROSPECTS, Filter
from overture.prospects.import_headings import MappingError
from overture.prospects.import_refusals import as_csv, sentence
from overture.prospects.import_undo import UndoError, undo
from overture.prospects.imports import again, start, undo_later
from overture.prospects.models import Import
from overture.prospects.wording import failure_sentence
from overture.runs.models import Run
from overture.web.fragments import wants_fragment
from overture.web.import_wording import columns_of, field_choices
from overture.web.links import workspace_link
from overture.web.list_state import ListState
from overture.web.newest_first import newest_first
from overture.web.pages import page

# More would keep the page waiting.
_AT_ONCE = 1_000
_ENDED = (Run.State.DONE, Run.State.FAILED)


class FileForm(forms.Form):
    into = forms.ChoiceField(
        label=gettext_lazy("Import into"),
        choices=Import.Into.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label=gettext_lazy("File"), error_messages={"required": gettext_lazy("Choose a CSV file first.")}
    )


@page("GET", "HEAD")
def imports(request: HttpRequest, member: Membership) -> HttpResponse:
    """Earlier imports; a dry run stands here only while it works."""
    rows = Import.objects.visible_to(member).filter(is_dry_run=False).defer("content")
    listed = newest_first(rows.select_related("run__member__user"), request.GET)
    return render(
        request, "imports/list.html", {"page": listed, "may_import": member.can(Permission.MANAGE_PROSPECTS)}
    )


@page("GET", "HEAD", "POST", needs=Permission.MANAGE_PROSPECTS)
def import_new(request: HttpRequest, member: Membership) -> HttpResponse:
    begin = {"into": request.GET.get("into") or Import.Into.PROSPECTS}
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm(initial=begin)
    if request.method == "POST" and form.is_valid():
        file, into = form.cleaned_data["file"], form.cleaned_data["into"] or Import.Into.PROSPECTS
        try:
            imported = start(member, file, file.name, dry_run=True, into=into)
        except CsvError as error:
            form.add_error("file", failure_sentence(error.code))
        else:
            return redirect("web:import", workspace=member.workspace.slug, imported=imported.pk)
    shown = {"form": form, "is_operator": member.user.is_operator}
    return render(request, "imports/new.html", shown, status=422 if form.errors else 200)


@page("GET", "HEAD")
def import_one(request: HttpRequest, member: Membership, imported: int) -> HttpResponse:
    """Progress while it works, then the result; htmx asks for the progress alone and reloads at the end."""
    row = _find(member, imported)
    is_ended = row.run.state in _ENDED
    if wants_fragment(request) and "undoing" in request.GET:
        answer = HttpResponse(status=204)
        if row.run.undone_at:
            answer.headers["HX-Redirect"] = request.path
        return answer
    if wants_fragment(request):
        answer = render(request, "imports/_progress.html", {"imported": row})
        if is_ended:
            answer.headers["HX-Refresh"] = "true"
        return answer
    shown = {"imported": row, "is_ended": is_ended, **(_result(request, member, row) if is_ended else {})}
    return render(request, "imports/one.html", shown)


@page("POST", writes=Permission.MANAGE_PROSPECTS)
def import_mapping(request: HttpRequest, member: Membership, imported: int) -> HttpResponse:
    """Another meaning for columns: checked once more before anything is imported."""
    row = _find(member, imported)
    chosen = {
        str(column): request.POST[f"column-{column}"]
        for column in range(len(row.columns))
        if f"column-{column}" in request.POST
    }
    return _again(request, member, row, chosen, dry_run=True)


@page("POST", writes=Permission.MANAGE_PROSPECTS)
def import_confirm(request: HttpRequest, member: Membership, imported: int) -> HttpResponse:
    """Imports for real what the dry run showed."""
    return _again(request, member, _find(member, imported), None, dry_run=False)


@page("GET", "HEAD")
def import_refused(request: HttpRequest, member: Membership, imported: int) -> HttpResponseBase:
    row = _find(member, imported)
    answer = StreamingHttpResponse(as_csv(row), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="refused-{row.pk}.csv"'
    return answer


@page("POST")
def import_select(request: HttpRequest, member: Membership, imported: int) -> HttpResponse:
    """Shows the imported prospects: as a selection, to be looked at and written to."""
    selection = choose_imported(member, _find(member, imported))
    state = ListState(member, PROSPECTS, Filter()).with_selection(selection)
    return redirect(state.showing_chosen(True).url)


@page("POST", writes=Permission.MANAGE_PROSPECTS)
def import_undo(request: HttpRequest, member: Membership, imported: int) -> HttpResponse:
    """At once; a large one in a job, for which the page waits."""
    row = _find(member, imported)
    here = workspace_link(member, "web:import", imported=row.pk)
    is_large = row.created_count + row.updated_count > _AT_ONCE
    try:
        if is_large:
            undo_later(member, row)
        else:
            undo(member, row)
    except UndoError as error:
        messages.error(request, _PROBLEMS[error.code])
        return redirect(here)
    return redirect(f"{here}?undoing" if is_large else here)


_PROBLEMS = {
    "dry_run": gettext_lazy("This was a check only; there is nothing to undo."),
    "directory": gettext_lazy(
        "An import into the directory cannot be undone: workspaces work with it already."
    ),
    "not_done": gettext_lazy("This import has not ended yet."),
    "undone": gettext_lazy("This import was undone already."),
}


def _undone(member: Membership, row: Import) -> str:
    """What went, what is as before, and what stays: only what there was. Empty for what is not undone."""
    if not row.run.undone_at:
        return ""
    told = Activity.objects.visible_to(member).filter(verb="import_undone", facts__imported=row.pk)
    facts = told.values_list("facts", flat=True).first() or {}
    removed, restored, kept = counts = [facts.get(name, 0) for name in ("removed", "restored", "kept")]
    parts = [
        ngettext("%(n)s prospect removed.", "%(n)s prospects removed.", removed),
        ngettext("%(n)s put back as it was.", "%(n)s put back as they were.", restored),
        ngettext(
            "%(n)s is kept, because it was contacted or worked on since.",
            "%(n)s are kept, because they were contacted or worked on since.",
            kept,
        ),
    ]
    worded = [
        part % {"n": number_format(count, force_grouping=True)}
        for part, count in zip(parts, counts, strict=True)
        if count
    ]
    return " ".join([_("The import is undone."), *worded])


def _find(member: Membership, number: int) -> Import:
    rows = Import.objects.visible_to(member).select_related("run__member__user")
    found: Import = get_object_or_404(rows, pk=number)
    return found


def _again(
    request: HttpRequest, member: Membership, row: Import, mapping: dict[str, str] | None, *, dry_run: bool
) -> HttpResponse:
    try:
        made = again(member, row, mapping, dry_run=dry_run)
    except MappingError as error:
        messages.error(request, failure_sentence(error.code))
        made = row
    except Import.DoesNotExist:
        messages.error(request, _("The file is not kept any more. Send it in again."))
        return redirect("web:import_new", workspace=member.workspace.slug)
    return redirect("web:import", workspace=member.workspace.slug, imported=made.pk)


def _result(request: HttpRequest, member: Membership, row: Import) -> dict[str, Any]:
    try:
        refused = keyset_page(row.refusals.all(), Order("line"), request.GET.get("cursor", ""))
    except CursorError:
        refused = keyset_page(row.refusals.all(), Order("line"))
    return {
        "problem": failure_sentence(row.run.problem) if row.run.state == Run.State.FAILED else "",
        "columns": columns_of(row) if row.is_dry_run else [],
        "fields": field_choices(row),
        "is_undoing": "undoing" in request.GET and not row.run.undone_at,
        "undone": _undone(member, row),
        "will_import": row.created_count + row.updated_count,
        "refused": refused,
        "refusals": [(each, sentence(each)) for each in refused],
        "may_import": member.can(Permission.MANAGE_PROSPECTS),
    }
