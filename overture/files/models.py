"""Files that people give: what they hold is kept once, and nobody opens it before it is found clean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from overture.accounts.models import Membership, User


class FileType(models.TextChoices):
    CSV = "csv", "CSV"
    PDF = "pdf", "PDF"
    JPEG = "jpeg", "JPEG"
    PNG = "png", "PNG"
    GIF = "gif", "GIF"


class State(models.TextChoices):
    PENDING = "pending", _("Being scanned")
    CLEAN = "clean", _("Clean")
    INFECTED = "infected", _("Infected")
    UNSCANNABLE = "unscannable", _("Could not be scanned")


class StoredFile(models.Model):
    """What one or many attachments hold, found by its SHA-256; the scan judges it once for all of them.

    `sha256` is of the file as it was given, `served_sha256` of what is handed out: of images, the picture
    encoded anew without metadata. Both are scanned.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    served_sha256 = models.CharField(max_length=64)
    type = models.CharField(max_length=4, choices=FileType)
    # Bytes of what is handed out.
    size = models.BigIntegerField()
    state = models.CharField(max_length=11, choices=State, default=State.PENDING)
    # Why it is not clean: the signature's name, or a code of wording.py.
    reason = models.CharField(max_length=200, blank=True)
    has_preview = models.BooleanField(default=False)
    # Pixels, of pictures; pages, of PDFs.
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    pages = models.PositiveIntegerField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    # When it may be scanned next, while it is pending; the database's clock.
    due_at = models.DateTimeField(db_default=Now(), null=True)
    scanned_at = models.DateTimeField(null=True)
    # Version of the signatures that judged it last.
    signatures = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    # Bytes are gone: what was infected is deleted after its time in quarantine.
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="stored_file_state_known")
        ]
        indexes = [
            models.Index(fields=["due_at"], name="stored_file_due", condition=Q(state=State.PENDING)),
            models.Index(fields=["created_at"], name="stored_file_age"),
        ]


class AttachmentRows(models.QuerySet[Any]):
    def visible_to(self, member: Membership) -> Self:
        """What the member gave, and what a message or mailing of their workspace holds.

        Not all that carries the workspace: what a partner has attached and not sent is theirs alone.
        """
        held = (
            Q(messages__conversation__workspace=member.workspace_id, messages__withdrawn_at=None)
            | Q(mailings__workspace=member.workspace_id)
            | Q(manifests__mailing__workspace=member.workspace_id)
        )
        return self.filter(Q(member=member) | Q(pk__in=Attachment.objects.filter(held).values("pk")))

    def given_by(self, *, member: Membership | None = None, user: User | None = None) -> Self:
        return self.filter(member=member) if member is not None else self.filter(user=user)

    def unsent(self) -> Self:
        """Held by nothing, or by a draft only."""
        return self._unheld(except_by={"drafts"})

    def unheld(self) -> Self:
        return self._unheld(except_by=set())

    def _unheld(self, except_by: set[str]) -> Self:
        # Whoever holds files stands on a higher floor; the relations tell who they are.
        rows = self
        for relation in Attachment._meta.related_objects:
            if relation.name not in except_by:
                name, holder = relation.field.name, relation.related_model
                rows = rows.exclude(Exists(holder._base_manager.filter(**{name: OuterRef("pk")})))
        return rows


class Attachment(models.Model):
    """A file as one person gave it, under the name they gave it. Who may open it, its message decides.

    At most one of `member` and `user` gave it: a member of the workspace, or a partner's user; what neither
    gave came by e-mail. It is no part
    of anything until a message, draft or mailing holds it (their ManyToMany); unheld ones go after a day.
    """

    stored = models.ForeignKey("overture.StoredFile", models.PROTECT, related_name="attachments")
    # The workspace of the conversation or mailing it is for; none: a partner's logo.
    workspace = models.ForeignKey("overture.Workspace", models.CASCADE, null=True)
    member = models.ForeignKey("overture.Membership", models.SET_NULL, null=True, related_name="+")
    user = models.ForeignKey("overture.User", models.SET_NULL, null=True, related_name="+")
    # Safe to show, never a path.
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    # Both sides were told that it is blocked.
    told_at = models.DateTimeField(null=True)

    objects = AttachmentRows.as_manager()

    @property
    def state(self) -> str:
        return str(self.stored.state)

    @property
    def is_clean(self) -> bool:
        return bool(self.stored.state == State.CLEAN)

    @property
    def is_late(self) -> bool:
        """The scanner did not answer when it was its turn; it is asked again and again."""
        return bool(self.stored.state == State.PENDING and self.stored.attempts > 0 and self.stored.reason)
