"""Who uses Overture: users, workspaces, their programs and members, and tokens for the API."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from overture.accounts import roles
from overture.accounts.rows import WorkspaceRows


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in, by e-mail address."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("Like this device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(_("email"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    # Empty follows the browser.
    language = models.CharField(
        _("language"), max_length=2, blank=True, choices=[("en", "English"), ("fr", "Français")]
    )
    theme = models.CharField(_("theme"), max_length=6, choices=Theme, default=Theme.SYSTEM)
    has_single_keys = models.BooleanField(_("single-key shortcuts"), default=True)
    is_operator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name or self.email


class Workspace(models.Model):
    """A brand's space."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    postal_address = models.TextField(_("postal address"), blank=True, max_length=500)
    # 0 turns the contact policy off.
    contact_days = models.PositiveSmallIntegerField(_("days between two emails"), default=7)
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    # Whether a partner that the brand never wrote to may begin a conversation.
    is_open_to_partners = models.BooleanField(_("partners may write first"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    @cached_property
    def has_creators(self) -> bool:
        """Whether it runs a program for creators."""
        return self.programs.filter(kind__in=[Program.Kind.CREATOR, Program.Kind.BOTH]).exists()


class Program(models.Model):
    """What a brand runs for partners, creators or both."""

    class Kind(models.TextChoices):
        PARTNER = "partner", _("Partner program")
        CREATOR = "creator", _("Creator program")
        BOTH = "both", _("Partner and creator program")

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE, related_name="programs")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.BOTH)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceRows.as_manager()

    def __str__(self) -> str:
        return self.name


class Notify(models.TextChoices):
    """How a person is told by e-mail that messages wait."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day")
    NONE = "none", _("Never")


class MembershipRows(WorkspaceRows):
    def visible_to(self, member: Membership) -> Self:
        """Those who are in the workspace now; who left stays for what they sent and wrote."""
        return super().visible_to(member).current()

    def current(self) -> Self:
        return self.filter(removed_at=None)


class Membership(models.Model):
    """A user in a workspace, with a role; the `member` that every verb is given."""

    ROLES: ClassVar = [
        (roles.ADMINISTRATOR, _("Administrator")),
        (roles.MANAGER, _("Manager")),
        (roles.VIEWER, _("Viewer")),
    ]

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE, related_name="memberships")
    user = models.ForeignKey("overture.User", models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=16, choices=ROLES, default=roles.MANAGER)
    # How partners' messages are told by e-mail.
    notify = models.CharField(_("email notices"), max_length=8, choices=Notify, default=Notify.AT_ONCE)
    # Up to when the daily notice has told.
    told_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    objects = MembershipRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "user"], name="one_membership_per_user")]

    def __str__(self) -> str:
        return str(self.user)

    def can(self, permission: str) -> bool:
        return permission in roles.ROLES.get(self.role, frozenset())


class ApiToken(models.Model):
    """A bearer token of one member; only its SHA-256 is kept."""

    member = models.ForeignKey("overture.Membership", models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    # The first characters, so that a person recognises the token in the list.
    start = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class Invitation(models.Model):
    """An address asked to join a workspace; whoever signs in with it may. Its link is signed, not kept."""

    workspace = models.ForeignKey("overture.Workspace", models.CASCADE)
    email = models.EmailField(_("email"))
    role = models.CharField(_("role"), max_length=16, choices=Membership.ROLES, default=roles.MANAGER)
    invited_by = models.ForeignKey("overture.Membership", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    # Accepted or taken back.
    ended_at = models.DateTimeField(null=True)

    objects = WorkspaceRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "email"],
                name="one_invitation_per_email",
                condition=models.Q(ended_at=None),
            )
        ]
