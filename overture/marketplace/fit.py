"""How well a partner fits a workspace: plainly, by how those like it answered before.

For category, promotional method, country and size the workspace's own record tells how many of those it
wrote to joined (counted once), and negotiate or answered (counted half). What did better than the
workspace's average adds to the fit, as much as it did better. Few cases weigh little: each rate is drawn to
the average by two cases more.
Nothing else goes in, and nobody outside is asked.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from overture.accounts.models import Membership
from overture.directory.models import Partner
from overture.directory.vocabulary import Category, Method, Size, size_of
from overture.lib.place_names import country_name
from overture.marketplace.bitmaps import Array
from overture.marketplace.schema import main_countries
from overture.marketplace.tags import Tags

FEATURES = ("category", "method", "country", "size")
# So many of them have to speak for a partner that is recommended.
LEAST_REASONS = 3
# What is hardly better than the average, or was tried once, says nothing.
LEAST_WEIGHT, LEAST_TRIED = 0.03, 2
# Of each feature, the values that did best.
MOST_REASONS = 6
# Seconds that a record is kept before it is gathered anew.
KEPT = 600
_DRAW = 2
_MOST_KEPT = 200
_RECORD = """
WITH wrote AS (
    SELECT CASE WHEN prospect.stage = 'joined' THEN 1.0
                WHEN prospect.stage = 'negotiating' OR conversation.last_in_at IS NOT NULL THEN 0.5
                ELSE 0 END AS success,
           prospect.stage = 'joined' AS has_joined, prospect.category, partner.methods,
           prospect.audience, partner.audience_countries, prospect.country
    FROM overture_prospect AS prospect JOIN overture_partner AS partner ON partner.id = prospect.partner_id
    LEFT JOIN overture_conversation AS conversation
        ON conversation.workspace_id = prospect.workspace_id AND conversation.partner_id = prospect.partner_id
    WHERE prospect.workspace_id = %s AND prospect.stage <> 'new'
), facts AS (
    SELECT 'category' AS feature, category AS value, success, has_joined FROM wrote WHERE category <> ''
    UNION ALL SELECT 'method', unnest(methods), success, has_joined FROM wrote
    UNION ALL SELECT 'country', coalesce(
        (SELECT key FROM jsonb_each_text(audience_countries) ORDER BY value::numeric DESC LIMIT 1), country
    ), success, has_joined FROM wrote
    UNION ALL SELECT 'size', CASE WHEN audience < 10000 THEN 'under_10k' WHEN audience < 50000 THEN '10k_50k'
            WHEN audience < 250000 THEN '50k_250k' WHEN audience < 1000000 THEN '250k_1m' ELSE 'over_1m' END,
        success, has_joined FROM wrote WHERE audience IS NOT NULL
    UNION ALL SELECT '', '', success, has_joined FROM wrote
)
SELECT feature, value, count(*), count(*) FILTER (WHERE has_joined), sum(success)::float
FROM facts WHERE value IS NOT NULL GROUP BY feature, value
"""


@dataclass(frozen=True)
class Reason:
    """Of `tried` partners with this value that the workspace wrote to, `joined` joined."""

    feature: str
    value: str
    tried: int
    joined: int
    # What it adds to the fit: how much better than the average it did, from 0 to 1.
    weight: float

    @property
    def text(self) -> str:
        told = {"joined": self.joined, "tried": self.tried, "value": self._label}
        if not self.joined:
            return _("Partners like this answer you more often: %(value)s") % told
        words = ngettext(
            "%(joined)d of %(tried)d partner like this joined: %(value)s",
            "%(joined)d of %(tried)d partners like this joined: %(value)s",
            self.tried,
        )
        return words % told

    @property
    def _label(self) -> str:
        labels = {"category": Category, "method": Method, "size": Size}
        if self.feature == "country":
            return country_name(self.value)
        choices = labels[self.feature]
        return str(choices(self.value).label) if self.value in choices.values else self.value


@dataclass(frozen=True)
class Fit:
    """`score` from 0 to 100: how much of what can speak for a partner does; the best reason first."""

    score: int
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Record:
    """What speaks for a partner in a workspace, by feature and value; empty where nobody answered yet."""

    reasons: Mapping[str, Mapping[str, Reason]]
    # Another one for every record that is gathered.
    number: int

    @property
    def is_empty(self) -> bool:
        return not any(self.reasons.values())

    @property
    def best(self) -> float:
        """The weight of a partner for which everything speaks."""
        return sum(
            max((each.weight for each in found.values()), default=0) for found in self.reasons.values()
        )

    def fit(self, partner: Partner) -> Fit | None:
        """None where there is no record to judge by."""
        if self.is_empty:
            return None
        found = [self._best(feature, values) for feature, values in features_of(partner).items()]
        reasons = sorted((each for each in found if each), key=lambda each: -each.weight)
        return Fit(round(100 * sum(each.weight for each in reasons) / self.best), tuple(reasons))

    def scores(self, tags: Tags, first: int = 0) -> tuple[Array, Array]:
        """For each place from `first` on, the weight of what speaks for it, and how many features do."""
        rows = tags.count - first
        weights, features = np.zeros(rows, np.float32), np.zeros(rows, np.uint8)
        for feature, found in self.reasons.items():
            best = np.zeros(rows, np.float32)
            for value, reason in found.items():
                # The value that speaks loudest counts, and no other.
                np.maximum(best, tags.mask(f"{feature}:{value}", first) * np.float32(reason.weight), out=best)
            weights += best
            features += best > 0
        return weights, features

    def _best(self, feature: str, values: Sequence[str]) -> Reason | None:
        found = [self.reasons[feature][value] for value in values if value in self.reasons[feature]]
        return max(found, key=lambda each: each.weight, default=None)


def features_of(partner: Partner) -> dict[str, list[str]]:
    size = size_of(partner.audience)
    return {
        "category": [partner.category],
        "method": list(partner.methods),
        "country": main_countries(partner.audience_countries),
        "size": [size.value] if size else [],
    }


def fits_of(member: Membership, partners: Iterable[Partner]) -> dict[int, Fit]:
    """By account number; without those that cannot be judged."""
    record = record_of(member.workspace_id)
    found = {partner.pk: record.fit(partner) for partner in partners}
    return {mpid: fit for mpid, fit in found.items() if fit is not None}


def record_of(workspace_id: int) -> Record:
    """Kept for some minutes: it changes slowly, and is a look at all prospects."""
    with _lock:
        until, record = _records.get(workspace_id, (0.0, None))
    if record is None or until < time.monotonic():
        record = _gathered(workspace_id)
        with _lock:
            if len(_records) >= _MOST_KEPT:
                _records.clear()
            _records[workspace_id] = (time.monotonic() + KEPT, record)
    return record


def _gathered(workspace_id: int) -> Record:
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [workspace_id])
        rows = cursor.fetchall()
    whole = next(((tried, success) for feature, _, tried, _, success in rows if not feature), (0, 0.0))
    average = whole[1] / whole[0] if whole[0] else 0.0
    reasons: dict[str, dict[str, Reason]] = {feature: {} for feature in FEATURES}
    for feature, value, tried, joined, success in rows:
        weight = (success + _DRAW * average) / (tried + _DRAW) - average
        if feature and tried >= LEAST_TRIED and weight >= LEAST_WEIGHT:
            reasons[feature][value] = Reason(feature, value, tried, joined, round(weight, 4))
    strongest = {
        feature: dict(sorted(found.items(), key=lambda each: -each[1].weight)[:MOST_REASONS])
        for feature, found in reasons.items()
    }
    return Record(strongest, next(_numbers))


_numbers = count(1)
_lock = threading.Lock()
_records: dict[int, tuple[float, Record]] = {}
