"""What a frozen or suspended merchant offers is not listed or claimed from the next request on; lifted, it is back."""

from typing import Any

import pytest
from sqlalchemy import text

from tests.harness.callers import Town

_LISTS = {
    "anyone": (None, "{ offers(first: 100) { edges { node { id } } } }", ("offers",)),
    "mine": ("citizen-2", "{ me { offers(first: 100) { edges { node { offer { id } } } } } }", ("me", "offers")),
}
_ONE = "query($i: ID!) { offer(id: $i) { id } }"


async def _listed(town: Town, whose: str) -> set[str]:
    persona, document, path = _LISTS[whose]
    found = await town.data(persona, document)
    for name in path:
        found = found[name]
    nodes = [edge["node"] for edge in found["edges"]]
    return {str(node.get("offer", node)["id"]) for node in nodes}


async def _move(town: Town, how: str, party_id: str, by: str) -> dict[str, Any]:
    if how in ("partyFreeze", "partyLift"):
        return await town.act(by, how, {"target": "PARTY", "id": party_id, "reason": "投诉核查"}, "party { version }")
    async with town.house.database.reading() as unit:
        row = await unit.first(text("SELECT version FROM party WHERE id = :i"), {"i": party_id})
    assert row is not None
    input_ = {"partyId": party_id, "expectedVersion": row.version, "reason": "投诉核查"}
    return await town.act(by, how, input_, "party { version }")


@pytest.mark.parametrize(("out", "back"), [("partyFreeze", "partyLift"), ("partySuspend", "partyReinstate")])
async def test_offers_follow_their_merchant(town: Town, out: str, back: str) -> None:
    offer_id = await town.open_offer()
    async with town.house.database.reading() as unit:
        row = await unit.first(text("SELECT party_id FROM offer WHERE id = :i"), {"i": offer_id})
    assert row is not None
    claimed = await town.claim("citizen-2", offer_id, key="before")
    before = {whose: await _listed(town, whose) for whose in _LISTS}
    assert all(offer_id in listed for listed in before.values())

    for by in ("officer-1", "approver-1") if out == "partySuspend" else ("officer-1",):
        await _move(town, out, row.party_id, by)
    for whose in _LISTS:
        assert offer_id not in await _listed(town, whose)
    assert (await town.data(None, _ONE, {"i": offer_id}))["offer"] is None
    counted = await town.count("SELECT count(*) FROM claim"), await town.count("SELECT sum(left_over) FROM stock")
    refused = await town.claim("citizen-4", offer_id, key="out")
    absent = await town.claim("citizen-4", "ofr_" + "0" * 20, key="absent")
    assert refused == absent
    assert refused["code"] == "NOT_AVAILABLE"
    assert counted == (
        await town.count("SELECT count(*) FROM claim"),
        await town.count("SELECT sum(left_over) FROM stock"),
    )
    # What a person had taken before stays theirs.
    mine = await town.data("citizen-2", "{ me { claims { edges { node { id offer { id } } } } } }")
    assert claimed["claim"]["id"] in {edge["node"]["id"] for edge in mine["me"]["claims"]["edges"]}

    for by in ("officer-1", "approver-1"):
        await _move(town, back, row.party_id, by)
    assert {whose: await _listed(town, whose) for whose in _LISTS} == before
    assert "claim" in await town.claim("citizen-4", offer_id, key="back")
