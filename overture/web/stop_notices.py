"""Stops e-mail notices of messages by the link in one: looking changes nothing, one press does (RFC 8058)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from overture.accounts.choose_notices import choose_notices as choose_notices_of_member
from overture.accounts.models import Membership, Notify
from overture.conversations.notice_letters import reader_with
from overture.directory.models import PartnerUser
from overture.directory.partner_users import choose_notices
from overture.web.errors import not_found


@csrf_exempt  # the token in the address is the proof; mail programs post without any cookie
@require_http_methods(["GET", "HEAD", "POST"])
def stop_notices(request: HttpRequest, token: str) -> HttpResponse:
    reader = reader_with(token)
    if reader is None:
        return _uncached(not_found(request))
    if request.method == "POST":
        stop(reader)
        if "List-Unsubscribe" in request.POST:
            return _uncached(HttpResponse("", content_type="text/plain"))
    language = reader.user.language or translation.get_language() or "en"
    with translation.override(language):
        request.LANGUAGE_CODE = language
        shown = {
            "csrf_token": "",
            "token": token,
            "name": reader.partner.name if isinstance(reader, PartnerUser) else reader.workspace.name,
            "is_done": request.method == "POST" or reader.notify == Notify.NONE,
            "settings_url": settings_of(reader),
        }
        answer = _uncached(render(request, "portal/stop_notices.html", shown))
        answer.headers["Content-Language"] = language
    return answer


def stop(reader: PartnerUser | Membership) -> None:
    if isinstance(reader, PartnerUser):
        choose_notices(reader, Notify.NONE)
    else:
        choose_notices_of_member(reader, Notify.NONE)


def settings_of(reader: PartnerUser | Membership) -> str:
    if isinstance(reader, PartnerUser):
        return reverse("web:portal_settings", kwargs={"partner": reader.partner_id})
    return reverse("web:notice_settings", kwargs={"workspace": reader.workspace.slug})


def _uncached(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
