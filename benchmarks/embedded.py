"""`python -m benchmarks.embedded`: the home query on the embedded file, read on the loop and through a thread."""

import click

from benchmarks import ground, load, reports

_WAYS = {"on the loop": (), "through a thread": ("--hop",)}


@click.command()
@click.option("--citizens", default=20_000, show_default=True)
@click.option("--seconds", default=10, show_default=True)
@click.option("--rounds", default=3, show_default=True)
def main(citizens: int, seconds: int, rounds: int) -> None:
    """Both ways in turn; the ratio is of requests/s."""
    load.require_wrk()
    head = reports.begin()
    measured: dict[str, list[dict[str, float]]] = {name: [] for name in _WAYS}
    with ground.filled(citizens, embedded=True) as settings:
        for _ in range(rounds):
            for name, options in _WAYS.items():
                measured[name].append(load.measure(settings, "haihe", *options, seconds=seconds))
    ways = {name: reports.median(found) for name, found in measured.items()}
    ratio = reports.ratio(measured["on the loop"], measured["through a thread"])
    reports.write(
        "embedded",
        head,
        {"citizens": citizens, "seconds": seconds, "rounds": rounds, "ways": ways, "loop_to_thread": ratio},
    )
    print(reports.table(ways), f"on the loop / through a thread: {ratio}", sep="\n")


if __name__ == "__main__":
    main()
