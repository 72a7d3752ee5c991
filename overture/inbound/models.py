"""Folders that are read, what was found of sent e-mails there, and the received e-mails that are kept."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from overture.accounts.models import Membership
from overture.accounts.rows import WorkspaceRows
from overture.mailboxes.models import Mailbox


class Reading(models.Model):
    """How reading a mailbox goes: one row for each that is read, made with its first visit."""

    mailbox = models.OneToOneField("overture.Mailbox", models.CASCADE, related_name="reading")
    # The worker that watches it, until when it said so last; the database's clock.
    watcher = models.UUIDField(null=True)
    watched_until = models.DateTimeField(null=True)
    # After a fault: not before.
    due_at = models.DateTimeField(null=True)
    # When the server answered last, whatever it said.
    looked_at = models.DateTimeField(null=True)
    # A code and the server's words: why reading fails; empty when it goes well.
    reason = models.CharField(max_length=40, blank=True)
    reason_words = models.CharField(max_length=500, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    # Mails that arrived before are not looked at: the mailbox was connected after them.
    since = models.DateTimeField(null=True)


class Folder(models.Model):
    """A folder of the server and how far it is read: by UIDVALIDITY and UID (RFC 9051, 2.3.1.1)."""

    class Role(models.TextChoices):
        INBOX = "inbox", pgettext_lazy("folder of a mailbox", "Inbox")
        SENT = "sent", pgettext_lazy("folder of a mailbox", "Sent")
        JUNK = "junk", pgettext_lazy("folder of a mailbox", "Junk (spam)")

    mailbox = models.ForeignKey("overture.Mailbox", models.CASCADE, related_name="folders")
    # As it reads, not in the encoding of IMAP.
    name = models.CharField(max_length=500)
    role = models.CharField(max_length=5, choices=Role)
    # 0: never read.
    uidvalidity = models.BigIntegerField(default=0)
    # When that one was seen first: what the folder lacks from before may have been lost with the old one.
    valid_since = models.DateTimeField(null=True)
    # Every mail up to here was taken, or is none of ours.
    last_uid = models.BigIntegerField(default=0)
    # HIGHESTMODSEQ when it was read last (RFC 7162): the same now means that nothing changed; 0: not offered.
    modseq = models.DecimalField(max_digits=20, decimal_places=0, default=0)
    # All that had arrived by this moment is taken; of the inbox it is the coverage. Empty while the first
    # reading goes on.
    read_up_to = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=40, blank=True)
    reason_words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "role"], name="one_folder_per_role"),
            models.CheckConstraint(condition=Q(role__in=["inbox", "sent", "junk"]), name="folder_role_known"),
        ]


class SentCopy(models.Model):
    """A sent e-mail found in the Sent folder: the proof that it left, under the Message-ID it left with."""

    mailbox = models.ForeignKey("overture.Mailbox", models.CASCADE, db_index=False)
    delivery = models.OneToOneField(
        "overture.Delivery", models.CASCADE, related_name="sent_copy", db_constraint=False
    )
    # Some providers write another than ours: answers name this one. Without angle brackets.
    message_id = models.CharField(max_length=500)
    # Overture put it there, so it proves nothing about the server.
    is_ours = models.BooleanField(default=False)
    found_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["mailbox", "message_id"], name="sent_copy_message_id")]


class MailRows(WorkspaceRows):
    def visible_to(self, member: Membership) -> Self:
        """What is placed belongs to the workspace; the rest is for those who use the mailbox."""
        usable = Mailbox.objects.usable_by(member).values("pk")
        return super().visible_to(member).filter(Q(state="matched") | Q(mailbox__in=usable))


class Mail(models.Model):
    """A received e-mail that concerns a partner; all others are looked at by header only and not kept."""

    class Kind(models.TextChoices):
        REPLY = "reply", pgettext_lazy("kind of email", "Reply")
        OTHER = "other", pgettext_lazy("kind of email", "Other")
        AUTOMATIC = "automatic", pgettext_lazy("kind of email", "Automatic answer")
        BOUNCE = "bounce", pgettext_lazy("kind of email", "Bounce")
        COMPLAINT = "complaint", pgettext_lazy("kind of email", "Complaint")

    class State(models.TextChoices):
        MATCHED = "matched", pgettext_lazy("state of email", "Matched")
        UNMATCHED = "unmatched", pgettext_lazy("state of email", "Unmatched")
        # Somebody said that it concerns no partner.
        SETTLED = "settled", pgettext_lazy("state of email", "Settled")

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    mailbox = models.ForeignKey("overture.Mailbox", models.CASCADE, related_name="mails")
    folder = models.CharField(max_length=5, choices=Folder.Role, default=Folder.Role.INBOX)
    uidvalidity = models.BigIntegerField()
    uid = models.BigIntegerField()
    # Without angle brackets; empty where the mail has none. (`message_id` is the key of `message`.)
    header_message_id = models.CharField(max_length=500, blank=True)
    # Of what its header says (headers.py): the same mail under another UID is known by it.
    fingerprint = models.CharField(max_length=32)
    kind = models.CharField(max_length=9, choices=Kind)
    state = models.CharField(max_length=9, choices=State)
    delivery = models.ForeignKey(
        "overture.Delivery", models.SET_NULL, null=True, related_name="mails", db_constraint=False
    )
    partner = models.ForeignKey("overture.Partner", models.SET_NULL, null=True, related_name="+")
    contact = models.ForeignKey("overture.Contact", models.SET_NULL, null=True, related_name="+")
    message = models.OneToOneField("overture.Message", models.SET_NULL, null=True, related_name="mail")
    sender_address = models.CharField(max_length=320, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(_("subject"), max_length=1000, blank=True)
    # When the server took it (INTERNALDATE).
    received_at = models.DateTimeField()
    size = models.BigIntegerField(default=0)
    # Where the compressed original is kept; empty when its days are over.
    raw = models.CharField(max_length=200, blank=True)
    # Attachments of types that are never opened here: [{"name": ..., "type": ..., "size": ...}].
    other_files = models.JSONField(default=list)
    # What its kind adds, such as the end of an absence.
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: Any = MailRows.as_manager()

    class Meta:
        constraints = [
            # Not by UID: they begin anew when UIDVALIDITY changes, and nothing may come twice.
            models.UniqueConstraint(fields=["mailbox", "fingerprint"], name="one_mail_per_fingerprint"),
        ]
        indexes = [
            models.Index(fields=["mailbox", "header_message_id"], name="mail_message_id"),
            models.Index(fields=["partner", "-received_at"], name="mail_of_partner"),
            models.Index(
                fields=["workspace", "-received_at"], name="mail_unmatched", condition=Q(state="unmatched")
            ),
            models.Index(fields=["created_at"], name="mail_with_raw", condition=~Q(raw="")),
        ]
