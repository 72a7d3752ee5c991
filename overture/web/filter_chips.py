"""The chips above a list: each filter, what is ticked in it, and where it is taken away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from overture.accounts.models import Membership
from overture.directory.models import PartnerKind
from overture.lib.place_names import country_name
from overture.prospects.facets import Option
from overture.prospects.filters import NOBODY, PROSPECTS
from overture.prospects.models import Group, Stage
from overture.web.list_state import ListState

# By the name each filter has in the address.
TITLES: dict[str, str | Promise] = {
    "stage": gettext_lazy("Stage"),
    "group": gettext_lazy("Group"),
    "country": gettext_lazy("Country"),
    "category": gettext_lazy("Category"),
    "kind": gettext_lazy("Kind"),
    "owner": gettext_lazy("Owner"),
}


@dataclass(frozen=True)
class Chip:
    name: str
    title: str
    # What is ticked, in words; empty where nothing is.
    told: str
    menu_url: str
    without_url: str


def chips(state: ListState) -> list[Chip]:
    """One for each filter, those in use first."""
    # Partners have all joined: their stage tells nothing apart.
    names = [name for name in TITLES if name != "stage" or state.origin == PROSPECTS]
    made = [_chip(state, name) for name in names]
    return sorted(made, key=lambda chip: not chip.told)


def worth_showing(options: list[Option], name: str) -> list[Option]:
    """A menu of what no row has is noise; what is ticked must be there to be unticked."""
    return [option for option in options if option.count or option.is_chosen or name in ("stage", "kind")]


def _chip(state: ListState, name: str) -> Chip:
    ticked = getattr(state.wanted, name)
    return Chip(
        name,
        str(TITLES[name]),
        _told(state.member, name, ticked),
        state.menu_url(name),
        state.without(name).url,
    )


def _told(member: Membership, name: str, ticked: tuple[Any, ...]) -> str:
    if not ticked:
        return ""
    if len(ticked) > 1:
        return _("any of %(count)d") % {"count": len(ticked)}
    return _label(member, name, ticked[0])


def _label(member: Membership, name: str, value: Any) -> str:
    if name == "stage":
        return str(Stage(value).label)
    if name == "kind":
        return str(PartnerKind(value).label)
    if name == "country":
        return country_name(value)
    if name == "group":
        return str(Group.objects.visible_to(member).filter(pk=value).first() or _("removed"))
    if name == "owner":
        if value == NOBODY:
            return _("Nobody")
        return str(Membership.objects.filter(workspace=member.workspace_id, pk=value).first() or _("removed"))
    return str(value)
