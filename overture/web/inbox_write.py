"""Writes messages: into a thread, as the first to a partner, changed, taken back, kept as a draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.conversations.draft import save_draft
from overture.conversations.edit import edit, withdraw
from overture.conversations.errors import MessageError
from overture.conversations.models import Conversation, Message
from overture.conversations.post import post, why_not
from overture.conversations.wording import message_words, why_words
from overture.directory.find import leads_to
from overture.directory.models import Partner
from overture.marketplace.contact import message_to
from overture.prospects.models import Prospect
from overture.web.fragments import wants_fragment
from overture.web.inbox import draw_open, show_inbox
from overture.web.inbox_files import Given, chosen, given
from overture.web.inbox_open import (
    Correspondent,
    compose_url,
    find_conversation,
    of_conversation,
    open_context,
)
from overture.web.inbox_state import state_behind
from overture.web.named_prospects import named, typed
from overture.web.pages import page


@page("POST", writes=Permission.MESSAGE)
def message_send(request: HttpRequest, member: Membership, conversation: int) -> HttpResponse:
    """The reply of a thread."""
    return _send(request, member, of_conversation(find_conversation(member, conversation)))


@page("GET", "HEAD", "POST", writes=Permission.MESSAGE)
def message_to_page(request: HttpRequest, member: Membership, partner: int) -> HttpResponse:
    """The first message to a partner, who becomes a prospect with it; where there is a thread, that one."""
    who = correspondent(member, partner)
    if request.method == "POST":
        return _send(request, member, who)
    state = state_behind(request, member)
    if who.conversation is not None:
        return redirect(state.thread_url(who.conversation.pk))
    if who.partner.pk != partner:
        return redirect(compose_url(member, who.partner.pk))
    shown = open_context(state, who)
    return draw_open(request, shown) if wants_fragment(request) else show_inbox(request, member, shown)


@page("POST", writes=Permission.MESSAGE)
def draft_save(request: HttpRequest, member: Membership, partner: int) -> HttpResponse:
    """As one types. Answers nothing: what is typed stands on the page already."""
    who = correspondent(member, partner)
    save_draft(who.partner, request.POST.get("text", ""), chosen(request, member), member=member)
    return HttpResponse(status=204)


@page("GET", "HEAD")
def message_new(request: HttpRequest, member: Membership) -> HttpResponse:
    """Chooses whom to write to, by name: prospects, with the reason for those who take no messages."""
    q = typed(request)
    found = named(member, q)
    why = why_not(member, [each.partner for each in found])
    choices = [
        (each, compose_url(member, each.partner_id), why_words(why.get(each.partner_id, "")))
        for each in found
    ]
    shown = {"q": q, "choices": choices, "state": state_behind(request, member)}
    template = "conversations/_choices.html" if wants_fragment(request) else "conversations/new.html"
    return render(request, template, shown)


@page("GET", "HEAD", "POST", writes=Permission.MESSAGE)
def message_edit(request: HttpRequest, member: Membership, conversation: int, message: int) -> HttpResponse:
    """A page of its own without script; in place of the message with it."""
    row, found = _message(member, conversation, message)
    problem, text = "", found.text
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            edit(found, text, member=member)
            return _after(request, member, row)
        except MessageError as error:
            problem = message_words(error)
    state = state_behind(request, member)
    shown = {"message": found, "text": text, "problem": problem, "back": state.thread_url(row.pk)}
    shown["action"] = request.get_full_path()
    is_fragment = wants_fragment(request)
    template = "conversations/_edit.html" if is_fragment else "conversations/edit.html"
    return render(request, template, shown, status=422 if problem and not is_fragment else 200)


@page("POST", writes=Permission.MESSAGE)
def message_withdraw(
    request: HttpRequest, member: Membership, conversation: int, message: int
) -> HttpResponse:
    row, found = _message(member, conversation, message)
    try:
        withdraw(found, member=member)
        messages.success(request, _("The message is withdrawn."))
    except MessageError as error:
        messages.error(request, message_words(error))
    return _after(request, member, row)


def correspondent(member: Membership, mpid: int) -> Correspondent:
    """Whom the member sees, and who is a prospect or wrote before, whatever became of their listing."""
    number = leads_to(mpid)
    seen = Q(pk__in=Partner.objects.visible_to(member).filter(pk=number).values("pk"))
    known = Q(prospect__workspace_id=member.workspace_id) | Q(conversation__workspace_id=member.workspace_id)
    partner: Partner | None = Partner.objects.filter(seen | known, pk=number).distinct().first()
    if partner is None:
        raise Http404
    rows = Prospect.objects.visible_to(member).select_related("partner", "owner__user")
    threads = Conversation.objects.visible_to(member).filter(partner=partner, top_message__isnull=False)
    prospect = rows.filter(partner=partner).first()
    number_of = threads.values_list("pk", flat=True).first()
    return Correspondent(
        partner, prospect, find_conversation(member, number_of) if number_of is not None else None
    )


def _send(request: HttpRequest, member: Membership, who: Correspondent) -> HttpResponse:
    text = request.POST.get("text", "")
    files = given(request, member)
    if files.problem:
        return _refused(request, member, who, files, files.problem)
    try:
        if who.conversation is not None:
            message = post(member, who.partner, text, files.attachments)
        else:
            message = message_to(member, who.partner.pk, text, files.attachments)
    except MessageError as error:
        return _refused(request, member, who, files, message_words(error))
    state = state_behind(request, member)
    if not wants_fragment(request):
        return redirect(state.thread_url(message.conversation_id))
    row = find_conversation(member, message.conversation_id)
    answer = draw_open(request, open_context(state, of_conversation(row)))
    answer.headers["HX-Push-Url"] = state.thread_url(row.pk)
    return answer


def _refused(
    request: HttpRequest, member: Membership, who: Correspondent, files: Given, problem: str
) -> HttpResponse:
    """The same page with what was typed and attached, and why it was not sent."""
    typed: dict[str, Any] = {"files": files.attachments, "kept": files.kept, "problem": problem}
    text = request.POST.get("text", "")
    shown = open_context(state_behind(request, member), who, text=text, **typed)
    if wants_fragment(request):
        return draw_open(request, shown)
    return show_inbox(request, member, shown, status=422)


def _message(member: Membership, conversation: int, number: int) -> tuple[Conversation, Message]:
    row = find_conversation(member, conversation)
    found = get_object_or_404(Message.objects.filter(conversation=row), pk=number)
    if found.member_id != member.pk:
        raise PermissionDenied("author")
    return row, found


def _after(request: HttpRequest, member: Membership, row: Conversation) -> HttpResponse:
    state = state_behind(request, member)
    if not wants_fragment(request):
        return redirect(state.thread_url(row.pk))
    return draw_open(request, open_context(state, of_conversation(find_conversation(member, row.pk))))
