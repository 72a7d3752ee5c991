"""Where and as whom a relay is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.conf import settings

from overture.mailboxes.models import Mailbox, MailboxRelay
from overture.mailboxes.relays.kinds import KINDS, Kind, host_of
from overture.mailboxes.secret import opened

# Below anymail's api_url, where it is not the host alone.
_PATHS = {"mailgun": "/v3/", "brevo": "/v3/"}


@dataclass(frozen=True)
class RelayAccount:
    """Timeouts are in seconds: to connect, and for each silence of the provider."""

    code: str
    api_key: str
    region: str = ""
    domain: str = ""
    key_id: str = ""
    stream: str = ""
    timeout: tuple[float, float] = (10.0, 20.0)

    def __repr__(self) -> str:
        return f"RelayAccount({self.code}, {self.host})"

    @property
    def kind(self) -> Kind:
        return KINDS[self.code]

    @property
    def host(self) -> str:
        return host_of(self.code, self.region)

    @property
    def url(self) -> str:
        """What anymail calls api_url, a slash at its end; tests set another place on loopback."""
        path = _PATHS.get(self.code, "/")
        if settings.OVERTURE_RELAY_URL:
            return f"{settings.OVERTURE_RELAY_URL}/{self.code}{path}"
        return f"https://{self.host}{path}"

    def patient(self, seconds: float) -> RelayAccount:
        """With so much patience for a whole answer, about."""
        return replace(self, timeout=(seconds, seconds))


def relay_account_of(mailbox: Mailbox) -> RelayAccount:
    """Raises lib.secrets.SecretError when its key cannot be decrypted."""
    kept: MailboxRelay = mailbox.relay
    return RelayAccount(
        mailbox.kind,
        opened(mailbox, kept.api_key, "relay"),
        kept.region,
        kept.domain,
        kept.key_id,
        kept.stream,
    )
