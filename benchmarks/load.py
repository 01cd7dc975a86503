"""One contender served on a core of its own, and wrk against it."""

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from api.settings import Settings
from benchmarks import ground
from benchmarks.ground import HERE, SERVER_CORE
from tests.harness.binaries import free_port
from tests.harness.postgres import wait_until

CONNECTIONS = 16
# A few callers ask for many: what is measured is not how often one person may ask.
_OFTEN = {f"HAIHE_{who}_PER_MINUTE": "100000000" for who in ("ANONYMOUS", "PERSON", "CLIENT")}


@dataclass(frozen=True, slots=True)
class Served:
    """Where it answers, and the process that answers."""

    url: str
    pid: int

    def cpu_seconds(self) -> float:
        """What its processor time has come to: user and system."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def require_wrk() -> None:
    """Leave with a sentence when the load generator is missing."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing (Debian: apt-get install wrk)")


@contextmanager
def serving(settings: Settings, *what: str) -> Iterator[Served]:
    """`benchmarks.serve` with these arguments, until the block ends."""
    port = free_port()
    environment = {**os.environ, "HAIHE_DATA": str(settings.data), "HAIHE_DATABASE_URL": settings.database, **_OFTEN}
    command = [sys.executable, "-m", "benchmarks.serve", "--core", str(SERVER_CORE), "--port", str(port), *what]
    process = subprocess.Popen(command, env=environment, cwd=HERE.parent)
    try:
        url = f"http://127.0.0.1:{port}/graphql"
        wait_until(lambda: _answers(url), seconds=60)
        yield Served(url, process.pid)
    finally:
        process.kill()
        process.wait()


def measure(settings: Settings, *what: str, seconds: int, warm: int = 3) -> dict[str, float]:
    """Serve, warm up, load: requests, seconds, p50_ms, p99_ms, and the server's own CPU per request in µs."""
    ground.tokens(settings)
    with serving(settings, *what) as served:
        return loaded(settings, [served], seconds=seconds, warm=warm)[0]


def loaded(
    settings: Settings, servers: list[Served], *, seconds: int, warm: int = 3, connections: int = CONNECTIONS
) -> list[dict[str, float]]:
    """All of them under load at the same time, each by a wrk of its own; exits when an answer failed."""
    _together(settings, servers, warm, connections)
    before = [served.cpu_seconds() for served in servers]
    found = _together(settings, servers, seconds, connections)
    for served, figures, spent in zip(servers, found, before, strict=True):
        if figures["failed"]:
            sys.exit(f"{served.url}: {figures['failed']} failed answers")
        figures["cpu_us"] = (served.cpu_seconds() - spent) / figures["requests"] * 1e6
        figures["per_second"] = figures["requests"] / figures["seconds"]
    return found


def _together(settings: Settings, servers: list[Served], seconds: int, connections: int) -> list[dict[str, float]]:
    with ExitStack() as stack:
        running = [stack.enter_context(_wrk(settings, served.url, seconds, connections)) for served in servers]
        return [_result(process.communicate()[0]) for process in running]


def _wrk(settings: Settings, url: str, seconds: int, connections: int) -> "subprocess.Popen[str]":
    shape = ["-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(HERE / "load.lua"), url]
    # No two runs send the same keys.
    files = [str(settings.data / "tokens"), str(settings.data / "body"), secrets.token_hex(6)]
    return subprocess.Popen(["wrk", *shape, "--", *files], stdout=subprocess.PIPE, text=True)


def _result(output: str) -> dict[str, float]:
    line = next(line for line in output.splitlines() if line.startswith("RESULT "))
    found: dict[str, float] = json.loads(line.removeprefix("RESULT "))
    return found


def _answers(url: str) -> bool:
    try:
        httpx.get(url, timeout=2)
    except httpx.TransportError:
        return False
    return True
