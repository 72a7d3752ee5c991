"""What a provider's answer means for a letter, and for the mailbox: the line of the ledger, over HTTP.

A status in the 400s says that nothing was taken. One in the 500s says so, too, but 502 and 504, by which a
gateway gives up on a server that may have taken it (RFC 9110, 15.6.3 and 15.6.5). No answer, or one that is
no answer, leaves a letter unknown from the moment its request was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import requests
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from anymail.message import AnymailStatus
from botocore.exceptions import BotoCoreError, ConnectTimeoutError, EndpointConnectionError, HTTPClientError

from overture.mailboxes.providers import Kind, SendError
from overture.mailboxes.relays.gate import NotBegun
from overture.mailboxes.relays.kinds import ACCEPTED

_GATEWAY = (502, 504)
_LATER = (408, 425)
# The account or the sender is refused, not this letter: every other would be, too.
_OF_ACCOUNT = {
    # postmarkapp.com/developer/api/overview, error codes
    "postmark": frozenset(("400", "401", "405", "412", "413", "1235")),
    "amazon_ses": frozenset(
        ("AccountSuspendedException", "SendingPausedException", "MailFromDomainNotVerifiedException",
         "NotFoundException")
    ),
}  # fmt: skip
# Amazon says some of these with status 400.
_OF_KEY = frozenset(
    ("InvalidClientTokenId", "SignatureDoesNotMatch", "UnrecognizedClientException",
     "InvalidSignatureException", "IncompleteSignature", "AccessDeniedException")
)  # fmt: skip
_OF_SENDER = ("sender", "not verified", "domain not found")
_SLOWER = frozenset(
    ("TooManyRequestsException", "LimitExceededException", "ThrottlingException", "Throttling")
)


class Verdict(NamedTuple):
    """`fault`: what is wrong with the mailbox rather than with the letter; it stops sending for now."""

    kind: Kind
    code: str
    words: str
    fault: SendError | None = None


class _Answer(NamedTuple):
    status: int
    code: str  # of the provider, where it has any
    words: str
    retry_after: float | None


def accepted(status: AnymailStatus) -> Verdict:
    """anymail raised nothing."""
    if status.status and status.status <= {"sent", "queued"} and isinstance(status.message_id, str):
        return Verdict("sent", "200", ACCEPTED + status.message_id.strip("<>")[:200])
    return _doubt("bad_answer", f"{sorted(status.status or ())}")


def judged(error: Exception, code: str, is_begun: bool) -> Verdict:
    """`code`: of the relay. `is_begun`: the request's bytes may have left."""
    if isinstance(error, NotBegun):
        return Verdict("returned", "lease_ended", str(error))
    answer = _answer(error)
    if answer is not None:
        return _of_answer(answer, code, isinstance(error, AnymailRecipientsRefused))
    if not is_begun or _proves_nothing_left(error):
        return _not_begun(error)
    if any(isinstance(each, OSError | HTTPClientError) for each in _causes(error)):
        return _doubt("timeout" if _is_timeout(error) else "dropped", _cause(error))
    return _doubt("bad_answer", _cause(error))


def _of_answer(answer: _Answer, code: str, is_refused: bool) -> Verdict:
    status, words = answer.status, answer.words
    if is_refused:
        return Verdict("failed", "recipient_refused", words)
    if status == 429 or answer.code in _SLOWER:
        return _returned(False, "relay_slower", answer)
    if _is_of_account(answer, code):
        return _returned(True, "relay_account", answer)
    if status in (401, 403) or answer.code in _OF_KEY:
        return _returned(True, "relay_key", answer)
    if 200 <= status < 300 or status in _GATEWAY:
        return _doubt("bad_answer" if status < 300 else str(status), words)
    if status >= 500 or status in _LATER:
        return Verdict("deferred", str(status), words, _fault(False, "relay_down", answer))
    if status < 400:  # a redirect: the provider moved, or somebody else answers
        return _returned(False, "bad_answer", answer)
    return Verdict("failed", str(status), words)


def _is_of_account(answer: _Answer, code: str) -> bool:
    if answer.status == 402 or answer.code in _OF_ACCOUNT.get(code, ()):
        return True
    words = answer.words.lower()
    return answer.status in (400, 403, 404) and any(mark in words for mark in _OF_SENDER)


def _not_begun(error: Exception) -> Verdict:
    if not isinstance(error, AnymailAPIError | BotoCoreError | OSError):
        # This letter cannot be said in the provider's terms.
        return Verdict("failed", "relay_unfit", _cause(error))
    code = "timeout" if _is_timeout(error) else "unreachable"
    return Verdict("returned", code, "", SendError(permanent=False, code=code, reply=_cause(error)))


def _doubt(code: str, words: str) -> Verdict:
    # Whoever answers so to one letter may to all: a mailing must not become unknown row by row.
    fault = "relay_down" if code.isdigit() else code
    return Verdict("unknown", code, words, SendError(permanent=False, code=fault, reply=words))


def _returned(is_permanent: bool, code: str, answer: _Answer) -> Verdict:
    return Verdict("returned", code, answer.words, _fault(is_permanent, code, answer))


def _fault(is_permanent: bool, code: str, answer: _Answer) -> SendError:
    return SendError(permanent=is_permanent, code=code, reply=answer.words, retry_after=answer.retry_after)


def _answer(error: Exception) -> _Answer | None:
    response = getattr(error, "response", None)
    if isinstance(response, requests.Response):
        return answer_of(response)
    if isinstance(response, Mapping):  # botocore's
        said, meta = response.get("Error", {}), response.get("ResponseMetadata", {})
        words = f"{said.get('Code', '')}: {said.get('Message', '')}"[:500]
        headers = meta.get("HTTPHeaders", {})
        status = int(meta.get("HTTPStatusCode", 0) or 0)
        return _Answer(status, str(said.get("Code", "")), words, _seconds(headers.get("retry-after")))
    return None


def answer_of(response: requests.Response) -> _Answer:
    try:
        said = response.json()
    except ValueError:
        said = None
    said = said if isinstance(said, dict) else {}
    words = next((str(said[name]) for name in ("message", "Message", "error") if said.get(name)), "")
    words = " ".join((words or response.text[:300] or str(response.reason)).split())[:480]
    code = str(next((said[name] for name in ("ErrorCode", "name", "code") if said.get(name)), ""))
    retry_after = _seconds(response.headers.get("Retry-After"))
    return _Answer(response.status_code, code, f"{response.status_code} {words}", retry_after)


def _seconds(value: Any) -> float | None:
    """Of Retry-After; a date there is too rare to read, and the backoff of a mailbox does instead."""
    text = str(value or "").strip()
    return min(float(text), 86_400.0) if text.isdigit() else None


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__  # requests does not always say `from`
    return found


def _cause(error: Exception) -> str:
    return " ".join(str(_causes(error)[-1]).split())[:300]


def _is_timeout(error: Exception) -> bool:
    return any("Timeout" in type(each).__name__ for each in _causes(error))


def _proves_nothing_left(error: Exception) -> bool:
    """boto tells before it connects, so that for Amazon this has to be read from the error."""
    causes = _causes(error)
    is_unconnected = any(isinstance(each, EndpointConnectionError | ConnectTimeoutError) for each in causes)
    return is_unconnected or any("CERTIFICATE_VERIFY_FAILED" in str(each) for each in causes)
