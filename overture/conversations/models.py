"""Conversations: all that passed between a workspace and a partner, messages and e-mails in one thread."""

from __future__ import annotations

import re
from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from overture.accounts.models import User
from overture.accounts.rows import WorkspaceRows


class Side(models.TextChoices):
    BRAND = "brand", _("Brand")
    PARTNER = "partner", _("Partner")


class State(models.TextChoices):
    """Where a thread stands in the workspace's inbox; the partner never learns of it."""

    OPEN = "open", pgettext_lazy("conversations", "Open")
    SNOOZED = "snoozed", pgettext_lazy("conversations", "Snoozed")
    DONE = "done", pgettext_lazy("conversations", "Done")
    SPAM = "spam", pgettext_lazy("conversations", "Spam")


class Among(models.TextChoices):
    """Whom a thread is with. Each is among one of them."""

    PROSPECTS = "prospects", _("Prospects")
    PARTNERS = "partners", _("Partners")
    CREATORS = "creators", _("Creators")


class ConversationRows(WorkspaceRows):
    def of_partner_user(self, user: User) -> Self:
        """Those of the partners that the user is signed in for: the portal's only door."""
        return self.filter(
            partner__users__user=user, partner__users__removed_at=None, last_message__isnull=False
        )


class Conversation(models.Model):
    """One per workspace and partner, made with the first message or reply; sent e-mails alone make none.

    Its e-mails are deliveries of the ledger, read from there by prospect, never copied.
    """

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    partner = models.ForeignKey("overture.Partner", models.PROTECT)
    prospect = models.ForeignKey("overture.Prospect", models.SET_NULL, null=True)
    # The newest message, what the partner's list shows and sorts by.
    last_message = models.ForeignKey("overture.Message", models.SET_NULL, null=True, related_name="+")
    last_at = models.DateTimeField(default=timezone.now)
    # The newest message or received e-mail: what the workspace's list shows. Who wrote to a mailbox of the
    # brand did not write to their colleagues who read the partner's list.
    top_message = models.ForeignKey("overture.Message", models.SET_NULL, null=True, related_name="+")
    # What the workspace's list sorts by: when that was, or the later end of a snooze.
    top_at = models.DateTimeField(default=timezone.now)
    # The newest message or e-mail of the partner, and the newest message of the brand: what the other side
    # has to read.
    last_in_at = models.DateTimeField(null=True)
    last_out_at = models.DateTimeField(null=True)
    # Kept by a trigger of the prospect: joined partners, joined creators, and all others.
    among = models.CharField(max_length=9, choices=Among, default=Among.PROSPECTS, db_default=Among.PROSPECTS)
    assignee = models.ForeignKey("overture.Membership", models.SET_NULL, null=True, related_name="+")
    snoozed_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    spam_at = models.DateTimeField(null=True)
    state = models.GeneratedField(
        expression=Case(
            When(spam_at__isnull=False, then=Value("spam")),
            When(done_at__isnull=False, then=Value("done")),
            When(snoozed_until__isnull=False, then=Value("snoozed")),
            default=Value("open"),
        ),
        output_field=models.CharField(max_length=7, choices=State),
        db_persist=True,
    )
    # The partner blocked the workspace, or reported it as spam (which blocks, too).
    blocked_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    # Raised by whatever the thread shows: what a live page asks for.
    version = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ConversationRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "partner"], name="one_conversation_per_partner")
        ]
        indexes = [
            models.Index(fields=["workspace", "state", "-top_at", "-id"], name="conversation_latest"),
            models.Index(fields=["workspace", "state", "among", "-top_at", "-id"], name="conversation_among"),
            models.Index(
                fields=["assignee", "state", "-top_at", "-id"],
                name="conversation_of_assignee",
                condition=Q(assignee__isnull=False),
            ),
            models.Index(
                fields=["snoozed_until"],
                name="conversation_snoozed",
                condition=Q(snoozed_until__isnull=False),
            ),
            models.Index(fields=["partner", "-last_at", "-id"], name="conversation_of_partner"),
        ]


