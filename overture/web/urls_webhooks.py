"""Addresses of Settings > Webhooks."""

from django.urls import URLPattern, path

from overture.web import webhooks

_ONE = "settings/webhooks/<int:webhook>"

patterns: list[URLPattern] = [
    path("settings/webhooks", webhooks.webhooks, name="webhooks"),
    path("settings/webhooks/new", webhooks.webhook_new, name="webhook_new"),
    path(_ONE, webhooks.webhook, name="webhook"),
    path(f"{_ONE}/edit", webhooks.webhook_edit, name="webhook_edit"),
    path(f"{_ONE}/secret", webhooks.webhook_secret, name="webhook_secret"),
    path(f"{_ONE}/pause", webhooks.webhook_pause, name="webhook_pause"),
    path(f"{_ONE}/resume", webhooks.webhook_resume, name="webhook_resume"),
    path(f"{_ONE}/remove", webhooks.webhook_remove, name="webhook_remove"),
    path(f"{_ONE}/test", webhooks.webhook_test, name="webhook_test"),
    path("settings/webhooks/calls/<int:call>/repeat", webhooks.call_repeat, name="webhook_call_repeat"),
]
