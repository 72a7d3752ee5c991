"""The main job, end to end, in both languages: real file, real browser, real worker, real SMTP server."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from overture.ads.models import Ad
from overture.delivery.models import Delivery, Mailing
from overture.delivery.preview import preview
from overture.prospects.models import Prospect, Stage
from tests.browser.conftest import Visit
from tests.delivery import cast
from tests.delivery.workers import data_folder, until, worker
from tests.fakes.recording_smtp import RecordingSMTP
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.browser]

MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
}
FILE = Path(__file__).parent.parent / "samples" / "prospects-excel-fr.csv"
WORDS = {
    "en": {
        "check_file": "Check the file",
        "import": re.compile(r"^Import [\d,]+ rows$"),
        "show": "Show the imported prospects",
        "select_page": re.compile("^Select all"),
        "email": re.compile("^Email 53$"),
        "check": "Check 53 emails",
        "send": "Send to 53",
        "stop": "Stop these emails",
        "override": re.compile("all the same$"),
        "send_rest": "Send to 52",
        "next": "Next page",
    },
    "fr": {
        "check_file": "Vérifier le fichier",
        "import": re.compile(r"^Importer [\d\s]+ lignes$"),
        "show": "Afficher les prospects importés",
        "select_page": re.compile("^Tout sélectionner"),
        "email": re.compile("^E-mail 53$"),
        "check": re.compile(r"^Vérifier (les )?53 e-mails$"),
        "send": "Envoyer à 53 destinataires",
        "stop": re.compile("^Ne plus recevoir"),
        "override": re.compile("quand même"),
        "send_rest": "Envoyer à 52 destinataires",
        "next": "Page suivante",
    },
}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_import_choose_write_preview_send_opt_out(
    live: World, visit: Visit, tmp_path: Path, language: str
) -> None:
    words, ad = WORDS[language], make_ad(live)
    with RecordingSMTP(tmp_path / "mails.jsonl") as server, worker(data_folder(tmp_path)):
        cast.mailbox(live.nora, server.port, sender_name="Nora from Halden & Rowe")
        with visit(live.nora, locale=language) as page:
            import_file(page, words)
            country = country_with_53_to_write_to(live)
            chosen = choose_53(page, words, country)
            write(page, ad, words)
            seen = previewed(page)
            first = prepare_and_send(page, words)
            until(lambda: len(server.messages()) == 53, 60, "53 e-mails")
            until(lambda: state_of(first) == "done", 20, "the mailing is done")
            mails = {message.recipients[0]: parsed(message.content) for message in server.messages()}
            assert len(mails) == 53
            mails_equal_the_preview(live, first, mails, chosen, ad)
            mail_looks_like(page, mails, seen)
            assert first.language == language
            assert set(stages(chosen)) == {Stage.OUTREACH}

            opt_out(page, next(iter(mails.values())), words)
            second = write_again(page, country, words, ad)
            assert skipped(second) == {"contacted_recently": 52, "opted_out": 1}
            expect(page.get_by_text("52").first).to_be_visible()
            page.get_by_role("button", name=words["override"]).click()
            page.get_by_role("button", name=words["send_rest"]).wait_for()
            assert skipped(second) == {"opted_out": 1}
            page.get_by_role("button", name=words["send_rest"]).click()
            until(lambda: len(server.messages()) == 53 + 52, 60, "52 more")
            until(lambda: state_of(second) == "done", 20, "the second mailing is done")
    gone = next(iter(mails))
    assert [message.recipients for message in server.messages()].count([gone]) == 1
    assert cast.counts(second) == {"sent": 52, "skipped opted_out": 1}


def make_ad(live: World) -> Ad:
    made: Ad = Ad.objects.create(
        workspace=live.brand,
        program=live.program,
        name="Winter linen",
        kind="text",
        text="Winter linen, from 89 €",
        landing_page="https://halden.example/winter",
    )
    return made


def import_file(page: Page, words: dict[str, object]) -> None:
    page.goto("/w/halden/imports/new")
    page.set_input_files("input[type=file]", FILE)
    click(page, words["check_file"])
    click(page, words["import"], 60_000)
    click(page, words["show"], 60_000)
    page.wait_for_url(re.compile("/prospects"))


def country_with_53_to_write_to(live: World) -> str:
    """A country whose first 53 rows, as the page sorts them, have an address each, and a different one."""
    for country in ("FR", "DE", "GB", "ES", "IT", "US", "PL", "NL", "BR"):
        rows = Prospect.objects.visible_to(live.nora).filter(country=country).order_by("plain_name", "id")
        contacts = (row.partner.contacts.order_by("id").first() for row in rows[:53])
        if len({contact.address_key for contact in contacts if contact} - {""}) == 53:
            return country
    raise AssertionError("the sample has no such country any more")


def choose_53(page: Page, words: dict[str, object], country: str) -> list[int]:
    """All 50 of the first page and three of the next."""
    page.goto(f"/w/halden/prospects?country={country}&sort=name")
    chosen = ids_on(page)
    assert len(chosen) == 50
    page.get_by_role("checkbox", name=words["select_page"]).check()  # type: ignore[arg-type]
    expect(page.locator("tbody input[type=checkbox]:checked")).to_have_count(50)
    page.get_by_role("link", name=str(words["next"])).click()
    expect(page.locator("tbody input[type=checkbox]:checked")).to_have_count(0)
    chosen += ids_on(page)[:3]
    for index in range(3):
        page.locator("tbody input[type=checkbox]").nth(index).check()
    click(page, words["email"])
    page.wait_for_url(re.compile(r"/emails/\d+"))
    return chosen


def ids_on(page: Page) -> list[int]:
    page.locator("tbody input[type=checkbox]").first.wait_for()
    values = page.locator("tbody input[type=checkbox]").evaluate_all("boxes => boxes.map(box => box.value)")
    return [int(value) for value in values]


def write(page: Page, ad: Ad, words: dict[str, object]) -> None:
    page.locator("html[data-composer=ready]").wait_for()
    subject = page.locator(".subject .ProseMirror, .subject[contenteditable]")
    content = page.locator(".editor .ProseMirror")
    subject.first.click()
    page.keyboard.type("A word for {mpname}")
    content.click()
    page.keyboard.type("Hello {firstName|there}, on {currentDay} we thought of {mpname}.")
    page.keyboard.press("Enter")
    page.keyboard.type(f"See {{adcode_{ad.pk}}} for yourself.")
    expect(content.locator("[data-token]")).to_have_count(4)
    page.locator("#preview .letter .token-value").first.wait_for()


def previewed(page: Page) -> tuple[str, str]:
    """Subject and visible text of the content, of the recipient the page previews."""
    expect(page.locator("#preview .prose")).to_contain_text("for yourself")
    content = page.locator("#preview .prose").evaluate(
        """prose => {
            const copy = prose.cloneNode(true);
            copy.querySelector('footer').remove();
            return copy.textContent;
        }"""
    )
    return page.locator("#preview .letter h3").inner_text(), squeezed(content)


def prepare_and_send(page: Page, words: dict[str, object]) -> Mailing:
    click(page, words["check"])
    click(page, words["send"])
    page.wait_for_url(re.compile(r"/emails/\d+$"))
    mailing: Mailing = Mailing.objects.get(pk=int(page.url.rsplit("/", 1)[1]))
    assert mailing.state == "sending"
    return mailing


def mails_equal_the_preview(
    live: World, mailing: Mailing, mails: dict[str, EmailMessage], chosen: list[int], ad: Ad
) -> None:
    """In text and HTML, to the letter, for each of the 53."""
    mailing = Mailing.objects.select_related("manifest__mailbox", "workspace", "mailbox").get(pk=mailing.pk)
    rows = Delivery.objects.filter(mailing=mailing).select_related("prospect")
    assert sorted(row.prospect_id for row in rows) == sorted(chosen)
    for row in rows:
        mail, shown = mails[row.address], preview(live.nora, mailing, row.prospect_id).rendered
        assert mail["Subject"] == shown.subject == f"A word for {row.company_name}"
        assert part(mail, "plain") == shown.text
        assert part(mail, "html") == shown.html
        assert f"{settings.OVERTURE_TRACKING_URL}/c/{row.mpid}/{ad.pk}/{live.program.pk}" in shown.text
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert not re.search(r"\{[A-Za-z_]+[|}\d]", shown.text + shown.html + shown.subject)
    day = written_day(mailing.language, timezone.now())
    assert all(day in part(mail, "plain") for mail in mails.values())


def written_day(language: str, at: datetime) -> str:
    month = MONTHS[language][at.month - 1]
    if language == "fr":
        return f"{'1er' if at.day == 1 else at.day} {month} {at.year}"
    return f"{month} {at.day}, {at.year}"


def mail_looks_like(page: Page, mails: dict[str, EmailMessage], seen: tuple[str, str]) -> None:
    """What the page previewed is what a reader's eye gets of the HTML part."""
    by_subject = {str(mail["Subject"]): mail for mail in mails.values()}
    subject, text = seen
    reader = page.context.new_page()
    reader.set_content(part(by_subject[subject], "html"))
    assert text in squeezed(reader.evaluate("document.body.textContent"))
    reader.close()


