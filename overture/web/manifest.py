"""The manifest: what will leave, who is held back and why, and when it will be done; then Send."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.compose import ComposeErrors, HeaderError
from overture.delivery import approve, draft
from overture.delivery.draft import chosen
from overture.delivery.errors import Changed, DraftError, NotNow
from overture.delivery.models import Delivery, Mailing, Manifest
from overture.delivery.prepare import prepare
from overture.prospects.audience import AudienceError
from overture.web import schedule
from overture.web.attached import shown_files
from overture.web.audience_line import audience_line
from overture.web.composer import composer_page, mailing_of, number, save
from overture.web.deliveries import delivery_page, hold_text, holds, skipped, tabs
from overture.web.manifest_checks import manifest_checks
from overture.web.pages import page
from overture.web.preflight import legal
from overture.web.preview import preview_of
from overture.web.wording import changed_text, draft_text

UNDO_SECONDS = 10


@page("GET", "HEAD", "POST", writes=Permission.EMAIL_ONE)
def email_manifest(request: HttpRequest, member: Membership, mailing: int) -> HttpResponse:
    row = mailing_of(member, mailing)
    if request.method == "POST":
        return _check(request, member, row)
    if row.state == Mailing.State.DRAFT:
        return redirect("web:email_write", workspace=member.workspace.slug, mailing=row.pk)
    if row.state != Mailing.State.PREPARED or row.manifest is None:
        return redirect("web:email", workspace=member.workspace.slug, mailing=row.pk)
    return manifest_page(request, member, row)


@page("POST", needs=Permission.EMAIL_ONE)
def email_policy(request: HttpRequest, member: Membership, mailing: int) -> HttpResponse:
    """Holds to the contact policy or overrides it; a single one then leaves at once, as its button says."""
    row = mailing_of(member, mailing)
    policy = "override" if request.POST.get("policy") == "override" else "hold"
    try:
        row = draft.edit(member, row, contact_policy=policy)
        made = prepare(member, row)
    except (NotNow, DraftError, ComposeErrors, HeaderError, AudienceError):
        return redirect("web:email", workspace=member.workspace.slug, mailing=row.pk)
    if request.POST.get("send") and made.recipients == 1 and made.queued == 1:
        return _send(request, member, row, made.pk)
    return redirect("web:email_manifest", workspace=member.workspace.slug, mailing=row.pk)


@page("POST", needs=Permission.EMAIL_ONE)
def email_send(request: HttpRequest, member: Membership, mailing: int) -> HttpResponse:
    """Approves the manifest that the page showed, and no other; with `at`, for that time."""
    row = mailing_of(member, mailing)
    manifest = number(request.POST.get("manifest")) or 0
    if "at" not in request.POST:
        return _send(request, member, row, manifest)
    try:
        return _send(request, member, row, manifest, schedule.read(row, request.POST))
    except schedule.TimeError as error:
        return _other_time(request, member, row, error.chosen)
    except DraftError as error:
        return _other_time(request, member, row, schedule.refused(row, request.POST, error))


def manifest_page(
    request: HttpRequest,
    member: Membership,
    mailing: Mailing,
    changed: str = "",
    chosen_time: schedule.Chosen | None = None,
) -> HttpResponse:
    """`changed`: why what was approved can no longer be sent; `chosen_time`: when it cannot begin."""
    made = mailing.manifest
    assert made is not None  # the callers have looked
    counted = _counted(made)
    shown = {
        "mailing": mailing,
        "manifest": made,
        "changed": changed,
        "counts": counted,
        "plan": {"sent": made.queued, "skipped": counted["skipped"]},
        "tabs": tabs(counted),
        "skipped": skipped(mailing),
        "recipients": delivery_page(member, mailing, request.GET),
        "checks": [*manifest_checks(mailing, made), *legal(member, mailing)],
        "to": audience_line(member, mailing, made.recipients),
        "preview": preview_of(member, mailing, number(request.GET.get("prospect"))),
        "may_send": _may_send(member, mailing, made),
        "may_override": member.can(Permission.OVERRIDE_CONTACT_POLICY),
        "held": made.skipped.get("contacted_recently", 0),
        "hold": _single_hold(member, mailing, made),
        "matches_now": chosen(member, mailing.audience).count(),
        "undo_seconds": UNDO_SECONDS,
        "when": chosen_time or schedule.field(mailing),
        **shown_files(member, made),
    }
    status = 409 if changed else 422 if chosen_time else 200
    return render(request, "emails/manifest.html", shown, status=status)


def _check(request: HttpRequest, member: Membership, mailing: Mailing) -> HttpResponse:
    """Saves what was typed, if the composer's button brought us here, and prepares."""
    try:
        if "content" in request.POST:
            mailing, errors, kept = save(request, member, mailing)
            if errors or any(not each.attachment for each in kept):
                return composer_page(request, member, mailing, errors, kept)
        prepare(member, mailing)
    except NotNow:
        return redirect("web:email", workspace=member.workspace.slug, mailing=mailing.pk)
    except DraftError as error:
        return composer_page(request, member, mailing, {error.field: draft_text(error)})
    except HeaderError:
        words = _("The sender name, the subject or the reply-to cannot stand in an e-mail.")
        return composer_page(request, member, mailing, {"subject": words})
    except (ComposeErrors, AudienceError):
        words = _("Mend what stands under Preflight first.")
        return composer_page(request, member, mailing, {"content": words})
    return redirect("web:email_manifest", workspace=member.workspace.slug, mailing=mailing.pk)


def _send(
    request: HttpRequest,
    member: Membership,
    mailing: Mailing,
    manifest_id: int,
    at: datetime | None = None,
) -> HttpResponse:
    try:
        approve.send(member, mailing, manifest_id, UNDO_SECONDS, at)
    except Changed as change:
        return _changed(request, member, mailing, change)
    return redirect("web:email", workspace=member.workspace.slug, mailing=mailing.pk)


def _other_time(
    request: HttpRequest, member: Membership, mailing: Mailing, chosen: schedule.Chosen
) -> HttpResponse:
    if mailing.state != Mailing.State.PREPARED or mailing.manifest is None:
        return redirect("web:email", workspace=member.workspace.slug, mailing=mailing.pk)
    return manifest_page(request, member, mailing, chosen_time=chosen)


def _changed(request: HttpRequest, member: Membership, mailing: Mailing, change: Changed) -> HttpResponse:
    mailing = mailing_of(member, mailing.pk)
    if mailing.manifest is None or set(change.what) & {"already_sent", "cancelled"}:
        messages.error(request, changed_text(change.what))
        return redirect("web:email", workspace=member.workspace.slug, mailing=mailing.pk)
    return manifest_page(request, member, mailing, changed_text(change.what))


def _counted(made: Manifest) -> dict[str, int]:
    return {"queued": made.queued, "skipped": made.recipients - made.queued}


def _may_send(member: Membership, mailing: Mailing, made: Manifest) -> bool:
    try:
        approve.may_send(member, mailing, made)
    except PermissionDenied:
        return False
    return made.queued > 0


def _single_hold(member: Membership, mailing: Mailing, made: Manifest) -> str:
    """For one recipient that the contact policy holds back: who wrote when and how."""
    if made.recipients != 1 or not made.skipped.get("contacted_recently"):
        return ""
    found = list(
        holds(member, mailing, list(Delivery.objects.filter(mailing=mailing, manifest=made))).values()
    )
    return hold_text(mailing, found[0]) if found else _("Somebody here wrote to this partner lately.")
