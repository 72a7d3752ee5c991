"""Replies that come in one whole packet, which are read at once, count as the same replies one by one."""

import asyncio
import time
from collections.abc import Callable, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from overture.mailboxes.providers import Letter, Outcome, Run
from overture.mailboxes.providers.envelope import Offers
from overture.mailboxes.providers.transmit import Transmission
from overture.mailboxes.providers.wire import Wire

OK, GO = b"250 2.0.0 Ok: queued as 1\r\n", b"354 End data with <CR><LF>.<CR><LF>\r\n"
USUAL = [OK, OK, OK, GO]
_REPLIES = [
    OK,
    GO,
    b"250 \r\n",
    b"250\r\n",
    b"250-first\r\n250 last\r\n",
    b"251 forwarded\r\n",
    b"354-first\r\n354 last\r\n",
    b"421 going\r\n",
    b"450 busy\r\n",
    b"530 5.7.0 sign in\r\n",
    b"550 no\r\n",
    b"250 \xff\r\n",
    b"what?\r\n",
]


class _Transport(asyncio.Transport):
    """Keeps what is written and is never full."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.is_over = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass

    def abort(self) -> None:
        self.is_over = True

    def is_closing(self) -> bool:
        return self.is_over


def _told(packets: Sequence[Sequence[bytes]], feed: Callable[[Wire, Sequence[bytes]], None]) -> list[object]:
    """All that was told and written, of a run over these replies, an envelope's first."""

    async def run() -> list[object]:
        told: list[object] = []
        wire, transport = Wire(5, 5), _Transport()
        wire.adopt(transport)
        letters = (
            Letter(number, "a@b.example", f"n{number}@p.example", b"hi\r\n", is_wired=True)
            for number in range(4)
        )
        plan = Run(letters, told.append, told.append, time.monotonic() + 60)
        transmission = Transmission(wire, Offers(pipelining=True), plan, is_reused=False)
        transmission.start()
        for packet in packets:
            if not wire.lost:
                feed(wire, packet)
        transmission.stop("stopped")
        return [*told, transmission.ending.result(), transmission.is_dirty, *transport.written]

    return asyncio.run(run())


def _at_once(wire: Wire, packet: Sequence[bytes]) -> None:
    wire.data_received(b"".join(packet))


def _in_two(wire: Wire, packet: Sequence[bytes]) -> None:
    """Read reply by reply, for no packet is whole."""
    data = b"".join(packet)
    wire.data_received(data[:1])
    wire.data_received(data[1:])


_packets = st.lists(st.lists(st.sampled_from(_REPLIES), min_size=3, max_size=5), max_size=4)


@given(st.booleans(), _packets)
@example(True, [[b"550 no\r\n", OK, OK, GO]])
@example(True, [USUAL, [OK, b"550 no\r\n", OK, GO]])
@example(True, [USUAL, [*USUAL, OK]])
def test_replies_of_a_packet_count_as_those_one_by_one(is_begun: bool, packets: list[list[bytes]]) -> None:
    before = [[OK, OK, GO]] if is_begun else []
    assert _told(before + packets, _at_once) == _told(before + packets, _in_two)


@pytest.mark.parametrize("feed", [_at_once, _in_two])
def test_usual_replies_send_one_letter_after_the_other(
    feed: Callable[[Wire, Sequence[bytes]], None],
) -> None:
    told = _told([[OK, OK, GO], USUAL, USUAL, USUAL, [OK]], feed)
    assert [each for each in told if type(each) is int] == [0, 1, 2, 3]
    assert [(each.id, each.kind) for each in told if isinstance(each, Outcome)] == [
        (number, "sent") for number in range(4)
    ]
