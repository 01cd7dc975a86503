"""`make bench`: the home query by Haihe, by a hand-written endpoint and by a stock one, in turn."""

import sys

import click
import httpx

from api.settings import Settings
from benchmarks import filling, ground, load, reports

_CONTENDERS = ("handwritten", "haihe", "stock")


@click.command()
@click.option("--citizens", default=100_000, show_default=True)
@click.option("--seconds", default=10, show_default=True, help="How long each round of each contender lasts.")
@click.option("--rounds", default=5, show_default=True)
def main(citizens: int, seconds: int, rounds: int) -> None:
    """The home query on PostgreSQL: requests/s, p50, p99, and ratios to the hand-written endpoint."""
    load.require_wrk()
    head = reports.begin()
    measured: dict[str, list[dict[str, float]]] = {name: [] for name in _CONTENDERS}
    with ground.filled(citizens) as settings:
        _compare(settings)
        for _ in range(rounds):
            for name in _CONTENDERS:
                measured[name].append(load.measure(settings, name, seconds=seconds))
                print(f"  {name:12} {measured[name][-1]['per_second']:8.0f} requests/s", flush=True)
    contenders = {name: reports.median(found) for name, found in measured.items()}
    for name, figures in contenders.items():
        figures["ratio_to_handwritten"] = reports.ratio(measured[name], measured["handwritten"])
        figures["p99_to_p50"] = round(figures["p99_ms"] / figures["p50_ms"], 2)
    population = {"citizens": citizens, "records_each": filling.RECORDS_EACH}
    shape = {"connections": load.CONNECTIONS, "seconds": seconds, "rounds": rounds}
    reports.write("home", head, {**population, **shape, "contenders": contenders})
    print(reports.table(contenders))


def _compare(settings: Settings) -> None:
    """The three answer the same; otherwise their speeds say nothing."""
    callers = ground.tokens(settings)[:20]
    headers = [{"Authorization": f"Bearer {token}", "Content-Type": "application/json"} for token in callers]
    body = (settings.data / "body").read_bytes()
    answers = {}
    for name in _CONTENDERS:
        with load.serving(settings, name) as served:
            answers[name] = [
                httpx.post(served.url, content=body, headers=h, follow_redirects=True).json() for h in headers
            ]
    for name in _CONTENDERS:
        if answers[name] != answers["handwritten"]:
            sys.exit(f"{name} answers something else: {answers[name][0]} instead of {answers['handwritten'][0]}")


if __name__ == "__main__":
    main()
