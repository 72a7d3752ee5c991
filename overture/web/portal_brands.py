"""Brands that a partner can write to: those that take first messages, and those it talks with already."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from overture.accounts.models import Workspace
from overture.directory.models import PartnerUser
from overture.lib.paging import CursorError, Order, page
from overture.web import portal_open as opened
from overture.web.portal_pages import portal_page

_BY_NAME = Order("name")


@portal_page("GET", "HEAD")
def portal_brands(request: HttpRequest, mine: PartnerUser) -> HttpResponse:
    """By name alone: nothing else of a workspace is shown."""
    q = " ".join(request.GET.get("q", "").replace("\0", "").split())[:80]
    known = opened.conversations_of(mine).values("workspace")
    rows = (
        Workspace.objects.filter(is_open_to_partners=True)
        if mine.partner.is_listed
        else Workspace.objects.none()
    )
    rows = (rows | Workspace.objects.filter(pk__in=known)).distinct()
    if q:
        rows = rows.filter(name__icontains=q)
    try:
        found = page(rows, _BY_NAME, request.GET.get("at", ""))
    except CursorError:
        found = page(rows, _BY_NAME)
    threads = {
        row.workspace_id: opened.thread_url(mine, row)
        for row in opened.conversations_of(mine).filter(workspace__in=[each.pk for each in found])
    }
    shown = {
        "q": q,
        "brands": [
            (each, threads.get(each.pk) or opened.brand_url(mine, each), each.pk in threads) for each in found
        ],
        "links": {
            name: f"?q={q}&at={cursor}"
            for name in ("first", "previous", "next", "last")
            if (cursor := getattr(found, name)) is not None
        },
    }
    return render(request, "portal/brands.html", shown)
