"""What the index knows of a partner: words to find it by, tags to filter by, and what it is sorted by."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import TextChoices
from django.utils.translation import override
from tantivy import Document, IndexWriter, Query, Schema, SchemaBuilder

from overture.directory.vocabulary import BusinessModel, Category, Method, size_of
from overture.marketplace.facets import FACETS, LEAST_SHARE, MOST_COUNTRIES
from overture.marketplace.words import plain, searchable, tokens

# Another number makes every host rebuild beside the old one: raise it with any change of what is in an index,
# here, in words.py or in tags.py.
VERSION = 2
LANGUAGES = ("en", "fr")


class Listed(NamedTuple):
    """A listed partner as it is read for the index."""

    id: int
    kind: str
    name: str
    website: str
    category: str
    audience: int | None
    about: str
    topics: str
    languages: Sequence[str]
    methods: Sequence[str]
    business_model: str
    # Shares in percent.
    audience_countries: Mapping[str, float]
    channels: Sequence[str]
    # Days and seconds since 1970.
    active_on: int
    listed_at: int
    changed_xid: int


# As texts and numbers: PostgreSQL makes them at a tenth of what a client's arrays, dates and JSON cost.
READ = """
    partner.id, partner.kind, partner.name, partner.website, partner.category, partner.audience,
    partner.about, array_to_string(partner.topics, ' '),
    coalesce(nullif(array_to_string(partner.languages, ' '), ''), partner.language),
    array_to_string(partner.methods, ' '), partner.business_model, partner.audience_countries::text,
    jsonb_path_query_array(partner.channels, '$[*].kind')::text,
    coalesce(partner.active_on - DATE '1970-01-01', 0), floor(extract(epoch FROM partner.listed_at))::bigint,
    partner.changed_xid
"""


def listed(row: Sequence[Any]) -> Listed:
    """A row of READ."""
    *head, languages, methods, model, countries, channels, active_on, listed_at, xid = row
    tail = (model, json.loads(countries), json.loads(channels), active_on, listed_at, xid)
    return Listed._make((*head, languages.split(), methods.split(), *tail))


def make_schema() -> Schema:
    made = SchemaBuilder()
    # The number deletes a row that is written anew, and says which partner a result is.
    made.add_unsigned_field("mpid", indexed=True, fast=True)
    # `text` holds all words, so that one list of documents answers a word; the others raise the rank.
    for name in ("text", "name", "topics", "site"):
        made.add_text_field(name, index_option="freq")
    # Lets `index check` tell what is out of date.
    made.add_unsigned_field("changed_xid", fast=True)
    # Among names that match alike the shorter one is meant; see `brevity`.
    made.add_float_field("brevity", fast=True)
    return made.build()


SCHEMA = make_schema()


def document(partner: Listed) -> Document:
    return Document.from_dict(fields_of(partner), SCHEMA)


def take_away(writer: IndexWriter, mpid: int) -> None:
    # By a query: tantivy 0.27 deletes nothing by a term of numbers, and does not say so.
    writer.delete_documents_by_query(Query.term_query(SCHEMA, "mpid", mpid, "basic"))


def fields_of(partner: Listed) -> dict[str, Any]:
    """JSON values, by the names of the schema."""
    name, topics = searchable(partner.name), searchable(partner.topics)
    site = searchable(site_words(partner.website))
    labels = " ".join(_labelled(facet, tuple(given)) for facet, given in values_of(partner).items())
    return {
        "mpid": partner.id,
        "name": name,
        "brevity": brevity(name),
        "site": site,
        "topics": f"{topics} {labels}",
        "text": f"{name} {site} {topics} {labels} {searchable(partner.about)}",
        "changed_xid": partner.changed_xid,
    }


def tags_of(partner: Listed, known: Container[str] = ()) -> list[str]:
    """What it is found by with filters alone; and its words, as far as they are known as tags."""
    tags = [tag for facet, given in values_of(partner).items() for tag in _tags(facet, tuple(given))]
    words = set(tokens(fields_of(partner)["text"])) if known else ()
    return [f"kind:{partner.kind}", *tags, *(tag for word in words if (tag := f"word:{word}") in known)]


def columns_of(partner: Listed) -> dict[str, int]:
    return {
        "audience": partner.audience or 0,
        "listed_at": partner.listed_at,
        "active_on": max(partner.active_on, 0),
    }


def brevity(name: str) -> float:
    """Raises a score by a tenth for one word, by a hundredth for many: the engine takes log2(2 + weight)."""
    return 0.2 / (1 + name.count(" "))


def values_of(partner: Listed) -> dict[str, Sequence[str]]:
    """What each filter finds it by."""
    size = size_of(partner.audience)
    return {
        "country": main_countries(partner.audience_countries),
        "category": (partner.category,),
        "method": partner.methods,
        "model": (partner.business_model,),
        "size": (size,) if size else (),
        "language": partner.languages,
        "channel": partner.channels,
    }


def main_countries(shares: Mapping[str, float]) -> list[str]:
    """Where most of an audience is; small shares say nothing."""
    largest = sorted(shares, key=shares.__getitem__, reverse=True)[:MOST_COUNTRIES]
    return [country for country in largest if shares[country] >= LEAST_SHARE]


@lru_cache(maxsize=50_000)
def _tags(facet: str, given: tuple[str, ...]) -> tuple[str, ...]:
    """Kept: partners have a few thousand combinations of values in common."""
    known = FACETS[facet]
    return tuple(f"{facet}:{value}" for value in dict.fromkeys(given) if value in known)


@lru_cache(maxsize=50_000)
def _labelled(facet: str, given: tuple[str, ...]) -> str:
    """What pages call the values, to be searched as words."""
    return " ".join(_labels(facet, value) for value in given if value)


def site_words(website: str) -> str:
    """`https://www.hus.example/blog` as `hus blog`: the last label says nothing about who it is."""
    bare = website.split("//", 1)[-1].removeprefix("www.")
    host, _, path = bare.partition("/")
    return f"{host.rpartition('.')[0] or host} {path}"


def _labels(name: str, value: str) -> str:
    """In every language of the site; of what is a code of its own, nothing."""
    choices = _LABELLED.get(name)
    if choices is None:
        return ""
    if value not in choices.values:
        return plain(value)
    found: list[str] = []
    for language in LANGUAGES:
        with override(language):
            found.append(str(choices(value).label))
    return plain(" ".join(dict.fromkeys(found)))


_LABELLED: dict[str, type[TextChoices]] = {"category": Category, "method": Method, "model": BusinessModel}
