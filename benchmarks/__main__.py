"""`make bench`: builds the population, measures the three contenders in turn, prints ratios, writes JSON."""

import asyncio
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import httpx

from api import personas
from api.app import House, ensure_keys
from api.demo import city
from api.demo.files import Plan
from api.migrating import migrate
from api.personas import PERSONAS
from api.settings import Settings
from benchmarks import filling
from core.moments import day_of
from tests.harness import postgres
from tests.harness.binaries import free_port
from tests.harness.postgres import Cluster, wait_until

_HERE = Path(__file__).parent
_CONTENDERS = ("handwritten", "haihe", "stock")
_SERVER_CORE, _LOAD_CORE = 0, 1
_CONNECTIONS = 16


@click.command()
@click.option("--citizens", default=100_000, show_default=True)
@click.option("--seconds", default=10, show_default=True, help="How long each round of each contender lasts.")
@click.option("--rounds", default=3, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=_HERE / "results" / "home.json", show_default=True)
def main(citizens: int, seconds: int, rounds: int, out: Path) -> None:
    """The home query on PostgreSQL: requests/s, p50, p99, and ratios to the hand-written endpoint."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing (Debian: apt-get install wrk)")
    if not postgres.available():
        sys.exit("PostgreSQL's binaries are missing (Debian: apt-get install postgresql)")
    os.sched_setaffinity(0, {_LOAD_CORE})  # PostgreSQL and wrk inherit it; the server has a core of its own
    cluster = Cluster(postgres.DURABLE)
    folder = Path(tempfile.mkdtemp(prefix="haihe-bench-"))
    try:
        settings = prepare(cluster, folder, citizens)
        measured: dict[str, list[dict[str, float]]] = {name: [] for name in _CONTENDERS}
        _compare(settings, folder)
        for _ in range(rounds):
            for name in _CONTENDERS:
                measured[name].append(_measure(settings, folder, name, seconds))
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
    report = _report(measured, citizens, seconds)
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(report, indent=2) + "\n")
    print(_table(report))


def prepare(cluster: Cluster, folder: Path, citizens: int) -> Settings:
    """A filled database, its keys, and the body that everyone sends."""
    asyncio.run(_create(cluster))
    settings = Settings(data=folder, database_url=cluster.url("bench"))
    ensure_keys(settings.key_file)
    print(f"filling PostgreSQL with {citizens} citizens …", flush=True)
    asyncio.run(_fill(settings, citizens))
    (folder / "body").write_text(json.dumps({"query": (_HERE / "home.graphql").read_text("utf-8")}))
    return settings


async def _create(cluster: Cluster) -> None:
    import asyncpg

    connection = await asyncpg.connect(cluster.url("postgres").replace("+asyncpg", ""))
    await connection.execute("CREATE DATABASE bench")
    await connection.close()


async def _fill(settings: Settings, citizens: int) -> None:
    house = House(settings)
    at = datetime.now(UTC)
    try:
        await migrate(house.database)
        await city.build(
            house.database,
            settings.data / "files",
            Plan(20, 4, 1, day_of(at)),
            at=at,
            writing=lambda _: None,
            loading=lambda _: None,
        )
        await filling.fill(settings.database, house.vault, citizens)
    finally:
        await house.database.close()


def _tokens(settings: Settings) -> None:
    """A thousand fresh tokens: they live a quarter of an hour, a long run outlives that."""
    house = House(settings)
    persona = PERSONAS["citizen-1"]
    made = [
        personas.sign(house.rings, persona, filling.caller(n), None, audience=settings.audience, at=datetime.now(UTC))
        for n in range(filling.CALLERS)
    ]
    (settings.data / "tokens").write_text("\n".join(made) + "\n")


@contextmanager
def _serving(settings: Settings, name: str) -> Iterator[str]:
    port = free_port()
    environment = {
        **os.environ,
        "HAIHE_DATA": str(settings.data),
        "HAIHE_DATABASE_URL": settings.database_url,
    }
    command = [sys.executable, "-m", "benchmarks.serve", name, str(port), str(_SERVER_CORE)]
    process = subprocess.Popen(command, env=environment, cwd=_HERE.parent)
    try:
        url = f"http://127.0.0.1:{port}/graphql"
        wait_until(lambda: _answers(url), seconds=60)
        yield url
    finally:
        process.kill()
        process.wait()


def _answers(url: str) -> bool:
    try:
        httpx.get(url, timeout=2)
    except httpx.TransportError:
        return False
    return True


def _compare(settings: Settings, folder: Path) -> None:
    """The three answer the same; otherwise their speeds say nothing."""
    _tokens(settings)
    tokens = (folder / "tokens").read_text().split()[:20]
    headers = [{"Authorization": f"Bearer {token}", "Content-Type": "application/json"} for token in tokens]
    body = (folder / "body").read_bytes()
    answers = {}
    for name in _CONTENDERS:
        with _serving(settings, name) as url:
            answers[name] = [httpx.post(url, content=body, headers=h, follow_redirects=True).json() for h in headers]
    for name in _CONTENDERS:
        if answers[name] != answers["handwritten"]:
            sys.exit(f"{name} answers something else: {answers[name][0]} instead of {answers['handwritten'][0]}")


def _measure(settings: Settings, folder: Path, name: str, seconds: int) -> dict[str, float]:
    _tokens(settings)
    with _serving(settings, name) as url:
        _wrk(url, folder, 3)
        found = _wrk(url, folder, seconds)
    if found["failed"]:
        sys.exit(f"{name}: {found['failed']} failed answers")
    print(f"  {name:12} {found['requests'] / found['seconds']:8.0f} requests/s", flush=True)
    return found


def _wrk(url: str, folder: Path, seconds: int) -> dict[str, float]:
    command = [
        "wrk",
        "-t1",
        f"-c{_CONNECTIONS}",
        f"-d{seconds}s",
        "--timeout",
        "10s",
        "-s",
        str(_HERE / "load.lua"),
        url,
    ]
    done = subprocess.run(
        [*command, "--", str(folder / "tokens"), str(folder / "body")], check=True, capture_output=True, text=True
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT "))
    found: dict[str, float] = json.loads(line.removeprefix("RESULT "))
    return found


def _report(measured: dict[str, list[dict[str, float]]], citizens: int, seconds: int) -> dict[str, Any]:
    def median(name: str, figure: Any) -> float:
        return statistics.median(figure(found) for found in measured[name])

    contenders = {
        name: {
            "requests_per_second": round(median(name, lambda f: f["requests"] / f["seconds"]), 1),
            "p50_ms": round(median(name, lambda f: f["p50_ms"]), 2),
            "p99_ms": round(median(name, lambda f: f["p99_ms"]), 2),
        }
        for name in _CONTENDERS
    }
    hand = contenders["handwritten"]["requests_per_second"]
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False, cwd=_HERE)
    return {
        "commit": commit.stdout.strip(),
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "citizens": citizens,
        "records_each": filling.RECORDS_EACH,
        "connections": _CONNECTIONS,
        "seconds": seconds,
        "rounds": len(measured["haihe"]),
        "contenders": contenders,
        "ratio_to_handwritten": {
            name: round(figures["requests_per_second"] / hand, 3) for name, figures in contenders.items()
        },
    }


def _table(report: dict[str, Any]) -> str:
    lines = [f"{'':12} {'requests/s':>10} {'p50 ms':>8} {'p99 ms':>8} {'ratio':>7}"]
    for name, figures in report["contenders"].items():
        ratio = report["ratio_to_handwritten"][name]
        lines.append(
            f"{name:12} {figures['requests_per_second']:10.0f} {figures['p50_ms']:8.2f} {figures['p99_ms']:8.2f} "
            f"{ratio:7.3f}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
