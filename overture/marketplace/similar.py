"""Partners like one: of the same category, and near in methods, countries, language and size."""

from __future__ import annotations

from tantivy import Occur, Query

from overture.accounts.models import Membership
from overture.directory.models import Partner
from overture.marketplace import index
from overture.marketplace.index import NoIndex
from overture.marketplace.schema import SCHEMA, main_countries
from overture.marketplace.words import words_of

# How much each thing in common says.
_WEIGHTS = {"method": 1.0, "country": 1.5, "language": 1.0, "size": 0.7, "model": 0.5}
_TOPIC = 2.0


def similar_to(member: Membership, partner: Partner, count: int = 4) -> list[int]:
    """Account numbers, the most like it first; none where this host has no index."""
    try:
        searcher = index.opened().searcher
    except NoIndex:
        return []
    needed = [_tag("kind", partner.kind), _tag("category", partner.category)]
    clauses = [(Occur.Must, Query.const_score_query(each, 0.0)) for each in needed]
    clauses.append((Occur.MustNot, Query.term_query(SCHEMA, "mpid", partner.pk, "basic")))
    for name, values in _traits(partner).items():
        clauses += [
            (Occur.Should, Query.const_score_query(_tag(name, value), _WEIGHTS[name])) for value in values
        ]
    for word in words_of(" ".join(partner.topics)):
        topic = Query.term_query(SCHEMA, "topics", word, "freq")
        clauses.append((Occur.Should, Query.const_score_query(topic, _TOPIC)))
    hits = searcher.search(Query.boolean_query(clauses), count, count=False).hits
    return [
        int(number) for number in searcher.fast_field_values("mpid", [each for _, each in hits]) if number
    ]


def _traits(partner: Partner) -> dict[str, list[str]]:
    return {
        "method": list(partner.methods),
        "country": main_countries(partner.audience_countries),
        "language": list(partner.languages)[:2],
        "size": [partner.size.value] if partner.size else [],
        "model": [partner.business_model] if partner.business_model else [],
    }


def _tag(name: str, value: str) -> Query:
    return Query.term_query(SCHEMA, "tags", f"{name}:{value}", "basic")
