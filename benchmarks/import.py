"""How long an import takes: a new sheet, the same once more, and with one cell of each row changed."""

import io
import multiprocessing
import resource
from collections.abc import Iterator
from time import perf_counter

SIZES = (1_000, 10_000, 100_000)
HEADING = "Company;First name;Last name;Email;Website;Country;Type;Category;Groups;Audience;Language;Notes\n"


def run(rows: int = SIZES[-1]) -> Iterator[dict[str, object]]:
    """With contacts, groups, notes and the text that search reads; each import in a process of its own."""
    for size in [each for each in SIZES if each < rows] + [rows]:
        slug = _workspace(size)
        for name, audience in (("import-again", None), ("import-changed", 1), ("import", 0)):
            if name == "import-again":
                # The first one fills the workspace, and is told last, when all are known.
                first = _measured(slug, _sheet(size, 0), size)
                again = _measured(slug, _sheet(size, 0), size)
                yield {"bench": name, **again}
            elif name == "import-changed":
                yield {"bench": name, **_measured(slug, _sheet(size, audience or 0), size)}
            else:
                yield {"bench": name, **first}


def _measured(slug: str, sheet: bytes, size: int) -> dict[str, object]:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_import, (slug, sheet, size))


def _import(slug: str, sheet: bytes, size: int) -> dict[str, object]:
    import django

    django.setup()
    from overture.accounts.models import Membership
    from overture.prospects import imports
    from overture.prospects.carry_out import carry_out

    member = Membership.objects.select_related("workspace").get(workspace__slug=slug)
    start = perf_counter()
    imported = imports.start(member, io.BytesIO(sheet), "bench.csv")
    imported = carry_out(imported.pk)
    seconds = perf_counter() - start
    assert imported.run.state == "done"
    assert imported.row_count == size
    assert imported.refused_count == 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"n": size, "seconds": round(seconds, 2), "per_s": round(size / seconds), "rss_mb": peak}


def _workspace(size: int) -> str:
    from overture.accounts.models import Membership, User, Workspace

    workspace = Workspace.objects.create(name="Bench", slug=f"bench-{size}")
    user = User.objects.create_user(f"bench-{size}@bench.example", None)
    Membership.objects.create(workspace=workspace, user=user, role="administrator")
    return workspace.slug


def _sheet(size: int, changed: int) -> bytes:
    """Like the sheets people send: names with accents, several groups in a cell, remarks now and then."""
    lines = [HEADING]
    for number in range(size):
        note = "rencontré au salon" if number % 3 == 0 else ""
        lines.append(
            f"Société Durand {number};Élodie;Martin{number % 977};elodie.{number}@durand-{number}.example;"
            f"https://www.durand-{number}.example;FR;creator;Mode;"
            f"Hiver, VIP;{1000 + number + changed};fr;{note}\n"
        )
    return "".join(lines).encode()
