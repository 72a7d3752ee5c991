"""Mailboxes that send through a provider's API, by django-anymail, instead of SMTP."""
