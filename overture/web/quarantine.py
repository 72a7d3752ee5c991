"""The operator's view of the virus scan: how the scanner stands, what it blocked, and when that goes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from overture.accounts.models import Membership
from overture.files.quarantine import KEPT, delete_now
from overture.files.quarantine import quarantine as blocked_files
from overture.files.standing import look, waiting
from overture.web.newest_first import newest_first
from overture.web.operator_pages import operator_page


@operator_page("GET", "HEAD")
def quarantine(request: HttpRequest, member: Membership) -> HttpResponse:
    listed = newest_first(blocked_files(member.user), request.GET)
    rows = [(each, each.scanned_at + KEPT if each.scanned_at else None) for each in listed.rows]
    shown = {"page": listed, "rows": rows, "scanner": look(), "waiting": waiting()}
    return render(request, "files/quarantine.html", shown)


@operator_page("POST")
def quarantine_delete(request: HttpRequest, member: Membership, blocked: int) -> HttpResponse:
    stored = get_object_or_404(blocked_files(member.user), pk=blocked)
    delete_now(member.user, stored)
    messages.success(request, _("The file is deleted. What was found stays on record."))
    return redirect("web:quarantine", workspace=member.workspace.slug)
