"""How a page of the portal is reached: signed in, as one of the partner's own people."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from overture.accounts.models import User
from overture.directory.models import PartnerUser
from overture.directory.partner_users import partner_user_of

P = ParamSpec("P")
PortalPage = Callable[Concatenate[HttpRequest, PartnerUser, P], HttpResponseBase]
_LARGEST = 2**63 - 1


class PortalRequest(HttpRequest):
    mine: PartnerUser


def portal_page(*methods: str) -> Callable[[PortalPage[P]], Callable[..., HttpResponseBase]]:
    """Wraps `view(request, mine, ...)`; its route carries `<int:partner>`. To all others it is not there."""

    def wrap(view: PortalPage[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def answer(request: HttpRequest, partner: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if partner > _LARGEST:
                raise Http404
            mine = partner_user_of(cast(User, request.user), partner)
            if mine.partner_id != partner and request.method in {"GET", "HEAD"}:
                # Merged meanwhile: the same page of the one it became.
                return redirect(
                    request.get_full_path().replace(f"/partner/{partner}", f"/partner/{mine.partner_id}", 1)
                )
            cast(PortalRequest, request).mine = mine
            _remember(request, mine)
            return view(request, mine, *args, **kwargs)

        return login_required(require_http_methods(list(methods or ("GET", "HEAD")))(answer))

    return wrap


def _remember(request: HttpRequest, mine: PartnerUser) -> None:
    """Which side, and which partner, the front door opens next time."""
    if request.session.get("partner") != mine.partner_id or request.session.get("side") != "partner":
        request.session["partner"], request.session["side"] = mine.partner_id, "partner"
