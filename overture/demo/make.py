"""Makes the demo: one who signs in, a brand with colleagues, prospects, ads and a draft, and a directory."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.utils import timezone

from overture.accounts.make_workspace import make_workspace
from overture.accounts.models import Membership, User
from overture.demo import cast, sign_in
from overture.demo.conversations import make_conversations
from overture.demo.fill import fill
from overture.demo.fill_directory import fill_directory
from overture.demo.generate import partners
from overture.demo.people import make_people
from overture.demo.relate import relate
from overture.prospects.models import Group

DRAFTED_TO = 24
PROSPECTS = 400
PARTNERS = 2000


def make(
    count: int = PROSPECTS, listed: int = PARTNERS, told: Callable[[int], None] | None = None
) -> Membership:
    """The member who signs in; `count` prospects of its own, `listed` partners in the directory.

    All of it or nothing, but for what the directory has beyond the first 2,000: that comes in chunks.
    """
    small = min(listed, PARTNERS)
    with transaction.atomic():
        user = User.objects.create_user(
            sign_in.EMAIL, sign_in.password(), name="Nora Lindqvist", is_operator=True
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        nora = make_workspace(user, cast.BRAND, postal_address=cast.ADDRESS)
        actors = cast.make_cast(nora)
        owners = [nora, *actors.colleagues[:2]]
        made = fill(partners(count), owners, [group.pk for group in actors.groups], timezone.now())
        cast.make_ads_and_draft(actors, made[:DRAFTED_TO])
        if small:
            fill_directory(small)
            relate(nora, owners, actors.groups, timezone.now())
            people = make_people(nora.workspace)
            make_conversations(nora, actors.colleagues, people)
    if listed > small:
        fill_directory(listed - small, told=told)
    _analyze()
    return nora


def more(count: int, seed: int) -> Membership:
    """Adds `count` prospects to the demo that is there."""
    nora: Membership = Membership.objects.select_related("workspace").get(user__email=sign_in.EMAIL)
    groups = Group.objects.visible_to(nora).values_list("pk", flat=True)
    fill(partners(count, seed), [nora], list(groups), timezone.now())
    _analyze()
    return nora


def _analyze() -> None:
    """Fresh statistics: the first pages should not be planned for empty tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
