"""Runs one benchmark on a database of its own and prints a JSON line for each size."""

import argparse
import importlib
import inspect
import json
import os
import pkgutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

# bin/bench promises to be done by then; what was measured so far is printed.
LONGEST = 8 * 60


def main(arguments: list[str]) -> int:
    names = sorted(
        module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]) if module.name[0] != "_"
    )
    if not arguments or arguments[0] not in names:
        print(f"bin/bench NAME [options], with one of: {', '.join(names)}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="overture-bench-") as folder:
        os.environ.setdefault("OVERTURE_ALLOW_PRIVATE_MAIL_HOSTS", "1")
        os.environ["OVERTURE_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "overture.settings"
        return _measure(arguments[0], arguments[1:], Path(folder))


def _measure(name: str, arguments: list[str], folder: Path) -> int:
    import django

    from overture.lib import embedded_postgres

    has_own_server = not os.environ.get("DATABASE_URL")
    if has_own_server:
        embedded_postgres.start(folder)
    try:
        django.setup()
        from django.core.management import call_command

        call_command("migrate", interactive=False, verbosity=0)
        module = importlib.import_module(f"benchmarks.{name}")
        options = _options(name, module.run, arguments)
        signal.signal(signal.SIGALRM, _too_long)
        signal.alarm(getattr(module, "LONGEST", LONGEST))
        for result in module.run(**options):
            print(json.dumps({"bench": name, **result}), flush=True)
    except TimeoutError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        if has_own_server:
            embedded_postgres.stop(folder)
    return 0


def _options(name: str, run: Any, arguments: list[str]) -> dict[str, Any]:
    """--name VALUE for each argument of the benchmark's run(), of the type of its default."""
    parser = argparse.ArgumentParser(prog=f"bin/bench {name}", description=inspect.getdoc(run))
    for key, parameter in inspect.signature(run).parameters.items():
        kind = type(parameter.default) if parameter.default not in (None, inspect.Parameter.empty) else str
        parser.add_argument(f"--{key.replace('_', '-')}", type=kind, default=parameter.default, dest=key)
    return vars(parser.parse_args(arguments))


def _too_long(number: int, frame: object) -> None:
    raise TimeoutError("it took too long and was stopped; ask for a smaller size")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
