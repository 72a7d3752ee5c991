"""The three built-in roles, each a named set of permissions."""

from enum import StrEnum


class Permission(StrEnum):
    VIEW = "view"
    MANAGE_PROSPECTS = "manage_prospects"
    MESSAGE = "message"
    EMAIL_ONE = "email_one"
    EMAIL_MANY = "email_many"
    OVERRIDE_CONTACT_POLICY = "override_contact_policy"
    LIFT_SUPPRESSIONS = "lift_suppressions"
    EXPORT = "export"
    MANAGE_ADS = "manage_ads"
    MANAGE_MAILBOXES = "manage_mailboxes"
    ADMINISTER = "administer"


ADMINISTRATOR, MANAGER, VIEWER = "administrator", "manager", "viewer"

ROLES: dict[str, frozenset[Permission]] = {
    ADMINISTRATOR: frozenset(Permission),
    MANAGER: frozenset(Permission)
    - {Permission.ADMINISTER, Permission.OVERRIDE_CONTACT_POLICY, Permission.LIFT_SUPPRESSIONS},
    VIEWER: frozenset({Permission.VIEW}),
}
