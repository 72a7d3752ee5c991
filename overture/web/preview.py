"""A letter as one recipient will read it, for our own page: no inline style, no link that counts a click."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from overture.accounts.models import Membership
from overture.compose import ComposeErrors
from overture.compose.document import OPT_OUT_WORDS
from overture.delivery import preview as ledger
from overture.delivery.errors import DraftError
from overture.delivery.freeze import live_known
from overture.delivery.models import Mailing
from overture.delivery.wording import why
from overture.web.recipients import Place, is_frozen, place
from overture.web.wording import SKIPPED

# Opening a tracking link here would count a click of the partner: the address stays readable as a title.
_LINK = re.compile(r'<a href="([^"]*)"')


@dataclass(frozen=True)
class Shown:
    """`trouble` says why there is nothing to show; `held_back`, why this recipient gets nothing."""

    place: Place | None
    trouble: str = ""
    letter: ledger.Preview | None = None
    content: str = ""
    held_back: str = ""
    footer: tuple[str, ...] = ()
    opt_out: str = ""


def preview_of(member: Membership, mailing: Mailing, prospect_id: int | None) -> Shown:
    """Of this recipient, else of the first; the same letter and render as sending."""
    at = place(member, mailing, prospect_id)
    if at is None:
        return Shown(None, _("Nobody is chosen, so there is nothing to show."))
    try:
        letter = ledger.preview(member, mailing, at.prospect_id)
    except ComposeErrors:
        return Shown(at, _("The preview comes back once what stands under Preflight is mended."))
    except DraftError:
        return Shown(at, _("Choose a mailbox to see the preview."))
    content = _LINK.sub(r'<a title="\1"', letter.marked)
    return Shown(
        place=at,
        letter=letter,
        content=mark_safe(content),  # noqa: S308  # compose sanitises what was written and escapes each value
        held_back=_held_back(letter),
        footer=tuple(line for line in _footer(mailing) if line.strip()),
        opt_out=OPT_OUT_WORDS[mailing.language],
    )


def _held_back(letter: ledger.Preview) -> str:
    if letter.held_back == "missing_token" and letter.lacks:
        tokens = ", ".join(f"{{{token}}}" for token in letter.lacks)
        return _("No value for %(tokens)s") % {"tokens": tokens}
    return str(SKIPPED.get(letter.held_back, letter.held_back))


def _footer(mailing: Mailing) -> tuple[str, str]:
    frozen = mailing.manifest if is_frozen(mailing) else None
    if frozen is None:
        known = live_known(mailing)
        return known.why, known.postal_address
    contact = frozen.reply_to or frozen.sender_address
    return why(frozen.language, frozen.origin, frozen.brand, contact), frozen.postal_address
