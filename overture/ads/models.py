"""Ads: creatives with an id, and the clicks on their tracking links."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from overture.accounts.rows import WorkspaceRows


class AdRows(WorkspaceRows):
    def active(self, at: datetime | None = None) -> Self:
        """Those whose ad codes an e-mail may carry; now unless `at` is given."""
        at = at or timezone.now()
        return self.filter(Q(active_to=None) | Q(active_to__gt=at), active_from__lte=at)

    def inactive(self) -> Self:
        """Ended or still to come: their ad codes are an error with words of its own."""
        return self.exclude(pk__in=self.active())


class Ad(models.Model):
    class Kind(models.TextChoices):
        TEXT = "text", _("Text link")
        BANNER = "banner", _("Banner")

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    program = models.ForeignKey("overture.Program", models.PROTECT)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    text = models.CharField(_("link text"), max_length=200, blank=True)
    image = models.CharField(_("picture address"), max_length=1000, blank=True)
    width = models.PositiveSmallIntegerField(_("width"), null=True)
    height = models.PositiveSmallIntegerField(_("height"), null=True)
    alt = models.CharField(_("alternative text"), max_length=200, blank=True)
    landing_page = models.CharField(_("landing page"), max_length=1000)
    active_from = models.DateTimeField(_("active from"), default=timezone.now)
    active_to = models.DateTimeField(_("active to"), null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AdRows.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(active_to=None) | Q(active_to__gt=models.F("active_from")),
                name="ad_ends_after_start",
            )
        ]

    def is_active(self, at: datetime | None = None) -> bool:
        at = at or timezone.now()
        return self.active_from <= at and (self.active_to is None or at < self.active_to)


class AdClick(models.Model):
    ad = models.ForeignKey("overture.Ad", models.CASCADE, related_name="clicks")
    partner = models.ForeignKey("overture.Partner", models.CASCADE)
    program = models.ForeignKey("overture.Program", models.CASCADE)
    at = models.DateTimeField(auto_now_add=True)
