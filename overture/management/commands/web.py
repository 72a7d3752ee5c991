"""bin/overture web"""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from overture.management import supervise
from overture.management.supervise import Child, die_with, die_with_supervisor

# gunicorn's heartbeat files stall on a busy disk.
MEMORY = Path("/dev/shm")  # noqa: S108


class Web(BaseApplication):  # type: ignore[misc]
    """gunicorn, loaded before it forks, so that its workers share their memory."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from procrastinate.contrib.django import app

        from overture.wsgi import application

        # Else the first Send of each process would wait for what jobs import.
        app.perform_import_paths()  # type: ignore[no-untyped-call]
        return application


class Command(BaseCommand):
    help = "the web server, and beside it what keeps this host's index of the marketplace in step"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
        parser.add_argument("--port", type=int, default=settings.OVERTURE_PORT)
        parser.add_argument("--workers", type=int, default=2, help="processes (2)")
        parser.add_argument("--threads", type=int, default=8, help="threads of each (8)")
        parser.add_argument("--alone", action="store_true", help="without the index beside it")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["alone"]:
            _serve(options)
        else:
            _with_index(options)


def _with_index(options: dict[str, Any]) -> None:
    logs: Path = settings.OVERTURE_DATA / "log"
    logs.mkdir(mode=0o700, parents=True, exist_ok=True)
    given = [f"--{name}={options[name]}" for name in ("host", "port", "workers", "threads")]
    commands = {"web": ["web", "--alone", *given], "index": ["index", "follow"]}
    manage = [sys.executable, str(settings.ROOT / "manage.py")]
    children = [Child(name, [*manage, *command], logs, {}) for name, command in commands.items()]
    supervise.stop_on_signals()
    try:
        supervise.supervise(children, lambda: None)
    except supervise.Stopped:
        pass
    finally:
        supervise.end(children)


def _serve(options: dict[str, Any]) -> None:
    die_with_supervisor()
    connections.close_all()  # a connection must not be shared by forks
    Web(
        {
            "bind": f"{options['host']}:{options['port']}",
            "workers": options["workers"],
            "threads": options["threads"],
            "worker_class": "gthread",
            "preload_app": True,
            "control_socket_disable": True,
            "post_fork": lambda arbiter, worker: die_with(arbiter.pid),
            "loglevel": "warning",
            "graceful_timeout": 5,
            "timeout": 60,
            "keepalive": 5,
            "worker_tmp_dir": str(MEMORY) if MEMORY.is_dir() else None,
        }
    ).run()
