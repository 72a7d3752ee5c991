"""Addresses of files, below /w/WORKSPACE/: one sends them to `files`, and finds each below it."""

from django.urls import URLPattern, path

from overture.web import files, quarantine

patterns: list[URLPattern] = [
    path("files", files.files, name="files"),
    path("files/<int:attachment>", files.file, name="file"),
    path("files/<int:attachment>/preview", files.file_preview, name="file_preview"),
    path("files/<int:attachment>/<str:file_name>", files.file_content, name="file_content"),
    # The operator's
    path("quarantine", quarantine.quarantine, name="quarantine"),
    path("quarantine/<int:blocked>/delete", quarantine.quarantine_delete, name="quarantine_delete"),
]
