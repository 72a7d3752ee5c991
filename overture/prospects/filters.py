"""Which prospects a member asks for: the words searched and what is ticked in each filter menu."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlencode

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value
from django.http import QueryDict

from overture.accounts.models import Membership
from overture.directory.models import PartnerKind
from overture.prospects.models import Prospect, Stage

LONGEST_Q = 200
# As an owner: nobody looks after the prospect.
NOBODY = 0
PROSPECTS, PARTNERS = "prospects", "partners"
_BIGGEST_ID = 2**63 - 1


class FilterError(ValueError):
    """A filter that means nothing: `field` says which, `value` what was asked for."""

    def __init__(self, field: str, value: object) -> None:
        super().__init__(f"{field}: {value!r}")
        self.field = field
        self.value = value


@dataclass(frozen=True)
class Filter:
    """Between fields all must hold, within one field any. Empty means every prospect not archived."""

    q: str = ""
    stage: tuple[str, ...] = ()
    group: tuple[int, ...] = ()
    country: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    owner: tuple[int, ...] = ()
    # The archived ones and no others.
    archived: bool = False

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> Filter:
        """From the query of a URL, where other parameters are none of ours, or from JSON, where an unknown
        name is an error (a misspelt one would choose everybody). Raises FilterError."""
        if isinstance(given, QueryDict):
            lists: dict[str, Any] = {name: given.getlist(name) for name in given if name in _NAMES}
        elif isinstance(given, Mapping):
            lists = {name: given[name] for name in given if given[name] is not None}
            for name in sorted(set(lists) - _NAMES, key=str):
                raise FilterError(str(name), lists[name])
        else:
            raise FilterError("filter", given)
        return cls(**{name: _parsed(name, value) for name, value in lists.items()})

    def as_dict(self) -> dict[str, Any]:
        """What is set, as JSON values; parse() reads it back."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name in _ORDER
            if (value := getattr(self, name))
        }

    def as_query(self) -> str:
        """What is set, for a URL: `stage=new&stage=outreach&archived=1`."""
        return urlencode(
            {name: 1 if value is True else value for name, value in self.as_dict().items()}, doseq=True
        )

    @property
    def is_empty(self) -> bool:
        return self == Filter()


_ORDER = [field.name for field in fields(Filter)]
_NAMES = frozenset(_ORDER)
_WORDS = {"stage": frozenset(Stage.values), "kind": frozenset(PartnerKind.values)}


def matching(member: Membership, wanted: Filter, origin: str = PROSPECTS) -> QuerySet[Prospect]:
    """The prospects of the member's workspace that match; from Partners, only those that joined."""
    rows = in_list(member, wanted, origin)
    for name in ("stage", "country", "category", "kind"):
        if values := getattr(wanted, name):
            rows = rows.filter(**{f"{name}__in": values})
    if wanted.group:
        links = Prospect.groups.through.objects.filter(prospect=OuterRef("pk"), group_id__in=wanted.group)
        rows = rows.filter(Exists(links))
    if wanted.owner:
        rows = rows.filter(_owned_by(wanted.owner))
    return rows


def in_list(member: Membership, wanted: Filter, origin: str) -> QuerySet[Prospect]:
    """What the words alone leave of the list, before any menu is used."""
    rows: QuerySet[Prospect] = Prospect.objects.visible_to(member).filter(
        archived_at__isnull=not wanted.archived
    )
    if origin == PARTNERS:
        rows = rows.filter(stage=Stage.JOINED)
    for word in wanted.q.split():
        rows = rows.filter(Holds(F("search_text"), _Pattern(Value(word, output_field=TextField()))))
    return rows


class Holds(Func):
    """That a plain text holds a word; in a form that the trigram index answers."""

    arg_joiner = " LIKE "
    template = "(%(expressions)s)"
    output_field = BooleanField()


class _Pattern(Func):
    """`%word%`, made plain as the text was; escaped after that, because unaccent makes `%` of `％`."""

    template = r"'%%%%' || regexp_replace(plain(%(expressions)s), '([\\%%%%_])', '\\\1', 'g') || '%%%%'"
    output_field = TextField()


def _owned_by(owners: Iterable[int]) -> Q:
    condition = Q(owner_id__in=[owner for owner in owners if owner != NOBODY])
    return condition | Q(owner_id=None) if NOBODY in owners else condition


def _parsed(name: str, value: Any) -> Any:
    if name == "archived":
        return _fact(value)
    if name == "q":
        return _words(value)
    values = value if isinstance(value, list | tuple) else [value]
    read = _number if name in ("group", "owner") else _text
    found = [read(name, each) for each in values if each != ""]
    return tuple(dict.fromkeys(found))


def _fact(value: Any) -> bool:
    last = value[-1] if isinstance(value, list) and value else value
    if last in (True, "1", "true"):
        return True
    if last in (False, "0", "false", "", []):
        return False
    raise FilterError("archived", value)


def _words(value: Any) -> str:
    last = value[-1] if isinstance(value, list) and value else value
    if not isinstance(last, str) or len(last) > LONGEST_Q or "\0" in last:
        raise FilterError("q", value)
    return " ".join(last.split())


def _text(name: str, value: Any) -> str:
    known = _WORDS.get(name)
    if not isinstance(value, str) or "\0" in value or (known is not None and value not in known):
        raise FilterError(name, value)
    return value.upper() if name == "country" else value


def _number(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise FilterError(name, value)
    text = str(value)
    if not (text.isascii() and text.isdigit()) or len(text) > 19 or int(text) > _BIGGEST_ID:
        raise FilterError(name, value)
    return int(text)
