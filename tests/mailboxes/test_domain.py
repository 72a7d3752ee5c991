"""SPF, DKIM and DMARC of a mailbox's domain, from a DNS server of the tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import compress

import pytest
from django.utils import timezone

from overture.mailboxes.connect import connect
from overture.mailboxes.domain import lacking, look_up, look_up_old
from overture.mailboxes.models import Mailbox
from tests.fakes.dns_server import Names
from tests.mailboxes.test_connect import DETAILS
from tests.mailboxes.test_discover import names  # noqa: F401  # a fixture
from tests.world import World

SPF, DMARC, KEY = '"v=spf1 include:x.example -all"', '"v=DMARC1; p=reject"', '"v=DKIM1; k=rsa; p=" "MIIB"'


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([], ("missing", "unknown", "missing")),
        ([("halden.example", SPF), ("_dmarc.halden.example", DMARC)], ("ok", "unknown", "ok")),
        ([("selector2._domainkey.halden.example", KEY)], ("missing", "ok", "missing")),
        # Withdrawn (RFC 6376, 3.6.1).
        ([("default._domainkey.halden.example", '"v=DKIM1; p="')], ("missing", "unknown", "missing")),
        ([("_dmarc.halden.example", '"v=DMARC1; p = none; rua=x"')], ("missing", "unknown", "weak")),
        ([("halden.example", f'{SPF}\n"other"\n"v=spf1 -all"')], ("several", "unknown", "missing")),
        ([("halden.example", '"v=spf10 -all"')], ("missing", "unknown", "missing")),
    ],
)  # fmt: skip
def test_domain_is_judged(
    world: World,
    names: Names,  # noqa: F811
    records: list[tuple[str, str]],
    said: tuple[str, str, str],
) -> None:
    for name, values in records:
        names.add(name, "TXT", *values.split("\n"))
    mailbox = connect(world.nora, DETAILS)
    look_up(mailbox)
    mailbox.refresh_from_db()
    assert (mailbox.domain_says["spf"], mailbox.domain_says["dkim"], mailbox.domain_says["dmarc"]) == said
    missing = [word in ("missing", "several") for word in said]
    assert lacking(mailbox) == list(compress(("SPF", "DKIM", "DMARC"), missing))


def test_policy_of_the_organisation_holds_for_what_is_below(world: World, names: Names) -> None:  # noqa: F811
    names.add("_dmarc.halden.example", "TXT", DMARC)
    mailbox = connect(world.nora, replace(DETAILS, address="nora@news.halden.example"))
    assert look_up(mailbox)["dmarc"] == "ok"


def test_no_answer_is_not_a_missing_record(
    world: World,
    names: Names,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("overture.lib.dns.PATIENCE", 0.2)
    names.silent = {"halden.example", "_dmarc.halden.example", "google._domainkey.halden.example"}
    mailbox = connect(world.nora, DETAILS)
    assert look_up(mailbox) == {"spf": "unknown", "dkim": "unknown", "dmarc": "unknown"}
    assert lacking(mailbox) == []


def test_domains_are_looked_up_once_a_day(world: World, names: Names) -> None:  # noqa: F811
    mailbox = connect(world.nora, DETAILS)
    look_up_old()
    first = len(names.asked)
    assert first > 2
    look_up_old()
    assert len(names.asked) == first
    Mailbox.objects.filter(pk=mailbox.pk).update(domain_asked_at=timezone.now() - timedelta(days=1, hours=1))
    look_up_old()
    assert len(names.asked) == 2 * first
