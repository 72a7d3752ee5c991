"""The directory: partners, and the people to write to there."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from overture.accounts.models import Membership


class Plain(Func):
    """Lower case without accents, by the SQL function `plain` (the builtin collation sorts É after Z)."""

    function = "plain"
    output_field = models.TextField()


class PartnerRows(models.QuerySet[Any]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(Q(workspace=None) | Q(workspace_id=member.workspace_id))


class ContactRows(models.QuerySet[Any]):
    def visible_to(self, member: Membership) -> Self:
        mine = Q(workspace_id=member.workspace_id)
        of_its_partner = Q(workspace=None)
        seen = Q(partner__workspace=None) | Q(partner__workspace_id=member.workspace_id)
        return self.filter(mine | of_its_partner & seen)


class PartnerKind(models.TextChoices):
    PARTNER = "partner", _("Partner")
    CREATOR = "creator", _("Creator")


class Partner(models.Model):
    """An organisation or person, with an account number (`mpid`, from 10000 upwards: the primary key).

    Listed partners (no workspace) are seen by all; private ones by the workspace that imported them.
    """

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE, null=True)
    kind = models.CharField(_("kind"), max_length=8, choices=PartnerKind, default=PartnerKind.PARTNER)
    name = models.CharField(_("name"), max_length=200)
    website = models.CharField(_("website"), max_length=300, blank=True)
    # What websites are compared by; see lib/websites.
    website_key = models.CharField(max_length=300, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    category = models.CharField(_("category"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    audience = models.BigIntegerField(_("audience"), null=True)
    has_messaging = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PartnerRows.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["website_key"], name="partner_website", condition=~Q(website_key="")),
            models.Index(
                fields=["workspace"], name="partner_workspace", condition=Q(workspace__isnull=False)
            ),
        ]

    @property
    def mpid(self) -> int:
        return self.pk


class Contact(models.Model):
    """A person at a partner: of its own account (no workspace), or custom, brought by one workspace."""

    partner = models.ForeignKey("overture.Partner", models.CASCADE, related_name="contacts")
    workspace = models.ForeignKey("overture.Workspace", models.CASCADE, null=True)
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    title = models.CharField(_("job title"), max_length=100, blank=True)
    address = models.CharField(_("email"), max_length=320, blank=True)
    # HMAC of the normalised address (lib/addresses), so that joins and opt-outs need no address.
    address_key = models.CharField(max_length=32, blank=True)
    # The person wrote to this workspace (custom contacts) or the partner joined: the address shows in full.
    wrote_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ContactRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "partner", "address_key"],
                name="one_contact_per_address",
                condition=~Q(address_key=""),
                nulls_distinct=False,
            )
        ]
        indexes = [
            models.Index(fields=["address_key"], name="contact_address", condition=~Q(address_key="")),
        ]

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


def plain(field: str) -> Plain:
    return Plain(F(field))
