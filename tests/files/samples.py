"""Files as people send them, and as attackers do; each a few lines, so that a test shows what is in it."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Any

import pikepdf
from PIL import Image

from tests.fakes.scanner import EICAR

CSV = b"name,site\nHus & Hav,https://husoghav.example\n"


def zipped(name: str = "eicar.txt", content: bytes = EICAR) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def picture(format: str = "PNG", size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    file = io.BytesIO()
    _drawing(size).save(file, format=format, **options)
    return file.getvalue()


def animation(format: str = "GIF", frames: int = 3, size: tuple[int, int] = (20, 20)) -> bytes:
    file = io.BytesIO()
    first, *others = [Image.new("RGB", size, (40 * number % 256, 90, 200)) for number in range(frames)]
    first.save(file, format=format, save_all=True, append_images=others, duration=[100] * frames, loop=0)
    return file.getvalue()


def gps_picture() -> bytes:
    """A photograph that tells where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 24.0)
    return picture("JPEG", exif=exif, comment=b"a comment")


def document(*, prepare: Any = None, **save: Any) -> bytes:
    """A PDF of one page; `prepare(pdf)` changes it before it is saved."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(200, 300))
    page.Contents = pdf.make_stream(b"0 0 1 rg 20 20 100 100 re f")
    if prepare:
        prepare(pdf)
    file = io.BytesIO()
    pdf.save(file, **save)
    return file.getvalue()


def embedded(content: bytes = EICAR, *, as_annotation: bool = False) -> bytes:
    """A PDF that carries a file, compressed: in its list of files, or behind a paperclip on the page."""

    def prepare(pdf: pikepdf.Pdf) -> None:
        stream = pikepdf.Stream(pdf, zlib.compress(content))
        stream.Filter = pikepdf.Name.FlateDecode
        stream.Type = pikepdf.Name.EmbeddedFile
        if as_annotation:
            del stream.Type
        file = pikepdf.Dictionary(
            Type=pikepdf.Name.Filespec, F="x.bin", EF=pikepdf.Dictionary(F=pdf.make_indirect(stream))
        )
        if as_annotation:
            note = pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.FileAttachment,
                Rect=[0, 0, 10, 10],
                FS=pdf.make_indirect(file),
            )
            pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(note)]))
        else:
            names = pikepdf.Dictionary(Names=pikepdf.Array(["x.bin", pdf.make_indirect(file)]))
            pdf.Root.Names = pikepdf.Dictionary(EmbeddedFiles=names)

    return document(prepare=prepare)


def predicted(content: bytes = EICAR) -> bytes:
    """As embedded(), each row packed as its difference to the one above: clamd 1.4 does not undo that."""

    def prepare(pdf: pikepdf.Pdf) -> None:
        stream = pikepdf.Stream(pdf, zlib.compress(_differences(content, 10)))
        stream.Filter = pikepdf.Name.FlateDecode
        stream.DecodeParms = pikepdf.Dictionary(Predictor=12, Columns=10)
        file = pikepdf.Dictionary(
            Type=pikepdf.Name.Filespec, F="x.bin", EF=pikepdf.Dictionary(F=pdf.make_indirect(stream))
        )
        note = pikepdf.Dictionary(Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 9, 9], FS=file)
        pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(note)])

    return document(prepare=prepare, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def _differences(content: bytes, columns: int) -> bytes:
    content += b" " * (-len(content) % columns)
    rows, above = b"", bytes(columns)
    for at in range(0, len(content), columns):
        row = content[at : at + columns]
        rows += b"\x02" + bytes((new - old) & 255 for new, old in zip(row, above, strict=True))
        above = row
    return rows


def png_of(width: int, height: int) -> bytes:
    """A few bytes that say they are a picture of any size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    rows = zlib.compress(b"\0" * 100_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def gif_of(frames: int, size: int = 1) -> bytes:
    """So many frames in 20 bytes each."""
    edge = size.to_bytes(2, "little") * 2
    head = b"GIF89a" + edge + b"\x80\x00\x00" + b"\x00\x00\x00\xff\xff\xff"
    frame = b"\x2c\x00\x00\x00\x00" + edge + b"\x00\x02\x02\x44\x01\x00"
    return head + frame * frames + b"\x3b"


def _drawing(size: tuple[int, int]) -> Image.Image:
    image = Image.new("RGB", size, (250, 240, 230))
    image.paste((30, 120, 90), (2, 2, size[0] // 2, size[1] // 2))
    return image
