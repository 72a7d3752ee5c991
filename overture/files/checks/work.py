"""What the separate process does: check one file, or unpack one; it answers with what JSON can say."""

from __future__ import annotations

import codecs
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pikepdf
from PIL import Image, ImageCms

from overture.files.checks.document import check_document
from overture.files.checks.found import Found, TurnedDown
from overture.files.checks.inside import unpack
from overture.files.checks.picture import check_picture
from overture.files.checks.table import check_table


def warm_up() -> None:
    """Loads what is else loaded when it is needed: a child that is nobody may not read our modules.

    Files of our own are checked once; that loads more than anybody could name.
    """
    Image.init()
    with TemporaryDirectory() as name:
        folder = Path(name)
        for kind in ("png", "jpeg", "gif"):
            _draw(folder / "given", kind)
            check_picture(folder / "given", kind, folder)
        with pikepdf.new() as pdf:
            pdf.add_blank_page(page_size=(10, 10))
            pdf.save(folder / "given")
        check_document(folder / "given", folder)
    for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "ascii", "latin-1"):
        codecs.lookup(name)


def _draw(target: Path, kind: str) -> None:
    image = Image.new("RGB", (4, 4))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options = {"icc_profile": profile} if kind == "jpeg" else {"save_all": True, "append_images": [image]}
    image.save(target, format=kind.upper(), **options)


def work(asked: dict[str, Any]) -> dict[str, Any]:
    """`do` is check or unpack; `type` a FileType. The file is `given`, here, where results go, too."""
    folder = Path()
    source = folder / "given"
    try:
        if asked["do"] == "unpack":
            unpack(source, folder / "parts")
            return {}
        return {"found": _check(source, asked["type"], folder).as_json()}
    except TurnedDown as refused:
        return {"refused": refused.code, "facts": refused.facts}
    except (MemoryError, RecursionError):
        return {"refused": "too_complex", "facts": {}}


def _check(source: Path, kind: str, folder: Path) -> Found:
    if kind == "csv":
        return check_table(source)
    return check_document(source, folder) if kind == "pdf" else check_picture(source, kind, folder)
