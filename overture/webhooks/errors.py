"""What the verbs of webhooks refuse, each with a code that wording.py turns into a sentence."""

from __future__ import annotations


class WebhookError(ValueError):
    """A field that cannot stand.

    Codes: those of safe_http.UrlError, too_many_webhooks, no_event, unknown_event.
    """

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code = field, code


class NotNow(Exception):
    """Its state does not allow it. Codes: webhook_paused, call_waiting."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
