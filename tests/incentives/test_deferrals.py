"""免押 and 先享后付: opened at the till, finished by a word or by their day, and nobody learns how."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core.moments import day_of, rfc3339, start_of
from incentives import deferrals
from incentives.kinds import BenefitKind
from tests.harness import offering
from tests.harness.callers import Town
from tests.harness.market import NO_DEPOSIT, Market
from tests.harness.offering import live

_SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_LATER = {"kind": "PAY_LATER", "text": "十日内支付", "capYuan": "500.00", "days": 10}
_DEPOSIT = {"kind": "DEPOSIT_FREE", "text": "免收押金", "capYuan": "200.00"}
_OWN = "deferredYuan deferredUntil finishedAt"
_MINE = f"query($i: ID!) {{ me {{ claim(id: $i) {{ version status savedYuan {_OWN} codes {{ digits }} }} }} }}"
_DESK = f"query($o: Boolean!) {{ partner {{ redemptions(open: $o) {{ edges {{ node {{ id {_OWN} }} }} }} }} }}"
_RECEIPT = f"redemption {{ id {_OWN} }} replayed"


async def _open(town: Town, benefit: dict[str, Any], key: str, **sale: str) -> tuple[str, str]:
    """An offer of it, taken and used: the claim's id and the receipt's."""
    offer_id = await live(town, key, benefit=benefit, perPerson=9)
    made = (await town.claim("citizen-2", offer_id, key=key))["claim"]
    used = await town.redeem(made["codes"][0]["digits"], key=key, **sale)
    return made["id"], used["redemption"]["id"]


async def _mine(town: Town, claim_id: str) -> dict[str, Any]:
    return dict((await town.data("citizen-2", _MINE, {"i": claim_id}))["me"]["claim"])


async def _shown_open(town: Town, persona: str, *, only_open: bool = True) -> list[str]:
    found = await town.data(persona, _DESK, {"o": only_open})
    return [edge["node"]["id"] for edge in found["partner"]["redemptions"]["edges"]]


async def _finish(town: Town, receipt: str, persona: str = "till-1") -> dict[str, Any]:
    return await town.act(persona, "deferralFinish", {"redemptionId": receipt}, _RECEIPT)


async def _undo(town: Town, receipt: str, key: str = "u") -> dict[str, Any]:
    given = {"redemptionId": receipt, "reason": "点错", "idempotencyKey": key}
    return await town.act("till-1", "redemptionReverse", given, "replayed")


@_SQLITE
async def test_what_is_put_off_is_open_on_both_sides_and_finished_once(town: Town) -> None:
    offer_id = await live(town, "later", benefit=_LATER, perPerson=9)
    made = (await town.claim("citizen-2", offer_id, key="later"))["claim"]
    digits, last = made["codes"][0]["digits"], start_of(day_of(datetime.now(UTC)) + timedelta(days=11))
    checked = await town.act("till-1", "claimCheck", {"code": digits}, "mostYuan deferredUntil")
    assert (checked["mostYuan"], checked["deferredUntil"]) == ("500.00", rfc3339(last))
    for wrong in ("500.01", "0.00", "-1.00", "1.001"):
        assert (await town.redeem(digits, key=wrong, deferredYuan=wrong))["details"][0]["code"] == "OUT_OF_RANGE"
    receipt = (await town.redeem(digits, key="r", orderAmountYuan="320.50", deferredYuan="320.50"))["redemption"]["id"]
    mine = await _mine(town, made["id"])
    assert (mine["status"], mine["savedYuan"], mine["finishedAt"]) == ("REDEEMED", None, None)
    assert (mine["deferredYuan"], mine["deferredUntil"]) == ("320.50", rfc3339(last))
    listed = await town.data("citizen-2", "{ me { claims(deferred: true) { edges { node { id } } } } }")
    assert [edge["node"]["id"] for edge in listed["me"]["claims"]["edges"]] == [made["id"]]
    assert await _shown_open(town, "partner-1") == await _shown_open(town, "till-1") == [receipt]

    done = await _finish(town, receipt)
    assert (done["replayed"], done["redemption"]["deferredYuan"]) == (False, "320.50")
    assert done["redemption"]["finishedAt"] is not None
    for persona in ("till-1", "partner-1"):
        assert await _finish(town, receipt, persona) == {**done, "replayed": True}
    assert await _shown_open(town, "partner-1") == []
    now = await _mine(town, made["id"])
    assert (now["finishedAt"], now["version"]) == (done["redemption"]["finishedAt"], mine["version"] + 1)
    told = await town.data("citizen-2", "{ me { notices(first: 1) { edges { node { kind message } } } } }")
    assert told["me"]["notices"]["edges"][0]["node"]["kind"] == "DEFERRAL_FINISHED"
    assert (await _undo(town, receipt))["code"] == "DEFERRAL_FINISHED"
    assert (await _mine(town, made["id"]))["status"] == "REDEEMED"


@_SQLITE
async def test_a_manager_finishes_and_nobody_else_does(town: Town) -> None:
    plain = (await town.redeem(await town.code("citizen-2", key="p"), key="p"))["redemption"]["id"]
    _, receipt = await _open(town, _DEPOSIT, "deposit")
    for persona in ("citizen-2", "bank-1", "provider-1"):
        answer = await town.ask(
            persona,
            "mutation($i: DeferralFinishInput!) { deferralFinish(input: $i) { __typename } }",
            {"i": {"redemptionId": receipt}},
        )
        assert "errors" in answer or answer["data"]["deferralFinish"]["__typename"] == "Refusal", persona
    assert (await _finish(town, "rdm_none"))["code"] == "NOT_AVAILABLE"
    assert (await _finish(town, plain))["code"] == "NOT_AVAILABLE"  # nothing was put off
    await offering.stranger(town)
    assert (await _finish(town, receipt, offering.STRANGER))["code"] == "NOT_AVAILABLE"
    assert await town.count("SELECT count(*) FROM deferral WHERE ended_at IS NOT NULL") == 0
    # Nothing was told of the sum: all that may be put off.
    assert (await _finish(town, receipt, "partner-1"))["redemption"]["deferredYuan"] == "200.00"


@_SQLITE
async def test_its_day_ends_it_in_the_same_words(town: Town) -> None:
    claim_id, receipt = await _open(town, _DEPOSIT, "day")
    over = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE deferral SET due_at = :o"), {"o": f"{over:%Y-%m-%d %H:%M:%S.%f}"})
    assert await _shown_open(town, "partner-1") == []
    mine = await _mine(town, claim_id)
    assert (mine["finishedAt"], mine["deferredUntil"]) == (rfc3339(over), rfc3339(over))
    late = await _finish(town, receipt)
    assert (late["replayed"], late["redemption"]["finishedAt"]) == (True, rfc3339(over))
    assert await town.count("SELECT count(*) FROM deferral WHERE ended_at IS NOT NULL") == 0


@_SQLITE
async def test_undone_it_was_never_put_off(town: Town) -> None:
    claim_id, receipt = await _open(town, _DEPOSIT, "undone")
    assert (await _undo(town, receipt))["replayed"] is False
    mine = await _mine(town, claim_id)
    assert (mine["status"], mine["deferredYuan"], mine["finishedAt"]) == ("CLAIMED", None, None)
    assert await _shown_open(town, "partner-1") == []
    assert (await _finish(town, receipt))["code"] == "ALREADY_REVERSED"
    again = await town.redeem(mine["codes"][0]["digits"], key="again", deferredYuan="10")
    assert (await _mine(town, claim_id))["deferredYuan"] == "10.00"
    assert await _shown_open(town, "partner-1") == [again["redemption"]["id"]]


@_SQLITE
async def test_one_person_has_so_many_taken_and_open_at_once(town: Town) -> None:
    another = await town.open_offer()
    offer_id = await live(town, "many", benefit=_LATER, perPerson=20, stock=20)
    taken = [(await town.claim("citizen-2", offer_id, key=f"{n}"))["claim"] for n in range(deferrals.MOST_OPEN)]
    receipt = (await town.redeem(taken[0]["codes"][0]["digits"], key="r"))["redemption"]["id"]
    assert (await town.claim("citizen-2", offer_id, key="more"))["code"] == "TOO_MANY_DEFERRALS"
    assert "claim" in await town.claim("citizen-2", another, key="another kind")
    assert "claim" in await town.claim("citizen-3", offer_id, key="another person")
    await _finish(town, receipt)
    assert "claim" in await town.claim("citizen-2", offer_id, key="once one is finished")
    assert (await town.claim("citizen-2", offer_id, key="and no more"))["code"] == "TOO_MANY_DEFERRALS"


@_SQLITE
async def test_a_month_says_what_was_put_off_and_settles_nothing_of_it(town: Town) -> None:
    _, receipt = await _open(town, _LATER, "month", orderAmountYuan="80", deferredYuan="80")
    sums = "orderAmountYuan benefitAmountYuan deferredYuan"
    document = f"query($m: String!) {{ partner {{ settlement(month: $m) {{ {sums} lines {{ {sums} }} }} }} }}"
    month = {"m": f"{day_of(datetime.now(UTC)):%Y-%m}"}
    before = (await town.data("partner-1", document, month))["partner"]["settlement"]
    line = {"orderAmountYuan": "80.00", "benefitAmountYuan": "0.00", "deferredYuan": "80.00"}
    assert before == {**line, "lines": [line]}
    await _finish(town, receipt)
    assert (await town.data("partner-1", document, month))["partner"]["settlement"] == before


@_SQLITE
async def test_money_is_held_at_its_most_until_it_is_finished(town: Town) -> None:
    market = await Market.open(town, 90, benefit=NO_DEPOSIT)
    at, held = market.begun, lambda: market.budget()
    used = await market.redeem(await market.claim("sub_1", at), 5, at)
    assert await held() == {"total": 9000, "held": 3000, "spent": 0}
    assert await market.reverse(used, at) == "DONE"
    assert (await held())["held"] == 3000
    again, other = [await market.claim(f"sub_{n}", at) for n in (2, 3)]
    assert await market.claim("sub_4", at) == "BUDGET_EXHAUSTED"
    first = await market.redeem(again, 5, at)
    second = await market.redeem(other, 5, at)
    assert await market.finish(first, at) == "DONE"
    assert await market.finish(first, at) == "REPLAYED"
    assert await held() == {"total": 9000, "held": 6000, "spent": 0}
    assert (await market.claim("sub_5", at)).startswith("clm_")
    # What its day has ended goes to whoever wants it; nobody need let go of it first.
    late = at + timedelta(days=3)
    assert await market.finish(second, late) == "REPLAYED"
    assert (await market.claim("sub_6", late)).startswith("clm_")
    assert await held() == {"total": 9000, "held": 9000, "spent": 0}
    assert await market.is_in_order()
    assert await market.claim("sub_7", late) == "BUDGET_EXHAUSTED"


def test_a_day_to_undo_it_lies_within_its_term() -> None:
    for minute in range(0, 24 * 60, 7):
        at = datetime(2026, 11, 27, tzinfo=UTC) + timedelta(minutes=minute)
        assert deferrals.until(1, at=at) >= at + timedelta(days=1)
        assert deferrals.until(None, at=at) == deferrals.until(deferrals.TERM_DAYS, at=at)
    assert {kind for kind in BenefitKind if deferrals.is_deferred(kind)} == {
        BenefitKind.DEPOSIT_FREE,
        BenefitKind.PAY_LATER,
    }


@_SQLITE
async def test_a_deferral_is_ended_alone_and_in_its_term(town: Town) -> None:
    mine, other = [await Market.open(town, 60, benefit=NO_DEPOSIT) for _ in range(2)]
    now, day = mine.begun, timedelta(days=3)

    async def used(market: Market, person: str) -> str:
        return await market.redeem(await market.claim(person, now), 5, now)

    first, second, _ = await used(mine, "sub_1"), await used(mine, "sub_2"), await used(other, "sub_1")
    assert await mine.finish(first, now, store_id=mine.stores[1]) == "NOT_AVAILABLE"
    opened = "SELECT count(*) FROM deferral WHERE ended_at IS NULL"
    async with town.house.database.writing() as unit:
        assert await deferrals.end(unit, first, at=now)
    assert await town.count(opened) == 2
    async with town.house.database.writing() as unit:
        assert not await deferrals.end(unit, first, at=now)
        assert not await deferrals.end(unit, second, at=now + day)
        assert await deferrals.end_over(unit, mine.offer_id, at=now) == ()
    assert await town.count(opened) == 2
    async with town.house.database.writing() as unit:
        assert len(await deferrals.end_over(unit, mine.offer_id, at=now + day)) == 1
    assert await town.count(opened) == 1


@_SQLITE
@pytest.mark.parametrize("values", ["cents = 0", "ended_at = '9999-01-01 00:00:00.000000'"])
async def test_the_database_itself_keeps_no_impossible_deferral(town: Town, values: str) -> None:
    await _open(town, _DEPOSIT, "belt")
    with pytest.raises(IntegrityError):
        async with town.house.database.writing() as unit:
            await unit.run(text(f"UPDATE deferral SET {values}"))
