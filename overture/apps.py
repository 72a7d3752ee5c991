"""The one Django app: every package below registers its models under the label `overture`."""

from django.apps import AppConfig


class OvertureConfig(AppConfig):
    name = "overture"
    label = "overture"
    default_auto_field = "django.db.models.BigAutoField"
