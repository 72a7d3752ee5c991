"""Addresses of pages in a member's workspace."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse

from overture.accounts.models import Membership


def workspace_link(member: Membership, route: str, **numbers: Any) -> str:
    """The address of a page, or "" where there is none of this name."""
    try:
        return reverse(route, kwargs={"workspace": member.workspace.slug, **numbers})
    except NoReverseMatch:
        return ""


def profile_link(mpid: int) -> str:
    """The public page of a listed partner, or "" where there is none of this name."""
    try:
        return reverse("web:partner_profile", kwargs={"mpid": mpid})
    except NoReverseMatch:
        return ""
