"""E-mails with files: what arrives is what was found clean, and nothing leaves before."""

from __future__ import annotations

import email
import io
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from overture.accounts.models import Membership
from overture.activity.models import Activity
from overture.delivery.approve import send
from overture.delivery.attached import hold
from overture.delivery.draft import create, discard, edit
from overture.delivery.errors import Changed, DraftError, NotNow
from overture.delivery.letters import Letters, Unfit
from overture.delivery.models import Mailing
from overture.delivery.prepare import prepare
from overture.delivery.progress import forecast, waits_because
from overture.delivery.sending import due, send_mailbox
from overture.delivery.steer import cancel, pause, resume
from overture.files import store
from overture.files.keep import keep
from overture.files.models import Attachment, StoredFile
from overture.files.open import open_clean
from overture.files.scan import scan_due
from overture.mailboxes.models import Mailbox
from overture.notices.models import Notice
from tests.delivery.cast import CONTENT, claim, counts, mailbox, prospects
from tests.delivery.workers import until, worker
from tests.fakes.recording_smtp import Behaviour, RecordingSMTP
from tests.fakes.scanner import EICAR
from tests.files import samples
from tests.world import World

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, settings: Any, files: Path) -> None:
    settings.OVERTURE_DATA = tmp_path
    settings.OVERTURE_CLAMD = f"unix:{tmp_path}/nobody.sock"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RecordingSMTP]:
    with RecordingSMTP(tmp_path / "log") as smtp:
        yield smtp


def give(member: Membership, content: bytes = samples.CSV, name: str = "partners.csv") -> Attachment:
    return keep(io.BytesIO(content), name, workspace_id=member.workspace_id, member=member)


def drafted(member: Membership, *files: Attachment, **fields: Any) -> Mailing:
    given = {"subject": "A word for {mpname}", "content": CONTENT, "audience": {"filter": {}}} | fields
    return create(member, attachments=[each.pk for each in files], **given)


def approved(member: Membership, *files: Attachment, **fields: Any) -> Mailing:
    mailing = drafted(member, *files, **fields)
    return send(member, mailing, prepare(member, mailing).pk, undo_seconds=0)


def infect(file: Attachment) -> None:
    """As a scan with newer signatures does."""
    StoredFile.objects.filter(pk=file.stored_id).update(state="infected", reason="Eicar")


def read(content: bytes) -> list[tuple[str, str, bytes]]:
    message = email.message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    assert not [part.defects for part in message.walk() if part.defects]
    return [
        (part.get_filename() or "", part.get_content_type(), part.get_payload(decode=True))  # type: ignore[misc]
        for part in message.iter_attachments()
    ]


def test_files_arrive_as_they_were_found_clean(live: World, scanner: Any, server: RecordingSMTP) -> None:
    box = mailbox(live.nora, server.port)
    prospects(live.nora, 25)
    files = [
        give(live.nora, samples.document(), "Prices — été 2038.pdf"),
        give(live.nora, samples.picture("JPEG"), "photo.jpg"),
        give(live.nora, samples.CSV, "partners.csv"),
    ]
    scan_due()
    mailing = approved(live.nora, *files)
    send_mailbox(box.pk)
    assert counts(mailing) == {"sent": 25}
    expected = []
    for each in files:
        opened = open_clean(each)
        with opened.stream as stream:
            expected.append((each.name, opened.type, stream.read()))
    got = server.messages()
    assert len(got) == 25
    assert [read(each.content) for each in got] == [expected] * 25
    assert expected[2][2] == samples.CSV


def test_mailing_waits_for_its_files_and_begins_by_itself(
    live: World, scanner: Any, server: RecordingSMTP
) -> None:
    box = mailbox(live.nora, server.port)
    prospects(live.nora, 3)
    mailing = approved(live.nora, give(live.nora), give(live.nora, samples.document(), "a.pdf"))
    said = "Waiting for the virus scan of partners.csv, a.pdf; begins by itself when it is clean."
    assert (mailing.state, waits_because(mailing), forecast(mailing)) == ("sending", said, None)
    assert due(box.pk) == []
    send_mailbox(box.pk)
    assert counts(mailing) == {"queued": 3}
    assert server.messages() == []
    scan_due()
    hold()
    assert due(box.pk) == [mailing.pk]
    send_mailbox(box.pk)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.reason, counts(mailing)) == ("done", "", {"sent": 3})
    assert len(read(server.messages()[0].content)) == 2


def test_scanner_down_holds_and_never_passes(live: World, server: RecordingSMTP) -> None:
    """No scanner at all in this test."""
    box = mailbox(live.nora, server.port)
    prospects(live.nora, 1)
    mailing = approved(live.nora, give(live.nora))
    scan_due()
    hold()
    send_mailbox(box.pk)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.reason, counts(mailing)) == ("sending", "files_pending", {"queued": 1})
    assert server.messages() == []


