"""Whoever says nothing, or says it without end, holds a connection for a while and nobody else up."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from http.client import HTTPConnection, RemoteDisconnected

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode
from websockets.typing import Subprotocol

from api.connections import MOST_HEAD, MOST_PIECES
from tests.harness.callers import Town
from tests.harness.deaf import Deaf, resident
from tests.harness.tuned import TunedServer

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_CONNECTIONS = 30
_SOON = {
    "api.connections:HEAD_SECONDS": 0.5,
    "api.connections:KEEP_SECONDS": 2,
    "api.bodies:BODY_SECONDS": 0.5,
    "api.connections:MOST_CONNECTIONS": _CONNECTIONS,
}
_PATIENCE = 20.0
_LINE = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
# What is said at first, and again and again from then on → what is heard before it is over.
_SILENT: dict[str, tuple[bytes, bytes, bytes]] = {
    "nothing": (b"", b"", b""),
    "half a head": (_LINE, b"X: y\r\n", b""),
    "half a body": (_LINE + b"Content-Length: 1000\r\n\r\n{", b" ", b"HTTP/1.1 408"),
    "the rest of what is too large": (_LINE + b"Content-Length: 100000\r\n\r\n{", b" ", b"HTTP/1.1 413"),
    "half a second head": (b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\nGET /", b"x", b"HTTP/1.1 200"),
}


@pytest.fixture
def server(town: Town) -> Iterator[TunedServer]:
    """One with little patience."""
    with TunedServer(town.house.settings, "silent", _SOON) as found:
        yield found


def _opened(server: TunedServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=0.05)


def _heard(peer: socket.socket, say: Callable[[], None]) -> bytes:
    """All that is heard until the other end has closed, saying something again and again meanwhile."""
    heard, until = b"", time.monotonic() + _PATIENCE
    with suppress(ConnectionError):
        while time.monotonic() < until:
            say()
            try:
                piece = peer.recv(65_536)
            except TimeoutError:
                continue
            if not piece:
                return heard
            heard += piece
    assert time.monotonic() < until, "it is still open"
    return heard


async def test_whoever_asks_nothing_whole_is_let_go(server: TunedServer) -> None:
    for name, (first, again, answer) in _SILENT.items():
        with _opened(server) as peer:
            peer.sendall(first)
            heard = _heard(peer, lambda peer=peer, again=again: peer.sendall(again))  # type: ignore[misc]
            assert heard.startswith(answer), (name, heard)
            assert answer or not heard, (name, heard)
    async with httpx.AsyncClient(base_url=server.url) as kept:
        for _ in range(3):
            assert (await kept.get("/livez")).status_code == 200


async def test_whoever_has_been_answered_may_rest_and_ask_again(server: TunedServer) -> None:
    """For longer than a balancer keeps what it does not use: it is the one who closes."""
    resting = HTTPConnection("127.0.0.1", server.port, timeout=_PATIENCE)

    def ask() -> socket.socket:
        resting.request("GET", "/livez")
        with resting.getresponse() as answer:
            assert (answer.status, bool(answer.read())) == (200, True)
        return resting.sock

    with closing(resting), _opened(server) as silent:
        first = ask()
        assert _heard(silent, lambda: None) == b""  # as long as a head may take has passed
        assert ask() is first
        first.settimeout(0.05)
        assert _heard(first, lambda: None) == b""


async def test_a_head_without_end_is_not_kept(server: TunedServer) -> None:
    before = resident(server.process.pid)
    for head in (_LINE + b"X: ", _LINE, b"GET /"):
        piece, sent = b"X: y\r\n" * 10_000 if head == _LINE else b"x" * 65_536, 0
        with _opened(server) as peer, suppress(ConnectionError):
            peer.settimeout(5)
            peer.sendall(head)
            while sent < 64 * 1024 * 1024:
                peer.sendall(piece)
                sent += len(piece)
        assert sent < 16 * 1024 * 1024, head
    assert resident(server.process.pid) - before < 16 * 1024 * 1024


@pytest.mark.parametrize(("length", "heard"), [(MOST_HEAD, b""), (MOST_HEAD + 1, b"HTTP/1.1 431")])
async def test_so_much_of_a_head_is_waited_for(server: TunedServer, length: int, heard: bytes) -> None:
    with _opened(server) as peer:
        peer.sendall(_LINE.ljust(length, b"x"))
        assert _heard(peer, lambda: None)[:12] == heard


async def test_so_many_are_held_and_one_more_has_the_longest_silents_place(town: Town) -> None:
    patient = {**_SOON, "api.connections:HEAD_SECONDS": 600.0}
    with TunedServer(town.house.settings, "patient", patient) as server, ExitStack() as stack:
        held = [stack.enter_context(closing(_Asking(server.port))) for _ in range(_CONNECTIONS)]
        for one in (held[-1], held[0]):  # the last has its place, and the first has kept its own
            assert one.status() == 200
        assert stack.enter_context(closing(_Asking(server.port))).status() == 200
        with pytest.raises((ConnectionError, RemoteDisconnected)):
            held[1].status()
        assert held[2].status() == 200


class _Asking(HTTPConnection):
    """A connection that stays, and asks when it is told to."""

    def __init__(self, port: int) -> None:
        super().__init__("127.0.0.1", port, timeout=_PATIENCE)
        self.auto_open = 0
        self.connect()

    def status(self) -> int:
        """Of one answer, read to its end."""
        self.request("GET", "/livez")
        answer = self.getresponse()
        answer.read()
        return answer.status


async def test_a_newcomer_is_heard_however_many_are_silent(server: TunedServer) -> None:
    with ExitStack() as stack:
        silent = [stack.enter_context(_opened(server)) for _ in range(3 * _CONNECTIONS)]
        async with httpx.AsyncClient(base_url=server.url) as http:
            assert (await http.get("/livez")).status_code == 200
        assert _heard(silent[0], lambda: None) == b""


@pytest.mark.parametrize(("pieces", "fits"), [(MOST_PIECES, True), (MOST_PIECES + 1, False)])
async def test_a_message_comes_in_so_many_pieces(server: TunedServer, pieces: int, fits: bool) -> None:
    said = '{"type": "ping"}'.ljust(pieces - 1)  # the library ends it with an empty piece
    protocol = Subprotocol("graphql-transport-ws")
    async with connect(f"{server.url.replace('http', 'ws')}/graphql", subprotocols=[protocol]) as opened:
        if fits:
            await opened.send(iter(said))
            assert json.loads(await opened.recv()) == {"type": "pong"}
            return
        with suppress(ConnectionClosed):
            await opened.send(iter(said))
        with pytest.raises(ConnectionClosed) as closed:
            await opened.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


async def test_a_message_in_pieces_without_end_is_too_large(town: Town, server: TunedServer) -> None:
    with Deaf(server.url) as peer:
        peer.upgrade(await town.token("citizen-1"))
        peer.part(Frame(Opcode.TEXT, b"{", fin=False))
        most = 4 * 1024 * 1024
        sent = 0
        with suppress(OSError):
            while sent < most:
                peer.part(Frame(Opcode.CONT, b"", fin=False), times=1000)
                sent += 6000
        assert sent < most
