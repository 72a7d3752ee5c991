"""The rows of a page of prospects as the table shows them; the same number of queries at 1 and at 50 rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, OuterRef, Prefetch, QuerySet, Subquery

from overture.activity.models import Activity
from overture.delivery.models import Delivery
from overture.directory.models import Contact
from overture.prospects.export import written_to
from overture.prospects.models import Group, Prospect
from overture.web.list_state import ListState
from overture.web.message_door import NOWHERE, Door, message_doors


@dataclass(frozen=True)
class Happened:
    """The last thing that happened with a prospect: an activity, or an e-mail of the ledger that left."""

    at: datetime
    activity: Activity | None = None
    subject: str = ""

    @property
    def is_of_contact(self) -> bool:
        """The stage moved because an e-mail left: the e-mail is the news."""
        return self.activity is not None and self.activity.verb == "stage_moved"


@dataclass(frozen=True)
class Row:
    prospect: Prospect
    contact: Contact | None
    last: Happened
    is_chosen: bool = False
    # Where its record opens beside the list.
    url: str = ""
    message: Door = NOWHERE


def with_details(rows: QuerySet[Prospect]) -> QuerySet[Prospect]:
    """What a row shows beside its own fields."""
    groups = Prefetch("groups", Group.objects.order_by("name"))
    return rows.select_related("owner__user", "partner").prefetch_related(groups)


def rows_for(state: ListState, prospects: Iterable[Prospect], chosen: frozenset[int]) -> list[Row]:
    page = list(prospects)
    contacts = written_to(state.member, page)
    happened = _happened(page)
    doors = message_doors(state.member, [prospect.partner for prospect in page])
    return [
        Row(
            prospect,
            contacts.get(prospect.pk),
            happened.get(prospect.pk) or Happened(prospect.active_at),
            prospect.pk in chosen,
            state.panel_url(prospect.pk),
            doors[prospect.partner_id],
        )
        for prospect in page
    ]


def _happened(page: list[Prospect]) -> dict[int, Happened]:
    """The later of the last activity and the last e-mail that left."""
    ids = [prospect.pk for prospect in page]
    latest = Activity.objects.filter(prospect=OuterRef("pk")).order_by("-id").values("pk")[:1]
    newest = Prospect.objects.filter(pk__in=ids).values_list(Subquery(latest), flat=True)
    found = {
        activity.prospect_id: Happened(activity.at, activity)
        for activity in Activity.objects.filter(pk__in=list(newest)).select_related("member__user")
    }
    for sent in _last_sent(ids):
        before = found.get(sent.prospect_id)
        if sent.sent_at and (before is None or before.at < sent.sent_at or before.is_of_contact):
            found[sent.prospect_id] = Happened(sent.sent_at, subject=sent.manifest.subject)
    return found


def _last_sent(ids: list[int]) -> Iterable[Delivery]:
    sent = Delivery.objects.filter(prospect_id__in=ids, sent_at__isnull=False)
    newest = sent.values("prospect_id").annotate(last=Max("pk")).values_list("last", flat=True)
    return Delivery.objects.filter(pk__in=list(newest)).select_related("manifest")
