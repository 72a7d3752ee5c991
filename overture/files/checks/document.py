"""PDFs: every object looked at for what acts by itself, then saved anew; a hidden ZIP makes it a polyglot."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2

from overture.files.checks.found import Found, TurnedDown
from overture.files.checks.inside import unpack_document
from overture.files.checks.objects import dictionaries_in, dictionary_of, is_dictionary, open_document

PREVIEW_SIDE = 640
_FORBIDDEN = {"/JS", "/JavaScript", "/Launch", "/AA", "/XFA", "/RichMedia", "/OnInstantiate"}
# What opening a page may do by itself: show another place of the same document.
_HARMLESS = {"/GoTo"}
_ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/Movie", "/Sound"}
_SCRIPT_LINKS = ("javascript:", "vbscript:")
# Names as pikepdf writes them: escapes such as /J#53 are read by then.
_SUSPECT = re.compile(
    rb"/(JS|JavaScript|Launch|AA|XFA|RichMedia|OnInstantiate|OpenAction|URI|ImportData|SubmitForm|Rendition"
    rb"|Movie|Sound)\b"
)


def check_document(source: Path, folder: Path) -> Found:
    """Writes `served`, `parts` (what is inside) and, where a page can be drawn, `preview` into `folder`."""
    _check_ends(source)
    try:
        with open_document(source) as pdf:
            for each in pdf.objects:
                refuse_actions(each)
            pages = len(pdf.pages)
            if pages == 0:
                raise TurnedDown("broken")
            unpack_document(pdf, folder / "parts")
            pdf.save(folder / "served", object_stream_mode=pikepdf.ObjectStreamMode.generate)
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise TurnedDown("broken") from error
    return Found(pages=pages, has_preview=_draw(folder / "served", folder / "preview"))


def refuse_actions(thing: pikepdf.Object) -> None:
    # The kind of an action may stand in an object of its own, where no dictionary shows it.
    if isinstance(thing, pikepdf.Name) and str(thing) in _ACTIONS:
        raise TurnedDown("acts")
    # A stream whose content is in another file: a reader would fetch it, over the network, too.
    if isinstance(thing, pikepdf.Stream) and "/F" in thing.stream_dict.keys():  # noqa: SIM118
        raise TurnedDown("acts")
    written = dictionary_of(thing).unparse(resolved=True) if is_dictionary(thing) else thing.unparse(True)
    # Texts may hold such words, too: only then is it looked at closely.
    if _SUSPECT.search(written):
        for each in dictionaries_in(thing):
            _refuse_actions_of(each)


def _refuse_actions_of(each: Any) -> None:
    if _FORBIDDEN & set(each.keys()) or str(each.get("/S", "")) in _ACTIONS:
        raise TurnedDown("acts")
    if str(each.get("/URI", "")).strip().lower().startswith(_SCRIPT_LINKS):
        raise TurnedDown("acts")
    opening = each.get("/OpenAction")
    if isinstance(opening, pikepdf.Array):
        # A place, which begins with a page; some readers take an action there.
        if len(opening) and is_dictionary(opening[0]) and "/S" in opening[0].keys():  # noqa: SIM118
            raise TurnedDown("acts")
    elif opening is not None:
        is_harmless = is_dictionary(opening) and str(opening.get("/S", "")) in _HARMLESS
        if not is_harmless or "/Next" in opening.keys():  # noqa: SIM118  # no mapping
            raise TurnedDown("acts")


def _check_ends(source: Path) -> None:
    with source.open("rb") as file:
        if file.read(5) != b"%PDF-":
            raise TurnedDown("mismatch")
        size = file.seek(0, 2)
        file.seek(max(0, size - 4096))
        _, mark, rest = file.read().rpartition(b"%%EOF")
    if not mark:
        raise TurnedDown("broken")
    if rest.strip(b"\0\r\n\t "):
        raise TurnedDown("hidden_data")
    if zipfile.is_zipfile(source):
        raise TurnedDown("hidden_data")


def _draw(document: Path, target: Path) -> bool:
    """The first page, small. One that cannot be drawn has no preview, and is a document all the same."""
    try:
        # Its bytes, since it would ask for a path from the root, which a child may not pass.
        pdf = pypdfium2.PdfDocument(document.read_bytes())
        page = pdf[0]
        width, height = page.get_size()
        scale = PREVIEW_SIDE / max(width, height, 1.0)
        page.render(scale=min(scale, 4.0)).to_pil().convert("RGB").save(target, format="WEBP", quality=80)
    except Exception:
        target.unlink(missing_ok=True)
        return False
    return True
