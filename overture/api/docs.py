"""The schema, and a page that explains it, made here from the schema: nothing from outside, no script."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from overture.api.openapi import schema
from overture.api.v1 import api


@cache
def _schema() -> dict[str, Any]:
    return schema(api)


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(_schema())


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    found = _schema()
    names = set(found["components"]["schemas"])
    shown = {
        "names": names,
        "base": f"{settings.OVERTURE_BASE_URL}/api/v1",
        "resources": _resources(found),
        "schemas": [_named(name, each) for name, each in sorted(found["components"]["schemas"].items())],
    }
    return render(request, "api/docs.html", shown)


def _resources(found: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    by_tag: dict[str, list[dict[str, Any]]] = {}
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            by_tag.setdefault(operation["tags"][0], []).append(_operation(path, method, operation))
    return list(by_tag.items())


def _operation(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {})
    answers = {code: each for code, each in operation["responses"].items() if code.startswith("2")}
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "text": operation.get("description", ""),
        "parameters": [
            (each["name"], type_of(each["schema"]), each.get("description", ""))
            for each in operation["parameters"]
            if each["in"] == "query"
        ],
        "body": [(kind, type_of(each["schema"])) for kind, each in body.items()],
        "answers": [(code, _answer(each)) for code, each in answers.items()],
    }


def _answer(response: dict[str, Any]) -> str:
    content = next(iter(response.get("content", {}).values()), None)
    return type_of(content["schema"]) if content else ""


def _named(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    required = set(schema.get("required", []))
    fields = [
        (field, type_of(each), field in required, each.get("description", ""))
        for field, each in schema.get("properties", {}).items()
    ]
    return {"name": name, "text": schema.get("description", ""), "fields": fields}


def type_of(schema: dict[str, Any]) -> str:
    """A short word for a JSON schema: `integer`, `text | banner`, `list of AdOut`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    for several in ("anyOf", "allOf", "oneOf"):
        if several in schema:
            return " | ".join(dict.fromkeys(type_of(each) for each in schema[several]))
    if schema.get("type") == "array":
        return f"list of {type_of(schema.get('items', {}))}"
    if schema.get("type") == "object" and schema.get("properties"):
        fields = ", ".join(f"{name}: {type_of(each)}" for name, each in schema["properties"].items())
        return f"{{{fields}}}"
    return str(schema.get("format") or schema.get("type") or "any")
