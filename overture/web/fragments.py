"""Whether a request wants a part of a page alone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def wants_fragment(request: HttpRequest) -> bool:
    """From htmx, and not because the browser goes back to a page that htmx does not keep."""
    asked: Any = getattr(request, "htmx", None)
    return bool(asked) and not asked.history_restore_request
