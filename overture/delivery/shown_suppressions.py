"""Suppressions as a member may see and search them: the address of a partner's account stays obfuscated."""

from __future__ import annotations

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Concat, StrIndex, Substr

from overture.accounts.models import Membership
from overture.delivery.models import Suppression
from overture.directory.models import Contact
from overture.prospects.models import Prospect, Stage
from overture.prospects.shown_address import has_written, shown_address


def suppressions(member: Membership, q: str = "", reason: str = "") -> QuerySet[Suppression]:
    """Those that hold, with what `address_shown` needs. `q` finds in what is shown alone."""
    rows: QuerySet[Suppression] = Suppression.objects.visible_to(member).filter(lifted_at=None)
    rows = rows.annotate(is_custom=_is_custom(member), has_joined=_has_joined(member))
    rows = rows.annotate(has_written=has_written(member))
    if reason:
        rows = rows.filter(reason=reason)
    if q:
        in_full = Q(is_custom=True) | Q(has_joined=True) | Q(has_written=True)
        rows = rows.annotate(seen=Case(When(in_full, then=F("address")), default=_obfuscated())).filter(
            seen__icontains=q
        )
    return rows.select_related("added_by__user")


def address_shown(member: Membership, row: Suppression) -> str:
    """Of a row of `suppressions`."""
    known = {name: getattr(row, name) for name in ("is_custom", "has_joined", "has_written")}
    return shown_address(member, row.address, **known)


def _is_custom(member: Membership) -> Q:
    """Typed in by a colleague, brought by the workspace, or not of any account (any longer)."""
    there = Contact.objects.filter(address_key=OuterRef("address_key"))
    typed = Q(reason=Suppression.Reason.BY_HAND, added_by__isnull=False)
    brought = Exists(there.filter(workspace_id=member.workspace_id))
    return typed | Q(brought) | ~Q(Exists(there.filter(workspace=None)))


def _has_joined(member: Membership) -> Exists:
    joined = Prospect.objects.visible_to(member).filter(stage=Stage.JOINED)
    return Exists(joined.filter(partner__contacts__address_key=OuterRef("address_key")))


def _obfuscated() -> Concat:
    """What lib.addresses.obfuscate makes, in SQL."""
    return Concat(Substr("address", 1, 1), Value("•••"), Substr("address", StrIndex("address", Value("@"))))
