"""Pages of the operator: in a workspace like all others, and not there for anybody else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import Http404, HttpRequest, HttpResponseBase

from overture.accounts.models import Membership
from overture.web.pages import page

P = ParamSpec("P")
OperatorPage = Callable[Concatenate[HttpRequest, Membership, P], HttpResponseBase]


def operator_page(*methods: str) -> Callable[[OperatorPage[P]], Callable[..., HttpResponseBase]]:
    """As page(); whoever is no operator finds nothing, and learns nothing."""

    def wrap(view: OperatorPage[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def answer(
            request: HttpRequest, member: Membership, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if not member.user.is_operator:
                raise Http404
            return view(request, member, *args, **kwargs)

        return page(*methods)(cast(OperatorPage[P], answer))

    return wrap
