"""The partner's inbox: messages of all brands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from overture.directory.models import PartnerUser
from overture.web.portal_pages import portal_page


@portal_page("GET", "HEAD")
def portal_of(request: HttpRequest, mine: PartnerUser) -> HttpResponse:
    """The address of a partner alone."""
    return redirect("web:portal_inbox", partner=mine.partner_id)


@portal_page("GET", "HEAD")
def portal_inbox(request: HttpRequest, mine: PartnerUser) -> HttpResponse:
    return render(request, "portal/inbox.html", {})
