"""Servers of known providers, and limits that keep an account there in good standing.

Sources: the providers' own help pages (Google: 2,000 messages a day in Workspace, 500 in a free account;
Microsoft 365: 30 a minute, 10,000 recipients a day). What is not published is set low on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_APP_PASSWORD = _("Make an app password in the security settings of your account and enter it here.")
_OWN_PASSWORD = _("User name is the full address, password that of the mailbox.")


@dataclass(frozen=True)
class Preset:
    code: str
    name: str | Promise
    host: str
    port: int
    security: str
    per_minute: int
    per_hour: int
    per_day: int
    hint: str | Promise
    # Read over TLS, port 993.
    imap_host: str = ""


PRESETS = (
    Preset("gmail", _("Gmail, Google Workspace"), "smtp.gmail.com", 587, "starttls", 20, 200, 450,
           _("Google wants an app password: turn on 2-Step Verification, then make one at "
             "myaccount.google.com/apppasswords."), "imap.gmail.com"),
    Preset("microsoft", _("Microsoft 365, Outlook"), "smtp.office365.com", 587, "starttls", 25, 300, 1000,
           _("SMTP AUTH must be turned on for this mailbox in the Microsoft 365 admin centre."),
           "outlook.office365.com"),
    Preset("fastmail", "Fastmail", "smtp.fastmail.com", 465, "tls", 20, 200, 1000,
           _APP_PASSWORD, "imap.fastmail.com"),
    Preset("ovh", "OVHcloud", "ssl0.ovh.net", 465, "tls", 10, 150, 1000,
           _OWN_PASSWORD, "ssl0.ovh.net"),
    Preset("gandi", "Gandi", "mail.gandi.net", 465, "tls", 10, 150, 1000,
           _OWN_PASSWORD, "mail.gandi.net"),
    Preset("infomaniak", "Infomaniak", "mail.infomaniak.com", 465, "tls", 10, 150, 1000,
           _APP_PASSWORD, "mail.infomaniak.com"),
    Preset("zoho", "Zoho Mail", "smtp.zoho.com", 465, "tls", 10, 100, 400,
           _APP_PASSWORD, "imap.zoho.com"),
    Preset("icloud", "iCloud Mail", "smtp.mail.me.com", 587, "starttls", 10, 100, 500,
           _APP_PASSWORD, "imap.mail.me.com"),
    Preset("yahoo", "Yahoo Mail", "smtp.mail.yahoo.com", 465, "tls", 10, 100, 400,
           _APP_PASSWORD, "imap.mail.yahoo.com"),
    Preset("other", _("Another server"), "", 587, "starttls", 30, 200, 500,
           _("Your provider's help page names the server, its port and how it is secured.")),
)  # fmt: skip


def preset(code: str) -> Preset | None:
    return next((one for one in PRESETS if one.code == code), None)
