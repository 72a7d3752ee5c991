"""Notices: what a member was told on the page, newest first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from overture.accounts.choose_notices import choose_notices
from overture.accounts.models import Membership, Notify
from overture.conversations.models import Conversation
from overture.directory.models import PartnerKind
from overture.notices import notices as verbs
from overture.prospects.models import Prospect
from overture.web.links import workspace_link
from overture.web.newest_first import newest_first
from overture.web.pages import page


@page("GET", "HEAD")
def notices(request: HttpRequest, member: Membership) -> HttpResponse:
    shown = {"page": newest_first(verbs.notices(member), request.GET), "unread": verbs.unread(member)}
    return render(request, "notices/list.html", shown)


@page("GET", "HEAD")
def notice(request: HttpRequest, member: Membership, notice: int) -> HttpResponse:
    """To what it tells of; who follows it has read it."""
    row = get_object_or_404(verbs.notices(member), pk=notice)
    if request.method == "GET":
        verbs.read(member, [row.pk])
    return redirect(_LEADS_TO.get(row.kind, _list)(member, row.facts))


class EmailsForm(forms.Form):
    notify = forms.ChoiceField(
        label=gettext_lazy("Emails about messages of partners"),
        choices=Notify.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Of partners that you look after or wrote to last. Several come in one email; what you have read "
            "comes in none."
        ),
    )


@page("GET", "HEAD", "POST")
def notice_settings(request: HttpRequest, member: Membership) -> HttpResponse:
    """How this member is told by e-mail, in this workspace."""
    form = EmailsForm(request.POST or None, initial={"notify": member.notify})
    if request.method == "POST" and form.is_valid():
        choose_notices(member, form.cleaned_data["notify"])
        messages.success(request, _("Your settings are saved."))
        return redirect(_list(member, {}))
    return render(request, "notices/settings.html", {"form": form}, status=422 if form.errors else 200)


@page("POST")
def notices_read(request: HttpRequest, member: Membership) -> HttpResponse:
    count = verbs.read_all(member)
    told = ngettext("%(count)d notice marked as read.", "%(count)d notices marked as read.", count)
    messages.success(request, told % {"count": count})
    return redirect(_list(member, {}))


def _new_matches(member: Membership, facts: dict[str, Any]) -> str:
    """The search again, those that came last first."""
    is_creators = facts.get("marketplace") == PartnerKind.CREATOR
    route = "web:creator_marketplace" if is_creators else "web:partner_marketplace"
    asked = "&".join(part for part in (str(facts.get("query", "")), "sort=newest") if part)
    return reverse(route, kwargs={"workspace": member.workspace.slug}) + "?" + asked


def _list(member: Membership, facts: dict[str, Any]) -> str:
    return reverse("web:notices", kwargs={"workspace": member.workspace.slug})


def _webhook(member: Membership, facts: dict[str, Any]) -> str:
    numbers = {"workspace": member.workspace.slug, "webhook": facts.get("webhook", 0)}
    return reverse("web:webhook", kwargs=numbers)


def _mentioned(member: Membership, facts: dict[str, Any]) -> str:
    """To the conversation where there is one, else to the prospect."""
    row = Prospect.objects.visible_to(member).filter(pk=facts.get("prospect")).first()
    if row is None:
        return _list(member, {})
    thread = Conversation.objects.visible_to(member).filter(partner=row.partner_id).first()
    if thread is not None:
        return workspace_link(member, "web:conversation", conversation=thread.pk)
    return workspace_link(member, "web:prospect", prospect=row.pk)


def _assigned(member: Membership, facts: dict[str, Any]) -> str:
    if facts.get("count") == 1:
        return workspace_link(member, "web:conversation", conversation=facts["conversation"])
    return workspace_link(member, "web:inbox") + "?mine=1"


def _claimed(member: Membership, facts: dict[str, Any]) -> str:
    numbers = {"workspace": member.workspace.slug, "prospect": int(facts.get("prospect", 0))}
    return reverse("web:prospect", kwargs=numbers)


def _email(member: Membership, facts: dict[str, Any]) -> str:
    numbers = {"workspace": member.workspace.slug, "mailing": int(facts.get("mailing", 0))}
    return reverse("web:email", kwargs=numbers)


def _mailboxes(member: Membership, facts: dict[str, Any]) -> str:
    return reverse("web:mailboxes", kwargs={"workspace": member.workspace.slug})


_LEADS_TO: dict[str, Callable[[Membership, dict[str, Any]], str]] = {
    "assigned": _assigned,
    "mentioned": _mentioned,
    "new_matches": _new_matches,
    "webhook_paused": _webhook,
    "too_many_refused": _email,
    "too_many_complaints": _email,
    "schedule_missed": _email,
    "partner_claimed": _claimed,
    "mailing_file_blocked": _email,
    "mailbox_reconnect": _mailboxes,
}
