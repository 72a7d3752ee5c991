"""Files of the demo's conversations, made by code: small, and checked and scanned like any other."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable

import pikepdf
from PIL import Image, ImageDraw

from overture.accounts.models import Membership
from overture.directory.models import PartnerUser
from overture.files.keep import keep
from overture.files.models import Attachment


def attached(names: Iterable[str], workspace_id: int, giver: Membership | PartnerUser) -> list[Attachment]:
    member = giver if isinstance(giver, Membership) else None
    user = giver.user if isinstance(giver, PartnerUser) else None
    return [
        keep(io.BytesIO(_MADE[name]()), name, workspace_id=workspace_id, member=member, user=user)
        for name in names
    ]


def _rates() -> bytes:
    rows = ["format,issues,price in EUR", "one letter,1,900", "two letters,2,1600", "guide and letter,2,1950"]
    return "\r\n".join([*rows, ""]).encode()


def _layout() -> bytes:
    lines = [
        "The December guide, layout of 2025",
        "Cover: 2400 x 1350",
        "Inside: 1600 x 900, text on the left",
    ]
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdf.make_indirect(font)))
    told = "".join(f"BT /F1 16 Tf 60 {760 - 40 * at} Td ({line}) Tj ET\n" for at, line in enumerate(lines))
    frames = "0.7 0.6 0.5 RG 60 420 475 220 re S 60 160 220 220 re S 315 160 220 220 re S\n"
    page.Contents = pdf.make_stream((told + frames).encode())
    file = io.BytesIO()
    pdf.save(file)
    return file.getvalue()


def _photograph() -> bytes:
    """Linen on a chair, as far as a few rectangles can tell."""
    image = Image.new("RGB", (640, 420), (236, 229, 216))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 300, 640, 420), fill=(196, 176, 150))
    draw.rectangle((210, 120, 430, 330), fill=(148, 116, 86))
    draw.rectangle((240, 90, 400, 290), fill=(222, 210, 190))
    for fold in range(250, 400, 24):
        draw.line((fold, 92, fold - 8, 288), fill=(204, 190, 168), width=3)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=82)
    return file.getvalue()


_MADE: dict[str, Callable[[], bytes]] = {
    "rates.csv": _rates,
    "layout-2025.pdf": _layout,
    "oat-linen.jpg": _photograph,
}
