"""A Redis server of this machine's own binary, on a free port, keeping nothing."""

import socket
import subprocess

from tests.harness import scratch
from tests.harness.binaries import find, free_port
from tests.harness.postgres import wait_until


class RedisServer:
    """A running server; with `of`, a replica of another one."""

    def __init__(self, *, of: "RedisServer | None" = None) -> None:
        self.port = free_port()
        self._folder = scratch.folder("redis")  # a replica writes down what it is sent
        self._following = () if of is None else ("--replicaof", "127.0.0.1", str(of.port))
        self.start()

    def start(self) -> None:
        """Start it, or start it again where it was."""
        program = find("redis-server")
        assert program is not None
        self.process = subprocess.Popen(
            [
                program,
                "--port",
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--dir",
                str(self._folder),
                "--save",
                "",
                "--appendonly",
                "no",
                *self._following,
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(self._answers)

    @property
    def url(self) -> str:
        """Its URL."""
        return f"redis://127.0.0.1:{self.port}/0"

    def stop(self) -> None:
        """Kill it."""
        self.process.kill()
        self.process.wait()

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def available() -> bool:
    """Whether this machine has the binary."""
    return find("redis-server") is not None
