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
# Of signing in at a provider, and of its tokens.
GRANT: dict[str, Told] = {
    "not_allowed": (
        _("You did not allow it, so nothing is connected."),
        _("To connect this mailbox, sign in once more and agree."),
    ),
    "scope_missing": (
        _("You allowed less than is needed."),
        _("Sign in once more and leave all boxes ticked; or connect it for sending only."),
    ),
    "grant_refused": (
        _("%(provider)s no longer lets Overture use this mailbox."),
        _("Sign in again: emails that wait for it go on by themselves then."),
    ),
    "token_refused": (
        _("%(provider)s does not take this sign-in for this address."),
        _(
            "Sign in with the account that the address belongs to. In an organisation, its administrator may "
            "have to allow SMTP and IMAP for it."
        ),
    ),
    "oauth_client": (
        _("%(provider)s does not accept this Overture."),
        _("Whoever runs it has to renew its client at the provider; nothing is lost meanwhile."),
    ),
    "token_unreachable": (
        _("%(provider)s could not be reached."),
        _("It is tried again by itself. If you were signing in, try once more in some minutes."),
    ),
}
# Where it is not the same for reading.
READING: dict[str, Told] = {
    "dns": (
        _("There is no server named %(host)s."),
        _("Check the spelling; your provider's help page names its IMAP server."),
    ),
    "port_refused": (
        _("Port %(port)s is not a port for mail."),
        _("Use 993 with TLS, or 143 with STARTTLS."),
    ),
    "refused": (
        _("%(host)s refused the connection on port %(port)s."),
        _("Nothing listens there. Try 993 with TLS, or 143 with STARTTLS."),
    ),
    "timeout": (
        _("%(host)s did not answer on port %(port)s in time."),
        _("Port 993 expects TLS from the first byte: choose TLS for 993, STARTTLS for 143."),
    ),
    "tls": (
        _("No secure connection to %(host)s came about."),
        _("Check that security and port belong together: TLS with 993, STARTTLS with 143."),
    ),
    "starttls_missing": (
        _("%(host)s offers no STARTTLS on port %(port)s."),
        _("Choose TLS with port 993. Choose no encryption only for a server on your own network."),
    ),
    "auth_535": (
        _("The server for reading refused the sign-in."),
        _(
            "Some providers want IMAP to be turned on in the settings of the account, or an app password. "
            "Without reading, the mailbox can still send."
        ),
    ),
    "auth_missing": (
        _("%(host)s offers no sign-in with a password on port %(port)s."),
        _("Turn IMAP on at your provider. Without reading, the mailbox can still send."),
    ),
    "auth_clear": (
        _("The password would travel unencrypted, so it was not sent."),
        _("Choose TLS with 993 or STARTTLS with 143."),
    ),
    "bad_answer": (
        _("What answers on port %(port)s of %(host)s is not a server for reading."),
        _("Check server and port: the server for sending (SMTP) is another one."),
    ),
    "no": (
        _("The inbox could not be opened."),
        _("The words below are the server's own; your provider can tell what they mean."),
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
