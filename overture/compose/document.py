"""The HTML part: content, ad codes and footer as one document of pieces."""

import html
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from overture.compose.known import AdCode, Known
from overture.compose.markup import BLOCKS, Close
from overture.compose.read import Ad, Element, Node
from overture.compose.slots import OPT_OUT, Piece, Slot

OPT_OUT_WORDS = {"en": "Opt out of these emails", "fr": "Ne plus recevoir ces e-mails"}

_BODY = "margin:0;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5"
_FOOTER = "margin-top:32px;font-size:12px;color:#555555"
_LINE_END = BLOCKS | {"br", "hr"}


def document(nodes: list[Node], known: Known) -> Iterator[Piece]:
    yield (
        f'<!doctype html>\n<html lang="{known.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n</head>\n'
        f'<body style="{_BODY}">\n<div style="max-width:640px">\n'
    )
    yield from content(nodes, known)
    yield f'\n</div>\n<div style="{_FOOTER}">\n'
    for line in (known.why, known.postal_address):
        if line.strip():
            yield f"<p>{'<br>'.join(map(html.escape, line.strip().splitlines()))}</p>\n"
    yield '<p><a href="'
    yield Slot(OPT_OUT, "attribute")
    yield f'">{html.escape(opt_out_words(known))}</a></p>\n</div>\n</body>\n</html>\n'


def opt_out_words(known: Known) -> str:
    return known.opt_out or OPT_OUT_WORDS[known.language]


def content(nodes: list[Node], known: Known) -> Iterator[Piece]:
    previous: Node = ""
    for node in nodes:
        if isinstance(node, str):
            yield html.escape(node, quote=False)
        elif isinstance(node, Slot):
            yield node
        elif isinstance(node, Element):
            yield from _open(node)
        elif isinstance(node, Ad):
            yield from _ad(node, known)
        else:
            yield from _close(node, previous)
        previous = node


def link(kind: str, ad: Ad, known: Known) -> tuple[str, Slot, str]:
    """The tracking address of an ad for one partner; `kind` is c (click) or i (image)."""
    base = known.tracking_base.rstrip("/")
    return f"{base}/{kind}/", Slot("mpid", "url"), f"/{ad.number}/{quote(ad.code.program, safe='')}"


def _open(element: Element) -> Iterator[Piece]:
    yield f"<{element.tag}"
    for name, value in element.attributes.items():
        yield f' {name}="'
        yield from (html.escape(piece) if isinstance(piece, str) else piece for piece in value)
        yield '"'
    yield ">\n" if element.tag in ("br", "hr", "ul", "ol") else ">"


def _close(node: Close, previous: Node) -> Iterator[str]:
    if node.tag == "p" and isinstance(previous, Element) and previous.tag == "p":
        yield "<br>"  # an empty paragraph is a blank line to who wrote it, and would vanish
    yield f"</{node.tag}>\n" if node.tag in _LINE_END else f"</{node.tag}>"


def _ad(ad: Ad, known: Known) -> Iterator[Piece]:
    yield '<a href="'
    yield from _attribute(link("c", ad, known))
    yield '">'
    if ad.code.kind == "banner":
        yield '<img src="'
        yield from _attribute(link("i", ad, known))
        yield f'"{_size(ad.code)} alt="{html.escape(ad.code.alt)}">'
    else:
        yield html.escape(ad.code.text, quote=False)
    yield "</a>"


def _attribute(pieces: Iterable[Piece]) -> Iterator[Piece]:
    return (html.escape(piece) if isinstance(piece, str) else piece for piece in pieces)


def _size(code: AdCode) -> str:
    sizes = (("width", code.width), ("height", code.height))
    return "".join(f' {name}="{size:d}"' for name, size in sizes if size is not None)
