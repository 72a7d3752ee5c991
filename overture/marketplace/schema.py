"""What the index knows of a partner: words to find it by, filters, and columns to count and sort by."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.translation import override
from tantivy import Document, Schema, SchemaBuilder

from overture.directory.vocabulary import BusinessModel, Category, Method, size_of
from overture.marketplace.columns import COLUMNS, FACETS, LEAST_SHARE, MOST_COUNTRIES, days
from overture.marketplace.words import plain, searchable

# Another number makes every host rebuild beside the old one: raise it with any change of what is in an index,
# here, in words.py or in columns.py.
VERSION = 1
LANGUAGES = ("en", "fr")


class Listed(NamedTuple):
    """A listed partner as it is read for the index: the columns of READ, in their order."""

    id: int
    kind: str
    name: str
    website: str
    category: str
    language: str
    audience: int | None
    about: str
    topics: list[str]
    languages: list[str]
    methods: list[str]
    business_model: str
    audience_countries: dict[str, float]
    channels: list[dict[str, Any]]
    active_on: date | None
    listed_at: datetime
    changed_xid: int


READ = ", ".join(f"partner.{name}" for name in Listed._fields)


def listed(row: Sequence[Any]) -> Listed:
    """A row of READ; Django's connection gives JSON as its text."""
    read = Listed._make(row)
    return read._replace(
        audience_countries=json.loads(str(read.audience_countries)), channels=json.loads(str(read.channels))
    )


def make_schema() -> Schema:
    made = SchemaBuilder()
    # The number deletes a row that is written anew, and says which partner a result is.
    made.add_unsigned_field("mpid", indexed=True, fast=True)
    # `text` holds all words, so that one list of documents answers a word; the others raise the rank.
    for name in ("text", "name", "topics", "site"):
        made.add_text_field(name, index_option="freq")
    made.add_text_field("tags", tokenizer_name="raw", index_option="basic")
    # `changed_xid` lets `index check` tell what is out of date.
    for name in (*COLUMNS, "active_on", "audience", "listed_at", "changed_xid"):
        made.add_unsigned_field(name, fast=True)
    return made.build()


SCHEMA = make_schema()


def document(partner: Listed) -> Document:
    return Document.from_dict(fields_of(partner), SCHEMA)


def fields_of(partner: Listed) -> dict[str, Any]:
    values = values_of(partner)
    name, site = searchable(partner.name), searchable(site_words(partner.website))
    topics = searchable(" ".join(partner.topics)) + _labels(
        partner.category, tuple(partner.methods), partner.business_model
    )
    fields: dict[str, Any] = {
        "mpid": partner.id,
        "name": name,
        "site": site,
        "topics": topics,
        "text": f"{name} {topics} {searchable(partner.about)}",
        "tags": tags_of(partner.kind, values),
        "active_on": days(partner.active_on),
        "audience": partner.audience or 0,
        "listed_at": int(partner.listed_at.timestamp()),
        "changed_xid": partner.changed_xid,
    }
    for facet, given in values.items():
        fields |= zip(FACETS[facet].columns, FACETS[facet].encode(given), strict=True)
    return fields


def values_of(partner: Listed) -> dict[str, Sequence[str]]:
    """What each filter finds it by."""
    size = size_of(partner.audience)
    return {
        "country": main_countries(partner.audience_countries),
        "category": [partner.category],
        "method": partner.methods,
        "model": [partner.business_model],
        "size": [size.value] if size else [],
        "language": partner.languages or [partner.language],
        "channel": [each["kind"] for each in partner.channels],
    }


def main_countries(shares: Mapping[str, float]) -> list[str]:
    """Where most of an audience is; empty shares say nothing."""
    largest = sorted(shares.items(), key=lambda each: -each[1])[:MOST_COUNTRIES]
    return [country for country, share in largest if share >= LEAST_SHARE]


def tags_of(kind: str, values: Mapping[str, Sequence[str]]) -> list[str]:
    """Exact words to filter by, such as `country:FR`; only what the columns count."""
    tags = [f"kind:{kind}"]
    for name, given in values.items():
        facet = FACETS[name]
        codes = facet.encode(given)
        tags += [f"{name}:{value}" for code in codes for value in facet.decode(code)]
    return tags


def site_words(website: str) -> str:
    """`https://www.hus.example/blog` as `hus blog`: the last label says nothing about who it is."""
    bare = website.split("//", 1)[-1].removeprefix("www.")
    host, _, path = bare.partition("/")
    return f"{host.rpartition('.')[0] or host} {path}"


@lru_cache(maxsize=4096)
def _labels(category: str, methods: tuple[str, ...], model: str) -> str:
    """What a page calls them, in every language of the site."""
    found: list[str] = []
    for language in LANGUAGES:
        with override(language):
            found += [str(Category(category).label)] if category in Category.values else [category]
            found += [str(Method(each).label) for each in methods if each in Method.values]
            found += [str(BusinessModel(model).label)] if model in BusinessModel.values else []
    return " " + plain(" ".join(dict.fromkeys(found)))
