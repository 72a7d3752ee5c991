"""Addresses of the two marketplaces: the same below each, and `kind` says which it is."""

from collections.abc import Iterator

from django.urls import URLPattern, path

from overture.directory.models import PartnerKind
from overture.web import (
    marketplace_acts,
    marketplace_chosen,
    marketplace_panel,
    marketplace_searches,
    marketplaces,
)


def _below(door: str, name: str, kind: str) -> Iterator[URLPattern]:
    told = {"kind": kind}
    one, chosen, saved = f"{door}/<int:partner>", f"{door}/selections/<int:tiles>", f"{door}/searches"
    search = f"{saved}/<int:saved_search>"
    acts, searches = marketplace_acts, marketplace_searches
    yield path(door, marketplaces.marketplace, told, name=name)
    yield path(one, marketplace_panel.marketplace_partner, told, name="marketplace_partner")
    yield path(f"{one}/menu", marketplace_panel.partner_menu, told, name="partner_menu")
    yield path(f"{one}/mark", acts.partner_mark, told, name="partner_mark")
    yield path(f"{one}/email", acts.partner_email, told, name="partner_email")
    yield path(f"{one}/save", acts.partner_save, told, name="partner_save")
    yield path(f"{one}/unsave", acts.partner_unsave, told, name="partner_unsave")
    yield path(f"{one}/not-interested", acts.partner_not_interested, told, name="partner_not_interested")
    yield path(f"{one}/bring-back", acts.partner_bring_back, told, name="partner_bring_back")
    yield path(f"{one}/report", acts.partner_report, told, name="partner_report")
    yield path(f"{door}/select", marketplace_chosen.tiles_select, told, name="tiles_select")
    yield path(f"{door}/select-all", marketplace_chosen.tiles_select_all, told, name="tiles_select_all")
    yield path(f"{chosen}/clear", marketplace_chosen.tiles_clear, told, name="tiles_clear")
    yield path(f"{chosen}/mark", marketplace_chosen.tiles_mark, told, name="tiles_mark")
    yield path(f"{chosen}/email", marketplace_chosen.tiles_email, told, name="tiles_email")
    yield path(f"{chosen}/message", marketplace_chosen.tiles_message, told, name="tiles_message")
    yield path(saved, searches.searches, told, name="saved_searches")
    yield path(search, searches.search_open, told, name="saved_search")
    yield path(f"{search}/rename", searches.search_rename, told, name="saved_search_rename")
    yield path(f"{search}/telling", searches.search_telling, told, name="saved_search_telling")
    yield path(f"{search}/forget", searches.search_forget, told, name="saved_search_forget")


patterns: list[URLPattern] = [
    *_below("marketplace", "partner_marketplace", PartnerKind.PARTNER),
    *_below("creators", "creator_marketplace", PartnerKind.CREATOR),
]
