"""One made-up partner of the directory, with the contact of its account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class MadePartner:
    """Fields as directory.models.Partner has them; times are ages, so that it is the same each day."""

    name: str
    kind: str
    website: str
    website_key: str
    country: str
    category: str
    language: str
    audience: int
    about: str
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    methods: tuple[str, ...]
    business_model: str
    # Percents: {"FR": 62, "BE": 20} and {"18-24": 30, ...}.
    audience_countries: dict[str, int]
    audience_ages: dict[str, int]
    # [{"kind": "website", "size": 41000, "url": "https://..."}]
    channels: list[dict[str, Any]]
    has_messaging: bool
    # How long ago it was listed, in minutes, and last at work, in days.
    listed_minutes: int
    active_days: int
    # Of the account's contact; without an address there is none.
    first_name: str = ""
    last_name: str = ""
    title: str = ""
    address: str = ""
