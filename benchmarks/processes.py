"""`python -m benchmarks.processes`: two processes beside one.

Two servers at full speed need a core each, and PostgreSQL and the load a third and fourth. On a smaller machine each
server is held to a share of a core (a CPU quota of its own control group; Linux, root), so that what is shared
(database, log, leader) is all that can keep the second from adding as much as the first.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from benchmarks import ground, load, reports
from benchmarks.load import Served

_GROUPS = Path("/sys/fs/cgroup/cpu")
_PERIOD_US = 20_000
_PROMISED = 1.7


@contextmanager
def _held(served: Served, share: float) -> Iterator[Served]:
    """At most this share of one core for one process."""
    group = _GROUPS / f"haihe-bench-{served.pid}"
    group.mkdir()
    try:
        (group / "cpu.cfs_period_us").write_text(str(_PERIOD_US))
        (group / "cpu.cfs_quota_us").write_text(str(int(_PERIOD_US * share)))
        (group / "cgroup.procs").write_text(str(served.pid))
        yield served
    finally:
        (_GROUPS / "cgroup.procs").write_text(str(served.pid))
        group.rmdir()


@click.command()
@click.option("--citizens", default=10_000, show_default=True)
@click.option("--share", default=0.4, show_default=True, help="Of one core, for each server.")
@click.option("--seconds", default=10, show_default=True)
@click.option("--rounds", default=5, show_default=True)
def main(citizens: int, share: float, seconds: int, rounds: int) -> None:
    """One server, then two at once on the same database, in turn."""
    load.require_wrk()
    if not os.access(_GROUPS / "cgroup.procs", os.W_OK):
        sys.exit("CPU quotas need control groups (version 1) and root")
    head = reports.begin()
    measured: dict[int, list[dict[str, float]]] = {1: [], 2: []}
    with ground.filled(citizens) as settings:
        for _ in range(rounds):
            for count, found in measured.items():
                ground.tokens(settings)
                with ExitStack() as stack:
                    servers = [stack.enter_context(load.serving(settings, "haihe")) for _ in range(count)]
                    held = [stack.enter_context(_held(served, share)) for served in servers]
                    found.append(_together(load.loaded(settings, held, seconds=seconds)))
    counts = {f"{count} process{'es' * (count > 1)}": reports.median(found) for count, found in measured.items()}
    ratio = reports.ratio(measured[2], measured[1])
    figures = {"citizens": citizens, "share_of_a_core": share, "seconds": seconds, "rounds": rounds}
    reports.write("processes", head, {**figures, "processes": counts, "ratio": ratio, "promised": _PROMISED})
    print(reports.table(counts), f"two / one: {ratio} (promised ≥ {_PROMISED})", sep="\n")


def _together(found: list[dict[str, float]]) -> dict[str, float]:
    """Throughputs added up; of the rest the worst."""
    worst = {name: max(f[name] for f in found) for name in ("p50_ms", "p99_ms", "cpu_us")}
    return {**worst, "per_second": sum(f["per_second"] for f in found)}


if __name__ == "__main__":
    main()
