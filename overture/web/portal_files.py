"""Files between a partner and a brand: sent in, their state, the file itself; asked each time whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404

from overture.accounts.models import Workspace
from overture.conversations.models import Conversation, Message
from overture.directory.models import PartnerUser
from overture.files.errors import Refused
from overture.files.mine import mine as files_of
from overture.files.models import Attachment
from overture.files.serve import answer_with
from overture.files.wording import refusal_words
from overture.web import portal_open as opened
from overture.web.portal_pages import portal_page
from overture.web.uploads import Kept, answer_chip, answer_upload, keep_sent


@dataclass(frozen=True)
class Given:
    """What can be attached; `kept`: what became of files sent with the form; `problem`: why it stops here."""

    attachments: list[Attachment]
    kept: list[Kept]
    problem: str = ""


@portal_page("POST")
def portal_files(request: HttpRequest, mine: PartnerUser, conversation: int) -> HttpResponse:
    """For a reply; it belongs to nothing until a message holds it."""
    row = opened.find_conversation(mine, conversation)
    kept = keep_sent(request, workspace_id=row.workspace_id, user=mine.user)
    return answer_upload(request, kept, opened.files_at(opened.thread_url(mine, row)))


@portal_page("GET", "HEAD")
def portal_file(request: HttpRequest, mine: PartnerUser, conversation: int, attachment: int) -> HttpResponse:
    row = opened.find_conversation(mine, conversation)
    return answer_chip(request, _find(mine, row, attachment), opened.files_at(opened.thread_url(mine, row)))


@portal_page("GET", "HEAD")
def portal_file_content(
    request: HttpRequest, mine: PartnerUser, conversation: int, attachment: int, file_name: str
) -> HttpResponseBase:
    """The name in the address is for whoever reads it; what counts is the number."""
    return answer_with(_find(mine, opened.find_conversation(mine, conversation), attachment))


@portal_page("GET", "HEAD")
def portal_file_preview(
    request: HttpRequest, mine: PartnerUser, conversation: int, attachment: int
) -> HttpResponseBase:
    row = opened.find_conversation(mine, conversation)
    return answer_with(_find(mine, row, attachment), is_preview=True)


@portal_page("POST")
def portal_brand_files(request: HttpRequest, mine: PartnerUser, brand: str) -> HttpResponse:
    """For a first message."""
    workspace = opened.brand_of(mine, brand)
    kept = keep_sent(request, workspace_id=workspace.pk, user=mine.user)
    return answer_upload(request, kept, opened.files_at(opened.brand_url(mine, workspace)))


@portal_page("GET", "HEAD")
def portal_brand_file(request: HttpRequest, mine: PartnerUser, brand: str, attachment: int) -> HttpResponse:
    """Before the first message is sent nobody but who gave it sees it, and it is not handed out again."""
    workspace = opened.brand_of(mine, brand)
    found = get_object_or_404(_own(mine, workspace.pk), pk=attachment)
    return answer_chip(request, found, opened.files_at(opened.brand_url(mine, workspace)))


def given(request: HttpRequest, mine: PartnerUser, workspace: Workspace) -> Given:
    """`attachments` by number, `files` as files; one that is refused stops the message."""
    kept = keep_sent(request, workspace_id=workspace.pk, user=mine.user)
    sent = [each.attachment.pk for each in kept if each.attachment]
    try:
        found = _meant_for(workspace, [*request.POST.getlist("attachments"), *sent], mine)
    except Refused as refused:
        return Given([], kept, refusal_words(refused))
    refusals = [each for each in kept if each.words]
    return Given(found, refusals, refusals[0].words if refusals else "")


def chosen(request: HttpRequest, mine: PartnerUser, workspace: Workspace) -> list[Attachment] | None:
    """For a draft: those ticked; None where the form says nothing of files, or one is not theirs any more."""
    if "has_files" not in request.POST:
        return None
    try:
        return _meant_for(workspace, request.POST.getlist("attachments"), mine)
    except Refused:
        return None


def _meant_for(workspace: Workspace, numbers: Sequence[str | int], mine: PartnerUser) -> list[Attachment]:
    """Given for this brand: what was given for another one is between those two."""
    found = files_of(numbers, user=mine.user)
    if any(each.workspace_id != workspace.pk for each in found):
        raise Refused("unknown_file")
    return found


def _find(mine: PartnerUser, row: Conversation, number: int) -> Attachment:
    """What a message of this conversation holds, and what the person gave for it and did not send yet."""
    held = Attachment.objects.filter(
        messages__conversation=row, messages__withdrawn_at=None, messages__way=Message.Way.MESSAGE
    ).values("pk")  # fmt: skip
    own = _own(mine, row.workspace_id).values("pk")
    found: Attachment = get_object_or_404(
        Attachment.objects.filter(Q(pk__in=held) | Q(pk__in=own)).select_related("stored"), pk=number
    )
    return found


def _own(mine: PartnerUser, workspace_id: int) -> QuerySet[Attachment]:
    rows: QuerySet[Attachment] = Attachment.objects.given_by(user=mine.user).unsent()
    return rows.filter(workspace=workspace_id).select_related("stored")
