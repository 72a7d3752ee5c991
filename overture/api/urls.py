"""Where the API is found: operations, schema, the page that explains it, and a 404 of its own kind."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja.errors import AuthenticationError

from overture.api import docs
from overture.api.bearer import bearer
from overture.api.problems import Problem, answer, not_allowed
from overture.api.refusals import problem_of
from overture.api.v1 import api

View = Callable[..., HttpResponse]


def _plain(view: View) -> View:
    """HEAD is answered as GET is, and a wrong method as every other error."""

    @wraps(view)
    def answered(request: HttpRequest, **values: Any) -> HttpResponse:
        if request.method == "HEAD":
            request.method = "GET"
            return _without_body(view(request, **values))
        response = view(request, **values)
        if isinstance(response, HttpResponseNotAllowed):
            return not_allowed(sorted(response.headers["Allow"].split(", ")))
        # Answers are a member's own; no cache may keep them.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return csrf_exempt(answered)


def _without_body(response: HttpResponse) -> HttpResponse:
    if response.streaming:
        # Nobody knows its length, and nothing of it is made.
        response.close()
        return HttpResponse(status=response.status_code, headers=response.headers)
    response.headers["Content-Length"] = str(len(response.content))
    response.content = b""
    return response


@csrf_exempt
def _nothing_here(request: HttpRequest) -> HttpResponse:
    return answer(Problem("not_found") if bearer(request) else problem_of(AuthenticationError()))


def _operations() -> list[URLPattern]:
    """One pattern for each address; django-ninja gives one for each operation, all with the same view."""
    found: dict[str, URLPattern] = {}
    for pattern in api.urls[0]:
        if isinstance(pattern, URLPattern) and pattern.name != "api-root":
            route = str(pattern.pattern)
            found.setdefault(route, path(route, _plain(pattern.callback)))
    return list(found.values())


urlpatterns = [
    path("openapi.json", docs.openapi),
    path("docs", docs.page),
    *_operations(),
    re_path("", _nothing_here),
]
