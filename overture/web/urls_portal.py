"""Pages of the partner's portal, below /partner/."""

from django.urls import URLPattern, path

from overture.web import (
    logos,
    partner_invitations,
    partner_sign_up,
    portal_brands,
    portal_files,
    portal_inbox,
    portal_profile,
    portal_settings,
    portal_users,
    portal_write,
)

_ONE = "<int:partner>/inbox/<int:conversation>"

patterns: list[URLPattern] = [
    path("sign-up", partner_sign_up.partner_sign_up, name="partner_sign_up"),
    path("invitations/<str:invitation>", partner_invitations.partner_invitation, name="partner_invitation"),
    path("<int:partner>", portal_inbox.portal_of, name="portal_of"),
    path("<int:partner>/inbox", portal_inbox.portal_inbox, name="portal_inbox"),
    path(_ONE, portal_inbox.portal_conversation, name="portal_conversation"),
    path(f"{_ONE}/stream", portal_inbox.portal_stream, name="portal_stream"),
    path(f"{_ONE}/emails/<int:delivery>", portal_inbox.portal_email, name="portal_email"),
    path(f"{_ONE}/messages", portal_write.portal_answer, name="portal_answer"),
    path(f"{_ONE}/messages/<int:message>/edit", portal_write.portal_message_edit, name="portal_message_edit"),
    path(
        f"{_ONE}/messages/<int:message>/withdraw",
        portal_write.portal_message_withdraw,
        name="portal_message_withdraw",
    ),
    path(f"{_ONE}/files", portal_files.portal_files, name="portal_files"),
    path(f"{_ONE}/files/<int:attachment>", portal_files.portal_file, name="portal_file"),
    path(
        f"{_ONE}/files/<int:attachment>/preview",
        portal_files.portal_file_preview,
        name="portal_file_preview",
    ),
    path(
        f"{_ONE}/files/<int:attachment>/<str:file_name>",
        portal_files.portal_file_content,
        name="portal_file_content",
    ),
    path(f"{_ONE}/draft", portal_write.portal_draft, name="portal_draft"),
    path(f"{_ONE}/block", portal_write.portal_block, name="portal_block"),
    path(f"{_ONE}/unblock", portal_write.portal_unblock, name="portal_unblock"),
    path(f"{_ONE}/spam", portal_write.portal_spam, name="portal_spam"),
    path("<int:partner>/brands", portal_brands.portal_brands, name="portal_brands"),
    path("<int:partner>/brands/<slug:brand>", portal_write.portal_brand, name="portal_brand"),
    path(
        "<int:partner>/brands/<slug:brand>/draft", portal_write.portal_brand_draft, name="portal_brand_draft"
    ),
    path(
        "<int:partner>/brands/<slug:brand>/files", portal_files.portal_brand_files, name="portal_brand_files"
    ),
    path(
        "<int:partner>/brands/<slug:brand>/files/<int:attachment>",
        portal_files.portal_brand_file,
        name="portal_brand_file",
    ),
    path("<int:partner>/profile", portal_profile.portal_profile, name="portal_profile"),
    path("<int:partner>/logo", logos.portal_logo, name="portal_logo"),
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
