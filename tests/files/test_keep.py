"""What is taken in, what is refused, and what is handed out in its place."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from overture.files import store
from overture.files.errors import NotClean, Refused
from overture.files.keep import keep
from overture.files.mine import mine
from overture.files.models import Attachment, StoredFile
from overture.files.open import open_clean, open_preview
from overture.files.scan import scan_due
from overture.files.wording import refusal_words
from tests.fakes.scanner import EICAR, FOUND
from tests.files import samples
from tests.world import World

MB = 1024 * 1024


def give(world: World, content: bytes, name: str) -> Attachment:
    return keep(io.BytesIO(content), name, workspace_id=world.brand.pk, member=world.nora)


def refused(world: World, content: bytes, name: str) -> str:
    """Its code; and nothing is kept of it."""
    with pytest.raises(Refused) as caught:
        give(world, content, name)
    words = refusal_words(caught.value)
    assert len(words) > 20
    assert "%(" not in words
    assert not Attachment.objects.exists()
    assert not StoredFile.objects.exists()
    return caught.value.code


def scanned(world: World, content: bytes, name: str) -> StoredFile:
    attachment = give(world, content, name)
    assert scan_due() == 1
    attachment.stored.refresh_from_db()
    return attachment.stored


def zip_inside(pdf: Any) -> None:
    """A ZIP that ends where a ZIP would, before what a PDF says at its end."""
    pdf.Root.Hidden = pdf.make_stream(samples.zipped())


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("partners.csv", samples.CSV, ("csv", None, None, None, False)),
        ("utf16.csv", samples.CSV.decode().encode("utf-16"), ("csv", None, None, None, False)),
        ("cp1252.csv", "nom\nÉlise\n".encode("cp1252"), ("csv", None, None, None, False)),
        ("rates.PDF", samples.document(), ("pdf", None, None, 1, True)),
        ("a.png", samples.picture("PNG"), ("png", 40, 30, None, True)),
        ("a.jpg", samples.picture("JPEG"), ("jpeg", 40, 30, None, True)),
        ("a.jpeg", samples.picture("JPEG", progressive=True), ("jpeg", 40, 30, None, True)),
        ("a.gif", samples.animation(), ("gif", 20, 20, None, True)),
        ("a.png", samples.animation("PNG"), ("png", 20, 20, None, True)),
    ],
)
def test_takes_in_what_is_what_its_name_says(
    world: World, scanner: Any, name: str, content: bytes, expected: tuple[object, ...]
) -> None:
    stored = scanned(world, content, name)
    assert (stored.type, stored.width, stored.height, stored.pages, stored.has_preview) == expected
    assert (stored.state, stored.reason, stored.signatures) == ("clean", "", "ClamAV 1.4.6")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.exe", b"MZ", "type"),
        ("README", b"text", "type"),
        ("a.zip", samples.zipped(), "type"),
        ("a.csv", b"", "empty"),
        ("a.csv", samples.zipped(), "mismatch"),
        ("a.csv", b"<!DOCTYPE html><script>alert(1)</script>", "mismatch"),
        ("a.csv", b"a,b\n1,\0\n", "not_text"),
        ("a.csv", b"a,b\n\x1b[2J,1\n", "not_text"),
        ("a.csv", b"a,b\n\x81\x8d,1\n", "not_text"),
        ("a.csv", b'a,b\n"1,2\n', "unclosed_quote"),
        ("a.pdf", samples.picture("PNG"), "mismatch"),
        ("a.png", samples.picture("JPEG"), "mismatch"),
        ("a.jpg", samples.CSV, "mismatch"),
        ("a.jpg", EICAR, "mismatch"),
        ("a.png", samples.picture("PNG")[:-30], "broken"),
        ("a.jpg", samples.picture("JPEG", size=(300, 300))[:900], "broken"),
        ("a.gif", samples.animation()[:60], "broken"),
        ("a.pdf", samples.document()[:300], "broken"),
        ("a.png", samples.png_of(50_000, 50_000), "too_many_pixels"),
        ("a.png", samples.png_of(8_000, 8_000), "broken"),
        ("a.gif", samples.gif_of(10_000), "too_many_frames"),
        ("a.gif", samples.animation() + b"*/=1;alert(1)", "hidden_data"),
        ("a.png", samples.picture("PNG") + samples.zipped(), "hidden_data"),
        ("a.jpg", samples.picture("JPEG") + samples.zipped(), "hidden_data"),
        ("a.jpg", samples.picture("JPEG") + b"<?php echo 1;", "hidden_data"),
        ("a.pdf", samples.document() + samples.zipped(), "hidden_data"),
        ("a.pdf", samples.document() + b"<script>alert(1)</script>", "hidden_data"),
        ("a.pdf", b"<script>alert(1)</script>" + samples.document(), "mismatch"),
        ("a.pdf", samples.document(prepare=zip_inside, compress_streams=False), "hidden_data"),
        ("a.pdf", samples.document(encryption=samples.pikepdf.Encryption(owner="o", user="u")), "encrypted"),
        ("a.pdf", samples.document(encryption=samples.pikepdf.Encryption(owner="o", user="")), "encrypted"),
    ],
)
def test_refuses_what_cannot_stand(world: World, files: Path, name: str, content: bytes, code: str) -> None:
    assert refused(world, content, name) == code


def test_takes_exactly_the_limit_and_not_a_byte_more(world: World, files: Path) -> None:
    line = b"a,b,c,d,e,f,g,h,i,j,k,l,m,n,o\n\n"
    whole = line * (25 * MB // len(line)) + b"x" * (25 * MB % len(line))
    assert len(whole) == 25 * MB
    assert refused(world, whole + b"x", "a.csv") == "too_large"
    assert give(world, whole, "a.csv").stored.size == 25 * MB
    assert list((files.parent / "incoming").iterdir()) == []


def test_a_picture_is_handed_out_without_what_it_told(world: World, scanner: Any) -> None:
    attachment = give(world, samples.gps_picture(), "home.jpg")
    scan_due()
    opened = open_clean(attachment)
    with opened.stream as stream:
        content = stream.read()
    assert (opened.name, opened.type, opened.size) == ("home.jpg", "image/jpeg", len(content))
    with Image.open(io.BytesIO(content)) as image:
        assert (dict(image.getexif()), image.info.get("comment"), image.size) == ({}, None, (40, 30))
    assert b"home" not in content
    with open_preview(attachment).stream as stream, Image.open(stream) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("WEBP", (40, 30), {})


@pytest.mark.parametrize("format", ["GIF", "PNG"])
def test_an_animation_still_moves(world: World, scanner: Any, format: str) -> None:
    attachment = give(world, samples.animation(format, frames=5), f"a.{format.lower()}")
    scan_due()
    with open_clean(attachment).stream as stream, Image.open(stream) as image:
        frames = []
        for number in range(image.n_frames):  # type: ignore[attr-defined]
            image.seek(number)
            frames.append((image.convert("RGB").getpixel((5, 5)), image.info["duration"]))
        assert image.info["loop"] == 0
    assert [duration for _, duration in frames] == [100] * 5
    assert len({colour for colour, _ in frames}) == 5


def test_the_same_file_is_kept_once(world: World, scanner: Any) -> None:
    first = give(world, samples.CSV, "a.csv")
    scan_due()
    second = keep(io.BytesIO(samples.CSV), "b.csv", workspace_id=None, user=world.stranger.user)
    assert (first.stored_id, second.name, second.is_clean) == (second.stored_id, "b.csv", True)
    assert [path.name for path in files_in(store)] == [f"{first.stored.sha256}.given"]


def files_in(module: Any) -> list[Path]:
    root = Path(module._storage().location)
    return sorted(path for path in root.rglob("*") if path.is_file())


def test_nobody_opens_what_is_not_clean(world: World, scanner: Any) -> None:
    attachment = give(world, EICAR, "a.csv")
    with pytest.raises(NotClean, match="pending"):
        open_clean(attachment)
    scan_due()
    with pytest.raises(NotClean, match="infected"):
        open_clean(attachment)
    assert attachment.stored.reason in {"", FOUND}


def test_mine_are_those_i_gave_and_nobody_holds(world: World, files: Path, settings: Any) -> None:
    first, second = give(world, samples.CSV, "a.csv"), give(world, samples.CSV, "b.csv")
    assert mine([str(second.pk), first.pk, second.pk], member=world.nora) == [second, first]
    for numbers in ([first.pk, 10**9], ["x"], [-1], [2**70]):
        with pytest.raises(Refused, match="unknown_file"):
            mine(numbers, member=world.nora)
    with pytest.raises(Refused, match="unknown_file"):
        mine([first.pk], member=world.camille)
    with pytest.raises(Refused, match="unknown_file"):
        mine([first.pk], user=world.nora.user)
    settings.OVERTURE_FILES_PER_MESSAGE = 1
    with pytest.raises(Refused, match="too_many"):
        mine([first.pk, second.pk], member=world.nora)
