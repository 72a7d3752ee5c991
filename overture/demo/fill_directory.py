"""Writes made-up partners into the directory as listed ones, by COPY, a million in a few minutes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from overture.demo.directory import generate
from overture.demo.directory_cast import CAST
from overture.demo.directory_hosts import number_of
from overture.demo.fill import next_ids
from overture.demo.generate import SEED
from overture.demo.made_partner import MadePartner
from overture.directory.models import Partner
from overture.lib import addresses

CHUNK = 10_000
BATCH = 200
_PARTNER = (
    "id, standing, kind, name, website, website_key, country, category, language, audience, about, topics, "
    "languages, methods, business_model, audience_countries, audience_ages, channels, active_on, "
    "has_messaging, created_at, listed_at"
)
_CONTACT = "id, partner_id, first_name, last_name, title, address, address_key, created_at"
_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def fill_directory(
    count: int, *, seed: int = SEED, now: datetime | None = None, told: Callable[[int], None] | None = None
) -> int:
    """Adds `count` listed partners to those made before; the number of the first one.

    Each chunk is a transaction: what is killed leaves whole chunks, and the next call goes on after them.
    `told` hears after each chunk how many are written.
    """
    first, when = next_number(seed), now or timezone.now()
    for start in range(0, count, CHUNK):
        size = min(CHUNK, count - start)
        with transaction.atomic():
            _write(generate(first + start, size, seed), size, when)
        if told:
            told(start + size)
    _analyze()
    return first


def next_number(seed: int = SEED) -> int:
    """The number of the partner that comes after the last one made from this seed; 0 for the first."""
    newest = Partner.objects.filter(workspace=None).order_by("-id").values_list("website_key", flat=True)
    for website in newest.iterator(chunk_size=500):
        number = _number(website, seed)
        if number is not None:
            return number + 1
    return 0


_CAST = {each.website_key: number for number, each in enumerate(CAST)}


def _number(host: str, seed: int) -> int | None:
    """Of a partner that was made here; a host that only looks like it is found out by making it again."""
    number = _CAST.get(host, number_of(host))
    if number is None or next(generate(number, 1, seed)).website_key != host:
        return None
    return number


def _write(made: Iterator[MadePartner], size: int, now: datetime) -> None:
    rows, contacts = zip(next_ids("partner", size), made, strict=True), iter(next_ids("contact", size))
    lines: list[str] = []
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY overture_partner ({_PARTNER}) FROM STDIN") as copy:
            # Some at a time: the database works on them while the next ones are made.
            while batch := [(number, each, _since(each, now)) for number, each in islice(rows, BATCH)]:
                copy.write(
                    "".join([_partner_line(number, each, now, since) for number, each, since in batch])
                )
                lines += [
                    _contact_line(next(contacts), number, each, since)
                    for number, each, since in batch
                    if each.address
                ]
        with cursor.copy(f"COPY overture_contact ({_CONTACT}) FROM STDIN") as copy:
            copy.write("".join(lines))


def _since(each: MadePartner, now: datetime) -> str:
    return (now - timedelta(minutes=each.listed_minutes)).isoformat()


def _partner_line(number: int, each: MadePartner, now: datetime, since: str) -> str:
    """A row in COPY's text format. Our words have no tab, line end, quote or backslash: a test looks."""
    active = (now - timedelta(days=each.active_days)).date()
    return (
        f"{number}\tlisted\t{each.kind}\t{each.name}\t{each.website}\t{each.website_key}\t{each.country}\t"
        f"{each.category}\t{each.language}\t{each.audience}\t{each.about}\t{_array(each.topics)}\t"
        f"{_array(each.languages)}\t{_array(each.methods)}\t{each.business_model}\t"
        f"{_as_json(each.audience_countries)}\t{_as_json(each.audience_ages)}\t{_as_json(each.channels)}\t"
        f"{active}\t{'t' if each.has_messaging else 'f'}\t{since}\t{since}\n"
    )


def _array(texts: tuple[str, ...]) -> str:
    return '{"' + '","'.join(texts) + '"}'


def _contact_line(number: int, partner: int, each: MadePartner, since: str) -> str:
    local, _, domain = each.address.partition("@")
    # Well-formed by the way it was made: no need to parse it.
    key = addresses.key(addresses.Address(local, domain, each.address), settings.ADDRESS_KEY)
    return (
        f"{number}\t{partner}\t{each.first_name}\t{each.last_name}\t{each.title}\t{each.address}\t"
        f"{key}\t{since}\n"
    )


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE overture_partner, overture_contact")
