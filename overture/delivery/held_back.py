"""What is told before Send: who is held back and why, who gets a fallback, and what to think of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from overture.compose import Letter
from overture.delivery.attached import files_of, pending
from overture.delivery.forecast import finishes_at
from overture.delivery.freeze import letter_of
from overture.delivery.models import Delivery, Manifest
from overture.mailboxes.limits import Limits
from overture.mailboxes.models import Mailbox

_BLANK = r"^\s*$"
COLUMNS = {"mpname": "company_name", "firstName": "first_name", "lastName": "last_name"}


@dataclass(frozen=True)
class Lacking:
    """A token that some recipients lack: `skipped` of them are held back, `filled` get the fallback."""

    token: str
    skipped: int
    filled: int


def held_back(manifest: Manifest, reason: str = "") -> QuerySet[Any]:
    """Skipped deliveries, in the order of prospects; of one reason or all."""
    rows = _of(manifest).filter(state=Delivery.State.SKIPPED)
    if reason:
        rows = rows.filter(reason=reason)
    return rows.select_related("prospect", "contact").order_by("pk")


def lacking(manifest: Manifest, letter: Letter | None = None) -> list[Lacking]:
    """Tokens of the letter without a value for somebody."""
    letter = letter or letter_of(manifest)
    tokens = [token for token in COLUMNS if token in letter.uses]
    if not tokens:
        return []
    sums = _of(manifest).aggregate(
        **{f"{token}_skipped": Count("pk", filter=_skips(token)) for token in tokens},
        **{f"{token}_filled": Count("pk", filter=_blank(token) & Q(state="queued")) for token in tokens},
    )
    found = [Lacking(token, sums[f"{token}_skipped"], sums[f"{token}_filled"]) for token in tokens]
    return [each for each in found if each.skipped or each.filled]


def without_value(manifest: Manifest, token: str) -> QuerySet[Any]:
    """Recipients without a value for a token: those who get its fallback, and those skipped for it."""
    rows = _of(manifest).filter(_blank(token) & (Q(state="queued") | _skips(token)))
    return rows.select_related("prospect").order_by("pk")


def _of(manifest: Manifest) -> QuerySet[Any]:
    # By its mailing, for of that there is an index.
    return Delivery.objects.filter(mailing=manifest.mailing_id, manifest=manifest)


def warnings(manifest: Manifest) -> list[str]:
    """Codes of what does not stop a mailing but should be known. The page words them.

    no_postal_address, base_not_https, beyond_a_day, finishes_never, mailbox_disconnected, mailbox_backs_off,
    policy_overridden, reply_elsewhere, files_pending.
    """
    mailbox = manifest.mailbox
    return [
        code
        for code, applies in (
            ("no_postal_address", not manifest.postal_address.strip()),
            ("base_not_https", not settings.OVERTURE_BASE_URL.startswith("https://")),
            ("mailbox_disconnected", mailbox.state != Mailbox.State.CONNECTED),
            ("mailbox_backs_off", mailbox.backoff_count > 0),
            ("beyond_a_day", manifest.queued > Limits.of(mailbox).per_day),
            ("finishes_never", bool(manifest.queued) and finishes_at(mailbox, manifest.queued) is None),
            ("policy_overridden", manifest.contact_policy == "override"),
            ("files_pending", bool(pending(files_of(manifest)))),
            ("reply_elsewhere", bool(manifest.reply_to) and manifest.reply_to != manifest.sender_address),
        )
        if applies
    ]


def _blank(token: str) -> Q:
    return Q(**{f"{COLUMNS[token]}__regex": _BLANK})


def _skips(token: str) -> Q:
    return _blank(token) & Q(reason="missing_token")
