"""A compiled letter: render() and message() only escape a recipient's values and join."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from overture.compose.attached import Attached
from overture.compose.errors import MissingValue
from overture.compose.known import Language, Rendered, Values
from overture.compose.mime import Envelope, Message, Recipient, Sender
from overture.compose.slots import ESCAPES, OPT_OUT, Piece, Slot, Template, getter
from overture.compose.tokens import MAY_LACK


class Parts(NamedTuple):
    """`content` is what was written, without the document and footer of `html`."""

    subject: Iterable[Piece]
    html: Iterable[Piece]
    text: Iterable[Piece]
    content: Iterable[Piece]


class Letter:
    """`uses`: every token in it (an ad code counts as mpid); `needs`: those that skip who lacks a value;
    `ads`: the ids of the ads in it."""

    def __init__(self, language: Language, parts: Parts, ads: frozenset[int]) -> None:
        self.language = language
        self.ads = ads
        self.subject = Template(parts.subject)
        self.html = Template(parts.html)
        self.text = Template(parts.text)
        self.content = Template(parts.content)
        slots = [*self.subject.slots, *self.html.slots, *self.text.slots]
        self.uses = frozenset(slot.name for slot in slots) - {OPT_OUT}
        self.needs = frozenset(slot.name for slot in slots if slot.fallback is None) & MAY_LACK
        self._getters = [(name, getter(name, language)) for name in (*sorted(self.uses), OPT_OUT)]

    def values(self, values: Values) -> dict[str, str]:
        """Each token's value as text, '' when there is none."""
        return {name: get(values) for name, get in self._getters}

    def missing(self, values: Values) -> tuple[str, ...]:
        """The tokens for which this recipient is skipped (missing_token)."""
        texts = self.values(values)
        return tuple(name for name in sorted(self.needs) if not texts[name].strip())

    def render(self, values: Values, *, mark: bool = False) -> Rendered:
        """What this recipient gets. With `mark` (preview only) values are marked, and lacking ones shown.

        Raises MissingValue where a recipient should have been skipped.
        """
        texts = self.values(values)
        if not mark:
            self.refuse_missing(texts)
        return Rendered(
            self.subject.join(_fill(self.subject.slots, texts, mark)).strip(),
            self.html.join(_fill(self.html.slots, texts, mark)),
            self.text.join(_fill(self.text.slots, texts, mark)),
        )

    def render_content(self, values: Values, *, mark: bool = False) -> str:
        """The written content alone, without document and footer, for a page's own preview."""
        texts = self.values(values)
        if not mark:
            self.refuse_missing(texts)
        return self.content.join(_fill(self.content.slots, texts, mark))

    def refuse_missing(self, texts: dict[str, str]) -> None:
        for name in self.needs:
            if not texts[name].strip():
                raise MissingValue([name for name in sorted(self.needs) if not texts[name].strip()])

    def envelope(self, sender: Sender, files: Sequence[Attached] = ()) -> Envelope:
        """Headers and encoded parts that are the same for every recipient. Raises HeaderError."""
        return Envelope(self, sender, files)

    def message(self, values: Values, envelope: Envelope, recipient: Recipient) -> Message:
        return envelope.message(values, recipient)


def _fill(slots: Iterable[Slot], texts: dict[str, str], mark: bool) -> Iterator[str]:
    fill: Callable[[Slot, dict[str, str]], str] = _marked if mark else filled
    return (fill(slot, texts) for slot in slots)


def filled(slot: Slot, texts: dict[str, str]) -> str:
    """The escaped value of one slot."""
    text = texts[slot.name]
    if slot.fallback is not None and not text.strip():
        text = slot.fallback
    return ESCAPES[slot.where](text)


def _marked(slot: Slot, texts: dict[str, str]) -> str:
    lacks = slot.fallback is None and not texts[slot.name].strip()
    value = ESCAPES[slot.where](f"{{{slot.name}}}") if lacks else filled(slot, texts)
    if slot.where != "text":
        return value
    return f'<mark class="{"token-missing" if lacks else "token-value"}">{value}</mark>'
