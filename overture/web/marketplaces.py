"""Discover > Partner Marketplace and Creator Marketplace: two doors to the same page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from overture.accounts.models import Membership
from overture.web.marketplace_page import show_marketplace
from overture.web.pages import page


@page("GET", "HEAD")
def marketplace(request: HttpRequest, member: Membership, kind: str) -> HttpResponse:
    return show_marketplace(request, member, kind)
