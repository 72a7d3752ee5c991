"""HTML of strangers: cleaned for a frame, and as text with quotes marked as in plain mails."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3

LONGEST, DEEPEST = 1_000_000, 200
_MOST_TAGS, _MOST_COMMENTS = 50_000, 1_000
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
# What a browser closes by itself, or what holds nothing.
_CLOSED = frozenset(
    [
        "p",
        "li",
        "td",
        "th",
        "tr",
        "dt",
        "dd",
        "option",
        "tbody",
        "thead",
        "tfoot",
        "colgroup",
        "br",
        "hr",
        "img",
        "meta",
        "link",
        "input",
        "col",
        "area",
        "wbr",
        "html",
        "body",
        "head",
    ]
)
_TAGS = frozenset(
    [
        "a",
        "abbr",
        "address",
        "article",
        "aside",
        "b",
        "bdi",
        "bdo",
        "big",
        "blockquote",
        "br",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "font",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "main",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "section",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
        "wbr",
    ]
)
_ATTRIBUTES = {
    "*": {"dir", "lang", "title", "align", "valign"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "font": {"color", "size"},
    "table": {"width", "border", "cellpadding", "cellspacing", "bgcolor"},
    "td": {"width", "height", "colspan", "rowspan", "bgcolor"},
    "th": {"width", "height", "colspan", "rowspan", "bgcolor"},
    "tr": {"bgcolor"},
    "ol": {"start", "type"},
    "col": {"span", "width"},
}


def clean(html: str) -> str:
    """Empty where it is more than a person writes, or nested deeper: nh3 takes quadratic time of that."""
    if not is_readable(html) or depth_of(html) > DEEPEST:
        return ""
    cleaned = nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        clean_content_tags={"script", "style", "title", "template", "textarea", "noscript", "svg", "math"},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return cleaned.strip()


def is_readable(html: str) -> bool:
    """Within what both parsers read in a second or so."""
    return len(html) <= LONGEST and html.count("<") <= _MOST_TAGS and html.count("<!") <= _MOST_COMMENTS


def depth_of(html: str) -> int:
    depth = deepest = 0
    for closing, name in _TAG.findall(html):
        if name.lower() in _CLOSED:
            continue
        depth = max(depth - 1, 0) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest


def to_text(html: str) -> str:
    """Lines as a mail program would write them; what a blockquote holds begins with `> `.

    Of what is_readable().
    """
    reader = _Text()
    reader.feed(html)
    reader.close()
    return reader.text()


class _Text(HTMLParser):
    _BLOCKS = frozenset(
        [
            "p",
            "div",
            "li",
            "tr",
            "table",
            "ul",
            "ol",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "blockquote",
            "pre",
            "header",
            "footer",
            "section",
            "article",
            "hr",
            "dl",
            "dt",
            "dd",
        ]
    )
    _SPACED = frozenset(["p", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"])
    _HIDDEN = frozenset(["script", "style", "title", "head", "template", "noscript"])

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line = ""
        self._quotes = self._hidden = self._pre = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._HIDDEN:
            self._hidden += tag != "head"
        elif tag == "br":
            self._break()
        elif tag in self._BLOCKS:
            self._end_line(is_spaced=tag in self._SPACED)
            self._quotes += tag == "blockquote"
            self._pre += tag == "pre"
            self._line = "- " if tag == "li" else ""

    def handle_endtag(self, tag: str) -> None:
        if tag in self._HIDDEN:
            self._hidden = max(self._hidden - (tag != "head"), 0)
        elif tag in self._BLOCKS:
            self._end_line(is_spaced=tag in self._SPACED)
            self._quotes = max(self._quotes - (tag == "blockquote"), 0)
            self._pre = max(self._pre - (tag == "pre"), 0)

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._pre:
            *whole, last = data.split("\n")
            for each in whole:
                self._line += each
                self._break()
            self._line += last
            return
        words = re.sub(r"[ \t\r\n\f]+", " ", data)
        self._line += words.lstrip() if not self._line or self._line.endswith(" ") else words

    def text(self) -> str:
        self._end_line(is_spaced=False)
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip()

    def _break(self) -> None:
        self._lines.append(self._quoted(self._line.rstrip()))
        self._line = ""

    def _end_line(self, *, is_spaced: bool) -> None:
        if self._line.strip():
            self._break()
        self._line = ""
        if is_spaced and self._lines and self._lines[-1].strip("> "):
            self._lines.append(self._quoted(""))

    def _quoted(self, line: str) -> str:
        return f"{'>' * min(self._quotes, 20)} {line}".rstrip() if self._quotes else line
