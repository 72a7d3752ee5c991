"""What each exception of a verb means to who asked: the one place that turns them into problems."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from overture.accounts.access import OPERATOR
from overture.accounts.edit_workspace import WorkspaceError
from overture.ads.details import AdError
from overture.api.problems import Fault, Problem, answer, invalid
from overture.api.wording import words
from overture.compose import ComposeErrors, HeaderError
from overture.conversations.errors import MessageError
from overture.conversations.inbox import ViewError
from overture.conversations.wording import message_words
from overture.delivery.errors import Changed, DraftError, NotNow
from overture.delivery.file_words import refused_words
from overture.directory.claim import ClaimInvitationError
from overture.directory.sign_up import ClaimError
from overture.directory.suspend import StandingError
from overture.directory.turns import Busy
from overture.files.errors import Refused
from overture.files.wording import refusal_words
from overture.lib.addresses import AddressError
from overture.lib.csv_in import CsvError
from overture.lib.paging import CursorError
from overture.mailboxes.details import MailboxError
from overture.marketplace.chosen_tiles import ChoiceError
from overture.marketplace.merge import MergeError
from overture.marketplace.not_interested import NotInterestedError
from overture.marketplace.query import SearchError
from overture.marketplace.report import ReportError
from overture.marketplace.saved_searches import SavedSearchError
from overture.marketplace.search import NotReady
from overture.prospects.audience import AudienceError
from overture.prospects.contacts import ContactError
from overture.prospects.filters import FilterError
from overture.prospects.group import GroupError
from overture.prospects.import_headings import MappingError
from overture.prospects.import_undo import UndoError
from overture.prospects.mark import AddError
from overture.prospects.note import NoteError
from overture.prospects.wording import failure_sentence
from overture.webhooks.errors import NotNow as WebhookNotNow
from overture.webhooks.errors import WebhookError
from overture.webhooks.wording import refusal

_log = logging.getLogger("overture.api")


def problem_of(error: Exception) -> Problem:
    """Raises nothing; what nobody thought of is a server error, and logged."""
    for kind, read in _READERS.items():
        if isinstance(error, kind):
            return read(error)
    _log.error("An operation of the API failed.", exc_info=error)
    return Problem("server_error")


def install(api: NinjaAPI) -> None:
    """Every exception of an operation comes here, and none goes on to Django's own pages."""

    def handle(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(problem_of(error))

    for kind in (Exception, Http404, HttpError, ValidationError):
        api.add_exception_handler(kind, handle)


def _validation(error: ValidationError) -> Problem:
    faults = [
        Fault(_field(each["loc"]), str(each["type"]), words(str(each["type"]), each.get("ctx")))
        for each in error.errors
    ]
    return invalid(*faults)


def _field(place: tuple[Any, ...]) -> str:
    """`("body", "body", "audience", 3)` as `audience.3`: without where it came from."""
    source, *names = place
    if source == "body" and names[:1] == ["body"]:
        names = names[1:]
    return ".".join(str(name) for name in names)


def _http(error: HttpError) -> Problem:
    if isinstance(error, AuthenticationError):
        return Problem("unauthorized", _("Send a token, as Authorization: Bearer ovt_..."))
    # django-ninja wraps what the parser of bodies raises.
    return error.__cause__ if isinstance(error.__cause__, Problem) else Problem("malformed")


def _compose(error: ComposeErrors) -> Problem:
    faults = [Fault(each.where, each.code, gettext(each.wording) % each.fill) for each in error.errors]
    places = [{"field": each.where, "position": each.position} for each in error.errors]
    problem = invalid(*faults)
    problem.facts["positions"] = places
    return problem


def _changed(error: Changed) -> Problem:
    faults = [Fault("", code, words(code)) for code in error.what]
    return Problem("changed", " ".join(fault.message for fault in faults), faults, changed=error.what)


def _conflict(error: Any) -> Problem:
    return Problem("conflict", words(error.code), [Fault("", error.code, words(error.code))])


def _invitation(error: ClaimInvitationError) -> Problem:
    """What is wrong with the address is the request's; all else is so now and may be otherwise later."""
    if error.code == "invalid_address":
        return invalid(Fault("address", error.code, words(error.code)))
    return _conflict(error)


def _audience(error: AudienceError) -> Problem:
    facts = {**error.facts, "ids": ", ".join(str(each) for each in error.facts.get("ids", []))}
    return invalid(Fault("audience", error.code, words(error.code, facts)))


def _of_field(error: Any) -> Problem:
    return invalid(Fault(error.field, error.code, words(error.code)))


def _draft(error: DraftError) -> Problem:
    if error.field != "attachments":
        return _of_field(error)
    return invalid(Fault(error.field, error.code, refused_words(error)))


def _add(error: AddError) -> Problem:
    return invalid(Fault(error.field, error.code, words(error.code, {"partners": error.partners})))


def _not_interested(error: NotInterestedError) -> Problem:
    message = words(error.code, {"ids": ", ".join(map(str, error.partners))})
    return Problem("conflict", message, [Fault("partners", error.code, message)], partners=error.partners)


def _search(error: SearchError) -> Problem:
    return invalid(Fault(error.field, "bad_filter", words("bad_filter", {"field": error.field})))


def _of_message(error: MessageError) -> Problem:
    """What stands in the way is no fault of the request."""
    fault = Fault(error.field, error.code, message_words(error))
    if error.field in ("partner", "message"):
        return Problem("conflict", fault.message, [fault])
    return invalid(fault)


def _permission(error: PermissionDenied) -> Problem:
    asked = str(error)
    if asked == "mailbox":
        return Problem("forbidden", words("not_usable"))
    if asked == OPERATOR:
        return Problem("forbidden", _("Only who operates this instance may do this."))
    needs = {"permission": asked.replace("_", " ")}
    return Problem("forbidden", _("It needs the permission: %(permission)s.") % needs if asked else "")


def _file(refused: Refused) -> Problem:
    if refused.code == "too_large":
        return Problem("too_large", refusal_words(refused))
    return invalid(Fault("file", refused.code, refusal_words(refused)))


_READERS: dict[type[Exception], Callable[[Any], Problem]] = {
    Problem: lambda error: error,
    ValidationError: _validation,
    HttpError: _http,
    Http404: lambda error: Problem("not_found"),
    PermissionDenied: _permission,
    Changed: _changed,
    NotNow: _conflict,
    UndoError: _conflict,
    WebhookNotNow: lambda error: Problem(
        "conflict", refusal(error.code), [Fault("", error.code, refusal(error.code))]
    ),
    WebhookError: lambda error: invalid(Fault(error.field, error.code, refusal(error.code))),
    Busy: _conflict,
    MergeError: _conflict,
    StandingError: _conflict,
    ClaimError: _conflict,
    ClaimInvitationError: _invitation,
    ComposeErrors: _compose,
    HeaderError: lambda error: invalid(Fault("sender_name", "bad_sender_name", words("bad_sender_name"))),
    AudienceError: _audience,
    DraftError: _draft,
    AdError: _of_field,
    MailboxError: _of_field,
    ContactError: _of_field,
    AddError: _add,
    GroupError: lambda error: invalid(Fault("name", error.code, words(error.code))),
    ReportError: _of_field,
    NotInterestedError: _not_interested,
    ChoiceError: lambda error: invalid(Fault("partners", error.code, words(error.code))),
    SavedSearchError: lambda error: invalid(Fault("name", error.code, words(error.code))),
    SearchError: _search,
    NotReady: lambda error: Problem("index_not_ready", percent=error.percent),
    MessageError: _of_message,
    ViewError: lambda error: invalid(Fault(error.field, "bad_filter", words("other"))),
    NoteError: lambda error: invalid(Fault("text", error.code, words(error.code))),
    WorkspaceError: lambda error: invalid(Fault(error.field, "invalid", words("invalid"))),
    FilterError: lambda error: invalid(Fault(error.field, "bad_filter", words("other"))),
    AddressError: lambda error: invalid(Fault("address", error.code, words("bad_address"))),
    CursorError: lambda error: invalid(Fault("cursor", "bad_cursor", words("bad_cursor"))),
    Refused: _file,
    CsvError: lambda error: invalid(Fault("file", error.code, failure_sentence(error.code))),
    MappingError: lambda error: invalid(Fault("mapping", error.code, failure_sentence(error.code))),
    RequestDataTooBig: lambda error: Problem("too_large"),
    MultiPartParserError: lambda error: Problem("malformed"),
    UnreadablePostError: lambda error: Problem("malformed"),
    SuspiciousOperation: lambda error: Problem("malformed"),
    BadRequest: lambda error: Problem("malformed"),
}
