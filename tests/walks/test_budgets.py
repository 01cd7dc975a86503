"""An offer with money behind it: reviewed, held, spent by an order, given back, and told whom it concerns."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.moments import day_of, rfc3339
from incentives.tables import claim
from tests.harness import offering
from tests.harness.callers import Town
from tests.harness.offering import act, approved, drafted, live, opened, revised, stores

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_OFF = {"kind": "DISCOUNT", "text": "八折，最高减30元", "percent": "20", "capYuan": "30.00"}
_MONEY = "{ store totalYuan freeYuan heldYuan spentYuan }"
_SAID = "budgetYuan storeBudgets { store yuan } combinesWith benefit { capYuan }"
_FILE = f"""query($i: ID!) {{ approvals {{ offer(id: $i) {{ changed budgets {_MONEY} stock {{ left }}
  standing {{ {_SAID} }} proposed {{ {_SAID} }} }} }} }}"""
_MINE = """query($i: ID!) { me { claim(id: $i) { version status savedYuan store { id }
  codes { digits } offer { remaining takenByStore } } } }"""
_CHECKED = "offerTitle orderNumberNeeded orderAmountNeeded mostYuan redemption { id }"


async def _file(town: Town, offer_id: str) -> dict[str, Any]:
    """At its approver's desk: its merchant is told of no money that is held."""
    return dict((await town.data("approver-1", _FILE, {"i": offer_id}))["approvals"]["offer"])


async def _money(town: Town, offer_id: str) -> list[tuple[str, ...]]:
    """Total, free, held and spent, of the whole and then of each store."""
    read = await _file(town, offer_id)
    return [tuple(one[f"{name}Yuan"] for name in ("total", "free", "held", "spent")) for one in read["budgets"]]


async def _take(town: Town, offer_id: str, key: str, persona: str = "citizen-2", **given: str) -> dict[str, Any]:
    input_ = {"offerId": offer_id, "noticeHash": await town.notice("CLAIM"), "idempotencyKey": key, **given}
    return await town.act(persona, "claimCreate", input_, "claim { id version codes { digits } } replayed")


async def _mine(town: Town, claim_id: str) -> dict[str, Any]:
    return dict((await town.data("citizen-2", _MINE, {"i": claim_id}))["me"]["claim"])


async def test_money_is_held_spent_by_an_order_and_free_again(town: Town) -> None:
    offer_id = await live(town, "money", benefit=_OFF, budgetYuan="70.00", perPerson=9)
    assert await _money(town, offer_id) == [("70.00", "70.00", "0.00", "0.00")]
    first, second = [(await _take(town, offer_id, key))["claim"] for key in "12"]
    assert await _money(town, offer_id) == [("70.00", "10.00", "60.00", "0.00")]
    assert (await _take(town, offer_id, "3"))["code"] == "BUDGET_EXHAUSTED"
    assert (await _mine(town, first["id"]))["offer"]["remaining"] == "NONE"
    digits = first["codes"][0]["digits"]
    checked = await town.act("till-1", "claimCheck", {"code": digits}, _CHECKED)
    assert (checked["orderNumberNeeded"], checked["orderAmountNeeded"], checked["mostYuan"]) == (True, True, "30.00")
    for sale, missing in (({}, 2), ({"orderNumber": "A1"}, 1), ({"orderAmountYuan": "99.99"}, 1)):
        refused = await town.redeem(digits, key=f"without {missing} {len(sale)} {sale}"[:60], **sale)
        assert (refused["code"], len(refused["details"])) == ("INVALID_INPUT", missing)
        assert {detail["code"] for detail in refused["details"]} == {"NEEDED"}
    assert await _money(town, offer_id) == [("70.00", "10.00", "60.00", "0.00")]
    assert (await _mine(town, first["id"]))["savedYuan"] is None

    used = await town.redeem(digits, key="A1", orderNumber="A1", orderAmountYuan="99.99")
    assert await _money(town, offer_id) == [("70.00", "20.00", "30.00", "20.00")]
    assert (await _mine(town, first["id"]))["savedYuan"] == "20.00"
    await town.act("citizen-2", "claimCancel", {"claimId": second["id"], "expectedVersion": 1}, "replayed")
    assert await _money(town, offer_id) == [("70.00", "50.00", "0.00", "20.00")]
    await _undo(town, used["redemption"]["id"])
    assert await _money(town, offer_id) == [("70.00", "40.00", "30.00", "0.00")]
    again = await _mine(town, first["id"])
    assert (again["status"], again["savedYuan"]) == ("CLAIMED", None)
    # The cap, and not a fifth of it.
    await town.redeem(digits, key="A2", orderNumber="A2", orderAmountYuan="1000.00")
    assert (await _mine(town, first["id"]))["savedYuan"] == "30.00"
    assert await _money(town, offer_id) == [("70.00", "40.00", "0.00", "30.00")]
    month = f"{day_of(datetime.now(UTC)):%Y-%m}"
    desk = "query($m: String!) { partner { settlement(month: $m) { lines { offerId benefitAmountYuan } } } }"
    lines = (await town.data("partner-1", desk, {"m": month}))["partner"]["settlement"]["lines"]
    assert [one["benefitAmountYuan"] for one in lines if one["offerId"] == offer_id] == ["30.00"]


