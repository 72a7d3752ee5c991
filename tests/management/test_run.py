"""bin/run: it starts, survives the death of its parts, refuses with a sentence, and ends in time."""

import os
import signal
import smtplib
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from overture.lib import embedded_postgres
from tests.fakes.scanner import EICAR, FOUND
from tests.management.product import Product

pytestmark = pytest.mark.slow


@dataclass
class FirstRun:
    """What a run from an empty folder said and answered, and how SIGTERM ended it; it kept a row."""

    product: Product
    health: tuple[int, dict[str, object]]
    code: int
    seconds: float


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirstRun]:
    product = Product(tmp_path_factory.mktemp("first") / "data")
    try:
        product.start()
        health = product.health()
        keep_a_row(product.folder, 42)
        code, seconds = product.terminate()
        yield FirstRun(product, health, code, seconds)
    finally:
        clear_away(product)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Product]:
    """Not started yet, and nothing in its folder."""
    product = Product(tmp_path / "data")
    yield product
    clear_away(product)


@pytest.fixture
def product(empty: Product, first_run: FirstRun) -> Product:
    """On a copy of the folder the first run left: database, schema and static files are there."""
    subprocess.run(["cp", "-a", "--reflink=auto", first_run.product.folder, empty.folder], check=True)
    return empty


def clear_away(product: Product) -> None:
    product.kill_group()
    if embedded_postgres.is_alive(product.folder):
        embedded_postgres.start(product.folder)
        embedded_postgres.stop(product.folder)


def within(seconds: float, is_so: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.1)
    return is_so()


def server_pid(folder: Path) -> int:
    return int((folder / "postgres" / "postmaster.pid").read_text().split()[0])


