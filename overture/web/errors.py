"""Pages of what went wrong, for places that Django's own handlers do not reach."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest) -> HttpResponse:
    """A 404 that sets no cookie: tracking links and opt-out links are opened by people we do not know."""
    return render(request, "404.html", {"csrf_token": ""}, status=404)
