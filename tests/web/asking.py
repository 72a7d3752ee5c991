"""What pages of lists show, read from their HTML."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlparse


def names_in(answer: Any) -> list[str]:
    """The names of the rows, in their order."""
    found = re.findall(r'<th class="who".*?<a [^>]*>(.*?)</a>', _text(answer), re.DOTALL)
    return [unescape(name) for name in found]


def ticked_in(answer: Any) -> list[int]:
    """The ids of the rows whose box is ticked."""
    boxes = re.findall(r'<input type="checkbox" id="choose-\d+"[^>]*>', _text(answer))
    return [int(re.search(r'value="(\d+)"', box)[1]) for box in boxes if " checked" in box]  # type: ignore[index]


def head_in(answer: Any) -> str:
    """How the head's box is drawn: none, some or all."""
    found = re.search(r'name="head" value="(\w+)"', _text(answer))
    return found[1] if found else ""


def output_in(answer: Any) -> str:
    """What the bulk bar says, without its markup."""
    found = re.search(r"<output>(.*?)</output>", _text(answer), re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", found[1])).split()) if found else ""


def banner_in(answer: Any) -> str:
    """What stands under the heads, if it is shown."""
    found = re.search(r'<tr class="banner"[^>]*?( hidden)?>(.*?)</tr>', _text(answer), re.DOTALL)
    if not found or found[1]:
        return ""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", found[2])).split())


def link_in(answer: Any, label: str) -> str:
    """The address of the link with this name."""
    found = re.search(rf'<a [^>]*href="([^"]*)"[^>]*aria-label="{label}"', _text(answer))
    return unescape(found[1]) if found else ""


def summary_in(answer: Any) -> str:
    found = re.search(r'<nav class="pager".*?<p>(.*?)</p>', _text(answer), re.DOTALL)
    return unescape(found[1]) if found else ""


def query_of(url: str) -> dict[str, list[str]]:
    return parse_qs(urlparse(url).query)


def _text(answer: Any) -> str:
    text: str = answer.content.decode()
    return text
