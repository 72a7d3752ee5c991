"""A process that has loaded parsers and forks a child per file: `python -m overture.files.nursery FD MODULE`.

Files are hostile. A child reads one, within limits on memory, time and what it may write, and ends.
The nursery itself never reads any. It knows no Django, no database and no secrets.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any

LARGEST_ANSWER = 64 * 1024
NOBODY = 65534
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_libc = ctypes.CDLL(None)


def main(descriptor: int, module: str) -> None:
    """Serves until the other end of `descriptor` is closed, when its owner ends.

    `module` has `warm_up()`, and `work(asked)` that reads one file.
    """
    parsers = importlib.import_module(module)
    parsers.warm_up()
    _leave_the_network()
    # Children are not waited for: the kernel buries them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=descriptor)
    while True:
        asked, sockets, _, _ = socket.recv_fds(control, LARGEST_ANSWER, 1)
        if not asked:
            return
        if os.fork() == 0:
            control.close()
            _be_child(parsers.work, json.loads(asked), socket.socket(fileno=sockets[0]))
        for each in sockets:
            os.close(each)


def _be_child(
    work: Callable[[dict[str, Any]], dict[str, Any]], asked: dict[str, Any], answer: socket.socket
) -> None:
    try:
        _limit(asked.pop("limits"))
        _be_nobody(asked["folder"])
        answer.sendall(json.dumps(work(asked)).encode())
        os._exit(0)
    except BaseException as error:
        # Nobody but the log hears of it; who asked sees that no answer came.
        with contextlib.suppress(BaseException):
            print(f"a file could not be read: {type(error).__name__}: {error}"[:500], file=sys.stderr)  # noqa: T201
        os._exit(1)


def _limit(limits: dict[str, int]) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["written"], limits["written"]))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    # Also when it only waits.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits["seconds"] * 1.5)


def _be_nobody(folder: str) -> None:
    """From within the folder, since it may pass no other then. Only root can become somebody else."""
    os.chdir(folder)
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def _leave_the_network() -> None:
    """Into a namespace without any; where the kernel or the container forbids it, the other limits stay."""
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        _libc.unshare(_CLONE_NEWNET)
    elif _libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0:
        # Without a map of its own user, it could make no file.
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{user} {user} 1"),
            ("gid_map", f"{group} {group} 1"),
        ):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
