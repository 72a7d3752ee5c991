"""Sentences for what is refused of a mailbox, by the code of the refusal."""

from django.utils.translation import gettext_lazy as _

# What was found of SPF, DKIM and DMARC.
DOMAIN_WORDS = {
    "ok": _("In place"),
    "weak": _("In place, and asks receivers to do nothing about forgeries"),
    "missing": _("Missing"),
    "several": _("There are several, which makes all of them void"),
    "unknown": _("Not known from here"),
}
WORDS = {
    "bad_address": _("Enter a full address, such as name@brand.example."),
    "bad_host": _("Enter the name of a server, such as smtp.brand.example."),
    "bad_port": _("Enter a port from 1 to 65535."),
    "bad_username": _("Line ends and control characters cannot stand here."),
    "bad_password": _("Line ends and control characters cannot stand here."),
    "bad_sender_name": _("Line ends and control characters cannot stand here."),
    "bad_limit": _("Enter a number from 1."),
    "bad_time_zone": _("Enter a time zone, such as Europe/Paris."),
    "password_again": _("Server, port, security or user name changed: enter the password again."),
    "reads_not_granted": _("Reading was not granted. Sign in again at the provider, and tick it there."),
    "given_by_provider": _("This is given by the provider that the mailbox is signed in at."),
    "bad_region": _("Choose the region of your account, such as eu-west-1."),
    "bad_domain": _("Enter a domain, such as mail.brand.example."),
    "bad_key_id": _("Enter the identifier of the access key."),
    "bad_stream": _("Only letters, digits, - and _ can stand here."),
    "bad_key": _("Enter the key, without spaces."),
    "bad_signing_key": _("Enter the signing key as the provider shows it."),
    "key_again": _("The account changed: enter the key again."),
    "relay_imap": _("A relay keeps no mail: enter user name and password of the mailbox that is read."),
    "relay_is_shared": _("A relay belongs to the workspace."),
    "not_for_this": _("This provider has no such field."),
    "other": _("This cannot stand here."),
}
