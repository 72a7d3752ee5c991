"""The composer: a draft is written here, saved as one types, and previewed for any recipient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.ads.models import Ad
from overture.delivery import draft
from overture.delivery.attached import files_of
from overture.delivery.errors import DraftError, NotNow
from overture.delivery.models import Mailing
from overture.delivery.typed import Typed, last_tab
from overture.mailboxes.models import Mailbox
from overture.prospects.audience import AudienceError
from overture.prospects.copy_selection import copy_selection
from overture.prospects.models import Prospect, Selection, Stage
from overture.web.attached import files_of_form, shown_files
from overture.web.audience_line import audience_line
from overture.web.pages import page
from overture.web.preflight import checks, known_outlook, summary
from overture.web.preview import preview_of
from overture.web.token_menu import token_menu
from overture.web.uploads import Kept
from overture.web.wording import draft_text, local, when

_TEXTS = ("sender_name", "reply_to", "subject", "content", "language", "contact_policy")
_WRITABLE = (Mailing.State.DRAFT, Mailing.State.PREPARED)
_DISCARDED = "discarded_email"


def mailing_of(member: Membership, number: int) -> Mailing:
    rows = Mailing.objects.visible_to(member).select_related(
        "workspace", "mailbox", "manifest", "author__user"
    )
    found: Mailing = get_object_or_404(rows, pk=number)
    return found


@page("POST", needs=Permission.EMAIL_ONE)
def email_new(request: HttpRequest, member: Membership) -> HttpResponse:
    """A draft for the prospect of a row, or for a selection of the table."""
    made = draft.create(
        member,
        audience=_audience(request, member),
        sender_name=member.user.name,
        reply_to=member.user.email,
        language=(get_language() or "en")[:2],
    )
    return redirect("web:email_write", workspace=member.workspace.slug, mailing=made.pk)


@page("GET", "HEAD", "POST", needs=Permission.EMAIL_ONE)
def email_write(request: HttpRequest, member: Membership, mailing: int) -> HttpResponse:
    row = mailing_of(member, mailing)
    if row.state not in _WRITABLE:
        return redirect("web:email", workspace=member.workspace.slug, mailing=row.pk)
    if request.method != "POST":
        return composer_page(request, member, row)
    row, errors, kept = save(request, member, row)
    if errors or any(not each.attachment for each in kept):
        return composer_page(request, member, row, errors, kept)
    messages.success(request, _("Draft saved."))
    return redirect("web:email_write", workspace=member.workspace.slug, mailing=row.pk)


@page("POST", needs=Permission.EMAIL_ONE)
def email_draft(request: HttpRequest, member: Membership, mailing: int) -> HttpResponse:
    """Saves what was typed; what cannot stand is named, and all the rest is kept."""
    row = mailing_of(member, mailing)
    try:
        row, errors, _kept = save(request, member, row)
    except NotNow:
        return JsonResponse(
            {"saved": _("It was sent already; this is no longer saved."), "errors": {}}, status=409
        )
    clock = when(local(row, timezone.now()))
    return JsonResponse({"saved": _("Saved at %(time)s") % {"time": clock}, "errors": errors})


@page("GET", "HEAD")
def email_preview(request: HttpRequest, member: Membership, mailing: int) -> HttpResponse:
    row = mailing_of(member, mailing)
    shown = {"mailing": row, "preview": preview_of(member, row, number(request.GET.get("prospect")))}
    return render(request, "emails/_preview.html", shown)


@page("GET", "HEAD")
def email_preflight(request: HttpRequest, member: Membership, mailing: int) -> HttpResponse:
    return render(request, "emails/_preflight.html", _preflight(member, mailing_of(member, mailing)))


@page("POST", needs=Permission.EMAIL_ONE)
def email_discard(request: HttpRequest, member: Membership, mailing: int) -> HttpResponse:
    row = mailing_of(member, mailing)
    kept = {name: getattr(row, name) for name in (*_TEXTS, "audience")} | {
        "mailbox": row.mailbox_id,
        "attachments": [each.pk for each in files_of(row)],
    }
    try:
        draft.discard(member, row)
    except NotNow:
        return redirect("web:email", workspace=member.workspace.slug, mailing=row.pk)
    request.session[_DISCARDED] = kept
    undo = reverse("web:email_restore", kwargs={"workspace": member.workspace.slug})
    messages.success(request, _("Draft deleted."), extra_tags=f"undo:{undo}")
    return redirect("web:emails", workspace=member.workspace.slug)


@page("POST", needs=Permission.EMAIL_ONE)
def email_restore(request: HttpRequest, member: Membership) -> HttpResponse:
    """Takes back the last deletion of a draft."""
    kept = request.session.pop(_DISCARDED, None)
    if kept is None:
        raise Http404
    try:
        made = draft.create(member, **kept)
    except (DraftError, AudienceError):
        messages.error(
            request, _("The draft cannot be brought back: its recipients or its mailbox are gone.")
        )
        return redirect("web:emails", workspace=member.workspace.slug)
    return redirect("web:email_write", workspace=member.workspace.slug, mailing=made.pk)


def save(
    request: HttpRequest, member: Membership, mailing: Mailing
) -> tuple[Mailing, dict[str, str], list[Kept]]:
    """Keeps every field that can stand; the others are named, and what became of each file. Raises NotNow."""
    posted: QueryDict = request.POST
    fields: dict[str, Any] = {
        name: str(posted[name]).replace("\r\n", "\n")
        for name in _TEXTS
        if name in posted and name != "contact_policy"
    }
    if "mailbox" in posted:
        fields["mailbox"] = number(posted["mailbox"])
    attached, kept = files_of_form(request, member)
    if attached is not None:
        fields["attachments"] = attached
    errors: dict[str, str] = {}
    while True:
        try:
            return draft.edit(member, mailing, _typed(posted), **fields), errors, kept
        except DraftError as error:
            if error.field not in fields:
                raise
            errors[error.field] = draft_text(error)
            del fields[error.field]


def composer_page(
    request: HttpRequest,
    member: Membership,
    mailing: Mailing,
    errors: dict[str, str] | None = None,
    kept: Sequence[Kept] = (),
) -> HttpResponse:
    """`errors` by field; what was typed there is shown again. `kept`: files that came with the form."""
    typed = {name: request.POST[name] for name in errors or {} if name in request.POST}
    row = mailing_of(member, mailing.pk)
    preflight = _preflight(member, row)
    shown = {
        **preflight,
        **shown_files(member, row),
        # Those that were kept stand among its files already.
        "kept": [each for each in kept if not each.attachment],
        "values": {name: getattr(row, name) for name in _TEXTS} | typed,
        "errors": errors or {},
        "mailboxes": list(Mailbox.objects.usable_by(member).order_by("owner_id", "id")),
        "to": audience_line(member, row, preflight["outlook"].recipients),
        "tokens": token_menu(row, preflight["outlook"]),
        "ads": _ads(member),
        "preview": preview_of(member, row, number(request.GET.get("prospect"))),
        "saved": when(local(row, row.updated_at)),
        "last_tab": last_tab(row),
        "languages": Mailing._meta.get_field("language").choices,
    }
    is_refused = bool(errors or shown["kept"])
    answer = render(request, "emails/write.html", shown, status=422 if is_refused else 200)
    # Who comes back sees the draft as it is: the next save would overwrite it with an older one.
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _typed(posted: QueryDict) -> Typed | None:
    """Without script a form does not say it."""
    tab, at = number(posted.get("tab")), number(posted.get("typed_at"))
    return None if tab is None or at is None else Typed(tab, at)


def number(text: Any) -> int | None:
    value = str(text or "")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 18 else None


def _preflight(member: Membership, mailing: Mailing) -> dict[str, Any]:
    seen = known_outlook(member, mailing)
    made = checks(member, mailing, seen)
    return {"mailing": mailing, "outlook": seen, "checks": made, "summary": summary(made)}


def _audience(request: HttpRequest, member: Membership) -> dict[str, Any]:
    prospect = number(request.POST.get("prospect"))
    if prospect is not None:
        row = get_object_or_404(Prospect.objects.visible_to(member), pk=prospect)
        # Who joined is written to as a partner, wherever the row stands.
        origin = "partners" if row.stage == Stage.JOINED else "prospects"
        return {"prospects": [row.pk], "from": origin}
    chosen = Selection.objects.visible_to(member).filter(
        member=member, pk=number(request.POST.get("selection"))
    )
    return {"selection": copy_selection(member, get_object_or_404(chosen)).pk}


def _ads(member: Membership) -> list[Ad]:
    return [ad for ad in Ad.objects.visible_to(member).order_by("-pk")[:200] if ad.is_active()]
