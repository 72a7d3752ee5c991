"""The form of a mailbox."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.mailboxes.details import LARGEST_LIMIT, Details, MailboxError, check_details
from overture.mailboxes.models import Mailbox
from overture.mailboxes.wording import WORDS
from overture.web.workspaces import time_zones

_SERVERS = (
    "address", "host", "port", "security", "username", "password", "imap_host", "imap_port", "imap_security",
    "imap_username", "imap_password", "appends_sent",
)  # fmt: skip
_KEPT = tuple(name for name in _SERVERS if name not in ("password", "imap_password"))


def scope_choices(member: Membership) -> list[tuple[str, Any]]:
    mine = [("personal", _("Only me"))]
    return mine + [("workspace", _("Everyone here who may email"))] * member.can(Permission.MANAGE_MAILBOXES)


class MailboxForm(forms.Form):
    scope = forms.ChoiceField(
        label=_("Who sends from it"),
        widget=forms.RadioSelect,
    )
    address = forms.CharField(
        label=_("Address"), max_length=320, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    sender_name = forms.CharField(
        label=_("Sender name"),
        max_length=120,
        required=False,
        help_text=_("Recipients see this before the address."),
    )
    host = forms.CharField(label=_("SMTP server"), max_length=255)
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=587)
    security = forms.ChoiceField(label=_("Security"), choices=Mailbox.Security.choices, initial="starttls")
    username = forms.CharField(
        label=_("User name"),
        max_length=320,
        required=False,
        help_text=_("Mostly the full address. Empty for a server that asks for none."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        required=False,
        strip=False,
        # Kept in the page after a failed test, so that "save all the same" has it; never from the database.
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )
    reads = forms.BooleanField(
        label=_("Read replies and bounces"),
        required=False,
        help_text=_(
            "Only what concerns your prospects is kept. Without it, replies stay in the mailbox: "
            "conversations, stages and bounces do not follow."
        ),
    )
    imap_host = forms.CharField(label=_("IMAP server"), max_length=255, required=False)
    imap_port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=993, required=False)
    imap_security = forms.ChoiceField(
        label=_("Security"), choices=Mailbox.Security.choices, initial="tls", required=False
    )
    imap_username = forms.CharField(
        label=_("User name for reading"),
        max_length=320,
        required=False,
        help_text=_("Empty where it is the one above."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    imap_password = forms.CharField(
        label=_("Password for reading"),
        max_length=1000,
        required=False,
        strip=False,
        help_text=_("Empty where it is the one above."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )
    shares_other_mail = forms.BooleanField(
        label=_("Share other emails of contacts with the workspace"),
        required=False,
        help_text=_("Replies to emails sent from here are shared in any case."),
    )
    appends_sent = forms.BooleanField(
        label=_("Put a copy of what is sent into the Sent folder"),
        required=False,
        help_text=_("Only where the server does not do it by itself; else everything stands there twice."),
    )
    per_minute = forms.IntegerField(label=_("Per minute"), min_value=1, max_value=LARGEST_LIMIT, initial=30)
    per_hour = forms.IntegerField(label=_("Per hour"), min_value=1, max_value=LARGEST_LIMIT, initial=200)
    per_day = forms.IntegerField(label=_("Per day"), min_value=1, max_value=LARGEST_LIMIT, initial=500)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Its midnight begins the day of the daily limit.")
    )

    def __init__(self, *args: Any, member: Membership, mailbox: Mailbox | None = None, **kwargs: Any) -> None:
        if mailbox:
            kwargs["initial"] = {name: getattr(mailbox, name, None) for name in self.base_fields}
            kwargs["initial"] |= {"password": "", "imap_password": ""}
            kwargs["initial"] |= {"scope": "personal" if mailbox.is_personal else "workspace"}
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["time_zone"]).choices = time_zones()
        if mailbox and mailbox.secret:
            self.fields["password"].help_text = _("Leave empty to keep the one there is.")
        if mailbox and mailbox.imap_secret:
            self.fields["imap_password"].help_text = _("Leave empty to keep the one there is.")
        if mailbox:
            del self.fields["scope"]
        else:
            cast(forms.ChoiceField, self.fields["scope"]).choices = scope_choices(member)
        # Where a provider signs it in, its servers are the provider's.
        for name in _SERVERS if mailbox and mailbox.provider else ():
            del self.fields[name]
        self._mailbox = mailbox

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            try:
                check_details(self.details())
            except MailboxError as error:
                self.add_error(error.field, WORDS.get(error.code, WORDS["other"]))
        return self.cleaned_data

    def details(self) -> Details:
        given = dict(self.cleaned_data)
        scope = given.pop("scope", "")
        # An empty password keeps the one there is, but where the user name went, too: no AUTH then.
        if self._mailbox and self._mailbox.provider:
            given |= {name: getattr(self._mailbox, name) for name in _KEPT}
        else:
            given["password"] = given["password"] or ("" if not given["username"] else None)
            given["imap_port"] = given["imap_port"] or 993
            given["imap_security"] = given["imap_security"] or "tls"
            # An empty user name for reading: both are those of sending.
            given["imap_password"] = given["imap_password"] or ("" if not given["imap_username"] else None)
        is_personal = self._mailbox.is_personal if self._mailbox else scope == "personal"
        return Details(**given, is_personal=is_personal)
