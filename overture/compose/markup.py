"""Content as an editor or an API client sends it, made into a short list of safe events.

Our own tokenizer runs first: it is linear, caps size and depth, and writes balanced HTML of allowed
elements only. nh3 then cleans that: it would be quadratic on hostile nesting, and is the second lock.
"""

import html
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import nh3

MAX_CHARACTERS = 200_000  # mail programs clip at half of that
MAX_DEPTH = 50

INLINE = frozenset({"a", "strong", "em", "u", "s", "code"})
BLOCKS = frozenset({"p", "div", "ul", "ol", "li", "h1", "h2", "h3", "blockquote", "pre"})
VOID = frozenset({"br", "hr", "img"})
ALLOWED = INLINE | BLOCKS | VOID
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title", "width", "height"}, "ol": {"start"}}
_NUMBERS = frozenset({"width", "height", "start"})
_SAME = {"b": "strong", "i": "em", "del": "s", "strike": "s", "ins": "u", "h4": "h3", "h5": "h3", "h6": "h3"}
_SAME |= dict.fromkeys(
    [
        "section",
        "article",
        "header",
        "footer",
        "main",
        "aside",
        "nav",
        "figure",
        "table",
        "tr",
        "dl",
        "dt",
        "dd",
    ],
    "div",
)
# Everything in these is dropped with them; the tokenizer reads no tags inside.
_UNREAD = frozenset(
    ["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript", "template"]
)

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"'][^\s>]*)))?")
_TAG_END = re.compile(r"[\s/]*>")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class TooMuch(ValueError):
    """Content beyond the caps: `code` and `limit` for the message."""

    def __init__(self, code: str, limit: int) -> None:
        super().__init__(code)
        self.code = code
        self.limit = limit


class Text(NamedTuple):
    text: str


class Open(NamedTuple):
    """An opening or a void element; attribute values are decoded."""

    tag: str
    attributes: dict[str, str]


class Close(NamedTuple):
    tag: str


Event = Text | Open | Close


def tidy(content: str) -> list[Event]:
    """Balanced events of allowed elements. Raises TooMuch beyond the caps."""
    if len(content) > MAX_CHARACTERS:
        raise TooMuch("too_large", MAX_CHARACTERS)
    tree = _Balanced()
    for event in _tokenize(_UNWANTED.sub("", content)):
        tree.add(event)
    return tree.finish()


def sanitise(events: list[Event]) -> list[Event]:
    """What nh3 leaves of tidy events, as events."""
    clean = nh3.clean(
        "".join(map(serialise, events)),
        tags=set(ALLOWED),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        link_rel=None,
        url_schemes={"http", "https", "mailto"},
    )
    return tidy_again(clean)


def tidy_again(clean: str) -> list[Event]:
    """Events of HTML that tidy() and nh3 have already bounded; escaping may have made it longer."""
    tree = _Balanced()
    for event in _tokenize(clean):
        tree.add(event)
    return tree.finish()


def serialise(event: Event) -> str:
    if isinstance(event, Text):
        return html.escape(event.text, quote=False)
    if isinstance(event, Close):
        return f"</{event.tag}>"
    attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in event.attributes.items())
    return f"<{event.tag}{attributes}>"


@dataclass
class _Balanced:
    """Takes tags as they come and keeps events that nest, the way an HTML parser would close them."""

    events: list[Event] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)

    def add(self, event: Event) -> None:
        if isinstance(event, Text):
            self.events.append(event)
        elif isinstance(event, Close):
            self._close(event.tag)
        elif event.tag in VOID:
            if event.tag == "hr":
                self._close("p")
            self.events.append(event)
        else:
            self._open(event)

    def finish(self) -> list[Event]:
        while self.stack:
            self._pop()
        return self.events

    def _open(self, event: Open) -> None:
        if event.tag in BLOCKS:
            self._close("p")
        if event.tag == "a":
            self._close("a")
        if event.tag == "li" and self._innermost("ul", "ol", "li") == "li":
            self._close("li")
        if len(self.stack) >= MAX_DEPTH:
            raise TooMuch("too_deep", MAX_DEPTH)
        self.stack.append(event.tag)
        self.events.append(event)

    def _innermost(self, *tags: str) -> str:
        return next((tag for tag in reversed(self.stack) if tag in tags), "")

    def _close(self, tag: str) -> None:
        if tag in self.stack:
            while self._pop() != tag:
                pass

    def _pop(self) -> str:
        tag = self.stack.pop()
        self.events.append(Close(tag))
        return tag


def _tokenize(source: str) -> Iterator[Event]:
    """Text and allowed tags, in one pass; an unfinished tag or comment ends the content, as in HTML."""
    position = 0
    while position < len(source):
        start = source.find("<", position)
        if start != position:
            yield Text(_decode(source[position : start if start >= 0 else len(source)]))
        if start < 0:
            return
        match = _TAG.match(source, start)
        if match is None:
            position = yield from _not_a_tag(source, start)
            continue
        attributes, position = _attributes(source, match.end())
        if position < 0:
            return
        tag = _SAME.get(match[2].lower(), match[2].lower())
        if not match[1] and tag in _UNREAD:
            position = _after_unread(source, position, tag)
        elif tag in ALLOWED and (not match[1] or tag not in VOID):
            yield Close(tag) if match[1] else Open(tag, _allowed(tag, attributes))


def _not_a_tag(source: str, start: int) -> Generator[Event, None, int]:
    """A comment or declaration (dropped), or a plain `<`; returns where to go on."""
    if source.startswith("<!--", start):
        end = source.find("-->", start + 2)
        return end + 3 if end >= 0 else len(source)
    if source[start + 1 : start + 2] in ("!", "?", "/"):
        end = source.find(">", start)
        return end + 1 if end >= 0 else len(source)
    yield Text("<")
    return start + 1


def _attributes(source: str, position: int) -> tuple[dict[str, str], int]:
    """The attributes (the first of a name counts) and the position after `>`, or -1 at the end."""
    found: dict[str, str] = {}
    while not (end := _TAG_END.match(source, position)):
        match = _ATTRIBUTE.match(source, position)
        if match is None:
            return {}, -1
        value = next((group for group in match.group(2, 3, 4) if group is not None), "")
        found.setdefault(match[1].lower(), value)
        position = match.end()
    return found, end.end()


def _after_unread(source: str, position: int, tag: str) -> int:
    end = re.compile(rf"</{tag}[\s/>]", re.IGNORECASE).search(source, position)
    return end.start() if end else len(source)


def _allowed(tag: str, attributes: dict[str, str]) -> dict[str, str]:
    allowed = ATTRIBUTES.get(tag, ())
    kept = {name: _decode_attribute(attributes[name]) for name in attributes if name in allowed}
    return {
        name: value
        for name, value in kept.items()
        if value and (name not in _NUMBERS or re.fullmatch("[0-9]{1,4}", value))
    }


def _decode(text: str) -> str:
    return _UNWANTED.sub("", html.unescape(text))


def _decode_attribute(value: str) -> str:
    """Only entities with their semicolon: in `?a=1&copy=2` nothing is an entity."""
    return _UNWANTED.sub("", _ENTITY.sub(lambda match: html.unescape(match[0]), value))
