"""Who is signed in for a partner: the portal's door, colleagues who leave."""

from __future__ import annotations

from typing import cast

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from overture.accounts.access import require_operator
from overture.accounts.models import Notify, User
from overture.directory.find import leads_to
from overture.directory.history import note
from overture.directory.models import Partner, PartnerUser, Standing


class LastUser(Exception):
    """Nobody would be left who is signed in for the partner."""


def partner_user_of(user: User, mpid: int) -> PartnerUser:
    """As whom `user` acts for the partner; Http404 for a stranger, who learns nothing.

    The number of a merged partner leads to the one it became.
    """
    found = partners_of(user).filter(partner_id=leads_to(mpid)).first()
    if found is None:
        raise Http404
    return found


def partners_of(user: User) -> QuerySet[PartnerUser]:
    """Those the user is signed in for, the first one first."""
    mine = PartnerUser.objects.current().filter(user_id=user.pk).exclude(partner__standing=Standing.MERGED)
    return cast("QuerySet[PartnerUser]", mine.select_related("partner", "user").order_by("pk"))


def users_of(partner: Partner) -> QuerySet[PartnerUser]:
    mine = PartnerUser.objects.current().filter(partner_id=partner.pk)
    return cast("QuerySet[PartnerUser]", mine.select_related("user").order_by("pk"))


def take_in(partner: Partner, user: User) -> PartnerUser:
    """Signed in for the partner from now on; in the caller's transaction."""
    row, _ = PartnerUser.objects.update_or_create(
        partner=partner, user=user, defaults={"removed_at": None, "told_at": timezone.now()}
    )
    return row


@transaction.atomic
def remove(mine: PartnerUser, other: PartnerUser) -> None:
    """By a colleague, or by oneself. Raises LastUser, and Http404 for one of another partner."""
    _remove(mine.partner, other, mine.user, may_be_last=False)


@transaction.atomic
def remove_as_operator(operator: User, other: PartnerUser) -> None:
    require_operator(operator)
    _remove(other.partner, other, operator, may_be_last=True)


def choose_notices(mine: PartnerUser, notify: str) -> None:
    """At once, daily or never. Whoever chose is told whatever they opted out of elsewhere."""
    now = timezone.now()
    chosen = Notify(notify)
    PartnerUser.objects.filter(pk=mine.pk).update(notify=chosen, chose_at=now, told_at=now)


def _remove(partner: Partner, other: PartnerUser, by: User, *, may_be_last: bool) -> None:
    # All of them are locked, so that two who remove each other do not leave nobody.
    rows = list(
        PartnerUser.objects.select_for_update().filter(partner=partner, removed_at=None).order_by("pk")
    )
    if other.pk not in {row.pk for row in rows}:
        raise Http404
    if len(rows) == 1 and not may_be_last:
        raise LastUser
    PartnerUser.objects.filter(pk=other.pk).update(removed_at=timezone.now())
    note(by, partner, "user_removed", name=str(other.user))
