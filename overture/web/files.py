"""Files of a workspace: sending one in, its state, the file itself and its preview."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.files.models import Attachment
from overture.files.serve import answer_with
from overture.web.pages import page
from overture.web.uploads import answer_chip, answer_upload, keep_sent


@page("POST", writes=Permission.MESSAGE)
def files(request: HttpRequest, member: Membership) -> HttpResponse:
    """Keeps what is sent; it belongs to nothing until a message or an e-mail holds it."""
    kept = keep_sent(request, workspace_id=member.workspace_id, member=member)
    return answer_upload(request, kept, files_at(member))


@page("GET", "HEAD")
def file(request: HttpRequest, member: Membership, attachment: int) -> HttpResponse:
    return answer_chip(request, _find(member, attachment), files_at(member))


@page("GET", "HEAD")
def file_content(
    request: HttpRequest, member: Membership, attachment: int, file_name: str
) -> HttpResponseBase:
    """The name in the address is for whoever reads it; what counts is the number."""
    return answer_with(_find(member, attachment))


@page("GET", "HEAD")
def file_preview(request: HttpRequest, member: Membership, attachment: int) -> HttpResponseBase:
    return answer_with(_find(member, attachment), is_preview=True)


def files_at(member: Membership) -> str:
    return reverse("web:files", args=[member.workspace.slug])


def _find(member: Membership, number: int) -> Attachment:
    rows = Attachment.objects.visible_to(member).select_related("stored")
    found: Attachment = get_object_or_404(rows, pk=number)
    return found
