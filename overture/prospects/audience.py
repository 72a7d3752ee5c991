"""To whom a mailing goes: ids, a filter or a selection, as one query for the ledger."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, F, Func, QuerySet, Value

from overture.accounts.models import Membership
from overture.prospects import selection
from overture.prospects.filters import PARTNERS, PROSPECTS, Filter, FilterError, matching
from overture.prospects.models import Prospect, Selection

_BIGGEST_ID = 2**63 - 1


class AudienceError(ValueError):
    """An audience that cannot be found. Codes: bad_shape, bad_ids, unknown_prospects (`ids`: the first ten),
    bad_filter (`field`, `value`), bad_origin, unknown_selection."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def resolve(member: Membership, audience: dict[str, Any]) -> QuerySet[Prospect]:
    """Those of `{"prospects": ids}`, `{"filter": {}, "exclude": ids, "from": list}` or `{"selection": id}`.

    Foreign and unknown ids raise AudienceError: nobody is left out in silence.
    """
    names = set(audience) if isinstance(audience, dict) else set()
    if names == {"prospects"}:
        return _these(member, audience["prospects"])
    if names == {"selection"}:
        return _selected(member, audience["selection"])
    if "filter" in names and names <= {"filter", "exclude", "from"}:
        return _filtered(member, audience)
    raise AudienceError("bad_shape")


def origin_of(member: Membership, audience: dict[str, Any]) -> str:
    """The list the audience was chosen in: who joined is skipped only when it was Prospects."""
    if "selection" in audience:
        return _find(member, audience["selection"]).origin
    return str(audience.get("from") or PROSPECTS)


def _these(member: Membership, ids: Any) -> QuerySet[Prospect]:
    numbers = _checked(member, ids)
    return Prospect.objects.visible_to(member).filter(_is_any_of(numbers))


def _selected(member: Membership, number: Any) -> QuerySet[Prospect]:
    found = _find(member, number)
    try:
        return selection.chosen(member, found)
    except FilterError as error:
        raise AudienceError("bad_filter", field=error.field, value=error.value) from error


def _filtered(member: Membership, audience: dict[str, Any]) -> QuerySet[Prospect]:
    origin = audience.get("from") or PROSPECTS
    if origin not in (PROSPECTS, PARTNERS):
        raise AudienceError("bad_origin", value=origin)
    try:
        rows = matching(member, Filter.parse(audience["filter"]), origin)
    except FilterError as error:
        raise AudienceError("bad_filter", field=error.field, value=error.value) from error
    excluded = _checked(member, audience.get("exclude") or [])
    return rows.exclude(_is_any_of(excluded)) if excluded else rows


def _find(member: Membership, number: Any) -> Selection:
    """Any selection of the workspace: a colleague may send a mailing that another member drafted."""
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number <= _BIGGEST_ID:
        raise AudienceError("unknown_selection")
    found: Selection | None = Selection.objects.visible_to(member).filter(pk=number).first()
    if found is None:
        raise AudienceError("unknown_selection")
    return found


def _checked(member: Membership, ids: Any) -> list[int]:
    if not isinstance(ids, list) or not all(
        isinstance(each, int) and not isinstance(each, bool) for each in ids
    ):
        raise AudienceError("bad_ids")
    numbers = sorted({each for each in ids if 0 < each <= _BIGGEST_ID})
    seen = Prospect.objects.visible_to(member).filter(_is_any_of(numbers)).values_list("pk", flat=True)
    unknown = set(ids) - set(seen.iterator())
    if unknown:
        raise AudienceError("unknown_prospects", ids=sorted(unknown)[:10])
    return numbers


def _is_any_of(ids: list[int]) -> Func:
    """`id = ANY(array)`: one parameter, where IN would make an expression of each of 100,000 ids."""
    return _IsAnyOf(F("id"), Value(ids, output_field=ArrayField(BigIntegerField())))


class _IsAnyOf(Func):
    arg_joiner = " = ANY("
    template = "(%(expressions)s))"
    output_field = BooleanField()
