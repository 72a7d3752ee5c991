"""The text part, made from the nodes of the HTML part."""

import re
from collections.abc import Iterator

from overture.compose.document import link, opt_out_words
from overture.compose.known import Known
from overture.compose.markup import BLOCKS, Close
from overture.compose.read import Ad, Element, Node
from overture.compose.slots import OPT_OUT, Piece, Slot

# French sets a no-break space before a colon.
_COLON = {"en": ": ", "fr": "\u00a0: "}
_SPACES = re.compile(r"[ \t\n\r\f]+")
_RULE = "-" * 40


def plain(nodes: list[Node], known: Known) -> Iterator[Piece]:
    writer = _Writer()
    for node in nodes:
        _write(node, writer, known)
    writer.gap(2)
    writer.raw(_RULE)
    for line in (known.why, known.postal_address):
        if line.strip():
            writer.gap(1)
            writer.lines(line.strip())
    writer.gap(1)
    writer.raw(opt_out_words(known) + _COLON[known.language])
    writer.slot(Slot(OPT_OUT, "plain"))
    return iter([*writer.pieces, "\n"])


def _write(node: Node, writer: "_Writer", known: Known) -> None:
    if isinstance(node, str):
        writer.text(node)
    elif isinstance(node, Slot):
        writer.slot(node._replace(where="plain"))
    elif isinstance(node, Ad):
        words = node.code.text if node.code.kind == "text" else node.code.alt
        writer.raw(f"{' '.join(words.split())}: " if words.strip() else "")
        writer.pieces_of(link("c", node, known))
        writer.space()
    elif isinstance(node, Element):
        writer.open(node)
    else:
        writer.close(node)


class _Writer:
    """Collapses white space as HTML does, and keeps line starts: quotes, bullets, indents."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self._gap = 0  # line ends owed before the next text
        self._is_space_owed = False
        self._indents: list[str] = []
        self._last_indent = ""
        self._bullet = ""
        self._lists: list[int | None] = []  # the next number, or None for bullets
        self._links: list[tuple[int, list[Piece]]] = []
        self._pre = 0

    def gap(self, lines: int) -> None:
        self._gap = max(self._gap, lines)

    def space(self) -> None:
        """Before whatever comes next on the line: an address must not run into it."""
        self._is_space_owed = True

    def raw(self, text: str) -> None:
        if text:
            self._begin()
            self.pieces.append(text)

    def lines(self, text: str) -> None:
        for number, line in enumerate(text.splitlines()):
            self._gap = max(self._gap, 1 if number else 0)
            self.raw(line)

    def slot(self, slot: Slot) -> None:
        self._begin()
        self.pieces.append(slot)

    def pieces_of(self, pieces: tuple[Piece, ...]) -> None:
        for piece in pieces:
            self.raw(piece) if isinstance(piece, str) else self.slot(piece)

    def text(self, text: str) -> None:
        if self._pre:
            self._preformatted(text)
            return
        collapsed = _SPACES.sub(" ", text)
        words = collapsed.strip(" ")
        self._is_space_owed |= collapsed.startswith(" ")
        if words:
            self.raw(words)
            self._is_space_owed = collapsed.endswith(" ")

    def open(self, element: Element) -> None:
        tag = element.tag
        if tag in BLOCKS:
            self._open_block(element)
        elif tag == "br":
            self._gap += 1
        elif tag == "hr":
            self.gap(2)
            self.raw(_RULE)
            self.gap(2)
        elif tag == "img":
            alt = element.attributes.get("alt", [])
            self.pieces_of(tuple(_plain(piece) for piece in alt))
        elif tag == "a":
            self._links.append((len(self.pieces), element.attributes.get("href", [])))

    def close(self, node: Close) -> None:
        if node.tag == "a" and self._links:
            self._close_link(*self._links.pop())
        if node.tag not in BLOCKS:
            return
        if node.tag in ("ul", "ol"):
            self._lists.pop()
        if node.tag in ("li", "blockquote"):
            self._indents.pop()
            self._bullet = ""
        self._pre -= node.tag == "pre"
        self.gap(self._space_around(node.tag))

    def _open_block(self, element: Element) -> None:
        tag = element.tag
        self.gap(0 if self._bullet else self._space_around(tag))
        if tag in ("ul", "ol"):
            start = "".join(piece for piece in element.attributes.get("start", []) if isinstance(piece, str))
            self._lists.append(None if tag == "ul" else int(start or 1))
        elif tag == "li":
            self._bullet = self._next_bullet()
            self._indents.append(" " * len(self._bullet))
        elif tag == "blockquote":
            self._indents.append("> ")
        self._pre += tag == "pre"

    def _space_around(self, tag: str) -> int:
        is_tight = tag in ("li", "div") or (tag in ("ul", "ol", "p") and bool(self._lists))
        return 1 if is_tight else 2

    def _next_bullet(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "- "
        self._lists[-1] = number + 1
        return f"{number}. "

    def _preformatted(self, text: str) -> None:
        for number, line in enumerate(text.split("\n")):
            self._gap += 1 if number else 0
            self.raw(line.rstrip("\r"))

    def _begin(self) -> None:
        """Pays what is owed before something visible."""
        if not self.pieces:
            self._gap, self._is_space_owed = 0, False
            self.pieces.append(self._line_start())
        elif self._gap:
            blank = _common(self._last_indent, "".join(self._indents)).rstrip()
            self.pieces.append("\n" + f"{blank}\n" * (self._gap - 1) + self._line_start())
        elif self._is_space_owed:
            self.pieces.append(" ")
        self._gap, self._is_space_owed = 0, False

    def _line_start(self) -> str:
        indent = self._last_indent = "".join(self._indents)
        if self._bullet:
            indent = indent[: len(indent) - len(self._bullet)] + self._bullet
            self._bullet = ""
        return indent

    def _close_link(self, start: int, href: list[Piece]) -> None:
        shown = _joined(self.pieces[start:]).strip()
        target = _joined(href)
        if not href or shown in (target, target.removeprefix("mailto:")):
            return
        if shown and not self._gap:
            self._is_space_owed = True
        self.raw("(" if shown else "<")
        for piece in href:
            self.pieces.append(piece)
        self.pieces.append(")" if shown else ">")


def _common(first: str, second: str) -> str:
    length = next(
        (at for at, pair in enumerate(zip(first, second, strict=False)) if len(set(pair)) > 1), None
    )
    return first[: min(len(first), len(second)) if length is None else length]


def _plain(piece: Piece) -> Piece:
    return piece if isinstance(piece, str) else piece._replace(where="plain")


def _joined(pieces: list[Piece]) -> str:
    """Comparable text: a slot counts by its name, however it is escaped."""
    return "".join(piece if isinstance(piece, str) else f"\x00{piece.name}\x00" for piece in pieces)
