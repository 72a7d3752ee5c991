"""Tracking links of ads: to the landing page, counted; to the picture, uncounted. Public, without cookies."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from overture.ads.click import click, linked_ad
from overture.web.errors import not_found


@require_safe
def ad_click(request: HttpRequest, mpid: int, ad: int, program: str) -> HttpResponse:
    """Links of ended ads go on working: they stand in e-mails that left. HEAD is a machine that looks."""
    found = linked_ad(mpid, ad, program)
    if found is None:
        return _uncached(not_found(request))
    if request.method == "GET":
        click(found, mpid)
    return _uncached(HttpResponseRedirect(found.landing_page))


@require_safe
def ad_image(request: HttpRequest, mpid: int, ad: int, program: str) -> HttpResponse:
    found = linked_ad(mpid, ad, program)
    if found is None or not found.image:
        return _uncached(not_found(request))
    return _uncached(HttpResponseRedirect(found.image))


def _uncached(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
