"""Conversations: all that passed between a workspace and a partner, messages and e-mails in one thread."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from overture.accounts.models import User
from overture.accounts.rows import WorkspaceRows
from overture.directory.models import Plain


class Side(models.TextChoices):
    BRAND = "brand", _("Brand")
    PARTNER = "partner", _("Partner")


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
    # The newest message, what the list shows and sorts by.
    last_message = models.ForeignKey("overture.Message", models.SET_NULL, null=True, related_name="+")
    last_at = models.DateTimeField(default=timezone.now)
    # The newest message of the partner: unread for a member who read less far.
    last_in_at = models.DateTimeField(null=True)
    assignee = models.ForeignKey("overture.Membership", models.SET_NULL, null=True, related_name="+")
    snoozed_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    spam_at = models.DateTimeField(null=True)
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
            models.Index(fields=["workspace", "-last_at", "-id"], name="conversation_latest"),
            models.Index(fields=["partner", "-last_at", "-id"], name="conversation_of_partner"),
        ]


class Message(models.Model):
    """Exactly one of `member` (the brand's side) and `user` (the partner's) wrote it."""

    conversation = models.ForeignKey("overture.Conversation", models.CASCADE, related_name="messages")
    side = models.CharField(max_length=7, choices=Side)
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
    words = models.GeneratedField(
        expression=SearchVector(Plain(F("text")), config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(side__in=Side.values), name="message_side_known"),
            models.CheckConstraint(
                condition=~(Q(member__isnull=False) & Q(user__isnull=False)), name="message_one_author"
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "-created_at", "-id"], name="message_of_conversation"),
            models.Index(fields=["created_at"], name="message_unnoticed", condition=Q(noticed_at=None)),
            GinIndex(fields=["words"], name="message_words"),
        ]


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
