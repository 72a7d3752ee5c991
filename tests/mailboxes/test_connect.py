"""Mailboxes are connected, changed and removed; the password stays secret, the test tells what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import translation

from overture.lib.secrets import SecretError, new_key
from overture.mailboxes.account import account_of
from overture.mailboxes.check import check, explain
from overture.mailboxes.connect import connect
from overture.mailboxes.details import Details, MailboxError
from overture.mailboxes.edit import edit, remove, require_change
from overture.mailboxes.imap_account import ImapAccount, imap_account_of
from overture.mailboxes.models import Mailbox, SendingCount
from overture.mailboxes.presets import PRESETS
from overture.mailboxes.providers.smtp import Account
from overture.mailboxes.remedies import REMEDIES
from overture.mailboxes.secret import imap_password_of, password_of, rotate, sealed
from overture.mailboxes.today import used_today
from tests.fakes.recording_smtp import Behaviour, RecordingSMTP
from tests.world import World

DETAILS = Details(
    "Nora@Halden.example", "smtp.halden.example", username="nora", password="s3cret é", sender_name="Nora"
)


def test_password_is_kept_encrypted_and_bound_to_its_row(world: World) -> None:
    mailbox, other = connect(world.nora, DETAILS), connect(world.nora, replace(DETAILS, is_personal=True))
    assert "s3cret" not in mailbox.secret
    assert password_of(mailbox) == "s3cret é"
    assert (mailbox.owner, other.owner) == (None, world.nora)
    assert mailbox.address_key == other.address_key != ""
    mailbox.secret = other.secret
    with pytest.raises(SecretError):
        password_of(mailbox)


def test_account_is_what_the_provider_needs(world: World) -> None:
    account = account_of(
        connect(world.nora, replace(DETAILS, host=" 127.0.0.1 ", port=2525, security="none"))
    )
    assert account == Account(
        "127.0.0.1", 2525, "none", "nora", "s3cret é", "overture.test", allow_private=True
    )


def test_imap_account_has_the_password_of_sending_unless_it_has_its_own(world: World) -> None:
    mailbox = connect(world.nora, DETAILS)
    mailbox.imap_host = "imap.halden.example"
    assert imap_account_of(mailbox) == ImapAccount(
        "imap.halden.example", 993, "tls", "nora", "s3cret é", allow_private=True
    )
    mailbox.imap_username, mailbox.imap_secret = "reader", sealed(mailbox, "other", "imap")
    account = imap_account_of(mailbox)
    assert (account.username, account.password) == ("reader", "other")
    mailbox.imap_secret = mailbox.secret
    with pytest.raises(SecretError):
        imap_password_of(mailbox)


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"address": "nora"}, "address", "bad_address"),
        ({"address": "nora@x.example\r\nRCPT TO:<a@b.example>"}, "address", "bad_address"),
        ({"host": ""}, "host", "bad_host"),
        ({"host": "a b"}, "host", "bad_host"),
        ({"port": 0}, "port", "bad_port"),
        ({"port": 70000}, "port", "bad_port"),
        ({"security": "ssl"}, "security", "bad_security"),
        ({"username": "nora\r\nQUIT"}, "username", "bad_username"),
        ({"password": "a\0b"}, "password", "bad_password"),
        ({"sender_name": "Nora\nBcc: x"}, "sender_name", "bad_sender_name"),
        ({"per_minute": 0}, "per_minute", "bad_limit"),
        ({"per_day": 2**31}, "per_day", "bad_limit"),
        ({"time_zone": "Mars"}, "time_zone", "bad_time_zone"),
    ],
)
def test_connect_names_the_field_that_cannot_stand(
    world: World, changed: dict[str, object], field: str, code: str
) -> None:
    with pytest.raises(MailboxError) as refused:
        connect(world.nora, replace(DETAILS, **changed))  # type: ignore[arg-type]
    assert (refused.value.field, refused.value.code) == (field, code)
    assert not Mailbox.objects.exists()


def test_edit_keeps_the_password_unless_the_server_changes(world: World) -> None:
    mailbox = connect(world.nora, DETAILS)
    kept = replace(DETAILS, password=None, per_day=9)
    assert (edit(world.nora, mailbox, kept).per_day, password_of(mailbox)) == (9, "s3cret é")
    for moved in ({"host": "mail.evil.example"}, {"port": 465}, {"security": "none"}, {"username": "eve"}):
        with pytest.raises(MailboxError, match="password_again"):
            edit(world.nora, mailbox, replace(kept, **moved))
    edit(world.nora, mailbox, replace(DETAILS, host="mail.halden.example", password="new"))
    assert (mailbox.host, password_of(mailbox)) == ("mail.halden.example", "new")


READING = replace(DETAILS, reads=True, imap_host="imap.halden.example", imap_password="to read")


def test_server_to_read_from_is_checked_when_it_is_used(world: World) -> None:
    for changed, field in (({"imap_host": ""}, "imap_host"), ({"imap_port": 0}, "imap_port")):
        with pytest.raises(MailboxError) as refused:
            connect(world.nora, replace(READING, **changed))  # type: ignore[arg-type]
        assert refused.value.field == field
    with pytest.raises(MailboxError, match="bad_username"):
        connect(world.nora, replace(READING, imap_username="a\r\nLOGOUT"))
    assert imap_password_of(connect(world.nora, READING)) == "to read"


@pytest.mark.parametrize(
    ("begin", "moved"),
    [
        (READING, {"imap_host": "evil.example"}),
        (READING, {"imap_port": 143}),
        (READING, {"imap_username": "eve"}),
        # Its own password taken out, that of sending would go there instead.
        (READING, {"imap_host": "evil.example", "imap_password": ""}),
        (replace(READING, imap_password=None), {"imap_host": "evil.example"}),
        # Reading turned on later: the password of sending is asked for again.
        (DETAILS, {"reads": True, "imap_host": "evil.example"}),
        # A new password of sending does not open the way for the old one of reading.
        (READING, {"imap_host": "evil.example", "password": "new"}),
    ],
)
def test_no_kept_password_goes_to_another_server_to_read_from(
    world: World, begin: Details, moved: dict[str, object]
) -> None:
    mailbox = connect(world.nora, begin)
    kept = replace(begin, password=None, imap_password=None)
    assert edit(world.nora, mailbox, replace(kept, per_day=9)).per_day == 9
    with pytest.raises(MailboxError, match="imap_password: password_again"):
        edit(world.nora, mailbox, replace(kept, **moved))  # type: ignore[arg-type]
    edit(world.nora, mailbox, replace(kept, **{**moved, "imap_password": "anew"}))  # type: ignore[arg-type]
    assert imap_password_of(mailbox) == "anew"


def test_edit_of_the_server_ends_a_disconnection(world: World) -> None:
    mailbox = connect(world.nora, DETAILS)
    broken = {"state": "disconnected", "reason": "auth_535", "reason_words": "535 no"}
    Mailbox.objects.filter(pk=mailbox.pk).update(**broken)
    edit(world.nora, mailbox, replace(DETAILS, password=None, per_day=9))
    assert (mailbox.state, mailbox.reason) == ("disconnected", "auth_535")
    edit(world.nora, mailbox, DETAILS)
    assert (mailbox.state, mailbox.reason, mailbox.reason_words) == ("connected", "", "")


def test_removed_mailbox_keeps_no_password(world: World) -> None:
    mailbox = connect(world.nora, DETAILS)
    remove(world.nora, mailbox)
    mailbox.refresh_from_db()
    assert (mailbox.secret, mailbox.state, mailbox.removed_at is None) == ("", "disconnected", False)
    assert not Mailbox.objects.visible_to(world.nora).exists()


def test_personal_mailbox_is_changed_by_owner_and_administrator_only(world: World) -> None:
    personal = connect(world.camille, replace(DETAILS, is_personal=True))
    require_change(world.camille, personal)
    require_change(world.nora, personal)
    theirs = connect(world.nora, replace(DETAILS, is_personal=True))
    with pytest.raises(PermissionDenied):
        require_change(world.camille, theirs)
    with pytest.raises(PermissionDenied):
        connect(world.victor, replace(DETAILS, is_personal=True))


def test_rotation_encrypts_with_the_first_key(
    world: World, settings: object, capsys: pytest.CaptureFixture[str]
) -> None:
    mailbox = connect(world.nora, DETAILS)
    old = settings.ENCRYPTION_KEYS  # type: ignore[attr-defined]
    settings.ENCRYPTION_KEYS = f"{new_key('second')} {old}"  # type: ignore[attr-defined]
    call_command("rotate-secrets")
    assert capsys.readouterr().out == "1 encrypted anew with the key 'second'.\n"
    settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS.split()[0]  # type: ignore[attr-defined]
    mailbox.refresh_from_db()
    assert (password_of(mailbox), rotate()) == ("s3cret é", 0)


def test_today_counts_the_address_in_its_time_zone(world: World, django_assert_num_queries: object) -> None:
    now = datetime(2026, 11, 3, 23, 30, tzinfo=UTC)  # half past midnight in Paris
    paris = connect(world.nora, replace(DETAILS, time_zone="Europe/Paris"))
    utc = connect(world.stranger, DETAILS)
    quiet = connect(world.nora, replace(DETAILS, address="quiet@halden.example"))
    for minutes, count in ((10, 5), (60, 7), (24 * 60, 100)):
        SendingCount.objects.create(
            address_key=paris.address_key, second=now - timedelta(minutes=minutes), count=count
        )
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert used_today([paris, utc, quiet], now) == {paris.pk: 5, utc.pk: 12, quiet.pk: 0}


def test_check_says_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    behaviour = Behaviour(users={"nora": "right"})
    with RecordingSMTP(tmp_path / "log", behaviour) as server:
        account = Account("127.0.0.1", server.port, "none", allow_private=True, timeout=2)
        assert check(account).is_well
    gone = check(account)
    assert (gone.is_well, gone.code) == (False, "refused")
    assert gone.title == f"127.0.0.1 refused the connection on port {server.port}."
    assert gone.remedy == "Nothing listens there. Try 587 with STARTTLS or 465 with TLS."


def test_every_finding_has_words_in_both_sentences() -> None:
    account = Account("smtp.brand.example", 587)
    for code in [*REMEDIES, "never heard of"]:
        for language in ("en", "fr"):
            with translation.override(language):
                finding = explain(code, "", account)
                assert finding.title
                assert finding.remedy
                assert "%(" not in finding.title + finding.remedy


def test_words_of_a_provider_say_more_than_the_code() -> None:
    account = Account("smtp.office365.com", 587)
    finding = explain(
        "auth_535", "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled", account
    )
    assert finding.title == "Microsoft has SMTP sign-in turned off for this mailbox."


def test_presets_use_ports_and_security_that_belong_together() -> None:
    assert {(one.port, one.security) for one in PRESETS} == {(587, "starttls"), (465, "tls")}
    assert all(one.per_minute <= one.per_hour <= one.per_day for one in PRESETS)
    assert len({one.code for one in PRESETS}) == len(PRESETS)
