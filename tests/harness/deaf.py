"""Peers of a real server that say things and never read what they are told."""

import json
import os
import socket
import time
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from websockets.frames import Frame, Opcode

from tests.harness.wires import asked

# Each change says its cursor ninety times, so that a few hundred are more than any buffer between holds.
_CHANGES = (
    f"subscription($after: String) {{ changes(after: $after) {{ {' '.join(f'c{n}: cursor' for n in range(90))} }} }}"
)
# So little that a server's own buffers fill up soon.
_WINDOW = 4096
_UPGRADE = (
    "GET /graphql HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)
_POST = (
    "POST /graphql HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nAccept: text/event-stream\r\n"
    "Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
)


class Deaf:
    """One connection."""

    def __init__(self, url: str) -> None:
        self._host = urlsplit(url).netloc
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _WINDOW)
        self._socket.settimeout(30)
        self._socket.connect((urlsplit(url).hostname, urlsplit(url).port))

    def __enter__(self) -> "Deaf":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def upgrade(self, token: str) -> None:
        """Open a socket, and be let in: the last that is read."""
        self._socket.sendall(_UPGRADE.format(host=self._host).encode())
        self._read_until(b"\r\n\r\n")
        self.say({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}})
        self._read_until(b"connection_ack")

    def _read_until(self, end: bytes) -> None:
        heard = b""
        while end not in heard:
            piece = self._socket.recv(_WINDOW)
            assert piece, heard
            heard += piece

    def say(self, message: Any) -> None:
        """Say something over the socket."""
        self.frame(Opcode.TEXT, json.dumps(message).encode())

    def frame(self, opcode: Opcode, data: bytes) -> None:
        """Send a frame over the socket."""
        self.part(Frame(opcode, data))

    def part(self, frame: Frame, times: int = 1) -> None:
        """Send a frame, or a piece of one, so many times over the socket."""
        self._socket.sendall(frame.serialize(mask=True) * times)

    def listen(self, after: str) -> None:
        """Subscribe over the socket."""
        self.say({"id": "1", "type": "subscribe", "payload": asked(after, _CHANGES)})

    def post(self, token: str, after: str) -> None:
        """Ask for events."""
        body = json.dumps(asked(after, _CHANGES)).encode()
        head = _POST.format(host=self._host, token=token, length=len(body))
        self._socket.sendall(head.encode() + body)

    def flood(self, opcode: Opcode, data: bytes, most: int) -> int:
        """Say the same until the other end has cut it off: how many bytes that took, `most` when it does not."""
        frames = b"".join(Frame(opcode, data).serialize(mask=True) for _ in range(500))
        sent = 0
        while sent < most:
            try:
                self._socket.sendall(frames)
            except OSError:
                break
            sent += len(frames)
        return sent


def connections(pid: int) -> int:
    """How many sockets a process holds open, connected to somebody or listening."""
    folder = Path(f"/proc/{pid}/fd")
    found = 0
    for file in folder.iterdir():
        try:
            found += str(file.readlink()).startswith("socket:")
        except FileNotFoundError:
            continue  # closed meanwhile
    return found


def resident(pid: int) -> int:
    """The bytes of memory that a process has."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def wait_for_connections(pid: int, number: int, seconds: float) -> int:
    """Wait until a process holds no more than so many; how many it holds."""
    until = time.monotonic() + seconds
    while (found := connections(pid)) > number and time.monotonic() < until:
        time.sleep(0.05)
    return found
