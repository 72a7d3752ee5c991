"""Engage > Partners: those who joined, in the same table and with the same selection as prospects."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from overture.accounts.models import Membership
from overture.prospects.filters import PARTNERS
from overture.web.pages import page
from overture.web.prospect_list import show_list


@page("GET", "HEAD")
def partners(request: HttpRequest, member: Membership) -> HttpResponse:
    return show_list(request, member, PARTNERS)
