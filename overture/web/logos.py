"""Logos of partners: for everybody where the partner is listed, for its own people in any case."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from overture.directory.find import find_listed
from overture.directory.logo import choose_logo, remove_logo, shown_logo
from overture.directory.models import Partner, PartnerUser
from overture.files.errors import Refused
from overture.files.serve import answer_with
from overture.files.wording import refusal_words
from overture.web.portal_pages import portal_page

_LARGEST = 2**63 - 1


@require_safe
def partner_logo(request: HttpRequest, mpid: int) -> HttpResponseBase:
    partner = find_listed(mpid) if mpid <= _LARGEST else None
    if partner is None:
        raise Http404
    return _answer(partner)


@portal_page("GET", "HEAD", "POST")
def portal_logo(request: HttpRequest, mine: PartnerUser) -> HttpResponseBase:
    if request.method != "POST":
        return _answer(mine.partner)
    _change(request, mine)
    return redirect("web:portal_profile", partner=mine.partner_id)


def _change(request: HttpRequest, mine: PartnerUser) -> None:
    sent = request.FILES.get("logo")
    if "remove" in request.POST:
        remove_logo(mine)
        messages.success(request, _("The logo is removed."))
    elif sent is None or sent.file is None:
        messages.error(request, refusal_words(Refused("no_file")))
    else:
        try:
            choose_logo(mine, cast(BinaryIO, sent.file), sent.name or "")
        except Refused as refused:
            messages.error(request, refusal_words(refused))
        else:
            messages.success(request, _("The logo is taken in. It shows once it was scanned."))


def _answer(partner: Partner) -> HttpResponse | HttpResponseBase:
    logo = shown_logo(partner)
    if logo is None:
        raise Http404
    answer = answer_with(logo, is_preview=True)
    # Drawn by us and the same for all: pages show it again and again.
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer
