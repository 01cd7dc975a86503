"""A store is closed: at once, for good, and nobody is left with something that can be used nowhere."""

from datetime import timedelta
from typing import Any

import pytest

from tests.harness import offering
from tests.harness.callers import Town
from tests.harness.market import Market
from tests.harness.offering import act, approved, live, opened, revised

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_MONEY = {"kind": "FEE_WAIVER", "text": "免服务费10元", "yuan": "10.00"}
_OFFER = """query($i: ID!) { approvals { offer(id: $i) {
  offer { status stores { id } } stock { left } budgets { heldYuan } } } }"""
_MINE = (
    "query($i: ID!) { me { claim(id: $i) { status codes { digits } } notices(first: 1) { edges { node { kind } } } } }"
)


async def _close(town: Town, store_id: str, persona: str = "partner-1") -> dict[str, Any]:
    return await town.act(persona, "storeClose", {"storeId": store_id}, "store { id name } replayed")


async def _take(town: Town, offer_id: str, key: str, **given: str) -> dict[str, Any]:
    input_ = {"offerId": offer_id, "noticeHash": await town.notice("CLAIM"), "idempotencyKey": key, **given}
    return await town.act("citizen-2", "claimCreate", input_, "claim { id codes { digits } }")


async def _file(town: Town, offer_id: str) -> dict[str, Any]:
    return dict((await town.data("approver-1", _OFFER, {"i": offer_id}))["approvals"]["offer"])


async def _mine(town: Town, claim_id: str) -> tuple[str, str]:
    me = (await town.data("citizen-2", _MINE, {"i": claim_id}))["me"]
    return me["claim"]["status"], me["notices"]["edges"][0]["node"]["kind"]


async def test_who_works_there_is_out_at_once_and_nobody_is_put_in(town: Town) -> None:
    old = (await offering.stores(town))[0]
    offer_id = await live(town, "one")
    code = (await town.claim("citizen-2", offer_id, key="c"))["claim"]["codes"][0]["digits"]
    closed = await _close(town, old)
    assert (closed["replayed"], closed["store"]["id"]) == (False, old)
    checked = "mutation($c: String!) { claimCheck(input: { code: $c }) { __typename } }"
    for document, given in ((checked, {"c": code}), ("{ partner { stores { id } } }", {})):
        assert (await town.ask("till-1", document, given)).status in (401, 403)
    assert await _close(town, old) == {**closed, "replayed": True}
    vacancy = {"label": "新收银台", "post": "TILL", "storeId": old, "idempotencyKey": "again"}
    refused = await town.act("partner-1", "staffEmploy", vacancy, "staff { id }")
    assert refused["details"][0]["code"] == "NO_SUCH_STORE"
    assert old not in await offering.stores(town)
    assert await town.count("SELECT count(*) FROM redemption WHERE claim_id IN (SELECT id FROM claim)") == 0


async def test_what_can_be_used_nowhere_is_void_and_told_and_its_offer_waits(town: Town) -> None:
    old = (await offering.stores(town))[0]
    offer_id = await live(town, "money", benefit=_MONEY, budgetYuan="100.00", perPerson=1)
    made = (await _take(town, offer_id, "c"))["claim"]
    assert (await _file(town, offer_id))["budgets"][0]["heldYuan"] == "10.00"
    await _close(town, old)
    assert await _mine(town, made["id"]) == ("VOIDED", "CLAIM_VOIDED")
    read = await _file(town, offer_id)
    assert (read["offer"], read["stock"]["left"]) == ({"status": "PAUSED", "stores": []}, 10)
    assert read["budgets"][0]["heldYuan"] == "0.00"
    assert (await _take(town, offer_id, "none"))["code"] == "ENDED"
    resumed = await act(town, "partner-1", "resume", offer_id)
    assert resumed["details"][0]["code"] == "NO_SUCH_STORE"
    # Its merchant writes it for another store, and it goes on; the person's slot is theirs again.
    new = await opened(town, "新店")
    refused = await revised(town, offer_id, benefit=_MONEY, budgetYuan="100.00", perPerson=1, storeIds=[old])
    assert refused["details"][0]["code"] == "NO_SUCH_STORE"
    await revised(town, offer_id, benefit=_MONEY, budgetYuan="100.00", perPerson=1, storeIds=[new])
    await approved(town, offer_id)
    assert (await act(town, "partner-1", "resume", offer_id))["offer"]["status"] == "LIVE"
    assert "claim" in await _take(town, offer_id, "again")


