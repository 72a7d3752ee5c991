"""Mailings and the ledger: one row for each recipient's copy, with a reason for where it stands."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from overture.accounts.rows import WorkspaceRows


class Mailing(models.Model):
    """What a member writes and sends, to one recipient or to many."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PREPARED = "prepared", _("Prepared")
        SCHEDULED = "scheduled", _("Scheduled")
        SENDING = "sending", _("Sending")
        PAUSED = "paused", _("Paused")
        CANCELLED = "cancelled", _("Cancelled")
        DONE = "done", _("Done")

    class Policy(models.TextChoices):
        HOLD = "hold", _("Hold")
        OVERRIDE = "override", _("Override")

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    author = models.ForeignKey("overture.Membership", models.SET_NULL, null=True)
    mailbox = models.ForeignKey("overture.Mailbox", models.PROTECT, null=True)
    sender_name = models.CharField(_("sender name"), max_length=120, blank=True)
    reply_to = models.CharField(_("reply-to"), max_length=320, blank=True)
    subject = models.TextField(_("subject"), max_length=1000, blank=True)
    # HTML as the editor gave it, cleaned at each compile.
    content = models.TextField(_("content"), blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=[("en", "English"), ("fr", "Français")], default="en"
    )
    contact_policy = models.CharField(max_length=8, choices=Policy, default=Policy.HOLD)
    # {"prospects": [ids]} | {"filter": {...}, "exclude": [ids], "from": "prospects"|"partners"} |
    # {"selection": id}
    audience = models.JSONField(default=dict)
    attachments = models.ManyToManyField("overture.Attachment", related_name="mailings")
    is_single = models.BooleanField(default=False)
    # An answer to a received e-mail: its Message-ID and those before it, without angle brackets, the oldest
    # first; and who wrote it, who is written to before the chosen contact.
    in_reply_to = models.CharField(max_length=500, blank=True, default="", db_default="")
    references = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    to_contact = models.ForeignKey("overture.Contact", models.SET_NULL, null=True, related_name="+")
    # Counts edits, so that a manifest knows whether it is still what the draft says.
    draft_version = models.PositiveIntegerField(default=1)
    # The last save of a browser tab, see typed.py: {"tab": number, "at": ms, "version": draft_version then}.
    typed = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    # Why it waits or stopped: a code, its facts, and the server's words.
    reason = models.CharField(max_length=40, blank=True)
    reason_facts = models.JSONField(default=dict)
    reason_words = models.CharField(max_length=500, blank=True)
    manifest = models.ForeignKey("overture.Manifest", models.SET_NULL, null=True, related_name="+")
    approved_by = models.ForeignKey("overture.Membership", models.SET_NULL, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    # The moment a member chose; empty for what begins at once.
    scheduled_at = models.DateTimeField(null=True)
    # Claims begin here: the end of the undo window, the chosen moment, or when that was missed, later.
    starts_at = models.DateTimeField(null=True)
    # Refusals and bounces before this moment were judged by whoever resumed it.
    watched_from = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = WorkspaceRows.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["mailbox"], name="mailing_sending", condition=Q(state="sending")),
            models.Index(fields=["starts_at"], name="mailing_scheduled", condition=Q(state="scheduled")),
            models.Index(fields=["workspace", "-updated_at"], name="mailing_latest"),
        ]


class Manifest(models.Model):
    """The mailing as approved: frozen content, sender and recipients. Editing makes a new one."""

    mailing = models.ForeignKey("overture.Mailing", models.CASCADE, related_name="manifests")
    draft_version = models.PositiveIntegerField()
    mailbox = models.ForeignKey("overture.Mailbox", models.PROTECT)
    sender_address = models.CharField(max_length=320)
    sender_name = models.CharField(max_length=120)
    reply_to = models.CharField(max_length=320, blank=True)
    subject = models.TextField()
    content = models.TextField()
    language = models.CharField(max_length=2)
    contact_policy = models.CharField(max_length=8)
    # The list the audience was chosen in: "prospects" or "partners".
    origin = models.CharField(max_length=10, default="prospects")
    brand = models.CharField(max_length=120)
    postal_address = models.TextField(blank=True)
    # The ad codes the content names, as they were: {"1001": {"kind": ..., "program": ..., ...}}.
    ads = models.JSONField(default=dict)
    # Frozen with the rest; what leaves is what was found clean.
    attachments = models.ManyToManyField("overture.Attachment", related_name="manifests")
    in_reply_to = models.CharField(max_length=500, blank=True, default="", db_default="")
    references = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    recipients = models.PositiveIntegerField(default=0)
    queued = models.PositiveIntegerField(default=0)
    skipped = models.JSONField(default=dict)
    # How many were chosen when it was frozen (of a filter: how many matched).
    matched = models.PositiveIntegerField(default=0)
    finishes_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)


_STATES = ["queued", "sending", "deferred", "sent", "failed", "skipped", "cancelled", "unknown"]


