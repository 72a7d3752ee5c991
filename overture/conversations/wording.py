"""Sentences for what a conversation refuses: what is so, and what to do about it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from overture.conversations.errors import MessageError

WORDS: dict[str, Promise] = {
    "empty": _("Write something, or attach a file."),
    "too_long": _("A message has at most %(most)s characters; this one has %(length)s. Shorten it."),
    "too_many_files": _(
        "A message takes at most %(most)s files; here are %(count)s. Send the rest in another."
    ),
    "not_prospect": _("Mark this partner as a prospect first."),
    "messaging_off": _("This partner has not turned messages on. Write an email instead."),
    "blocked": _("This partner does not want messages from you any more."),
    "not_open": _("This brand takes first messages only from partners it wrote to."),
    "you_blocked": _("You stopped messages with this brand. Allow them again to write."),
    "too_late": _("Messages can be changed for %(minutes)s minutes only."),
    "withdrawn": _("This message was withdrawn."),
    "nobody_left": _("Nobody of these can be messaged now. Choose others, or write an email."),
    "unknown_token": _("{%(token)s} is not a token."),
    "unknown_token_suggest": _("{%(token)s} is not a token. Did you mean {%(suggestion)s}?"),
    "adcode": _("{%(token)s} is HTML: it can stand in an email only. Paste the ad’s link instead."),
    "fallback_too_long": _("The fallback of {%(token)s} is longer than %(limit)s characters."),
    "past": _("Choose a moment to come."),
}


def message_words(error: MessageError) -> str:
    return why_words(error.code, **error.facts)


def why_words(code: str, **facts: object) -> str:
    """The sentence of a code, as for a reason why nobody can write."""
    sentence = str(WORDS.get(code, ""))
    return sentence % facts if facts else sentence
