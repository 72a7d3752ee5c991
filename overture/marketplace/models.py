"""What a workspace keeps of the marketplace: partners saved, not wanted, reported, chosen; saved searches."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from overture.accounts.rows import WorkspaceRows
from overture.directory.models import PartnerKind


class SavedPartner(models.Model):
    """A partner that the workspace wants to find again; shown under Saved to all its members."""

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    partner = models.ForeignKey("overture.Partner", models.CASCADE)
    member = models.ForeignKey("overture.Membership", models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "partner"], name="saved_once")]


class NotInterested(models.Model):
    """A partner that the workspace does not want to see among the results, until it brings it back."""

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    partner = models.ForeignKey("overture.Partner", models.CASCADE)
    member = models.ForeignKey("overture.Membership", models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "partner"], name="not_interested_once")]


class Report(models.Model):
    """What a member tells the operator about a partner of the directory."""

    class Reason(models.TextChoices):
        SPAM = "spam", _("Spam or fraud")
        WRONG_FACTS = "wrong_facts", _("Wrong facts")
        OFFENSIVE = "offensive", _("Offensive content")
        GONE = "gone", _("Does not exist any more")
        OTHER = "other", _("Another reason")

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    partner = models.ForeignKey("overture.Partner", models.CASCADE, related_name="reports")
    member = models.ForeignKey("overture.Membership", models.SET_NULL, null=True)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    text = models.TextField(_("what is wrong"), max_length=2000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # When an operator looked at it and decided.
    settled_at = models.DateTimeField(null=True)

    objects = WorkspaceRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "partner", "member"],
                name="one_open_report_each",
                condition=Q(settled_at=None),
            )
        ]
        indexes = [models.Index(fields=["partner"], name="report_open", condition=Q(settled_at=None))]


class SavedSearch(models.Model):
    """A search of one member that tells, by a notice, of partners that came since and match."""

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    member = models.ForeignKey("overture.Membership", models.CASCADE)
    kind = models.CharField(max_length=8, choices=PartnerKind)
    name = models.CharField(_("name"), max_length=80)
    # As Search.as_dict() has it.
    search = models.JSONField()
    is_telling = models.BooleanField(_("tell me about new matches"), default=True)
    # Partners listed after this have not been told of yet.
    told_until = models.DateTimeField(auto_now_add=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "kind", "name"], name="one_search_per_name")]


class TileSelection(models.Model):
    """Partners a member has chosen among the tiles, over pages and filters; its id stands in the URL."""

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    member = models.ForeignKey("overture.Membership", models.CASCADE)
    kind = models.CharField(max_length=8, choices=PartnerKind)
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True)

    objects = WorkspaceRows.as_manager()


class TileSelectionRow(models.Model):
    selection = models.ForeignKey("overture.TileSelection", models.CASCADE, related_name="rows")
    partner = models.ForeignKey("overture.Partner", models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["selection", "partner"], name="tile_chosen_once")]
