"""What the verbs of the ledger refuse, each with a code that pages and the API word."""

from __future__ import annotations


class DraftError(ValueError):
    """A field of a draft that cannot stand. Codes: missing, empty, invalid, not_usable, too_long, unknown."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code = field, code


class Changed(Exception):
    """What was approved is no longer what there is: `what` names it.

    Codes: draft, manifest, mailbox, already_sent, cancelled, nothing_queued.
    """

    def __init__(self, *what: str) -> None:
        super().__init__(", ".join(what))
        self.what = list(what)


class NotNow(Exception):
    """The mailing's state does not allow it.

    Codes: already_sent, not_sending, not_paused, over (done or cancelled), too_late (undo), too_early
    (unknown),
    mailbox_disconnected, not_unknown.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
