"""Each fault ends in the state that it must, and the recording server agrees on what was kept."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from overture.mailboxes.providers import Ending, Letter, LetterId, Outcome, smtp
from overture.mailboxes.providers.smtp import Account
from tests.fakes.recording_smtp import Behaviour, Recorded, RecordingSMTP, read_log, smtp_process

_DATA = b"Subject: hello\r\n\r\nDear partner\r\n"


@dataclass
class Told:
    """What the callbacks heard, in order."""

    begun: list[LetterId] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    ending: Ending | None = None
    kept: list[Recorded] = field(default_factory=list)

    @property
    def ending_code(self) -> str:
        return self.ending.code if self.ending else ""

    @property
    def kinds(self) -> dict[LetterId, str]:
        assert len({outcome.id for outcome in self.outcomes}) == len(self.outcomes), "one outcome a letter"
        return {outcome.id: outcome.kind for outcome in self.outcomes}

    @property
    def kept_for(self) -> list[str]:
        return [message.recipients[0].partition("@")[0] for message in self.kept]


def _letters(names: Iterable[str], data: bytes = _DATA) -> Iterator[Letter]:
    for name in names:
        sender = f"{name if name.startswith('mail') else 'me'}@brand.example"
        yield Letter(name, sender, f"{name}@shop.example", data)


async def _send(told: Told, account: Account, letters: Iterator[Letter], seconds: float = 5) -> None:
    connection = await smtp.connect(account)
    told.ending = await connection.send(
        letters, told.begun.append, told.outcomes.append, time.monotonic() + seconds
    )
    assert connection.is_open == told.ending.is_done
    await connection.close()


def _account(port: int, timeout: float = 2, pipeline: bool = True) -> Account:
    return Account(
        "127.0.0.1", port, "none", allow_private=True, timeout=timeout, dot_timeout=0.6, pipeline=pipeline
    )


def _run(
    tmp_path: Path,
    names: str,
    behaviour: Behaviour | None = None,
    data: bytes = _DATA,
    seconds: float = 5,
    timeout: float = 2,
) -> Told:
    told = Told()
    with RecordingSMTP(tmp_path / "log", behaviour) as server:
        asyncio.run(_send(told, _account(server.port, timeout), _letters(names.split(), data), seconds))
        told.kept = server.messages()
    return told


_IN_STEP = pytest.mark.parametrize("pipelining", [True, False])


@_IN_STEP
@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("mail4", "deferred", "451"),
        ("mail5", "failed", "550"),
        ("rcpt4", "deferred", "450"),
        ("rcpt5", "failed", "550"),
        ("datacmd4", "deferred", "451"),
        ("datacmd5", "failed", "554"),
        ("data4", "deferred", "451"),
        ("data5", "failed", "554"),
        ("slow0.2", "sent", "250"),
    ],
)
def test_refusal_ends_one_letter_and_the_next_goes_on(
    tmp_path: Path, pipelining: bool, name: str, kind: str, code: str
) -> None:
    told = _run(tmp_path, f"a {name} b c", Behaviour(pipelining=pipelining))
    assert told.kinds == {"a": "sent", name: kind, "b": "sent", "c": "sent"}
    assert told.outcomes[1].code == code
    assert told.outcomes[1].reply.startswith(code)
    assert told.kept_for == ["a", *[name] * (kind == "sent"), "b", "c"]
    assert told.ending == Ending("done")


@_IN_STEP
@pytest.mark.parametrize(
    ("name", "kind", "ending"),
    [
        ("mail421", "returned", "closing"),
        ("maildrop", "deferred", "dropped"),
        ("rcpt421", "deferred", "closing"),
        ("dropbefore", "deferred", "dropped"),
        ("dropdata", "deferred", "dropped"),
        ("data421", "deferred", "closing"),
        ("dropafter", "unknown", "dropped"),
        ("hang", "unknown", "timeout"),
    ],
)
def test_lost_connection_says_what_is_known(
    tmp_path: Path, pipelining: bool, name: str, kind: str, ending: str
) -> None:
    told = _run(tmp_path, f"a {name} b c", Behaviour(pipelining=pipelining), timeout=0.3)
    # The next one was on its way only when pipelined behind a dot; it is never blamed.
    is_behind_a_dot = pipelining and name in ("data421", "dropafter", "hang")
    assert told.kinds == {"a": "sent", name: kind} | ({"b": "returned"} if is_behind_a_dot else {})
    assert told.ending_code == ending
    assert told.kept_for == ["a", *[name] * (kind == "unknown")]
    assert told.begun == ["a", *[name] * (name in ("data421", "dropafter", "hang"))]


@_IN_STEP
def test_begun_comes_before_the_dot_and_one_at_a_time(tmp_path: Path, pipelining: bool) -> None:
    told = Told()
    events: list[tuple[str, LetterId]] = []
    with RecordingSMTP(tmp_path / "log", Behaviour(pipelining=pipelining)) as server:

        async def go() -> None:
            connection = await smtp.connect(_account(server.port))
            await connection.send(
                _letters("abcdef"),
                lambda letter: events.append((f"begun {len(server.messages())}", letter)),
                lambda outcome: events.append((f"{outcome.kind} {len(server.messages())}", outcome.id)),
                time.monotonic() + 5,
            )
            await connection.close()

        asyncio.run(go())
    expected = [
        event for n, name in enumerate("abcdef") for event in ((f"begun {n}", name), (f"sent {n + 1}", name))
    ]
    assert events == expected
    assert told.outcomes == []


def test_pipelined_letter_costs_one_round_trip(tmp_path: Path) -> None:
    names, seconds = " ".join(f"n{n}" for n in range(20)), []
    for pipelining in (True, False):
        began = time.monotonic()
        told = _run(tmp_path, names, Behaviour(latency=0.02, pipelining=pipelining))
        assert set(told.kinds.values()) == {"sent"}
        seconds.append(time.monotonic() - began)
    # Step by step it costs four.
    assert seconds[0] < seconds[1] * 0.7


def test_drop_in_the_middle_of_a_large_content_is_not_unknown(tmp_path: Path) -> None:
    told = _run(tmp_path, "dropin b", data=_DATA + b"x" * 76 + b"\r\n" + (b"y" * 76 + b"\r\n") * 200_000)
    assert told.kinds == {"dropin": "deferred"}
    assert told.begun == []


def test_large_content_arrives_whole(tmp_path: Path) -> None:
    data = _DATA + b".line with a dot\r\n" * 100_000
    told = _run(tmp_path, "a b", data=data)
    assert told.kinds == {"a": "sent", "b": "sent"}
    assert [message.content for message in told.kept] == [data, data]


@_IN_STEP
@pytest.mark.parametrize("lines", [3, 100_000])
def test_tail_follows_each_letter(tmp_path: Path, pipelining: bool, lines: int) -> None:
    tail = b"eHh4eHh4\r\n" * lines
    told = Told()
    with RecordingSMTP(tmp_path / "log", Behaviour(pipelining=pipelining, size=10**7)) as server:
        letters = (each._replace(tail=tail) for each in _letters("ab"))
        asyncio.run(_send(told, _account(server.port), letters))
        told.kept = server.messages()
        mail = [line for line in server.commands if line.startswith(b"MAIL")]
    assert told.kinds == {"a": "sent", "b": "sent"}
    assert [message.content for message in told.kept] == [_DATA + tail] * 2
    assert all(line.endswith(f" SIZE={len(_DATA + tail)}\r\n".encode()) for line in mail)


def test_tail_counts_for_the_server_s_limit(tmp_path: Path) -> None:
    told = Told()
    with RecordingSMTP(tmp_path / "log", Behaviour(size=1000)) as server:
        letters = iter([*(each._replace(tail=b"x\r\n" * 400) for each in _letters("a")), *_letters("b")])
        asyncio.run(_send(told, _account(server.port), letters))
    assert (told.outcomes[0].id, told.outcomes[0].code) == ("a", "too_large")
    assert told.kinds == {"a": "failed", "b": "sent"}


def test_letter_that_a_lease_is_too_short_for_is_tried_later(tmp_path: Path) -> None:
    """Else it would be returned and tried again for ever, at once; a small one after it is not to blame."""
    told = Told()
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_stuck, args=(server,), daemon=True).start()
        letters = (each._replace(tail=b"x" * 76 + b"\r\n") for each in _letters("ab", b"y\r\n" * 10_000_000))
        asyncio.run(_send(told, _account(server.getsockname()[1]), letters, seconds=2))
    assert [(each.id, each.kind, each.code) for each in told.outcomes] == [("a", "deferred", "too_slow")]
    assert told.begun == []


def _stuck(server: socket.socket) -> None:
    """Asks for the content and reads none of it."""
    connection, _ = server.accept()
    with connection:
        _answer_and_wait(connection)


def _answer_and_wait(connection: socket.socket) -> None:
    for answer in (b"220 x\r\n", b"250 x\r\n", b"250 x\r\n", b"250 x\r\n", b"354 x\r\n"):
        connection.sendall(answer)
        if not answer.startswith(b"354"):
            connection.recv(1000)
    time.sleep(2)


@_IN_STEP
def test_smuggled_end_stays_in_the_content(tmp_path: Path, pipelining: bool) -> None:
    smuggled = (
        b"\n.\nMAIL FROM:<evil@x.test>\r\nRCPT TO:<evil@x.test>\r\nDATA\r\nbad\r.\r\n.\r\nQUIT\r\n\r\n.\n"
    )
    told = _run(tmp_path, "a b", Behaviour(pipelining=pipelining), data=b"Subject: x\r\n" + smuggled)
    assert told.kinds == {"a": "sent", "b": "sent"}
    assert told.kept_for == ["a", "b"]
    lines = smuggled.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    assert told.kept[0].content == b"Subject: x\r\n" + lines


def test_address_with_a_command_in_it_fails_unsent(tmp_path: Path) -> None:
    told = Told()
    evil = '"x\r\nRCPT TO:<evil@x.test>"@d.test'
    with RecordingSMTP(tmp_path / "log") as server:
        letters = iter(
            [Letter(1, "me@b.test", evil, _DATA), *_letters("a"), Letter(2, evil, "a@b.test", _DATA)]
        )
        asyncio.run(_send(told, _account(server.port), letters))
    assert told.kinds == {1: "failed", "a": "sent", 2: "failed"}
    assert [outcome.code for outcome in told.outcomes if outcome.kind == "failed"] == [
        "invalid_address",
        "invalid_sender",
    ]
    assert not [command for command in server.commands if b"evil" in command]


def test_what_the_server_cannot_take_fails_with_its_reason(tmp_path: Path) -> None:
    told = Told()
    behaviour = Behaviour(smtputf8=False, size=2000)
    letters = iter(
        [
            Letter(1, "me@b.test", "é@d.test", _DATA),
            Letter(2, "me@b.test", "a@d.test", _DATA * 100),
            Letter(3, "me@b.test", "a@d.test", _DATA),
        ]
    )
    with RecordingSMTP(tmp_path / "log", behaviour) as server:
        asyncio.run(_send(told, _account(server.port), letters))
    assert [outcome[:3] for outcome in told.outcomes] == [
        (1, "failed", "smtputf8_missing"),
        (2, "failed", "too_large"),
        (3, "sent", "250"),
    ]


def test_server_that_forgets_what_was_pipelined_loses_no_letter(tmp_path: Path) -> None:
    told = _run(tmp_path, "a b", Behaviour(forgets_pipelined=True), timeout=0.2)
    assert told.kinds == {"a": "deferred"}
    assert told.ending == Ending("pipelining_stalled")
    with RecordingSMTP(tmp_path / "log2", Behaviour(forgets_pipelined=True)) as server:
        again = Told()
        asyncio.run(_send(again, _account(server.port, pipeline=False), _letters("ab")))
    assert again.kinds == {"a": "sent", "b": "sent"}


def test_server_that_refuses_what_it_offered_fails_no_letter(tmp_path: Path) -> None:
    told = _run(tmp_path, "a b", Behaviour(refuses_pipelined=True))
    assert told.kinds == {"a": "returned"}
    assert told.ending_code == "pipelining_refused"


def test_354_without_a_recipient_gets_no_content(tmp_path: Path) -> None:
    told = _run(tmp_path, "a rcpt5 b", Behaviour(always_354=True))
    assert told.kinds == {"a": "sent", "rcpt5": "failed"}
    assert told.ending_code == "bad_answer"
    assert told.kept_for == ["a"]


def test_one_reply_too_many_is_not_taken_for_the_answer(tmp_path: Path) -> None:
    told = _run(tmp_path, "data5 b", Behaviour(after_354="250 2.0.0 queued"))
    assert told.kinds == {"data5": "deferred"}
    assert (told.begun, told.ending_code) == ([], "bad_answer")


def test_slow_answer_to_the_dot_is_waited_for_longer(tmp_path: Path) -> None:
    assert _run(tmp_path, "slow0.4 b", timeout=0.1).kinds == {"slow0.4": "sent", "b": "sent"}


def test_mail_refused_for_want_of_auth_fails_no_letter(tmp_path: Path) -> None:
    told = _run(tmp_path, "a b", Behaviour(users={"lena": "x"}))
    assert told.kinds == {"a": "returned"}
    assert told.ending == Ending("auth_required", "530 5.7.0 authentication required")


@_IN_STEP
def test_server_that_closes_after_some_returns_the_rest(tmp_path: Path, pipelining: bool) -> None:
    told = _run(tmp_path, "a b c d", Behaviour(pipelining=pipelining, close_after=2))
    assert told.kinds == {"a": "sent", "b": "sent", "c": "returned"}
    assert told.ending == Ending("closing", "421 4.3.2 closing")


def test_deadline_closes_and_leaves_nothing_untold(tmp_path: Path) -> None:
    began = time.monotonic()
    told = _run(tmp_path, "a hang b", seconds=0.3)
    assert 0.25 < time.monotonic() - began < 10
    assert told.kinds == {"a": "sent", "hang": "unknown", "b": "returned"}
    assert {outcome.code for outcome in told.outcomes[1:]} == {"lease_ended"}


def test_nothing_begins_after_the_deadline_even_when_the_loop_was_stopped(tmp_path: Path) -> None:
    """As after SIGSTOP: answers lie ready, the timer has not run yet."""
    told = Told()
    with RecordingSMTP(tmp_path / "log") as server:

        def sleepy() -> Iterator[Letter]:
            yield from _letters("ab")
            time.sleep(0.5)  # b's envelope is answered meanwhile, and the deadline passes
            yield from _letters("c")

        asyncio.run(_send(told, _account(server.port), sleepy(), seconds=0.3))
        told.kept = server.messages()
    assert told.begun == told.kept_for == ["a"]
    assert told.kinds == {"a": "sent", "b": "returned", "c": "returned"}
    assert told.ending_code == "lease_ended"


def test_connections_share_one_stream_of_letters(tmp_path: Path) -> None:
    told = Told()
    names = [f"n{n}" for n in range(300)]
    with RecordingSMTP(tmp_path / "log") as server:

        async def go() -> None:
            letters = _letters(names)
            await asyncio.gather(*(_send(told, _account(server.port), letters) for _ in range(4)))

        asyncio.run(go())
        told.kept = server.messages()
    assert told.kinds == dict.fromkeys(names, "sent")
    assert sorted(told.kept_for) == sorted(names)


def test_kept_connection_that_the_server_left_blames_nobody(tmp_path: Path) -> None:
    told = Told()
    with RecordingSMTP(tmp_path / "log") as server:

        async def go() -> list[Ending]:
            connection = await smtp.connect(_account(server.port))
            hear: tuple[Callable[[LetterId], None], Callable[[Outcome], None]]
            hear = told.begun.append, told.outcomes.append
            first = await connection.send(_letters("a"), *hear, time.monotonic() + 5)
            second = await connection.send(_letters("b"), *hear, time.monotonic() + 5)
            server.hang_up()
            await asyncio.sleep(0.1)
            left = _letters("c")
            third = await connection.send(left, *hear, time.monotonic() + 5)
            assert next(left).id == "c"
            return [first, second, third]

        endings = asyncio.run(go())
    assert [ending.code for ending in endings] == ["done", "done", "dropped"]
    assert told.kinds == {"a": "sent", "b": "sent"}


def test_drop_before_any_answer_on_a_kept_connection_blames_nobody(tmp_path: Path) -> None:
    told = Told()
    with RecordingSMTP(tmp_path / "log") as server:

        async def go() -> None:
            connection = await smtp.connect(_account(server.port))
            for names in (["a"], ["maildrop", "b"]):
                told.ending = await connection.send(
                    _letters(names), told.begun.append, told.outcomes.append, time.monotonic() + 5
                )

        asyncio.run(go())
    assert told.kinds == {"a": "sent", "maildrop": "returned"}


@pytest.mark.parametrize("breaks", ["begun", "answered", "letters"])
def test_callback_that_fails_stops_the_run_and_is_heard(tmp_path: Path, breaks: str) -> None:
    told = Told()

    def fail(*_: object) -> None:
        raise OSError("disk full")

    def letters() -> Iterator[Letter]:
        yield from _letters("ab")
        if breaks == "letters":
            fail()
        yield from _letters("c")

    with RecordingSMTP(tmp_path / "log") as server:

        async def go() -> None:
            connection = await smtp.connect(_account(server.port))
            begun = fail if breaks == "begun" else told.begun.append
            answered = fail if breaks == "answered" else told.outcomes.append
            with pytest.raises(OSError, match="disk full"):
                await connection.send(letters(), begun, answered, time.monotonic() + 5)
            assert not connection.is_open

        asyncio.run(go())
        told.kept = server.messages()
    if breaks == "begun":
        assert (told.kinds, told.kept_for) == ({"a": "returned", "b": "returned"}, [])
    elif breaks == "letters":
        assert (told.kinds, told.kept_for) == ({"a": "sent", "b": "returned"}, ["a"])


def test_cancelled_send_tells_what_was_under_way(tmp_path: Path) -> None:
    told = Told()
    with RecordingSMTP(tmp_path / "log") as server:

        async def go() -> None:
            task = asyncio.create_task(_send(told, _account(server.port), _letters(["a", "hang", "b"])))
            await asyncio.sleep(0.2)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        asyncio.run(go())
    assert told.kinds == {"a": "sent", "hang": "unknown", "b": "returned"}


def test_killed_server_leaves_at_most_one_unknown_and_nothing_wrongly_sent(tmp_path: Path) -> None:
    told = Told()
    log = tmp_path / "log"
    with smtp_process(log) as (port, process):

        def letters() -> Iterator[Letter]:
            for n, letter in enumerate(_letters(f"n{n}" for n in range(100_000))):
                if n == 700:
                    process.kill()
                yield letter

        asyncio.run(_send(told, _account(port), letters()))
    told.kept = read_log(log)
    kinds = list(told.kinds.values())
    assert kinds.count("unknown") <= 1
    assert kinds.count("failed") == 0
    sent = {outcome.id for outcome in told.outcomes if outcome.kind == "sent"}
    unknown = {outcome.id for outcome in told.outcomes if outcome.kind == "unknown"}
    assert len(sent) > 500
    assert sent <= set(told.kept_for) <= sent | unknown
