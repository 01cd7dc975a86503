"""`python -m benchmarks.growth`: the home query's p50 beside a small and a large population, in turn."""

from contextlib import ExitStack

import click

from benchmarks import filling, ground, load, reports

_PROMISED = 1.2


@click.command()
@click.option("--small", default=10_000, show_default=True, help="Citizens, each with ten records.")
@click.option("--large", default=1_000_000, show_default=True)
@click.option("--seconds", default=10, show_default=True)
@click.option("--rounds", default=5, show_default=True)
def main(small: int, large: int, seconds: int, rounds: int) -> None:
    """Two databases filled, then measured in turn."""
    load.require_wrk()
    head = reports.begin()
    measured: dict[int, list[dict[str, float]]] = {small: [], large: []}
    with ExitStack() as stack:
        grounds = {citizens: stack.enter_context(ground.filled(citizens)) for citizens in measured}
        print("measuring …", flush=True)
        for _ in range(rounds):
            for citizens, settings in grounds.items():
                measured[citizens].append(load.measure(settings, "haihe", seconds=seconds, warm=5))
    sizes = {str(citizens): reports.median(found) for citizens, found in measured.items()}
    ratio = reports.ratio(measured[large], measured[small], of="p50_ms")
    shape = {"records_each": filling.RECORDS_EACH, "seconds": seconds, "rounds": rounds}
    reports.write("growth", head, {**shape, "citizens": sizes, "p50_ratio": ratio, "promised": _PROMISED})
    print(reports.table(sizes), f"p50 large / small: {ratio} (promised ≤ {_PROMISED})", sep="\n")


if __name__ == "__main__":
    main()
