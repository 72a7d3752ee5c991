"""What holds for every operation: the token, the names in its query, the Idempotency-Key."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from ninja.errors import AuthenticationError
from ninja.operation import Operation

from overture.api.bearer import bearer
from overture.api.idempotency import once
from overture.api.problems import Fault, answer, invalid
from overture.api.refusals import problem_of
from overture.api.wording import words

Run = Callable[..., HttpResponse]


def guard(run: Run) -> Run:
    """Wraps the `run` of an operation."""
    known = _query_names(cast(Operation, run.__self__))  # type: ignore[attr-defined]  # a bound method

    @wraps(run)
    def guarded(request: HttpRequest, **values: Any) -> HttpResponse:
        try:
            member = bearer(request)
            if member is None:
                raise AuthenticationError
            # A misspelt filter would answer with everything.
            if unknown := sorted(set(request.GET) - known):
                raise invalid(*(Fault(name, "extra_forbidden", words("extra_forbidden")) for name in unknown))
            return once(request, member, lambda: run(request, **values))
        except Exception as error:
            return answer(problem_of(error))

    return guarded


def _query_names(operation: Operation) -> frozenset[str]:
    models: list[Any] = [model for model in operation.models if model.__ninja_param_source__ == "query"]
    return frozenset(name for model in models for name in model.__ninja_flatten_map__)
