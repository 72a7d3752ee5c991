"""The tiles of a marketplace: what each says, ready to be drawn; as many queries for one as for 24."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from overture.directory.logo import with_logo
from overture.directory.models import Partner
from overture.directory.vocabulary import Method
from overture.lib.place_names import country_name
from overture.marketplace import chosen_tiles
from overture.marketplace.fit import fits_of
from overture.marketplace.marked import excerpt, pieces
from overture.marketplace.relations import Standing, standing_of
from overture.templatetags.prospects import bare_site
from overture.web.marketplace_state import MarketState
from overture.web.message_door import Door, message_doors

# Characters of `about`: three lines of a tile.
_EXCERPT = 150


@dataclass(frozen=True)
class Tile:
    partner: Partner
    has_logo: bool
    # Its account number as text, so that no thousands are set apart.
    number: str
    name: SafeString
    about: SafeString
    audience: str
    method: str
    fit: str
    why: str
    country: str
    site: SafeString
    standing: Standing
    message: Door
    is_chosen: bool
    # What its checkbox, its bookmark and its menu are called.
    select_label: str
    save_label: str
    more_label: str
    # Where its record opens, and what addresses of its acts begin and end with.
    url: str
    path: str
    query: str


def tiles_for(state: MarketState, mpids: Iterable[int]) -> list[Tile]:
    """In the order of the numbers; without who was taken down since the index was written."""
    numbers = list(mpids)
    found = Partner.objects.visible_to(state.member).in_bulk(numbers)
    partners: list[Partner] = [found[number] for number in numbers if number in found]
    standings = standing_of(state.member, numbers)
    fits = fits_of(state.member, partners)
    chosen = chosen_tiles.on_page(state.member, state.selection, numbers)
    doors, logos = message_doors(state.member, partners), with_logo(partners)
    path, query = state.path, state.query
    # Said once: a page has many tiles.
    select, keep, more = _("Select %(name)s"), _("Save %(name)s"), _("More for %(name)s")
    tiles = []
    for partner in partners:
        fit = fits.get(partner.pk)
        tiles.append(
            Tile(
                partner,
                partner.pk in logos,
                str(partner.pk),
                name=marked(pieces(partner.name, state.wanted.q)),
                about=_about(partner, state.wanted.q),
                audience=short_count(partner.audience),
                method=_method(partner),
                fit="–" if fit is None else str(fit.score),
                why=fit.reasons[0].text if fit and fit.reasons else "",
                country=country_name(partner.country) if partner.country else "",
                site=_site(partner, state.wanted.q),
                standing=standings[partner.pk],
                message=doors[partner.pk],
                is_chosen=partner.pk in chosen,
                select_label=select % {"name": partner.name},
                save_label=keep % {"name": partner.name},
                more_label=more % {"name": partner.name},
                url=f"{path}/{partner.pk}{query}",
                path=f"{path}/{partner.pk}",
                query=query,
            )
        )
    return tiles


def _about(partner: Partner, q: str) -> SafeString:
    """What it says of itself; its topics where the words of a search are found only there."""
    told = excerpt(partner.about, q, _EXCERPT)
    topics = pieces(", ".join(partner.topics), q) if q else []
    is_by_topic = _has_mark(topics) and not _has_mark(told) and not _has_mark(pieces(partner.name, q))
    return marked(topics if is_by_topic else told)


def _site(partner: Partner, q: str) -> SafeString:
    """Marked where the name is not: what is found in both is said once."""
    site = bare_site(partner.website)
    return marked(pieces(site, "" if _has_mark(pieces(partner.name, q)) else q))


def _has_mark(parts: Iterable[tuple[str, bool]]) -> bool:
    return any(is_marked for _text, is_marked in parts)


def marked(parts: Sequence[tuple[str, bool]]) -> SafeString:
    """The text with what was searched for in <mark>."""
    if not _has_mark(parts):
        return conditional_escape("".join(text for text, _is_marked in parts))
    return format_html_join(
        "", "{}{}{}", ((_MARK, text, _END) if is_marked else ("", text, "") for text, is_marked in parts)
    )


def short_count(number: int | None) -> str:
    """`640`, `6.4k`, `58k`, `1.1m`; a dash where it is not known."""
    if number is None:
        return "–"
    if number < 1000:
        return str(number)
    unit = 1000 if number < 999_500 else 1_000_000
    value = number / unit
    told = number_format(round(value, 1) if value < 9.95 else round(value), use_l10n=True)
    told = told.removesuffix(".0").removesuffix(",0")
    return (_("%(n)sk") if unit == 1000 else _("%(n)sm")) % {"n": told}


def _method(partner: Partner) -> str:
    return next((str(_METHODS[each]) for each in partner.methods if each in _METHODS), "–")


_METHODS = dict(Method.choices)
_MARK, _END = SafeString("<mark>"), SafeString("</mark>")
