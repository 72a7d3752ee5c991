"""The site's pages, one line each."""

from django.urls import URLPattern, URLResolver, include, path

from overture.web import (
    ads,
    health,
    home,
    live,
    logos,
    mailbox_relays,
    mailbox_sign_in,
    mailboxes,
    members,
    opt_out,
    partner_profile,
    portal,
    profile,
    programs,
    redirects,
    relay_hooks,
    stop_notices,
    suppressions,
    tokens,
    urls_directory,
    urls_emails,
    urls_files,
    urls_inbox,
    urls_marketplace,
    urls_notices,
    urls_portal,
    urls_prospects,
    urls_webhooks,
    workspaces,
)

app_name = "web"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("workspaces", home.brand_side, name="brand_side"),
    path("healthz", health.healthz, name="healthz"),
    path("live/<str:token>", live.live, name="live"),
    path("language", profile.language, name="language"),
    path("theme", profile.theme, name="theme"),
    path("profile", profile.profile, name="profile"),
    path("workspaces/new", workspaces.workspace_new, name="workspace_new"),
    path("invitations/<str:invitation>", members.invitation, name="invitation"),
    path("c/<int:mpid>/<int:ad>/<str:program>", redirects.ad_click, name="ad_click"),
    path("i/<int:mpid>/<int:ad>/<str:program>", redirects.ad_image, name="ad_image"),
    path("o/<str:token>", opt_out.opt_out_page, name="opt_out"),
    path("o/<str:token>/undo", opt_out.opt_out_undo, name="opt_out_undo"),
    path("hooks/<str:relay>/<str:token>", relay_hooks.relay_hook, name="relay_hook"),
    path("n/<str:token>", stop_notices.stop_notices, name="stop_notices"),
    path("partners/<int:mpid>", partner_profile.partner_profile, name="partner_profile"),
    path("partners/<int:mpid>/logo", logos.partner_logo, name="partner_logo"),
    path("w/<slug:workspace>", workspaces.home_of, name="home_of"),
    # Ads
    path("w/<slug:workspace>/ads", ads.ads, name="ads"),
    path("w/<slug:workspace>/ads/new", ads.ad_new, name="ad_new"),
    path("w/<slug:workspace>/ads/<int:ad>", ads.ad, name="ad"),
    path("w/<slug:workspace>/ads/<int:ad>/end", ads.ad_end, name="ad_end"),
    # The partner's portal
    path("partner", portal.portal, name="portal"),
    path("partner/", include(urls_portal.patterns)),
    # Directory
    path("w/<slug:workspace>/", include(urls_directory.patterns)),
    # Emails
    path("w/<slug:workspace>/", include(urls_emails.patterns)),
    # Files
    path("w/<slug:workspace>/", include(urls_files.patterns)),
    # Inbox
    path("w/<slug:workspace>/", include(urls_inbox.patterns)),
    # Marketplaces
    path("w/<slug:workspace>/", include(urls_marketplace.patterns)),
    # Notices
    path("w/<slug:workspace>/", include(urls_notices.patterns)),
    # Prospects, partners, imports
    path("w/<slug:workspace>/", include(urls_prospects.patterns)),
    # Webhooks
    path("w/<slug:workspace>/", include(urls_webhooks.patterns)),
    # Settings
    path("w/<slug:workspace>/settings", workspaces.workspace_settings, name="settings"),
    path("w/<slug:workspace>/settings/members", members.members, name="members"),
    path("w/<slug:workspace>/settings/members/<int:other>/role", members.member_role, name="member_role"),
    path(
        "w/<slug:workspace>/settings/members/<int:other>/remove", members.member_remove, name="member_remove"
    ),
    path(
        "w/<slug:workspace>/settings/invitations/<int:invitation>/revoke",
        members.invitation_revoke,
        name="invitation_revoke",
    ),
    path("w/<slug:workspace>/settings/programs", programs.programs, name="programs"),
    path("w/<slug:workspace>/settings/programs/new", programs.program_new, name="program_new"),
    path("w/<slug:workspace>/settings/programs/<int:program>", programs.program_edit, name="program"),
    path("w/<slug:workspace>/settings/mailboxes", mailboxes.mailboxes, name="mailboxes"),
    path("w/<slug:workspace>/settings/mailboxes/new", mailboxes.mailbox_new, name="mailbox_new"),
    path("w/<slug:workspace>/settings/mailboxes/<int:mailbox>", mailboxes.mailbox_edit, name="mailbox"),
    path("w/<slug:workspace>/settings/mailboxes/relay", mailbox_relays.mailbox_relay, name="mailbox_relay"),
    path(
        "w/<slug:workspace>/settings/mailboxes/<int:mailbox>/webhook",
        mailbox_relays.mailbox_hook,
        name="mailbox_hook",
    ),
    path(
        "w/<slug:workspace>/settings/mailboxes/sign-in",
        mailbox_sign_in.mailbox_sign_in,
        name="mailbox_sign_in",
    ),
    path(
        "w/<slug:workspace>/settings/mailboxes/<int:mailbox>/sign-in",
        mailbox_sign_in.mailbox_sign_in_again,
        name="mailbox_sign_in_again",
    ),
    path("mailboxes/signed-in", mailbox_sign_in.signed_in, name="mailbox_signed_in"),
    path(
        "w/<slug:workspace>/settings/mailboxes/<int:mailbox>/test",
        mailboxes.mailbox_test,
        name="mailbox_test",
    ),
    path(
        "w/<slug:workspace>/settings/mailboxes/<int:mailbox>/sign",
        mailboxes.mailbox_sign,
        name="mailbox_sign",
    ),
    path(
        "w/<slug:workspace>/settings/mailboxes/<int:mailbox>/sign-no-more",
        mailboxes.mailbox_sign_no_more,
        name="mailbox_sign_no_more",
    ),
    path(
        "w/<slug:workspace>/settings/mailboxes/<int:mailbox>/remove",
        mailboxes.mailbox_remove,
        name="mailbox_remove",
    ),
    path("w/<slug:workspace>/settings/suppressions", suppressions.suppressions_page, name="suppressions"),
    path(
        "w/<slug:workspace>/settings/suppressions/add", suppressions.suppressions_add, name="suppressions_add"
    ),
    path(
        "w/<slug:workspace>/settings/suppressions.csv", suppressions.suppressions_csv, name="suppressions_csv"
    ),
    path(
        "w/<slug:workspace>/settings/suppressions/<int:suppression>/lift",
        suppressions.suppression_lift,
        name="suppression_lift",
    ),
    path("w/<slug:workspace>/settings/tokens", tokens.tokens, name="tokens"),
    path("w/<slug:workspace>/settings/tokens/<int:token>/revoke", tokens.token_revoke, name="token_revoke"),
]
