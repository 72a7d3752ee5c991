"""What the manifest tells beside its figures: when it will be done, tokens without value, warnings."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from overture.delivery import held_back
from overture.delivery.attached import files_of
from overture.delivery.models import Mailing, Manifest
from overture.mailboxes.today import used_today
from overture.web.attached import file_checks
from overture.web.checks import Check
from overture.web.wording import local, n, when


def manifest_checks(mailing: Mailing, made: Manifest) -> Iterator[Check]:
    """The mailbox's limits, when the last one will have left, and who lacks a value."""
    box = made.mailbox
    limits = _("%(minute)s a minute, %(hour)s an hour, %(day)s a day; time zone %(zone)s") % {
        "minute": n(box.per_minute),
        "hour": n(box.per_hour),
        "day": n(box.per_day),
        "zone": box.time_zone,
    }
    meter = (box.per_day, used_today([box])[box.pk], made.queued)
    if not made.queued:
        yield Check("stop", _("Nobody to send to"))
    elif made.finishes_at is None:
        yield Check("note", _("This would take more than ten years"), limits, meter=meter)
    else:
        done = _("Done by %(time)s") % {"time": when(local(mailing, made.finishes_at))}
        yield Check("ok", done, limits, meter=meter)
    yield from file_checks(mailing, files_of(made))
    yield from map(_lacking, held_back.lacking(made))
    yield from _warnings(made)


def _lacking(found: held_back.Lacking) -> Check:
    """Who has no value for a token: they are skipped, or read its fallback."""
    count = found.skipped + found.filled
    text = ngettext("%(n)s has no value for {%(token)s}", "%(n)s have no value for {%(token)s}", count)
    if found.skipped:
        detail = _("They are skipped. With a fallback they get the email, too.")
    else:
        detail = _("They read the fallback.")
    href = f"?lacks={found.token}#recipients"
    return Check(
        "note", text % {"n": n(count), "token": found.token}, detail, href, _("Show %(n)s") % {"n": n(count)}
    )


def _warnings(made: Manifest) -> Iterator[Check]:
    """What else should be known; the footer and https are told by `legal`."""
    facts = {"reply_to": made.reply_to, "sender": made.sender_address}
    for code in held_back.warnings(made):
        if code == "mailbox_disconnected":
            yield Check("stop", _("The mailbox is disconnected"), made.mailbox.reason_words)
        elif code == "mailbox_backs_off":
            yield Check("note", _("The mailbox cannot send at the moment"), made.mailbox.reason_words)
        elif code == "beyond_a_day":
            yield Check(
                "note", _("More than this mailbox may send in a day"), _("The rest goes on by itself.")
            )
        elif code == "reply_elsewhere":
            yield Check("ok", _("Replies go to %(reply_to)s") % facts)
