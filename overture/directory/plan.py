"""Plans an upsert: finds for each row the partner it means, and knows what to make, change and refuse.

Nothing is written here, so that a dry run is a plan and no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from overture.directory import matching
from overture.directory.details import Details
from overture.directory.matching import Found, Match
from overture.directory.reading import DetailsError
from overture.directory.targets import Target, key_of, new_target
from overture.lib import websites
from overture.lib.squash import squash

MOST_NAMED = 5
State = Literal["created", "updated", "unchanged", "refused"]


@dataclass(frozen=True, slots=True)
class Row:
    """A partner as given, perhaps with its account number, and what is wrong with it already."""

    details: Details
    mpid: int | None = None
    errors: tuple[DetailsError, ...] = ()


@dataclass(slots=True)
class Outcome:
    """What becomes, or became, of a row."""

    state: State
    target: Target | None = None
    errors: tuple[DetailsError, ...] = ()

    @property
    def mpid(self) -> int | None:
        """None for a refused row, and for a new partner until it is written."""
        return self.target.partner_id if self.target else None


@dataclass(slots=True)
class _Asked:
    row: Row
    website_key: str
    address_key: str

    @property
    def by_name(self) -> tuple[str, str] | None:
        """A row with nothing else to tell it by is the partner of this name and website, as a second
        import of the same file must find."""
        if self.row.mpid is not None or self.website_key or self.address_key:
            return None
        return self.row.details.name, self.row.details.website

    @property
    def keys(self) -> list[str]:
        """What another row must have in common with this one to be the same partner, the surest first."""
        found = [f"website {self.website_key}"] if self.website_key else []
        if self.address_key:
            found.append(f"address {self.address_key}")
        if not found:
            found.append(f"name {squash(self.row.details.name)} {self.row.details.website}")
        return found


@dataclass(slots=True)
class _Meant:
    """Whom a row means: somebody new where there is no target."""

    target: Target | None = None
    # Met by what a merged partner had: what that one said does not replace what its target says.
    fills_only: bool = False
    error: DetailsError | None = None


@dataclass(slots=True)
class Plan:
    """Rows read so far, and the partners they lead to, each once."""

    targets: list[Target] = field(default_factory=list)
    _by_partner: dict[int, Target] = field(default_factory=dict)
    # Partners to be made, by what their first rows said.
    _new: dict[str, list[Target]] = field(default_factory=lambda: defaultdict(list))

    def add(self, rows: Sequence[Row]) -> list[Outcome]:
        """Plans up to some thousand rows, in their order; six queries whatever their number."""
        asked = [_Asked(row, websites.match_key(row.details.website) or "", _key(row)) for row in rows]
        found = self._find(asked)
        self._by_partner |= matching.load(found.partners() - self._by_partner.keys())
        return [self._add(each, found) for each in asked]

    def _find(self, asked: list[_Asked]) -> Found:
        return matching.find(
            numbers={each.row.mpid for each in asked if each.row.mpid is not None},
            websites={each.website_key for each in asked if each.website_key},
            addresses={each.address_key for each in asked if each.address_key},
            names={each.by_name[0] for each in asked if each.by_name and each.by_name[0]},
        )

    def _add(self, asked: _Asked, found: Found) -> Outcome:
        errors = list(asked.row.errors)
        if not errors and asked.address_key in found.erased:
            errors.append(DetailsError("erased", field="address"))
        if errors:
            return Outcome("refused", errors=tuple(errors))
        meant = self._meant(asked, found)
        error = meant.error or _unfit(asked.row.details, meant.target)
        if error:
            return Outcome("refused", errors=(error,))
        return self._take(asked, meant)

    def _take(self, asked: _Asked, meant: _Meant) -> Outcome:
        target = meant.target or new_target()
        is_first = not target.is_touched
        changed = target.take(asked.row.details, asked.address_key, fills_only=meant.fills_only)
        if is_first:
            self.targets.append(target)
        if target.is_new and is_first:
            for key in asked.keys:
                self._new[key].append(target)
            return Outcome("created", target)
        return Outcome("updated" if changed else "unchanged", target)

    def _meant(self, asked: _Asked, found: Found) -> _Meant:
        if asked.row.mpid is not None:
            return self._numbered(asked, found)
        match = found.by_website.get(asked.website_key) if asked.website_key else None
        match = match or self._by_address(asked, found)
        if match is None and asked.by_name:
            match = found.by_name.get(asked.by_name)
        if match is None:
            return self._among_new(asked)
        if len(match.partners) > 1:
            return _Meant(error=_ambiguous([self._by_partner[each] for each in sorted(match.partners)]))
        number = min(match.partners)
        return _Meant(self._by_partner[number], fills_only=number in match.through_merged)

    def _numbered(self, asked: _Asked, found: Found) -> _Meant:
        number = found.by_number.get(asked.row.mpid or 0)
        if number is None:
            return _Meant(error=DetailsError("unknown_mpid", str(asked.row.mpid), "mpid"))
        match = found.by_website.get(asked.website_key) if asked.website_key else None
        if match and number not in match.partners:
            meant = sorted(match.partners | {number})
            return _Meant(error=_ambiguous([self._by_partner[each] for each in meant]))
        return _Meant(self._by_partner[number])

    def _by_address(self, asked: _Asked, found: Found) -> Match | None:
        """Who has the address, unless the website says that it is another of the same person."""
        match = found.by_address.get(asked.address_key) if asked.address_key else None
        if match is None or not asked.website_key:
            return match
        same = Match()
        for number in match.partners:
            if self._by_partner[number].website_key in ("", asked.website_key):
                same.add(number, number in match.through_merged)
        return same if same.partners else None

    def _among_new(self, asked: _Asked) -> _Meant:
        for key in asked.keys:
            # Of two websites with one address each is a partner.
            alike = [each for each in self._new.get(key, ()) if each.website_key in ("", asked.website_key)]
            if not asked.website_key:
                alike = list(self._new.get(key, ()))
            if len(alike) > 1:
                return _Meant(error=_ambiguous(alike))
            if alike:
                return _Meant(alike[0])
        return _Meant()


def _ambiguous(targets: Sequence[Target]) -> DetailsError:
    names = ", ".join(each.label for each in targets[:MOST_NAMED])
    return DetailsError("ambiguous", count=len(targets), partners=names)


def _unfit(details: Details, target: Target | None) -> DetailsError | None:
    """A partner has a name; two companies made into one would be a guess."""
    if not details.name and ("name" in details.given or target is None):
        return DetailsError("required", field="name")
    if target and target.is_touched and details.name and squash(details.name) != squash(target.name):
        return DetailsError("repeated", field="name", partners=target.label)
    return None


def _key(row: Row) -> str:
    return key_of(row.details.address)
