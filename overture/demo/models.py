"""What the demo's mail catcher received."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class CaughtEmail(models.Model):
    received_at = models.DateTimeField(auto_now_add=True)
    sender = models.CharField(max_length=400)
    recipients = ArrayField(models.CharField(max_length=400))
    subject = models.CharField(max_length=500)
    raw = models.BinaryField()
