"""Sentences for what the verbs of mailings refuse, by the code of the refusal."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CHANGED: dict[str, Promise] = {
    "draft": _("The e-mail was edited since it was checked."),
    "manifest": _("It was checked again since this page was opened."),
    "mailbox": _("The mailbox changed or is disconnected."),
    "files": _("A file was blocked since it was checked. Take it out, then check again."),
    "already_sent": _("It was sent already."),
    "cancelled": _("It was cancelled."),
    "nothing_queued": _("Nobody is left to send it to."),
}

NOT_NOW: dict[str, Promise] = {
    "already_sent": _("It was sent already."),
    "not_sending": _("It is not being sent."),
    "not_paused": _("It is not paused."),
    "not_scheduled": _("Sending has begun: its time can no longer be changed."),
    "over": _("It is over."),
    "too_late": _("It is too late to undo: sending has begun. You can still cancel it."),
    "too_early": _(
        "It is too early to send again: the server may still be working on it. Try in 15 minutes."
    ),
    "mailbox_disconnected": _("The mailbox is disconnected. Mend it, then resume."),
    "file_blocked": _("One of its files is blocked, so it can only be cancelled."),
    "not_unknown": _("Nothing is unknown any more."),
}
