"""Prospects: the relationship of one workspace with one partner, and what a member does with many of them."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from overture.accounts.models import Membership
from overture.accounts.rows import WorkspaceRows
from overture.directory.models import PartnerKind, Plain
from overture.lib.transactions import ThisTransaction


class Stage(models.TextChoices):
    NEW = "new", _("New")
    OUTREACH = "outreach", _("Outreach")
    NEGOTIATING = "negotiating", _("Negotiating")
    JOINED = "joined", _("Joined")
    EXPIRED = "expired", _("Expired")
    REJECTED_BY_PARTNER = "rejected_by_partner", _("Rejected by partner")
    REJECTED_BY_YOU = "rejected_by_you", _("Rejected by you")


class Prospect(models.Model):
    """One workspace's record of one partner.

    Name, country and so on are this workspace's own copy: an import never edits a listed partner.
    """

    # Each index here costs every e-mail: what it moves is indexed, so that all of them are written.
    workspace = models.ForeignKey("overture.Workspace", models.CASCADE, db_index=False)
    partner = models.ForeignKey("overture.Partner", models.PROTECT)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage, default=Stage.NEW)
    name = models.CharField(_("name"), max_length=200)
    plain_name = models.GeneratedField(
        expression=Plain(F("name")), output_field=models.TextField(), db_persist=True
    )
    kind = models.CharField(_("kind"), max_length=8, choices=PartnerKind, default=PartnerKind.PARTNER)
    website = models.CharField(_("website"), max_length=300, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    category = models.CharField(_("category"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    audience = models.BigIntegerField(_("audience"), null=True)
    owner = models.ForeignKey("overture.Membership", models.SET_NULL, null=True, blank=True, db_index=False)
    # The contact chosen to be written to; else the oldest custom one, else the account's.
    primary_contact = models.ForeignKey(
        "overture.Contact", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    groups = models.ManyToManyField("overture.Group", related_name="prospects")
    # Plain text of name, website, contacts and the addresses that may be shown; kept by prospects/search.py.
    search_text = models.TextField(blank=True)
    archived_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    active_at = models.DateTimeField(auto_now_add=True)
    # Kept by a trigger where partner, stage or archive change: what counts and the marketplace follow.
    changed_xid = models.BigIntegerField(db_default=ThisTransaction(), editable=False)

    objects = WorkspaceRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "partner"], name="one_prospect_per_partner"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="prospect_stage_known"),
        ]
        indexes = [
            models.Index(F("workspace"), F("plain_name"), F("id"), name="prospect_by_name"),
            models.Index(fields=["owner"], name="prospect_by_owner", condition=Q(owner__isnull=False)),
            models.Index(
                fields=["primary_contact"],
                name="prospect_by_primary",
                condition=Q(primary_contact__isnull=False),
            ),
            models.Index(fields=["workspace", "active_at", "id"], name="prospect_by_activity"),
            models.Index(fields=["workspace", "created_at", "id"], name="prospect_by_age"),
            models.Index(fields=["workspace", "stage"], name="prospect_by_stage"),
            models.Index(fields=["workspace", "changed_xid"], name="prospect_changes"),
            GinIndex(OpClass(F("search_text"), name="gin_trgm_ops"), name="prospect_search"),
        ]

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None


class Group(models.Model):
    """A workspace's private label on prospects."""

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    name = models.CharField(_("name"), max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(F("workspace"), Plain(F("name")), name="one_group_per_name")]

    def __str__(self) -> str:
        return self.name


class Note(models.Model):
    """Internal text on a prospect."""

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    prospect = models.ForeignKey("overture.Prospect", models.CASCADE, related_name="notes")
    author = models.ForeignKey("overture.Membership", models.SET_NULL, null=True)
    text = models.TextField(_("note"), max_length=10_000)
    # Members named in it; each is told by a notice.
    mentions = models.ManyToManyField("overture.Membership", related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceRows.as_manager()


class Selection(models.Model):
    """Prospects chosen by a member, kept as a row so that neither browser nor server carries the ids.

    Without `filter` its rows are the chosen ones; with it, everything that matches is chosen but its rows.
    """

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    member = models.ForeignKey("overture.Membership", models.CASCADE)
    # "prospects" or "partners" (Engage > Partners): the list in which it was made.
    origin = models.CharField(max_length=10, default="prospects")
    filter = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True)

    objects = WorkspaceRows.as_manager()


