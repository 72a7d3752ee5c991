"""Messages are plain text with simple marks: **bold**, _italic_, lists, and links that are made safe.

Read once from left to right, marks nested two deep at most; what comes out is cleaned by nh3 all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# More than any message has; what is beyond is not shown.
LONGEST = 20_000
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a"}
_ATTRIBUTES = {"a": {"href"}, "p": {"dir"}, "ul": {"dir"}, "ol": {"dir"}}
_ITEM = re.compile(r"[ \t]{0,8}(?:[-*•]|(\d{1,3})[.)])[ \t]+(?=\S)")
# A link ends before what more likely belongs to the sentence.
_LINK = re.compile(r"https?://[^\s<>\"'`]{3,2000}", re.IGNORECASE)
_AFTER_LINK = ".,;:!?…»’”"
# Characters that turn the reading order, so that a link shows other letters than it leads to.
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F])


def to_html(text: str) -> SafeString:
    """Paragraphs, line breaks, lists. Everything else stays the text that it was."""
    blocks = "".join(_blocks(text[:LONGEST].translate(_TURNING).replace("\r\n", "\n")))
    clean = nh3.clean(
        blocks,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer nofollow ugc",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return mark_safe(clean)  # noqa: S308  # escaped above and cleaned by nh3


def to_line(text: str, longest: int = 160) -> str:
    """The beginning on one line and without marks, for lists of threads."""
    line = " ".join(text[: longest * 4].translate(_TURNING).split())
    line = line.replace("**", "").removeprefix("- ")
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _blocks(text: str) -> Iterator[str]:
    lines: list[str] = []
    kind = ""
    for line in [*text.split("\n"), ""]:
        item = _ITEM.match(line)
        now = ("ol" if item[1] else "ul") if item else "p" if line.strip() else ""
        if now != kind and lines:
            yield _block(kind, lines)
            lines = []
        kind = now
        if now:
            lines.append(_inline(line[item.end() :] if item else line))
    if lines:
        yield _block(kind, lines)


def _block(kind: str, lines: list[str]) -> str:
    if kind == "p":
        return '<p dir="auto">' + "<br>".join(lines) + "</p>"
    return f'<{kind} dir="auto">' + "".join(f"<li>{line}</li>" for line in lines) + f"</{kind}>"


def _inline(line: str) -> str:
    """Links are taken out first, so that an underscore in an address marks nothing."""
    told, at = [], 0
    for found in _LINK.finditer(line):
        link = _trimmed(found[0])
        told += [_marked(line[at : found.start()]), _link(link)]
        at = found.start() + len(link)
    return "".join([*told, _marked(line[at:])])


def _trimmed(link: str) -> str:
    while link and (link[-1] in _AFTER_LINK or (link[-1] == ")" and link.count("(") < link.count(")"))):
        link = link[:-1]
    return link


def _link(url: str) -> str:
    return f'<a href="{escape(url)}">{escape(url)}</a>'


# Whole words only: `snake_case` and `2 ** 3` stay. Neither can run over the end of a line.
_BOLD = re.compile(r"(?<![\w*])\*\*(?=[^\s*])([^*]{1,2000}?)(?<=[^\s*])\*\*(?![\w*])")
_ITALIC = re.compile(r"(?<![\w_])_(?=[^\s_])([^_]{1,2000}?)(?<=[^\s_])_(?![\w_])")


def _marked(text: str) -> str:
    told, at = [], 0
    for found in _BOLD.finditer(text):
        told += [_italic(text[at : found.start()]), f"<strong>{_italic(found[1])}</strong>"]
        at = found.end()
    return "".join([*told, _italic(text[at:])])


def _italic(text: str) -> str:
    told, at = [], 0
    for found in _ITALIC.finditer(text):
        told += [escape(text[at : found.start()]), f"<em>{escape(found[1])}</em>"]
        at = found.end()
    return "".join([*told, escape(text[at:])])
