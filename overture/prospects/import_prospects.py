"""Rows of a sheet for a workspace: planned and written as its prospects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from overture.activity.record import record
from overture.prospects.import_fields import ImportRow, Refused
from overture.prospects.import_plan import Plan
from overture.prospects.import_rows import read_row
from overture.prospects.import_write import write
from overture.prospects.models import Import


class ProspectPlan:
    """A plan of prospects with what comes before and after it; import_directory has the same steps."""

    read = staticmethod(read_row)

    def __init__(self, imported: Import) -> None:
        self.imported = imported
        self._plan = Plan(imported.workspace_id)

    def __len__(self) -> int:
        return len(self._plan.targets)

    @property
    def created(self) -> int:
        return self._plan.created

    @property
    def updated(self) -> int:
        return self._plan.updated

    @property
    def unchanged(self) -> int:
        return self._plan.unchanged

    def add(self, rows: Iterable[tuple[ImportRow, Sequence[str]]]) -> list[Refused]:
        return self._plan.add(rows)

    def finish(self) -> list[Refused]:
        return self._plan.finish()

    def write(self, tell: Callable[[int], None]) -> None:
        write(self.imported, self._plan, tell)

    def record(self) -> None:
        record(
            "prospects_imported",
            self.imported.workspace_id,
            self.imported.run.member,
            file=self.imported.file_name,
            imported=self.imported.pk,
            created=self.created,
            updated=self.updated,
        )
