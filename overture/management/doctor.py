"""What `doctor` looks at: each check tells how things stand, and how to mend them."""

import importlib
import importlib.util
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Literal

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from overture.directory.models import Partner
from overture.files.clamd import has_official_signatures
from overture.files.standing import look, waiting
from overture.inbound.coverage import coverage_of
from overture.jobs.alive import worker_is_alive
from overture.mailboxes.limits import last_sent
from overture.mailboxes.models import Mailbox
from overture.management.preflight import LEAST_DISK
from overture.marketplace import index
from overture.marketplace.build import database_now
from overture.marketplace.index import NoIndex
from overture.webhooks.call import host_of
from overture.webhooks.models import Webhook

State = Literal["ok", "warn", "bad"]
OLDEST_POSTGRES = 15
# The poll comes every two minutes.
_LATE = timedelta(minutes=10)


@dataclass(frozen=True)
class Finding:
    subject: str
    state: State
    words: str
    mend: str = ""

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def examine() -> Iterator[Finding]:
    """All findings, the database's first: when it does not answer, what needs it is not asked."""
    database = list(_told("database", _database))
    yield from database
    if all(finding.state != "bad" for finding in database):
        for subject, check in _CHECKS:
            yield from _told(subject, check)
    yield from _system_mail()
    yield from _disk()
    yield from _keys()
    yield from _base_url()


def _told(subject: str, check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from check()
    except DatabaseError as error:
        yield Finding(
            subject,
            "bad",
            f"the database says: {str(error).strip().splitlines()[0]}",
            "Start it (bin/run), or mend DATABASE_URL; then bin/overture migrate.",
        )


def _database() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int / 10000, current_setting('fsync'),"
            " current_setting('full_page_writes'), current_setting('synchronous_commit'),"
            " current_setting('synchronous_standby_names'), (SELECT count(*) FROM pg_stat_replication)"
        )
        version, fsync, full_page_writes, synchronous_commit, standbys, replicas = cursor.fetchone()
    is_old = version < OLDEST_POSTGRES
    upgrade = f"Upgrade it to {OLDEST_POSTGRES} or newer." if is_old else ""
    yield Finding("database", "bad" if is_old else "ok", f"PostgreSQL {version}", upgrade)
    names = ("fsync", "full_page_writes", "synchronous_commit")
    values = (fsync, full_page_writes, synchronous_commit)
    for name in [name for name, value in zip(names, values, strict=True) if value == "off"]:
        yield Finding(
            "database",
            "bad",
            f"{name} is off: after a crash it forgets what was sent, and would send it again",
            f"Set {name} = on in its postgresql.conf and reload it.",
        )
    if replicas and not standbys:
        yield Finding(
            "database",
            "warn",
            "its replicas are asynchronous: a failover forgets the last e-mails sent",
            "Set synchronous_standby_names before you let it fail over.",
        )
    yield from _migrations()


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Finding("database", "bad", "its schema is not this version's", "Run bin/overture migrate.")
    else:
        yield Finding("database", "ok", "its schema is this version's")


def _worker() -> Iterator[Finding]:
    if worker_is_alive():
        yield Finding("worker", "ok", "at work")
    else:
        yield Finding("worker", "bad", "no heartbeat", "Start bin/run, or bin/overture worker.")


def _mail() -> Iterator[Finding]:
    mailboxes = Mailbox.objects.filter(removed_at=None).select_related("relay").order_by("address")
    if not mailboxes:
        yield Finding("mail", "warn", "no mailbox is connected", "Connect one under Settings > Mailboxes.")
    for mailbox in mailboxes:
        if mailbox.state == Mailbox.State.CONNECTED:
            yield Finding("mail", "ok", f"{mailbox.address} is connected")
            yield from _silent_relay(mailbox)
            continue
        if mailbox.state == Mailbox.State.RECONNECT:
            yield Finding(
                "mail",
                "bad",
                f"{mailbox.address} has to be signed in again at {mailbox.get_provider_display()}",
                "Its owner does that under Settings > Mailboxes; mailings that wait go on by themselves.",
            )
            continue
        why = mailbox.reason_words or mailbox.reason or "no reason is known"
        yield Finding(
            "mail",
            "bad",
            f"{mailbox.address} is disconnected: {why}",
            "Test it under Settings > Mailboxes, and mend what the test names.",
        )


def _silent_relay(mailbox: Mailbox) -> Iterator[Finding]:
    if mailbox.is_relay and mailbox.relay.last_event_at is None and last_sent(mailbox.address_key):
        yield Finding(
            "mail",
            "warn",
            f"{mailbox.address} has sent, and its relay's webhook has told nothing: bounces stay unknown",
            "Set the webhook at the provider to the address shown under Settings > Mailboxes.",
        )


def _reading() -> Iterator[Finding]:
    """Mailboxes whose answers are not seen at the moment."""
    mailboxes = list(Mailbox.objects.filter(removed_at=None, reads=True).order_by("address"))
    told = coverage_of(mailboxes)
    late = timezone.now() - _LATE
    for mailbox in mailboxes:
        found = told[mailbox.pk]
        if found.reason:
            why = found.words or found.reason
            mend = "Test it under Settings > Mailboxes; it is tried again by itself."
            yield Finding("reading", "bad", f"{mailbox.address} cannot be read: {why}", mend)
        elif found.read_up_to is None or found.read_up_to < late:
            since = f"up to {found.read_up_to:%Y-%m-%d %H:%M} UTC only" if found.read_up_to else "not yet"
            mend = "A first reading takes its time; else see that a worker runs."
            yield Finding("reading", "warn", f"{mailbox.address} is read {since}", mend)
        else:
            yield Finding("reading", "ok", f"{mailbox.address} is read up to {found.read_up_to:%H:%M} UTC")


