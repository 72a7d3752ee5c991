"""The composer without JavaScript: made from a row or a selection, saved, previewed, checked, deleted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from overture.delivery.models import Delivery, Mailing
from overture.prospects import selection
from overture.prospects.models import Stage
from tests.web.letters import chosen, letter, mailbox, person, three
from tests.world import World

pytestmark = pytest.mark.django_db
HOME = "/w/halden/emails"


def test_email_from_a_row_makes_a_draft_to_that_prospect(world: World, as_member: Any) -> None:
    row, box = person(world.nora, "Hus Hav", "Signe"), mailbox(world.nora)
    answer = as_member(world.nora).post(f"{HOME}/new", {"prospect": row.pk})
    made = Mailing.objects.get()
    assert answer.headers["Location"] == f"{HOME}/{made.pk}/write"
    assert (made.audience, made.is_single, made.mailbox) == (
        {"prospects": [row.pk], "from": "prospects"},
        True,
        box,
    )
    assert (made.sender_name, made.reply_to, made.language) == ("Nora Lindqvist", "nora@halden.example", "en")


def test_email_to_a_joined_prospect_is_written_as_to_a_partner(world: World, as_member: Any) -> None:
    row = person(world.nora, "Hus Hav", "Signe")
    row.stage = Stage.JOINED
    row.save()
    as_member(world.nora).post(f"{HOME}/new", {"prospect": row.pk})
    assert Mailing.objects.get().audience == {"prospects": [row.pk], "from": "partners"}


def test_email_in_a_french_site_begins_in_french(world: World, as_member: Any) -> None:
    client = as_member(world.nora, accept_language="fr")
    client.post(f"{HOME}/new", {"prospect": person(world.nora, "Hus Hav").pk})
    assert Mailing.objects.get().language == "fr"


def test_email_from_the_bulk_bar_keeps_a_selection_of_its_own(world: World, as_member: Any) -> None:
    first, second, third = three(world.nora)
    mine = chosen(world.nora, first, second)
    as_member(world.nora).post(f"{HOME}/new", {"selection": mine.pk})
    made = Mailing.objects.get()
    assert made.audience["selection"] != mine.pk
    selection.choose(world.nora, mine, [third.pk])
    page = as_member(world.nora).get(f"{HOME}/{made.pk}/write").content.decode()
    assert "2 prospects" in page
    assert "1 of 2" in page
    assert f'href="/w/halden/selections/{made.audience["selection"]}"' in page


def test_email_of_a_colleagues_selection_is_not_found(world: World, as_member: Any) -> None:
    theirs = chosen(world.camille, *three(world.nora))
    assert as_member(world.nora).post(f"{HOME}/new", {"selection": theirs.pk}).status_code == 404
    assert Mailing.objects.count() == 0


def test_write_saves_every_field(world: World, as_member: Any) -> None:
    made, box = letter(world.nora, *three(world.nora)), mailbox(world.nora, "second@halden.example")
    typed = {
        "mailbox": box.pk,
        "sender_name": "Nora",
        "reply_to": "press@halden.example",
        "language": "fr",
        "subject": "Bonjour {mpname}",
        "content": "<p>Bonjour</p>\r\n<p>deux</p>",
    }
    answer = as_member(world.nora).post(f"{HOME}/{made.pk}/write", typed)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{HOME}/{made.pk}/write")
    made.refresh_from_db()
    kept = {name: getattr(made, name) for name in typed} | {"mailbox": made.mailbox_id}
    assert kept == typed | {"content": "<p>Bonjour</p>\n<p>deux</p>"}
    assert made.draft_version == 2


def test_write_names_what_cannot_stand_and_keeps_the_rest(world: World, as_member: Any) -> None:
    made = letter(world.nora, *three(world.nora))
    answer = as_member(world.nora).post(
        f"{HOME}/{made.pk}/write", {"reply_to": "nora@halden", "subject": "New"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="nora@halden"' in page
    assert "Enter a full address, such as name@brand.example." in page
    made.refresh_from_db()
    assert (made.reply_to, made.subject) == ("nora@halden.example", "New")


def test_draft_is_saved_as_one_types(world: World, as_member: Any) -> None:
    made = letter(world.nora, *three(world.nora))
    answer = as_member(world.nora).post(
        f"{HOME}/{made.pk}/draft", {"content": "<p>Newer</p>", "reply_to": "x"}
    )
    said = json.loads(answer.content)
    assert said["saved"].startswith("Saved at ")
    assert said["errors"] == {"reply_to": "Enter a full address, such as name@brand.example."}
    made.refresh_from_db()
    assert made.content == "<p>Newer</p>"


def test_draft_typed_earlier_in_the_same_tab_arrives_late_and_changes_nothing(
    world: World, as_member: Any
) -> None:
    made, client = letter(world.nora, *three(world.nora)), as_member(world.nora)

    def typed(words: str, tab: str, at: int) -> tuple[str, int]:
        answer = client.post(f"{HOME}/{made.pk}/draft", {"content": words, "tab": tab, "typed_at": at})
        assert answer.status_code == 200
        made.refresh_from_db()
        return made.content, made.draft_version

    assert typed("One two", "7", 2000) == ("One two", 2)
    assert typed("One", "7", 1999) == ("One two", 2)
    assert typed("Another tab, whose clock is its own", "8", 5) == ("Another tab, whose clock is its own", 3)
    # What is so already is newer, too.
    assert typed("Another tab, whose clock is its own", "8", 7) == ("Another tab, whose clock is its own", 3)
    assert typed("Removed again", "8", 6) == ("Another tab, whose clock is its own", 3)
    assert typed("Typed later", "8", 8) == ("Typed later", 4)
    assert typed("By hand", "x", 0) == ("By hand", 5)


def test_draft_of_a_sent_email_is_refused(world: World, as_member: Any) -> None:
    made = letter(world.nora, *three(world.nora))
    Mailing.objects.filter(pk=made.pk).update(state="sending")
    answer = as_member(world.nora).post(f"{HOME}/{made.pk}/draft", {"content": "<p>Newer</p>"})
    assert answer.status_code == 409
    made.refresh_from_db()
    assert made.content == "<p>Hello {firstName|there},</p>"


def test_preview_shows_each_recipient_with_values_marked(world: World, as_member: Any) -> None:
    rows = three(world.nora)
    made = letter(world.nora, *rows)
    client = as_member(world.nora)
    first = client.get(f"{HOME}/{made.pk}/preview").content.decode()
    assert "A feature for Hus Hav" in first
    assert '<mark class="token-value">Signe</mark>' in first
    assert "1 of 3" in first
    last = client.get(f"{HOME}/{made.pk}/preview", {"prospect": rows[2].pk}).content.decode()
    assert '<mark class="token-value">there</mark>' in last
    assert "3 of 3" in last
    assert f"prospect={rows[1].pk}" in last


def test_preview_hides_the_address_of_a_partners_account(world: World, as_member: Any) -> None:
    from tests import factories

    row = factories.prospect(world.nora, "Hus Hav")
    factories.contact(row.partner, "signe@hushav.example", first_name="Signe")
    page = as_member(world.nora).get(f"{HOME}/{letter(world.nora, row).pk}/preview").content.decode()
    assert "signe@hushav.example" not in page
    assert "s•••@hushav.example" in page


def test_preview_never_links_to_a_click_that_would_count(world: World, as_member: Any) -> None:
    made = letter(
        world.nora, *three(world.nora), content='<p><a href="https://halden.example/x">here</a></p>'
    )
    page = as_member(world.nora).get(f"{HOME}/{made.pk}/preview").content.decode()
    assert '<a title="https://halden.example/x">here</a>' in page


def test_preflight_names_a_wrong_token_where_it_stands(world: World, as_member: Any) -> None:
    made = letter(world.nora, *three(world.nora), subject="Hello {FirstName}")
    page = as_member(world.nora).get(f"{HOME}/{made.pk}/preflight").content.decode()
    assert "{FirstName} is not a token. Did you mean {firstName}?" in page
    assert "Subject, at character 7" in page
    preview = as_member(world.nora).get(f"{HOME}/{made.pk}/preview").content.decode()
    assert "The preview comes back" in preview


def test_preflight_says_who_lacks_a_value_and_what_they_get(world: World, as_member: Any) -> None:
    made = letter(world.nora, *three(world.nora))
    client = as_member(world.nora)
    page = client.get(f"{HOME}/{made.pk}/preflight").content.decode()
    assert "1 of 3 have no first name" in page
    assert "They will read “there”." in page
    client.post(f"{HOME}/{made.pk}/draft", {"content": "<p>{firstName}</p>"})
    assert "They will be skipped." in client.get(f"{HOME}/{made.pk}/preflight").content.decode()


def test_check_saves_prepares_and_shows_the_manifest(world: World, as_member: Any) -> None:
    made = letter(world.nora, *three(world.nora))
    answer = as_member(world.nora).post(
        f"{HOME}/{made.pk}/manifest", {"subject": "Other", "content": "<p>Hi</p>"}
    )
    assert answer.headers["Location"] == f"{HOME}/{made.pk}/manifest"
    made.refresh_from_db()
    assert (made.state, made.subject, made.manifest.queued) == ("prepared", "Other", 3)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"subject": "", "content": "<p>Hi</p>"}, "Write a subject."),
        ({"subject": "Hi", "content": ""}, "Write the content."),
        ({"subject": "{mpnam}", "content": "<p>Hi</p>"}, "Mend what stands under Preflight first."),
    ],
)
def test_check_of_an_unfit_draft_stays_on_the_page(
    world: World, as_member: Any, typed: dict[str, str], words: str
) -> None:
    made = letter(world.nora, *three(world.nora))
    answer = as_member(world.nora).post(f"{HOME}/{made.pk}/manifest", typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Delivery.objects.count() == 0


def test_discard_can_be_undone(world: World, as_member: Any) -> None:
    made, client = letter(world.nora, *three(world.nora)), as_member(world.nora)
    page = client.post(f"{HOME}/{made.pk}/discard", follow=True).content.decode()
    assert Mailing.objects.count() == 0
    assert f'action="{HOME}/restore"' in page
    client.post(f"{HOME}/restore")
    back = Mailing.objects.get()
    assert (back.subject, back.content, back.audience) == (made.subject, made.content, made.audience)
    assert client.post(f"{HOME}/restore").status_code == 404


def test_composer_without_a_mailbox_leads_to_one(world: World, as_member: Any) -> None:
    as_member(world.nora).post(f"{HOME}/new", {"prospect": person(world.nora, "Hus Hav").pk})
    page = as_member(world.nora).get(f"{HOME}/{Mailing.objects.get().pk}/write").content.decode()
    assert "No mailbox yet" in page
    assert 'href="/w/halden/settings/mailboxes/new"' in page


def test_composer_of_a_sent_email_leads_to_its_progress(world: World, as_member: Any) -> None:
    made = letter(world.nora, *three(world.nora))
    Mailing.objects.filter(pk=made.pk).update(state="done")
    answer = as_member(world.nora).get(f"{HOME}/{made.pk}/write")
    assert answer.headers["Location"] == f"{HOME}/{made.pk}"


def test_viewers_do_not_write(world: World, as_member: Any) -> None:
    made = letter(world.nora, *three(world.nora))
    assert as_member(world.victor).get(f"{HOME}/{made.pk}/write").status_code == 403
