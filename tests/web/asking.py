"""What pages of lists show, read from their HTML."""

from __future__ import annotations

import re
from html import unescape
from typing import Any


def names_in(answer: Any) -> list[str]:
    """The names of the rows, in their order."""
    found = re.findall(r'<th class="who".*?<a [^>]*>(.*?)</a>', answer.content.decode(), re.DOTALL)
    return [unescape(name) for name in found]
