"""PDFs: what acts by itself is refused, what is hidden inside is found, what takes too much is stopped."""

from __future__ import annotations

import io
import re
import time
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from overture.files.open import open_clean
from overture.files.scan import scan_due
from tests.fakes.scanner import EICAR, FOUND
from tests.files import samples
from tests.files.test_keep import give, refused, scanned
from tests.world import World

# A ZIP of one file, locked with the password "secret".
LOCKED_ZIP = bytes.fromhex(
    "504b03041400010000000000210086a61036110000000500000005000000612e747874894bba8d140cecc02f3dad4e8255f9"
    "8a29504b010214001400010000000000210086a610361100000005000000050000000000000000000000000000000000612e"
    "747874504b0506000000000100010033000000340000000000"
    ""
)


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def unreferred(content: bytes) -> bytes:
    """A document that holds an object which nothing in it refers to."""

    def prepare(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Hidden = pdf.make_stream(zlib.compress(content), Filter=Name.FlateDecode)

    whole = samples.document(prepare=prepare, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    found = re.search(rb"/Hidden \d+ 0 R", whole)
    assert found
    return whole.replace(found[0], b" " * len(found[0]))


def on_open(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = script()


def in_names(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["x", pdf.make_indirect(script())])))


def on_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].AA = Dictionary(O=Dictionary(S=Name.URI, URI="https://x.example"))


def launches(pdf: pikepdf.Pdf) -> None:
    link = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 1, 1], A=Dictionary(S=Name.Launch, F="cmd")
    )
    pdf.pages[0].Annots = Array([link])


def chained(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([pdf.pages[0].obj, Name.Fit]), Next=script())


def form(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(XFA=pdf.make_stream(b"<xdp/>"))


def in_disguise(pdf: pikepdf.Pdf) -> None:
    """The kind of the action stands in an object of its own."""
    kind = pdf.make_indirect(Name.Launch)
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 1, 1], A=Dictionary(S=kind, F="cmd"))
    pdf.pages[0].Annots = Array([link])


def in_three_dimensions(pdf: pikepdf.Pdf) -> None:
    scene = pdf.make_stream(b"U3D\0", Type=Name("/3D"), Subtype=Name.U3D)
    scene.OnInstantiate = pdf.make_stream(b"host.app.launchURL('http://x.example')")
    look = {"/3DD": scene}
    pdf.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name("/3D"), Rect=[0, 0, 9, 9], **look)])


def elsewhere(pdf: pikepdf.Pdf) -> None:
    """Its content is on somebody's server, which learns who opens it, and with which password."""
    pdf.pages[0].Contents = pdf.make_stream(b"", F=Dictionary(Type=Name.Filespec, F="\\\\x.example\\y"))


def in_a_place(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Array([Dictionary(S=Name.URI, URI="https://x.example")])


def script_link(pdf: pikepdf.Pdf) -> None:
    link = Dictionary(S=Name.URI, URI=" JavaScript:alert(1)")
    pdf.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 1, 1], A=link)])


