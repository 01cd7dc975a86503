"""More people than units, through two processes at once: exactly so many have one, and nobody has two."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import text

from api.house import House
from tests.harness import peopling
from tests.harness.callers import Answered, Town, inhabited
from tests.harness.scale import scaled

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
_PEOPLE, _UNITS, _AT_ONCE = scaled(60, 10_000), scaled(10, 1000), 32
_TAKE = """mutation($i: ClaimCreateInput!) { claimCreate(input: $i) {
  ... on ClaimCreatePayload { claim { id } } ... on Refusal { code } } }"""


async def test_so_many_units_are_so_many_claims(town: Town, figures: dict[str, int]) -> None:
    offer_id, notice = await town.open_offer(), await town.notice("CLAIM")
    tokens = list((await peopling.settle(town.house, _PEOPLE)).values())
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE stock SET left_over = :n WHERE offer_id = :o"), {"n": _UNITS, "o": offer_id})
    turns = asyncio.Semaphore(_AT_ONCE)

    async def take(process: Town, number: int) -> str:
        input_ = {"offerId": offer_id, "noticeHash": notice, "idempotencyKey": f"sale {number}"}
        headers = {"Authorization": f"Bearer {tokens[number]}"}
        async with turns:
            answer = Answered(
                await process.http.post("/graphql", json={"query": _TAKE, "variables": {"i": input_}}, headers=headers)
            )
        made = answer["data"]["claimCreate"]
        return str(made.get("code", "CLAIMED"))

    async with inhabited(House(town.house.settings)) as other:
        said = Counter(await asyncio.gather(*(take((town, other)[n % 2], n) for n in range(_PEOPLE))))
        await other.house.close()
    assert said == {"CLAIMED": _UNITS, "SOLD_OUT": _PEOPLE - _UNITS}
    assert await town.count("SELECT left_over FROM stock WHERE offer_id = :o", o=offer_id) == 0
    assert await town.count("SELECT count(DISTINCT subject_id) FROM claim") == _UNITS
    assert await town.count("SELECT count(*) FROM claim") == _UNITS
    figures["people"] = _PEOPLE
