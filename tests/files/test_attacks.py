"""Who gets at a file by which door, in every state it can be in; and what a sender may try on the way in."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from overture.accounts.access import make_token
from overture.accounts.models import Membership, User
from overture.activity.models import Activity
from overture.conversations.answer import answer
from overture.conversations.draft import save_draft
from overture.conversations.edit import withdraw
from overture.conversations.models import Conversation, Message
from overture.conversations.post import post
from overture.delivery.draft import create
from overture.files import store
from overture.files.errors import Refused
from overture.files.keep import keep
from overture.files.models import Attachment
from overture.files.scan import scan_due
from overture.files.wording import refusal_words
from tests import factories
from tests.conversations.cast import portal, talk, user_of
from tests.fakes.scanner import EICAR
from tests.files import samples
from tests.web.signed_in import client_of
from tests.world import World

SECRET = b"name,price\nUnmistakable,12\n"


class Cast(NamedTuple):
    """Everybody who may try, by name; `conversation` is between Halden & Rowe and Élise's partner."""

    world: World
    people: dict[str, Membership | User | None]
    conversation: Conversation
    partner: int


@pytest.fixture
def cast(world: World, scanner: Any) -> Cast:
    veille = portal(world)
    conversation, _ = talk(world.nora, veille.partner)
    other = factories.partner(None, "Marlow Makes", has_messaging=True)
    people: dict[str, Membership | User | None] = {
        "nora": world.nora,
        "camille": world.camille,
        "victor": world.victor,
        "stranger": world.stranger,
        "elise": veille.elise,
        "paul": user_of(veille.partner, "paul@veille.example", "Paul"),
        "marlow": user_of(other, "mo@marlow.example", "Mo Marlow"),
        "nobody": None,
    }
    return Cast(world, people, conversation, veille.partner.pk)


def give(cast: Cast, who: str, name: str = "rates.csv", content: bytes = SECRET) -> Attachment:
    person = cast.people[who]
    giver: dict[str, Any] = {"member": person} if isinstance(person, Membership) else {"user": person}
    made = keep(io.BytesIO(content), name, workspace_id=cast.world.brand.pk, **giver)
    scan_due()
    return Attachment.objects.select_related("stored").get(pk=made.pk)


def who_gets(cast: Cast, file: Attachment) -> dict[str, list[str]]:
    """By name, the doors at which they got its bytes; no door answers with a fault or says that it exists."""
    own = f"{file.pk}/{file.name}"
    pages = {
        "brand": f"/w/halden/files/{own}",
        "other brand": f"/w/northwind/files/{own}",
        "portal": f"/partner/{cast.partner}/inbox/{cast.conversation.pk}/files/{own}",
    }
    got: dict[str, list[str]] = {}
    for name, person in cast.people.items():
        client = client_of(person) if person else Client()
        answers = {door: client.get(url) for door, url in pages.items()}
        if isinstance(person, Membership):
            token = make_token(person, "attack")[1]
            url = f"/api/v1/files/{file.pk}/content"
            answers["api"] = Client().get(url, headers={"authorization": f"Bearer {token}"})
        for door, said in answers.items():
            body = b"".join(said.streaming_content) if said.streaming else said.content  # type: ignore[attr-defined]
            assert said.status_code in {200, 302, 404}, (name, door, said.status_code)
            if said.status_code == 200:
                assert body == SECRET
                got.setdefault(name, []).append(door)
            else:
                assert b"Unmistakable" not in body
    return got


BRAND = {name: ["brand", "api"] for name in ("nora", "camille", "victor")}


def test_what_a_member_gave_and_did_not_send_is_theirs_alone(cast: Cast) -> None:
    assert who_gets(cast, give(cast, "nora")) == {"nora": ["brand", "api"]}


def test_what_a_partner_gave_and_did_not_send_is_theirs_alone(cast: Cast) -> None:
    assert who_gets(cast, give(cast, "elise")) == {"elise": ["portal"]}


