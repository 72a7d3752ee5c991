"""The partner's inbox: the threads with all brands, and the one that is open."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from overture.conversations import emails
from overture.conversations.models import Conversation
from overture.conversations.read import read
from overture.delivery.models import Delivery
from overture.directory.models import PartnerUser
from overture.lib import addresses
from overture.lib.paging import CursorError, Order, page
from overture.web import portal_open as opened
from overture.web.fragments import wants_fragment
from overture.web.inbox_open import moment_of
from overture.web.live import live_url
from overture.web.portal_pages import portal_page

_LATEST = Order("last_at", is_descending=True)


@portal_page("GET", "HEAD")
def portal_of(request: HttpRequest, mine: PartnerUser) -> HttpResponse:
    """The address of a partner alone."""
    return redirect("web:portal_inbox", partner=mine.partner_id)


@portal_page("GET", "HEAD")
def portal_inbox(request: HttpRequest, mine: PartnerUser) -> HttpResponse:
    """For htmx the list alone."""
    return show_inbox(request, mine)


@portal_page("GET", "HEAD")
def portal_conversation(request: HttpRequest, mine: PartnerUser, conversation: int) -> HttpResponse:
    """The thread; who opens it has read it."""
    row, before = opened.find_conversation(mine, conversation), moment_of(request.GET, "before")
    shown = open_context(request, mine, row, before=before)
    if request.method == "GET" and before is None:
        read(row, user=mine.user)
    if not wants_fragment(request):
        return show_inbox(request, mine, shown)
    if before is not None:
        return render(request, "conversations/_earlier.html", shown)
    return draw_open(request, mine, shown)


@portal_page("GET", "HEAD")
def portal_stream(request: HttpRequest, mine: PartnerUser, conversation: int) -> HttpResponse:
    """The messages anew when something changed since `version`, else nothing. `seen`: somebody looks."""
    row = opened.find_conversation(mine, conversation)
    if request.GET.get("version") == str(row.version):
        return HttpResponse(status=204)
    if request.method == "GET" and "seen" in request.GET:
        read(row, user=mine.user)
    shown = opened.thread_context(request, mine, row, since=moment_of(request.GET, "since"))
    return render(request, "conversations/_stream.html", shown)


@portal_page("GET", "HEAD")
def portal_email(request: HttpRequest, mine: PartnerUser, conversation: int, delivery: int) -> HttpResponse:
    """The whole of an e-mail that this person got, where its beginning was."""
    row = opened.find_conversation(mine, conversation)
    sent = _email(mine, row, delivery)
    if not wants_fragment(request):
        return redirect(opened.thread_url(mine, row))
    return render(request, "conversations/_email_whole.html", {"content": emails.content(sent)})


def show_inbox(
    request: HttpRequest, mine: PartnerUser, shown: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    inbox = reverse("web:portal_inbox", kwargs={"partner": mine.partner_id})
    # Read before the rows: a change in between is asked for again, never missed.
    pulse = opened.pulse_of(mine)
    try:
        found = page(opened.listed(mine), _LATEST, request.GET.get("at", ""), opened.SIZE)
    except CursorError:
        return redirect(inbox)
    row = (shown or {}).get("open")
    context = {
        "rows": opened.rows_of(mine, found.items, row),
        "newer": f"{inbox}?at={found.previous}" if found.previous is not None else "",
        "older": f"{inbox}?at={found.next}" if found.next is not None else "",
        "unread": opened.unread_of(mine),
        "pulse": pulse,
        "zone": opened.zone_of(request),
        "live": live_url("p", mine.partner_id),
        "inbox_url": inbox,
        "open": None,
        "is_oob": wants_fragment(request),
        **(shown or {}),
    }
    template = "portal/_threads.html" if wants_fragment(request) else "portal/inbox.html"
    answer = render(request, template, context, status=status)
    patch_vary_headers(answer, ["HX-Request"])
    # Who comes back sees the draft as it is, never the page as the browser has stored it.
    answer.headers["Cache-Control"] = "no-store"
    return answer


def open_context(
    request: HttpRequest, mine: PartnerUser, row: Conversation, before: Any = None, **typed: Any
) -> dict[str, Any]:
    return {
        **opened.thread_context(request, mine, row, before),
        "reply": opened.reply_context(mine, row.workspace, row, **typed),
    }


def draw_open(
    request: HttpRequest, mine: PartnerUser, shown: dict[str, Any], status: int = 200
) -> HttpResponse:
    context = {**shown, "unread": opened.unread_of(mine), "is_oob": True}
    answer = render(request, "portal/_open.html", context, status=status)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _email(mine: PartnerUser, row: Conversation, number: int) -> Delivery:
    """Only what was addressed to this person, and left."""
    try:
        key = addresses.key(addresses.parse(mine.user.email), settings.ADDRESS_KEY)
    except addresses.AddressError as error:
        raise Http404 from error
    if row.prospect_id is None:
        raise Http404
    rows = emails.tried_of(row.prospect_id).select_related("manifest__mailbox", "mailing")
    found: Delivery = get_object_or_404(rows.filter(sent_at__isnull=False, address_key=key), pk=number)
    return found
