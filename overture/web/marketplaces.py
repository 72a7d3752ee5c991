"""The two marketplaces, which this version does not have yet: the pages say so, and what to do instead."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from overture.accounts.models import Membership, Program
from overture.web.pages import page


@page("GET", "HEAD")
def partner_marketplace(request: HttpRequest, member: Membership) -> HttpResponse:
    return render(request, "marketplaces/page.html", {"is_creators": False})


@page("GET", "HEAD")
def creator_marketplace(request: HttpRequest, member: Membership) -> HttpResponse:
    """Only where the workspace runs a program for creators."""
    kinds = [Program.Kind.CREATOR, Program.Kind.BOTH]
    if not Program.objects.visible_to(member).filter(kind__in=kinds).exists():
        raise Http404
    return render(request, "marketplaces/page.html", {"is_creators": True})
