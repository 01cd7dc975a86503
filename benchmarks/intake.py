"""`python -m benchmarks.intake`: `haihe import` of many rows on PostgreSQL beside COPY of what it made, and its memory.

The import is the real command, from its start to its end: three readings of the file, every check, versions, notices.
COPY is the server's own, of the very rows that the import made in the record's tables (not of those for listeners, ADR
0116), from a file on its disk into a database that was equal before: the same columns, indexes and constraints. Both
commit to a durable disk. Two in five people have an open score, as in the invented city, so that their records ask for
a new one.
"""

import asyncio
import csv
import os
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import click

from api.demo import city, people, records
from api.demo.files import Plan
from api.house import House, ensure_keys
from api.migrating import migrate
from api.settings import Settings
from benchmarks import reports
from core.moments import day_of
from intake import layouts
from intake.layouts import Layout
from tests.harness import postgres
from tests.harness.postgres import Cluster

PROMISED_RATIO, PROMISED_MIB = 0.2, 300
_TODAY = day_of(datetime.now(UTC))  # once: who is an adult goes by it, and a run may last beyond midnight
_FIRST = 1_000_000  # the subjects' index: beyond the city's own
_FACTS = "经查，当事人在经营活动中存在前述行为，有现场笔录、询问笔录、照片及票据在案佐证，事实清楚，证据确凿。" * 4
_OPENED = """
    INSERT INTO score (subject_id, version, status, value, tier, model_version, computed_at, factors, marks,
                       notice_hash, opened_at)
    SELECT id, 1, 'OPEN', 700, 3, 'demonstration-1', now(), '[]', '[]', repeat('0', 64), now() FROM subject
    WHERE kind = 'NATURAL_PERSON' AND substr(identity_hash, 1, 1) IN ('0', '1', '2', '3', '4', '5')
    ON CONFLICT DO NOTHING"""
# What a load may write, before what refers to it.
_TABLES = ("record", "third_person", "score_due")


