"""Reports of mail servers: what was not delivered and why (RFC 3464, and those in words), and complaints.

What it says is not believed yet: match.py asks for proof that the mail was ours.
"""

from __future__ import annotations

import re
from email.message import Message
from typing import Any

from flufl.bounce import all_failures

from overture.inbound.headers import Headers, addresses_in
from overture.inbound.parsing.parts import bytes_of, text_of, walk

_MOST_RECIPIENTS, _MOST_IDS, _MOST_WORDS = 50, 20, 500
_ID = re.compile(r"^[ \t>]*Message-ID:\s*<([^<>\s]{1,500})>", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45])\d\d[ -]")
_SENDERS = re.compile(r"^(mailer-daemon|postmaster|mail-daemon|microsoftexchange[0-9a-f]+)@?", re.IGNORECASE)
_SUBJECT = re.compile(
    r"undeliver|delivery (?:status|failure|has failed|report|problem)|failure notice"
    r"|returned (?:mail|to sender)"
    r"|mail delivery|not delivered|could not be delivered|non remis|non distribu|échec de (?:la )?remise"
    r"|échec de distribution|unzustellbar|warning: could not send",
    re.IGNORECASE,
)
_LATE = re.compile(
    r"\b(?:delayed|will (?:keep|be) (?:trying|retr)|still being retried|could not send message for past"
    r"|not yet been delivered)",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"user unknown|unknown user|no such (?:user|mailbox|recipient|address|person)|does(?: not|n['’]t) exist"
    r"|n['’]existe pas|unknown (?:recipient|mailbox|address)|mailbox (?:unavailable|not found"
    r"|unknown|disabled)"
    r"|address (?:not found|rejected: user)|recipient(?: address)? (?:rejected: (?:user"
    r"|undeliverable)|unknown|"
    r"not found|invalid)|invalid (?:recipient|mailbox|address)|account (?:is "
    r"|has been )?(?:disabled|inactive|"
    r"closed)|no mailbox here|resolver\.adr\.(?:recipnotfound|exrecipnotfound)|host or domain name"
    r" not found"
    r"|domain (?:not found|does not exist)|couldn['’]t find any host|not our customer|nxdomain",
    re.IGNORECASE,
)
_FULL = re.compile(
    r"(?:mail)?box(?: is)? full|over ?quota|quota exceeded|out of storage|insufficient (?:system )?storage"
    r"|exceeded (?:storage|its)|boîte pleine|too (?:large|big)|exceeds? (?:the )?(?:size|maximum)",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\bspam\b|black ?list|block ?list|blocked|spamhaus|barracuda|proofpoint|reputation|policy|dmarc|\bspf\b"
    r"|dkim|not authori[sz]ed|unauthenticated|banned|denied|unsolicited|listed at|content rejected"
    r"|rejected due"
    r"|suspicious|too many (?:emails|messages|complaints)",
    re.IGNORECASE,
)


def read_report(mail: Message[Any, Any], headers: Headers) -> dict[str, Any] | None:
    """`what` is bounce, late, delivered or complaint; None for a mail that is no report."""
    parts = list(walk(mail))
    if complaint := _complaint(parts):
        return complaint
    status = [each for each in parts if each.get_content_type() == "message/delivery-status"]
    if status:
        return _delivery_status(status[0], parts)
    if _looks_like_one(headers):
        return _in_words(mail, parts, headers)
    return None


def looks_like_a_report(headers: Headers) -> bool:
    """By the header alone: worth to be fetched whole."""
    return headers.content_type.lower().startswith("multipart/report") or _looks_like_one(headers)


def _complaint(parts: list[Message[Any, Any]]) -> dict[str, Any] | None:
    """RFC 5965. `not-spam` takes one back, `virus` and the like are about the sender's server."""
    for part in parts:
        if part.get_content_type() != "message/feedback-report":
            continue
        fields = _fields(_inner_text(part))
        kind = fields.get("feedback-type", "").lower()
        if kind not in ("abuse", "fraud", "opt-out", "opt-out-list", "complaint"):
            return None
        found = [*addresses_in(fields.get("original-rcpt-to", ""), fields.get("removal-recipient", ""))]
        return {"what": "complaint", "ids": _ids(parts), "recipients": found, "kind": kind, "words": ""}
    return None


