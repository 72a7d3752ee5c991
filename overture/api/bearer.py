"""Who asks: the member to whom the bearer token belongs. Sessions do not count here."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer

from overture.accounts.access import member_with_token
from overture.accounts.models import Membership


class ApiRequest(HttpRequest):
    """A request whose token is known."""

    member: Membership


class Bearer(HttpBearer):
    """`Authorization: Bearer ovt_...`"""

    def __call__(self, request: HttpRequest) -> Membership | None:
        # The guard of every operation has asked before: one look-up a request.
        known: Membership | None = getattr(request, "member", None)
        found: Membership | None = known or super().__call__(request)
        return found

    def authenticate(self, request: HttpRequest, token: str) -> Membership | None:
        member = member_with_token(token.strip())
        if member is not None:
            request.member = member  # type: ignore[attr-defined]  # as ApiRequest says
        return member


bearer = Bearer()
