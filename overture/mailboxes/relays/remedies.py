"""What each finding of a relay means for a person, and what to do about it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from overture.mailboxes.check import Finding
from overture.mailboxes.relays.account import RelayAccount
from overture.mailboxes.remedies import OTHER, Told

_AGAIN = gettext_lazy("It is tried again by itself; each time a little later.")
_REMEDIES: dict[str, Told] = {
    "relay_key": (
        gettext_lazy("%(provider)s does not accept the key."),
        gettext_lazy("Make a key that may send at %(provider)s, and enter it here."),
    ),
    "relay_account": (
        gettext_lazy("%(provider)s does not let this account or this sender send."),
        gettext_lazy(
            "Verify the domain of the address at %(provider)s, and see there whether the account may send. "
            "The words below are its own."
        ),
    ),
    "relay_slower": (gettext_lazy("%(provider)s asks to send more slowly."), _AGAIN),
    "relay_down": (gettext_lazy("%(provider)s is out of order at the moment."), _AGAIN),
    "unreachable": (
        gettext_lazy("%(provider)s cannot be reached from here."),
        gettext_lazy("Overture needs a way out to %(host)s, port 443. It is tried again by itself."),
    ),
    "timeout": (gettext_lazy("%(provider)s did not answer in time."), _AGAIN),
    "dropped": (gettext_lazy("%(provider)s broke off the connection."), _AGAIN),
    "bad_answer": (gettext_lazy("%(provider)s gave an answer that makes no sense."), _AGAIN),
}


def explain(code: str, words: str, account: RelayAccount) -> Finding:
    """The sentences for a finding, and for the reason why a relay mailbox does not send."""
    if code == "ok":
        told = _("%(provider)s accepts the key.") % {"provider": account.kind.name}
        return Finding(True, code, _("The connection works."), told, words, account.kind.largest)
    title, remedy = _REMEDIES.get(code, OTHER)
    facts = {"provider": account.kind.name, "host": account.host}
    return Finding(False, code, str(title) % facts, str(remedy) % facts, words)
