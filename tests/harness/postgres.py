"""One PostgreSQL cluster a run, of this machine's own binaries, on a free port, owned by an unprivileged user."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tests.harness.binaries import find, free_port, unprivileged

DURABLE = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
    "timezone": "UTC",
    "log_min_messages": "fatal",
}
# Processes are killed in tests, not machines. Nobody cleans up in a copy that lives for a second.
FORGETFUL = {**DURABLE, "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
# PostgreSQL itself is killed: a commit has left its process, and the machine goes on.
KILLABLE = {**DURABLE, "fsync": "off"}


class Cluster:
    """A running cluster; with `of`, the replica of another one, which follows it as it writes."""

    def __init__(self, options: Mapping[str, str], folder: Path | None = None, *, of: "Cluster | None" = None) -> None:
        self._folder = folder or Path(tempfile.mkdtemp(prefix="haihe-postgres-"))
        self._user = unprivileged()
        if self._user:
            shutil.chown(self._folder, self._user)
        self.port = free_port()
        if of is None:
            options_ = ("-U", "haihe", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync")
            self._run(find("initdb"), "-D", "data", *options_)
        else:
            whose = ("-h", "127.0.0.1", "-p", str(of.port), "-U", "haihe")
            self._run(find("pg_basebackup"), "-D", "data", *whose, "--write-recovery-conf", "--checkpoint=fast")
        self._options = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        self.start()

    def start(self) -> None:
        """Start it, or start it again where it was."""
        arguments = ["-D", "data", "-w", "-l", "log", "-o", f"-p {self.port} {self._options}", "start"]
        self._run(find("pg_ctl"), *arguments)

    def kill(self) -> None:
        """kill -9, its own process and those of its sessions: nobody is left to write anything down."""
        leader = self._leader()
        self._signal(signal.SIGKILL)
        wait_until(lambda: not Path(f"/proc/{leader}").exists() and not _children(leader))

    def promote(self) -> None:
        """Let a replica lead."""
        self._run(find("pg_ctl"), "-D", "data", "-w", "promote")

    def stall(self) -> None:
        """Stop all of its processes where they are; nobody is told."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let them go on."""
        self._signal(signal.SIGCONT)

    def _leader(self) -> int:
        return int((self._folder / "data" / "postmaster.pid").read_text().split()[0])

    def _signal(self, what: signal.Signals) -> None:
        leader = self._leader()
        for pid in (leader, *_children(leader)):
            with suppress(ProcessLookupError):
                os.kill(pid, what)

    def url(self, database: str) -> str:
        """The URL of one of its databases."""
        return f"postgresql+asyncpg://haihe@127.0.0.1:{self.port}/{database}"

    def plain(self, database: str) -> str:
        """The same for PostgreSQL's own driver."""
        return self.url(database).replace("+asyncpg", "")

    def stop(self) -> None:
        """Stop it and remove its files."""
        self._run(find("pg_ctl"), "-D", "data", "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str | None, *arguments: str) -> None:
        assert program is not None
        subprocess.run(
            [program, *arguments],
            cwd=self._folder,
            user=self._user,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def _children(leader: int) -> list[int]:
    """The processes that this one has started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == leader:
                found.append(int(stat.parent.name))
    return found


def available() -> bool:
    """Whether this machine has the binaries."""
    return find("initdb") is not None and find("pg_ctl") is not None


def wait_until(ready: object, *, seconds: float = 20.0) -> None:
    """Ask again until `ready()` is true; raises `TimeoutError`."""
    assert callable(ready)
    until = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.02)
