"""`make bench-delegated`: a bank reads twenty records of somebody, beside that person reading the same of themselves.

One server, on PostgreSQL; the contenders take turns within each round. A look through a grant that counts its uses is
a transaction, the others are not; both are measured, and the promise is about the plain one.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import click
import httpx
from sqlalchemy import select, text

from api import personas
from api.house import House
from api.settings import Settings
from benchmarks import filling, ground, load, reports
from benchmarks.load import Served
from core.database import metadata

_RECORDS, _PROMISED, _USES = 20, 0.8, 1_000_000
_SUBJECT = "name identity { masked type }"
_PAGE = """records(first: 20) { pageInfo { hasNextPage endCursor } edges { cursor node {
  id category title authority occurredOn status source { name } items { code label value masked }
  objections { filedAt } } } }"""
_OWN = f"{{ me {{ {_SUBJECT} {_PAGE} }} }}"
_SEEN = f"subject {{ {_SUBJECT} }} objections {{ filedAt }} {_PAGE}"
_GRANTED = f"query($q: GrantedQueryInput!) {{ granted(query: $q) {{ {_SEEN} }} }}"
# Of each person's grants the last counts its uses, the one before does not; both are held to their ceilings.
_CONTENDERS = {"own": None, "granted": 1, "granted, uses counted": 2}
_TERMS = text("UPDATE consent_grant SET template = 'FINANCING.BANK@2026-1', window_months = 60 WHERE id LIKE 'grt_0%'")
_COUNTED = text("UPDATE consent_grant SET uses_left = :uses WHERE id LIKE 'grt_0%00000002'")


@click.command()
@click.option("--citizens", default=20_000, show_default=True)
@click.option("--seconds", default=8, show_default=True, help="How long each round of each contender lasts.")
@click.option("--rounds", default=5, show_default=True)
def main(citizens: int, seconds: int, rounds: int) -> None:
    """Requests/s, p50, p99 of each, and ratios to reading one's own; exits 1 below the promised ratio."""
    load.require_wrk()
    head = reports.begin()
    measured: dict[str, list[dict[str, float]]] = {name: [] for name in _CONTENDERS}
    with ground.filled(citizens, records_each=_RECORDS) as settings:
        bank = asyncio.run(_prepare(settings))
        with load.serving(settings, "haihe") as served:
            _compare(settings, served, bank, citizens)
            for _ in range(rounds):
                for name, found in measured.items():
                    _give(settings, name, bank, citizens)
                    found += load.loaded(settings, [served], seconds=seconds)
                    print(f"  {name:24} {found[-1]['per_second']:8.0f} requests/s", flush=True)
    contenders = {name: reports.median(found) for name, found in measured.items()}
    for name, figures in contenders.items():
        figures["ratio_to_own"] = reports.ratio(measured[name], measured["own"])
    shape = {"citizens": citizens, "records_each": _RECORDS, "connections": load.CONNECTIONS}
    rest = {"seconds": seconds, "rounds": rounds, "promised_ratio": _PROMISED, "contenders": contenders}
    reports.write("delegated", head, {**shape, **rest})
    print(reports.table(contenders))
    sys.exit(0 if contenders["granted"]["ratio_to_own"] >= _PROMISED else 1)


async def _prepare(settings: Settings) -> str:
    """Give the grants their terms; the bank's id."""
    house = House(settings)
    parties = metadata.tables["party"]
    try:
        async with house.database.writing() as unit:
            await unit.run(_TERMS)
            await unit.run(_COUNTED, {"uses": _USES})
            row = await unit.first(select(parties.c.id).where(parties.c.code == "BANK1"))
    finally:
        await house.database.close()
    assert row is not None
    return str(row.id)


def _give(settings: Settings, contender: str, bank: str, citizens: int) -> list[str]:
    """Fresh tokens and the bodies of one contender, in the files that the load reads; the tokens."""
    part, tokens = _CONTENDERS[contender], ground.tokens(settings)
    if part is not None:
        rings, audience, at = House(settings).rings, settings.audience, datetime.now(UTC)
        tokens = [personas.mint(rings, "bank-1", bank, audience=audience, at=at) for _ in tokens]
        (settings.data / "tokens").write_text("\n".join(tokens) + "\n")
    (settings.data / "body").write_text("\n".join(_bodies(part, citizens)) + "\n")
    return tokens


def _bodies(part: int | None, citizens: int) -> Sequence[str]:
    """What is posted in turn: for each caller's own record, the grant of the same person."""
    if part is None:
        return [json.dumps({"query": _OWN})]
    queries = [
        {"grantId": filling.grant_id(filling.person(n, citizens), part), "stage": "PRE_LOAN", "operator": "甲"}
        for n in range(filling.CALLERS)
    ]
    return [json.dumps({"query": _GRANTED, "variables": {"q": query}}) for query in queries]


def _compare(settings: Settings, served: Served, bank: str, citizens: int) -> None:
    """All of them answer the same records of the same people; otherwise their speeds say nothing."""
    answers = {}
    for name in _CONTENDERS:
        tokens, bodies = _give(settings, name, bank, citizens), (settings.data / "body").read_text().splitlines()
        answers[name] = [_ids(served.url, tokens[n], bodies[n % len(bodies)]) for n in range(5)]
    if any(found != answers["own"] for found in answers.values()) or len(answers["own"][0]) != _RECORDS:
        sys.exit(f"the contenders answer different records: {answers}")


def _ids(url: str, token: str, body: str) -> list[str]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    answer: Any = httpx.post(url, content=body.encode(), headers=headers).json()
    if "errors" in answer:
        sys.exit(f"answered {answer}")
    (view,) = answer["data"].values()
    return [edge["node"]["id"] for edge in view["records"]["edges"]]


if __name__ == "__main__":
    main()