async def test_an_offers_money_is_its_own(town: Town) -> None:
    one, other = [await live(town, key, benefit=_OFF, budgetYuan="70.00") for key in ("one", "other")]
    made = (await _take(town, one, "1"))["claim"]
    await town.redeem(made["codes"][0]["digits"], key="A", orderNumber="A", orderAmountYuan="50")
    assert await _money(town, one) == [("70.00", "60.00", "0.00", "10.00")]
    assert await _money(town, other) == [("70.00", "70.00", "0.00", "0.00")]


async def _undo(town: Town, redemption_id: str) -> None:
    undo = {"redemptionId": redemption_id, "reason": "点错", "idempotencyKey": redemption_id}
    assert "redemption" in await town.act("till-1", "redemptionReverse", undo, "redemption { id }")


async def test_what_comes_back_is_held_as_far_as_others_left_it(town: Town) -> None:
    """A mistake at the till is undone after others took the rest: the claim is good, for what there is, and no more."""
    offer_id = await live(town, "rest", benefit=_OFF, budgetYuan="55.00", perPerson=9)
    made = (await _take(town, offer_id, "1"))["claim"]
    digits = made["codes"][0]["digits"]
    used = await town.redeem(digits, key="A", orderNumber="A", orderAmountYuan="60.00")
    await _take(town, offer_id, "2", persona="citizen-7")
    assert await _money(town, offer_id) == [("55.00", "13.00", "30.00", "12.00")]
    await _undo(town, used["redemption"]["id"])
    assert await _money(town, offer_id) == [("55.00", "0.00", "55.00", "0.00")]
    assert (await town.act("till-1", "claimCheck", {"code": digits}, _CHECKED))["mostYuan"] == "25.00"
    await town.redeem(digits, key="B", orderNumber="B", orderAmountYuan="600.00")
    assert await _money(town, offer_id) == [("55.00", "0.00", "30.00", "25.00")]


async def test_each_stores_part_is_taken_for_that_store_and_used_there(town: Town) -> None:
    mine = [*await stores(town), await opened(town, "新店")]
    parts = [{"storeId": mine[0], "yuan": "60"}, {"storeId": mine[1], "yuan": "30"}]
    given = {"benefit": _OFF, "perPerson": 9, "storeIds": mine}
    offer_id = await live(town, "parts", **given, budgetYuan="100", storeBudgets=parts)
    for key, store, code in (("a", {}, "STORE_OF_OFFER"), ("b", {"storeId": "sto_x"}, "STORE_OF_OFFER")):
        refused = await _take(town, offer_id, key, **store)
        assert (refused["code"], refused["details"][0]["code"]) == ("INVALID_INPUT", code)
    other = (await _take(town, offer_id, "1", storeId=mine[1]))["claim"]
    assert (await _take(town, offer_id, "2", storeId=mine[1]))["code"] == "BUDGET_EXHAUSTED"
    here = (await _take(town, offer_id, "3", storeId=mine[0]))["claim"]
    whole, *by_store = await _money(town, offer_id)
    assert whole == ("100.00", "40.00", "60.00", "0.00")
    assert sorted(by_store) == [("30.00", "0.00", "30.00", "0.00"), ("60.00", "30.00", "30.00", "0.00")]
    read = await _mine(town, other["id"])
    assert (read["store"], read["offer"]["takenByStore"]) == ({"id": mine[1]}, True)
    sale = {"orderNumber": "1", "orderAmountYuan": "50"}
    assert (await town.redeem(other["codes"][0]["digits"], key="x", **sale))["code"] == "NOT_REDEEMABLE"
    assert "redemption" in await town.redeem(here["codes"][0]["digits"], key="y", **sale)
    assert ("60.00", "50.00", "0.00", "10.00") in await _money(town, offer_id)
    plain = await live(town, "plain")
    refused = await _take(town, plain, "plain", storeId=mine[0])
    assert refused["details"][0]["code"] == "NO_STORE"


