"""How a page of a workspace is reached: signed in, a member, with the permission it asks for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_http_methods

from overture.accounts.access import member_of, require
from overture.accounts.models import Membership, User
from overture.accounts.roles import Permission

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, Membership, P], HttpResponseBase]


class MemberRequest(HttpRequest):
    member: Membership


def page(
    *methods: str, needs: Permission = Permission.VIEW, writes: Permission | None = None
) -> Callable[[Page[P]], Callable[..., HttpResponseBase]]:
    """Wraps `view(request, member, ...)`; its route carries `<slug:workspace>`.

    `methods` default to GET. A request that is neither GET nor HEAD needs `writes` as well, when given.
    """

    def wrap(view: Page[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def answer(
            request: HttpRequest, workspace: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            member = member_of(cast(User, request.user), workspace)
            require(member, needs)
            if writes and request.method not in {"GET", "HEAD"}:
                require(member, writes)
            cast(MemberRequest, request).member = member
            if request.session.get("workspace") != workspace or request.session.get("side"):
                request.session["workspace"] = workspace
                request.session.pop("side", None)
            return view(request, member, *args, **kwargs)

        return login_required(require_http_methods(list(methods or ("GET", "HEAD")))(answer))

    return wrap