def opt_out(page: Page, mail: EmailMessage, words: dict[str, object]) -> None:
    """By the link in the e-mail: opening it changes nothing, its button does."""
    path = str(mail["List-Unsubscribe"]).strip("<>").removeprefix(settings.OVERTURE_BASE_URL)
    reader = page.context.browser.new_context(base_url=page.url, locale="en").new_page()  # type: ignore[union-attr]
    reader.goto(path)
    assert Delivery.objects.exclude(opted_out_at=None).count() == 0
    reader.get_by_role("button").last.click()
    until(lambda: Delivery.objects.exclude(opted_out_at=None).count() == 1, 10, "the opt-out")
    reader.context.close()


def write_again(page: Page, country: str, words: dict[str, object], ad: Ad) -> Mailing:
    choose_53(page, words, country)
    write(page, ad, words)
    click(page, words["check"])
    page.wait_for_url(re.compile("/manifest$"))
    mailing: Mailing = Mailing.objects.latest("id")
    return mailing


def skipped(mailing: Mailing) -> dict[str, int]:
    mailing.refresh_from_db()
    assert mailing.manifest
    return dict(mailing.manifest.skipped)


def click(page: Page, name: object, timeout: float = 15_000) -> None:
    page.get_by_role("button", name=name).first.click(timeout=timeout)  # type: ignore[arg-type]


def state_of(mailing: Mailing) -> str:
    mailing.refresh_from_db()
    return mailing.state


def stages(ids: list[int]) -> list[str]:
    return list(Prospect.objects.filter(pk__in=ids).values_list("stage", flat=True))


def parsed(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body
    return str(body.get_content()).replace("\r\n", "\n")


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