def _ledger() -> Iterator[Finding]:
    """Planned = sum of states, as the delivery package judges it."""
    if importlib.util.find_spec("overture.delivery.invariant") is None:
        return
    broken = list(importlib.import_module("overture.delivery.invariant").broken())
    if broken:
        names = ", ".join(
            f"{each.mailing_id} ({each.planned} planned, {each.rows} there, {each.forgotten} forgotten)"
            for each in broken[:5]
        )
        yield Finding(
            "ledger",
            "bad",
            f"{len(broken)} mailings do not add up: {names}",
            "Pause them, keep the logs, and restore or report it: this must never happen.",
        )
    else:
        yield Finding("ledger", "ok", "planned = sum of states, for every mailing")


def _index() -> Iterator[Finding]:
    """Of this host; one that has no web server needs none."""
    try:
        folder = index.folder_in_use()
    except NoIndex:
        percent = index.percent_built()
        words = "none yet" if percent is None else f"being made, {percent} %"
        yield Finding(
            "index", "warn", words, "It is made beside a web server; or: bin/overture index rebuild."
        )
        return
    followed = index.read_followed(folder)
    waiting = Partner.objects.filter(workspace=None, changed_xid__gte=followed.xid if followed else 0)
    is_late = waiting.filter(changed_xid__lt=database_now().xid).exists()
    if is_late:
        mend = "Start the web server (or bin/overture index follow), and look into log/index.log."
        yield Finding("index", "warn", "changes of partners wait to be followed", mend)
    else:
        yield Finding("index", "ok", f"in step with the database ({folder.name})")


def _scanner() -> Iterator[Finding]:
    """Whether it answers, what it knows, and what waits for it."""
    seen, pending = look(), waiting()
    if not seen.version:
        mend = "Start bin/run, which brings one (log/scanner.log), or point OVERTURE_CLAMD to a clamd."
        yield Finding("scanner", "bad", f"files wait: no answer from {seen.problem}", mend)
    elif not has_official_signatures(seen.version):
        mend = "Let bin/run fetch the official ones (log/signatures.log): it needs 3 GB of memory."
        yield Finding(
            "scanner", "warn", f"{seen.version}, test signatures only: it finds no real virus", mend
        )
    else:
        yield Finding("scanner", "ok", seen.version)
    if pending.count:
        minutes = int(pending.age.total_seconds() // 60)
        is_late = minutes >= 5
        words = f"{pending.count} files wait for their scan, the oldest for {minutes} minutes"
        mend = "Look into log/worker.log for why they are not scanned." if is_late and seen.version else ""
        yield Finding("scanner", "warn" if is_late else "ok", words, mend)


def _system_mail() -> Iterator[Finding]:
    if settings.OVERTURE_SYSTEM_MAIL:
        yield Finding("mail", "ok", f"system mail leaves from {settings.OVERTURE_SYSTEM_MAIL_FROM}")
    else:
        yield Finding(
            "mail",
            "warn",
            "no system mail: links to confirm an address or reset a password are only in the log",
            "Set OVERTURE_SYSTEM_MAIL=smtp+starttls://user:password@host:587.",
        )


def _disk() -> Iterator[Finding]:
    usage = shutil.disk_usage(settings.OVERTURE_DATA)
    words = f"{usage.free / 2**30:.1f} GB free in {settings.OVERTURE_DATA}"
    if usage.free < LEAST_DISK:
        yield Finding("disk", "bad", words, "Make room, or move the folder (OVERTURE_DATA) to another disk.")
    elif usage.free < 4 * LEAST_DISK or usage.free < usage.total * 0.03:
        yield Finding("disk", "warn", words, "Make room soon.")
    else:
        yield Finding("disk", "ok", words)


def _keys() -> Iterator[Finding]:
    for name in ("secret.key", "demo.password"):
        path = settings.OVERTURE_DATA / name
        if not path.exists():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            yield Finding("keys", "bad", f"others can read {path} (mode {mode:04o})", f"chmod 600 {path}")
        else:
            yield Finding("keys", "ok", f"{name} is its owner's alone")


def _base_url() -> Iterator[Finding]:
    if settings.OVERTURE_BASE_URL.startswith("https://"):
        yield Finding("address", "ok", settings.OVERTURE_BASE_URL)
    else:
        yield Finding(
            "address",
            "warn",
            f"{settings.OVERTURE_BASE_URL} is not https, which one-click opt-out needs",
            "Put a TLS proxy in front and set OVERTURE_BASE_URL=https://your.host.",
        )


def _webhooks() -> Iterator[Finding]:
    paused = Webhook.objects.kept().filter(paused_at__isnull=False).exclude(paused_because="by_hand")
    if count := paused.count():
        yield Finding(
            "webhooks",
            "warn",
            f"{count} paused, because calls did not arrive: {', '.join(sorted(set(map(host_of, paused))))}.",
            "Their administrators were told; Settings > Webhooks shows the answers, and resumes them.",
        )
    else:
        count = Webhook.objects.kept().count()
        yield Finding("webhooks", "ok", f"{count} webhooks, none paused by failures.")


_CHECKS = (
    ("worker", _worker),
    ("mail", _mail),
    ("reading", _reading),
    ("ledger", _ledger),
    ("index", _index),
    ("scanner", _scanner),
    ("webhooks", _webhooks),
)
