"""Mailboxes that sign in by OAuth 2: tokens renewed before they end, and what happens when there are none."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from overture.delivery.connecting import AnyAccount
from overture.delivery.errors import NotNow
from overture.delivery.faults import disconnect
from overture.delivery.models import Mailing
from overture.delivery.steer import go_on
from overture.lib.secrets import SecretError
from overture.mailboxes.models import Mailbox
from overture.mailboxes.providers import SendError
from overture.mailboxes.providers.smtp import Account
from overture.mailboxes.tokens import AHEAD, access_token_of, renew

# Looked for once a minute: found before a worker would have to wait for a new one.
_EARLY = timedelta(minutes=2)


def renew_ending() -> None:
    """Renews what ends soon; a grant that its provider has withdrawn is noticed here, too."""
    ending = Mailbox.objects.filter(
        removed_at=None, state=Mailbox.State.CONNECTED, grant__token_expires_at__lt=Now() + AHEAD + _EARLY
    )
    for mailbox in ending:
        try:
            access_token_of(mailbox, AHEAD + _EARLY)
        except SendError as error:
            # Later, if it cannot be reached: nothing waits for this token yet.
            if error.permanent:
                disconnect(mailbox.pk, error)
        except SecretError as error:
            disconnect(mailbox.pk, SendError(permanent=True, code="secret", reply=error.code))


def judged(mailbox: Mailbox, account: AnyAccount, fault: SendError) -> SendError:
    """A server that refuses an access token may only want a newer one: its provider knows.

    One chance: `mailbox` is as it was before the run, and says whether this is the second refusal.
    """
    if not isinstance(account, Account) or fault.code != "token_refused" or mailbox.reason == "token_refused":
        return fault
    try:
        renew(mailbox, refused=account.access_token)
    except SendError as error:
        return error
    return SendError(permanent=False, code=fault.code, reply=fault.reply)


@transaction.atomic
def resume_reconnected(mailbox_id: int) -> int:
    """What was paused because its mailbox had to be signed in again goes on; answers how many."""
    paused = Mailing.objects.select_for_update(no_key=True).filter(
        mailbox_id=mailbox_id, state=Mailing.State.PAUSED, reason="mailbox_reconnect"
    )
    return sum(_goes_on(mailing) for mailing in paused)


def _goes_on(mailing: Mailing) -> bool:
    try:
        go_on(mailing)
    except NotNow:  # for another reason meanwhile: a member who resumes it is told which
        return False
    return True
