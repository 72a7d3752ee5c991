"""What is wrong with a draft: a code and parameters; the caller may word them in its own language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Where = Literal["subject", "content"]

# English wording by code. The web layer gives these same strings to gettext.
WORDING: dict[str, str] = {
    "unknown_token": "{%(token)s} is not a token.",
    "unknown_token_suggest": "{%(token)s} is not a token. Did you mean {%(suggestion)s}?",
    "unknown_ad": "There is no ad %(ad)s.",
    "unknown_ad_suggest": "There is no ad %(ad)s. Did you mean {%(suggestion)s}?",
    "ended_ad": "Ad %(ad)s is not active.",
    "ended_ad_suggest": "Ad %(ad)s is not active. Did you mean {%(suggestion)s}?",
    "adcode_in_subject": "{%(token)s} is HTML: it can stand in the content only, not in the subject.",
    "adcode_in_attribute": "{%(token)s} can stand in the text only, not in the %(attribute)s of an element.",
    "adcode_in_url": "{%(token)s} can stand in the text only, not in an address.",
    "adcode_in_link": "{%(token)s} is a link itself and cannot stand inside another link.",
    "token_in_scheme": "{%(token)s} cannot decide how a link begins: start it with https://.",
    "token_in_host": "{%(token)s} cannot be part of a link's host: use it after the first slash.",
    "bad_scheme": "%(url)s: a link must begin with http://, https:// or mailto:.",
    "bad_image": "%(url)s: the address of a picture must begin with https://.",
    "bad_url": "%(url)s is not an address that a link can have.",
    "control_character": "The subject contains a control character or a line break.",
    "encoded_word": "The subject contains “=?”, which mail programs would decode.",
    "subject_too_long": "The subject is longer than %(limit)s characters.",
    "too_large": "The content is larger than %(limit)s characters.",
    "too_deep": "The content is nested more than %(limit)s levels deep.",
    "fallback_too_long": "The fallback of {%(token)s} is longer than %(limit)s characters.",
    "unclosed_token": "{%(token)s has no closing brace, so it stays as it is.",
    "lone_brace": "A single %(brace)s stays as it is. For a brace beside a token write it twice.",
    "brace_in_fallback": "The { in the fallback of {%(token)s} stays as it is; no token is read there.",
}


@dataclass(frozen=True, slots=True)
class ComposeError:
    """One error or hint.

    `position` counts characters (code points): in the subject's source, or in the content's visible
    text (what textContent of the parsed content gives). `suggestion` is a token name without braces.
    """

    where: Where
    position: int
    code: str
    token: str = ""
    params: Mapping[str, str] = field(default_factory=dict, hash=False)
    suggestion: str = ""
    is_hint: bool = False

    @property
    def wording(self) -> str:
        """The untranslated sentence with %-placeholders: translate it, then fill with `fill`."""
        return WORDING.get(f"{self.code}_suggest" if self.suggestion else self.code, WORDING[self.code])

    @property
    def fill(self) -> dict[str, str]:
        return {**self.params, "token": self.token, "suggestion": self.suggestion}

    @property
    def text(self) -> str:
        return self.wording % self.fill


class ComposeErrors(ValueError):
    """All that stops a draft from becoming a letter, in reading order (hints are never here)."""

    def __init__(self, errors: Sequence[ComposeError]) -> None:
        self.errors = list(errors)
        super().__init__("; ".join(error.text for error in self.errors))


class MissingValue(ValueError):
    """Rendering met a token without value and fallback: such a recipient is to be skipped before."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__("no value for " + ", ".join(names))


class HeaderError(ValueError):
    """A header value that could add a header or a recipient, or that no mail server would take."""
