"""What the directory says of a partner, in the words of the page: shares, channels, facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from overture.directory.models import Partner
from overture.directory.vocabulary import BusinessModel, Category, ChannelKind, Method
from overture.lib.place_names import country_name, language_name

_ICONS = {
    ChannelKind.WEBSITE: "globe", ChannelKind.NEWSLETTER: "mail", ChannelKind.PODCAST: "podcast",
    ChannelKind.YOUTUBE: "square-play", ChannelKind.INSTAGRAM: "camera", ChannelKind.TIKTOK: "music-2",
    ChannelKind.FACEBOOK: "thumbs-up", ChannelKind.X: "at-sign", ChannelKind.PINTEREST: "pin",
    ChannelKind.TWITCH: "tv",
}  # fmt: skip
_MOST_COUNTRIES = 6


@dataclass(frozen=True)
class Share:
    """A part of the audience, in percent."""

    label: str
    percent: int


@dataclass(frozen=True)
class ShownChannel:
    label: str
    icon: str
    size: str
    url: str


def tags(partner: Partner) -> list[str]:
    """What it is about: the category first."""
    return [tag for tag in (_label(Category, partner.category), *partner.topics) if tag]


def facts(partner: Partner) -> list[tuple[str, str]]:
    """Title and value of what there is to say in a line."""
    languages = partner.languages or [partner.language]
    told = [
        (_("Kind"), partner.get_kind_display()),
        (_("Country"), country_name(partner.country) if partner.country else ""),
        (_("Languages"), ", ".join(language_name(each) for each in languages if each)),
        (_("Promotional methods"), ", ".join(_label(Method, each) for each in partner.known_methods)),
        (_("Business model"), _label(BusinessModel, partner.business_model)),
    ]
    return [(title, str(value)) for title, value in told if value]


def countries(partner: Partner) -> list[Share]:
    """Where the audience is, the largest first, and what is left."""
    shares = [(country_name(code), percent) for code, percent in _percents(partner.audience_countries)]
    shown = [Share(*share) for share in sorted(shares, key=lambda each: -each[1])[:_MOST_COUNTRIES]]
    rest = 100 - sum(share.percent for share in shown)
    return [*shown, Share(_("Elsewhere"), rest)] if shown and rest > 0 else shown


def ages(partner: Partner) -> list[Share]:
    """The youngest first."""
    return [
        Share(span.replace("-", "–"), percent) for span, percent in sorted(_percents(partner.audience_ages))
    ]


def channels(partner: Partner) -> list[ShownChannel]:
    return [
        ShownChannel(
            _label(ChannelKind, each["kind"]),
            _ICONS[ChannelKind(each["kind"])],
            number_format(each["size"], force_grouping=True) if each.get("size") else "",
            each.get("url") or "",
        )
        for each in partner.channels
        if each.get("kind") in ChannelKind.values
    ]


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


def _percents(shares: Mapping[str, Any]) -> list[tuple[str, int]]:
    return [(name, round(share)) for name, share in shares.items() if isinstance(share, int | float)]
