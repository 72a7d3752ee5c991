"""The form of a mailbox that sends through a relay."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from overture.accounts.models import Membership
from overture.mailboxes.details import Details, MailboxError, check_details
from overture.mailboxes.models import Mailbox
from overture.mailboxes.relays.details import PLAIN, RelayDetails, check_details_of_relay, check_relay
from overture.mailboxes.relays.kinds import KINDS
from overture.mailboxes.wording import WORDS
from overture.web.mailbox_form import MailboxForm

_OF_SMTP = ("scope", "host", "port", "security", "username", "password", "appends_sent")
_RELAY = tuple(RelayDetails.__dataclass_fields__)
_REGIONS = [("us", _("United States")), ("eu", _("Europe"))]
_LABELS: dict[str, dict[str, str | Promise]] = {
    "amazon_ses": {"api_key": _("Secret access key"), "stream": _("Configuration set")},
    "postmark": {"api_key": _("Server API token"), "stream": _("Message stream")},
}
_HINTS: dict[tuple[str, str], str | Promise] = {
    ("amazon_ses", "stream"): _("Needed for events, unless the identity itself publishes them to SNS."),
    ("postmark", "stream"): _("A transactional one: others get an unsubscribe link of Postmark’s own."),
    ("mailgun", "api_key"): _("A sending key of the domain is enough."),
    ("mailgun", "signing_key"): _("HTTP webhook signing key, in the API security settings of Mailgun."),
    ("resend", "api_key"): _("One that may only send is enough."),
    ("resend", "signing_key"): _("Resend shows it once its webhook is added; it can be entered later."),
    ("brevo", "api_key"): _("An API key, not the SMTP key."),
}


def _secret() -> forms.PasswordInput:
    # Kept in the page after a failed test, as the password of a mailbox is.
    return forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True)


class RelayForm(MailboxForm):
    region = forms.CharField(label=_("Region"), max_length=30, help_text=_("Such as eu-west-1."))
    domain = forms.CharField(label=_("Sending domain"), max_length=253)
    key_id = forms.CharField(
        label=_("Access key ID"), max_length=128, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    api_key = forms.CharField(label=_("API key"), max_length=1000, widget=_secret())
    stream = forms.CharField(label=_("Message stream"), max_length=64, required=False)
    signing_key = forms.CharField(
        label=_("Signing key of webhooks"), max_length=1000, required=False, widget=_secret()
    )

    def __init__(
        self, *args: Any, member: Membership, code: str, mailbox: Mailbox | None = None, **kwargs: Any
    ):
        super().__init__(*args, member=member, mailbox=mailbox, **kwargs)
        self.code = code
        for name in _OF_SMTP:
            self.fields.pop(name, None)
        for name in _RELAY:
            if name in KINDS[code].fields:
                self._say(name)
            else:
                del self.fields[name]
        if code == "mailgun":
            self.fields["region"] = forms.ChoiceField(label=_("Region"), choices=_REGIONS)
        for name in ("imap_username", "imap_password"):
            self.fields[name].help_text = ""
        if mailbox:
            self._keep(mailbox)

    def _say(self, name: str) -> None:
        field = self.fields[name]
        field.label = cast(str, _LABELS.get(self.code, {}).get(name, field.label))
        field.help_text = cast(str, _HINTS.get((self.code, name), field.help_text))

    def _keep(self, mailbox: Mailbox) -> None:
        kept = mailbox.relay
        self.initial = {**self.initial, **{name: getattr(kept, name) for name in PLAIN}}
        for name in ("api_key", "signing_key"):
            if name in self.fields and getattr(kept, name):
                self.fields[name].required = False
                self.fields[name].help_text = _("Leave empty to keep the one there is.")
        if mailbox.imap_secret:
            self.fields["imap_password"].help_text = _("Leave empty to keep the one there is.")

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            try:
                given = check_relay(self.code, self.relay())
                has_imap = bool(self._mailbox and self._mailbox.imap_secret)
                check_details(check_details_of_relay(self.code, self.details(), given, has_imap))
            except MailboxError as error:
                self.add_error(
                    error.field if error.field in self.fields else None, WORDS.get(error.code, WORDS["other"])
                )
        return self.cleaned_data

    def relay(self) -> RelayDetails:
        """An empty key keeps the one there is."""
        given = {name: text for name in _RELAY if (text := self.cleaned_data.get(name))}
        return RelayDetails(**given)

    def details(self) -> Details:
        given = {name: value for name, value in self.cleaned_data.items() if name not in _RELAY}
        given |= {
            "host": "",
            "imap_port": given["imap_port"] or 993,
            "imap_security": given["imap_security"] or "tls",
            "imap_password": given["imap_password"] or None,
        }
        return replace(Details(**given), is_personal=False)
