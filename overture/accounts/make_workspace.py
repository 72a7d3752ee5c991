"""Makes a workspace with its first program; whoever makes it administers it."""

from __future__ import annotations

import unicodedata

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from overture.accounts import roles
from overture.accounts.models import Membership, Program, User, Workspace

# Words that look odd or misleading as the name of a workspace in an address.
_TAKEN = {"new", "api", "admin", "settings", "static"}


@transaction.atomic
def make_workspace(
    user: User, name: str, kind: str = Program.Kind.BOTH, postal_address: str = "", time_zone: str = "UTC"
) -> Membership:
    """The administrator's membership. Its slug is made of the name, with a number where that one is taken."""
    workspace = _insert(Workspace(name=name, postal_address=postal_address, time_zone=time_zone))
    Program.objects.create(workspace=workspace, name=name, kind=kind)
    return Membership.objects.create(workspace=workspace, user=user, role=roles.ADMINISTRATOR)


def slug_of(name: str) -> str:
    """`Sel & Lin, Été` as `sel-lin-ete`; `workspace` where nothing of the name can stand in an address."""
    latin = unicodedata.normalize(
        "NFKD", name.replace("ß", "ss").replace("ø", "o").replace("æ", "ae").replace("œ", "oe")
    )
    slug = slugify(latin)[:50].strip("-_")
    return slug if slug and slug not in _TAKEN else f"workspace-{slug}".strip("-")


def _insert(workspace: Workspace) -> Workspace:
    stem, number = slug_of(workspace.name), 1
    taken = set(Workspace.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    while True:
        workspace.slug = stem if number == 1 else f"{stem}-{number}"
        number += 1
        if workspace.slug in taken:
            continue
        try:
            with transaction.atomic():
                workspace.save(force_insert=True)
            return workspace
        except IntegrityError:
            # Another one took it in this moment: the constraint has spoken, the next number is tried.
            taken.add(workspace.slug)
