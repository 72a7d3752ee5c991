"""E-mails leave signed once the DNS shows the key, and their signatures hold where they arrive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dkim
import pytest

from overture.delivery.sending import send_mailbox
from overture.mailboxes.domain import look_up
from overture.mailboxes.sign import DnsRecord, drop_key, make_key
from tests.delivery.cast import counts, mailbox, prospects, sent
from tests.fakes.dns_server import Names
from tests.fakes.recording_smtp import RecordingSMTP
from tests.mailboxes.test_discover import names  # noqa: F401  # a fixture
from tests.world import World

pytestmark = pytest.mark.slow


def holds(mail: bytes, record: DnsRecord) -> bool:
    def ask(name: bytes, **_: Any) -> bytes:
        assert name.decode() == f"{record.name}."
        return record.value.encode()

    return bool(dkim.verify(mail, dnsfunc=ask))


def test_mailing_is_signed_once_the_dns_shows_the_key(
    live: World,
    tmp_path: Path,
    names: Names,  # noqa: F811
) -> None:
    with RecordingSMTP(tmp_path / "log") as server:
        box = mailbox(live.nora, server.port)
        record = make_key(live.nora, box)
        assert "PRIVATE" not in box.dkim_key
        assert record.name == f"{box.dkim_selector}._domainkey.halden.example"
        prospects(live.nora, 3)
        first = sent(live.nora)
        look_up(box)
        send_mailbox(box.pk)
        assert (counts(first), box.domain_says["dkim"]) == ({"sent": 3}, "missing")
        assert not [mail for mail in server.messages() if b"DKIM-Signature" in mail.content]

        names.add(record.name, "TXT", f'"{record.value[:200]}" "{record.value[200:]}"')
        look_up(box)
        assert box.domain_says["dkim"] == "ok"
        sent(live.nora, contact_policy="override")
        send_mailbox(box.pk)
        signed = [mail.content for mail in server.messages()][3:]
        assert len(signed) == 3
        assert all(holds(mail, record) for mail in signed)
        head = signed[0].partition(b"\r\n\r\n")[0].replace(b"\r\n", b"").replace(b" ", b"")
        assert b"h=from:from:" in head
        assert b":list-unsubscribe:list-unsubscribe-post;" in head

        # The record is taken out again: no signature that nobody can check.
        names.add(record.name, "TXT", '"v=DKIM1; p="')
        look_up(box)
        assert box.dkim_seen_at is None
        drop_key(live.nora, box)
        assert (box.dkim_key, box.dkim_selector) == ("", "")
