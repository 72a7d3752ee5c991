"""Makes what is derived from the source: compiled translations, and static files under hashed names."""

import hashlib
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def compile_translations() -> int:
    """Compile each .po that is newer than its .mo; how many there were."""
    stale = [path for path in _catalogs() if _is_older(path.with_suffix(".mo"), path)]
    for path in stale:
        with path.open("rb") as source:
            catalog = read_po(source, locale=path.parent.parent.name)
        part = path.with_suffix(".mo.part")
        with part.open("wb") as target:
            write_mo(target, catalog)
        part.replace(path.with_suffix(".mo"))
    return len(stale)


def collect_static() -> bool:
    """Collect when any static file, or the way to treat them, changed since; whether it did."""
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    wanted = _fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    # htmx's extensions import a bare "htmx", which no hashed name can stand for; none is used.
    call_command("collectstatic", interactive=False, verbosity=0, clear=True, ignore_patterns=["ext"])
    stamp.write_text(wanted)
    return True


def _catalogs() -> list[Path]:
    return [path for folder in settings.LOCALE_PATHS for path in Path(folder).glob("*/LC_MESSAGES/*.po")]


def _is_older(made: Path, source: Path) -> bool:
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


def _fingerprint() -> str:
    told = hashlib.sha256((settings.ROOT / "requirements.txt").read_bytes())
    told.update((settings.ROOT / "overture" / "web" / "assets.py").read_bytes())
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            told.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return told.hexdigest()
