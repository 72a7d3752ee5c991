"""Importing from the page: checked first, then imported, what is refused named and given back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from overture.prospects.carry_out import carry_out
from overture.prospects.import_undo import undo
from overture.prospects.models import Import, Prospect
from overture.runs.models import Run
from tests import factories
from tests.web.asking import names_in
from tests.world import World

IMPORTS = "/w/halden/imports"
SHEET = (
    "Entreprise;Prénom;E-mail;Pays;Zone\r\n"
    "Nordlys;Tomas;tomas@nordlys.example;NO;a\r\n"
    "Hus & Hav;Signe;signe@hus.example;DK;b\r\n"
    "Broken;Bo;bo@@broken.example;SE;c\r\n"
)
SignIn = Callable[..., Client]


def send(client: Client, text: str = SHEET, name: str = "partners.csv") -> Any:
    return client.post(f"{IMPORTS}/new", {"file": SimpleUploadedFile(name, text.encode("cp1252"))})


def checked(client: Client, text: str = SHEET) -> Import:
    """The import after its dry run."""
    send(client, text)
    made = Import.objects.latest("pk")
    carry_out(made.pk)
    return Import.objects.get(pk=made.pk)


def test_import_begins_with_a_dry_run(world: World, as_member: SignIn) -> None:
    answer = send(as_member(world.camille))
    made = Import.objects.get()
    assert (answer.headers["Location"], made.is_dry_run) == (f"{IMPORTS}/{made.pk}", True)


def test_import_of_no_file_or_an_empty_one_is_refused_in_words(world: World, as_member: SignIn) -> None:
    client = as_member(world.camille)
    assert client.post(f"{IMPORTS}/new").context["form"].errors == {"file": ["Choose a CSV file first."]}
    assert send(client, " ").context["form"].errors == {"file": ["The file is empty."]}
    assert Import.objects.count() == 0


def test_import_shows_progress_until_it_ends(world: World, as_member: SignIn) -> None:
    client = as_member(world.camille)
    send(client)
    made = Import.objects.get()
    url = f"{IMPORTS}/{made.pk}"
    assert 'hx-trigger="every 1s"' in client.get(url).content.decode()
    Run.objects.filter(pk=made.run_id).update(state="running", done=1, total=4)
    asked = client.get(url, headers={"HX-Request": "true"})
    assert ("25% done" in asked.content.decode(), "HX-Refresh" in asked.headers) == (True, False)
    carry_out(made.pk)
    assert client.get(url, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_import_check_counts_and_names_refused_rows(world: World, as_member: SignIn) -> None:
    client = as_member(world.camille)
    made = checked(client)
    answer = client.get(f"{IMPORTS}/{made.pk}")
    assert (answer.context["will_import"], Prospect.objects.count()) == (2, 0)
    assert [(row.line, row.column, why) for row, why in answer.context["refusals"]] == [
        (4, "E-mail", "“bo@@broken.example” is not an email address.")
    ]
    assert [(each.heading, each.field, each.doubt, each.samples) for each in answer.context["columns"]] == [
        ("Entreprise", "company", "", ("Nordlys", "Hus & Hav", "Broken")),
        ("Prénom", "first_name", "", ("Tomas", "Signe", "Bo")),
        ("E-mail", "address", "", ("tomas@nordlys.example", "signe@hus.example", "bo@@broken.example")),
        ("Pays", "country", "", ("NO", "DK", "SE")),
        ("Zone", "", "unknown", ("a", "b", "c")),
    ]
    assert "Import 2 rows" in answer.content.decode()


def test_import_with_other_columns_is_checked_once_more(world: World, as_member: SignIn) -> None:
    client = as_member(world.camille)
    made = checked(client)
    answer = client.post(f"{IMPORTS}/{made.pk}/mapping", {"column-4": "category", "column-1": ""})
    again = Import.objects.latest("pk")
    assert (answer.headers["Location"], again.is_dry_run) == (f"{IMPORTS}/{again.pk}", True)
    assert again.mapping == {"0": "company", "2": "address", "3": "country", "4": "category"}


def test_import_for_real_then_shows_the_imported(world: World, as_member: SignIn) -> None:
    client = as_member(world.camille)
    factories.prospect(world.nora, "Was here before")
    made = checked(client)
    client.post(f"{IMPORTS}/{made.pk}/confirm")
    real = Import.objects.latest("pk")
    carry_out(real.pk)
    assert (real.is_dry_run, Prospect.objects.count()) == (False, 3)
    listed = client.get(IMPORTS).context["page"].rows
    assert [(row.pk, row.created_count) for row in listed] == [(real.pk, 2)]
    shown = client.post(f"{IMPORTS}/{real.pk}/select", follow=True)
    assert sorted(names_in(shown)) == ["Hus & Hav", "Nordlys"]
    assert shown.context["chosen_count"] == 2


def test_import_is_undone_once_and_says_what_is_kept(world: World, as_member: SignIn) -> None:
    client = as_member(world.camille)
    made = checked(client)
    client.post(f"{IMPORTS}/{made.pk}/confirm")
    real = Import.objects.latest("pk")
    carry_out(real.pk)
    Prospect.objects.filter(name="Nordlys").update(stage="negotiating")
    answer = client.post(f"{IMPORTS}/{real.pk}/undo", follow=True)
    assert answer.context["undone"] == (
        "The import is undone. 1 prospect removed. 1 is kept, because it was contacted or worked on since."
    )
    assert [row.name for row in Prospect.objects.all()] == ["Nordlys"]
    answer = client.post(f"{IMPORTS}/{real.pk}/undo", follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["This import was undone already."]


def test_import_that_is_large_is_undone_in_a_job(world: World, as_member: SignIn) -> None:
    client = as_member(world.camille)
    made = checked(client)
    client.post(f"{IMPORTS}/{made.pk}/confirm")
    real = carry_out(Import.objects.latest("pk").pk)
    Import.objects.filter(pk=real.pk).update(created_count=1001)
    url = f"{IMPORTS}/{real.pk}"
    assert client.post(f"{url}/undo").headers["Location"] == f"{url}?undoing"
    assert "The import is being undone." in client.get(f"{url}?undoing").content.decode()
    asked = client.get(f"{url}?undoing", headers={"HX-Request": "true"})
    assert (asked.status_code, "HX-Redirect" in asked.headers) == (204, False)
    undo(world.camille, real)
    asked = client.get(f"{url}?undoing", headers={"HX-Request": "true"})
    assert asked.headers["HX-Redirect"] == url


def test_import_gives_back_refused_rows_to_mend(world: World, as_member: SignIn) -> None:
    client = as_member(world.camille)
    made = checked(client)
    answer = client.get(f"{IMPORTS}/{made.pk}/refused.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.splitlines() == [
        "Refused because;Entreprise;Prénom;E-mail;Pays;Zone",
        "4: “bo@@broken.example” is not an email address.;Broken;Bo;bo@@broken.example;SE;c",
    ]


def test_import_without_a_name_says_which_columns_it_needs(world: World, as_member: SignIn) -> None:
    client = as_member(world.camille)
    made = checked(client, "Zone;Groupe\r\na;b\r\n")
    answer = client.get(f"{IMPORTS}/{made.pk}")
    assert answer.context["problem"].startswith("No column gives a company")
    assert "Check again with these columns" in answer.content.decode()


def test_import_that_would_change_nothing_offers_no_button(world: World, as_member: SignIn) -> None:
    client = as_member(world.camille)
    made = checked(client)
    client.post(f"{IMPORTS}/{made.pk}/confirm")
    carry_out(Import.objects.latest("pk").pk)
    again = checked(client)
    text = client.get(f"{IMPORTS}/{again.pk}").content.decode()
    assert ("importing would change nothing" in text, "/confirm" in text) == (True, False)


def test_a_viewer_sees_imports_and_starts_none(world: World, as_member: SignIn) -> None:
    made = checked(as_member(world.camille))
    client = as_member(world.victor)
    assert (client.get(IMPORTS).status_code, client.get(f"{IMPORTS}/{made.pk}").status_code) == (200, 200)
    assert send(client).status_code == 403
    acts = ("mapping", "confirm", "undo")
    assert [client.post(f"{IMPORTS}/{made.pk}/{act}").status_code for act in acts] == [403, 403, 403]
    assert Import.objects.count() == 1
