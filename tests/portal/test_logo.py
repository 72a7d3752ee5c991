"""A partner's logo: checked and scanned like any file, shown once it is clean, kept while it is shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from overture.directory.models import DirectoryEvent, Partner
from overture.files.models import Attachment, State, StoredFile
from overture.files.upkeep import delete_unheld
from tests import factories
from tests.files.samples import picture
from tests.portal.people import person, portal_of
from tests.web.signed_in import client_of
from tests.world import World

pytestmark = pytest.mark.usefixtures("files")


def _picture(name: str = "logo.png", content: bytes | None = None) -> dict[str, Any]:
    return {"logo": SimpleUploadedFile(name, picture() if content is None else content)}


def test_a_logo_shows_once_it_is_clean(world: World) -> None:
    mine = person()
    client, path = portal_of(mine), f"/partner/{mine.partner_id}"
    assert client.post(f"{path}/logo", _picture())["Location"] == f"{path}/profile"
    logo = Partner.objects.get(pk=mine.partner_id).logo
    assert logo is not None
    assert (logo.workspace, logo.user, logo.state) == (None, mine.user, "pending")
    assert "The logo is being scanned" in client.get(f"{path}/profile").content.decode()
    public = f"/partners/{mine.partner_id}"
    assert Client().get(f"{public}/logo").status_code == 404
    StoredFile.objects.update(state=State.CLEAN)
    answer = Client().get(f"{public}/logo")
    assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        200, "image/webp", "nosniff",
    )  # fmt: skip
    assert b"".join(answer.streaming_content)[:4] == b"RIFF"
    assert f'src="{public}/logo"' in Client().get(public).content.decode()
    assert f'src="{path}/logo?{logo.pk}"' in client.get(f"{path}/profile").content.decode()
    StoredFile.objects.update(state=State.INFECTED)
    assert Client().get(f"{public}/logo").status_code == 404


def test_a_logo_shows_in_a_marketplace(world: World) -> None:
    mine, other = person(), factories.partner(name="Without")
    portal_of(mine).post(f"/partner/{mine.partner_id}/logo", _picture())
    market, nora = "/w/halden/marketplace", client_of(world.nora)

    def drawn(partner_id: int) -> list[bool]:
        """In its panel, and in the tile that an act draws anew."""
        panel = nora.get(f"{market}/{partner_id}", headers={"HX-Request": "true"})
        tile = nora.post(f"{market}/{partner_id}/save", headers={"HX-Request": "true"})
        source = f'src="/partners/{partner_id}/logo"'
        return [source in each.content.decode() for each in (panel, tile)]

    assert drawn(mine.partner_id) == [False, False]
    StoredFile.objects.update(state=State.CLEAN)
    assert drawn(mine.partner_id) == [True, True]
    assert drawn(other.pk) == [False, False]
    # Its picture is shown to nobody then: none is asked for.
    Partner.objects.filter(pk=mine.partner_id).update(workspace=world.brand)
    assert drawn(mine.partner_id) == [False, False]
    Partner.objects.filter(pk=mine.partner_id).update(workspace=None)
    StoredFile.objects.update(state=State.INFECTED)
    assert drawn(mine.partner_id) == [False, False]


def test_a_logo_is_kept_while_it_is_one(world: World) -> None:
    mine = person()
    client, path = portal_of(mine), f"/partner/{mine.partner_id}/logo"
    client.post(path, _picture())
    long_ago = timezone.now() - timedelta(days=3)
    Attachment.objects.update(created_at=long_ago)
    StoredFile.objects.update(created_at=long_ago)
    delete_unheld()
    assert Attachment.objects.count() == 1
    client.post(path, {"remove": "1"})
    delete_unheld()
    assert (Attachment.objects.count(), Partner.objects.get().logo) == (0, None)
    assert list(DirectoryEvent.objects.values_list("verb", flat=True)) == ["logo_changed"] * 2


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (_picture("rates.pdf"), "A logo is a picture: send a JPEG, PNG or GIF file."),
        (_picture("logo.png", b"%PDF-1.4"), "Its content is not PNG, whatever its name says."),
        (_picture("logo.svg"), "A logo is a picture: send a JPEG, PNG or GIF file."),
        ({}, "Choose a file first."),
    ],
)
def test_what_is_no_picture_is_refused_with_words(world: World, sent: dict[str, Any], says: str) -> None:
    mine = person()
    answer = portal_of(mine).post(f"/partner/{mine.partner_id}/logo", sent, follow=True)
    assert says in answer.content.decode()
    assert Partner.objects.get().logo is None


def test_the_logo_of_one_who_is_not_listed_is_for_its_own_people(world: World) -> None:
    mine = person(factories.partner(name="Lin", standing="in_review"))
    portal_of(mine).post(f"/partner/{mine.partner_id}/logo", _picture())
    StoredFile.objects.update(state=State.CLEAN)
    assert Client().get(f"/partners/{mine.partner_id}/logo").status_code == 404
    answer = portal_of(mine).get(f"/partner/{mine.partner_id}/logo")
    assert (answer.status_code, b"".join(answer.streaming_content)[:4]) == (200, b"RIFF")
    assert Client().get(f"/partners/{'9' * 30}/logo").status_code == 404
