"""The tokens that the composer offers, in words, with how many recipients have no value for each."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from overture.delivery.models import Mailing
from overture.delivery.outlook import Outlook
from overture.web.wording import n

_TOKENS: tuple[tuple[str, Promise, bool], ...] = (
    ("firstName", _("First name of the contact"), True),
    ("lastName", _("Last name of the contact"), True),
    ("mpname", _("Company name"), True),
    ("mpid", _("Account number"), False),
    ("currentDay", _("Today’s date"), False),
    ("currentMonthYear", _("Month and year"), False),
    ("currentTime", _("Date and time, UTC"), False),
)


# Name and words, for pages that offer no menu.
TOKEN_WORDS = [(name, label) for name, label, _may_lack in _TOKENS]


@dataclass(frozen=True)
class MenuToken:
    name: str
    label: Promise
    may_lack: bool
    lacking: str


def token_menu(mailing: Mailing, seen: Outlook) -> list[MenuToken]:
    return [
        MenuToken(name, label, may_lack, _lacking(name, seen) if may_lack else "")
        for name, label, may_lack in _TOKENS
    ]


def _lacking(name: str, seen: Outlook) -> str:
    count = seen.lacking.get(name, 0)
    sentence = ngettext(
        "%(n)s of %(all)s recipients will see this.", "%(n)s of %(all)s recipients will see this.", count
    )
    return sentence % {"n": n(count), "all": n(seen.recipients)}
