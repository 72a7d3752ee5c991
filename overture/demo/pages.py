"""Reads the mail that the demo's catcher received, as the operator."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from overture.accounts.models import Membership, User
from overture.demo.answer import BOUNCE, LONGEST, REPLY, answer, parsed
from overture.demo.models import CaughtEmail
from overture.inbound.models import Mail

PAGE = 50
_SHOWN = (
    "From",
    "Reply-To",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
)


def _operator(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For the operator of a demo; to all others these pages do not exist."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = cast(User, request.user)
        if not (settings.OVERTURE_DEMO and user.is_operator):
            raise Http404
        # The frame of a workspace around the page, as everywhere else.
        mine = Membership.objects.filter(user=user).select_related("workspace", "user")
        request.member = mine.filter(workspace__slug=request.session.get("workspace")).first() or mine.first()  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return login_required(answer)


@require_safe
@_operator
def mail(request: HttpRequest) -> HttpResponse:
    found = CaughtEmail.objects.order_by("-id").defer("raw")
    wanted = request.GET.get("q", "").strip()
    if wanted:
        found = found.filter(recipients__contains=[wanted]) | found.filter(subject__icontains=wanted)
    before = request.GET.get("before", "")
    page = list((found.filter(id__lt=int(before)) if before.isdigit() else found)[: PAGE + 1])
    query = {"q": wanted} if wanted else {}
    shown = {
        "mails": page[:PAGE],
        "q": wanted,
        "total": found.count(),
        "first": f"?{urlencode(query)}" if before else "",
        "next": f"?{urlencode(query | {'before': page[PAGE - 1].pk})}" if len(page) > PAGE else "",
    }
    return render(request, "demo/mail.html", shown)


@require_safe
@_operator
def one(request: HttpRequest, caught: int) -> HttpResponse:
    row = get_object_or_404(CaughtEmail, pk=caught)
    message = parsed(row)
    text = message.get_body(("plain",))
    unsubscribe = str(message.get("List-Unsubscribe", "")).strip("<> ")
    shown = {
        "mail": row,
        "headers": [(name, str(message[name])) for name in _SHOWN if name in message],
        "text": text.get_content() if text else "",
        "unsubscribe": unsubscribe if unsubscribe.startswith(("https://", "http://")) else "",
        "source": bytes(row.raw).decode(errors="replace"),
    }
    return render(request, "demo/one.html", shown)


@require_safe
@_operator
@xframe_options_sameorigin
@csp_replace(  # type: ignore[arg-type]
    {
        "default-src": ["'none'"],
        "script-src": ["'none'"],
        "style-src": ["'unsafe-inline'"],
        "img-src": ["https:"],
        "frame-ancestors": ["'self'"],
        "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
    }
)
def html(request: HttpRequest, caught: int) -> HttpResponse:
    """The e-mail's own HTML, for a frame in which nothing can run."""
    body = parsed(get_object_or_404(CaughtEmail, pk=caught)).get_body(("html",))
    return HttpResponse(body.get_content() if body else "")


@require_POST
@_operator
def answered(request: HttpRequest, caught: int) -> HttpResponse:
    """As the recipient, or the recipient's server."""
    row = get_object_or_404(CaughtEmail, pk=caught)
    kind, text = request.POST.get("kind", REPLY), request.POST.get("text", "").strip()[:LONGEST]
    if kind != BOUNCE and not text:
        messages.error(request, _("Write what the recipient answers."))
        return redirect("demo:caught", caught)
    taken = answer(row, kind, text)
    if taken is None:
        messages.error(request, _("No mailbox here sent this email, so nobody takes an answer to it."))
        return redirect("demo:caught", caught)
    messages.success(request, _("It came back to %(mailbox)s.") % {"mailbox": taken.mailbox})
    return redirect(_where(taken) or reverse("demo:caught", args=[caught]))


def _where(taken: Mail) -> str:
    """What it led to: its thread, or the mailing that a bounce belongs to."""
    slug = taken.workspace.slug
    if taken.message:
        return reverse("web:conversation", args=[slug, taken.message.conversation_id])
    return reverse("web:email", args=[slug, taken.delivery.mailing_id]) if taken.delivery else ""