class Delivery(models.Model):
    """One recipient's copy of a mailing: a row of the ledger (docs/email.md tells its states).

    Keys of other tables to it go unchecked: the 100,000 of a manifest that is made anew would be looked for
    in each of them. Whoever removes deliveries (draft.py) sees to it that nothing of ours names them.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Sending")
        DEFERRED = "deferred", _("Deferred")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        SKIPPED = "skipped", _("Skipped")
        CANCELLED = "cancelled", _("Cancelled")
        UNKNOWN = "unknown", _("Unknown")

    # Keys that prepare has just read in the same statement are not checked again row by row.
    workspace = models.ForeignKey("overture.Workspace", models.CASCADE, db_constraint=False, db_index=False)
    mailing = models.ForeignKey(
        "overture.Mailing", models.CASCADE, related_name="deliveries", db_constraint=False, db_index=False
    )
    manifest = models.ForeignKey(
        "overture.Manifest", models.CASCADE, related_name="deliveries", db_constraint=False, db_index=False
    )
    # Found through one_delivery_per_prospect: each index costs every claim and settling of every row.
    prospect = models.ForeignKey(
        "overture.Prospect", models.SET_NULL, null=True, db_constraint=False, db_index=False
    )
    partner = models.ForeignKey(
        "overture.Partner", models.SET_NULL, null=True, db_constraint=False, db_index=False
    )
    contact = models.ForeignKey(
        "overture.Contact", models.SET_NULL, null=True, db_constraint=False, db_index=False
    )
    # Token values, frozen; blank after erasure.
    address = models.CharField(max_length=320, blank=True)
    address_key = models.CharField(max_length=32, blank=True)
    mpid = models.BigIntegerField()
    company_name = models.CharField(max_length=200)
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=State)
    reason = models.CharField(max_length=40, blank=True)
    smtp_reply = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Not skipped when it was prepared: then no other copy of the mailing goes to its address.
    has_address_alone = models.BooleanField(default=True, db_default=True)
    # From when it may leave (queued, deferred), as Queued has it; the database's clock.
    due_at = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    # The second of SendingCount in which it was counted, to give the slot back if nothing left.
    claimed_at = models.DateTimeField(null=True)
    # Dates in tokens are filled with this moment, at every attempt.
    first_tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    # What came back later; never inferred.
    delivered_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    bounce_kind = models.CharField(max_length=10, blank=True)
    complained_at = models.DateTimeField(null=True)
    opted_out_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(auto_now_add=True)
    # Annotated where the address is shown (prospects/shown_address).
    has_written: bool

    objects = WorkspaceRows.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=_STATES),
                name="delivery_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(lease__isnull=False), name="sending_has_lease"
            ),
            # Without a moment it would wait for ever.
            models.CheckConstraint(
                condition=~Q(state__in=["queued", "deferred"]) | Q(due_at__isnull=False),
                name="waiting_has_due",
            ),
            models.UniqueConstraint(fields=["prospect", "manifest"], name="one_delivery_per_prospect"),
            # The address first: by it reports of far servers are matched to what was sent (inbound/take.py).
            models.UniqueConstraint(
                fields=["address_key", "manifest"],
                name="one_delivery_per_address",
                condition=Q(has_address_alone=True),
            ),
        ]
        indexes = [
            # No index has, or has a condition on, what changes while a mailing leaves: state, lease, times.
            # Such an update stays on its page and writes no index (heap-only), at a fifth of the cost.
            models.Index(fields=["mailing", "id"], name="delivery_of_mailing"),
            models.Index(
                fields=["address_key"], name="delivery_opted_out", condition=Q(opted_out_at__isnull=False)
            ),
        ]


class Queued(models.Model):
    """A run of deliveries of an approved mailing, and from when they may leave: where claims look.

    Which of them are queued or deferred stands in the deliveries. A claim shortens the runs that it read.
    """

    mailing = models.ForeignKey("overture.Mailing", models.CASCADE, db_index=False, related_name="+")
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    due_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["mailing", "due_at", "first"], name="queued_due")]


class Lease(models.Model):
    """Deliveries that one worker claimed at once, and until when it may begin them."""

    id = models.UUIDField(primary_key=True)
    mailbox = models.ForeignKey("overture.Mailbox", models.CASCADE, related_name="+")
    mailings = ArrayField(models.BigIntegerField())
    deliveries = ArrayField(models.BigIntegerField())
    until = models.DateTimeField()
    # What follows from its deliveries is written; whoever settles one of them later writes that, too.
    has_ended = models.BooleanField(default=False)
    # `until` is over and nothing of it is leaving any more.
    has_expired = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [models.Index(fields=["until"], name="lease_open", condition=Q(has_ended=False))]


class GivenId(models.Model):
    """The id that a relay gave an e-mail when it took it: its events name this one, and answers may."""

    delivery = models.OneToOneField(
        "overture.Delivery", models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    # Without angle brackets.
    given_id = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["given_id"], name="delivery_given_id")]


class Suppression(models.Model):
    """An address that a workspace must not e-mail, and why. Lifted ones are kept as history."""

    class Reason(models.TextChoices):
        OPTED_OUT = "opted_out", _("Opted out")
        BOUNCED = "bounced", _("Bounced")
        COMPLAINED = "complained", _("Complained")
        BY_HAND = "by_hand", _("By hand")

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    address_key = models.CharField(max_length=32)
    # Empty after erasure: the key alone still holds.
    address = models.CharField(_("address"), max_length=320, blank=True)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    note = models.CharField(_("note"), max_length=500, blank=True)
    delivery = models.ForeignKey("overture.Delivery", models.SET_NULL, null=True, db_constraint=False)
    added_by = models.ForeignKey("overture.Membership", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey("overture.Membership", models.SET_NULL, null=True, related_name="+")
    lifted_because = models.CharField(max_length=500, blank=True)

    objects = WorkspaceRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "address_key"],
                name="one_suppression_per_address",
                condition=Q(lifted_at=None),
            )
        ]


OPEN_STATES = [Delivery.State.QUEUED, Delivery.State.SENDING, Delivery.State.DEFERRED]