async def test_what_is_in_review_stands_for_no_closed_store(town: Town) -> None:
    new = await opened(town, "即将停业")
    offer_id = await live(town, "review")
    await revised(town, offer_id, storeIds=[new])
    await act(town, "partner-1", "submit", offer_id)
    await _close(town, new)
    assert (await act(town, "approver-1", "approve", offer_id))["details"][0]["code"] == "NO_SUCH_STORE"
    assert (await _file(town, offer_id))["offer"]["status"] == "LIVE"


async def test_an_offer_of_two_stores_goes_on_at_the_other(town: Town) -> None:
    old, new = (await offering.stores(town))[0], await opened(town, "分店")
    parts = [{"storeId": one, "yuan": "50.00"} for one in (old, new)]
    split = {"benefit": _MONEY, "budgetYuan": "100.00", "storeBudgets": parts, "storeIds": [old, new]}
    by_store = await live(town, "split", perPerson=9, **split)
    anywhere = await live(town, "anywhere", perPerson=9, storeIds=[old, new])
    here, there = [(await _take(town, by_store, one, storeId=one))["claim"] for one in (old, new)]
    free = (await _take(town, anywhere, "free"))["claim"]
    await _close(town, new)
    assert await _mine(town, there["id"]) == ("VOIDED", "CLAIM_VOIDED")
    for kept in (here, free):
        assert (await _mine(town, kept["id"]))[0] == "CLAIMED"
    for offer_id in (by_store, anywhere):
        assert (await _file(town, offer_id))["offer"] == {"status": "LIVE", "stores": [{"id": old}]}
    assert (await _take(town, by_store, "new", storeId=new))["details"][0]["code"] == "STORE_OF_OFFER"
    assert "redemption" in await town.redeem(free["codes"][0]["digits"], key="r")


async def test_anothers_store_is_absent(town: Town) -> None:
    await offering.stranger(town)
    mine = (await offering.stores(town))[0]
    for store_id in (mine, "sto_none"):
        assert (await _close(town, store_id, offering.STRANGER))["code"] == "NOT_AVAILABLE"
    answer = await town.ask("till-1", f'mutation {{ storeClose(input: {{ storeId: "{mine}" }}) {{ __typename }} }}')
    assert "errors" in answer
    assert await offering.stores(town) == [mine]
    assert await town.count("SELECT count(*) FROM store WHERE closed_at IS NOT NULL") == 0


@pytest.mark.parametrize("closed", [0, 1])
async def test_a_code_without_a_network_is_settled_when_its_store_is_closed(town: Town, closed: int) -> None:
    """Nobody is left to bring it: its claim is good at the other store at once, also where the till had taken it."""
    market = await Market.open(town, 300, offline=True)
    claim_id, taken_at = await market.claim("sub_a", market.begun), market.begun + timedelta(hours=1)
    code = await market.issue(claim_id, market.begun, store_id=market.stores[0])
    assert await market.look(claim_id, taken_at, store_id=market.stores[1]) == "NOT_REDEEMABLE"
    over = market.begun + timedelta(hours=2)
    assert await market.close(market.stores[closed], over) == "DONE"
    brought = await market.bring(code, over, taken_at=taken_at, name="late")
    good = await market.look(claim_id, over, store_id=market.stores[1])
    # Where another store is closed nothing changes for the one that the code is of.
    assert (brought, good) == (("NOT_REDEEMABLE", "GOOD") if closed == 0 else ("REDEEMED", "NOT_REDEEMABLE"))
    assert await market.is_in_order()
