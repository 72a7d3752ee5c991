"""Addresses of the notices."""

from django.urls import URLPattern, path

from overture.web import notices

patterns: list[URLPattern] = [
    path("notices", notices.notices, name="notices"),
    path("notices/emails", notices.notice_settings, name="notice_settings"),
    path("notices/read", notices.notices_read, name="notices_read"),
    path("notices/<int:notice>", notices.notice, name="notice"),
]