def test_a_draft_shows_its_files_to_nobody_else(cast: Cast) -> None:
    file = give(cast, "elise")
    elise: Any = cast.people["elise"]
    partner = cast.conversation.partner
    save_draft(partner, "Soon", [file], user=elise, workspace=cast.world.brand)
    assert who_gets(cast, file) == {"elise": ["portal"]}
    own = give(cast, "nora")
    save_draft(partner, "Soon", [own], member=cast.world.nora)
    assert who_gets(cast, own) == {"nora": ["brand", "api"]}


def test_a_message_opens_its_files_to_both_sides_and_nobody_else(cast: Cast) -> None:
    sent = give(cast, "nora")
    post(cast.world.nora, cast.conversation.partner, "Here", [sent])
    both = BRAND | {"elise": ["portal"], "paul": ["portal"]}
    assert who_gets(cast, sent) == both
    came = give(cast, "elise")
    answer(cast.people["elise"], cast.conversation, "Thanks", [came])  # type: ignore[arg-type]
    assert who_gets(cast, came) == both


def test_a_message_taken_back_takes_its_files_back(cast: Cast) -> None:
    """Who gave it keeps it; nobody else finds it any more."""
    file = give(cast, "elise")
    message: Message = answer(cast.people["elise"], cast.conversation, "Oh", [file])  # type: ignore[arg-type]
    withdraw(message, user=cast.people["elise"])  # type: ignore[arg-type]
    assert set(who_gets(cast, file)) <= {"elise"}


def test_files_of_an_email_are_the_workspace_s(cast: Cast) -> None:
    file = give(cast, "nora")
    create(cast.world.nora, audience={"filter": {}}, attachments=[file.pk])
    assert who_gets(cast, file) == BRAND


def test_nobody_attaches_what_is_not_theirs(cast: Cast) -> None:
    """By the doors where files are attached: messages of both sides, drafts, e-mails."""
    theirs = give(cast, "nora")
    own = give(cast, "elise", "own.csv", SECRET + b"x,1\n")
    at = f"/partner/{cast.partner}/inbox/{cast.conversation.pk}"
    before = Message.objects.count()
    for who, url, stolen in (
        ("elise", f"{at}/messages", theirs),
        ("paul", f"{at}/messages", own),
        ("camille", f"/w/halden/inbox/{cast.conversation.pk}/messages", theirs),
        ("nora", f"/w/halden/inbox/{cast.conversation.pk}/messages", own),
    ):
        client = client_of(cast.people[who])  # type: ignore[arg-type]
        said = client.post(url, {"text": "Look", "attachments": [stolen.pk]})
        assert said.status_code == 422, (who, said.status_code)
        assert "Unmistakable" not in said.content.decode()
    assert Message.objects.count() == before
    assert not Attachment.objects.filter(messages__isnull=False).exists()


