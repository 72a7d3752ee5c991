"""Tokens and mail merge: compile once, render for each recipient. Pure: no Django, no database."""

from overture.compose.attached import Attached, size_of
from overture.compose.check import check
from overture.compose.compile import compile
from overture.compose.errors import WORDING, ComposeError, ComposeErrors, HeaderError, MissingValue
from overture.compose.known import AdCode, Known, Language, Rendered, Values
from overture.compose.letter import Letter
from overture.compose.mime import Envelope, Message, Recipient, Sender
from overture.compose.tokens import TOKENS, nearest

__all__ = [
    "TOKENS",
    "WORDING",
    "AdCode",
    "Attached",
    "ComposeError",
    "ComposeErrors",
    "Envelope",
    "HeaderError",
    "Known",
    "Language",
    "Letter",
    "Message",
    "MissingValue",
    "Recipient",
    "Rendered",
    "Sender",
    "Values",
    "check",
    "compile",
    "nearest",
    "size_of",
]
