"""Mailboxes: the addresses that e-mails leave from, and what each has sent lately."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from overture.accounts.models import Membership
from overture.accounts.roles import Permission


class MailboxRows(models.QuerySet[Any]):
    def visible_to(self, member: Membership) -> Self:
        """The workspace's mailboxes and the member's own; administrators see all of the workspace."""
        mine = self.filter(workspace_id=member.workspace_id, removed_at=None)
        if member.can(Permission.ADMINISTER):
            return mine
        return mine.filter(Q(owner=None) | Q(owner=member) | Q(delegates=member)).distinct()

    def usable_by(self, member: Membership) -> Self:
        """Those to send from: the workspace's, and the member's own and delegated ones."""
        mine = self.filter(workspace_id=member.workspace_id, removed_at=None)
        return mine.filter(Q(owner=None) | Q(owner=member) | Q(delegates=member)).distinct()


class Mailbox(models.Model):
    class Security(models.TextChoices):
        NONE = "none", _("None")
        STARTTLS = "starttls", _("STARTTLS")
        TLS = "tls", _("TLS")

    class State(models.TextChoices):
        CONNECTED = "connected", _("Connected")
        DISCONNECTED = "disconnected", _("Disconnected")
        # Its grant was withdrawn or ran out: its owner has to sign in at the provider again.
        RECONNECT = "reconnect", _("Sign in again")

    class Provider(models.TextChoices):
        NONE = "", _("Password")
        GOOGLE = "google", "Google"
        MICROSOFT = "microsoft", "Microsoft"

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    # Empty for the workspace's own mailbox.
    owner = models.ForeignKey("overture.Membership", models.CASCADE, null=True, related_name="mailboxes")
    delegates = models.ManyToManyField("overture.Membership", related_name="+")
    kind = models.CharField(max_length=10, default="smtp")
    address = models.CharField(_("address"), max_length=320)
    address_key = models.CharField(max_length=32)
    sender_name = models.CharField(_("sender name"), max_length=120, blank=True)
    host = models.CharField(_("server"), max_length=255)
    port = models.PositiveIntegerField(_("port"), default=587)
    security = models.CharField(_("security"), max_length=8, choices=Security, default=Security.STARTTLS)
    username = models.CharField(_("user name"), max_length=320, blank=True)
    # The password, encrypted by lib/secrets with the purpose "mailbox".
    secret = models.TextField(blank=True)
    # Who signs it in by OAuth 2 (see MailboxGrant); empty: a password does.
    provider = models.CharField(max_length=12, choices=Provider, blank=True)
    # Whether its inbox is read, so that replies and bounces come to their threads.
    reads = models.BooleanField(default=False)
    imap_host = models.CharField(max_length=255, blank=True)
    imap_port = models.PositiveIntegerField(default=993)
    imap_security = models.CharField(max_length=8, choices=Security, default=Security.TLS)
    # Empty where they are those of sending; else a relay sends and another server keeps the mail.
    imap_username = models.CharField(max_length=320, blank=True)
    imap_secret = models.TextField(blank=True)
    # Mail of contacts that answers none of our e-mails is shown to the whole workspace, too.
    shares_other_mail = models.BooleanField(default=False)
    # Overture puts a copy of what it sent into the Sent folder, because the server keeps none.
    appends_sent = models.BooleanField(default=False)
    per_minute = models.PositiveIntegerField(_("per minute"), default=30)
    per_hour = models.PositiveIntegerField(_("per hour"), default=200)
    per_day = models.PositiveIntegerField(_("per day"), default=500)
    # What the server said at EHLO, in bytes (RFC 1870); 0: nothing.
    largest_message = models.BigIntegerField(default=0)
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    state = models.CharField(max_length=12, choices=State, default=State.CONNECTED)
    # A code and the server's words: why it is disconnected, or why it backs off.
    reason = models.CharField(max_length=40, blank=True)
    reason_words = models.CharField(max_length=500, blank=True)
    # The key by which Overture signs what leaves from it; encrypted. Empty: the server signs, or nobody.
    dkim_key = models.TextField(blank=True)
    dkim_selector = models.CharField(max_length=32, blank=True)
    # Since when the DNS shows the key; nothing is signed before.
    dkim_seen_at = models.DateTimeField(null=True)
    # SPF, DKIM and DMARC of its domain, as they were found then (domain.py).
    domain_says = models.JSONField(default=dict)
    domain_asked_at = models.DateTimeField(null=True)
    backoff_until = models.DateTimeField(null=True)
    backoff_count = models.PositiveSmallIntegerField(default=0)
    checked_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MailboxRows.as_manager()

    def __str__(self) -> str:
        return self.address

    @property
    def is_personal(self) -> bool:
        return self.owner_id is not None

    @property
    def is_relay(self) -> bool:
        """It sends through a provider's API (relays/kinds.py), not by SMTP."""
        return self.kind != "smtp"


class MailboxGrant(models.Model):
    """What a provider granted by OAuth 2; both tokens encrypted. A table of its own: whoever renews a token
    locks this row for as long as the provider takes, and no claim or settle waits for it."""

    mailbox = models.OneToOneField(Mailbox, models.CASCADE, related_name="grant")
    refresh_token = models.TextField()
    access_token = models.TextField(blank=True)
    token_expires_at = models.DateTimeField(null=True)
    # As the provider told them, with spaces between.
    scopes = models.TextField(blank=True)
    # When the access token was given.
    renewed_at = models.DateTimeField(default=timezone.now)
    granted_at = models.DateTimeField(auto_now_add=True)


class MailboxRelay(models.Model):
    """How a mailbox sends through a provider's API (relays/); keys and secrets encrypted."""

    mailbox = models.OneToOneField(Mailbox, models.CASCADE, related_name="relay")
    # Of Amazon, or of Mailgun; which of the rest a provider needs stands in relays/kinds.py.
    region = models.CharField(max_length=30, blank=True)
    domain = models.CharField(max_length=253, blank=True)
    key_id = models.CharField(max_length=128, blank=True)
    # Postmark's message stream, Amazon's configuration set.
    stream = models.CharField(max_length=64, blank=True)
    api_key = models.TextField(blank=True)
    # By which the provider signs its webhooks.
    signing_key = models.TextField(blank=True)
    # The password in the address of the webhook, where the provider signs nothing.
    hook_secret = models.TextField(blank=True)
    last_event_at = models.DateTimeField(null=True)


class SendingAddress(models.Model):
    """One row per sending address of the instance; claims of that address take turns by locking it."""

    address_key = models.CharField(max_length=32, primary_key=True)
    # How many claims there were, also kept outside the database (delivery/restored.py).
    claims = models.BigIntegerField(default=0, db_default=0)


class SendingCount(models.Model):
    """How many e-mails were claimed for an address, in every workspace, in a second (see limits.py)."""

    address_key = models.CharField(max_length=32)
    second = models.DateTimeField()
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address_key", "second"], name="one_count_per_second")]
