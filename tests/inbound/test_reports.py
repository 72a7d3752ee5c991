"""Reports of mail servers in their many shapes: how many are told right, by kind. None may be wrong."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from overture.inbound.parse import opened
from overture.inbound.parsing.report import kind_of
from tests.inbound.samples import sample

DAY = date(2026, 11, 24)
# What it is, and of a bounce the kind that a person would say.
REPORTS = {
    "bounce-postfix-unknown": ("bounce", "hard"),
    "bounce-postfix-host": ("bounce", "hard"),
    "bounce-postfix-full": ("bounce", "soft"),
    "bounce-postfix-spam": ("bounce", "blocked"),
    "bounce-postfix-expired": ("bounce", "soft"),
    "bounce-exchange-unknown": ("bounce", "hard"),
    "bounce-exchange-blocked-fr": ("bounce", "blocked"),
    "bounce-gmail-unknown": ("bounce", "hard"),
    "bounce-gmail-spam": ("bounce", "blocked"),
    "bounce-sendmail": ("bounce", "hard"),
    "bounce-qmail": ("bounce", "hard"),
    "bounce-exim": ("bounce", "hard"),
    "bounce-yahoo-words": ("bounce", "blocked"),
    "bounce-no-diagnostic": ("bounce", "soft"),
    "bounce-strange-words": ("bounce", "unknown"),
    "forged-bounce": ("bounce", "hard"),
    "late-postfix": ("late", ""),
    "relayed-postfix": ("late", ""),
    "late-sendmail-words": ("late", ""),
    "delivered-postfix": ("delivered", ""),
    "complaint-arf": ("complaint", ""),
    "complaint-not-spam": ("", ""),
}


def told(name: str) -> tuple[str, str]:
    with opened(sample(name), DAY) as mail:
        if mail.report is None:
            return "", ""
        return mail.report.what, mail.report.kind if mail.report.what == "bounce" else ""


def test_the_table_of_right_wrong_and_unknown(files: object) -> None:
    table: dict[str, Counter[str]] = {}
    for name, expected in REPORTS.items():
        found = told(name)
        row = table.setdefault(" ".join(expected).strip() or "no report", Counter())
        row[
            "right" if found == expected else "unknown" if found[1] == "unknown" else f"wrong: {name} {found}"
        ] += 1
    assert table == {
        "bounce hard": {"right": 8},
        "bounce soft": {"right": 3},
        "bounce blocked": {"right": 4},
        "bounce unknown": {"right": 1},
        "late": {"right": 3},
        "delivered": {"right": 1},
        "complaint": {"right": 1},
        "no report": {"right": 1},
    }


@pytest.mark.parametrize("name", [name for name in REPORTS if name != "complaint-not-spam"])
def test_each_names_the_mail_it_is_about(files: object, name: str) -> None:
    with opened(sample(name), DAY) as mail:
        assert mail.report is not None
        ours = "1234.forged@halden.example" if name == "forged-bounce" else "ours@halden.example"
        assert mail.report.ids == (ours,)
        assert "elise@veille.example" in mail.report.recipients


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        ("5.1.1", "", "hard"),
        ("5.7.1", "550 5.7.1 user unknown", "hard"),
        ("5.7.1", "relaying denied", "blocked"),
        ("5.2.2", "550 5.1.1 over quota", "soft"),
        ("4.2.1", "user unknown", "soft"),
        ("5.0.0", "", "unknown"),
        ("", "", "unknown"),
        ("5.1.8", "bad sender", "unknown"),
        ("5.4.7", "delivery time expired", "soft"),
        ("", "550 L’adresse n’existe pas", "hard"),
    ],
)
def test_words_weigh_more_than_numbers(status: str, words: str, kind: str) -> None:
    assert kind_of(status, words) == kind
