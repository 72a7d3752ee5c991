"""Pages of the operator's directory, below /w/WORKSPACE/."""

from django.urls import URLPattern, path

from overture.web import claims, directory

patterns: list[URLPattern] = [
    path("directory", directory.directory, name="directory"),
    path("directory/new", directory.directory_new, name="directory_new"),
    path("directory/<int:entry>", directory.directory_partner, name="directory_partner"),
    path("directory/<int:entry>/list", directory.directory_list, name="directory_list"),
    path("directory/<int:entry>/suspend", directory.directory_suspend, name="directory_suspend"),
    path("directory/<int:entry>/settle", directory.directory_settle, name="directory_settle"),
    path("directory/<int:entry>/merge", directory.directory_merge, name="directory_merge"),
    path("directory/<int:entry>/invitations", claims.directory_invite, name="directory_invite"),
    path(
        "directory/<int:entry>/invitations/<int:invited>/revoke",
        claims.directory_invitation_revoke,
        name="directory_invitation_revoke",
    ),
    path(
        "directory/<int:entry>/people/<int:person>/remove",
        claims.directory_user_remove,
        name="directory_user_remove",
    ),
    path("directory/claims", claims.claims, name="claims"),
    path("directory/claims/<int:claim>/grant", claims.claim_grant, name="claim_grant"),
    path("directory/claims/<int:claim>/other", claims.claim_other, name="claim_other"),
    path("directory/claims/<int:claim>/refuse", claims.claim_refuse, name="claim_refuse"),
]
