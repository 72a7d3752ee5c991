"""What each finding of the connection test means for a person, and what to do about it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Told = tuple[Promise, Promise]

REMEDIES: dict[str, Told] = {
    "dns": (
        _("There is no server named %(host)s."),
        _("Check the spelling; your provider's help page names its SMTP server."),
    ),
    "host_refused": (
        _("%(host)s is not on the public Internet."),
        _(
            "Overture connects to public servers only. Whoever runs it can allow private ones with "
            "OVERTURE_ALLOW_PRIVATE_MAIL_HOSTS=1."
        ),
    ),
    "port_refused": (
        _("Port %(port)s is not a port for mail."),
        _("Use 587 with STARTTLS or 465 with TLS; 25 and 2525 are possible, too."),
    ),
    "refused": (
        _("%(host)s refused the connection on port %(port)s."),
        _("Nothing listens there. Try 587 with STARTTLS or 465 with TLS."),
    ),
    "unreachable": (
        _("%(host)s cannot be reached from here."),
        _(
            "The network has no way to it. Check the server's name, and whether this machine may open "
            "connections to port %(port)s."
        ),
    ),
    "timeout": (
        _("%(host)s did not answer on port %(port)s in time."),
        _("A firewall may be in between; many hosting companies block port 25. Try 587 or 465."),
    ),
    "silent": (
        _("%(host)s took the connection but said nothing."),
        _("Port 465 expects TLS from the first byte: choose TLS for 465, STARTTLS for 587."),
    ),
    "not_smtp": (
        _("What answers on port %(port)s of %(host)s is not a mail server."),
        _("Check server and port; the incoming server (IMAP, POP) is another one."),
    ),
    "closing": (
        _("%(host)s closed the connection at once."),
        _(
            "It is overloaded or does not take connections from this machine. Try again in some "
            "minutes, then ask your provider."
        ),
    ),
    "dropped": (
        _("%(host)s broke off the connection."),
        _(
            "Try again. If it stays so, check that security and port belong together: TLS with 465, "
            "STARTTLS with 587."
        ),
    ),
    "starttls_missing": (
        _("%(host)s offers no STARTTLS on port %(port)s."),
        _("Choose TLS with port 465. Choose no encryption only for a server on your own network."),
    ),
    "tls": (
        _("No secure connection to %(host)s came about."),
        _(
            "Check that security and port belong together: TLS with 465, STARTTLS with 587. The server "
            "must speak TLS 1.2 or newer."
        ),
    ),
    "certificate": (
        _("The certificate of %(host)s is not valid."),
        _(
            "It has expired, or nobody we trust signed it. Use the server name your provider gives, or "
            "have the certificate renewed."
        ),
    ),
    "certificate_name": (
        _("The certificate is for another name than %(host)s."),
        _("Enter the server name that the certificate is for; your provider's help page tells it."),
    ),
    "auth_535": (
        _("The server refused user name or password."),
        _(
            "The user name is mostly the full address. With two-step sign-in, make an app password at "
            "your provider and use it here."
        ),
    ),
    "auth_later": (
        _("The server does not check passwords at the moment."),
        _("Try again in some minutes; after several wrong passwords many servers wait longer."),
    ),
    "auth_missing": (
        _("%(host)s offers no sign-in with a password on port %(port)s."),
        _(
            "Turn SMTP sign-in on at your provider, try 587 or 465, or leave the user name empty for a "
            "server that needs none."
        ),
    ),
    "auth_clear": (
        _("The password would travel unencrypted, so it was not sent."),
        _("Choose STARTTLS with 587 or TLS with 465."),
    ),
    "bad_answer": (
        _("%(host)s gave an answer that makes no sense."),
        _("Check server and port; if they are right, ask your provider with the words below."),
    ),
}
OTHER: Told = (
    _("The test did not succeed."),
    _("The words below are the server's own; your provider can tell what they mean."),
)
# Marks in a server's words that say more than the code.
SPECIAL: tuple[tuple[str, Told], ...] = (
    (
        "5.7.139",
        (
            _("Microsoft has SMTP sign-in turned off for this mailbox."),
            _(
                "In the Microsoft 365 admin centre: Users, this person, Mail, Manage email apps, tick "
                "Authenticated SMTP."
            ),
        ),
    ),
    (
        "5.7.30",
        (
            _("Microsoft no longer takes passwords for SMTP here."),
            _("This organisation needs a mailbox at another server, or an SMTP relay of its own."),
        ),
    ),
    (
        "5.7.9",
        (
            _("The server wants an app password."),
            _(
                "Make an app password in the security settings of the account and enter it here "
                "instead of the usual one."
            ),
        ),
    ),
    (
        "5.7.8 Username and Password not accepted",
        (
            _("Google refused user name or password."),
            _(
                "Google wants an app password: turn on 2-Step Verification, then make one at "
                "myaccount.google.com/apppasswords."
            ),
        ),
    ),
)
