"""Sentences for the codes of what verbs refuse, in the language asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from overture.ads import wording as ads
from overture.delivery.refusals import CHANGED, NOT_NOW
from overture.directory.wording import INVITING, STANDING
from overture.mailboxes import wording as mailboxes

_OTHER = _("This cannot stand here.")

# By the code of a verb, or the type of a fault of pydantic.
WORDS: dict[str, Promise] = {
    # pydantic
    "missing": _("This is needed."),
    "extra_forbidden": _("There is no such name here."),
    "string_type": _("This must be a text."),
    "string_too_long": _("This is too long."),
    "string_too_short": _("This is too short."),
    "string_pattern_mismatch": _("This is not in the form expected."),
    "int_type": _("This must be a whole number."),
    "int_parsing": _("This must be a whole number."),
    "int_from_float": _("This must be a whole number."),
    "bool_type": _("This must be true or false."),
    "bool_parsing": _("This must be true or false."),
    "list_type": _("This must be a list."),
    "dict_type": _("This must be an object."),
    "model_type": _("This must be an object."),
    "model_attributes_type": _("This must be an object."),
    "literal_error": _("Possible here: %(expected)s."),
    "enum": _("Possible here: %(expected)s."),
    "greater_than_equal": _("The smallest possible is %(ge)s."),
    "less_than_equal": _("The largest possible is %(le)s."),
    "bad_moment": _("Write a moment as 2026-01-31T14:30:00Z."),
    "no_offset": _("Say the offset, too: 2026-01-31T14:30:00+01:00, or Z for UTC."),
    "past": _("This moment has passed."),
    "too_far": _("Choose a moment within a year from now."),
    **ads.WORDS,
    **mailboxes.WORDS,
    "provider_missing": _("Whoever runs Overture has set up no client at this provider."),
    # drafts and audiences
    "empty": _("This is empty."),
    "not_usable": _("You cannot send from this mailbox."),
    "unknown": _("There is no such name here."),
    "bad_shape": _(
        "Write {prospects: [ids]}, {filter: {...}, exclude: [ids], from: ...} or {selection: id}."
    ),
    "bad_ids": _("This must be a list of ids."),
    "unknown_prospects": _("There are no such prospects: %(ids)s."),
    "bad_filter": _("The filter has no such name or value: %(field)s."),
    "bad_origin": _("Possible here: prospects, partners."),
    "unknown_selection": _("There is no such selection."),
    # prospects
    "already_there": _("This is a prospect already."),
    "no_such_move": _("The stage it is in does not lead there."),
    "unknown_id": _("There is nothing with this id."),
    "unknown_group": _("There is no such group."),
    "invalid_address": _("Enter a full address, such as name@brand.example."),
    "invalid_website": _("Enter a website, such as https://brand.example."),
    "invalid_number": _("This must be a whole number from 0."),
    "unknown_country": _("This is no country we know; its two-letter code works."),
    "unknown_language": _("This is no language we know; its two-letter code works."),
    "unknown_kind": _("Possible here: partner, creator."),
    "taken": _("This is there already."),
    "erased": _("This person asked to be erased, and is not taken in again."),
    "not_custom": _("Only contacts that this workspace brought can be changed."),
    "ambiguous": _("It could be any of these partners: %(partners)s."),
    # marketplaces
    "unknown_partners": _("There are no such partners: %(ids)s."),
    "is_prospect": _("Prospects cannot be marked as not interesting: %(ids)s."),
    "unknown_reason": _("Possible here: spam, wrong_facts, offensive, gone, other."),
    "not_listed": _("This partner is not in the directory."),
    "too_many": _("There are too many already."),
    # imports and mailboxes
    "bad_mapping": _('Write a mapping as {"heading or number": "company"}.'),
    "dry_run": _("It was a dry run: there is nothing to take back."),
    "directory": _("An import into the directory cannot be undone: workspaces work with it already."),
    "not_done": _("It is not done yet."),
    "undone": _("It was taken back already."),
    "file_gone": _("The file is not kept any more: send it in again."),
    "password_lost": _("The password can no longer be read. Enter it again."),
    "unknown_program": _("There is no such program."),
    # addresses
    "no_at": _("An address needs an @."),
    "many_ats": _("An address has one @."),
    **STANDING,
    **{code: sentence for code, sentence in INVITING.items() if code not in {"merged", "too_many"}},
    **CHANGED,
    **NOT_NOW,
    "manifest": _("It was prepared again, or not prepared: this manifest is not the one that stands."),
}


def words(code: str, facts: Mapping[str, Any] | None = None) -> str:
    """The sentence for a code; a plain one where there is none of its own."""
    sentence = str(WORDS.get(code, _OTHER))
    return sentence % facts if facts and "%(" in sentence else sentence