def nested(pdf: pikepdf.Pdf) -> None:
    deep = Dictionary(JS="x")
    for _ in range(80):
        deep = Dictionary(A=deep)
    pdf.Root.Deep = deep


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (on_open, "acts"),
        (in_names, "acts"),
        (on_page, "acts"),
        (launches, "acts"),
        (chained, "acts"),
        (form, "acts"),
        (in_disguise, "acts"),
        (in_three_dimensions, "acts"),
        (elsewhere, "acts"),
        (in_a_place, "acts"),
        (script_link, "acts"),
        (nested, "too_deep"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_what_acts_by_itself_is_refused(
    world: World, files: Path, prepare: Any, code: str, packed: bool
) -> None:
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    assert refused(world, samples.document(prepare=prepare, object_stream_mode=mode), "a.pdf") == code


def test_a_name_in_disguise_is_read_as_what_it_is(world: World, files: Path) -> None:
    plain = samples.document(prepare=on_open, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    hidden = plain.replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/J#53")
    assert b"/JavaScript" not in hidden
    assert refused(world, hidden, "a.pdf") == "acts"


def test_a_document_may_open_at_a_place_and_speak_of_scripts(world: World, scanner: Any) -> None:
    def prepare(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = Array([pdf.pages[0].obj, Name.Fit])
        pdf.docinfo["/Title"] = "How /JS and /Launch are used"

    assert scanned(world, samples.document(prepare=prepare), "a.pdf").state == "clean"


@pytest.mark.parametrize(
    "content",
    [
        samples.embedded(),
        samples.embedded(as_annotation=True),
        samples.embedded(samples.zipped()),
        samples.predicted(),
        samples.embedded(samples.predicted(), as_annotation=True),
        samples.embedded(samples.embedded()),
        samples.embedded(samples.embedded(samples.zipped(), as_annotation=True), as_annotation=True),
        unreferred(EICAR),
        samples.document(
            prepare=lambda pdf: setattr(
                pdf.Root, "Hidden", pdf.make_stream(zlib.compress(EICAR), Filter=Name.FlateDecode)
            )
        ),
    ],
    ids=[
        "listed",
        "annotation",
        "zip",
        "predicted",
        "predicted in annotation",
        "pdf in pdf",
        "zip in pdf in pdf",
        "unused object",
        "any stream",
    ],
)
def test_what_is_packed_inside_is_found(world: World, scanner: Any, content: bytes) -> None:
    """ClamAV alone finds it in few of them (mail.md, trap 1)."""
    stored = scanned(world, content, "a.pdf")
    assert (stored.state, stored.reason) == ("infected", FOUND)


def test_an_honest_attachment_inside_is_clean(world: World, scanner: Any) -> None:
    assert scanned(world, samples.embedded(samples.CSV), "a.pdf").state == "clean"


def test_what_nobody_can_look_into_is_no_clean_file(world: World, scanner: Any) -> None:
    locked = samples.embedded(LOCKED_ZIP)
    stored = scanned(world, locked, "a.pdf")
    assert (stored.state, stored.reason) == ("unscannable", "Heuristics.Encrypted.Zip")


def test_what_is_more_than_the_scanner_looks_into_is_no_clean_file(world: World, scanner: Any) -> None:
    """Without AlertExceedsMax it stops looking after so many files, and says OK."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(2_500):
            archive.writestr(f"{number}.txt", f"nothing bad in {number}")
    stored = scanned(world, samples.embedded(file.getvalue()), "a.pdf")
    assert (stored.state, stored.reason) == ("unscannable", "Heuristics.Limits.Exceeded.MaxFiles")


def test_a_document_is_saved_anew(world: World, scanner: Any) -> None:
    attachment = give(world, unreferred(b"nobody refers to me"), "a.pdf")
    scan_due()
    with open_clean(attachment).stream as stream:
        served = stream.read()
    with pikepdf.open(io.BytesIO(served)) as pdf:
        assert len(pdf.pages) == 1
        assert [
            each.read_bytes()
            for each in pdf.objects
            if isinstance(each, pikepdf.Stream) and "/Type" not in each
        ] == [b"0 0 1 rg 20 20 100 100 re f"]


def test_bombs_are_refused_in_little_time(world: World, files: Path) -> None:
    def many(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Many = Array([pdf.make_indirect(Dictionary(A=number)) for number in range(300_000)])

    bomb = samples.document(prepare=many)
    began = time.monotonic()
    assert refused(world, bomb, "a.pdf") == "too_many_objects"
    assert time.monotonic() - began < 10


def test_a_stream_that_unpacks_without_end_is_refused(world: World, files: Path) -> None:
    packed = zlib.compress(bytes(600 * 1024 * 1024), 9)

    def prepare(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Bomb = pdf.make_stream(packed, Filter=Name.FlateDecode)

    assert refused(world, samples.document(prepare=prepare), "a.pdf") == "too_complex"
