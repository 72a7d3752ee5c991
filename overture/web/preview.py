"""A letter as one recipient will read it, for our own page: no inline style, no link that counts a click."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.safestring import mark_safe

from overture.accounts.models import Membership
from overture.compose import ComposeErrors, Letter
from overture.compose.document import OPT_OUT_WORDS
from overture.delivery.freeze import live_known
from overture.delivery.models import Mailing
from overture.delivery.wording import why
from overture.web.recipients import Recipient, is_frozen, letter, recipient

# Opening a tracking link here would count a click of the partner: the address stays readable as a title.
_LINK = re.compile(r'<a href="([^"]*)"')


@dataclass(frozen=True)
class Preview:
    """`faults`: how many errors keep a draft from becoming a letter. `missing`: tokens without a value."""

    recipient: Recipient | None
    sender: str
    faults: int = 0
    subject: str = ""
    content: str = ""
    text: str = ""
    footer: tuple[str, ...] = ()
    opt_out: str = ""
    missing: tuple[str, ...] = ()


def preview_of(member: Membership, mailing: Mailing, prospect_id: int | None) -> Preview:
    found = recipient(member, mailing, prospect_id)
    sender = _sender(mailing)
    try:
        compiled = letter(mailing)
    except ComposeErrors as faults:
        return Preview(found, sender, len(faults.errors))
    if found is None:
        return Preview(None, sender)
    return _rendered(mailing, found, sender, compiled)


def _rendered(mailing: Mailing, found: Recipient, sender: str, compiled: Letter) -> Preview:
    rendered = compiled.render(found.values, mark=True)
    content = _LINK.sub(r'<a title="\1"', compiled.render_content(found.values, mark=True))
    return Preview(
        recipient=found,
        sender=sender,
        subject=rendered.subject,
        content=mark_safe(content),  # noqa: S308  # compose sanitises what was written and escapes each value
        text=rendered.text,
        footer=tuple(line for line in _footer(mailing) if line.strip()),
        opt_out=OPT_OUT_WORDS[compiled.language],
        missing=compiled.missing(found.values),
    )


def _sender(mailing: Mailing) -> str:
    frozen = mailing.manifest if is_frozen(mailing) else None
    if frozen:
        return frozen.sender_name
    return (
        mailing.sender_name
        or (mailing.mailbox.sender_name if mailing.mailbox else "")
        or mailing.workspace.name
    )


def _footer(mailing: Mailing) -> tuple[str, str]:
    frozen = mailing.manifest if is_frozen(mailing) else None
    if frozen is None:
        known = live_known(mailing)
        return known.why, known.postal_address
    contact = frozen.reply_to or frozen.sender_address
    return why(frozen.language, frozen.origin, frozen.brand, contact), frozen.postal_address
