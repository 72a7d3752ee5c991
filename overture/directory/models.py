"""The directory: partners, and the people to write to there."""

from __future__ import annotations

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from overture.accounts.models import Membership, Notify
from overture.directory.vocabulary import BusinessModel, ChannelKind, Method, Size, size_of
from overture.lib.transactions import ThisTransaction


class Plain(Func):
    """Lower case without accents, by the SQL function `plain` (the builtin collation sorts É after Z)."""

    function = "plain"
    output_field = models.TextField()


class PartnerRows(models.QuerySet[Any]):
    def visible_to(self, member: Membership) -> Self:
        """Those of the marketplace, and the workspace's own."""
        return self.filter(LISTED | Q(workspace_id=member.workspace_id))

    def listed(self) -> Self:
        return self.filter(LISTED)


class ContactRows(models.QuerySet[Any]):
    def visible_to(self, member: Membership) -> Self:
        mine = Q(workspace_id=member.workspace_id)
        of_its_partner = Q(workspace=None)
        seen = Q(partner__workspace=None) | Q(partner__workspace_id=member.workspace_id)
        return self.filter(mine | of_its_partner & seen)


class PartnerKind(models.TextChoices):
    PARTNER = "partner", _("Partner")
    CREATOR = "creator", _("Creator")


class Standing(models.TextChoices):
    """Where a partner of the directory stands; the operator moves it. Private ones are apart from it."""

    IN_REVIEW = "in_review", _("In review")
    LISTED = "listed", _("Listed")
    SUSPENDED = "suspended", _("Suspended")
    # Its number leads to `merged_into` from then on.
    MERGED = "merged", _("Merged")


LISTED = Q(workspace=None, standing=Standing.LISTED)


def _texts(longest: int, **options: Any) -> ArrayField[Any, Any]:
    return ArrayField(
        models.CharField(max_length=longest),
        default=list,
        db_default=Value([], output_field=ArrayField(models.CharField(max_length=longest))),
        blank=True,
        **options,
    )


class Partner(models.Model):
    """An organisation or person, with an account number (`mpid`, from 10000 upwards: the primary key).

    Listed partners (no workspace) are seen by all; private ones by the workspace that imported them.
    What describes it (`about` to `active_on`) is asked for by the directory, in the forms of details.py.
    """

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE, null=True)
    standing = models.CharField(
        _("standing"), max_length=10, choices=Standing, default=Standing.LISTED, db_default=Standing.LISTED
    )
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged_from")
    kind = models.CharField(_("kind"), max_length=8, choices=PartnerKind, default=PartnerKind.PARTNER)
    name = models.CharField(_("name"), max_length=200)
    website = models.CharField(_("website"), max_length=300, blank=True)
    # What websites are compared by; see lib/websites.
    website_key = models.CharField(max_length=300, blank=True)
    # Where it is at home; where its readers are is `audience_countries`.
    country = models.CharField(_("country"), max_length=2, blank=True)
    category = models.CharField(_("category"), max_length=80, blank=True)
    # The main one; `languages` has all, this one first.
    language = models.CharField(_("language"), max_length=8, blank=True)
    audience = models.BigIntegerField(_("audience"), null=True)
    about = models.TextField(_("about"), max_length=5000, blank=True, db_default="")
    topics = _texts(60, verbose_name=_("topics"))
    languages = _texts(8, verbose_name=_("languages"))
    # Values of vocabulary.Method.
    methods = _texts(12, verbose_name=_("promotional methods"))
    business_model = models.CharField(
        _("business model"), max_length=12, choices=BusinessModel, blank=True, db_default=""
    )
    # Percents of the audience, in no order: {"FR": 62, "BE": 20} and {"18-24": 30, "25-34": 45}.
    audience_countries = models.JSONField(
        _("audience by country"), default=dict, db_default=Value({}, models.JSONField())
    )
    audience_ages = models.JSONField(
        _("audience by age"), default=dict, db_default=Value({}, models.JSONField())
    )
    # [{"kind": a value of vocabulary.ChannelKind, "size": people or null, "url": "https://..." or ""}]
    channels = models.JSONField(_("channels"), default=list, db_default=Value([], models.JSONField()))
    # When the partner was last seen at work, by its own account.
    active_on = models.DateField(_("last active"), null=True)
    # The partner's own switch: only then can a workspace send messages in the platform.
    has_messaging = models.BooleanField(_("messaging"), default=False)
    # A checked picture; shown once it is found clean.
    logo = models.ForeignKey("overture.Attachment", models.SET_NULL, null=True, related_name="logo_of")
    created_at = models.DateTimeField(auto_now_add=True)
    # When it came into the marketplace; what "newest" sorts by.
    listed_at = models.DateTimeField(db_default=Now(), default=timezone.now)
    # Kept by a trigger; what the marketplace's index follows.
    changed_xid = models.BigIntegerField(db_default=ThisTransaction(), editable=False)

    objects = PartnerRows.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(standing__in=Standing.values), name="standing_known"),
            models.CheckConstraint(
                condition=Q(merged_into=None) ^ Q(standing=Standing.MERGED), name="merged_leads_on"
            ),
        ]
        indexes = [
            models.Index(fields=["website_key"], name="partner_website", condition=~Q(website_key="")),
            models.Index(
                fields=["workspace"], name="partner_workspace", condition=Q(workspace__isnull=False)
            ),
            models.Index(fields=["changed_xid", "id"], name="partner_changes", condition=Q(workspace=None)),
            models.Index(
                fields=["standing", "id"],
                name="partner_not_listed",
                condition=Q(workspace=None) & ~Q(standing=Standing.LISTED),
            ),
            # By the beginning of a name, whatever the collation of the server.
            models.Index(
                OpClass(Plain(F("name")), name="text_pattern_ops"),
                name="partner_name",
                condition=Q(workspace=None),
            ),
        ]

    @property
    def mpid(self) -> int:
        return self.pk

    @property
    def is_listed(self) -> bool:
        return self.workspace_id is None and self.standing == Standing.LISTED

    @property
    def size(self) -> Size | None:
        return size_of(self.audience)

    @property
    def channel_kinds(self) -> list[str]:
        return [each["kind"] for each in self.channels if each.get("kind") in ChannelKind.values]

    @property
    def known_methods(self) -> list[str]:
        return [each for each in self.methods if each in Method.values]


