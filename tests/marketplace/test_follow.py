"""The index follows the database: no change is missed, however late it comes, and a kill loses nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from overture.directory.models import Partner
from overture.marketplace import index
from overture.marketplace.build import rebuild
from overture.marketplace.check import check
from overture.marketplace.follow import Follower
from overture.marketplace.index import NoIndex
from overture.marketplace.query import Search
from overture.marketplace.search import NotReady, search
from tests.marketplace import directory
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def step(follower: Follower, count: int) -> None:
    """Takes over so many changes; transactions of other databases of the cluster may hold them up."""
    end, taken = time.monotonic() + 30, 0
    while (taken := taken + follower.step()) < count and time.monotonic() < end:
        time.sleep(0.05)
    assert taken == count


def found(world: World, q: str) -> list[int]:
    return search(world.stranger, Search(q=q)).mpids


def test_what_changes_is_followed(live: World, indexed: Callable[[], Path]) -> None:
    indexed()
    follower = Follower()
    follower.step()
    shown = Partner.objects.create(name="Vintersol")
    Partner.objects.create(name="Vintersol privat", workspace=live.brand)
    step(follower, 1)
    assert found(live, "vintersol") == [shown.pk]
    Partner.objects.filter(pk=shown.pk).update(name="Sommarsol")
    step(follower, 1)
    assert (found(live, "vintersol"), found(live, "sommarsol")) == ([], [shown.pk])
    Partner.objects.filter(pk=shown.pk).update(standing="suspended")
    step(follower, 1)
    assert found(live, "sommarsol") == []
    step(follower, 0)
    assert check().is_right


def test_what_is_committed_late_is_not_missed(
    live: World, indexed: Callable[[], Path], other: psycopg.Connection[tuple[object, ...]]
) -> None:
    """The early transaction ends last: a reader that goes by the largest number seen would pass it over."""
    early = Partner.objects.create(name="Earlybird")
    indexed()
    follower = Follower()
    follower.step()
    other.execute("UPDATE overture_partner SET name = 'Latecomer' WHERE id = %s", [early.pk])
    after = Partner.objects.create(name="Afterwards")
    step(follower, 0)
    assert found(live, "latecomer") == []
    other.commit()
    step(follower, 2)
    assert found(live, "latecomer") == [early.pk]
    assert found(live, "afterwards") == [after.pk]
    assert check().is_right


def test_a_change_read_twice_changes_nothing(live: World, indexed: Callable[[], Path]) -> None:
    """Killed between commit and note, the same changes are read again."""
    folder = indexed()
    before = index.read_followed(folder)
    assert before is not None
    shown = Partner.objects.create(name="Vintersol")
    step(Follower(), 1)
    index.write_followed(folder, before)
    step(Follower(), 1)
    assert found(live, "vintersol") == [shown.pk]
    assert check().is_right


def test_check_names_what_differs(live: World, indexed: Callable[[], Path]) -> None:
    made = directory.make(5)
    folder = indexed()
    assert check().is_right
    Partner.objects.filter(pk=made[0].pk).update(name="Changed")
    Partner.objects.filter(pk=made[1].pk).update(standing="suspended")
    fresh = Partner.objects.create(name="New")
    assert check().is_right, "what is still to be followed is no difference"
    state = index.read_followed(folder)
    assert state is not None
    index.write_followed(folder, index.Followed(state.database, state.xid + 1000))
    compared = check()
    assert (compared.missing, compared.extra, compared.outdated) == (
        [fresh.pk],
        [made[1].pk],
        [made[0].pk],
    )
    index.write_followed(folder, index.Followed("another/1", state.xid))
    assert check().is_other_database


@pytest.mark.parametrize("change", [{"database": "another/1"}, {"xid": 2**40}])
def test_an_index_of_another_database_is_made_anew(
    live: World, indexed: Callable[[], Path], change: dict[str, object]
) -> None:
    """Another cluster, or a dump put back: there are fewer transactions than the index has read."""
    folder = indexed()
    state = index.read_followed(folder)
    assert state is not None
    index.write_followed(folder, index.Followed(**{"database": state.database, "xid": state.xid, **change}))  # type: ignore[arg-type]
    made = Partner.objects.create(name="Vintersol")
    Follower().step()
    assert index.folder_in_use() != folder
    assert found(live, "vintersol") == [made.pk]


def test_another_version_is_built_beside_the_old_one(
    live: World, indexed: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = indexed()
    monkeypatch.setattr(index, "VERSION", 999)
    monkeypatch.setattr("overture.marketplace.build.VERSION", 999)
    with pytest.raises(NoIndex):
        index.folder_in_use()
    with pytest.raises(NotReady):
        search(live.stranger, Search())
    new = rebuild()
    assert new.name.startswith("999-")
    assert index.folder_in_use() == new
    assert not old.exists()


def test_a_build_that_breaks_leaves_the_old_index(
    live: World, indexed: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Partner.objects.create(name="Vintersol")
    old = indexed()

    def broken(row: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("overture.marketplace.build.document", broken)
    with pytest.raises(RuntimeError):
        rebuild()
    monkeypatch.undo()
    settings.OVERTURE_DATA = old.parent.parent
    assert index.folder_in_use() == old
    assert found(live, "vintersol") == [made.pk]
    rebuild()
    assert [entry.name for entry in index.home().iterdir() if entry.is_dir()] == [index.folder_in_use().name]


@pytest.mark.slow
def test_killed_at_any_moment_it_recovers(live: World, indexed: Callable[[], Path]) -> None:
    """A follower in a process of its own, killed again and again while partners change, loses nothing."""
    indexed()
    environment = {
        **os.environ,
        "OVERTURE_DATA": str(settings.OVERTURE_DATA),
        "DATABASE_URL": _url(),
    }
    made = directory.make(40)
    for turn in range(6):
        process = subprocess.Popen(
            [sys.executable, "manage.py", "index", "follow"], env=environment, cwd=settings.ROOT
        )
        for number, each in enumerate(made):
            Partner.objects.filter(pk=each.pk).update(about=f"Turn {turn} of {number}")
            time.sleep(0.02)
        time.sleep(0.3 * turn)
        process.send_signal(signal.SIGKILL)
        process.wait()
    last = Partner.objects.create(name="Afterwards")
    follower, end = Follower(), time.monotonic() + 30
    while not (follower.step() and found(live, "afterwards")) and time.monotonic() < end:
        time.sleep(0.05)
    compared = check()
    assert (compared.missing, compared.extra, compared.outdated) == ([], [], [])
    assert found(live, "afterwards") == [last.pk]
    assert search(live.stranger, Search(q="turn 5"), size=100).total == 30


def _url() -> str:
    values = connection.settings_dict
    host = values["HOST"]
    return f"postgresql://{values['USER']}@/{values['NAME']}?host={host}"
