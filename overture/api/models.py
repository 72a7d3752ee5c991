"""Answers kept by Idempotency-Key, so that a request sent twice is done once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class KeptAnswer(models.Model):
    """What a member's first request with a key was answered; kept for a day."""

    member = models.ForeignKey("overture.Membership", models.CASCADE)
    key = models.CharField(max_length=200)
    # SHA-256 of method, path and content: another request may not use the key.
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    # Encrypted by lib/secrets, bound to member and key.
    body = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[KeptAnswer]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "key"], name="one_answer_per_key")]
        indexes = [models.Index(fields=["created_at"], name="answer_age")]
