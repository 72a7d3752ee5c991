"""Pages of the partner's portal, below /partner/."""

from django.urls import URLPattern, path

from overture.web import (
    partner_invitations,
    partner_sign_up,
    portal_inbox,
    portal_profile,
    portal_settings,
    portal_users,
)

patterns: list[URLPattern] = [
    path("sign-up", partner_sign_up.partner_sign_up, name="partner_sign_up"),
    path("invitations/<str:invitation>", partner_invitations.partner_invitation, name="partner_invitation"),
    path("<int:partner>", portal_inbox.portal_of, name="portal_of"),
    path("<int:partner>/inbox", portal_inbox.portal_inbox, name="portal_inbox"),
    path("<int:partner>/profile", portal_profile.portal_profile, name="portal_profile"),
    path("<int:partner>/people", portal_users.portal_users, name="portal_users"),
    path(
        "<int:partner>/people/<int:other>/remove", portal_users.portal_user_remove, name="portal_user_remove"
    ),
    path(
        "<int:partner>/invitations/<int:invitation>/revoke",
        portal_users.portal_invitation_revoke,
        name="portal_invitation_revoke",
    ),
    path("<int:partner>/settings", portal_settings.portal_settings, name="portal_settings"),
    path("<int:partner>/settings/notices", portal_settings.portal_notices, name="portal_notices"),
]
