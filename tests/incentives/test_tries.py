"""Wrong codes are counted for the till that shows them, and a used one shows its first receipt for a while."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from core.database import WriteUnit
from incentives import redemption, tries
from incentives.errors import NotRedeemable, TooManyWrongCodes
from incentives.redemption import SHOWN_AGAIN, Sale, Till
from incentives.tables import till_tries
from incentives.tries import MOST_WRONG, WINDOW
from tests.harness.callers import Town

_TILL = Till("pty_x", "str_x", "stf_x")
_AT = datetime(2026, 11, 23, 8, tzinfo=UTC)


@asynccontextmanager
async def _turn(town: Town, till: Till, at: datetime) -> AsyncIterator[WriteUnit]:
    async with town.house.database.writing() as unit:
        await tries.begin(unit, till, at=at)
        yield unit


async def _try_in_vain(town: Town, till: Till, at: datetime) -> None:
    async with _turn(town, till, at) as unit:
        await tries.count(unit, till)


async def test_at_the_limit_a_till_waits_and_after_the_window_it_begins_anew(town: Town) -> None:
    for second in range(MOST_WRONG):
        await _try_in_vain(town, _TILL, _AT + timedelta(seconds=second))
    last = _AT + WINDOW - timedelta(microseconds=1)
    for at in (_AT + timedelta(seconds=MOST_WRONG), last):
        with pytest.raises(TooManyWrongCodes) as waits:
            await _try_in_vain(town, _TILL, at)
        assert waits.value.retry_at == _AT + WINDOW
    assert await town.count("SELECT wrong FROM till_tries") == MOST_WRONG
    await _try_in_vain(town, Till("pty_x", "str_x", "another"), last)
    await _try_in_vain(town, _TILL, _AT + WINDOW)
    assert await town.count("SELECT wrong FROM till_tries WHERE staff_id = 'stf_x'") == 1


async def test_below_the_limit_a_good_code_is_good(town: Town) -> None:
    code = await town.code("citizen-2", key="good")
    for n in range(MOST_WRONG - 1):
        assert (await town.redeem(f"{n:018d}", key=f"wrong {n}"))["code"] == "NOT_REDEEMABLE"
    for _ in range(3):
        assert (await town.redeem("0" * 18, key="wrong 0"))["code"] == "NOT_REDEEMABLE"
    assert (await town.redeem(code, key="good"))["replayed"] is False


async def test_who_guesses_waits_and_the_citizens_claim_is_untouched(town: Town) -> None:
    code = await town.code("citizen-2", key="good")
    before = await _claims(town)
    for n in range(MOST_WRONG):
        mutation, extra = ("claimCheck", {}) if n % 2 else ("claimRedeem", {"idempotencyKey": f"w{n}"})
        answer = await town.act("till-1", mutation, {"code": f"{n:018d}", **extra}, "replayed")
        assert answer["code"] == "NOT_REDEEMABLE"
    told = await town.count("SELECT count(*) FROM outbox")
    for text_ in (code, "0" * 18, "x"):
        waits = await town.act("till-1", "claimCheck", {"code": text_}, "replayed")
        assert (waits["code"], waits["details"]) == ("TOO_MANY_WRONG_CODES", [])
    assert (await town.redeem(code, key="good"))["code"] == "TOO_MANY_WRONG_CODES"
    assert (await _claims(town), await town.count("SELECT count(*) FROM outbox")) == (before, told)
    async with town.house.database.writing() as unit:
        await unit.run(till_tries.update().values(since=datetime.now(UTC) - WINDOW))
    assert (await town.redeem(code, key="good"))["replayed"] is False


async def test_a_used_code_shows_its_receipt_at_the_same_store_for_ten_minutes(town: Town) -> None:
    code = await town.code("citizen-2", key="used")
    made = await town.redeem(code, key="first", orderNumber="A-1")
    again = await town.redeem(code, key="second", orderNumber="A-2")
    assert again == {**made, "replayed": True}
    till, at = await _till(town), datetime.now(UTC)
    async with town.house.database.writing() as unit:
        shown = await redemption.redeem(unit, till, code, Sale(), at=at)
        assert (shown.id, shown.is_fresh) == (made["redemption"]["id"], False)
        with pytest.raises(NotRedeemable):
            await redemption.redeem(unit, Till(till.party_id, "str_other", "stf_other"), code, Sale(), at=at)
    checked = await town.act(
        "till-1", "claimCheck", {"code": code}, "offerTitle replayed redemption { id orderNumber }"
    )
    assert checked["redemption"] == {"id": made["redemption"]["id"], "orderNumber": "A-1"}
    assert checked["replayed"] is True
    assert await town.count("SELECT count(*) FROM redemption") == 1


async def test_the_receipt_is_shown_no_longer_than_that(town: Town) -> None:
    made = await town.claim("citizen-2", await town.open_offer(), key="old")
    code = made["claim"]["codes"][0]["digits"]
    await town.redeem(code, key="first")
    later = datetime.now(UTC) + SHOWN_AGAIN + timedelta(seconds=1)
    handle = await _handle(town)
    async with town.house.database.writing() as unit:
        fresh = redemption.codes.codes(unit.vault.code_key, handle=handle, first=1, at=later)[0].digits
        with pytest.raises(NotRedeemable):
            await redemption.redeem(unit, await _till(town), fresh, Sale(), at=later)


async def _claims(town: Town) -> int:
    return await town.count("SELECT sum(version) FROM claim")


async def _handle(town: Town) -> str:
    async with town.house.database.reading() as unit:
        row = await unit.first(text("SELECT handle FROM claim WHERE status = 'REDEEMED'"))
    assert row is not None
    return str(row.handle)


async def _till(town: Town) -> Till:
    async with town.house.database.reading() as unit:
        row = await unit.first(text("SELECT party_id, store_id, staff_id FROM redemption"))
    assert row is not None
    return Till(row.party_id, row.store_id, row.staff_id)
