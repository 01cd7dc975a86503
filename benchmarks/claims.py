"""`make bench-claims`: taking one hot offer through the API, beside a bare loop of the same statement.

One PostgreSQL with durable commits, one offer that everybody wants; the two take turns within each round, each on the
same core, with few connections and with many. Through the API a claim is a key that is kept, a condition that is
weighed, a notice that is agreed to, a look in the log and a change that is told; the bare loop is the slot and the
stock alone. The more there are at once, the more are taken together by the one, and the longer the other's wait for the
same row: each is taken where it is at its best.
"""

import asyncio
import json
import statistics
import subprocess
import sys
from itertools import product

import click
from sqlalchemy import select, text

from api.house import House
from api.settings import Settings
from benchmarks import ground, load, reports
from benchmarks.ground import HERE, SERVER_CORE
from core.database import metadata
from core.statements import Row
from grants import consent
from grants.scope import NoticeKind
from incentives import conditions
from incentives.conditions import EVERYBODY

_PROMISED, _STOCK, _EACH, _PEOPLE = 0.5, 10_000_000, 100, 5_000
_WIDTHS = (16, 128)
_TAKE = """mutation($i: ClaimCreateInput!) { claimCreate(input: $i) {
  ... on ClaimCreatePayload { replayed claim { id status } } ... on Refusal { refused: code } } }"""


@click.command()
@click.option("--seconds", default=6, show_default=True, help="How long each round of each contender lasts.")
@click.option("--rounds", default=5, show_default=True)
def main(seconds: int, rounds: int) -> None:
    """Claims/s of both, each with as many connections as suit it, and their ratio; exits 1 below the promised one."""
    load.require_wrk()
    head = reports.begin()
    measured: dict[str, dict[int, list[dict[str, float]]]] = {
        name: {n: [] for n in _WIDTHS} for name in ("api", "bare")
    }
    with ground.filled(_PEOPLE, records_each=1, callers=_PEOPLE) as settings:
        offer = asyncio.run(_hot(settings))
        ground.tokens(settings, _PEOPLE)
        with load.serving(settings, "haihe") as served:
            for round_, width in product(range(rounds), _WIDTHS):
                warm = 2 if round_ == 0 else 1
                measured["api"][width] += load.loaded(settings, [served], seconds=seconds, warm=warm, connections=width)
                measured["bare"][width].append(_bare(settings, offer, width, seconds))
                said = (f"{name} {found[width][-1]['per_second']:6.0f}/s" for name, found in measured.items())
                print(f"{width:3} connections:", *said, flush=True)
        taken = asyncio.run(_taken(settings, offer))
    best = {name: max(found.values(), key=_per_second) for name, found in measured.items()}
    ratio = reports.ratio(best["api"], best["bare"])
    figures = {
        "people": _PEOPLE,
        "seconds": seconds,
        "rounds": rounds,
        "promised_ratio": _PROMISED,
        "ratio": ratio,
        "ratio_at": {n: reports.ratio(measured["api"][n], measured["bare"][n]) for n in _WIDTHS},
        "per_second": {
            name: {n: [round(one["per_second"], 1) for one in rows] for n, rows in found.items()}
            for name, found in measured.items()
        },
        "api": {n: reports.median(measured["api"][n]) for n in _WIDTHS},
        "taken": taken,
    }
    reports.write("claims", head, figures)
    print(f"ratio {ratio} (promised ≥ {_PROMISED}), each at its best; {taken} taken, as the stock says")
    sys.exit(0 if ratio >= _PROMISED else 1)


def _per_second(found: list[dict[str, float]]) -> float:
    return statistics.median(one["per_second"] for one in found)


async def _hot(settings: Settings) -> Row:
    """The offer that is open to everyone, with stock for everybody; and the body that takes it, in the load's file."""
    house, offers = House(settings), metadata.tables["offer"]
    try:
        async with house.database.writing() as unit:
            offer = await unit.first(select(offers).where(offers.c.condition == conditions.text(EVERYBODY)).limit(1))
            assert offer is not None
            await unit.run(text("UPDATE offer SET per_person = :n WHERE id = :o"), {"n": _EACH, "o": offer.id})
            await unit.run(text("UPDATE stock SET left_over = :n WHERE offer_id = :o"), {"n": _STOCK, "o": offer.id})
    finally:
        await house.database.close()
    input_ = {"offerId": offer.id, "noticeHash": consent.compose(NoticeKind.CLAIM).hash, "idempotencyKey": "@KEY@"}
    (settings.data / "body").write_text(json.dumps({"query": _TAKE, "variables": {"i": input_}}))
    return offer


def _bare(settings: Settings, offer: Row, connections: int, seconds: int) -> dict[str, float]:
    url = settings.database.replace("+asyncpg", "")
    what = [url, offer.id, str(offer.standing), consent.compose(NoticeKind.CLAIM).hash]
    shape = ["--connections", str(connections), "--seconds", str(seconds), "--core", str(SERVER_CORE)]
    command = [sys.executable, "-m", "benchmarks.bare", *what, *shape]
    found: dict[str, float] = json.loads(subprocess.check_output(command, cwd=HERE.parent))
    return {**found, "per_second": found["requests"] / found["seconds"]}


async def _taken(settings: Settings, offer: Row) -> int:
    """How many were taken; exits when claims and stock say otherwise."""
    house = House(settings)
    try:
        async with house.database.reading() as unit:
            claims = "(SELECT count(*) FROM claim WHERE offer_id = :o)"
            query = f"SELECT {claims} AS claims, left_over FROM stock WHERE offer_id = :o"
            row = await unit.first(text(query), {"o": offer.id})
    finally:
        await house.database.close()
    assert row is not None
    if row.claims != _STOCK - row.left_over:
        sys.exit(f"{row.claims} claims, and {_STOCK - row.left_over} of the stock")
    return int(row.claims)


if __name__ == "__main__":
    main()
