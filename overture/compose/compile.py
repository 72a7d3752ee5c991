"""compile(): once per mailing, all that is the same for every recipient."""

from overture.compose.check import check
from overture.compose.document import content as content_pieces
from overture.compose.document import document
from overture.compose.errors import ComposeErrors
from overture.compose.known import Known
from overture.compose.letter import Letter, Parts
from overture.compose.markup import TooMuch, sanitise, tidy
from overture.compose.notes import Notes
from overture.compose.plain import plain
from overture.compose.read import Ad, Node, read_content, read_subject


def compile(subject: str, content: str, known: Known) -> Letter:
    """A letter ready for any recipient. `content` is HTML. Raises ComposeErrors with every error."""
    errors = [error for error in check(subject, content, known) if not error.is_hint]
    if errors:
        raise ComposeErrors(errors)
    nodes = _clean_nodes(content, known)
    parts = Parts(
        subject=read_subject(subject, Notes("subject", known)),
        html=document(nodes, known),
        text=plain(nodes, known),
        content=content_pieces(nodes, known),
    )
    return Letter(known.language, parts, frozenset(node.number for node in nodes if isinstance(node, Ad)))


def _clean_nodes(content: str, known: Known) -> list[Node]:
    """Nodes of what nh3 leaves: it may move elements, so what it leaves is judged again."""
    notes = Notes("content", known)
    try:
        nodes = read_content(sanitise(tidy(content)), notes)
    except TooMuch as much:
        notes.error(0, much.code, limit=str(much.limit))
        nodes = []
    if notes.errors:
        raise ComposeErrors(notes.errors)
    return nodes
