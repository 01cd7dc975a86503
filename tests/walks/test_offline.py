"""A claim is used in a basement: asked for, spent there without a network, brought later, and seen by its owner."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from incentives import offline
from incentives.spending import Word, spend
from incentives.tries import MOST_WRONG
from tests.harness import offering
from tests.harness.callers import Town

_CLAIM = """query($i: ID!) { me { claim(id: $i) { version status codes { digits } offline { text validUntil settlesAt
  store { id } } offlineUses { outcome store } } } }"""
_OUT = "claim { id version offline { text store { id } } } replayed"
_BROUGHT = "outcome redemption { id number } replayed"
_COUNTS = ("redemption", "reversal", "offline_upload", "outbox", "budget_line")


async def _claim(town: Town, claim_id: str) -> dict[str, Any]:
    return dict((await town.data("citizen-2", _CLAIM, {"i": claim_id}))["me"]["claim"])


async def _bring(town: Town, line: Any, **changed: Any) -> dict[str, Any]:
    return dict(await town.act("till-1", "offlineUpload", {**line, **changed}, _BROUGHT))


async def _out(town: Town, offer_id: str, key: str, store: str) -> dict[str, Any]:
    made = (await town.claim("citizen-2", offer_id, key=key))["claim"]
    given = {"claimId": made["id"], "storeId": store, "expectedVersion": 1}
    return dict(await town.act("citizen-2", "claimOffline", given, _OUT))


async def _bundle(town: Town) -> offline.Bundle:
    found = await town.data("till-1", "{ partner { offlineBundle } }")
    return offline.unpack(found["partner"]["offlineBundle"])


async def _world(town: Town) -> list[object]:
    counted = [await town.count(f"SELECT count(*) FROM {table}") for table in _COUNTS]
    return [*counted, await town.count("SELECT sum(version) FROM claim")]


async def test_the_whole_walk(town: Town, tmp_path: Path) -> None:
    here = (await offering.stores(town, "till-1"))[0]
    offer_id = await offering.live(town, "basement", worksOffline=True)
    issued = await _out(town, offer_id, "walk", here)
    claim_id, text = issued["claim"]["id"], issued["claim"]["offline"]["text"]
    given = {"claimId": claim_id, "storeId": here, "expectedVersion": 1}
    assert await town.act("citizen-2", "claimOffline", given, _OUT) == {**issued, "replayed": True}
    back = await town.act("citizen-2", "claimCancel", {"claimId": claim_id, "expectedVersion": 2}, "replayed")
    assert (back["code"], back["retryAt"] is not None) == ("OFFLINE_CODE_OUT", True)
    # Without a network.
    bundle, spent, at = await _bundle(town), tmp_path / "spent", datetime.now(UTC)
    taken = spend(text, bundle, spent, at=at)
    assert (taken.word, taken.title) == (Word.GOOD, "满百减二十")
    assert spend(text, bundle, spent, at=at).word is Word.SPENT
    # And with one again: whatever is lost on the way, it is brought until it is answered.
    first = await _bring(town, taken.line)
    assert (first["outcome"], first["replayed"]) == ("REDEEMED", False)
    assert await _bring(town, taken.line) == {**first, "replayed": True}
    other = await _bring(town, taken.line, acceptance="a-second-till-of-it")
    assert (other["outcome"], other["redemption"]) == ("ALREADY", None)
    seen = await _claim(town, claim_id)
    assert (seen["status"], seen["offline"], seen["codes"]) == ("REDEEMED", None, [])
    assert sorted(use["outcome"] for use in seen["offlineUses"]) == ["ALREADY", "REDEEMED"]
    month = f"{datetime.now(UTC):%Y-%m}"
    counted = await town.data("partner-1", f'{{ partner {{ settlement(month: "{month}") {{ count }} }} }}')
    assert counted["partner"]["settlement"]["count"] == 1


async def test_it_is_reviewed_and_only_said_of_what_can_be(town: Town) -> None:
    here = (await offering.stores(town, "till-1"))[0]
    offer_id = await offering.live(town, "online")
    made = (await town.claim("citizen-2", offer_id, key="online"))["claim"]
    given = {"claimId": made["id"], "storeId": here, "expectedVersion": 1}
    assert (await town.act("citizen-2", "claimOffline", given, _OUT))["details"][0]["code"] == "NOT_OFFLINE"
    await offering.revised(town, offer_id, worksOffline=True)
    assert (await offering.file(town, offer_id, "partner-1"))["changed"] == ["worksOffline"]
    assert (await town.act("citizen-2", "claimOffline", given, _OUT))["code"] == "INVALID_INPUT"
    await offering.approved(town, offer_id)
    assert (await town.act("citizen-2", "claimOffline", given, _OUT))["code"] == "INVALID_INPUT"  # as it was taken
    other = {
        **given,
        "storeId": "sto_nowhere",
        "claimId": (await town.claim("citizen-2", offer_id, key="2"))["claim"]["id"],
    }
    assert (await town.act("citizen-2", "claimOffline", other, _OUT))["details"][0]["code"] == "STORE_OF_OFFER"
    assert (await town.act("citizen-3", "claimOffline", {**other, "storeId": here}, _OUT))["code"] == "NOT_AVAILABLE"
    refused = await offering.revised(town, offer_id, worksOffline=True, combinesWith=[])
    assert [one["code"] for one in refused["details"]] == ["OFFLINE_COMBINES"]
    assert await town.count("SELECT count(*) FROM claim WHERE offline_cycle IS NOT NULL") == 0
    manager = await town.data("partner-1", "{ partner { offlineBundle } }")
    assert manager["partner"]["offlineBundle"] is None


async def test_what_is_nobodys_code_is_one_word_counted_for_the_till_and_leaves_nothing(town: Town) -> None:
    stores = await offering.stores(town)
    here = (await offering.stores(town, "till-1"))[0]
    elsewhere = next((one for one in stores if one != here), None) or await offering.opened(town, "分店")
    offer_id = await offering.live(town, "noes", worksOffline=True, storeIds=[here, elsewhere])
    good = (await _out(town, offer_id, "good", here))["claim"]["offline"]["text"]
    theirs = (await _out(town, offer_id, "theirs", elsewhere))["claim"]["offline"]["text"]
    before = await _world(town)
    line = {"acceptance": "x" * 16, "acceptedAt": datetime.now(UTC).isoformat()}
    wrong = [theirs, good[:-1] + ("A" if good[-1] != "A" else "B"), good.lower(), "", "0" * 18, "x" * 5000]
    refusals = [await _bring(town, line, code=code) for code in wrong]
    assert all(refusal == refusals[0] for refusal in refusals)
    assert (refusals[0]["code"], refusals[0]["details"]) == ("NOT_REDEEMABLE", [])
    assert (await _bring(town, line, code=good, acceptance="short"))["code"] == "INVALID_INPUT"
    assert await town.count("SELECT wrong FROM till_tries") == len(wrong)
    for _ in range(MOST_WRONG - len(wrong)):
        await _bring(town, line, code="x")
    assert (await _bring(town, line, code=good))["code"] == "TOO_MANY_WRONG_CODES"
    assert await _world(town) == before
