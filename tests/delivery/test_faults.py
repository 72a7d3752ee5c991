"""Each fault of a server ends in its state, with the server's words kept for the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from overture.delivery.models import Delivery, Mailing
from overture.delivery.progress import waits_because
from overture.delivery.sending import send_mailbox
from overture.mailboxes.models import Mailbox
from tests import factories
from tests.delivery.cast import CONTENT, counts, mailbox, prospects, sent
from tests.fakes.recording_smtp import Behaviour, RecordingSMTP
from tests.world import World

pytestmark = pytest.mark.slow

# By the recipient: (state, reason, the server's words).
OF_THE_RECIPIENT = {
    "rcpt421": ("deferred", "421", "421 4.3.2 closing"),
    "data421": ("deferred", "421", "421 4.3.2 closing"),
    "data4": ("deferred", "451", "451 4.3.0 try later"),
    "data5": ("failed", "554", "554 5.7.1 rejected"),
    # Its dot was handed over with the rest; of one too large for that, tests/mailboxes tells.
    "dropin": ("unknown", "dropped", ""),
    "dropafter": ("unknown", "dropped", ""),
}


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize("fault", OF_THE_RECIPIENT)
def test_fault_at_a_recipient_is_that_ones_alone(
    live: World, tmp_path: Path, fault: str, pipelining: bool
) -> None:
    with RecordingSMTP(tmp_path / "log", Behaviour(pipelining=pipelining)) as server:
        box = mailbox(live.nora, server.port)
        prospects(live.nora, 6)
        factories.prospect(live.nora, "odd", f"{fault}.x@x.example")
        # Long enough to be cut off in the middle.
        mailing = sent(live.nora, content=CONTENT + "<p>" + "word " * 600 + "</p>")
        send_mailbox(box.pk)
    row = Delivery.objects.get(company_name="odd")
    state, reason, words = OF_THE_RECIPIENT[fault]
    assert (row.state, row.reason) == (state, reason)
    assert words in row.smtp_reply
    assert counts(mailing)["sent"] == 6


@pytest.mark.parametrize(
    ("fault", "end"),
    [("mail4", "deferred 451"), ("mail5", "failed 550"), ("maildrop", "deferred dropped")],
)
def test_fault_at_mail_is_of_each_letter(live: World, tmp_path: Path, fault: str, end: str) -> None:
    with RecordingSMTP(tmp_path / "log") as server:
        box = mailbox(live.nora, server.port, address=f"{fault}@halden.example")
        prospects(live.nora, 3)
        mailing = sent(live.nora)
        send_mailbox(box.pk)
        assert server.messages() == []
    assert counts(mailing) == {end: 3}


@pytest.mark.parametrize(
    ("behaviour", "fields", "state", "code", "words"),
    [
        ({"greeting": "554 5.3.2 no service here"}, {}, "connected", "closing", "554 5.3.2 no service here"),
        ({"greeting": "421 4.3.2 busy"}, {}, "connected", "closing", "421 4.3.2 busy"),
        ({"greeting": "SSH-2.0-OpenSSH_9.6"}, {}, "connected", "not_smtp", "SSH-2.0"),
        ({"auth_reply": "drop"}, {"username": "nora"}, "connected", "dropped", ""),
        (
            {"auth_reply": "454 4.7.0 later"},
            {"username": "nora"},
            "connected",
            "auth_later",
            "454 4.7.0 later",
        ),
        ({"auth_reply": "535 5.7.8 no"}, {"username": "nora"}, "disconnected", "auth_535", "535 5.7.8 no"),
        ({"users": {"nora": "x"}}, {}, "disconnected", "auth_required", "530 5.7.0 authentication required"),
        ({}, {"security": "starttls"}, "disconnected", "starttls_missing", ""),
        ({}, {"security": "tls"}, None, None, ""),
    ],
)
def test_server_that_cannot_be_used_blames_no_letter_and_is_quoted(
    live: World,
    tmp_path: Path,
    behaviour: dict[str, Any],
    fields: dict[str, Any],
    state: str | None,
    code: str | None,
    words: str,
) -> None:
    with RecordingSMTP(tmp_path / "log", Behaviour(**behaviour)) as server:
        box = mailbox(live.nora, server.port, **fields)
        prospects(live.nora, 3)
        mailing = sent(live.nora)
        send_mailbox(box.pk)
        assert server.messages() == []
    box.refresh_from_db()
    mailing.refresh_from_db()
    assert counts(mailing) == {"queued": 3}
    assert Delivery.objects.filter(attempts=0).count() == 3
    if state is None:  # not TLS at all: the words are OpenSSL's
        assert box.reason
        assert waits_because(mailing)
        return
    assert (box.state, box.reason) == (state, code)
    assert words in box.reason_words
    is_paused = state == Mailbox.State.DISCONNECTED
    assert mailing.state == (Mailing.State.PAUSED if is_paused else Mailing.State.SENDING)
    assert words in waits_because(mailing)