@click.command()
@click.option("--rows", default=100_000, show_default=True)
@click.option("--each", default=10, show_default=True, help="Records of one subject.")
@click.option("--rounds", default=3, show_default=True)
@click.option("--record/--no-record", default=True, help="Write benchmarks/results/intake.json.")
def main(rows: int, each: int, rounds: int, record: bool) -> None:
    """A tenth of the rows for the memory's sake, then all of them; then COPY."""
    if not postgres.available():
        sys.exit("PostgreSQL's binaries are missing (Debian: apt-get install postgresql)")
    head = reports.begin()
    with tempfile.TemporaryDirectory(prefix="haihe-bench-") as name, _cluster() as cluster:
        folder = Path(name)
        ensure_keys(folder / "keys.json")
        print(f"building a city of {rows // each} subjects …", flush=True)
        asyncio.run(_prepare(_settings(folder, cluster, "base"), rows // each))
        sizes = {count: _write(folder, count, each) for count in (rows // 10, rows)}
        found = {
            count: [_round(folder, cluster, files, count) for _ in range(rounds)] for count, files in sizes.items()
        }
    figures = {f"{count} rows": _median(measured) for count, measured in found.items()}
    print(reports.table(figures), f"promised: ratio ≥ {PROMISED_RATIO}, peak_mib ≤ {PROMISED_MIB}", sep="\n")
    if record:
        promised = {"promised_ratio": PROMISED_RATIO, "promised_mib": PROMISED_MIB}
        reports.write("intake", head, {"rounds": rounds, "records_each": each, "sizes": figures, **promised})


@contextmanager
def _cluster() -> Iterator[Cluster]:
    cluster = Cluster({**postgres.DURABLE, "max_wal_size": "8GB"})
    try:
        asyncio.run(_execute(cluster, "postgres", "CREATE DATABASE base"))
        yield cluster
    finally:
        cluster.stop()


def _settings(folder: Path, cluster: Cluster, database: str) -> Settings:
    return Settings(data=folder, database_url=cluster.url(database), keys=folder / "keys.json")


async def _prepare(settings: Settings, subjects: int) -> None:
    """The city with its providers, and so many subjects more by the import itself."""
    house, at = House(settings), datetime.now(UTC)
    silent: Any = lambda _: None  # noqa: E731 (handed on three times)
    try:
        await migrate(house.database)
        plan = Plan(20, 4, 1, _TODAY)
        await city.build(house.database, settings.data / "files", plan, at=at, writing=silent, loading=silent)
    finally:
        await house.database.close()
    rows = (_as_subject(_someone(number)) for number in range(subjects))
    _import(settings, "HUB", [_sheet(settings.data / "subjects.csv", layouts.SUBJECT, rows)])
    connection = await asyncpg.connect(settings.database.replace("+asyncpg", ""))
    await connection.execute(_OPENED)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


def _as_subject(who: people.Someone) -> Mapping[str, str]:
    typed = {layouts.IDENTITY_TYPE: records.identity_word(who), layouts.IDENTITY_NUMBER: who.number}
    return {"主体名称": who.name, "主体类别": records.kind_word(who), **typed}


def _someone(number: int) -> people.Someone:
    """One in five is an organisation."""
    if number % 5 == 4:
        return people.organisation(_FIRST + number, 1)
    return people.citizen(_FIRST + number, 1, _TODAY)


def _write(folder: Path, rows: int, each: int) -> Sequence[Path]:
    """Half of the rows 行政许可, half 行政处罚; a subject's rows lie far apart, as in a provider's day."""
    half, subjects = rows // 2, rows // each
    chance = random.Random(rows)
    licences = (records.licence(_someone(n % subjects), chance, f"{rows}-{n}", _TODAY).values for n in range(half))
    penalties = (_penalty(n, subjects, chance, rows) for n in range(half))
    return [
        _sheet(folder / f"licences-{rows}.csv", layouts.LICENCE, licences),
        _sheet(folder / f"penalties-{rows}.csv", layouts.PENALTY, penalties),
    ]


def _penalty(number: int, subjects: int, chance: random.Random, rows: int) -> Mapping[str, str]:
    """With facts of some length; an organisation's with its legal representative, a third person."""
    who = _someone(number % subjects)
    values = {**records.penalty(who, chance, f"{rows}-{number}", _TODAY).values, "违法事实": _FACTS}
    if layouts.USCC not in values:
        return values
    third = {layouts.REPRESENTATIVE_NUMBER: people.citizen(number, 1, _TODAY).number}
    return {**values, **third, layouts.REPRESENTATIVE_TYPE: "身份证"}


def _sheet(path: Path, layout: Layout, rows: Iterable[Mapping[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(layout.headers)
        writer.writerows([row.get(header, "") for header in layout.headers] for row in rows)
    return path


def _round(folder: Path, cluster: Cluster, files: Sequence[Path], wanted: int) -> dict[str, float]:
    """Both into a copy of the same database, one after the other."""
    asyncio.run(_fresh(cluster, "loaded"))
    began, server = datetime.now(UTC), asyncio.run(_Server.of(cluster))
    before = server.cpu_seconds()
    seconds, own, peak = _import(_settings(folder, cluster, "loaded"), "SCJG", files)
    served = server.cpu_seconds() - before
    rows, copying, copied = asyncio.run(_copy(cluster, server, began))
    if rows != wanted:
        sys.exit(f"{rows} of {wanted} rows are in the store")
    return {
        "import_rows_s": round(rows / seconds, 1),
        "copy_rows_s": round(rows / copying, 1),
        "ratio": round(copying / seconds, 3),
        "import_cpu_us": round(own / rows * 1e6, 1),
        "server_cpu_us": round(served / rows * 1e6, 1),
        "copy_cpu_us": round(copied / rows * 1e6, 1),
        "peak_mib": round(peak, 1),
    }


@dataclass(frozen=True)
class _Server:
    """The database's processes."""

    data: Path

    @classmethod
    async def of(cls, cluster: Cluster) -> "_Server":
        connection = await asyncpg.connect(cluster.url("postgres").replace("+asyncpg", ""))
        data = await connection.fetchval("SHOW data_directory")
        await connection.close()
        return cls(Path(data))

    def cpu_seconds(self) -> float:
        """What the processor time of all of them has come to, with that of those that have ended."""
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ended = sum(_ticks(pid)[2:])
        return (ended + sum(sum(_ticks(int(one))[:2]) for one in [pid, *children])) / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> list[int]:
    """User and system time, and the same of its ended children; nothing of one that has just ended itself."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return [0, 0, 0, 0]
    return [int(field) for field in said.rpartition(")")[2].split()[11:15]]


def _import(settings: Settings, provider: str, files: Sequence[Path]) -> tuple[float, float, float]:
    """Run `haihe import`: seconds, its own seconds of a core, and the most memory it held, in MiB."""
    given = {"DATA": settings.data, "DATABASE_URL": settings.database_url, "KEYS": settings.key_file}
    environment = {**os.environ, **{f"HAIHE_{name}": str(value) for name, value in given.items()}}
    before, began, peak = _children(), time.perf_counter(), 0.0
    command = [sys.executable, "-m", "api", "import", "--provider", provider, *map(str, files)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        while running.poll() is None:
            peak = _peak(running.pid) or peak
            time.sleep(0.02)
    seconds = time.perf_counter() - began
    if running.returncode:
        sys.exit(f"the import ended with {running.returncode}")
    return seconds, _children() - before, peak


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _peak(pid: int) -> float:
    """The most memory that a process has held so far, in MiB; the kernel's own account of it is of its parent, too."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


async def _copy(cluster: Cluster, server: _Server, since: datetime) -> tuple[int, float, float]:
    """COPY what came since into a database that is as this one was: how many records, the seconds it took, and those of
    a core."""
    loaded = await asyncpg.connect(cluster.url("loaded").replace("+asyncpg", ""))
    moment = since.isoformat()
    new = f"SELECT id FROM record WHERE recorded_at >= '{moment}'"
    chosen = {
        "record": f"SELECT * FROM record WHERE recorded_at >= '{moment}'",
        "third_person": f"SELECT * FROM third_person WHERE record_id IN ({new})",
        "score_due": f"SELECT * FROM score_due WHERE since >= '{moment}'",
    }
    rows = await loaded.fetchval(f"SELECT count(*) FROM ({new}) AS new")
    for table in _TABLES:
        await loaded.execute(f"COPY ({chosen[table]}) TO '{server.data}/{table}.copy'")
    await loaded.close()
    await _fresh(cluster, "loaded")
    raw = await asyncpg.connect(cluster.url("loaded").replace("+asyncpg", ""))
    began, before = time.perf_counter(), server.cpu_seconds()
    for table in _TABLES:
        await raw.execute(f"COPY {table} FROM '{server.data}/{table}.copy'")
    seconds, spent = time.perf_counter() - began, server.cpu_seconds() - before
    await raw.close()
    return rows, seconds, spent


async def _fresh(cluster: Cluster, name: str) -> None:
    """A copy of the prepared city, and nothing left to be written to disk."""
    await _execute(cluster, "postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await _execute(cluster, "postgres", f"CREATE DATABASE {name} TEMPLATE base")
    await _execute(cluster, "postgres", "CHECKPOINT")


async def _execute(cluster: Cluster, database: str, statement: str) -> None:
    connection = await asyncpg.connect(cluster.url(database).replace("+asyncpg", ""))
    await connection.execute(statement)
    await connection.close()


def _median(rounds: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: round(statistics.median(one[name] for one in rounds), 3) for name in rounds[0]}


if __name__ == "__main__":
    main()
