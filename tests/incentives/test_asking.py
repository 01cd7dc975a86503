"""What an offer asks, from its draft to the list: each kind of leaf and each fault over the API, in one town; and what
stands is what lists it, from the answer to its approval on (ADR 0118, 0127)."""

from typing import Any

import pytest

from tests.harness.callers import Town
from tests.harness.offering import OFFER, act, drafted, file, live, revised, terms

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_CITIZENS = [f"citizen-{n}" for n in (1, 2, 4, 5, 6, 7, 9)]
_TIERS = ["起步", "良好", "优良", "优秀", "卓越"]
# What is sent, what everybody reads of it, and how many of the city's tiers it reaches.
_ASKED: list[tuple[dict[str, Any] | None, str, int]] = [
    (None, "人人可享", 5),
    ({"tier": 4}, "海河分“优秀”及以上", 2),
    ({"age": ["FROM_65", "FROM_80"]}, "65岁及以上", 5),
    ({"district": ["东港区"]}, "居住在东港区", 5),
    ({"fact": "HONOUR"}, "有有效的守信荣誉", 5),
    ({"kind": ["NATURAL_PERSON"]}, "自然人", 5),
    ({"not": {"age": ["UNDER_18"]}}, "不属于（未满18岁）", 5),
    (
        {"all": [{"tier": 3}, {"any": [{"district": ["滨河区"]}, {"fact": "NO_ADVERSE"}]}]},
        "海河分“优良”及以上，且（居住在滨河区，或没有有效的失信等不良记录）",
        3,
    ),
]
# What is refused, where, and why.
_WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"tier": 6}, "condition.tier", "FORM"),
    ({"tier": 620}, "condition.tier", "FORM"),
    ({"all": [{"tier": 2}, {"district": ["朝阳区"]}]}, "condition.all.1.district", "UNKNOWN"),
    ({"age": []}, "condition.age", "UNKNOWN"),
    ({"all": [{"any": [{"tier": 2}, {"not": {"age": ["UNDER_18"]}}]}]}, "condition.all.0.any.1.not", "DEPTH"),
    ({"any": [{"tier": 1}] * 17}, "condition", "LEAVES"),
    ({"not": {"tier": 3}}, "condition", "AGAINST"),
    ({"not": {"any": [{"fact": "NO_ADVERSE"}, {"age": ["FROM_60"]}]}}, "condition", "AGAINST"),
    ({"any": []}, "condition", "NOBODY"),
    ({"kind": ["LEGAL_PERSON"]}, "condition", "NOBODY"),
    ({"all": [{"age": ["UNDER_18"]}, {"age": ["FROM_60"]}]}, "condition", "NOBODY"),
]
_LEAF = "tier age district fact kind"
_THIRD = f"{_LEAF} all {{ tier }} any {{ tier }}"
_SECOND = f"{_LEAF} all {{ {_THIRD} }} any {{ {_THIRD} }} not {{ {_THIRD} }}"
_TREE = f"{_LEAF} all {{ {_SECOND} }} any {{ {_SECOND} }} not {{ {_SECOND} }}"
_VERSION = f"""query($i: ID!) {{ partner {{ offer(id: $i) {{
  proposed {{ requirement tiersReached condition {{ {_TREE} }} }} }} }} }}"""
_LISTED = """{ me { offers(first: 100, eligibleOnly: true) { edges { node { offer { id } } } } } }"""


def _said(place: Any) -> Any:
    """A tree as it is read, without what is not there."""
    if isinstance(place, list):
        return [_said(one) for one in place]
    if isinstance(place, dict):
        return {name: _said(value) for name, value in place.items() if value is not None}
    return place


async def test_what_an_offer_asks_is_read_as_it_was_written_and_nothing_else_is_taken(town: Town) -> None:
    for place, (given, requirement, reached) in enumerate(_ASKED):
        offer_id = await drafted(town, f"asked-{place}", condition=given)
        version = (await town.data("partner-1", _VERSION, {"i": offer_id}))["partner"]["offer"]["proposed"]
        assert _said(version["condition"]) == (given or {"all": []})
        assert version["requirement"] == requirement
        assert version["tiersReached"] == _TIERS[5 - reached :], given
        assert await town.count("SELECT count(*) FROM offer_way WHERE offer_id = :o", o=offer_id) == 0
    before = await town.count("SELECT count(*) FROM offer_version")
    for place, (given, where, code) in enumerate(_WRONG):
        input_ = {**await terms(town, condition=given), "idempotencyKey": f"wrong-{place}"}
        refused = await town.act("partner-1", "offerDraft", input_, OFFER)
        found = [(".".join(detail["path"]), detail["code"]) for detail in refused["details"]]
        assert found == [(f"input.{where}", code)], given
    again = await revised(town, offer_id, condition=_WRONG[2][0])
    assert [detail["path"] for detail in again["details"]] == [["input", *_WRONG[2][1].split(".")]]
    # Two words in one place, or none, are no condition at all: the schema says so.
    document = "mutation($i: OfferDraftInput!) { offerDraft(input: $i) { __typename } }"
    deep: dict[str, Any] = {"tier": 1}
    for _ in range(100):
        deep = {"not": deep}
    shapeless: list[dict[str, Any]] = [{"tier": 2, "fact": "HONOUR"}, {}, {"score": 650}, {"tier": None}]
    for given, status in [*((one, 422) for one in shapeless), (deep, 400)]:
        input_ = {**await terms(town, condition=given), "idempotencyKey": "x"}
        answer = await town.ask("partner-1", document, {"i": input_})
        assert (answer.status, "errors" in answer) == (status, True), given
    assert await town.count("SELECT count(*) FROM offer_version") == before


async def test_what_stands_is_what_lists_an_offer_and_decides_a_claim(town: Town) -> None:
    """While another condition is looked at the old one lists; with the answer to its approval the new one does."""
    await town.act("citizen-6", "residenceState", {"district": "东港区"}, "replayed")
    old, home = {"tier": 4}, {"district": ["东港区"]}
    offer_id = await live(town, "swap", condition=old)
    high = {who for who in _CITIZENS if await _tier(town, who) >= 4} - {"citizen-6"}
    assert high
    before = await _listed(town, offer_id)
    assert before - {"citizen-6"} == high
    await revised(town, offer_id, condition=home)
    await act(town, "partner-1", "submit", offer_id)
    read = await file(town, offer_id, "approver-1")
    said = [read[which]["requirement"] for which in ("standing", "proposed")]
    assert (said, read["changed"]) == (["海河分“优秀”及以上", "居住在东港区"], ["requirement"])
    assert await _listed(town, offer_id) == before
    approved = await act(town, "approver-1", "approve", offer_id)
    assert approved["offer"]["status"] == "LIVE"
    assert await _listed(town, offer_id) == {"citizen-6"}
    refused = await town.claim(sorted(high)[0], offer_id, key="high")
    assert [detail["code"] for detail in refused["details"]] == ["DISTRICT"]
    assert "claim" in await town.claim("citizen-6", offer_id, key="home")


async def _listed(town: Town, offer_id: str) -> set[str]:
    """To whom the offer is listed among those that they may take."""
    found = set()
    for who in _CITIZENS:
        edges = (await town.data(who, _LISTED))["me"]["offers"]["edges"]
        found |= {who for edge in edges if edge["node"]["offer"]["id"] == offer_id}
    return found


async def _tier(town: Town, who: str) -> int:
    score = (await town.data(who, "{ me { score { tier } } }"))["me"]["score"]
    return 0 if score is None else int(score["tier"])
