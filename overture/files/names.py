"""Names of files as people give them: safe to show, never used as a path."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from overture.files.models import FileType

LONGEST = 150
# By how a name ends; what a file is, its content decides.
TYPES = {
    "csv": FileType.CSV,
    "pdf": FileType.PDF,
    "jpg": FileType.JPEG,
    "jpeg": FileType.JPEG,
    "png": FileType.PNG,
    "gif": FileType.GIF,
}
MEDIA_TYPES = {
    FileType.CSV: "text/csv",
    FileType.PDF: "application/pdf",
    FileType.JPEG: "image/jpeg",
    FileType.PNG: "image/png",
    FileType.GIF: "image/gif",
}
# What Windows does not allow in names, and what ends an HTTP header's quoted text.
_AWKWARD = re.compile(r'[<>:"|?*%;]+')
# Controls, marks that turn the direction of text, half characters, unassigned ones, line ends.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def safe_name(given: str) -> str:
    """What is after the last slash, without anything that hides, turns or breaks; 150 characters at most."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    seen = "".join(" " if letter.isspace() else letter for letter in last if _is_seen(letter))
    words = " ".join(_AWKWARD.sub("_", seen).split())
    stem, dot, ending = words.strip(" .").rpartition(".")
    if not dot:
        return ending[:LONGEST]
    return f"{stem[: LONGEST - 1 - len(ending)].rstrip(' .') or 'file'}.{ending}"[-LONGEST:]


def type_of_name(name: str) -> FileType | None:
    return TYPES.get(ending_of(name))


def ending_of(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def disposition(name: str) -> str:
    """The Content-Disposition of a download (RFC 6266): a name in plain ASCII, then the true one."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9._() -]", "_", ascii_name) or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _is_seen(letter: str) -> bool:
    # Tabs and line ends part words as a space does; other controls are nothing.
    return letter.isspace() or unicodedata.category(letter) not in _UNSEEN
