"""A small directory, varied enough that every filter tells partners apart."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from overture.directory.models import Partner
from overture.directory.vocabulary import BusinessModel, Category, ChannelKind, Method

NAMES = (
    "La Longue Veille", "Nordlys Deals", "Brume & Bois", "Hearthlist", "Vintersol", "Penny & Pine",
    "Maison Tranquille", "Casa Lenta", "Stillwater Home", "Spaarhoek", "Fil & Fable", "小さな台所",
)  # fmt: skip
ABOUT = (
    "Des maisons lentes et du lin.", "Offers for winter homes.", "Une lettre sur les meubles.",
    "Buying guides, tested in a house.", "Textil och ljus.", "Voucher codes for homes.",
)  # fmt: skip
_COUNTRIES = ("FR", "GB", "DE", "SE", "BE", "JP")
_AUDIENCES = (None, 4_000, 30_000, 90_000, 600_000, 3_000_000)


def fields(number: int) -> dict[str, Any]:
    """Of the partner with this number: the same each time."""

    def pick(values: Any, step: int = 1) -> Any:
        return values[number * step % len(values)]

    first, second = pick(_COUNTRIES), pick(_COUNTRIES, 5)
    shares = {first: 60.0, second: 25.0} if first != second else {first: 90.0}
    return {
        "name": f"{NAMES[number % len(NAMES)]}{'' if number < len(NAMES) else f' {number}'}",
        "website": f"https://host{number}.example",
        "kind": "creator" if number % 4 == 3 else "partner",
        "category": pick(Category.values[:5], 3),
        "methods": list(dict.fromkeys([pick(Method.values), pick(Method.values, 7)])),
        "business_model": pick(["", *BusinessModel.values]),
        "audience": pick(_AUDIENCES, 5),
        "about": pick(ABOUT),
        "topics": ["linen" if number % 2 else "lin"],
        "language": pick(["fr", "en", "sv"]),
        "languages": list(dict.fromkeys([pick(["fr", "en", "sv"]), pick(["en", "nl"])])),
        "audience_countries": shares,
        "channels": [{"kind": pick(ChannelKind.values, 3), "size": 10, "url": ""}],
        "active_on": None if number % 9 == 0 else date.today() - timedelta(days=number * number % 500),
        "listed_at": timezone.now() - timedelta(days=number),
    }


def make(count: int) -> list[Partner]:
    return [Partner.objects.create(**fields(number)) for number in range(count)]