class Message(models.Model):
    """Exactly one of `member` (the brand's side) and `user` (the partner's) wrote it; a received e-mail
    neither did, and what it has beside its words stands in `received`.
    """

    class Way(models.TextChoices):
        MESSAGE = "message", _("Message")
        EMAIL = "email", _("Email")

    conversation = models.ForeignKey("overture.Conversation", models.CASCADE, related_name="messages")
    side = models.CharField(max_length=7, choices=Side)
    way = models.CharField(max_length=7, choices=Way, default=Way.MESSAGE, db_default=Way.MESSAGE)
    member = models.ForeignKey("overture.Membership", models.SET_NULL, null=True, related_name="+")
    user = models.ForeignKey("overture.User", models.SET_NULL, null=True, related_name="+")
    # As it was written: simple marks, no HTML; empty once withdrawn.
    text = models.TextField(_("message"), max_length=20_000, blank=True)
    attachments = models.ManyToManyField("overture.Attachment", related_name="messages")
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    # When the e-mail notice of it was settled: sent with it, or not needed any more.
    noticed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(side__in=Side.values), name="message_side_known"),
            models.CheckConstraint(
                condition=~(Q(member__isnull=False) & Q(user__isnull=False)), name="message_one_author"
            ),
            models.CheckConstraint(condition=Q(way__in=["message", "email"]), name="message_way_known"),
        ]
        indexes = [
            models.Index(fields=["conversation", "-created_at", "-id"], name="message_of_conversation"),
            models.Index(fields=["created_at"], name="message_unnoticed", condition=Q(noticed_at=None)),
        ]


class Received(models.Model):
    """What a received e-mail has beside its words: who wrote it, and what a mail program shows of it.

    Seen by the workspace alone: whoever wrote to a mailbox did not write to all users of the partner.
    """

    message = models.OneToOneField(
        "overture.Message", models.CASCADE, primary_key=True, related_name="received"
    )
    contact = models.ForeignKey("overture.Contact", models.SET_NULL, null=True, related_name="+")
    sender_name = models.CharField(max_length=200, blank=True)
    sender_address = models.CharField(max_length=320, blank=True)
    subject = models.CharField(_("subject"), max_length=1000, blank=True)
    # What it repeats of earlier e-mails.
    quoted = models.TextField(blank=True)
    # Cleaned, and shown in a frame of its own all the same; empty where it came as text alone.
    html = models.TextField(blank=True)
    # Sent by a machine: an absence, a ticket opened. No answer of a person.
    is_automatic = models.BooleanField(default=False)
    # When an absence ends, where it says so.
    away_until = models.DateField(null=True)
    # Attachments of types that nobody opens here: [{"name": ..., "type": ..., "size": ..., "virus": ...}].
    other_files = models.JSONField(default=list)
    # Its server took it for spam: it stands in the Junk folder.
    was_in_junk = models.BooleanField(default=False)

    @property
    def has_pictures(self) -> bool:
        """Whether its HTML names pictures that stand on somebody's server."""
        return bool(re.search(r"""\bsrc=["']?https?:""", self.html, re.IGNORECASE))


class ReadUpTo(models.Model):
    """How far a person has read a conversation: a member or a partner's user, exactly one."""

    conversation = models.ForeignKey("overture.Conversation", models.CASCADE, related_name="readers")
    member = models.ForeignKey("overture.Membership", models.CASCADE, null=True, related_name="+")
    user = models.ForeignKey("overture.User", models.CASCADE, null=True, related_name="+")
    # The `created_at` of the newest message read, and when that was.
    up_to = models.DateTimeField()
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=False) ^ Q(user__isnull=False), name="reader_is_one"
            ),
            models.UniqueConstraint(
                fields=["member", "conversation"],
                name="read_once_per_member",
                condition=Q(member__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["user", "conversation"], name="read_once_per_user", condition=Q(user__isnull=False)
            ),
        ]


