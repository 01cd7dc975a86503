"""Undoing at once, from everywhere, on PostgreSQL: one reversal, and stock and claims add up."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import text

from tests.harness.callers import Town
from tests.harness.scale import scaled

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


async def _redeemed(town: Town, key: str) -> str:
    made = await town.redeem(await town.code("citizen-2", key=key), key=key)
    return str(made["redemption"]["id"])


async def _reverse(town: Town, id_: str, key: str) -> dict[str, object]:
    input_ = {"redemptionId": id_, "reason": "点错", "idempotencyKey": key}
    return await town.act("till-1", "redemptionReverse", input_, "redemption { id reversed } replayed")


def _kinds(answers: list[dict[str, object]]) -> Counter[object]:
    return Counter(answer.get("code", "REVERSED") for answer in answers)


@pytest.mark.parametrize("over", [False, True])
async def test_64_keys_on_one_receipt_are_one_reversal(town: Town, over: bool) -> None:
    for round_ in range(scaled(1, 20)):
        id_ = await _redeemed(town, f"code {round_}")
        if over:
            async with town.house.database.writing() as unit:
                await unit.run(text("UPDATE claim SET expires_at = created_at"))
        left = await town.count("SELECT sum(left_over) FROM stock")
        answers = await asyncio.gather(*(_reverse(town, id_, f"{round_}-{n}") for n in range(64)))
        assert _kinds(answers) == {"REVERSED": 1, "ALREADY_REVERSED": 63}
        # An unused claim keeps its unit; one that is over gives back one, not 64.
        assert await town.count("SELECT sum(left_over) FROM stock") == left + over
    assert await town.count("SELECT count(*) FROM reversal") == scaled(1, 20)


async def test_one_key_64_times_is_one_reversal_and_64_equal_answers(town: Town) -> None:
    id_ = await _redeemed(town, "code")
    answers = await asyncio.gather(*(_reverse(town, id_, "key") for _ in range(64)))
    assert sorted(answer.pop("replayed") for answer in answers) == [False, *[True] * 63]
    assert all(answer == answers[0] for answer in answers)
    assert await town.count("SELECT count(*) FROM reversal") == 1


async def test_reversing_cancelling_and_closing_at_once_loses_no_unit(town: Town) -> None:
    """Whatever wins: each unit is with a claim that holds it, or in stock; and no claim outlives its consent."""
    offer = await town.open_offer()
    total = "SELECT left_over FROM stock WHERE offer_id = :o"
    before = await town.count(total, o=offer)
    receipts = [await _redeemed(town, f"code {n}") for n in range(12)]
    unused = [(await town.claim("citizen-2", offer, key=f"unused {n}"))["claim"]["id"] for n in range(12)]
    cancel = [
        town.act("citizen-2", "claimCancel", {"claimId": id_, "expectedVersion": 1}, "replayed") for id_ in unused
    ]
    close = town.act("citizen-2", "scoreClose", {"idempotencyKey": "close"}, "voidedClaims")
    await asyncio.gather(*(_reverse(town, id_, id_) for id_ in receipts), *cancel, close)
    held = "SELECT count(*) FROM claim WHERE offer_id = :o AND status IN ('CLAIMED', 'REDEEMED')"
    assert await town.count(total, o=offer) == before - await town.count(held, o=offer)
    assert await town.count("SELECT count(*) FROM claim WHERE status = 'CLAIMED' AND offer_id = :o", o=offer) == 0
    assert await town.count("SELECT count(*) FROM reversal") == len(receipts)
    slots = "SELECT count(*) FROM claim WHERE slot IS NOT NULL AND status IN ('CANCELLED', 'VOIDED')"
    assert await town.count(slots) == 0
