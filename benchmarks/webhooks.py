"""What being told costs: a bulk change of stage, the calls made of it, and calls a second to a receiver."""

import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.db import connection

from benchmarks import _ledger
from overture.accounts.models import Membership
from overture.activity.record import record
from overture.prospects.models import Prospect
from overture.prospects.stage import move
from overture.webhooks.call import call_due
from overture.webhooks.collect import collect
from overture.webhooks.edit import make
from overture.webhooks.models import WebhookCall


def run(prospects: int = 0, calls: int = 1_000) -> Iterator[dict[str, object]]:
    """`move_s` with the index that finds what is told, `bare_move_s` without it (the better of three each);
    `collect_s`: one webhook's calls of that move. Then `calls_per_s`, one after the other, signed."""
    os.environ["OVERTURE_ALLOW_PRIVATE_WEBHOOK_HOSTS"] = "1"
    for size in [prospects] if prospects else [1_000, 10_000, 100_000]:
        yield _measure(_ledger.brand(f"webhooks-{size}"), size, calls)


def _measure(member: Membership, size: int, calls: int) -> dict[str, object]:
    from django.conf import settings

    settings.OVERTURE_ALLOW_PRIVATE_WEBHOOK_HOSTS = True
    _ledger.people(member, size)
    with _receiver() as server:
        webhook, _secret = make(member, f"http://127.0.0.1:{server.server_address[1]}/", ["stage.changed"])
        collected, made = 0.0, 0
        moves: dict[bool, list[float]] = {True: [], False: []}
        stages = ["outreach", "negotiating"] * 3
        for has_index in (True, False) * 3:
            _index(has_index)
            moves[has_index].append(_timed(lambda: move(member, Prospect.objects.all(), stages.pop())))
            if has_index and not collected:
                collected, made = _timed(collect), WebhookCall.objects.filter(webhook=webhook).count()
        _index(True)
        webhook.calls.all().delete()
        for _ in range(calls):
            record("stage_changed", member.workspace_id, member, to=str(time.perf_counter()))
        collect()
        told = webhook.calls.filter(state="waiting").count()
        seconds = _timed(lambda: [call_due(webhook.pk) for _ in range(10)])
        done = webhook.calls.filter(state="done").count()
    return {
        "n": size,
        "move_s": round(min(moves[True]), 3),
        "bare_move_s": round(min(moves[False]), 3),
        "collect_s": round(collected, 3),
        "calls": made,
        "calls_per_s": round(done / seconds),
        "arrived": f"{done} of {told}",
    }


def _index(is_there: bool) -> None:
    from overture.activity.models import Activity

    index = next(each for each in Activity._meta.indexes if each.name == "activity_told")
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX IF EXISTS activity_told")
    if is_there:
        with connection.schema_editor() as editor:
            editor.add_index(Activity, index)


def _timed(call: object) -> float:
    start = time.perf_counter()
    call()  # type: ignore[operator]
    return time.perf_counter() - start


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class _receiver(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()
