"""bin/overture: what is expected to go wrong is a sentence and an exit code."""

import os
import subprocess
from pathlib import Path

import pytest

from overture.lib import embedded_postgres
from tests.management.product import ROOT, plain_environment

pytestmark = pytest.mark.slow


def overture(folder: Path, *arguments: str, **environment: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [ROOT / "bin" / "overture", *arguments],
        env=plain_environment(folder) | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_no_command_lists_ours(tmp_path: Path) -> None:
    code, said, complained = overture(tmp_path)
    assert (code, complained) == (0, "")
    listed = {line.split()[0] for line in said.splitlines() if line.startswith("  ")}
    assert {"run", "web", "worker", "doctor", "catcher"} <= listed
    assert not {"shell", "runserver"} & listed


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["wroker"], "There is no command 'wroker'. Did you mean 'worker'?"),
        (["xyzzy"], "There is no command 'xyzzy'. bin/overture lists the commands."),
        (
            ["web", "--port", "many"],
            "web: argument --port: invalid int value: 'many'. bin/overture web --help tells its options.",
        ),
    ],
)
def test_a_wrong_command_is_one_sentence(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    assert overture(tmp_path, *arguments) == (2, "", f"overture: {sentence}\n")
    assert not (tmp_path / "postgres").exists()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("OVERTURE_PORT", "80x", "OVERTURE_PORT is '80x'. Write a whole number from 1 to 65535."),
        ("DATABASE_URL", "mysql://a/b", "DATABASE_URL must read like postgresql://"),
        (
            "DATABASE_URL",
            "postgresql://u@127.0.0.1:9/none",
            "The database does not answer: connection failed",
        ),
    ],
)
def test_a_wrong_setting_is_one_sentence(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    code, said, complained = overture(tmp_path, "migrate", **{name: value})
    assert (code, said) == (1, "")
    assert complained.startswith(f"overture: {sentence}")
    assert "Traceback" not in complained


def test_a_command_starts_the_database_for_itself_alone(tmp_path: Path) -> None:
    code, said, complained = overture(tmp_path, "migrate")
    assert (code, complained) == (0, "")
    assert "Applying overture.0001_first... OK" in said
    assert embedded_postgres.is_alive(tmp_path) is False
    code, said, _ = overture(tmp_path, "doctor")
    assert code == 1
    assert "bad   worker    no heartbeat" in said


def test_a_folder_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, said, complained = overture(tmp_path / "file" / "data", "doctor")
    assert (code, said) == (1, "")
    assert complained == (
        f"overture: OVERTURE_DATA names {tmp_path}/file/data, which cannot be made: Not a directory. "
        "Name a folder that you may write to.\n"
    )


@pytest.mark.parametrize("name", ["run", "test", "lint", "bench", "overture"])
def test_commands_stay_short(name: str) -> None:
    path = ROOT / "bin" / name
    assert len(path.read_text().splitlines()) <= 25
    assert os.access(path, os.X_OK)


@pytest.mark.parametrize(
    ("has_venv", "version", "sentence"),
    [
        (False, "ok", "this Python has no venv module. On Debian or Ubuntu: apt install python3.12-venv"),
        (True, "old", "it needs Python 3.11 or newer, and found none."),
    ],
)
def test_a_machine_without_the_right_python_is_told(
    tmp_path: Path, has_venv: bool, version: str, sentence: str
) -> None:
    for source in ("bin", "requirements.txt"):
        subprocess.run(["cp", "-r", ROOT / source, tmp_path], check=True)
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("bash", "dirname", "cmp", "flock", "date"):
        (tools / name).symlink_to(Path("/usr/bin") / name)
    fake = tools / "python3"
    fake.write_text(
        "#!/bin/bash\ncase $2 in\n"
        f"*version_info\\ \\<*) {'true' if version == 'ok' else 'false'};;\n"
        f"*ensurepip*) {'true' if has_venv else 'false'};;\n"
        "*) echo python3.12-venv;;\nesac\n"
    )
    fake.chmod(0o755)
    done = subprocess.run(
        [tmp_path / "bin" / "run"], env={"PATH": str(tools)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"Overture cannot start: {sentence}")
    assert not (tmp_path / ".venv").exists()