async def test_a_budget_is_reviewed_and_never_below_what_is_held_and_spent(town: Town) -> None:
    offer_id = await live(town, "review", benefit=_OFF, budgetYuan="100.00", perPerson=9)
    made = [(await _take(town, offer_id, f"{n}"))["claim"] for n in range(2)]
    await town.redeem(made[0]["codes"][0]["digits"], key="r", orderNumber="1", orderAmountYuan="50")
    await revised(town, offer_id, benefit=_OFF, budgetYuan="39.99", perPerson=9)
    await act(town, "partner-1", "submit", offer_id)
    early = await act(town, "approver-1", "approve", offer_id)
    assert (early["code"], early["details"][0]["limit"]) == ("BUDGET_COMMITTED", "40.00")
    await revised(town, offer_id, benefit=_OFF, budgetYuan="40.00", perPerson=9)
    await act(town, "partner-1", "submit", offer_id)
    read = await _file(town, offer_id)
    assert read["changed"] == ["budgetYuan"]
    assert [read[which]["budgetYuan"] for which in ("standing", "proposed")] == ["100.00", "40.00"]
    assert read["budgets"][0]["spentYuan"] == "10.00"
    await _take(town, offer_id, "more")
    late = await act(town, "approver-1", "approve", offer_id)
    assert (late["code"], late["details"][0]["limit"]) == ("BUDGET_COMMITTED", "70.00")
    assert await _money(town, offer_id) == [("100.00", "30.00", "60.00", "10.00")]
    # Without a budget nothing more is held; what is held and spent stays in the books.
    await revised(town, offer_id, benefit=_OFF, perPerson=9)
    assert (await approved(town, offer_id))["offer"]["status"] == "LIVE"
    await _take(town, offer_id, "unlimited")
    assert await _money(town, offer_id) == [("70.00", "0.00", "60.00", "10.00")]


_REFUSED = {
    "a percentage without a cap": ({"benefit": {**_OFF, "capYuan": None}}, ("budgetYuan", "BUDGET_WITHOUT_CAP")),
    "a gift": ({"benefit": {"kind": "GIFT", "text": "赠品"}}, ("budgetYuan", "BUDGET_WITHOUT_CAP")),
    "less than one use": ({"budgetYuan": "29.99"}, ("budgetYuan", "OUT_OF_RANGE")),
    "a part of a cent": ({"budgetYuan": "100.001"}, ("budgetYuan", "OUT_OF_RANGE")),
    "parts without a whole": ({"budgetYuan": None, "storeBudgets": "mine"}, ("budgetYuan", "NEEDED")),
    "another's store": ({"storeBudgets": [{"storeId": "sto_x", "yuan": "50"}]}, ("storeBudgets", "EVERY_STORE")),
    "a store twice": ({"storeBudgets": "twice"}, ("storeBudgets", "EVERY_STORE")),
    "another's offer": ({"combinesWith": ["ofr_x"]}, ("combinesWith", "NO_SUCH_OFFER")),
    "an offer twice": ({"combinesWith": ["ofr_x", "ofr_x"]}, ("combinesWith", "DIFFERENT_ONES")),
}


