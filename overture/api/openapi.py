"""The schema as django-ninja makes it, completed by what holds for every operation: problems, keys."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI

from overture.api.idempotency import HEADER, PATTERN
from overture.api.problems import CONTENT_TYPE, KINDS

PREFIX = "/api/v1"
_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_FAULT = {
    "type": "object",
    "required": ["field", "code", "message"],
    "properties": {
        "field": {"type": "string", "description": "As in the request, with dots; empty for none."},
        "code": {"type": "string"},
        "message": {"type": "string", "description": "In the language of Accept-Language."},
    },
}
_SCHEMA = {
    "type": "object",
    "description": "RFC 9457. Every error has this form.",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string", "enum": [f"urn:overture:problem:{kind}" for kind in KINDS]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
        "changed": {"type": "array", "items": {"type": "string"}},
    },
}
_KEY = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "schema": {"type": "string", "pattern": PATTERN},
    "description": "The same key and request get the same answer for 24 hours, and are done once.",
}
# What asks the index of the marketplaces.
_SEARCHES = {"search_partners", "search_creators", "choose_all_tiles"}


def schema(api: NinjaAPI) -> dict[str, Any]:
    """As plain JSON values, status codes as strings."""
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    found["components"]["schemas"] |= {"Problem": _SCHEMA, "Fault": _FAULT}
    for methods in found["paths"].values():
        for method, operation in methods.items():
            operation["responses"] = {str(code): each for code, each in operation["responses"].items()}
            for code in _statuses(method, operation):
                operation["responses"][code] = _response(code)
            if method == "post":
                operation["parameters"] = [*operation["parameters"], _KEY]
    return found


def _statuses(method: str, operation: dict[str, Any]) -> list[str]:
    codes = ["400", "401", "403", "404", "422", "500"]
    if method != "get" or operation["operationId"].startswith("preview"):
        codes.append("409")
    if operation["operationId"] in _SEARCHES:
        codes.append("503")
    if "requestBody" in operation:
        codes += ["413", "415"]
    return sorted(codes)


def _response(code: str) -> dict[str, Any]:
    titles = [str(title) for status, title in KINDS.values() if str(status) == code]
    return {"description": " ".join(titles), "content": {CONTENT_TYPE: {"schema": _PROBLEM}}}
