"""`python -m benchmarks.servers`: which server and which loop; needs granian (`uv sync --group bench`)."""

import importlib.util
import sys

import click

from benchmarks import ground, load, reports

_SERVERS = {
    f"{server}, {loop}": ("--server", server, "--loop", loop)
    for server in ("uvicorn", "granian")
    for loop in ("uvloop", "asyncio")
}


@click.command()
@click.option("--citizens", default=10_000, show_default=True)
@click.option("--seconds", default=8, show_default=True)
@click.option("--rounds", default=3, show_default=True)
def main(citizens: int, seconds: int, rounds: int) -> None:
    """The home query through each of the four, in turn."""
    load.require_wrk()
    if importlib.util.find_spec("granian") is None:
        sys.exit("granian is missing: uv sync --group bench")
    head = reports.begin()
    measured: dict[str, list[dict[str, float]]] = {name: [] for name in _SERVERS}
    with ground.filled(citizens) as settings:
        for _ in range(rounds):
            for name, options in _SERVERS.items():
                measured[name].append(load.measure(settings, "haihe", *options, seconds=seconds))
    servers = {name: reports.median(found) for name, found in measured.items()}
    reports.write("servers", head, {"citizens": citizens, "seconds": seconds, "rounds": rounds, "servers": servers})
    print(reports.table(servers))


if __name__ == "__main__":
    main()
