"""Tills that bring the same claim at once, on PostgreSQL: one of them redeemed it, and the books know."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from tests.harness.callers import Town
from tests.harness.market import Market
from tests.harness.scale import scaled

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
_HOUR = timedelta(hours=1)


async def test_two_tills_and_one_online_are_one_redemption(town: Town) -> None:
    market = await Market.open(town, 30_000, stock=1000, offline=True)
    at = market.begun + _HOUR
    for number in range(scaled(3, 50)):
        claim_id = await market.claim("sub_race", market.begun)
        code = await market.issue(claim_id, market.begun)

        def brought(name: str, by: str, code: str = code, number: int = number) -> object:
            return market.bring(code, at, taken_at=at, name=f"{number}-{name}", by=by)

        # Two tills, one of them twice at once, and the same store's rotating code.
        answers = await asyncio.gather(
            *[brought("a", "stf_a"), brought("a", "stf_a"), brought("b", "stf_b")], market.redeem(claim_id, 99, at)
        )
        outcomes = Counter(str(answer).split(" ")[0] for answer in answers[:3])
        online = answers[3].startswith("rdm_")
        # The twin of an acceptance hears what that was answered, whatever it was.
        won = (outcomes["REDEEMED"] > 0) + online
        assert (won, outcomes["REDEEMED"] + outcomes["ALREADY"]) == (1, 3), answers
        assert online or answers[3] in ("NOT_REDEEMABLE", "SHOWN_AGAIN"), answers
        assert answers[0].split(" ")[0] == answers[1].split(" ")[0]
    assert await town.count("SELECT count(*) FROM redemption") == scaled(3, 50)
    assert await town.count("SELECT count(*) FROM offline_upload") == 2 * scaled(3, 50)
    assert await market.is_in_order()