class DirectoryEvent(models.Model):
    """What an operator did to a partner of the directory: its history, beside the workspaces' activity.

    Verbs: created, updated, approved, suspended, lifted, merged (into another), took_in (another),
    report_settled; and of its own people: signed_up, claimed, claim_granted, claim_refused, user_joined,
    user_removed, logo_changed.
    """

    partner = models.ForeignKey("overture.Partner", models.CASCADE, related_name="events")
    # Empty when the person is gone.
    user = models.ForeignKey("overture.User", models.SET_NULL, null=True)
    verb = models.CharField(max_length=20)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)


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
    erased_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # Annotated where an address is shown (prospects/shown_address).
    has_written: bool

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


class PartnerUserRows(models.QuerySet[Any]):
    def current(self) -> Self:
        return self.filter(removed_at=None, user__is_active=True)


class PartnerUser(models.Model):
    """A person signed in for a partner: came in by sign-up, by a claim, or invited by a colleague."""

    partner = models.ForeignKey("overture.Partner", models.CASCADE, related_name="users")
    user = models.ForeignKey("overture.User", models.CASCADE, related_name="partner_users")
    notify = models.CharField(_("email notices"), max_length=8, choices=Notify, default=Notify.AT_ONCE)
    # Chose notices on their own: an opt-out from outreach does not stop these.
    chose_at = models.DateTimeField(null=True)
    # Up to when the daily notice has told.
    told_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    objects = PartnerUserRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "user"], name="one_user_per_partner")]

    def __str__(self) -> str:
        return str(self.user)


class PartnerInvitation(models.Model):
    """An address asked to claim a partner, or to join its users. Its link is signed, not kept."""

    partner = models.ForeignKey("overture.Partner", models.CASCADE, related_name="invitations")
    address = models.EmailField(_("email"), max_length=320)
    # The workspace that invited, or the partner's user who did; the operator's has neither.
    workspace = models.ForeignKey("overture.Workspace", models.CASCADE, null=True)
    invited_by_member = models.ForeignKey("overture.Membership", models.SET_NULL, null=True, related_name="+")
    invited_by_user = models.ForeignKey("overture.User", models.SET_NULL, null=True, related_name="+")
    # To join its users, not to claim it: by one of them.
    is_colleague = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    # Accepted or taken back.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "workspace", "address"],
                name="one_open_partner_invitation",
                condition=Q(ended_at=None),
                nulls_distinct=False,
            )
        ]


class PartnerClaim(models.Model):
    """A person's word that they speak for a partner: by sign-up, or by an invitation that proves too little.

    It begins when their address is confirmed. Where nobody like it was known, the partner is made at once, in
    review; where one was, it is never handed over by itself: an operator decides.
    """

    class Found(models.TextChoices):
        """By what the partner it may mean was found."""

        WEBSITE = "website", _("the same website")
        ADDRESS = "address", _("the address of its account")
        NAME = "name", _("the same name")
        INVITATION = "invitation", _("an invitation to another address")

    class Outcome(models.TextChoices):
        MADE = "made", _("New in the directory")
        GRANTED = "granted", _("Granted")
        OTHER = "other", _("Another partner")
        REFUSED = "refused", _("Refused")

    user = models.ForeignKey("overture.User", models.CASCADE, related_name="partner_claims")
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=8, choices=PartnerKind, default=PartnerKind.PARTNER)
    website = models.CharField(_("website"), max_length=300, blank=True)
    # The one it may mean, or became.
    partner = models.ForeignKey("overture.Partner", models.CASCADE, null=True, related_name="claims")
    found_by = models.CharField(max_length=10, choices=Found, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    begun_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("overture.User", models.SET_NULL, null=True, related_name="+")
    # Why it was refused, for the person.
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="") ^ Q(decided_at__isnull=False), name="claim_decided_once"
            ),
            models.CheckConstraint(
                condition=Q(begun_at=None) | Q(partner__isnull=False),
                name="begun_claim_means_one",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], name="claim_undecided", condition=Q(outcome="", begun_at__isnull=False)
            )
        ]
