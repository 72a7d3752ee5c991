"""A claim in a worker's hands: letters are made some at a time, handed out once, and given back."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import cast

import pytest

from overture.delivery.batch import AT_A_TIME, ROOM_FOR_ANSWER, Batch
from overture.delivery.claim import Row, lease_length
from overture.delivery.journal import Journal
from overture.delivery.letters import Letters, Unfit
from overture.mailboxes.providers import Letter


class _Counted:
    """Letters of a tenth of what is made at a time, and their files; every seventh recipient has none."""

    def __init__(self, tail: bytes = b"", raises_at: int = 0) -> None:
        self.made: list[int] = []
        self.tail, self.raises_at = tail, raises_at

    def letter(self, row: Row) -> Letter | Unfit:
        if row.id == self.raises_at:
            raise ValueError("no letter")
        self.made.append(row.id)
        if row.id % 7 == 0:
            return Unfit("skipped", "missing_token")
        return Letter(row.id, "nora@halden.example", row.address, b"." * (AT_A_TIME // 10), tail=self.tail)


@pytest.fixture
def batch(tmp_path: Path) -> Iterator[Batch]:
    journal = Journal.open(tmp_path)
    journal.claimed("lease")
    now = datetime(2026, 11, 27, tzinfo=UTC)
    rows = [Row(number, 1, f"p{number}@p.example", number, "", "", "", now) for number in range(1, 41)]
    yield Batch("lease", monotonic(), rows, journal)
    journal.close()


def test_two_connections_get_each_letter_once_and_in_order(batch: Batch) -> None:
    counted = _Counted()
    letters = cast(Letters, counted)
    one, other = batch.letters(letters), batch.letters(letters)
    got = [next(each).id for _ in range(17) for each in (one, other)]
    fit = [number for number in range(1, 41) if number % 7]
    assert got == fit[: len(got)]
    assert [letter.id for letter in one] == fit[len(got) :]
    assert list(other) == []
    assert batch.is_spent
    assert counted.made == list(range(1, 41))
    assert [(told.id, told.kind, told.code) for told in batch.take_told()] == [
        (number, "skipped", "missing_token") for number in (7, 14, 21, 28, 35)
    ]


def test_no_more_letters_are_made_than_their_bytes_allow(batch: Batch) -> None:
    counted = _Counted()
    next(batch.letters(cast(Letters, counted)))
    assert counted.made == list(range(1, 12))  # ten with a letter, one without


def test_letters_with_large_files_are_made_one_by_one(batch: Batch) -> None:
    counted = _Counted(tail=b"." * AT_A_TIME)
    next(batch.letters(cast(Letters, counted)))
    assert counted.made == [1]


def test_one_that_cannot_be_made_leaves_those_made_before_to_be_given_back(batch: Batch) -> None:
    letters = cast(Letters, _Counted(raises_at=5))
    with pytest.raises(ValueError, match="no letter"):
        next(batch.letters(letters))
    batch.return_rest()
    assert [told.id for told in batch.take_told()] == [number for number in range(1, 41) if number != 5]


def test_nothing_made_begins_when_the_lease_leaves_no_room(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = batch.letters(cast(Letters, _Counted()))
    next(letters)
    late = monotonic() + lease_length().total_seconds() * ROOM_FOR_ANSWER
    monkeypatch.setattr("overture.delivery.batch.monotonic", lambda: late)
    assert list(letters) == []
    assert batch.is_spent


def test_what_was_made_and_did_not_begin_is_given_back_with_the_rest(batch: Batch) -> None:
    letters = batch.letters(cast(Letters, _Counted()))
    begun = [next(letters).id for _ in range(3)]
    batch.is_stopped = True
    assert list(letters) == []
    batch.take_told()
    batch.return_rest()
    returned = batch.take_told()
    assert sorted([*begun, 7, *(told.id for told in returned)]) == list(range(1, 41))
    assert {(told.lease, told.kind) for told in returned} == {("lease", "returned")}
    batch.return_rest()
    assert batch.take_told() == []
