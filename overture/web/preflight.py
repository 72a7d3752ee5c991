"""What is well with a draft, what to know, and what stops it: the checks beside the composer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from overture.accounts.models import Membership
from overture.compose import ComposeError, ComposeErrors, Letter, check, compile
from overture.compose.slots import Slot
from overture.delivery.attached import files_of
from overture.delivery.freeze import live_known
from overture.delivery.models import Mailing
from overture.delivery.outlook import Outlook, outlook
from overture.mailboxes.domain import lacking
from overture.mailboxes.models import Mailbox
from overture.mailboxes.today import used_today
from overture.web.attached import file_checks
from overture.web.checks import Check
from overture.web.links import workspace_link
from overture.web.wording import compose_text, n

# An audience larger than this is counted once in two minutes, not at each pause of the fingers.
_LARGE = 5_000


def known_outlook(member: Membership, mailing: Mailing) -> Outlook:
    digest = hashlib.sha256(json.dumps(mailing.audience, sort_keys=True).encode()).hexdigest()[:16]
    key = f"outlook-{mailing.pk}-{digest}"
    found: Outlook | None = cache.get(key)
    if found is None:
        found = outlook(member, mailing)
        if found.recipients > _LARGE:
            cache.set(key, found, 120)
    return found


def checks(member: Membership, mailing: Mailing, seen: Outlook) -> list[Check]:
    known = live_known(mailing)
    found = check(mailing.subject, mailing.content, known)
    made = [*_missing_parts(mailing), *map(_compose, found)]
    with suppress(ComposeErrors):  # each of them stands above
        made += _tokens(compile(mailing.subject, mailing.content, known), seen)
    made += file_checks(mailing, files_of(mailing))
    return [*made, *_audience(seen), *legal(member, mailing), *_mailbox(member, mailing, seen.recipients)]


def summary(made: list[Check]) -> str:
    stops = sum(1 for each in made if each.look == "stop")
    notes = sum(1 for each in made if each.look == "note")
    return _("%(notes)d to note, %(stops)d to fix") % {"notes": notes, "stops": stops}


def legal(member: Membership, mailing: Mailing) -> Iterator[Check]:
    """What every e-mail should carry; a warning, never a block."""
    if member.workspace.postal_address.strip():
        yield Check("ok", _("Your postal address is in the footer"))
    else:
        yield Check(
            "note",
            _("No postal address"),
            _("Many countries ask for one in every email like this. Add it to the workspace."),
            workspace_link(member, "web:settings"),
            _("Add"),
        )
    yield Check("ok", _("An opt-out link is in the footer"))
    if not settings.OVERTURE_BASE_URL.startswith("https://"):
        yield Check(
            "note",
            _("Links begin with http, not https"),
            _("One-click opt-out needs https. Whoever runs Overture can set OVERTURE_BASE_URL."),
        )


def _missing_parts(mailing: Mailing) -> Iterator[Check]:
    if not mailing.subject.strip():
        yield Check("stop", _("The subject is empty"))
    if not mailing.content.strip():
        yield Check("stop", _("The content is empty"))


def _compose(error: ComposeError) -> Check:
    place = _("Subject") if error.where == "subject" else _("Content")
    at = _("%(place)s, at character %(position)d") % {"place": place, "position": error.position + 1}
    return Check("note" if error.is_hint else "stop", compose_text(error), at)


def _tokens(letter: Letter, seen: Outlook) -> Iterator[Check]:
    """Who has no value for a token of the letter, and what becomes of them."""
    lack = {
        "firstName": _("%(n)s of %(all)s have no first name"),
        "lastName": _("%(n)s of %(all)s have no last name"),
        "mpname": _("%(n)s of %(all)s have no company name"),
    }
    for name, sentence in lack.items():
        count = seen.lacking.get(name, 0)
        if name not in letter.uses or not count:
            continue
        text = sentence % {"n": n(count), "all": n(seen.recipients)}
        if name in letter.needs:
            yield Check("note", text, _("They will be skipped. With a fallback they get the email, too."))
        else:
            fallback = next(s.fallback for s in _slots(letter) if s.name == name and s.fallback is not None)
            yield Check("note", text, _("They will read “%(fallback)s”.") % {"fallback": fallback})


def _slots(letter: Letter) -> Iterator[Slot]:
    for part in (letter.subject, letter.html):
        yield from part.slots


def _audience(seen: Outlook) -> Iterator[Check]:
    skipped = _("They will be skipped.")
    if seen.opted_out:
        yield Check(
            "note",
            ngettext("%(n)s opted out", "%(n)s opted out", seen.opted_out) % {"n": n(seen.opted_out)},
            skipped,
        )
    if seen.suppressed:
        text = ngettext(
            "%(n)s is on the suppression list", "%(n)s are on the suppression list", seen.suppressed
        )
        yield Check("note", text % {"n": n(seen.suppressed)}, skipped)
    if seen.without_address:
        text = ngettext("%(n)s has no address", "%(n)s have no address", seen.without_address)
        yield Check("note", text % {"n": n(seen.without_address)}, skipped)
    if not seen.recipients:
        yield Check("stop", _("Nobody is chosen"))


def _mailbox(member: Membership, mailing: Mailing, count: int) -> Iterator[Check]:
    mailbox = mailing.mailbox
    if mailbox is None:
        href = workspace_link(member, "web:mailbox_new")
        yield Check(
            "stop", _("No mailbox is chosen"), _("Connect one, or choose one above."), href, _("Connect")
        )
        return
    if mailbox.state != Mailbox.State.CONNECTED:
        href = workspace_link(member, "web:mailboxes")
        yield Check("stop", _("The mailbox is disconnected"), mailbox.reason_words, href, _("Mend"))
        return
    if missing := lacking(mailbox):
        text = _("The domain of this mailbox lacks %(lacking)s") % {"lacking": ", ".join(missing)}
        detail = _("Receivers may take its emails for spam.")
        yield Check("note", text, detail, workspace_link(member, "web:mailboxes"), _("Look"))
    used = used_today([mailbox])[mailbox.pk]
    left = mailbox.per_day - used - count
    meter = (mailbox.per_day, used, count)
    if left >= 0:
        detail = _("This email takes %(n)s and leaves %(left)s.") % {"n": n(count), "left": n(left)}
        yield Check("ok", _("Within today’s limit of this mailbox"), detail, meter=meter)
    else:
        detail = _("%(n)s have left today; the rest goes on tomorrow by itself.") % {"n": n(used)}
        yield Check("note", _("More than this mailbox may send today"), detail, meter=meter)