def _delivery_status(status: Message[Any, Any], parts: list[Message[Any, Any]]) -> dict[str, Any]:
    blocks = [each for each in status.get_payload() if isinstance(each, Message)]
    told = [block for block in blocks if block.get("Final-Recipient") or block.get("Original-Recipient")]
    recipients: list[str] = []
    worst = {"what": "late", "kind": "soft", "words": ""}
    order = ["late", "delivered", "bounce"]
    for block in told[:_MOST_RECIPIENTS]:
        recipients += addresses_in(
            str(block.get("Original-Recipient", "")), str(block.get("Final-Recipient", ""))
        )
        one = _one_recipient(block)
        if one["words"] and order.index(one["what"]) >= order.index(worst["what"]):
            worst = one
    text = next((text_of(each) for each in parts if each.get_content_type() == "text/plain"), "")
    if worst["what"] == "bounce" and worst["kind"] == "unknown":
        # The server's words stand in the text alone.
        worst = {**worst, "kind": kind_of("", text)}
    return {**worst, "ids": _ids(parts), "recipients": list(dict.fromkeys(recipients))}


def _one_recipient(block: Message[Any, Any]) -> dict[str, str]:
    action = str(block.get("Action", "")).strip().lower().partition(" ")[0]
    status = " ".join(str(block.get("Status", "")).split())
    code = str(block.get("Diagnostic-Code", ""))
    words = " ".join(code.partition(";")[2].split() if ";" in code else code.split())
    what = {"failed": "bounce", "delayed": "late", "delivered": "delivered"}.get(action, "late")
    return {"what": what, "kind": kind_of(status, words), "words": (words or status)[:_MOST_WORDS]}


def kind_of(status: str, words: str) -> str:
    """hard: there is no such person; soft: later it may work; blocked: they do not want it; else unknown.

    What is said in words weighs more than the number: servers write 5.7.1 for anything.
    """
    number = _STATUS.search(status) or _STATUS.search(words)
    family, subject, detail = number.groups() if number else ("", "", "")
    if not family and (reply := _REPLY.search(words)):
        family = reply[1]
    if _FULL.search(words) or (subject, detail) in (("2", "2"), ("3", "4"), ("2", "3")):
        return "soft"
    if family == "4":
        return "soft"
    if _NOBODY.search(words):
        return "hard"
    if _REFUSED.search(words) or subject == "7":
        return "blocked"
    if (subject == "1" and detail in ("0", "1", "2", "3", "6", "10")) or (subject, detail) in (
        ("2", "1"),
        ("4", "4"),
    ):
        return "hard"
    if (subject, detail) == ("4", "7"):
        return "soft"
    return "unknown"


def _looks_like_one(headers: Headers) -> bool:
    by_machine = _SENDERS.match(headers.sender) is not None or headers.failed_recipients != ()
    return by_machine and (bool(_SUBJECT.search(headers.subject)) or headers.failed_recipients != ())


def _in_words(mail: Message[Any, Any], parts: list[Message[Any, Any]], headers: Headers) -> dict[str, Any]:
    text = "\n".join(text_of(each) for each in parts if each.get_content_maintype() == "text")[:100_000]
    temporary, permanent = _known_shapes(mail)
    is_late = bool(_LATE.search(text)) or bool(temporary and not permanent)
    found = [*headers.failed_recipients, *permanent, *temporary]
    words = _said(text)
    return {
        "what": "late" if is_late else "bounce",
        "kind": "soft" if is_late else kind_of("", words or text[:5_000]),
        "words": words,
        "ids": _ids(parts),
        "recipients": list(dict.fromkeys(found or addresses_in(text[:5_000])))[:_MOST_RECIPIENTS],
    }


def _known_shapes(mail: Message[Any, Any]) -> tuple[list[str], list[str]]:
    try:
        temporary, permanent = all_failures(mail)
    except Exception:  # a library that reads what strangers write
        return [], []
    return (
        sorted(each.decode("ascii", "replace") for each in temporary),
        sorted(each.decode("ascii", "replace") for each in permanent),
    )


def _said(text: str) -> str:
    """The lines of the server: the first that has a code or words we know, and the one after it."""
    lines = [line.strip() for line in text.split("\n")]
    for number, line in enumerate(lines):
        if _STATUS.search(line) or _REPLY.search(line) or _NOBODY.search(line) or _FULL.search(line):
            more = lines[number + 1] if number + 1 < len(lines) else ""
            return f"{line} {more}".strip()[:_MOST_WORDS]
    return ""


def _ids(parts: list[Message[Any, Any]]) -> list[str]:
    """Message-IDs of the mail that came back, in the headers returned or quoted in the text."""
    found: list[str] = []
    for part in parts:
        if part.get_content_type() in (
            "message/rfc822",
            "text/rfc822-headers",
            "text/plain",
            "message/global",
        ):
            found += _ID.findall(_inner_text(part)[:200_000])
    return list(dict.fromkeys(found))[:_MOST_IDS]


def _inner_text(part: Message[Any, Any]) -> str:
    return bytes_of(part).decode("utf-8", "replace").replace("\r\n", "\n")


def _fields(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in text[:20_000].split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().lower(), value.strip())
    return found
