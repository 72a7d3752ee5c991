"""Pictures: decoded whole within limits, then encoded anew, so that nothing but the picture is handed out."""

from __future__ import annotations

import io
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageOps, ImageSequence, JpegImagePlugin

from overture.files.checks.endings import end_of_gif, end_of_jpeg, end_of_png
from overture.files.checks.found import Found, TurnedDown

MAGIC = {"png": (b"\x89PNG\r\n\x1a\n",), "jpeg": (b"\xff\xd8\xff",), "gif": (b"GIF87a", b"GIF89a")}
FORMATS = {"png": ["PNG"], "jpeg": ["JPEG", "MPO"], "gif": ["GIF"]}
MOST_PIXELS = 64_000_000
MOST_SIDE = 30_000
MOST_FRAMES = 1_000
# Of all frames together.
MOST_ANIMATED_PIXELS = 100_000_000
PREVIEW_SIDE = 640
# What marks the beginning or the end of a file that hides behind a picture.
_OTHERS = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"%PDF",
    b"<script",
    b"<?php",
    b"<html",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x7fELF",
)

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


def check_picture(source: Path, kind: str, folder: Path) -> Found:
    """Writes `served` and `preview` into `folder`."""
    data = source.read_bytes()
    if not data.startswith(MAGIC[kind]):
        raise TurnedDown("mismatch")
    frames = _end(data, kind)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS[kind]) as image:
            _measure(image, frames)
            size = _encode(image, kind, folder / "served")
            _preview(image, folder / "preview")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TurnedDown("too_many_pixels", most=MOST_PIXELS // 1_000_000) from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError) as error:
        raise TurnedDown("broken") from error
    return Found(width=size[0], height=size[1], has_preview=True)


def _end(data: bytes, kind: str) -> int:
    """How many frames its blocks tell of; 1 where only its decoder knows."""
    frames = 1
    if kind == "gif":
        end, frames = end_of_gif(data)
    else:
        end = end_of_png(data) if kind == "png" else end_of_jpeg(data)
    rest = data[end:]
    if rest.strip(b"\0\r\n\t ") and not (kind == "jpeg" and _is_of_a_camera(rest)):
        raise TurnedDown("hidden_data")
    if frames > MOST_FRAMES:
        raise TurnedDown("too_many_frames", most=MOST_FRAMES)
    return frames


def _is_of_a_camera(rest: bytes) -> bool:
    """More pictures in the same file (MPO), or the block that Samsung's phones leave; not handed out."""
    known = b"\xff\xd8\xff" in rest[:4096] or rest.endswith(b"SEFT")
    return known and not any(other in rest for other in _OTHERS)


def _measure(image: Image.Image, frames: int) -> None:
    """Before anything is decoded."""
    width, height = image.size
    if not width or not height:
        raise TurnedDown("broken")
    if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
        raise TurnedDown("too_many_pixels", most=MOST_PIXELS // 1_000_000)
    if image.format == "PNG":
        frames = getattr(image, "n_frames", 1)
    if frames > MOST_FRAMES or (frames > 1 and width * height * frames > MOST_ANIMATED_PIXELS):
        raise TurnedDown("too_many_frames", most=MOST_FRAMES)


def _encode(image: Image.Image, kind: str, target: Path) -> tuple[int, int]:
    # A camera's second picture (MPO) is no animation.
    if kind != "jpeg" and getattr(image, "is_animated", False):
        return _encode_frames(image, kind, target)
    image.load()
    if kind == "jpeg":
        return _encode_jpeg(image, target)
    clean = _bare(ImageOps.exif_transpose(image) or image)
    clean.save(target, format=kind.upper())
    return clean.size


def _encode_jpeg(image: Image.Image, target: Path) -> tuple[int, int]:
    """With the tables it had, so that encoding anew costs next to nothing of what is seen."""
    kept: dict[str, Any] = {}
    tables = getattr(image, "quantization", None)
    turned = ImageOps.exif_transpose(image) or image
    clean = _in_plain_colours(turned)
    if tables and clean.mode == image.mode:
        sampling = JpegImagePlugin.get_sampling(image)
        kept = {"qtables": tables, **({"subsampling": sampling} if sampling != -1 else {})}
    clean.save(target, format="JPEG", **(kept or {"quality": 92}))
    return clean.size


def _in_plain_colours(image: Image.Image) -> Image.Image:
    """In sRGB: its own profile, which could hold anything, is not handed out."""
    profile = image.info.get("icc_profile")
    if profile and image.mode in {"RGB", "CMYK"}:
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            here, there = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(image, here, there, outputMode="RGB")
            if turned is not None:
                return _bare(turned)
    return _bare(image if image.mode in {"RGB", "L"} else image.convert("RGB"))


def _bare(image: Image.Image) -> Image.Image:
    """A copy that knows nothing but its pixels."""
    bare = image.copy()
    bare.info = {name: image.info[name] for name in ("transparency",) if name in image.info}
    # Encoders ask for it by themselves.
    bare._exif = None
    return bare


def _encode_frames(image: Image.Image, kind: str, target: Path) -> tuple[int, int]:
    frames, durations = [], []
    for frame in ImageSequence.Iterator(image):
        durations.append(frame.info.get("duration", 0))
        frames.append(_bare(frame.convert("RGBA")))
    # Each frame is whole, so what was before it is wiped away.
    options: dict[str, Any] = {"disposal": 2} if kind == "gif" else {"disposal": 1, "blend": 0}
    if "loop" in image.info:
        options["loop"] = image.info["loop"]
    frames[0].save(
        target, kind.upper(), save_all=True, append_images=frames[1:], duration=durations, **options
    )
    image.seek(0)
    return frames[0].size


def _preview(image: Image.Image, target: Path) -> None:
    small = _bare(ImageOps.exif_transpose(image) or image)
    if small.mode.startswith("I;16"):
        small = small.point(lambda value: value / 256).convert("L")
    small = small.convert("RGBA" if "A" in small.mode or "transparency" in small.info else "RGB")
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    small.info = {}
    small.save(target, format="WEBP", quality=80)