def keep_a_row(folder: Path, answer: int) -> None:
    with psycopg.connect(embedded_postgres.url(folder), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (answer integer)")
        connection.execute("INSERT INTO kept VALUES (%s)", [answer])


def kept_rows(folder: Path) -> list[tuple[int]]:
    with psycopg.connect(embedded_postgres.url(folder)) as connection:
        return connection.execute("SELECT answer FROM kept ORDER BY answer").fetchall()


def test_sigterm_ends_everything_in_time_and_the_data_stay(first_run: FirstRun, product: Product) -> None:
    assert first_run.health == (200, {"status": "ok"})
    first = first_run.product
    assert f"Ready: http://127.0.0.1:{first.port}\n" in first.said
    assert first_run.code == 0
    assert first_run.seconds < 20
    assert first.said.endswith("Stopped.\n")
    assert first.processes("") == []
    assert embedded_postgres.is_alive(first.folder) is False
    product.start()
    assert kept_rows(product.folder) == [(42,)]


def test_ctrl_c_ends_it_too(product: Product) -> None:
    product.start()
    assert product.process is not None
    os.killpg(product.process.pid, signal.SIGINT)  # as a terminal does: to the whole group
    product.process.communicate(timeout=20)
    assert product.process.returncode == 0
    assert product.processes("") == []
    assert embedded_postgres.is_alive(product.folder) is False


def test_a_killed_group_is_taken_over_with_its_data(product: Product) -> None:
    product.start()
    keep_a_row(product.folder, 43)
    before = server_pid(product.folder)
    product.kill_group()
    assert embedded_postgres.is_alive(product.folder) is True
    product.start()
    assert server_pid(product.folder) == before
    assert product.health() == (200, {"status": "ok"})
    assert kept_rows(product.folder) == [(42,), (43,)]


def test_a_killed_supervisor_leaves_no_web_and_no_worker(product: Product) -> None:
    product.start()
    assert product.process is not None
    children = product.processes("manage.py web") + product.processes("manage.py worker")
    assert len(children) == 4  # gunicorn, its two processes, the worker
    product.process.kill()
    product.process.communicate()
    assert within(10, lambda: product.processes("manage.py") == [])


def test_dead_children_and_a_dead_database_come_back(product: Product) -> None:
    product.start()
    worker, web = product.processes("manage.py worker"), product.processes("manage.py web")
    for pid in (worker[0], web[0], server_pid(product.folder)):
        os.kill(pid, signal.SIGKILL)
    assert within(20, lambda: product.processes("manage.py worker") not in ([], worker))
    assert within(20, lambda: _health_or_none(product) == (200, {"status": "ok"}))


def test_healthz_tells_of_a_stopped_database(product: Product) -> None:
    product.start()
    assert product.process is not None
    os.kill(product.process.pid, signal.SIGSTOP)  # or it would start it again at once
    os.kill(server_pid(product.folder), signal.SIGINT)
    assert within(10, lambda: product.health()[0] == 503)
    assert str(product.health()[1]["problems"]).startswith("['database: ")
    os.kill(product.process.pid, signal.SIGCONT)
    assert within(30, lambda: _health_or_none(product) == (200, {"status": "ok"}))


def test_a_taken_port_is_named(empty: Product) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", empty.port))
        other.listen()
        code, words = empty.refuse()
    assert code == 1
    assert words == (
        f"overture: Port {empty.port} on 127.0.0.1 is taken (Address already in use). "
        f"Stop what uses it, or choose another: bin/run --port {empty.port + 1}.\n"
    )
    assert not (empty.folder / "postgres").exists()


def test_a_second_run_on_the_folder_is_refused(product: Product) -> None:
    product.start()
    assert product.process is not None
    code, words = Product(product.folder).refuse()
    assert code == 1
    assert words.startswith(
        f"overture: Overture already runs on {product.folder} (pid {product.process.pid}). "
    )
    assert product.health() == (200, {"status": "ok"})


def test_a_wrong_option_is_one_sentence(empty: Product) -> None:
    empty.options = ("--prot", "8001")
    code, words = empty.refuse()
    assert code == 2
    assert words == (
        "overture: run: unrecognized arguments: --prot 8001. bin/overture run --help tells its options.\n"
    )


def test_a_failed_step_is_a_sentence_and_leaves_nothing_running(empty: Product) -> None:
    empty.folder.mkdir()
    (empty.folder / "log").write_text("no folder")
    code, words = empty.refuse()
    assert code == 1
    assert words == f"overture: {empty.folder / 'log'}: File exists\n"
    assert embedded_postgres.is_alive(empty.folder) is False


def _health_or_none(product: Product) -> object:
    try:
        return product.health()
    except OSError:
        return None


def test_the_demo_signs_in_and_its_mail_is_caught(empty: Product) -> None:
    empty.options = ()
    empty.start()
    assert "  sign in as   demo@overture.example\n" in empty.said
    password = (empty.folder / "demo.password").read_text().strip()
    assert f"  password     {password}\n" in empty.said
    port = int((empty.folder / "catcher.port").read_text())
    assert within(10, lambda: len(empty.processes("manage.py catcher")) == 1)
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        client.sendmail("nora@halden.example", ["zoe@partner.example"], b"Subject: Hello\r\n\r\nZo\r\n")
    query = b"SELECT subject, recipients FROM overture_caughtemail"
    with psycopg.connect(embedded_postgres.url(empty.folder)) as connection:
        assert connection.execute(query).fetchall() == [("Hello", ["zoe@partner.example"])]
    empty.terminate()
    empty.start()
    assert f"  password     {password}\n" in empty.said
    assert "Demo data" not in empty.said


def test_a_scanner_comes_along_and_comes_back(product: Product) -> None:
    """It finds the test virus of eicar.org, as the product configures it; killed, it starts again."""
    product.start()

    def verdict() -> bytes:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(5)
            try:
                line.connect(str(product.folder / "clamav" / "clamd.sock"))
                line.sendall(b"zINSTREAM\0" + len(EICAR).to_bytes(4, "big") + EICAR + bytes(4))
                return line.recv(200)
            except OSError:
                return b""

    expected = f"stream: {FOUND} FOUND\0".encode()
    assert within(20, lambda: verdict() == expected)
    (clamd,) = product.processes("clamd.conf")
    os.kill(clamd, signal.SIGKILL)
    assert within(20, lambda: verdict() == expected)
    assert product.terminate()[0] == 0
    assert product.processes("") == []
