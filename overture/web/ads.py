"""Ads: the creatives whose codes go into e-mails, and how often they were clicked."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.ads.details import AdError
from overture.ads.edit import edit, end
from overture.ads.make import make
from overture.ads.models import Ad
from overture.ads.wording import WORDS
from overture.web.ad_form import AdForm
from overture.web.newest_first import newest_first
from overture.web.pages import page


@page("GET", "HEAD")
def ads(request: HttpRequest, member: Membership) -> HttpResponse:
    rows = Ad.objects.visible_to(member).select_related("program")
    listed = newest_first(rows, request.GET)
    # Counted for the ads of this page only.
    counted = (
        Ad.objects.filter(pk__in=[ad.pk for ad in listed.rows])
        .annotate(n=Count("clicks"))
        .values_list("pk", "n")
    )
    clicks = dict(counted)
    now = timezone.now()
    shown = {
        "page": listed,
        "ads": [(ad, state_of(ad, now), clicks.get(ad.pk, 0)) for ad in listed.rows],
        "may_change": member.can(Permission.MANAGE_ADS),
    }
    return render(request, "ads/list.html", shown)


@page("GET", "HEAD", "POST", needs=Permission.MANAGE_ADS)
def ad_new(request: HttpRequest, member: Membership) -> HttpResponse:
    form = AdForm(request.POST or None, member=member)
    if request.method == "POST" and form.is_valid():
        try:
            ad = make(member, form.details(), form.cleaned_data["program"])
        except AdError as error:
            form.add_error(error.field, WORDS[error.code])
        else:
            messages.success(request, _("%(name)s is made.") % {"name": ad.name})
            return redirect("web:ad", workspace=member.workspace.slug, ad=ad.pk)
    return render(request, "ads/form.html", {"form": form})


@page("GET", "HEAD", "POST", writes=Permission.MANAGE_ADS)
def ad(request: HttpRequest, member: Membership, ad: int) -> HttpResponse:
    row = get_object_or_404(Ad.objects.visible_to(member).select_related("program"), pk=ad)
    form = AdForm(request.POST or None, member=member, ad=row)
    if request.method == "POST" and form.is_valid():
        try:
            edit(member, row, form.details())
        except AdError as error:
            form.add_error(error.field, WORDS[error.code])
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": row.name})
            return redirect("web:ad", workspace=member.workspace.slug, ad=row.pk)
    shown = {
        "ad": row,
        "form": form,
        "state": state_of(row, timezone.now()),
        "clicks": row.clicks.count(),
        "token": f"{{adcode_{row.pk}}}",
        "code": code_of(row),
        "may_change": member.can(Permission.MANAGE_ADS),
    }
    return render(request, "ads/ad.html", shown)


@page("POST", writes=Permission.MANAGE_ADS)
def ad_end(request: HttpRequest, member: Membership, ad: int) -> HttpResponse:
    row = end(member, get_object_or_404(Ad.objects.visible_to(member), pk=ad))
    messages.success(
        request, _("%(name)s is ended. Its links in emails that left go on working.") % {"name": row.name}
    )
    return redirect("web:ads", workspace=member.workspace.slug)


def state_of(ad: Ad, now: datetime) -> str:
    """`active`, `planned` or `ended`."""
    if ad.active_to is not None and ad.active_to <= now:
        return "ended"
    return "active" if ad.is_active(now) else "planned"


def code_of(ad: Ad) -> str:
    """The ad code as a partner will get it, with MPID where their account number goes."""
    link, picture = (f"{settings.OVERTURE_TRACKING_URL}/{kind}/MPID/{ad.pk}/{ad.program_id}" for kind in "ci")
    if ad.kind == Ad.Kind.TEXT:
        return format_html('<a href="{}">{}</a>', link, ad.text)
    sides = [(side, getattr(ad, side)) for side in ("width", "height") if getattr(ad, side)]
    size = format_html_join("", ' {}="{}"', sides)
    return format_html('<a href="{}"><img src="{}"{} alt="{}"></a>', link, picture, size, ad.alt)
