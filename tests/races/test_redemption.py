"""Races on PostgreSQL with real concurrency. SQLite's single writer would hide them."""

import asyncio
from collections import Counter

import pytest

from tests.harness.callers import Town
from tests.harness.scale import scaled

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


async def test_64_keys_on_one_code_are_one_success(town: Town) -> None:
    for round_ in range(scaled(1, 20)):
        code = await town.code("citizen-2", key=f"code {round_}")
        answers = await asyncio.gather(*(town.redeem(code, key=f"{round_}-{n}") for n in range(64)))
        assert Counter(answer["replayed"] for answer in answers) == {False: 1, True: 63}
        assert len({answer["redemption"]["id"] for answer in answers}) == 1
    assert await town.count("SELECT count(*) FROM redemption") == scaled(1, 20)


async def test_64_wrong_codes_at_once_are_ten_that_are_looked_at(town: Town) -> None:
    answers = await asyncio.gather(*(town.redeem(f"{n:018d}", key=f"wrong {n}") for n in range(64)))
    assert Counter(answer["code"] for answer in answers) == {"NOT_REDEEMABLE": 10, "TOO_MANY_WRONG_CODES": 54}
    assert await town.count("SELECT wrong FROM till_tries") == 10


async def test_one_key_64_times_is_one_row_and_64_equal_answers(town: Town) -> None:
    for round_ in range(scaled(1, 20)):
        code = await town.code("citizen-2", key=f"code {round_}")
        answers = await asyncio.gather(*(town.redeem(code, key=f"key {round_}") for _ in range(64)))
        assert sorted(answer.pop("replayed") for answer in answers) == [False, *[True] * 63]
        assert all(answer == answers[0] for answer in answers)
    assert await town.count("SELECT count(*) FROM redemption") == scaled(1, 20)
    assert await town.count("SELECT count(*) FROM claim WHERE status = 'REDEEMED'") == scaled(1, 20)


async def test_two_requests_under_one_key_are_never_both_done(town: Town) -> None:
    codes = [await town.code("citizen-2", key=f"code {n}") for n in range(16)]
    answers = await asyncio.gather(*(town.redeem(code, key="shared") for code in codes))
    kinds = Counter(answer.get("code", "REDEEMED") for answer in answers)
    assert kinds == {"REDEEMED": 1, "IDEMPOTENCY_KEY_REUSED": 15}
    assert await town.count("SELECT count(*) FROM redemption") == 1
