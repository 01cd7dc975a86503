"""One PostgreSQL cluster a run, of this machine's own binaries, on a free port, owned by an unprivileged user."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tests.harness.binaries import find, free_port, unprivileged

DURABLE = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
    "timezone": "UTC",
    "log_min_messages": "fatal",
}
# Processes are killed in tests, not machines.
FORGETFUL = {**DURABLE, "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Cluster:
    """A running cluster."""

    def __init__(self, options: Mapping[str, str], folder: Path | None = None) -> None:
        self._folder = folder or Path(tempfile.mkdtemp(prefix="haihe-postgres-"))
        self._user = unprivileged()
        if self._user:
            shutil.chown(self._folder, self._user)
        self.port = free_port()
        self._run(find("initdb"), "-D", "data", "-U", "haihe", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        arguments = ["-D", "data", "-w", "-l", "log", "-o", f"-p {self.port} {options}", "start"]
        self._run(find("pg_ctl"), *arguments)

    def url(self, database: str) -> str:
        """The URL of one of its databases."""
        return f"postgresql+asyncpg://haihe@127.0.0.1:{self.port}/{database}"

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
