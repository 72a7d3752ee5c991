"""Partners like one: of the same category, and near in methods, countries, language, size and topics."""

from __future__ import annotations

import numpy as np
from tantivy import Occur, Query

from overture.accounts.models import Membership
from overture.directory.models import Partner
from overture.marketplace import index
from overture.marketplace.best import largest
from overture.marketplace.bitmaps import Array, holds, places_of
from overture.marketplace.index import NoIndex, Opened
from overture.marketplace.schema import SCHEMA, main_countries
from overture.marketplace.words import words_of

# How much each thing in common says.
_WEIGHTS = {"method": 1.0, "country": 1.5, "language": 1.0, "size": 0.7, "model": 0.5}
_TOPIC = 2.0
# So many that share topics are looked at, those that share most.
_MOST = 2_000


def similar_to(member: Membership, partner: Partner, count: int = 4) -> list[int]:
    """Account numbers, the most like it first; none where this host has no index."""
    try:
        opened = index.opened()
    except NoIndex:
        return []
    tags = opened.tags
    near = tags.bitmap(f"kind:{partner.kind}") & tags.bitmap(f"category:{partner.category}")
    near &= ~tags.marked(tags.places_of(np.array([partner.pk])))
    places = places_of(near)
    alike = _with_topics(opened, words_of(" ".join(partner.topics)))[places]
    for tag, weight in _traits(partner).items():
        alike += holds(tags.bitmap(tag), places) * weight
    return [int(mpid) for mpid in tags.columns["mpid"][places[largest(alike, count)]]]


def _with_topics(opened: Opened, words: list[str]) -> Array:
    """For each place, what the topics in common say."""
    said = np.zeros(opened.tags.count)
    if words:
        terms = [Query.term_query(SCHEMA, "topics", word, "freq") for word in words]
        clauses = [(Occur.Should, Query.const_score_query(term, _TOPIC)) for term in terms]
        hits = opened.searcher.search(Query.boolean_query(clauses), _MOST, count=False).hits
        mpids = opened.searcher.fast_field_values("mpid", [address for _, address in hits])
        places = opened.tags.places_of(np.array(mpids, np.int64))
        said[places[places >= 0]] = np.array([score for score, _ in hits])[places >= 0]
    return said


def _traits(partner: Partner) -> dict[str, float]:
    values = {
        "method": list(partner.methods),
        "country": main_countries(partner.audience_countries),
        "language": list(partner.languages),
        "size": [partner.size.value] if partner.size else [],
        "model": [partner.business_model] if partner.business_model else [],
    }
    return {f"{name}:{value}": _WEIGHTS[name] for name, given in values.items() for value in given}
