"""Opting out by the link of an e-mail: looking changes nothing, one press does; no sign-in, no cookie."""

from __future__ import annotations

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from overture.delivery.models import Delivery
from overture.delivery.opt_out import delivery_with_token, press
from overture.delivery.take_back_opt_out import is_opted_out, take_back_opt_out, undo_key
from overture.lib.addresses import obfuscate
from overture.web.errors import not_found


@csrf_exempt  # the token in the address is the proof; mail programs post without any cookie (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
def opt_out_page(request: HttpRequest, token: str) -> HttpResponse:
    if request.method != "POST":
        delivery = delivery_with_token(token)
        state = "asks" if delivery is None or not is_opted_out(delivery) else "done"
        return _page(request, token, delivery, state)
    delivery, made = press(token)
    if delivery is not None and _field(request, "List-Unsubscribe") == "One-Click":
        return _uncached(HttpResponse("", content_type="text/plain"))
    return _page(request, token, delivery, "done", undo_key(made) if made else "")


@csrf_exempt
@require_http_methods(["POST"])
def opt_out_undo(request: HttpRequest, token: str) -> HttpResponse:
    delivery = take_back_opt_out(token, _field(request, "key"))
    # Where something else holds the address, the page must not promise e-mails.
    return _page(request, token, delivery, "done" if delivery and is_opted_out(delivery) else "undone")


def _field(request: HttpRequest, name: str) -> str:
    """Of the form that was sent; a body that cannot be read says nothing, and takes no opt-out away."""
    try:
        return request.POST.get(name, "")
    except (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError, ValueError):
        return ""


def _page(
    request: HttpRequest, token: str, delivery: Delivery | None, state: str, undo: str = ""
) -> HttpResponse:
    if delivery is None:
        return _uncached(not_found(request))
    # An address in a shared or forwarded letter is told only so far that its owner knows it again.
    shown = {
        "csrf_token": "",
        "token": token,
        "state": state,
        "brand": delivery.manifest.brand or delivery.workspace.name,
        "address": obfuscate(delivery.address) if delivery.address else "",
        "undo_key": undo,
    }
    with translation.override(delivery.manifest.language):
        request.LANGUAGE_CODE = delivery.manifest.language
        response = _uncached(render(request, "opt_out/page.html", shown))
        response.headers["Content-Language"] = delivery.manifest.language
    return response


def _uncached(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    # The address of this page is a key: it goes nowhere else.
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