def test_upload_needs_its_token(cast: Cast) -> None:
    """A page of somebody else cannot have a file kept in a person's name."""
    at = f"/partner/{cast.partner}/inbox/{cast.conversation.pk}/files"
    for who, url in (("nora", "/w/halden/files"), ("elise", at)):
        client = Client(enforce_csrf_checks=True)
        person = cast.people[who]
        user = person.user if isinstance(person, Membership) else person
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")  # type: ignore[arg-type]
        assert client.post(url, {"files": SimpleUploadedFile("a.csv", SECRET)}).status_code == 403
    assert Attachment.objects.count() == 0


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/cron.d/x.csv",
        "..\\..\\windows\\x.csv",
        "/etc/passwd.csv",
        "a\r\nSet-Cookie: x=1.csv",
        'a"; filename="b.exe.csv',
        "a\u202evsc.exe.csv",
        "<img src=x onerror=alert(1)>.csv",
        "a" * 5_000 + ".csv",
        "%2e%2e%2fx.csv",
        "CON.csv",
        ".csv.csv",
    ],
)
def test_names_stay_names(cast: Cast, files: Path, name: str) -> None:
    client = client_of(cast.world.nora)
    file = give(cast, "nora", name)
    said = client.get(f"/w/halden/files/{file.pk}/anything-at-all")
    assert b"".join(said.streaming_content) == SECRET  # type: ignore[attr-defined]
    line = said.headers["Content-Disposition"]
    assert line.isascii()
    assert line.isprintable()
    assert line.startswith('attachment; filename="')
    assert line.count('"') == 2
    assert "Set-Cookie" not in said.headers or "x=1" not in said.headers["Set-Cookie"]
    page = client.get(f"/w/halden/files/{file.pk}").content.decode()
    assert "<img src=x" not in page
    kept = [path.relative_to(files) for path in files.rglob("*") if path.is_file()]
    assert all(str(path).startswith(("given", "served", "preview", *"0123456789abcdef")) for path in kept)
    assert store.has(file.stored.sha256, store.GIVEN)


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30, "1e3", "１", "1 or 1=1", "../1"])
def test_odd_numbers_find_nothing(cast: Cast, number: str) -> None:
    client = client_of(cast.world.nora)
    assert client.get(f"/w/halden/files/{number}/x").status_code == 404
    said = client.post(
        f"/w/halden/inbox/{cast.conversation.pk}/messages", {"text": "Look", "attachments": [number]}
    )
    assert said.status_code == 422


def test_many_files_at_once_are_not_all_taken_in(cast: Cast, settings: Any) -> None:
    settings.OVERTURE_FILES_PER_MESSAGE = 3
    given = [SimpleUploadedFile(f"{n}.csv", SECRET + b"x" * n) for n in range(8)]
    assert client_of(cast.world.nora).post("/w/halden/files", {"files": given}).status_code == 422
    assert Attachment.objects.count() == 3


def test_large_upload_by_api_may_carry_an_idempotency_key(cast: Cast) -> None:
    """Its body is larger than what Django keeps in memory."""
    token = make_token(cast.world.nora, "large")[1]
    content = samples.CSV + b"x" * 7_000_000
    headers = {"authorization": f"Bearer {token}", "idempotency-key": "once"}
    numbers = set()
    for _ in range(2):
        said = Client().post("/api/v1/files", {"file": SimpleUploadedFile("a.csv", content)}, headers=headers)
        assert said.status_code == 201, said.content
        numbers.add(said.json()["id"])
    assert Attachment.objects.count() == len(numbers)


def test_nobody_fills_the_disk(cast: Cast, settings: Any) -> None:
    """A partner signs up at a public page; one person's files of a day are bounded, another's go on."""
    settings.OVERTURE_FILES_PER_DAY_MB = 1
    large = SECRET + b"x" * 700_000
    for number in range(2):
        give(cast, "elise", content=large + b"%d" % number)
    with pytest.raises(Refused) as caught:
        give(cast, "elise")
    assert caught.value.code == "too_much_today"
    assert refusal_words(caught.value).startswith("You have given 1 MB of files in the last 24 hours.")
    assert give(cast, "paul").is_clean
    Attachment.objects.update(created_at=timezone.now() - timedelta(days=1, minutes=1))
    assert give(cast, "elise").is_clean


def test_virus_that_a_partner_did_not_send_is_not_told(cast: Cast) -> None:
    """The brand hears neither of the file nor of its name, in activity or by a webhook, before it is sent."""
    elise: Any = cast.people["elise"]
    virus = give(cast, "elise", "contract-with-rival.csv", EICAR + b"\n")
    assert virus.state == "infected"
    told = Activity.objects.filter(verb="file_blocked")
    assert told.count() == 0
    answer(elise, cast.conversation, "Here", [virus])
    assert [row.facts["name"] for row in told] == ["contract-with-rival.csv"]
    own = give(cast, "nora", "again.csv", EICAR + b"\n")
    assert told.get(facts__attachment=own.pk).workspace_id == cast.world.brand.pk
