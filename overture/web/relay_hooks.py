"""Webhooks of relays: no session, no member; a signature or a password says that the relay speaks."""

from __future__ import annotations

import hmac
import logging
from base64 import b64encode
from dataclasses import replace
from time import time
from typing import Any

from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent
from anymail.webhooks.amazon_ses import AmazonSESTrackingWebhookView
from anymail.webhooks.base import AnymailBaseWebhookView
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from anymail.webhooks.resend import ResendTrackingWebhookView, SvixWebhookValidationMixin
from botocore.exceptions import BotoCoreError, ClientError
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from overture.inbound.relay_events import take_event
from overture.lib.secrets import SecretError
from overture.mailboxes.models import Mailbox
from overture.mailboxes.relays.account import relay_account_of
from overture.mailboxes.relays.backend import amazon_client
from overture.mailboxes.relays.details import svix_key
from overture.mailboxes.relays.hook import USER, hook_secret, mailbox_of_hook, note_event
from overture.mailboxes.relays.kinds import AMAZON_REGION, KINDS
from overture.mailboxes.secret import opened

_log = logging.getLogger("overture.relays")
LARGEST = 1024 * 1024  # bytes; one event is a few thousand, and SNS sends 256 kB at most, quoted
_TOLERANCE = 300  # seconds that a signature is good, as Svix has it


@csrf_exempt  # relays post without any cookie; what they say is signed, or comes with a password
@require_http_methods(["POST"])
def relay_hook(request: HttpRequest, relay: str, token: str) -> HttpResponse:
    """404 for an address we did not give; 401 or 403 for whoever cannot prove to be the relay; 503 for what
    the relay shall tell again."""
    mailbox = mailbox_of_hook(relay, token)
    if mailbox is None:
        return _told(404)
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return _told(413)
    if not KINDS[relay].signs and "Authorization" not in request.headers:
        answer = _told(401)  # SNS sends its password only when asked
        answer.headers["WWW-Authenticate"] = 'Basic realm="Overture"'
        return answer
    try:
        view = _view(mailbox)
        view.run_validators(request)
    except (AnymailError, SuspiciousOperation, SecretError, ValueError, KeyError, TypeError, AttributeError):
        return _told(403)
    return _taken(mailbox, view, request)


def _taken(mailbox: Mailbox, view: AnymailBaseWebhookView, request: HttpRequest) -> HttpResponse:
    try:
        events = view.parse_events(request)
    except (BotoCoreError, ClientError) as error:
        _log.warning("A subscription of mailbox %s could not be confirmed: %s", mailbox.pk, error)
        return _told(503)
    except (AnymailError, BadRequest, UnreadablePostError, ValueError, KeyError, TypeError, AttributeError):
        return _told(400)
    note_event(mailbox)
    for event in events:
        if isinstance(event, AnymailTrackingEvent):
            take_event(mailbox, event)
    return _told(200)


def _view(mailbox: Mailbox) -> AnymailBaseWebhookView:
    """anymail's, with what this mailbox knows. Raises SecretError; AnymailError where nothing is known."""
    if KINDS[mailbox.kind].signs:
        key = opened(mailbox, mailbox.relay.signing_key, "relay-signing")
        if not key:  # with an empty one anybody could sign
            raise AnymailError("no signing key")
        if mailbox.kind == "mailgun":
            return MailgunTrackingWebhookView(webhook_signing_key=key)
        return _Resend(key)
    secret = hook_secret(mailbox)
    if not secret:
        raise AnymailError("no password")
    door = f"{USER}:{secret}"
    if mailbox.kind == "amazon_ses":
        return _Amazon(mailbox, webhook_secret=door)
    views: dict[str, Any] = {"postmark": PostmarkTrackingWebhookView, "brevo": BrevoTrackingWebhookView}
    view: AnymailBaseWebhookView = views[mailbox.kind](webhook_secret=door)
    return view


class _Amazon(AmazonSESTrackingWebhookView):  # type: ignore[misc]
    """Confirms subscriptions: the password in the address is checked before, so the topic was set up by
    whoever has it. By the API of SNS in the topic's region, never by the address in the message."""

    def __init__(self, mailbox: Mailbox, **kwargs: Any) -> None:
        super().__init__(auto_confirm_sns_subscriptions=True, **kwargs)
        self._mailbox = mailbox

    def get_boto_client(self, service_name: str, **kwargs: Any) -> Any:
        region = str(kwargs["region_name"])
        if not AMAZON_REGION.fullmatch(region):
            raise ValueError("no region")
        return amazon_client(service_name, replace(relay_account_of(self._mailbox), region=region).patient(5))


class _Resend(ResendTrackingWebhookView):  # type: ignore[misc]
    """anymail checks with the library of Svix, which is eight packages for one HMAC."""

    def __init__(self, signing_key: str) -> None:
        self._key, self._svix_webhook = svix_key(signing_key), None
        self.warn_if_no_basic_auth = False
        super(SvixWebhookValidationMixin, self).__init__()

    def validate_request(self, request: HttpRequest) -> None:
        """docs.svix.com/receiving/verifying-payloads/how-manual"""
        number, moment = request.headers["svix-id"], request.headers["svix-timestamp"]
        if not moment.isdigit() or abs(time() - int(moment)) > _TOLERANCE:
            raise AnymailWebhookValidationFailure("too old")
        mark = hmac.digest(self._key, f"{number}.{moment}.".encode() + request.body, "sha256")
        expected = f"v1,{b64encode(mark).decode()}"
        given = request.headers["svix-signature"].split(" ")
        if not self._key or not any(constant_time_compare(each, expected) for each in given):
            raise AnymailWebhookValidationFailure("wrong signature")


def _told(status: int) -> HttpResponse:
    answer = HttpResponse("", status=status, content_type="text/plain")
    answer.headers["Cache-Control"] = "no-store"
    return answer
