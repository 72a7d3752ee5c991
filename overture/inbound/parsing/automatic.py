"""Answers that a machine wrote (RFC 3834, and the programs that came before it), and when an absence ends."""

from __future__ import annotations

import re
from datetime import date

from overture.inbound.headers import Headers

_SUBJECT = re.compile(
    r"^\W*(?:(?:re|tr|fwd?)\s*:\s*)?(?:automatic (?:reply|response)|auto[- ]?(?:reply|response|mated reply)"
    r"|out of (?:the )?office|réponse automatique|absence du bureau|absent du bureau|message d['’]absence"
    r"|automatische antwort|abwesenheit|respuesta automática|risposta automatica|vacation)\b",
    re.IGNORECASE,
)
_MONTHS = {
    "jan": 1, "feb": 2, "fév": 2, "fev": 2, "mar": 3, "apr": 4, "avr": 4, "may": 5, "mai": 5, "jun": 6,
    "juin": 6, "jul": 7, "juil": 7, "aug": 8, "aoû": 8, "aou": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
    "déc": 12,
}  # fmt: skip
_NAMES = (
    r"janvier|janv|january|jan|février|fevrier|févr|february|feb|mars|march|mar|avril|avr|april|apr|mai|may|"
    r"juin|june|jun|juillet|juil|july|jul|août|aout|august|aug|septembre|september|sept|sep|octobre|october|"
    r"oct|novembre|november|nov|décembre|decembre|december|déc|dec"
)
_END = (
    r"(?:until|till|through|thru|back (?:in the office )?(?:on|from)|return(?:ing)? (?:to the office )?on|"
    r"returning|jusqu['’]au|de retour (?:au bureau )?(?:à partir du|le|dès le)|(?:reviens"
    r"|serai de retour) le|"
    r"\bau|to)"
)
_DAY_NAME = r"(?:[a-zéû]{3,9}\.?,? )?"
_WRITTEN = re.compile(
    rf"{_END} (?:the |and including |le |and )?{_DAY_NAME}(?:"
    rf"(?P<d1>\d{{1,2}})(?:st|nd|rd|th|er)? (?:of )?(?P<m1>{_NAMES})\.?(?:,? (?P<y1>\d{{4}}))?|"
    rf"(?P<m2>{_NAMES})\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<y2>\d{{4}}))?|"
    r"(?P<y3>\d{4})-(?P<m3>\d{2})-(?P<d3>\d{2})|"
    r"(?P<d4>\d{1,2})[/.](?P<m4>\d{1,2})(?:[/.](?P<y4>\d{4}|\d{2}))?\b)",
    re.IGNORECASE,
)


def is_automatic(mail: Headers) -> bool:
    """`Auto-Submitted: no` is a person's word for it; a mailing list is no answer of anybody."""
    said = mail.auto_submitted.partition(";")[0].strip()
    if said:
        return said != "no"
    if (
        mail.precedence in ("auto_reply", "auto-reply")
        or {"x-autoreply", "x-autorespond"} & mail.values.keys()
    ):
        return True
    return bool(_SUBJECT.match(mail.subject))


def away_until(text: str, received: date) -> date | None:
    """The last day that such an answer names as the end; a day without a year is the next one of its name."""
    days = [_day(found, received) for found in _WRITTEN.finditer(" ".join(text[:10_000].split()))]
    return max((day for day in days if day), default=None)


def _day(found: re.Match[str], received: date) -> date | None:
    parts = found.groupdict()
    for form in ("1", "2", "3", "4"):
        if parts[f"d{form}"] is None:
            continue
        day, month = int(parts[f"d{form}"]), _month(parts[f"m{form}"])
        year = parts[f"y{form}"]
        try:
            if year:
                return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
            this_year = date(received.year, month, day)
            return this_year if this_year >= received else date(received.year + 1, month, day)
        except ValueError:
            return None
    return None


def _month(name: str) -> int:
    if name.isdigit():
        return int(name)
    small = name.lower()
    return _MONTHS.get(small[:4]) or _MONTHS.get(small[:3], 0)
