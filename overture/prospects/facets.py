"""What each filter menu offers, with how many prospects each choice would show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, QuerySet

from overture.accounts.models import Membership
from overture.directory.models import PartnerKind
from overture.lib.place_names import country_name
from overture.prospects.filters import NOBODY, PROSPECTS, Filter, matching
from overture.prospects.models import Group, Prospect, Stage


@dataclass(frozen=True)
class Option:
    value: str | int
    # Empty for the owner nobody: the page words it.
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facets:
    stages: list[Option]
    groups: list[Option]
    countries: list[Option]
    categories: list[Option]
    kinds: list[Option]
    owners: list[Option]


def facets(member: Membership, wanted: Filter, origin: str = PROSPECTS) -> Facets:
    """The options of all menus, in eight queries however many there are.

    Each menu counts as if nothing were ticked in it, so that a second tick shows what it would add.
    """
    counts = {name: _counts(member, wanted, origin, name) for name in _COLUMNS}
    groups = Group.objects.visible_to(member).order_by("name")
    return Facets(
        stages=_known(Stage.choices, counts["stage"], wanted.stage),
        groups=_by_label(dict(groups.values_list("pk", "name")), counts["group"], wanted.group),
        countries=_by_label(_country_names(counts["country"]), counts["country"], wanted.country),
        categories=_by_label(
            {name: name for name in counts["category"]}, counts["category"], wanted.category
        ),
        kinds=_known(PartnerKind.choices, counts["kind"], wanted.kind),
        owners=_by_label(_owner_names(member), counts["owner"], wanted.owner),
    )


def options(member: Membership, wanted: Filter, name: str, origin: str = PROSPECTS) -> list[Option]:
    """Those of one menu, by the name its filter has in the address; two queries."""
    counts, ticked = _counts(member, wanted, origin, name), getattr(wanted, name)
    if name == "stage":
        return _known(Stage.choices, counts, ticked)
    if name == "kind":
        return _known(PartnerKind.choices, counts, ticked)
    if name == "group":
        groups = Group.objects.visible_to(member).values_list("pk", "name")
        return _by_label(dict(groups), counts, ticked)
    if name == "owner":
        return _by_label(_owner_names(member), counts, ticked)
    labels = _country_names(counts) if name == "country" else {value: value for value in counts}
    return _by_label(labels, counts, ticked)


_COLUMNS = {
    "stage": "stage",
    "group": "groups",
    "country": "country",
    "category": "category",
    "kind": "kind",
    "owner": "owner",
}


def _counts(member: Membership, wanted: Filter, origin: str, name: str) -> dict[Any, int]:
    nothing_ticked: dict[str, Any] = {name: ()}
    rows: QuerySet[Prospect] = matching(member, replace(wanted, **nothing_ticked), origin)
    column = _COLUMNS[name]
    found = rows.order_by().values_list(column).annotate(count=Count("pk"))
    empty = NOBODY if name == "owner" else None
    return {empty if value in (None, "") else value: count for value, count in found}


def _known(choices: Any, counts: dict[Any, int], chosen: tuple[str, ...]) -> list[Option]:
    """Words of the Dictionary: always all of them, in their own order."""
    return [Option(value, str(label), counts.get(value, 0), value in chosen) for value, label in choices]


def _by_label(labels: dict[Any, str], counts: dict[Any, int], chosen: tuple[Any, ...]) -> list[Option]:
    values = [value for value in {**labels, **dict.fromkeys(chosen)} if value is not None]
    options = [
        Option(value, labels.get(value, str(value)), counts.get(value, 0), value in chosen)
        for value in values
    ]
    return sorted(options, key=lambda option: option.label.casefold())


def _country_names(counts: dict[Any, int]) -> dict[str, str]:
    return {code: country_name(code) for code in counts if code is not None}


def _owner_names(member: Membership) -> dict[int, str]:
    members = Membership.objects.visible_to(member).select_related("user")
    return {NOBODY: "", **{each.pk: str(each.user) for each in members}}
