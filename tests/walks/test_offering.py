"""A merchant's offer from its draft to its end, and who sees what of it on the way (Art. 11)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from audit.lens import Audience, BasisKind, Lens
from core.moments import day_of, rfc3339, start_of
from credit.kinds import SubjectKind
from incentives import claims
from incentives.eligibility import Standing
from incentives.errors import PersonLimitReached
from incentives.tables import claim, offer
from tests.harness import offering
from tests.harness.callers import Town
from tests.harness.offering import act, approved, drafted, file, live, opened, revised, stock, stores, terms

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_MINE = """query($i: ID!) { me { claim(id: $i) { status expiresAt
  offer { version title benefitText benefit { percent } stores { id } } } } }"""
_ONE = "query($i: ID!) { offer(id: $i) { title status requirement } }"
_WAITING = "{ approvals { offers(first: 100) { edges { node { offer { id } takesTwo } } } } }"


async def _waiting(town: Town) -> list[str]:
    found = await town.data("approver-1", _WAITING)
    return [edge["node"]["offer"]["id"] for edge in found["approvals"]["offers"]["edges"]]


async def _code(town: Town, claim_id: str) -> str:
    document = "query($i: ID!) { me { claim(id: $i) { codes { digits } } } }"
    found = await town.data("citizen-2", document, {"i": claim_id})
    return str(found["me"]["claim"]["codes"][0]["digits"])


async def test_the_whole_life(town: Town) -> None:
    offer_id = await drafted(town, "life", title="满百减五", condition={"tier": 2})
    assert (await town.data(None, _ONE, {"i": offer_id}))["offer"] is None
    assert await town.claim("citizen-2", offer_id, key="x") == await town.claim("citizen-2", "ofr_" + "0" * 20, key="y")
    unseen = "query($i: ID!) { approvals { offer(id: $i) { id } } }"
    assert (await town.ask("approver-1", unseen, {"i": offer_id})).code == "NOT_AVAILABLE"
    await act(town, "partner-1", "submit", offer_id)
    assert await _waiting(town) == [offer_id]
    read = await file(town, offer_id, "approver-1")
    assert (read["standing"], read["review"]) == (None, "IN_REVIEW")
    assert read["proposed"]["tiersReached"] == ["良好", "优良", "优秀", "卓越"]
    without = await act(town, "approver-1", "return", offer_id)
    assert (without["code"], without["details"][0]["path"]) == ("INVALID_INPUT", ["input", "reasons"])
    returned = await act(town, "approver-1", "return", offer_id, reasons="请写明适用商品。联系人11010519491231002X。")
    assert returned["offer"]["status"] == "RETURNED"
    assert await _waiting(town) == []
    assert (await revised(town, offer_id, title="满百减十", note="已写明"))["offer"]["status"] == "DRAFT"
    assert (await approved(town, offer_id))["offer"]["status"] == "LIVE"
    assert (await town.data(None, _ONE, {"i": offer_id}))["offer"]["title"] == "满百减十"
    steps = [edge["node"] for edge in (await file(town, offer_id))["steps"]["edges"]]
    assert [step["act"] for step in steps] == ["APPROVE", "SUBMIT", "REVISE", "RETURN", "SUBMIT", "DRAFT"]
    assert [step["version"] for step in steps] == [6, 5, 4, 3, 2, 1]
    assert steps[3]["reasons"].startswith("请写明适用商品。联系人1101")
    assert "11010519491231002X" not in steps[3]["reasons"]


async def test_what_stands_stands_while_a_change_is_looked_at_and_a_claim_keeps_what_it_took(town: Town) -> None:
    mine = [*await stores(town), await opened(town, "新店")]
    given = await terms(town, title="旧", storeIds=mine[:1], stock=3)
    offer_id = await live(town, "stands", **given)
    old = (await town.claim("citizen-2", offer_id, key="old"))["claim"]["id"]
    benefit = {"kind": "DISCOUNT", "text": "九五折", "percent": "5"}
    until = rfc3339((datetime.now(UTC) + timedelta(days=3)).replace(microsecond=0))
    other = {
        "title": "新",
        "benefit": benefit,
        "storeIds": mine[1:],
        "stock": 5,
        "endsAt": until,
        "condition": {"tier": 5},
    }
    await revised(town, offer_id, **{**given, **other})
    await act(town, "partner-1", "submit", offer_id)
    read = await file(town, offer_id, "approver-1")
    assert (read["standing"]["title"], read["proposed"]["title"]) == ("旧", "新")
    assert read["changed"] == ["title", "benefit", "requirement", "endsAt", "stock", "stores"]
    assert read["stock"] == {"total": 3, "left": 2, "committed": 1}
    assert (await town.data(None, _ONE, {"i": offer_id}))["offer"]["title"] == "旧"

    assert (await act(town, "approver-2", "approve", offer_id))["offer"]["status"] == "LIVE"
    now = (await town.data(None, _ONE, {"i": offer_id}))["offer"]
    assert now == {"title": "新", "status": "LIVE", "requirement": "海河分“卓越”及以上"}
    assert await stock(town, offer_id) == {"total": 5, "left": 4, "committed": 1}
    kept = (await town.data("citizen-2", _MINE, {"i": old}))["me"]["claim"]
    assert kept["offer"]["title"] == "旧"
    assert kept["offer"]["benefit"] == {"percent": "20.00"}
    assert [store["id"] for store in kept["offer"]["stores"]] == mine[:1]
    assert kept["expiresAt"] > until
    # The till of a store that is the claim's, and no longer the offer's, redeems it at the worth that was taken.
    redeemed = await town.redeem(await _code(town, old), key="old", orderAmountYuan="100.00")
    assert redeemed["redemption"]["offerTitle"] == "旧"
    assert await town.count("SELECT CAST(benefit_amount_yuan AS INTEGER) FROM redemption") == 20


async def test_a_pause_and_an_end_are_about_taking_one_and_never_about_using_it(town: Town) -> None:
    offer_id = await live(town, "pause")
    first, second = [(await town.claim("citizen-2", offer_id, key=key))["claim"]["id"] for key in "12"]
    assert (await act(town, "partner-1", "pause", offer_id))["offer"]["status"] == "PAUSED"
    assert (await town.claim("citizen-7", offer_id, key="no"))["code"] == "ENDED"
    assert (await town.data(None, _ONE, {"i": offer_id}))["offer"] is None
    used = await town.redeem(await _code(town, first), key="paused")
    left = await town.count("SELECT left_over FROM stock WHERE offer_id = :o", o=offer_id)
    # Undone while it is paused: the claim is its owner's again, and when that cannot be, the offer's stock has it back.
    async with town.house.database.writing() as unit:
        past = datetime.now(UTC) - timedelta(minutes=1)
        await unit.run(claim.update().where(claim.c.id == first).values(expires_at=past))
    undo = {"redemptionId": used["redemption"]["id"], "reason": "顾客退货", "idempotencyKey": "u"}
    await town.act("till-1", "redemptionReverse", undo, "redemption { reversed }")
    assert await town.count("SELECT left_over FROM stock WHERE offer_id = :o", o=offer_id) == left + 1

    assert (await act(town, "partner-1", "resume", offer_id))["offer"]["status"] == "LIVE"
    assert "claim" in await town.claim("citizen-7", offer_id, key="yes")
    assert (await act(town, "partner-1", "end", offer_id))["offer"]["status"] == "ENDED"
    assert (await town.claim("citizen-9", offer_id, key="over"))["code"] == "ENDED"
    assert "redemption" in await town.redeem(await _code(town, second), key="ended")


async def test_a_draft_that_is_given_up_was_never_there(town: Town) -> None:
    offer_id = await drafted(town, "dropped")
    await act(town, "partner-1", "end", offer_id)
    assert await town.claim("citizen-2", offer_id, key="x") == await town.claim("citizen-2", "ofr_" + "0" * 20, key="y")


async def test_stock_is_raised_by_review_and_never_goes_below_what_is_taken(town: Town) -> None:
    offer_id = await live(town, "stock", stock=4)
    for turn in range(2):
        await town.claim("citizen-2", offer_id, key=f"{turn}")
    # Whoever has sold and asks is not told how many have taken one: the approver is, and decides (ADR 0152).
    await revised(town, offer_id, stock=1)
    assert (await act(town, "partner-1", "submit", offer_id))["offer"]["status"] == "LIVE"
    early = await act(town, "approver-1", "approve", offer_id)
    assert (early["code"], early["details"][0]["limit"]) == ("STOCK_COMMITTED", "2")
    await revised(town, offer_id, stock=2)
    await act(town, "partner-1", "submit", offer_id)
    await town.claim("citizen-4", offer_id, key="third")
    late = await act(town, "approver-1", "approve", offer_id)
    assert (late["code"], late["details"][0]["limit"]) == ("STOCK_COMMITTED", "3")
    read = await file(town, offer_id, "approver-1")
    assert (read["review"], read["stock"]) == ("IN_REVIEW", {"total": 4, "left": 1, "committed": 3})
    await revised(town, offer_id, stock=3)
    await approved(town, offer_id)
    assert await stock(town, offer_id) == {"total": 3, "left": 0, "committed": 3}
    assert (await town.claim("citizen-7", offer_id, key="gone"))["code"] == "SOLD_OUT"
    own = "query($i: ID!) { partner { offer(id: $i) { offer { remaining } stock { total left committed } } } }"
    told = (await town.data("partner-1", own, {"i": offer_id}))["partner"]["offer"]
    assert told == {"offer": {"remaining": "NONE"}, "stock": {"total": 3, "left": None, "committed": None}}


async def test_a_place_in_a_queue_for_care_takes_two_people_with_reasons(town: Town) -> None:
    benefit = {"kind": "PRIORITY", "text": "优先安排检查"}
    offer_id = await drafted(town, "care", sector="HEALTHCARE", benefit=benefit)
    await act(town, "partner-1", "submit", offer_id)
    assert (await file(town, offer_id, "approver-1"))["takesTwo"] is True
    assert (await act(town, "approver-1", "approve", offer_id))["code"] == "INVALID_INPUT"
    first = await act(town, "approver-1", "approve", offer_id, reasons="不影响急诊")
    assert first["offer"]["status"] == "IN_REVIEW"
    assert (await act(town, "approver-1", "approve", offer_id, reasons="再次同意"))["code"] == "SECOND_PERSON"
    again = await act(town, "approver-1", "approve", offer_id, reasons="不影响急诊", expectedVersion=2)
    assert again["replayed"] is True
    second = await act(town, "approver-2", "approve", offer_id, reasons="名额有限，同意")
    assert second["offer"]["status"] == "LIVE"
    # The first word was for the version that it was given on.
    await revised(town, offer_id, sector="HEALTHCARE", benefit={**benefit, "text": "优先安排住院"})
    await act(town, "partner-1", "submit", offer_id)
    one = await act(town, "approver-2", "approve", offer_id, reasons="同意")
    assert one["offer"]["version"] == 7
    assert (await town.data(None, "query($i: ID!) { offer(id: $i) { benefitText } }", {"i": offer_id}))["offer"] == {
        "benefitText": "优先安排检查"
    }


async def test_a_stopped_merchant_writes_nothing_and_nothing_of_it_is_approved(town: Town) -> None:
    offer_id = await drafted(town, "stopped")
    await act(town, "partner-1", "submit", offer_id)
    version = await town.count("SELECT version FROM offer WHERE id = :o", o=offer_id)
    given = {**await terms(town), "idempotencyKey": "more"}
    async with town.house.database.reading() as unit:
        row = (await unit.all(offer.select().where(offer.c.id == offer_id)))[0]
    await town.act("officer-1", "partyFreeze", {"target": "PARTY", "id": row.party_id, "reason": "核查"}, "frozen")
    document = "mutation($i: OfferDraftInput!) { offerDraft(input: $i) { __typename } }"
    assert (await town.ask("partner-1", document, {"i": given})).code == "FORBIDDEN"
    document = "mutation($i: OfferChangeInput!) { offerEnd(input: $i) { __typename } }"
    change = {"offerId": offer_id, "expectedVersion": version}
    assert (await town.ask("partner-1", document, {"i": change})).code == "FORBIDDEN"
    assert await _waiting(town) == []
    assert (await act(town, "approver-1", "approve", offer_id))["code"] == "NOT_AVAILABLE"


async def test_a_draft_is_made_once_and_a_bad_one_not_at_all(town: Town) -> None:
    await offering.stranger(town)
    given = {**await terms(town), "idempotencyKey": "one"}
    made = await town.act("partner-1", "offerDraft", given, offering.OFFER)
    again = await town.act("partner-1", "offerDraft", given, offering.OFFER)
    assert again == {**made, "replayed": True}
    other = await town.act("partner-1", "offerDraft", {**given, "title": "又一项"}, offering.OFFER)
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"
    before = await town.count("SELECT count(*) FROM offer")
    cases: dict[str, dict[str, Any]] = {
        "NO_SUCH_STORE": {"storeIds": await stores(town, offering.STRANGER)},
        "BENEFIT_TERMS": {"benefit": {"kind": "FEE_WAIVER", "text": "免", "percent": "5"}},
        "OUT_OF_RANGE": {"stock": 0},
        "PERIOD_ORDER": {"startsAt": given["endsAt"]},
    }
    place = {"name": "", "district": "东港区", "address": "示例路1号", "idempotencyKey": "no name"}
    refused = await town.act("partner-1", "storeOpen", place, "store { id }")
    assert refused["details"][0]["path"] == ["input", "name"]
    for code, changed in cases.items():
        refused = await town.act(
            "partner-1", "offerDraft", {**given, **changed, "idempotencyKey": code}, offering.OFFER
        )
        assert [detail["code"] for detail in refused["details"]] == [code], refused
    assert await town.count("SELECT count(*) FROM offer") == before


async def test_a_till_sees_what_is_published_for_its_store_and_no_stock(town: Town) -> None:
    mine = [*await stores(town), await opened(town, "二店")]
    draft, elsewhere = await drafted(town, "draft"), await live(town, "elsewhere", storeIds=mine[-1:])
    here = await live(town, "here", storeIds=mine[:1])
    document = "{ partner { offers(first: 100) { edges { node { id } } } } }"
    seen = {edge["node"]["id"] for edge in (await town.data("till-1", document))["partner"]["offers"]["edges"]}
    every = {edge["node"]["id"] for edge in (await town.data("partner-1", document))["partner"]["offers"]["edges"]}
    assert {draft, elsewhere, here} <= every
    assert here in seen
    assert draft not in seen
    assert elsewhere not in seen
    for persona in ("till-1", "partner-1", "officer-1", "handler-1"):
        assert (await town.ask(persona, _WAITING)).code == "FORBIDDEN"
    one = "query($i: ID!) { partner { offer(id: $i) { review steps { edges { node { act } } } } } }"
    assert (await town.data("till-1", one, {"i": here}))["partner"]["offer"] is None


async def test_a_limit_for_a_day_is_one_persons_and_begins_anew_with_the_next_day(town: Town) -> None:
    offer_id = await live(town, "daily", perPerson=2, perPersonPeriod="DAY")
    for key in "12":
        assert "claim" in await town.claim("citizen-2", offer_id, key=key)
    refused = await town.claim("citizen-2", offer_id, key="3")
    assert refused["code"] == "PERSON_LIMIT_REACHED"
    assert refused["retryAt"] == rfc3339(start_of(day_of(datetime.now(UTC)) + timedelta(days=1)))
    async with town.house.database.writing() as unit:
        mine = (await unit.all(claim.select().where(claim.c.offer_id == offer_id)))[0]
        lens = Lens(Audience.SUBJECT, BasisKind.SELF, mine.subject_id)
        held = {"standing": Standing(SubjectKind.NATURAL_PERSON, 5), "notice_hash": mine.notice_hash}
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        made = [await claims.create(unit, lens, offer_id, **held, at=tomorrow) for _ in range(2)]
        with pytest.raises(PersonLimitReached):
            await claims.create(unit, lens, offer_id, **held, at=tomorrow)
        # What is given back is given back to the day that it was of.
        await claims.cancel(unit, lens, mine.id, expected_version=1, at=tomorrow)
        with pytest.raises(PersonLimitReached):
            await claims.create(unit, lens, offer_id, **held, at=tomorrow)
        await claims.cancel(unit, lens, made[0], expected_version=1, at=tomorrow)
        await claims.create(unit, lens, offer_id, **held, at=tomorrow)