class SelectionRow(models.Model):
    selection = models.ForeignKey("overture.Selection", models.CASCADE, related_name="rows")
    prospect = models.ForeignKey("overture.Prospect", models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["selection", "prospect"], name="chosen_once")]


class Wrote(models.Model):
    """That a workspace got an e-mail of a contact from this address: from then on it sees it in full.

    By the address, not by the contact: another address of theirs stays hidden, as does this one from all
    other workspaces; merging partners changes nothing.
    """

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE, db_index=False)
    # As Contact.address_key.
    address_key = models.CharField(max_length=32)
    # When it did first.
    at = models.DateTimeField()

    objects = WorkspaceRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "address_key"], name="wrote_once"),
            models.CheckConstraint(condition=~Q(address_key=""), name="wrote_from_an_address"),
        ]


class Contacted(models.Model):
    """That a partner was written to or is about to be: what the contact policy reads.

    Written downward by delivery (and by conversations): planned at Send, done when the e-mail left.
    """

    class Way(models.TextChoices):
        EMAIL = "email", _("Email")
        MESSAGE = "message", _("Message")

    # Written by the hundred thousand at Send, which waits for it: keys that the sender's membership and the
    # deliveries vouch for go unchecked.
    workspace = models.ForeignKey("overture.Workspace", models.CASCADE, db_constraint=False, db_index=False)
    partner = models.ForeignKey("overture.Partner", models.CASCADE, db_constraint=False)
    member = models.ForeignKey(
        "overture.Membership", models.SET_NULL, null=True, db_constraint=False, db_index=False
    )
    way = models.CharField(max_length=8, choices=Way)
    # Number of the mailing, no foreign key: mailings live on a floor above.
    mailing_number = models.BigIntegerField(null=True)
    planned_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    objects = WorkspaceRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mailing_number", "partner"],
                name="contacted_once_per_mailing",
                condition=Q(mailing_number__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["workspace", "partner", "-planned_at"], name="contacted_partner")]


class ImportRows(WorkspaceRows):
    def visible_to(self, member: Membership) -> Self:
        """What was sent in for the directory is the operators', also in their own workspace."""
        rows = super().visible_to(member)
        return rows if member.user.is_operator else rows.filter(into=Import.Into.PROSPECTS)


class Import(models.Model):
    """A CSV file sent in, what its columns mean and what became of its rows. `run` carries the progress."""

    class Into(models.TextChoices):
        PROSPECTS = "prospects", _("Prospects")
        # Operators only.
        DIRECTORY = "directory", _("Directory")

    run = models.OneToOneField("overture.Run", models.CASCADE, related_name="imported")
    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    file_name = models.CharField(max_length=200)
    # Compressed with zlib; emptied 30 days after the run.
    content = models.BinaryField()
    size = models.BigIntegerField()
    encoding = models.CharField(max_length=12, blank=True)
    delimiter = models.CharField(max_length=1, blank=True)
    columns = ArrayField(models.TextField(), default=list)
    # {"0": "company", "4": "address", ...}: index of a column to field; empty: guessed from the headings.
    mapping = models.JSONField(default=dict)
    into = models.CharField(max_length=10, choices=Into, default=Into.PROSPECTS)
    is_dry_run = models.BooleanField(default=False)
    row_count = models.PositiveIntegerField(default=0)
    created_count = models.PositiveIntegerField(default=0)
    updated_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)

    objects = ImportRows.as_manager()


class ImportRefusal(models.Model):
    """A row of a file that was refused: where, why, and its cells, to be mended and imported again."""

    imported = models.ForeignKey("overture.Import", models.CASCADE, related_name="refusals")
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    cells = ArrayField(models.TextField())

    class Meta:
        indexes = [models.Index(fields=["imported", "line"], name="refusal_line")]


class ImportChange(models.Model):
    """What an import did to one prospect: made it (`before` empty) or changed it; read by undo."""

    imported = models.ForeignKey("overture.Import", models.CASCADE, related_name="changes")
    prospect = models.ForeignKey("overture.Prospect", models.CASCADE)
    before = models.JSONField(null=True)
    # Contacts and group links the row added, to be taken away by undo.
    added = models.JSONField(default=dict)
