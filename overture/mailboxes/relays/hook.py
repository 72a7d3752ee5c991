"""The public address of a relay mailbox's webhook, and whose it is."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now

from overture.lib.signing import sign, unsign
from overture.mailboxes.models import Mailbox, MailboxRelay
from overture.mailboxes.relays.kinds import KINDS
from overture.mailboxes.secret import opened

_PURPOSE = "relay-hook"
USER = "overture"
_OFTEN = timedelta(seconds=5)


def hook_token(mailbox: Mailbox) -> str:
    return sign(mailbox.pk, _PURPOSE, settings.SIGNING_KEY)


def hook_url(mailbox: Mailbox) -> str:
    """To paste at the provider. Holds the password where its webhooks carry no signature: for those alone who
    may change the mailbox. Raises lib.secrets.SecretError."""
    site = urlsplit(settings.OVERTURE_BASE_URL)
    door = "" if KINDS[mailbox.kind].signs else f"{USER}:{hook_secret(mailbox)}@"
    return f"{site.scheme}://{door}{site.netloc}{site.path}/hooks/{mailbox.kind}/{hook_token(mailbox)}"


def hook_secret(mailbox: Mailbox) -> str:
    return opened(mailbox, mailbox.relay.hook_secret, "relay-hook")


def mailbox_of_hook(code: str, token: str) -> Mailbox | None:
    """None for a token we did not make, of another relay, or of a mailbox that is gone."""
    number = unsign(token, _PURPOSE, settings.SIGNING_KEY)
    if number is None or code not in KINDS:
        return None
    rows = Mailbox.objects.select_related("relay")
    found: Mailbox | None = rows.filter(pk=number, kind=code, removed_at=None).first()
    return found


def note_event(mailbox: Mailbox) -> None:
    """That events come; in a busy hour not for each of them."""
    is_old = Q(last_event_at=None) | Q(last_event_at__lt=Now() - _OFTEN)
    MailboxRelay.objects.filter(is_old, mailbox=mailbox).update(last_event_at=Now())
