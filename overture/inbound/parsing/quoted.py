"""What a reply says anew, and what it repeats. Where the two are mixed, all of it is new: nothing hides."""

from __future__ import annotations

import re

from mailparser_reply.parser import EmailMessage  # type: ignore[import-untyped]

LANGUAGES = ["en", "fr", "de", "es", "it", "nl", "pl", "sv", "da", "cs"]
# Beyond, nothing is looked for: the library's patterns take long, most of all of long lines.
_LONGEST, _LONGEST_LINE = 30_000, 1_000
# What the library does not know: lines broken in two or indented (Yahoo), hard spaces, Outlook's rule and its
# French names.
_HEADER = re.compile(
    r"^[ ]{0,8}(?:On|Le|Am|El|Il|Op|W dniu|Den|Dne)\b[^\n]{0,200}(?:\n[^\n>]{1,200}){0,2}?"
    r"\b(?:wrote|a\s+écrit|schrieb|escribió|ha scritto|schreef|napisał|skrev|napsal)[^\n]{0,80}:[ \t]*$"
    r"|^-{2,} ?(?:Original [Mm]essage|Message d['’ ]origine|Ursprüngliche Nachricht|Forwarded message"
    r"|Message transféré) ?-{2,}[ \t]*$"
    r"|^_{20,}\n(?:\*?(?:From|De|Von)\b)"
    r"|^\*?(?:From|De|Von|Da)[ ]?:\*? [^\n]+\n\*?(?:Sent|Date|Envoyé|Gesendet|Inviato)(?: le)?[ ]?:",
    re.MULTILINE,
)
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)


def split(text: str) -> tuple[str, str]:
    """The new words and the quoted ones."""
    text = text.replace("\u00a0", " ").replace("\u202f", " ").strip()
    found = _header_at(text)
    if found is None:
        return _split_by_marks(text, "")
    before, head, rest = text[: found[0]].strip(), text[found[0] : found[1]], text[found[1] :]
    if not _marked(rest):
        # Outlook: all below the header is the earlier mail; above it nothing means that it was forwarded.
        return (before, f"{head}{rest}".strip()) if before else (text, "")
    own, quoted = _split_by_marks(rest.strip("\n"), head)
    if not quoted:
        return text, ""
    if before and own:
        # Said above and below: both, as it stands, unless below stands a signature alone.
        signature = _SIGNATURE.match(own)
        return (f"{before}\n\n{own}", quoted) if signature else (text, "")
    return before or own, quoted


def _header_at(text: str) -> tuple[int, int] | None:
    lines = text[:_LONGEST].split("\n")
    near = "\n".join(line if len(line) <= _LONGEST_LINE else "." * len(line) for line in lines)
    known = EmailMessage(text="", languages=list(LANGUAGES)).HEADER_REGEX.search(near)
    found = [(each.start(), each.end()) for each in (known, _HEADER.search(near)) if each]
    return min(found, default=None)


def _marked(text: str) -> bool:
    return any(line.startswith(">") for line in text.split("\n"))


def _split_by_marks(text: str, head: str) -> tuple[str, str]:
    """By `>` at the beginning of lines; answered in between, or without any: all is new."""
    lines = text.split("\n")
    marks = [number for number, line in enumerate(lines) if line.startswith(">")]
    if not marks:
        return text, ""
    first, last = marks[0], marks[-1]
    inside = [line for line in lines[first:last] if line.strip() and not line.startswith(">")]
    above = "\n".join(lines[:first]).strip()
    below = "\n".join(lines[last + 1 :]).strip()
    if inside or (above and below and not _SIGNATURE.match(below)):
        return text, ""
    quoted = "\n".join(lines[first : last + 1])
    own = "\n\n".join(part for part in (above, below) if part)
    return own, f"{head}\n{quoted}".strip()
