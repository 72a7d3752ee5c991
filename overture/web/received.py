"""A received e-mail as it came: a page of ours around a frame that runs nothing and loads nothing."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from csp.decorators import csp
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import mark_safe
from django.views.decorators.clickjacking import xframe_options_sameorigin

from overture.accounts.models import Membership
from overture.conversations.inbox import name_of, writer_of
from overture.conversations.models import Message
from overture.web.inbox_open import find_conversation
from overture.web.links import workspace_link
from overture.web.pages import page

_NOTHING = {
    "default-src": ["'none'"],
    # Ours, and what the sender's HTML says of itself.
    "style-src": ["'self'", "'unsafe-inline'"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


@page("GET", "HEAD")
def received(request: HttpRequest, member: Membership, conversation: int, received: int) -> HttpResponse:
    found = _find(member, conversation, received)
    back = workspace_link(member, "web:conversation", conversation=conversation)
    return render(
        request,
        "conversations/received.html",
        {
            "email": found.received,
            "text": found.text,
            "who": writer_of(found) or name_of(found.conversation),
            "at": found.created_at.astimezone(ZoneInfo(member.workspace.time_zone)),
            "back": back,
            "here": f"{back}/received/{found.pk}",
            "with_pictures": "pictures" in request.GET,
        },
    )


@page("GET", "HEAD")
def _content(request: HttpRequest, member: Membership, conversation: int, received: int) -> HttpResponse:
    html = _find(member, conversation, received).received.html
    shown = {"content": mark_safe(html)}  # noqa: S308  # cleaned when it was taken in; nothing runs here
    answer = render(request, "conversations/received_content.html", shown)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


# For the frame. With pictures: those of the sender's servers are loaded, once somebody asked for them.
content = xframe_options_sameorigin(csp(_NOTHING)(_content))
with_pictures = xframe_options_sameorigin(csp(_NOTHING | {"img-src": ["https:", "http:"]})(_content))


def _find(member: Membership, conversation: int, number: int) -> Message:
    row = find_conversation(member, conversation)
    rows = Message.objects.filter(conversation=row, way=Message.Way.EMAIL)
    found: Message = get_object_or_404(
        rows.select_related("received", "conversation__partner", "conversation__prospect"), pk=number
    )
    return found
