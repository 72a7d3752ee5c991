"""What is told when something is wrong: RFC 9457, `application/problem+json`, for every error of the API."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

CONTENT_TYPE = "application/problem+json"

# By code, which also ends the problem's type: status and title.
KINDS: dict[str, tuple[int, Promise]] = {
    "malformed": (400, gettext_lazy("The request cannot be read.")),
    "unauthorized": (401, gettext_lazy("A valid token is needed.")),
    "forbidden": (403, gettext_lazy("Your role does not allow this.")),
    "not_found": (404, gettext_lazy("There is nothing here.")),
    "method_not_allowed": (405, gettext_lazy("This method is not possible here.")),
    "conflict": (409, gettext_lazy("This is not possible now.")),
    "changed": (409, gettext_lazy("Something changed since it was approved.")),
    "in_progress": (409, gettext_lazy("A request with this Idempotency-Key is at work.")),
    "too_large": (413, gettext_lazy("The request is too large.")),
    "unsupported_media_type": (415, gettext_lazy("The content type is not the one expected here.")),
    "invalid": (422, gettext_lazy("Something in the request cannot stand.")),
    "key_reused": (422, gettext_lazy("This Idempotency-Key belongs to another request.")),
    "index_not_ready": (503, gettext_lazy("The marketplace cannot be searched yet.")),
    "server_error": (500, gettext_lazy("Something went wrong on our side.")),
}


class Fault(NamedTuple):
    """One thing that is wrong. `field` names it as in the request, with dots; empty for none."""

    field: str
    code: str
    message: str


class Problem(Exception):
    """Answered as it stands. `facts` are extra members of the answer."""

    def __init__(self, kind: str, detail: str = "", errors: Sequence[Fault] = (), **facts: Any) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind, self.detail, self.errors, self.facts = kind, detail, list(errors), facts


def invalid(*errors: Fault) -> Problem:
    return Problem("invalid", " ".join(dict.fromkeys(error.message for error in errors)), errors)


def answer(problem: Problem) -> HttpResponse:
    status, title = KINDS[problem.kind]
    told = {
        "type": f"urn:overture:problem:{problem.kind}",
        "title": str(title),
        "status": status,
        "detail": problem.detail or str(title),
        "errors": [error._asdict() for error in problem.errors],
        **problem.facts,
    }
    response = HttpResponse(json.dumps(told, ensure_ascii=False), status=status, content_type=CONTENT_TYPE)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Overture"'
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response


def not_allowed(methods: Sequence[str]) -> HttpResponse:
    detail = _("Possible here: %(methods)s.") % {"methods": ", ".join(methods)}
    response = answer(Problem("method_not_allowed", detail))
    response.headers["Allow"] = ", ".join(methods)
    return response
