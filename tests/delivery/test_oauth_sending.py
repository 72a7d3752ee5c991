"""Mailings from a mailbox that signs in by OAuth 2: tokens end, grants are withdrawn, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core import mail

from overture.delivery.errors import NotNow
from overture.delivery.grants import renew_ending, resume_reconnected
from overture.delivery.models import Mailing
from overture.delivery.progress import waits_because
from overture.delivery.sending import send_mailbox
from overture.delivery.steer import resume
from overture.mailboxes import tokens
from overture.mailboxes.edit import sign_in_again
from overture.mailboxes.models import Mailbox
from overture.mailboxes.tell import send_reconnect
from overture.notices.models import Notice
from tests.delivery.cast import counts, prospects, sent
from tests.fakes.oauth_server import OAuthServer, authorizing, settings_for
from tests.fakes.recording_smtp import Behaviour, RecordingSMTP
from tests.mailboxes.test_oauth import _at, _ends_in, _signed_in, connected
from tests.world import World

pytestmark = pytest.mark.slow


class _Live(dict[str, str]):
    """The SMTP server's tokens, as the authorization server judges them at the moment."""

    def __init__(self, server: OAuthServer) -> None:
        super().__init__({"x": "y"})
        self.server = server

    def get(self, token: str, default: Any = None) -> Any:
        return self.server.user_of(token) or default


class Both(NamedTuple):
    oauth: OAuthServer
    smtp: RecordingSMTP


@pytest.fixture
def both(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Both]:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    with authorizing() as server:
        behaviour = Behaviour(tokens=_Live(server), mechanisms="XOAUTH2")
        with RecordingSMTP(tmp_path / "log", behaviour) as smtp:
            settings.OVERTURE_OAUTH = settings_for(server, smtp.port)
            yield Both(server, smtp)


def _box(live: World) -> Mailbox:
    box = connected(live)
    Mailbox.objects.filter(pk=box.pk).update(per_minute=100_000, per_hour=1_000_000, per_day=10_000_000)
    box.refresh_from_db()
    return box


def test_mailing_leaves_by_access_token(live: World, both: Both) -> None:
    box = _box(live)
    prospects(live.nora, 5)
    mailing = sent(live.nora, mailbox=box)
    send_mailbox(box.pk)
    assert counts(mailing) == {"sent": 5}
    assert len(both.smtp.messages()) == 5


def test_token_that_ends_in_the_middle_is_renewed_and_nobody_is_lost(live: World, both: Both) -> None:
    box = _box(live)
    prospects(live.nora, 40)
    mailing = sent(live.nora, mailbox=box)
    both.smtp.behaviour.close_after = 10
    both.oauth.expire()  # earlier than it said
    send_mailbox(box.pk)
    box.refresh_from_db()
    assert counts(mailing) == {"queued": 40}
    assert (box.state, box.reason, both.oauth.count("refresh_token")) == ("connected", "token_refused", 1)
    Mailbox.objects.update(backoff_until=None)  # half a minute later
    for _ in range(10):
        Mailbox.objects.update(backoff_until=None)
        send_mailbox(box.pk)
    assert counts(mailing) == {"sent": 40}
    assert len({message.recipients[0] for message in both.smtp.messages()}) == 40
    assert len(both.smtp.messages()) == 40
    box.refresh_from_db()
    assert (box.state, both.oauth.count("refresh_token")) == ("connected", 1)


def test_withdrawn_grant_pauses_tells_and_goes_on_after_signing_in_again(live: World, both: Both) -> None:
    box = _box(live)
    prospects(live.nora, 5)
    mailing = sent(live.nora, mailbox=box)
    both.oauth.end("nora@halden.example")
    send_mailbox(box.pk)
    box.refresh_from_db()
    mailing.refresh_from_db()
    assert (box.state, box.reason) == ("reconnect", "grant_refused")
    assert (mailing.state, mailing.reason, counts(mailing)) == ("paused", "mailbox_reconnect", {"queued": 5})
    assert waits_because(mailing).startswith("The mailbox has to be signed in again")
    with pytest.raises(NotNow, match="mailbox_disconnected"):
        resume(live.nora, mailing)
    notice = Notice.objects.get()
    assert (notice.member, notice.kind, notice.facts["address"]) == (
        live.nora,
        "mailbox_reconnect",
        "nora@halden.example",
    )
    send_reconnect(box.pk, live.nora.pk)
    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == ([live.nora.user.email], "Sign in again: nora@halden.example")
    assert "https://overture.test/w/" in letter.body
    assert "AADSTS700082" in letter.body

    sign_in_again(live.nora, box, _signed_in(_at()), reads=False)
    assert resume_reconnected(box.pk) == 1
    send_mailbox(box.pk)
    assert counts(mailing) == {"sent": 5}
    send_reconnect(box.pk, live.nora.pk)
    assert len(mail.outbox) == 1  # nothing to do any more


def test_server_that_takes_no_token_at_all_is_given_up_at_the_second(live: World, both: Both) -> None:
    box = _box(live)
    prospects(live.nora, 2)
    sent(live.nora, mailbox=box)
    both.smtp.behaviour.tokens = {"none": "of ours"}
    send_mailbox(box.pk)
    assert Mailbox.objects.get().state == "connected"
    Mailbox.objects.update(backoff_until=None)
    send_mailbox(box.pk)
    assert (Mailbox.objects.get().state, Mailbox.objects.get().reason) == ("reconnect", "token_refused")
    assert Notice.objects.count() == 1


def test_provider_out_of_order_only_delays(live: World, both: Both) -> None:
    box = _box(live)
    prospects(live.nora, 2)
    mailing = sent(live.nora, mailbox=box)
    _ends_in(box, minutes=-1)
    both.oauth.status = 500
    send_mailbox(box.pk)
    box.refresh_from_db()
    assert (box.state, box.reason, Mailing.objects.get().state) == (
        "connected",
        "token_unreachable",
        "sending",
    )
    both.oauth.status = 0
    Mailbox.objects.update(backoff_until=None)
    send_mailbox(box.pk)
    assert counts(mailing) == {"sent": 2}


def test_tokens_are_renewed_each_minute_before_they_end(live: World, both: Both) -> None:
    box, quiet = _box(live), connected(live, "microsoft")
    renew_ending()
    assert both.oauth.count("refresh_token") == 0
    _ends_in(box, minutes=11)
    renew_ending()
    renew_ending()
    assert both.oauth.count("refresh_token") == 1
    both.oauth.end("nora@halden.example")
    _ends_in(quiet, minutes=11)
    renew_ending()
    quiet.refresh_from_db()
    assert (quiet.state, tokens.access_token_of(box) != "") == ("reconnect", True)
    assert Notice.objects.count() == 1
    renew_ending()
    assert Notice.objects.count() == 1
