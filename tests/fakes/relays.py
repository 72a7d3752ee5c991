"""The APIs of Amazon SES, Postmark, Mailgun, Resend and Brevo on loopback, as far as Overture asks them.

Answers are those of the providers' documentation. What a recipient gets instead of yes stands in `faults`.
"""

from __future__ import annotations

import email
import json
import socket
import struct
import sys
import threading
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from email.utils import formataddr, parseaddr
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from uuid import uuid4

KEY = "the-key-of-halden"
# What anymail writes of a metadata dictionary, by provider.
_METADATA = {"amazon_ses": "x-metadata", "resend": "x-metadata", "brevo": "x-mailin-custom"}


class Taken(NamedTuple):
    """One e-mail that was taken, in the same terms for all providers; names of headers in small letters."""

    relay: str
    id: str
    sender: str
    recipient: str
    subject: str
    text: str
    html: str
    headers: dict[str, str]
    metadata: dict[str, str]
    files: list[tuple[str, bytes]]
    said: dict[str, Any]  # the request's own fields, or the message for Amazon under `raw`


class Relays(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.taken: list[Taken] = []
        self.requests = 0
        # By the local part of a recipient, or "" for all: a status, "refused", "silent" (the request is read,
        # nothing is answered), "taken_silent" (and it was taken), "dropped", "nonsense" or "redirect".
        self.faults: dict[str, int | str] = {}
        self.retry_after = ""
        self.delay = 0.0
        self.confirmed: list[str] = []  # SNS subscriptions
        self.is_over = threading.Event()
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def take(self, taken: Taken) -> None:
        with self._lock:
            self.taken.append(taken)

    def recipients(self) -> list[str]:
        return sorted(each.recipient for each in self.taken)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are what is tested here; a fault of this fake is not."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


@contextmanager
def relaying() -> Iterator[Relays]:
    server = Relays()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.is_over.set()
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Relays
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Questions of the connection test."""
        relay = self.path.split("/")[1]
        if not self._is_signed_in(relay):
            return self._refuse_key(relay)
        if fault := self.server.faults.get(""):
            return self._fault(relay, fault)
        if relay == "amazon_ses":
            return self._answer(200, {"SendingEnabled": True, "ProductionAccessEnabled": True})
        return self._answer(200, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.server.requests += 1
        relay = self.path.split("/")[1]
        if not self._is_signed_in(relay):
            return self._refuse_key(relay)
        if b"Action=ConfirmSubscription" in body:
            return self._confirm(body)
        read = getattr(self, f"_read_{relay}")(body)
        if read is None:  # without a recipient
            return self._answer(400, {"message": "to parameter is missing"})
        local = read.recipient.partition("@")[0]
        fault = self.server.faults.get(local) or self.server.faults.get("")
        if fault:
            if fault == "taken_silent":
                self.server.take(read)
            return self._fault(relay, fault)
        if self.server.delay:
            time.sleep(self.server.delay)
        self.server.take(read)
        return self._answer(201 if relay == "brevo" else 200, _YES[relay](read))

    def log_message(self, format: str, *args: Any) -> None:
        pass

    # Who asks.

    def _is_signed_in(self, relay: str) -> bool:
        given = self.headers
        match relay:
            case "amazon_ses":
                return f"Credential={KEY}/" in given.get("Authorization", "")
            case "postmark":
                return bool(given.get("X-Postmark-Server-Token") == KEY)
            case "mailgun":
                scheme, _, told = given.get("Authorization", "").partition(" ")
                return scheme == "Basic" and b64decode(told) == f"api:{KEY}".encode()
            case "resend":
                return bool(given.get("Authorization") == f"Bearer {KEY}")
        return bool(given.get("api-key") == KEY)

    def _refuse_key(self, relay: str) -> None:
        if relay == "amazon_ses":
            return self._amazon_error(403, "UnrecognizedClientException", "The security token is invalid.")
        if relay == "mailgun":
            return self._plain(401, "Forbidden")
        words = {
            "postmark": {"ErrorCode": 10, "Message": "No Account or Server API tokens were supplied."},
            "resend": {"statusCode": 401, "message": "API key is invalid", "name": "validation_error"},
            "brevo": {"message": "Key not found", "code": "unauthorized"},
        }
        return self._answer(401, words[relay])

    # What they send.

    def _read_postmark(self, body: bytes) -> Taken | None:
        said = json.loads(body)
        headers = {each["Name"].lower(): each["Value"] for each in said.get("Headers", [])}
        files = [(each["Name"], b64decode(each["Content"])) for each in said.get("Attachments", [])]
        if said.get("ReplyTo"):
            headers["reply-to"] = said["ReplyTo"]
        return Taken(
            "postmark", str(uuid4()), said["From"], parseaddr(said["To"])[1], said["Subject"],
            said["TextBody"], said["HtmlBody"], headers, said.get("Metadata", {}), files, said,
        )  # fmt: skip

    def _read_resend(self, body: bytes) -> Taken | None:
        said = json.loads(body)
        headers = {name.lower(): value for name, value in said.get("headers", {}).items()}
        files = [(each["filename"], b64decode(each["content"])) for each in said.get("attachments", [])]
        if said.get("reply_to"):
            headers["reply-to"] = said["reply_to"][0]
        return Taken(
            "resend", str(uuid4()), said["from"], parseaddr(said["to"][0])[1], said["subject"], said["text"],
            said["html"], headers, _metadata("resend", headers), files, said,
        )  # fmt: skip

    def _read_brevo(self, body: bytes) -> Taken | None:
        said = json.loads(body)
        headers = {name.lower(): value for name, value in said.get("headers", {}).items()}
        files = [(each["name"], b64decode(each["content"])) for each in said.get("attachment", [])]
        if said.get("replyTo"):
            headers["reply-to"] = said["replyTo"]["email"]
        sender = formataddr((said["sender"].get("name", ""), said["sender"]["email"]))
        number = f"<{uuid4()}@smtp-relay.mailin.example>"
        return Taken(
            "brevo", number, sender, said["to"][0]["email"], said["subject"], said["textContent"],
            said["htmlContent"], headers, _metadata("brevo", headers), files, said,
        )  # fmt: skip

    def _read_mailgun(self, body: bytes) -> Taken | None:
        fields, files = self._form(body)
        if "to" not in fields:
            return None
        headers = {name[2:].lower(): value for name, value in fields.items() if name.startswith("h:")}
        metadata = {name[2:]: value for name, value in fields.items() if name.startswith("v:")}
        return Taken(
            "mailgun", headers["message-id"], fields["from"], parseaddr(fields["to"])[1], fields["subject"],
            fields["text"], fields["html"], headers, metadata, files, fields,
        )  # fmt: skip

    def _read_amazon_ses(self, body: bytes) -> Taken | None:
        said = json.loads(body)
        raw = b64decode(said["Content"]["Raw"]["Data"])
        parsed = email.message_from_bytes(raw, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        headers = {name.lower(): str(value) for name, value in parsed.items()}
        text, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
        assert text is not None
        assert html is not None
        files = (
            [(each.get_filename() or "", each.get_payload(decode=True)) for each in parsed.iter_attachments()]
            if parsed.get_content_type() == "multipart/mixed"
            else []
        )
        return Taken(
            "amazon_ses", f"0102{uuid4().hex}-000000", headers["from"],
            said["Destination"]["ToAddresses"][0], headers["subject"],
            text.get_content().replace("\r\n", "\n"), html.get_content().replace("\r\n", "\n"),
            headers, _metadata("amazon_ses", headers), files, {"raw": raw, **said},
        )  # fmt: skip

    def _form(self, body: bytes) -> tuple[dict[str, str], list[tuple[str, bytes]]]:
        kind = self.headers["Content-Type"]
        if not kind or kind.startswith("application/x-www-form-urlencoded"):
            from urllib.parse import parse_qs

            return {name: values[0] for name, values in parse_qs(body.decode()).items()}, []
        parsed = email.message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body, policy=policy.HTTP)
        fields, files = {}, []
        for part in parsed.iter_parts():
            name = part.get_param("name", header="content-disposition")
            content = part.get_payload(decode=True)
            if part.get_filename():
                files.append((part.get_filename(), content))
            else:
                fields[str(name)] = content.decode()
        return fields, files

    # What they get.

    def _fault(self, relay: str, fault: int | str) -> None:
        match fault:
            case "silent" | "taken_silent":
                self.server.is_over.wait(60)
                self.close_connection = True
            case "dropped":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                self.close_connection = True
            case "nonsense":
                self._plain(200, "<html>Welcome to a hotel network</html>")
            case "redirect":
                self._plain(302, "", {"Location": "http://127.0.0.1:9/"})
            case "refused":
                self._refuse_recipient(relay)
            case int():
                self._error(relay, fault)

    def _refuse_recipient(self, relay: str) -> None:
        match relay:
            case "amazon_ses":
                self._amazon_error(400, "BadRequestException", "Invalid recipient.")
            case "postmark":
                inactive = "You tried to send to a recipient that has been marked as inactive."
                self._answer(422, {"ErrorCode": 406, "Message": f"{inactive}\n Found inactive addresses: "
                                   "jo1@p1.example.\n Inactive recipients are ones that have generated a "
                                   "hard bounce or a spam complaint. "})  # fmt: skip
            case "mailgun":
                self._answer(400, {"message": "to parameter is not a valid address. please check"})
            case "resend":
                self._answer(422, {"statusCode": 422, "message": "Invalid `to` field.", "name":
                                   "validation_error"})  # fmt: skip
            case _:
                self._answer(400, {"code": "invalid_parameter", "message": "email is not valid in to"})

    def _error(self, relay: str, status: int) -> None:
        headers = {"Retry-After": self.server.retry_after} if self.server.retry_after else {}
        if relay == "amazon_ses":
            names = {429: "TooManyRequestsException", 403: "AccessDeniedException"}
            self._amazon_error(status, names.get(status, "InternalServiceException"), "Not now.", headers)
        else:
            self._answer(status, {"message": "Not now.", "Message": "Not now.", "ErrorCode": 0}, headers)

    def _amazon_error(
        self, status: int, name: str, words: str, headers: dict[str, str] | None = None
    ) -> None:
        self._answer(status, {"message": words}, {"x-amzn-errortype": name} | (headers or {}))

    def _confirm(self, body: bytes) -> None:
        self.server.confirmed.append(body.decode())
        answer = (
            "<ConfirmSubscriptionResponse><ConfirmSubscriptionResult><SubscriptionArn>arn</SubscriptionArn>"
            "</ConfirmSubscriptionResult></ConfirmSubscriptionResponse>"
        )
        self._plain(200, answer, {"Content-Type": "text/xml"})

    def _answer(self, status: int, said: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self._plain(status, json.dumps(said), {"Content-Type": "application/json"} | (headers or {}))

    def _plain(self, status: int, text: str, headers: dict[str, str] | None = None) -> None:
        content = text.encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


_YES: dict[str, Callable[[Taken], dict[str, Any]]] = {
    "amazon_ses": lambda taken: {"MessageId": taken.id},
    "postmark": lambda taken: {
        "ErrorCode": 0, "Message": "OK", "MessageID": taken.id, "To": taken.recipient,
    },
    "mailgun": lambda taken: {"id": taken.id, "message": "Queued. Thank you."},
    "resend": lambda taken: {"id": taken.id},
    "brevo": lambda taken: {"messageId": taken.id},
}  # fmt: skip


def _metadata(relay: str, headers: dict[str, str]) -> dict[str, str]:
    return dict(json.loads(headers.get(_METADATA[relay], "{}")))
