"""Why something cannot be written, changed or done in a conversation; worded in wording.py."""

from __future__ import annotations

from typing import Any


class MessageError(ValueError):
    """`field`: text, attachments, partner, message, until, or empty.

    Codes: empty, too_long, too_many_files; not_prospect, messaging_off, blocked; not_open (the brand
    does not let partners write first), you_blocked (the partner did, and may take it back); too_late,
    withdrawn; past; nobody_left, unknown_token, unknown_token_suggest, adcode, fallback_too_long.
    """

    def __init__(self, field: str, code: str, **facts: Any) -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code, self.facts = field, code, facts
