"""What the separate process does with a mail: all that has to be known of it, as JSON, and its files."""

from __future__ import annotations

import email.policy
from datetime import date
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from overture.inbound.headers import headers_of
from overture.inbound.parsing import charsets, html, quoted
from overture.inbound.parsing.automatic import away_until, is_automatic
from overture.inbound.parsing.parts import TooComplex, bytes_of, is_file, name_of, text_of, walk
from overture.inbound.parsing.report import read_report

_LONGEST_TEXT, _MOST_FILES = 100_000, 25
# Lines that could begin a part: a hundred thousand take the parser seconds.
_MOST_BOUNDARIES = 20_000
# Smaller ones, shown in the text, are logos of signatures.
_LEAST_PICTURE = 10_000


def warm_up() -> None:
    """Loads what is else loaded when it is needed: a child that is nobody may not read our modules."""
    charsets.warm_up()
    mail = (
        b"From: a <a@b.example>\r\nSubject: =?utf-8?q?x?=\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>Hi</p>"
        b"\r\n--x\r\nContent-Type: image/png; name*=utf-8''a.png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        b"AAAA\r\n--x--\r\n"
    )
    parsed = BytesParser(policy=email.policy.compat32).parsebytes(mail)
    read_body(list(walk(parsed)), is_plain=False)
    report = b"From: MAILER-DAEMON@b.example\r\nSubject: failure notice\r\n\r\nHi. This is the qmail-send\r\n"
    read_report(BytesParser(policy=email.policy.compat32).parsebytes(report), headers_of(0, report))
    bytes(parsed)
    for part in walk(parsed):
        name_of(part)
        bytes_of(part)


def work(asked: dict[str, Any]) -> dict[str, Any]:
    """`do` is parse, or plain: without what takes long of some mails. The mail is `given`, here."""
    try:
        return parse(Path("given").read_bytes(), is_plain=asked["do"] == "plain", day=asked.get("day", ""))
    except (TooComplex, MemoryError, RecursionError):
        return {"problem": "too_complex"}


def parse(raw: bytes, *, is_plain: bool, day: str = "") -> dict[str, Any]:
    if raw.count(b"\n--") > _MOST_BOUNDARIES:
        raise TooComplex
    headers = headers_of(0, raw)
    mail = BytesParser(policy=email.policy.compat32).parsebytes(raw)
    report = read_report(mail, headers)
    parts = list(walk(mail))
    body = read_body(parts, is_plain=is_plain)
    automatic = report is None and is_automatic(headers)
    received = date.fromisoformat(day) if day else date.today()  # noqa: DTZ011  # no moment: a day is enough
    until = away_until(body["text"], received) if automatic else None
    return {
        **body,
        "report": report,
        "is_automatic": automatic,
        "away_until": until.isoformat() if until else None,
        "files": [] if report else _write_files(parts),
    }


def read_body(parts: list[Message[Any, Any]], *, is_plain: bool) -> dict[str, str]:
    texts = [each for each in parts if each.get_content_type() == "text/plain" and not is_file(each)]
    rich = [each for each in parts if each.get_content_type() == "text/html" and not is_file(each)]
    text = "\n\n".join(filter(None, (text_of(each).strip() for each in texts[:20])))
    markup = "\n".join(text_of(each) for each in rich[:20])
    if is_plain:
        return {"text": text[:_LONGEST_TEXT], "quoted": "", "html": ""}
    if not text.strip() and html.is_readable(markup):
        text = html.to_text(markup)
    own, old = quoted.split(text[:_LONGEST_TEXT])
    return {"text": own, "quoted": old, "html": html.clean(markup)}


def _write_files(parts: list[Message[Any, Any]]) -> list[dict[str, Any]]:
    """Each as `file-N`, under the name it came with; beyond the limit they are named only."""
    found: list[dict[str, Any]] = []
    for part in parts:
        if not is_file(part) or len(found) >= 4 * _MOST_FILES:
            continue
        data = bytes_of(part)
        is_shown = part.get("Content-ID") and part.get_content_disposition() != "attachment"
        if is_shown and part.get_content_maintype() == "image" and len(data) < _LEAST_PICTURE:
            continue
        told = {
            "name": name_of(part) or _name_for(part),
            "type": part.get_content_type()[:100],
            "size": len(data),
        }
        if len(found) < _MOST_FILES:
            path = told["path"] = f"file-{len(found)}"
            Path(path).write_bytes(data)
        found.append(told)
    return found


def _name_for(part: Message[Any, Any]) -> str:
    ending = {"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "application/pdf": ".pdf"}
    return "file" + ending.get(part.get_content_type(), "")