def test_virus_found_after_send_pauses_and_is_told(live: World, scanner: Any, server: RecordingSMTP) -> None:
    box = mailbox(live.nora, server.port)
    prospects(live.nora, 2)
    mailing = approved(live.nora, give(live.nora, EICAR + b"\n", "prices.csv"))
    scan_due()
    hold()
    send_mailbox(box.pk)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.reason, mailing.reason_facts) == (
        "paused",
        "file_infected",
        {"file": "prices.csv"},
    )
    assert waits_because(mailing).startswith("A virus was found in prices.csv.")
    assert counts(mailing) == {"queued": 2}
    assert server.messages() == []
    (notice,) = Notice.objects.filter(kind="mailing_file_blocked")
    assert (notice.member, notice.facts["mailing"]) == (live.nora, mailing.pk)
    told = Activity.objects.get(verb="mailing_paused")
    assert told.facts == {"file": "prices.csv", "because": "infected"}
    hold()
    assert Notice.objects.count() == 1
    with pytest.raises(NotNow, match="file_blocked"):
        resume(live.nora, mailing)
    cancel(live.nora, mailing)
    assert counts(mailing) == {"cancelled by_hand": 2}


def test_file_found_infected_in_the_middle_stops_the_rest(
    live: World, scanner: Any, server: RecordingSMTP
) -> None:
    box = mailbox(live.nora, server.port, per_minute=2)
    prospects(live.nora, 5)
    file = give(live.nora)
    scan_due()
    mailing = approved(live.nora, file)
    send_mailbox(box.pk)
    assert len(server.messages()) == 2
    infect(file)
    Mailbox.objects.update(per_minute=1000)
    send_mailbox(box.pk)
    assert counts(mailing) == {"sent": 2, "queued": 3}
    hold()
    mailing.refresh_from_db()
    assert (mailing.state, mailing.reason) == ("paused", "file_infected")


@pytest.mark.parametrize("state", ["infected", "unscannable", "pending"])
def test_state_is_asked_again_when_the_letter_is_made(live: World, scanner: Any, state: str) -> None:
    """It was clean at the claim; a moment later, before any byte left, it is not."""
    from uuid import uuid4

    box = mailbox(live.nora)
    prospects(live.nora, 2)
    file = give(live.nora)
    scan_due()
    mailing = approved(live.nora, file)
    claimed = claim(box.pk, uuid4(), 10)
    assert len(claimed.rows) == 2
    StoredFile.objects.filter(pk=file.stored_id).update(state=state)
    letters = Letters("UTC")
    letters.compile({row.manifest_id for row in claimed.rows})
    assert [letters.letter(row) for row in claimed.rows] == [Unfit("returned", "file")] * 2
    mailing.refresh_from_db()
    expected = ("sending", "") if state == "pending" else ("paused", f"file_{state}")
    assert (mailing.state, mailing.reason) == expected


def test_bytes_that_are_gone_pause_it(live: World, scanner: Any, server: RecordingSMTP) -> None:
    box = mailbox(live.nora, server.port)
    prospects(live.nora, 2)
    file = give(live.nora)
    scan_due()
    mailing = approved(live.nora, file)
    store.delete(file.stored.sha256)
    send_mailbox(box.pk)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.reason, counts(mailing)) == ("paused", "file_gone", {"queued": 2})
    assert server.messages() == []


def test_blocked_file_stops_the_check_and_the_approval(live: World, scanner: Any) -> None:
    mailbox(live.nora)
    prospects(live.nora, 1)
    file = give(live.nora)
    mailing = drafted(live.nora, file)
    manifest = prepare(live.nora, mailing)
    infect(file)
    with pytest.raises(Changed, match="files"):
        send(live.nora, mailing, manifest.pk)
    with pytest.raises(DraftError) as caught:
        prepare(live.nora, mailing)
    assert (caught.value.field, caught.value.code, caught.value.facts) == (
        "attachments",
        "file_infected",
        {"file": "partners.csv"},
    )
    mailing.refresh_from_db()
    assert mailing.manifest_id == manifest.pk


