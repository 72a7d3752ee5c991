"""What the verbs of the ledger refuse, each with a code that pages and the API word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class DraftError(ValueError):
    """A field of a draft that cannot stand. Codes: missing, empty, invalid, not_usable, too_long, unknown;
    of `at`: past, too_far.

    Of attachments: unknown_file, too_many (most), file_infected and file_unscannable (file),
    message_too_large (size, most, host); the facts in brackets.
    """

    def __init__(self, field: str, code: str, facts: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code, self.facts = field, code, dict(facts or {})


class Changed(Exception):
    """What was approved is no longer what there is: `what` names it.

    Codes: draft, manifest, mailbox, files, already_sent, cancelled, nothing_queued.
    """

    def __init__(self, *what: str) -> None:
        super().__init__(", ".join(what))
        self.what = list(what)


class NotNow(Exception):
    """The mailing's state does not allow it.

    Codes: already_sent, not_sending, not_paused, not_scheduled, over (done or cancelled), too_late (undo),
    too_early (unknown), mailbox_disconnected, file_blocked, not_unknown.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