@pytest.mark.parametrize("case", _REFUSED)
async def test_a_wrong_budget_is_named_by_its_place_and_nothing_is_written(town: Town, case: str) -> None:
    changed, (path, code) = _REFUSED[case]
    part = {"storeId": (await stores(town))[0], "yuan": "50"}
    parts = {"mine": [part], "twice": [part, part]}.get(str(changed.get("storeBudgets")))
    changed = {**changed, "storeBudgets": parts} if parts else changed
    given = {**await offering.terms(town, benefit=_OFF, budgetYuan="100"), **changed, "idempotencyKey": "wrong"}
    before = await town.count("SELECT count(*) FROM offer_version")
    refused = await town.act("partner-1", "offerDraft", given, offering.OFFER)
    assert [(one["path"], one["code"]) for one in refused["details"]] == [(["input", path], code)]
    assert await town.count("SELECT count(*) FROM offer_version") == before


async def test_what_does_not_combine_is_not_used_in_one_order(town: Town) -> None:
    alone = await live(town, "alone", combinesWith=[], perPerson=9)
    friend = await live(town, "friend", combinesWith=None)
    codes = [(await _take(town, one, key))["claim"]["codes"][0]["digits"] for one, key in ((alone, "1"), (friend, "2"))]
    checked = await town.act("till-1", "claimCheck", {"code": codes[0]}, _CHECKED)
    assert (checked["orderNumberNeeded"], checked["orderAmountNeeded"]) == (True, False)
    first = await town.redeem(codes[1], key="f", orderNumber="D1")
    assert (await town.redeem(codes[0], key="a", orderNumber="D1"))["code"] == "NOT_COMBINABLE"
    # The code stays good: in another order, or once the other one is undone. No wrong code was shown.
    assert await town.count("SELECT wrong FROM till_tries") == 0
    await _undo(town, first["redemption"]["id"])
    assert "redemption" in await town.redeem(codes[0], key="b", orderNumber="D1")
    assert (await town.redeem(codes[1], key="g", orderNumber="D1"))["code"] == "NOT_COMBINABLE"
    assert "redemption" in await town.redeem(codes[1], key="h", orderNumber="D2")
    listed = await drafted(town, "listed", combinesWith=[alone])
    await act(town, "partner-1", "submit", listed)
    assert (await _file(town, listed))["proposed"]["combinesWith"] == [alone]


async def test_what_ended_claims_hold_goes_to_whoever_wants_it(town: Town) -> None:
    """Those of an earlier version that is over: stock, money and their person's limit, while the offer goes on."""
    given = {"benefit": _OFF, "budgetYuan": "60", "perPerson": 1}
    offer_id = await live(town, "ended", **given, stock=2)
    made = (await _take(town, offer_id, "1"))["claim"]
    await _take(town, offer_id, "2", persona="citizen-7")
    assert (await _take(town, offer_id, "3", persona="citizen-4"))["code"] == "SOLD_OUT"
    longer = rfc3339((datetime.now(UTC) + timedelta(days=60)).replace(microsecond=0))
    await revised(town, offer_id, **given, stock=2, endsAt=longer)
    await approved(town, offer_id)
    async with town.house.database.writing() as unit:
        past = datetime.now(UTC) - timedelta(seconds=1)
        await unit.run(claim.update().where(claim.c.offer_id == offer_id).values(expires_at=past))
    # Nobody has let go of anything: it is free all the same.
    assert await _money(town, offer_id) == [("60.00", "60.00", "0.00", "0.00")]
    assert (await _file(town, offer_id))["stock"] == {"left": 2}
    assert "claim" in await _take(town, offer_id, "4", persona="citizen-4")
    assert "claim" in await _take(town, offer_id, "5")
    assert await _money(town, offer_id) == [("60.00", "0.00", "60.00", "0.00")]
    assert (await _mine(town, made["id"]))["status"] == "EXPIRED"
    cancel = {"claimId": made["id"], "expectedVersion": made["version"]}
    assert (await town.act("citizen-2", "claimCancel", cancel, "replayed"))["code"] == "NOT_CLAIMED"


async def test_a_limit_for_good_counts_what_was_taken_by_the_day(town: Town) -> None:
    offer_id = await live(town, "daily", perPerson=2, perPersonPeriod="DAY")
    assert "claim" in await town.claim("citizen-2", offer_id, key="1")
    await revised(town, offer_id, perPerson=2)
    await approved(town, offer_id)
    assert "claim" in await town.claim("citizen-2", offer_id, key="2")
    assert (await town.claim("citizen-2", offer_id, key="3"))["code"] == "PERSON_LIMIT_REACHED"
