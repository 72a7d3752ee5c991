"""What a partner is described and filtered by: fixed lists, so that every count means the same to all."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    """What a partner is about. The values are words, because prospects and files show them as they are."""

    HOME = "Home and living", _("Home and living")
    FOOD = "Food and table", _("Food and table")
    TRAVEL = "Travel", _("Travel")
    FASHION = "Fashion", _("Fashion")
    BEAUTY = "Beauty", _("Beauty")
    TECHNOLOGY = "Technology", _("Technology")
    SPORT = "Sport", _("Sport")
    KIDS = "Kids", _("Kids")
    PETS = "Pets", _("Pets")
    FINANCE = "Finance", _("Finance")
    HEALTH = "Health", _("Health")
    GARDENS = "Gardens", _("Gardens")
    CULTURE = "Books and culture", _("Books and culture")
    MUSIC = "Music", _("Music")
    GAMES = "Games", _("Games")
    MOTORS = "Cars and motorbikes", _("Cars and motorbikes")
    EDUCATION = "Education", _("Education")
    BUSINESS = "Business", _("Business")
    GIFTS = "Gifts and occasions", _("Gifts and occasions")
    CRAFTS = "Crafts and DIY", _("Crafts and DIY")
    WEDDINGS = "Weddings", _("Weddings")
    OTHER = "Other", _("Other category")


class Method(models.TextChoices):
    """How a partner promotes a brand."""

    CONTENT = "content", _("Content")
    REVIEWS = "reviews", _("Reviews")
    NEWSLETTER = "newsletter", _("Newsletter")
    COMPARISON = "comparison", _("Comparison")
    CASHBACK = "cashback", _("Cashback")
    LOYALTY = "loyalty", _("Loyalty")
    VOUCHER = "voucher", _("Voucher")
    SOCIAL = "social", _("Social media")
    VIDEO = "video", _("Video")
    PODCAST = "podcast", _("Podcast")


class BusinessModel(models.TextChoices):
    PUBLISHER = "publisher", _("Media publisher")
    INDEPENDENT = "independent", _("Independent author")
    DEALS = "deals", _("Deals and prices")
    COMMUNITY = "community", _("Community")
    APP = "app", _("App or tool")
    AGENCY = "agency", _("Agency or network")
    SHOP = "shop", _("Shop")


class ChannelKind(models.TextChoices):
    WEBSITE = "website", _("Website")
    NEWSLETTER = "newsletter", _("Newsletter")
    PODCAST = "podcast", _("Podcast")
    YOUTUBE = "youtube", "YouTube"
    INSTAGRAM = "instagram", "Instagram"
    TIKTOK = "tiktok", "TikTok"
    FACEBOOK = "facebook", "Facebook"
    X = "x", "X"
    PINTEREST = "pinterest", "Pinterest"
    TWITCH = "twitch", "Twitch"


class Size(models.TextChoices):
    """Tiers of `audience`, in people; the smaller bound belongs to the tier."""

    UNDER_10K = "under_10k", _("Under 10k")
    TO_50K = "10k_50k", _("10k to 50k")
    TO_250K = "50k_250k", _("50k to 250k")
    TO_1M = "250k_1m", _("250k to 1m")
    OVER_1M = "over_1m", _("Over 1m")


_LARGEST_OF_TIER = (
    (10_000, Size.UNDER_10K),
    (50_000, Size.TO_50K),
    (250_000, Size.TO_250K),
    (1_000_000, Size.TO_1M),
)


def size_of(audience: int | None) -> Size | None:
    """The tier of an audience; None where nobody said how large it is."""
    if audience is None:
        return None
    return next((size for bound, size in _LARGEST_OF_TIER if audience < bound), Size.OVER_1M)
