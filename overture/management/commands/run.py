"""bin/run: everything on this machine, until told to stop"""

# ruff: noqa: T201 (it talks to a terminal)

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from overture.demo import sign_in
from overture.lib import embedded_postgres
from overture.management import starting, supervise
from overture.management.assets import collect_static, compile_translations
from overture.management.preflight import only_one, require_disk, require_port
from overture.management.starting import Address, step


class Command(BaseCommand):
    help = "runs everything here: database, web server, worker and the demo"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--port", type=int, default=settings.OVERTURE_PORT, help="of the web server (8000)"
        )
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
        parser.add_argument("--no-demo", action="store_true", help="without demo data and mail catcher")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 < options["port"] < 65536:
            raise CommandError(
                f"--port {options['port']} is no port. Choose one from 1 to 65535.", returncode=2
            )
        supervise.stop_on_signals()
        try:
            with only_one(settings.OVERTURE_DATA):
                self._run(Address(options["host"], options["port"]), wants_demo=not options["no_demo"])
        except supervise.Stopped:
            print("Stopped.", flush=True)

    def _run(self, address: Address, wants_demo: bool) -> None:
        require_disk(settings.OVERTURE_DATA)
        require_port(address.host, address.port)
        (settings.OVERTURE_DATA / "log").mkdir(mode=0o700, exist_ok=True)
        print(f"Overture starts in {settings.OVERTURE_DATA}", flush=True)
        environment = {"OVERTURE_PORT": str(address.port)}
        children: list[supervise.Child] = []
        try:
            self._prepare(environment, wants_demo)
            has_demo = starting.is_demo(wants_demo)
            connections.close_all()
            if has_demo and not settings.OVERTURE_SYSTEM_MAIL:
                # What the site itself writes to people is caught like all mail of the demo.
                environment["OVERTURE_SYSTEM_MAIL"] = starting.catcher_url()
            children += starting.children(address, environment, has_demo)
            with step("Web server and worker"):
                for child in children:
                    child.start()
                starting.wait_until_well(children, address)
            self._announce(address, has_demo)
            supervise.supervise(children, _keep_database)
        finally:
            supervise.ignore_signals()
            supervise.end(children)
            connections.close_all()
            embedded_postgres.stop(settings.OVERTURE_DATA, patience=2.0)

    def _prepare(self, environment: dict[str, str], wants_demo: bool) -> None:
        if not settings.DATABASE_URL:
            with step("PostgreSQL"):
                embedded_postgres.start(settings.OVERTURE_DATA)
        with step("Database schema"):
            starting.migrate()
        with step("Translations, static files"):
            compile_translations()
            collect_static()
        wants_data = starting.wants_demo_data(wants_demo)
        if wants_data or starting.is_demo(wants_demo):
            environment["OVERTURE_DEMO"] = "1"
            environment["OVERTURE_ALLOW_PRIVATE_MAIL_HOSTS"] = os.environ.get(
                "OVERTURE_ALLOW_PRIVATE_MAIL_HOSTS", "1"
            )
        if wants_data:
            with step("Demo data"):
                starting.make_demo(environment)

    def _announce(self, address: Address, has_demo: bool) -> None:
        base = settings.OVERTURE_BASE_URL if os.environ.get("OVERTURE_BASE_URL") else address.url
        print(f"\nReady: {base}")
        if base != address.url:
            print(f"  here         {address.url}")
        if has_demo:
            print(f"  sign in as   {sign_in.EMAIL}")
            print(f"  or a partner {sign_in.PARTNERS[0][1]}")
            print(f"  password     {sign_in.password()}")
        else:
            print(f"  sign up at   {address.url}/accounts/signup/")
        print(
            f"  first page after {starting.seconds_since_start():.1f} s; logs: {settings.OVERTURE_DATA}/log"
        )
        print("Ctrl-C stops everything and keeps the data.", flush=True)


def _keep_database() -> None:
    if settings.DATABASE_URL or embedded_postgres.is_alive(settings.OVERTURE_DATA):
        return
    print("PostgreSQL is gone; it starts again.", flush=True)
    try:
        embedded_postgres.start(settings.OVERTURE_DATA)
    except embedded_postgres.PostgresFailed as error:
        print(error, flush=True)