class MessageDraft(models.Model):
    """What a person has begun to write, kept as they type; one per person and partner."""

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    partner = models.ForeignKey("overture.Partner", models.CASCADE)
    member = models.ForeignKey("overture.Membership", models.CASCADE, null=True, related_name="+")
    user = models.ForeignKey("overture.User", models.CASCADE, null=True, related_name="+")
    text = models.TextField(max_length=20_000, blank=True)
    attachments = models.ManyToManyField("overture.Attachment", related_name="drafts")
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=False) ^ Q(user__isnull=False), name="draft_writer_is_one"
            ),
            models.UniqueConstraint(
                fields=["member", "partner"], name="one_draft_per_member", condition=Q(member__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["user", "workspace", "partner"],
                name="one_draft_per_user",
                condition=Q(user__isnull=False),
            ),
        ]


class ThreadWords(models.Model):
    """What a conversation is found by, in one row: a word in a million messages is found in its threads.

    Apart from the conversation, whose every change would write all words into the index again.
    """

    conversation = models.OneToOneField("overture.Conversation", models.CASCADE, primary_key=True)
    workspace = models.ForeignKey("overture.Workspace", models.CASCADE, db_index=False)
    # Of the prospect: its search text, kept by a trigger; of the messages and the names of their files.
    names = SearchVectorField()
    texts = SearchVectorField()
    words = models.GeneratedField(
        expression=Func(F("names"), F("texts"), template="(%(expressions)s)", arg_joiner=" || "),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        indexes = [GinIndex(fields=["workspace", "words"], name="thread_words")]


class SearchedMailing(models.Model):
    """A finished mailing by whose words threads are found, too."""

    mailing = models.OneToOneField(
        "overture.Mailing", models.CASCADE, primary_key=True, related_name="searched"
    )


class Unread(models.Model):
    """That a member has something to read; gone once read. Rows, because who read all asks most often."""

    member = models.ForeignKey("overture.Membership", models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey("overture.Conversation", models.CASCADE, related_name="unread")
    # The newest message of the partner.
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "conversation"], name="unread_once_per_member")
        ]


class Pulse(models.Model):
    """Counts what changed in the inbox of a workspace ("w7") or a partner ("p10001"): what open pages ask."""

    of = models.CharField(max_length=24, primary_key=True)
    count = models.BigIntegerField(default=1)


class MessageRun(models.Model):
    """One text to many prospects, each in their own thread; `run` carries the progress."""

    run = models.OneToOneField("overture.Run", models.CASCADE, related_name="messages")
    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    # With its tokens; the language is that of the dates in them.
    text = models.TextField(max_length=20_000, blank=True)
    language = models.CharField(max_length=2, choices=[("en", "English"), ("fr", "Français")], default="en")
    # Writes also to whom somebody wrote lately.
    overrides_policy = models.BooleanField(default=False)
    attachments = models.ManyToManyField("overture.Attachment", related_name="message_runs")

    objects = WorkspaceRows.as_manager()


class MessageRunRow(models.Model):
    """One recipient of it: waiting, sent, or held back with the reason."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        HELD = "held", _("Held back")

    message_run = models.ForeignKey("overture.MessageRun", models.CASCADE, related_name="rows")
    prospect = models.ForeignKey("overture.Prospect", models.CASCADE)
    state = models.CharField(max_length=7, choices=State)
    # blocked, messaging_off, contacted_recently, joined, rejected_by_partner, archived, missing_token.
    reason = models.CharField(max_length=40, blank=True)
    message = models.ForeignKey("overture.Message", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message_run", "prospect"], name="messaged_once_per_run"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sent", "held"]), name="message_run_row_state_known"
            ),
        ]
        indexes = [models.Index(fields=["message_run", "state", "id"], name="message_run_row_state")]
