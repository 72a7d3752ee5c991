"""Settings > Webhooks: where to tell what happened, and each call that was made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.lib.safe_http import LONGEST_URL
from overture.web.newest_first import newest_first
from overture.web.pages import page
from overture.webhooks import edit as verbs
from overture.webhooks import repeat as by_hand
from overture.webhooks.call import host_of
from overture.webhooks.errors import NotNow, WebhookError
from overture.webhooks.models import Event, Webhook, WebhookCall
from overture.webhooks.wording import ending_words, refusal


class WebhookForm(forms.Form):
    url = forms.CharField(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("A POST with JSON goes there for each event, signed with a secret."),
        max_length=LONGEST_URL,
        widget=forms.TextInput(
            attrs={
                "type": "url",
                "inputmode": "url",
                "placeholder": "https://hooks.brand.example/overture",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("Events"),
        choices=[(event.value, event.label) for event in Event],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one event.")},
    )


@page("GET", "HEAD", needs=Permission.ADMINISTER)
def webhooks(request: HttpRequest, member: Membership) -> HttpResponse:
    waiting = Count("calls", filter=Q(calls__state=WebhookCall.State.WAITING))
    rows = Webhook.objects.visible_to(member).kept().annotate(waiting=waiting).order_by("pk")
    shown = [(row, host_of(row), [str(Event(each).label) for each in row.events]) for row in rows]
    return render(request, "webhooks/list.html", {"tab": "webhooks", "webhooks": shown})


@page("GET", "HEAD", "POST", needs=Permission.ADMINISTER)
def webhook_new(request: HttpRequest, member: Membership) -> HttpResponse:
    form = WebhookForm(request.POST or None, initial={"events": Event.values})
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = verbs.make(member, **form.cleaned_data)
        except WebhookError as error:
            form.add_error(error.field, refusal(error.code))
        else:
            return _one(request, member, made, secret=secret)
    return render(request, "webhooks/form.html", {"tab": "webhooks", "form": form})


@page("GET", "HEAD", needs=Permission.ADMINISTER)
def webhook(request: HttpRequest, member: Membership, webhook: int) -> HttpResponse:
    return _one(request, member, _find(member, webhook))


@page("GET", "HEAD", "POST", needs=Permission.ADMINISTER)
def webhook_edit(request: HttpRequest, member: Membership, webhook: int) -> HttpResponse:
    row = _find(member, webhook)
    form = WebhookForm(request.POST or None, initial={"url": row.url, "events": row.events})
    if request.method == "POST" and form.is_valid():
        try:
            verbs.edit(member, row, **form.cleaned_data)
        except WebhookError as error:
            form.add_error(error.field, refusal(error.code))
        else:
            messages.success(request, _("Saved."))
            return _back(member, row)
    return render(request, "webhooks/form.html", {"tab": "webhooks", "form": form, "webhook": row})


@page("POST", needs=Permission.ADMINISTER)
def webhook_secret(request: HttpRequest, member: Membership, webhook: int) -> HttpResponse:
    row = _find(member, webhook)
    secret = verbs.change_secret(member, row)
    return _one(request, member, _find(member, webhook), secret=secret, is_changed=True)


@page("POST", needs=Permission.ADMINISTER)
def webhook_pause(request: HttpRequest, member: Membership, webhook: int) -> HttpResponse:
    row = _find(member, webhook)
    verbs.pause(member, row)
    messages.success(request, _("Paused. What happens meanwhile is told when it goes on."))
    return _back(member, row)


@page("POST", needs=Permission.ADMINISTER)
def webhook_resume(request: HttpRequest, member: Membership, webhook: int) -> HttpResponse:
    row = _find(member, webhook)
    verbs.resume(member, row)
    messages.success(request, _("It goes on."))
    return _back(member, row)


@page("POST", needs=Permission.ADMINISTER)
def webhook_remove(request: HttpRequest, member: Membership, webhook: int) -> HttpResponse:
    verbs.remove(member, _find(member, webhook))
    messages.success(request, _("The webhook is removed; its secret is deleted."))
    return redirect("web:webhooks", workspace=member.workspace.slug)


@page("POST", needs=Permission.ADMINISTER)
def webhook_test(request: HttpRequest, member: Membership, webhook: int) -> HttpResponse:
    row = _find(member, webhook)
    call = by_hand.send_test(member, row)
    told = messages.success if call.state == WebhookCall.State.DONE else messages.error
    told(request, _("Test: %(words)s") % {"words": ending_words(call)})
    return _back(member, row)


@page("POST", needs=Permission.ADMINISTER)
def call_repeat(request: HttpRequest, member: Membership, call: int) -> HttpResponse:
    calls = WebhookCall.objects.visible_to(member).filter(webhook__removed_at=None)
    row = get_object_or_404(calls.select_related("webhook"), pk=call)
    try:
        by_hand.repeat(member, row)
    except NotNow as error:
        messages.error(request, refusal(error.code))
    else:
        messages.success(request, _("It is sent once more, in a few seconds."))
    return _back(member, row.webhook)


def _one(request: HttpRequest, member: Membership, row: Webhook, **shown: Any) -> HttpResponse:
    listed = newest_first(WebhookCall.objects.visible_to(member).filter(webhook=row), request.GET)
    shown |= {
        "tab": "webhooks",
        "webhook": row,
        "events": [str(Event(each).label) for each in row.events],
        "page": listed,
        "calls": [(call, ending_words(call)) for call in listed.rows],
    }
    answer = render(request, "webhooks/one.html", shown)
    # The secret is in this one answer: nothing may keep it.
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _find(member: Membership, number: int) -> Webhook:
    found: Webhook = get_object_or_404(Webhook.objects.visible_to(member).kept(), pk=number)
    return found


def _back(member: Membership, row: Webhook) -> HttpResponse:
    return redirect("web:webhook", workspace=member.workspace.slug, webhook=row.pk)
