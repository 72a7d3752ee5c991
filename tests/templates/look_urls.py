"""The site, and one page more: every component once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from overture.urls import urlpatterns as site

COUNTS = {"sent": 402, "sending": 3, "deferred": 27, "failed": 9, "unknown": 1, "skipped": 31, "queued": 143}


def components(request: HttpRequest) -> HttpResponse:
    if "message" in request.GET:
        messages.success(request, "50 prospects added to Winter linen", extra_tags="undo:/nowhere")
    shown = {
        "sample_counts": COUNTS,
        "theme": request.GET.get("theme", "light"),
        "has_single_keys": "quiet" not in request.GET,
    }
    return render(request, "shell/components.html", shown)


urlpatterns = [*site, path("look", csrf_exempt(components))]
