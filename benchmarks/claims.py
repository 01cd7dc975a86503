"""`make bench-claims`: taking one hot offer through the API, beside a bare loop of the same statement.

One PostgreSQL with durable commits, one offer that everybody wants; the two take turns within each round, each on the
same core and with as many connections. Through the API a claim is a key that is kept, a condition that is weighed, a
notice that is agreed to, a look in the log and a change that is told; the bare loop is the slot and the stock alone.
"""

import asyncio
import json
import subprocess
import sys

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

_PROMISED, _STOCK, _EACH = 0.5, 10_000_000, 100
_TAKE = """mutation($i: ClaimCreateInput!) { claimCreate(input: $i) {
  ... on ClaimCreatePayload { replayed claim { id status } } ... on Refusal { refused: code } } }"""


@click.command()
@click.option("--seconds", default=6, show_default=True, help="How long each round of each contender lasts.")
@click.option("--rounds", default=5, show_default=True)
def main(seconds: int, rounds: int) -> None:
    """Claims/s of both, and their ratio; exits 1 below the promised one."""
    load.require_wrk()
    head = reports.begin()
    measured: dict[str, list[dict[str, float]]] = {"api": [], "bare": []}
    with ground.filled(1000, records_each=1) as settings:
        offer = asyncio.run(_hot(settings))
        with load.serving(settings, "haihe") as served:
            for round_ in range(rounds):
                ground.tokens(settings)
                measured["api"] += load.loaded(settings, [served], seconds=seconds, warm=2 if round_ == 0 else 1)
                measured["bare"].append(_bare(settings, offer, seconds))
                print("  ".join(f"{name} {found[-1]['per_second']:8.0f}/s" for name, found in measured.items()))
        taken = asyncio.run(_taken(settings, offer))
    ratio = reports.ratio(measured["api"], measured["bare"])
    shape = {"connections": load.CONNECTIONS, "seconds": seconds, "rounds": rounds, "promised_ratio": _PROMISED}
    per_second = {name: [round(one["per_second"], 1) for one in found] for name, found in measured.items()}
    api = reports.median(measured["api"])
    reports.write("claims", head, {**shape, "ratio": ratio, "per_second": per_second, "api": api, "taken": taken})
    print(f"ratio {ratio} (promised ≥ {_PROMISED}); {taken} taken, as the stock says")
    sys.exit(0 if ratio >= _PROMISED else 1)


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


def _bare(settings: Settings, offer: Row, seconds: int) -> dict[str, float]:
    url = settings.database.replace("+asyncpg", "")
    what = [url, offer.id, str(offer.standing), consent.compose(NoticeKind.CLAIM).hash]
    shape = ["--connections", str(load.CONNECTIONS), "--seconds", str(seconds), "--core", str(SERVER_CORE)]
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
