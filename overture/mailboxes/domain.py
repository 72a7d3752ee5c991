"""What the domain of a mailbox says of who may send for it: SPF, DKIM and DMARC, looked up in the DNS.

Receivers judge by these. DKIM keys stand under a name that only the sender knows: those that providers use
are looked for, and another one is not known rather than missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from overture.lib import dns
from overture.lib.dns import DnsFailed
from overture.mailboxes.models import Mailbox
from overture.mailboxes.sign import look_for_key

OK, MISSING, SEVERAL, WEAK, UNKNOWN = "ok", "missing", "several", "weak", "unknown"
_SELECTORS = (
    "google", "selector1", "selector2", "default", "dkim", "mail", "k1", "k2", "s1", "s2", "fm1", "ovhmo1",
    "gm1", "zoho", "zmail", "sig1", "protonmail", "mxvault", "key1", "x",
)  # fmt: skip
AGAIN = timedelta(days=1)


def look_up(mailbox: Mailbox) -> dict[str, str]:
    """Asks, and keeps what was found."""
    domain = mailbox.address.rpartition("@")[2]
    dkim = look_for_key(mailbox) if mailbox.dkim_key else _dkim(domain)
    found = {"spf": _spf(domain), "dkim": dkim, "dmarc": _dmarc(domain)}
    Mailbox.objects.filter(pk=mailbox.pk).update(domain_says=found, domain_asked_at=timezone.now())
    mailbox.domain_says = found
    return found


def look_up_old(most: int = 500) -> None:
    """Those that were not looked up for a day, the oldest first."""
    due = Mailbox.objects.filter(removed_at=None).exclude(domain_asked_at__gt=timezone.now() - AGAIN)
    for mailbox in due.order_by(F("domain_asked_at").asc(nulls_first=True))[:most]:
        look_up(mailbox)


def lacking(mailbox: Mailbox) -> list[str]:
    """What receivers miss for sure, by its name."""
    bad = (MISSING, SEVERAL)
    return [name.upper() for name, said in mailbox.domain_says.items() if said in bad]


def _spf(domain: str) -> str:
    try:
        found = _beginning(dns.texts(domain, settings.OVERTURE_DNS), "v=spf1")
    except DnsFailed:
        return UNKNOWN
    # Several make all of them void (RFC 7208, 3.2).
    return SEVERAL if len(found) > 1 else OK if found else MISSING


def _dmarc(domain: str) -> str:
    """Of the domain, else of the ones above it (RFC 7489, 6.6.3): which one is the organisation's is not
    known here, but nobody publishes a policy for all of `example`."""
    labels = domain.split(".")
    for start in range(max(len(labels) - 1, 1)):
        name = "_dmarc." + ".".join(labels[start:])
        try:
            found = _beginning(dns.texts(name, settings.OVERTURE_DNS), "v=dmarc1")
        except DnsFailed:
            return UNKNOWN
        if found:
            # p=none asks receivers to do nothing; Gmail and Yahoo content themselves with it.
            return (
                SEVERAL if len(found) > 1 else WEAK if "p=none" in found[0].replace(" ", "").lower() else OK
            )
    return MISSING


def _dkim(domain: str) -> str:
    for selector in _SELECTORS:
        try:
            texts = dns.texts(f"{selector}._domainkey.{domain}", settings.OVERTURE_DNS)
        except DnsFailed:
            return UNKNOWN
        # An empty key is one that was withdrawn (RFC 6376, 3.6.1).
        if any("p=" in text and not text.replace(" ", "").endswith("p=") for text in texts):
            return OK
    return UNKNOWN


def _beginning(texts: Iterable[str], mark: str) -> list[str]:
    return [text for text in texts if text.lower().split(";")[0].split(" ")[0].strip() == mark]
