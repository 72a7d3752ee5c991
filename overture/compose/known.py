"""What a letter is compiled against, what fills it, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

Language = Literal["en", "fr"]


@dataclass(frozen=True, slots=True)
class AdCode:
    """An active ad as a letter needs it; `program` is the id or slug in its tracking links."""

    kind: Literal["text", "banner"]
    program: str
    text: str = ""
    has_image: bool = False
    width: int | None = None
    height: int | None = None
    alt: str = ""
    name: str = ""


@dataclass(frozen=True)
class Known:
    """All that compile() may know: no database is asked. `tracking_base` is an http(s) URL.

    `ended` are the ids of ads that exist but are not active, only to word the error.
    An empty footer line is left out; the opt-out link is always there.
    """

    language: Language
    tracking_base: str
    ads: Mapping[int, AdCode] = field(default_factory=dict)
    ended: frozenset[int] = frozenset()
    postal_address: str = ""
    why: str = ""
    opt_out: str = ""


@dataclass(slots=True)  # one is made for each message: frozen ones take four times as long
class Values:
    """One recipient's values. `now` is aware and already in the mailbox's time zone."""

    mpid: int
    mpname: str
    first_name: str
    last_name: str
    opt_out_url: str
    now: datetime


class Rendered(NamedTuple):
    subject: str
    html: str
    text: str
