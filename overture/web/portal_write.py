"""The partner writes: answers, begins where a brand allows it, changes and takes back, stops a brand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from overture.accounts.models import User, Workspace
from overture.conversations import block as blocking
from overture.conversations.answer import answer, begin
from overture.conversations.draft import save_draft
from overture.conversations.edit import edit, withdraw
from overture.conversations.errors import MessageError
from overture.conversations.models import Conversation, Message
from overture.conversations.wording import message_words
from overture.directory.models import PartnerUser
from overture.web import portal_open as opened
from overture.web.fragments import wants_fragment
from overture.web.portal_files import Given, chosen, given
from overture.web.portal_inbox import draw_open, open_context, show_inbox
from overture.web.portal_pages import portal_page


@portal_page("POST")
def portal_answer(request: HttpRequest, mine: PartnerUser, conversation: int) -> HttpResponse:
    row = opened.find_conversation(mine, conversation)
    files = given(request, mine, row.workspace)
    if files.problem:
        return _refused(request, mine, row, files, files.problem)
    try:
        answer(mine.user, row, request.POST.get("text", ""), files.attachments)
    except MessageError as error:
        return _refused(request, mine, row, files, message_words(error))
    return after(request, mine, row.pk)


@portal_page("GET", "HEAD", "POST")
def portal_brand(request: HttpRequest, mine: PartnerUser, brand: str) -> HttpResponse:
    """A first message to a brand that takes them; where there is a thread, that one."""
    workspace = opened.brand_of(mine, brand)
    known = opened.conversations_of(mine).filter(workspace=workspace).first()
    if known is not None and request.method != "POST":
        return redirect(opened.thread_url(mine, known))
    typed: dict[str, Any] = {}
    if request.method == "POST":
        text, files = request.POST.get("text", ""), given(request, mine, workspace)
        typed = {"text": text, "files": files.attachments, "kept": files.kept, "problem": files.problem}
        if not files.problem:
            try:
                message = begin(mine.user, mine.partner, workspace, text, files.attachments)
                return _to(request, mine, message.conversation_id)
            except MessageError as error:
                typed["problem"] = message_words(error)
    here = opened.brand_url(mine, workspace)
    shown = {
        "begin": workspace,
        "name": workspace.name,
        "here": here,
        "files_at": opened.files_at(here),
        "entries": [],
        "reply": opened.reply_context(mine, workspace, None, **typed),
    }
    is_fragment = wants_fragment(request)
    if is_fragment:
        return draw_open(request, mine, shown)
    return show_inbox(request, mine, shown, status=422 if typed else 200)


@portal_page("POST")
def portal_draft(request: HttpRequest, mine: PartnerUser, conversation: int) -> HttpResponse:
    """As one types. Answers nothing: what is typed stands on the page already."""
    return _keep(request, mine, opened.find_conversation(mine, conversation).workspace)


@portal_page("POST")
def portal_brand_draft(request: HttpRequest, mine: PartnerUser, brand: str) -> HttpResponse:
    return _keep(request, mine, opened.brand_of(mine, brand))


@portal_page("GET", "HEAD", "POST")
def portal_message_edit(
    request: HttpRequest, mine: PartnerUser, conversation: int, message: int
) -> HttpResponse:
    """A page of its own without script; in place of the message with it."""
    row, found = _message(mine, conversation, message)
    text, problem = request.POST.get("text", found.text), ""
    if request.method == "POST":
        try:
            edit(found, text, user=mine.user)
            return after(request, mine, row.pk)
        except MessageError as error:
            problem = message_words(error)
    shown = {
        "message": found,
        "text": text,
        "problem": problem,
        "back": opened.thread_url(mine, row),
        "action": request.path,
    }
    is_fragment = wants_fragment(request)
    template = "conversations/_edit.html" if is_fragment else "portal/edit.html"
    return render(request, template, shown, status=422 if problem and not is_fragment else 200)


@portal_page("POST")
def portal_message_withdraw(
    request: HttpRequest, mine: PartnerUser, conversation: int, message: int
) -> HttpResponse:
    row, found = _message(mine, conversation, message)
    try:
        withdraw(found, user=mine.user)
        messages.success(request, _("The message is withdrawn."))
    except MessageError as error:
        messages.error(request, message_words(error))
    return after(request, mine, row.pk)


@portal_page("POST")
def portal_block(request: HttpRequest, mine: PartnerUser, conversation: int) -> HttpResponse:
    return _stop(request, mine, conversation, blocking.block, _("%(name)s can no longer write to you."))


@portal_page("POST")
def portal_unblock(request: HttpRequest, mine: PartnerUser, conversation: int) -> HttpResponse:
    return _stop(request, mine, conversation, blocking.unblock, _("%(name)s may write to you again."))


@portal_page("POST")
def portal_spam(request: HttpRequest, mine: PartnerUser, conversation: int) -> HttpResponse:
    told = _("%(name)s is reported as spam and can no longer write to you.")
    return _stop(request, mine, conversation, blocking.report_spam, told)


def after(request: HttpRequest, mine: PartnerUser, number: int) -> HttpResponse:
    row = opened.find_conversation(mine, number)
    if not wants_fragment(request):
        return redirect(opened.thread_url(mine, row))
    return draw_open(request, mine, open_context(request, mine, row))


def _refused(
    request: HttpRequest, mine: PartnerUser, row: Conversation, files: Given, problem: str
) -> HttpResponse:
    """The same page with what was typed and attached, and why it was not sent."""
    typed: dict[str, Any] = {"files": files.attachments, "kept": files.kept, "problem": problem}
    shown = open_context(request, mine, row, text=request.POST.get("text", ""), **typed)
    if wants_fragment(request):
        return draw_open(request, mine, shown)
    return show_inbox(request, mine, shown, status=422)


def _to(request: HttpRequest, mine: PartnerUser, number: int) -> HttpResponse:
    """The whole page, also from htmx: the list beside it has a new thread."""
    answer = redirect("web:portal_conversation", partner=mine.partner_id, conversation=number)
    return HttpResponse(headers={"HX-Redirect": answer["Location"]}) if wants_fragment(request) else answer


def _keep(request: HttpRequest, mine: PartnerUser, workspace: Workspace) -> HttpResponse:
    text, files = request.POST.get("text", ""), chosen(request, mine, workspace)
    save_draft(mine.partner, text, files, user=mine.user, workspace=workspace)
    return HttpResponse(status=204)


def _message(mine: PartnerUser, conversation: int, number: int) -> tuple[Conversation, Message]:
    row = opened.find_conversation(mine, conversation)
    found = get_object_or_404(Message.objects.filter(conversation=row), pk=number)
    if found.user_id != mine.user_id:
        raise PermissionDenied("author")
    return row, found


def _stop(
    request: HttpRequest,
    mine: PartnerUser,
    conversation: int,
    verb: Callable[[User, Conversation], Any],
    told: str,
) -> HttpResponse:
    row = opened.find_conversation(mine, conversation)
    verb(mine.user, row)
    undo = "" if verb is blocking.unblock else f"undo:{opened.thread_url(mine, row)}/unblock"
    messages.success(request, told % {"name": row.workspace.name}, extra_tags=undo)
    return after(request, mine, row.pk)
