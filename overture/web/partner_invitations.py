"""The page behind the link of an invitation to claim a partner, or to join its people."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from overture.accounts.models import User
from overture.directory import claim as claims
from overture.directory.models import PartnerInvitation
from overture.directory.turns import Busy
from overture.directory.wording import STANDING
from overture.lib.addresses import obfuscate
from overture.marketplace.claim import accept


@require_http_methods(["GET", "HEAD", "POST"])
def partner_invitation(request: HttpRequest, invitation: str) -> HttpResponse:
    """Sign in or up first. Of the address only so much is shown that its owner knows it again."""
    found = claims.invitation_with(invitation)
    if found is None:
        return _private(render(request, "portal/invitation_ended.html", {"days": claims.DAYS}, status=404))
    shown = {"invitation": found, "address": obfuscate(found.address)}
    if not request.user.is_authenticated:
        # Opens sign-up for this person where it is closed to all others, and leads back here.
        request.session["partner_invitation"] = invitation
        return _private(render(request, "portal/invitation.html", shown))
    # Found again; the front door need not lead here once more.
    request.session.pop("partner_invitation", None)
    user = request.user
    if user.email.lower() != found.address:
        status = 403 if request.method == "POST" else 200
        return _private(render(request, "portal/invitation.html", shown | {"is_other": True}, status=status))
    if request.method == "POST":
        return _accept(request, user, found)
    return _private(render(request, "portal/invitation.html", shown))


def _accept(request: HttpRequest, user: User, found: PartnerInvitation) -> HttpResponse:
    try:
        accepted = accept(user, found, has_messaging="has_messaging" in request.POST)
    except Busy as error:
        messages.error(request, STANDING[error.code])
        return redirect(request.path)
    except claims.ClaimInvitationError:
        return render(request, "portal/invitation_ended.html", {"days": claims.DAYS}, status=404)
    if accepted.claim is not None:
        return redirect("web:portal")
    request.session["partner"] = accepted.partner.pk
    if found.is_colleague:
        messages.success(request, _("You are one of %(name)s now.") % {"name": accepted.partner.name})
        return redirect("web:portal_inbox", partner=accepted.partner.pk)
    messages.success(
        request, _("%(name)s is yours. Say what brands should see of it.") % {"name": accepted.partner.name}
    )
    return redirect("web:portal_profile", partner=accepted.partner.pk)


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    # The address of this page is a key: it goes nowhere else.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
