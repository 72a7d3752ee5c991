"""Addresses of Engage > Emails: the list, writing, checking, sending."""

from django.urls import URLPattern, path

from overture.web import composer, emails, manifest, progress

_ONE = "emails/<int:mailing>"

patterns: list[URLPattern] = [
    path("emails", emails.emails, name="emails"),
    path("emails/new", composer.email_new, name="email_new"),
    path("emails/restore", composer.email_restore, name="email_restore"),
    path(_ONE, progress.email, name="email"),
    path(f"{_ONE}/write", composer.email_write, name="email_write"),
    path(f"{_ONE}/draft", composer.email_draft, name="email_draft"),
    path(f"{_ONE}/preview", composer.email_preview, name="email_preview"),
    path(f"{_ONE}/preflight", composer.email_preflight, name="email_preflight"),
    path(f"{_ONE}/discard", composer.email_discard, name="email_discard"),
    path(f"{_ONE}/manifest", manifest.email_manifest, name="email_manifest"),
    path(f"{_ONE}/policy", manifest.email_policy, name="email_policy"),
    path(f"{_ONE}/send", manifest.email_send, name="email_send"),
    path(f"{_ONE}/progress", progress.email_progress, name="email_progress"),
    path(f"{_ONE}/schedule", progress.email_schedule, name="email_schedule"),
    path(f"{_ONE}/undo", progress.email_undo, name="email_undo"),
    path(f"{_ONE}/pause", progress.email_pause, name="email_pause"),
    path(f"{_ONE}/resume", progress.email_resume, name="email_resume"),
    path(f"{_ONE}/cancel", progress.email_cancel, name="email_cancel"),
    path(f"{_ONE}/unknown", progress.email_unknown, name="email_unknown"),
]
