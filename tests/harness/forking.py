"""Real processes without the price of importing: forked from one that has imported all that the service is made of.

A started process is as `python -m MODULE …` or `python -c CODE …` would be: its own pid, environment, output, signals
and exit code. What a process imports when it begins is proved by those that are started without this.
"""

import atexit
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent.parent
_IMPORTED = ("api.commands.serving", "api.commands.working", "api.commands.importing", "api.demo.city", "httpx")
_ENOUGH = 1 << 20  # bytes of one order: arguments and an environment


class Process:
    """A started process, with what `subprocess.Popen` would say of it."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self.pid = int(self._said())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit code, or None while it runs."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code; raises `subprocess.TimeoutExpired`."""
        if self.returncode is None:
            self._line.settimeout(timeout)
            try:
                self.returncode = int(self._said())
            except (BlockingIOError, TimeoutError):
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0) from None
            self._line.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """kill -9."""
        self.send_signal(signal.SIGKILL)

    def _said(self) -> bytes:
        found = self._line.recv(64)
        if not found:
            raise RuntimeError("whoever watches the process is gone")
        return found


def start(arguments: Sequence[str], environment: Mapping[str, str], *, stdout: IO[Any], stderr: IO[Any]) -> Process:
    """Start what `python ARGUMENTS` would, at the root of the project."""
    line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    order = json.dumps([list(arguments), dict(environment)]).encode()
    assert len(order) < _ENOUGH
    with theirs:
        socket.send_fds(_nursery(), [order], [theirs.fileno(), stdout.fileno(), stderr.fileno()])
    return Process(line)


_nurseries: list[socket.socket] = []


def _nursery() -> socket.socket:
    """The one process of this process that forks; it ends when the socket is closed."""
    if not _nurseries:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _ENOUGH)
        with theirs:
            program = [sys.executable, "-m", "tests.harness.forking", str(theirs.fileno())]
            process = subprocess.Popen(program, cwd=ROOT, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])
        _nurseries.append(ours)
        atexit.register(process.wait)
        atexit.register(ours.close)
    return _nurseries[0]


def _main() -> None:
    for module in _IMPORTED:
        importlib.import_module(module)
    _decide()
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that watch
    with socket.socket(fileno=int(sys.argv[1])) as orders:
        while True:
            order, fds, _, _ = socket.recv_fds(orders, _ENOUGH, 3)
            if not order:
                return
            if os.fork() == 0:
                break
            for fd in fds:
                os.close(fd)
    _watch(order, *fds)


def _decide() -> None:
    """What a service decides before it begins: our own documents."""
    from api import appconfig, documents
    from api.settings import Settings
    from core.installation import Kind
    from schema.library import Library

    for one in documents.own(Settings(), appconfig.of(Settings(), Kind.DEMONSTRATION)):
        Library(demonstration=True).adopt(one.client, one.ids, one.texts)


def _watch(order: bytes, line: int, stdout: int, stderr: int) -> None:
    """Fork the process itself; say its pid, wait for it, and say how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    pid = os.fork()
    if pid:
        os.close(stdout)
        os.close(stderr)
        os.write(line, str(pid).encode())
        os.write(line, str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])).encode())
        os._exit(0)
    os.close(line)
    for fd, to in ((stdout, 1), (stderr, 2)):
        os.dup2(fd, to)
        os.close(fd)
    _become(*json.loads(order))


def _become(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    kind, what, *rest = arguments
    sys.argv = [kind, *rest]
    if kind == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})


if __name__ == "__main__":
    _main()
