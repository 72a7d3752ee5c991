"""Reads tokens out of the parsed content: in text, also where an editor split them, and in attributes."""

from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from overture.compose.known import AdCode
from overture.compose.markup import BLOCKS, INLINE, VOID, Close, Event, Open, Text
from overture.compose.notes import Notes, is_adcode
from overture.compose.slots import Piece
from overture.compose.tokens import Literal, Token, scan
from overture.compose.urls import read_url


class Element(NamedTuple):
    tag: str
    attributes: dict[str, list[Piece]]


class Ad(NamedTuple):
    number: int
    code: AdCode


Node = Piece | Element | Close | Ad


def read_subject(subject: str, notes: Notes) -> list[Piece]:
    pieces: list[Piece] = []
    for found in scan(subject):
        if isinstance(found, Literal):
            pieces.append(notes.literal(found.start, found))
        elif is_adcode(found):
            notes.error(found.start, "adcode_in_subject", found.name)
        elif slot := notes.slot(found.start, found, "plain"):
            pieces.append(slot)
    return pieces


def read_content(events: list[Event], notes: Notes) -> list[Node]:
    """Nodes in order. Positions are offsets in the text of all events together."""
    nodes: list[Node] = []
    position, open_links = 0, 0
    for run in _runs(events):
        nodes += _read_run(run, _At(position, open_links), notes)
        open_links += _links_opened(run)
        position += sum(len(event.text) for event in run if isinstance(event, Text))
    return _without_empty(nodes)


def _runs(events: list[Event]) -> Iterator[list[Event]]:
    """Stretches of inline events: a token may be split inside of one, never over its end."""
    run: list[Event] = []
    for event in events:
        if not isinstance(event, Text) and (event.tag in BLOCKS or event.tag in VOID):
            yield run
            yield [event]
            run = []
        else:
            run.append(event)
    yield run


class _At(NamedTuple):
    """Where a run begins: the text before it, and how many links are open (a link may hold blocks)."""

    position: int
    open_links: int


def _links_opened(run: list[Event]) -> int:
    links = [event for event in run if not isinstance(event, Text) and event.tag == "a"]
    return sum(1 if isinstance(event, Open) else -1 for event in links)


def _read_run(run: list[Event], at: _At, notes: Notes) -> list[Node]:
    position, open_links = at
    texts = [event.text for event in run if isinstance(event, Text)]
    found = _read_texts(texts, position, notes)
    ends = iter(accumulate(map(len, texts)))
    places = iter(found)
    nodes: list[Node] = []
    offset = 0
    for event in run:
        if isinstance(event, Text):
            nodes += _checked(next(places), open_links > 0, notes)
            offset = next(ends)
        elif isinstance(event, Open):
            open_links += event.tag == "a"
            nodes.append(Element(event.tag, _attributes(event, position + offset, notes)))
        else:
            open_links -= event.tag == "a"
            nodes.append(event)
    return nodes


class _AdAt(NamedTuple):
    position: int
    token: Token
    ad: Ad


def _read_texts(texts: list[str], position: int, notes: Notes) -> list[list[Piece | _AdAt]]:
    """What each text becomes. A token that spans texts stands where its first character stood."""
    found: list[list[Piece | _AdAt]] = [[] for _ in texts]
    ends = list(accumulate(map(len, texts)))
    index = 0
    for piece in scan("".join(texts)):
        while ends[index] <= piece.start:
            index += 1
        if isinstance(piece, Token):
            found[index] += _token(piece, position + piece.start, notes)
            continue
        text = notes.literal(position + piece.start, piece)
        if len(text) < piece.end - piece.start:  # a doubled brace
            found[index].append(text)
            continue
        start = piece.start
        while start < piece.end:
            while ends[index] <= start:
                index += 1
            stop = min(ends[index], piece.end)
            found[index].append(text[start - piece.start : stop - piece.start])
            start = stop
    return found


def _token(token: Token, position: int, notes: Notes) -> list[Piece | _AdAt]:
    if is_adcode(token):
        ad = notes.ad(position, token)
        return [_AdAt(position, token, Ad(*ad))] if ad else []
    slot = notes.slot(position, token, "text")
    return [slot] if slot else []


def _checked(places: list[Piece | _AdAt], is_in_link: bool, notes: Notes) -> Iterator[Node]:
    for place in places:
        if not isinstance(place, _AdAt):
            yield place
        elif is_in_link:
            notes.error(place.position, "adcode_in_link", place.token.name)
        else:
            yield place.ad


def _attributes(event: Open, position: int, notes: Notes) -> dict[str, list[Piece]]:
    read: dict[str, list[Piece]] = {}
    for name, value in event.attributes.items():
        if name in ("href", "src"):
            pieces = read_url(value, name, position, notes)
        else:
            pieces = _read_attribute(name, value, position, notes)
        if pieces:
            read[name] = pieces
    return read


def _read_attribute(name: str, value: str, position: int, notes: Notes) -> list[Piece]:
    pieces: list[Piece] = []
    for found in scan(value):
        if isinstance(found, Literal):
            pieces.append(notes.literal(position, found))
        elif is_adcode(found):
            notes.error(position, "adcode_in_attribute", found.name, attribute=name)
        elif slot := notes.slot(position, found, "attribute"):
            pieces.append(slot)
    return pieces


def _without_empty(nodes: list[Node]) -> list[Node]:
    """Drops inline elements that a joined token left empty."""
    kept: list[Node] = []
    for node in nodes:
        last = kept[-1] if kept else None
        if (
            isinstance(node, Close)
            and node.tag in INLINE
            and isinstance(last, Element)
            and last.tag == node.tag
        ):
            kept.pop()
        else:
            kept.append(node)
    return kept
