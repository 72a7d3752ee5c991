"""What made-up partners do and whom they reach, in all languages: models, methods, channels, ages."""

from __future__ import annotations

import random
from itertools import permutations
from typing import Any

# How often of a hundred.
MODELS = {
    "partner": {
        "publisher": 31, "independent": 14, "deals": 18, "community": 10, "app": 8, "agency": 7, "shop": 12,
    },
    "creator": {"independent": 82, "community": 10, "shop": 8},
}  # fmt: skip
_METHODS = {
    "publisher": ("content", "newsletter", "reviews", "comparison", "podcast", "social"),
    "independent": ("content", "newsletter", "reviews", "social", "podcast"),
    "deals": ("cashback", "voucher", "loyalty", "comparison", "newsletter"),
    "community": ("social", "voucher", "content", "reviews", "newsletter"),
    "app": ("loyalty", "cashback", "comparison", "content"),
    "agency": ("content", "social", "comparison", "video"),
    "shop": ("newsletter", "social", "content", "loyalty"),
    "creator": ("social", "video", "content", "reviews", "podcast", "newsletter"),
}
# 1 to 3 of them, the first one the main one; one in four has one, half have two.
METHODS: dict[str, tuple[tuple[str, ...], ...]] = {
    model: tuple((one,) for one in known) * len(known)
    + tuple(permutations(known, 2)) * 2
    + tuple(permutations(known, 3))[:: max(1, len(known) - 2)]
    for model, known in _METHODS.items()
}
# Beside the website; of creators the first one is the main one.
CHANNELS = {
    "partner": (
        "newsletter", "newsletter", "instagram", "facebook", "x", "pinterest", "podcast", "youtube", "tiktok",
        "newsletter", "instagram", "facebook",
    ),
    "creator": (
        "instagram", "youtube", "tiktok", "instagram", "youtube", "twitch", "podcast", "pinterest", "x",
        "newsletter", "instagram", "youtube", "tiktok",
    ),
}  # fmt: skip
AGES = ("18-24", "25-34", "35-44", "45-54", "55+")
# By category: where the middle of the readers' ages is, from 0 (young) to 1.
YOUNG = {
    "Games": 0.15, "Beauty": 0.25, "Fashion": 0.3, "Music": 0.35, "Technology": 0.4, "Education": 0.3,
    "Weddings": 0.35, "Kids": 0.45, "Sport": 0.4, "Gardens": 0.75, "Finance": 0.6, "Health": 0.65,
    "Books and culture": 0.65, "Cars and motorbikes": 0.6,
}  # fmt: skip
CATEGORY_WEIGHTS = {
    "Home and living": 10, "Food and table": 9, "Travel": 8, "Fashion": 8, "Beauty": 7, "Technology": 7,
    "Sport": 6, "Kids": 5, "Pets": 4, "Finance": 5, "Health": 5, "Gardens": 4, "Books and culture": 4,
    "Music": 3, "Games": 4, "Cars and motorbikes": 3, "Education": 3, "Business": 3, "Gifts and occasions": 3,
    "Crafts and DIY": 4, "Weddings": 2, "Other": 1,
}  # fmt: skip


def repeated(weights: dict[str, int]) -> tuple[str, ...]:
    """Each as often as it weighs, so that one draw chooses."""
    return tuple(name for name, weight in weights.items() for _ in range(weight))


def age_profiles(count: int) -> list[dict[str, int]]:
    """Percents by age that sum up to 100, the youngest audience first."""
    rng = random.Random(7)  # noqa: S311  # not for secrets: the same profiles each time
    return [_profile(rng, 4 * place / (count - 1)) for place in range(count)]


def _profile(rng: random.Random, middle: float) -> dict[str, int]:
    shares = [2.0 ** -abs(age - middle) * rng.uniform(0.6, 1.4) for age in range(len(AGES))]
    percents = [int(100 * share / sum(shares)) for share in shares]
    percents[percents.index(max(percents))] += 100 - sum(percents)
    return dict(zip(AGES, percents, strict=True))


def channel(kind: str, size: int, url: str) -> dict[str, Any]:
    return {"kind": kind, "size": size, "url": url}
