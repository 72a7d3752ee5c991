"""Sentences for the codes of what verbs refuse, in the language asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
    "too_long": _("This is too long."),
    "bad_moment": _("Write a moment as 2026-01-31T14:30:00Z."),
    # ads
    "required": _("This is needed."),
    "bad_kind": _("Choose a text link or a banner."),
    "bad_text": _("Control characters cannot stand here."),
    "bad_url": _("Enter a whole address, such as https://brand.example/winter."),
    "not_https": _("Mail programs show pictures from https addresses only."),
    "bad_size": _("Enter a number of pixels from 1 to 4,000."),
    "ends_before_start": _("The end must come after the start."),
    # mailboxes
    "bad_address": _("Enter a full address, such as name@brand.example."),
    "bad_host": _("Enter the name of a server, such as smtp.brand.example."),
    "bad_port": _("Enter a port from 1 to 65535."),
    "bad_username": _("Line ends and control characters cannot stand here."),
    "bad_password": _("Line ends and control characters cannot stand here."),
    "bad_sender_name": _("Line ends and control characters cannot stand here."),
    "bad_limit": _("Enter a number from 1."),
    "bad_time_zone": _("Enter a time zone, such as Europe/Paris."),
    "password_again": _("Server, port, security or user name changed: enter the password again."),
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
    # imports and mailboxes
    "bad_mapping": _('Write a mapping as {"heading or number": "company"}.'),
    "dry_run": _("It was a dry run: there is nothing to take back."),
    "not_done": _("It is not done yet."),
    "undone": _("It was taken back already."),
    "file_gone": _("The file is not kept any more: send it in again."),
    "password_lost": _("The password can no longer be read. Enter it again."),
    "unknown_program": _("There is no such program."),
    # addresses
    "no_at": _("An address needs an @."),
    "many_ats": _("An address has one @."),
    # what changed, and what is not possible now
    "draft": _("The e-mail was edited since it was checked."),
    "manifest": _("It was prepared again, or not prepared: this manifest is not the one that stands."),
    "mailbox": _("The mailbox changed or is disconnected."),
    "already_sent": _("It was sent already."),
    "cancelled": _("It was cancelled."),
    "nothing_queued": _("Nobody is left to send it to."),
    "not_sending": _("It is not being sent."),
    "not_paused": _("It is not paused."),
    "over": _("It is over."),
    "too_late": _("It is too late to undo: sending has begun. You can still cancel it."),
    "too_early": _(
        "It is too early to send again: the server may still be working on it. Try in 15 minutes."
    ),
    "mailbox_disconnected": _("The mailbox is disconnected. Mend it, then resume."),
    "not_unknown": _("Nothing is unknown any more."),
}


def words(code: str, facts: Mapping[str, Any] | None = None) -> str:
    """The sentence for a code; a plain one where there is none of its own."""
    sentence = str(WORDS.get(code, _OTHER))
    return sentence % facts if facts and "%(" in sentence else sentence
