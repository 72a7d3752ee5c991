"""Files of a received mail: of our types as all attachments; others only scanned and named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from overture.files import clamd
from overture.files.clamd import ScannerDown, TooLarge
from overture.files.errors import Refused
from overture.files.keep import keep
from overture.files.models import Attachment
from overture.files.names import safe_name
from overture.inbound.parse import GivenFile

# What clamd says of itself, not of a virus.
_NOT_SCANNED = "Heuristics."


def take_files(
    given: Sequence[GivenFile], workspace_id: int
) -> tuple[list[Attachment], list[dict[str, Any]]]:
    """Attachments, and what is told of the others: their name, type, size, and what the scanner said."""
    kept: list[Attachment] = []
    others: list[dict[str, Any]] = []
    for each in given:
        attachment = None
        if len(kept) < settings.OVERTURE_FILES_PER_MESSAGE:
            attachment = _kept(each, workspace_id)
        if attachment is not None:
            kept.append(attachment)
        else:
            others.append(_told(each))
    return kept, others


def _kept(given: GivenFile, workspace_id: int) -> Attachment | None:
    if given.path is None:
        return None
    try:
        with given.path.open("rb") as file:
            return keep(file, given.name, workspace_id=workspace_id)
    except Refused:
        return None


def _told(given: GivenFile) -> dict[str, Any]:
    is_scanned, virus = _scanned(given)
    name = safe_name(given.name) or "file"
    return {"name": name, "type": given.type, "size": given.size, "scanned": is_scanned, "virus": virus}


def _scanned(given: GivenFile) -> tuple[bool, str]:
    if given.path is None:
        return False, ""
    try:
        with given.path.open("rb") as file:
            verdict = clamd.scan(file)
    except (ScannerDown, TooLarge):
        return False, ""
    if verdict.found.startswith(_NOT_SCANNED):
        return False, ""
    return True, verdict.found[:200]