def test_message_larger_than_the_mailbox_takes_is_refused_before(
    live: World, server: RecordingSMTP, tmp_path: Path
) -> None:
    """The provider's limit is known by the server's name; another server's, once it was asked."""
    large = samples.CSV + b"x" * 100_000
    prospects(live.nora, 1)
    with RecordingSMTP(tmp_path / "small", Behaviour(size=120_000)) as small:
        box = mailbox(live.nora, small.port)
        assert prepare(live.nora, drafted(live.nora, give(live.nora, large))).queued == 1
        mailing = approved(live.nora)
        send_mailbox(box.pk)
        box.refresh_from_db()
        assert (box.largest_message, counts(mailing)) == (120_000, {"sent": 1})
    with pytest.raises(DraftError) as caught:
        prepare(live.nora, drafted(live.nora, give(live.nora, large), contact_policy="hold"))
    assert caught.value.code == "message_too_large"
    assert caught.value.facts["most"] == 120_000
    assert 135_000 < caught.value.facts["size"] < 160_000


def test_draft_carries_what_it_is_told(live: World) -> None:
    mailbox(live.nora)
    one, two = give(live.nora), give(live.nora, samples.document(), "a.pdf")
    mailing = drafted(live.nora, two, one)
    before = mailing.draft_version

    def names() -> list[str]:
        from overture.delivery.attached import files_of

        return [each.name for each in files_of(mailing)]

    assert names() == ["a.pdf", "partners.csv"]
    mailing = edit(live.nora, mailing, attachments=[two.pk, one.pk])
    assert mailing.draft_version == before
    # A colleague keeps what is there, and adds their own.
    three = give(live.camille, samples.picture("PNG"), "c.png")
    mailing = edit(live.camille, mailing, attachments=[one.pk, three.pk])
    assert (names(), mailing.draft_version) == (["partners.csv", "c.png"], before + 1)
    assert edit(live.nora, mailing, subject="Other").attachments.count() == 2
    discard(live.nora, mailing)
    assert Attachment.objects.unheld().count() == 3


@pytest.mark.parametrize("whose", ["camille", "stranger", "nobody", "text"])
def test_only_files_of_one_s_own_are_attached(live: World, whose: str) -> None:
    mailbox(live.nora)
    mailing = drafted(live.nora)
    number: Any = {"nobody": 2**40, "text": "1"}.get(whose)
    if number is None:
        number = give(getattr(live, whose)).pk
    with pytest.raises(DraftError) as caught:
        edit(live.nora, mailing, attachments=[number])
    assert (caught.value.field, caught.value.code) == ("attachments", "unknown_file")
    assert mailing.attachments.count() == 0


def test_file_of_another_mailing_is_not_attached_again(live: World) -> None:
    """What was sent with one e-mail is frozen there; each e-mail has files of its own."""
    mailbox(live.nora)
    file = give(live.nora)
    drafted(live.nora, file)
    with pytest.raises(DraftError, match="unknown_file"):
        drafted(live.nora, file)


def test_too_many_files_are_refused(live: World, settings: Any) -> None:
    settings.OVERTURE_FILES_PER_MESSAGE = 2
    mailbox(live.nora)
    files = [give(live.nora, samples.CSV + bytes([48 + n]), f"{n}.csv") for n in range(3)]
    mailing = drafted(live.nora, *files[:2])
    with pytest.raises(DraftError) as caught:
        edit(live.nora, mailing, attachments=[each.pk for each in files])
    assert (caught.value.code, caught.value.facts) == ("too_many", {"most": 2})


def test_paused_mailing_with_pending_files_says_so_again(live: World) -> None:
    mailbox(live.nora)
    prospects(live.nora, 1)
    mailing = approved(live.nora, give(live.nora))
    pause(live.nora, mailing)
    assert resume(live.nora, mailing).reason == "files_pending"


def test_mailings_without_files_are_not_asked(live: World, django_assert_num_queries: Any) -> None:
    mailbox(live.nora)
    prospects(live.nora, 1)
    approved(live.nora)
    with django_assert_num_queries(1):
        hold()


def test_worker_scans_and_sends_by_itself(
    live: World, scanner: Any, server: RecordingSMTP, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole road: approved before the scan, nothing asked of anybody after."""
    monkeypatch.setenv("OVERTURE_CLAMD", scanner.address)
    mailbox(live.nora, server.port)
    *people, last = [each.pk for each in prospects(live.nora, 21)]
    files = give(live.nora), give(live.nora, samples.document(), "a.pdf")
    mailing = approved(live.nora, *files, audience={"prospects": people})
    virus = give(live.nora, EICAR + b"\n", "prices.csv")
    bad = approved(live.nora, virus, audience={"prospects": [last]})
    with worker(tmp_path):
        until(lambda: Mailing.objects.get(pk=mailing.pk).state == "done", what="the clean one")
        until(lambda: Mailing.objects.get(pk=bad.pk).state == "paused", what="the other one")
    assert counts(mailing) == {"sent": 20}
    got = server.messages()
    assert {tuple(name for name, _, _ in read(each.content)) for each in got} == {("partners.csv", "a.pdf")}
    assert len(got) == 20
