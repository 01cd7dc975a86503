"""A supervisor's samples (Art. 4): drawn by a lot that nobody chooses, read look by look, told to whom it concerns."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from audit import tree
from audit.tables import access
from audit.tiles import Tile
from core.months import Month
from oversight.supervision.samples import MOST_IN_A_QUARTER, Drawer
from oversight.supervision.tables import supervision_sample
from tests.harness.asking import identity
from tests.harness.callers import Answered, Town
from tests.harness.everything import stored
from tests.harness.sealing import seal

_FIELDS = """id number state work month size seedPosition drawnAt population populationHash until
  items { id position readAt }"""
_SAMPLE = f"sample {{ {_FIELDS} }} replayed"
_LIST = f"{{ oversight {{ samples {{ edges {{ node {{ {_FIELDS} }} }} }} }} }}"
_LOOK = """query($i: ID!) { sampledLook(query: {itemId: $i}) { lookId sampleNumber at institution operator basis purpose
  channel caseNumber recordCount fields } }"""
_TRAIL = """{ me { accessHistory(first: 30, bases: [SUPERVISION_SAMPLE]) { edges { node {
  id summary caseNumber actor { name } } } } } }"""
_GLASS = """query($i: ID!) { brokenGlass(query: {glassId: $i}) { subject { name } } }"""


def _last_month() -> Month:
    return Month.ended(at=datetime.now(UTC))


async def _worked(town: Town, looks: int = 4) -> None:
    """So many emergency looks at one person happened in the month that has ended, and are sealed."""
    stated = {"subject": await identity(town, "citizen-4"), "reason": "疑似冒用身份", "noConflict": True}
    made = await town.act("handler-1", "glassBreak", {**stated, "idempotencyKey": "g"}, "glass { id }")
    for _ in range(looks):
        await town.data("handler-1", _GLASS, {"i": made["glass"]["id"]})
    await seal(town.house)
    then = _last_month().begins + timedelta(days=3)
    async with town.house.database.writing() as unit:
        await unit.run(access.update().where(access.c.basis == "BREAK_GLASS").values(at=then))


async def _request(town: Town, *, by: str = "supervisor-1", key: str = "k", **changed: Any) -> Any:
    asked = {"work": "BREAK_GLASS", "month": _last_month().text, "size": 2, "reason": "季度例行抽查", **changed}
    return await town.act(by, "sampleRequest", {**asked, "idempotencyKey": key}, _SAMPLE)


async def _drawn(town: Town, **given: Any) -> Any:
    """A sample that was asked for and drawn, as its list has it."""
    by = given.get("by", "supervisor-1")
    made = await _request(town, **given)
    await town.data("citizen-1", "{ me { records(first: 1) { edges { node { id } } } } }")
    await seal(town.house)
    await Drawer(town.house.database).run_once(datetime.now(UTC))
    listed = (await town.data(by, _LIST))["oversight"]["samples"]["edges"]
    return next(edge["node"] for edge in listed if edge["node"]["id"] == made["sample"]["id"])


async def _read(town: Town, item_id: str, by: str = "supervisor-1") -> Answered:
    return await town.ask(by, _LOOK, {"i": item_id})


async def _told(town: Town) -> list[Any]:
    return [edge["node"] for edge in (await town.data("citizen-4", _TRAIL))["me"]["accessHistory"]["edges"]]


async def test_the_lot_falls_after_the_request_and_anybody_draws_the_same(town: Town) -> None:
    await _worked(town)
    made = await _request(town)
    assert (made["sample"]["state"], made["sample"]["items"]) == ("WAITING", [])
    await Drawer(town.house.database).run_once(datetime.now(UTC))
    assert (await town.data("supervisor-1", _LIST))["oversight"]["samples"]["edges"][0]["node"]["state"] == "WAITING"
    sample = await _drawn(town)
    assert (sample["id"], sample["state"], sample["population"]) == (made["sample"]["id"], "DRAWN", 4)
    # By hand, from the public tile: the seed, then the least of the positions' hashes.
    async with town.house.database.reading() as unit:
        position = sample["seedPosition"]
        tile = Tile(0, 0, position)
        leaf = (await tree.tiles(unit, [tile]))[tile][-32:]
    seed = hashlib.sha256(leaf + sample["id"].encode()).digest()
    where = await _positions(town)
    assert sample["populationHash"] == hashlib.sha256("".join(f"{one}\n" for one in where).encode()).hexdigest()
    least = sorted(where, key=lambda one: hashlib.sha256(seed + str(one).encode()).digest())[:2]
    assert [item["position"] for item in sample["items"]] == least
    # Once it is drawn it stays what it is.
    before = await stored(town)
    await Drawer(town.house.database).run_once(datetime.now(UTC))
    assert await stored(town) == before


async def _positions(town: Town) -> list[int]:
    query = "SELECT position FROM log_leaf JOIN access ON access.id = access_id WHERE basis = 'BREAK_GLASS' ORDER BY 1"
    async with town.house.database.reading() as unit:
        return [row.position for row in await unit.all(text(query))]


async def test_a_drawn_look_shows_the_work_and_whoever_was_looked_at_reads_that_it_was_read(town: Town) -> None:
    await _worked(town)
    sample = await _drawn(town)
    assert await _told(town) == [], "drawing looks at nobody"
    answer = await _read(town, sample["items"][0]["id"])
    look = answer["data"]["sampledLook"]
    assert (look["basis"], look["operator"], look["sampleNumber"]) == ("BREAK_GLASS", "异议处理员甲", sample["number"])
    assert look["institution"] == "海津市公共信用管理机构"
    assert "BrokenGlassView.subject" in look["fields"]
    lines = await _told(town)
    assert [(line["id"], line["caseNumber"]) for line in lines] == [(look["lookId"], sample["number"])]
    assert lines[0]["summary"] == (
        f"海津市发展和改革委员会在监督抽查{sample['number']}中随机抽中了一次对您的信息的查看，通过网站核查了"
        "由谁查看、何时查看、依据和范围；没有显示您的身份和信息内容。"
    )
    again = (await town.data("supervisor-1", _LIST))["oversight"]["samples"]["edges"][0]["node"]
    assert [item["readAt"] is not None for item in again["items"]] == [True, False]
    # A month of working days later it is read no more, and who tried is in the trail.
    async with town.house.database.writing() as unit:
        await unit.run(supervision_sample.update().values(until=datetime.now(UTC)))
    refused = await _read(town, sample["items"][1]["id"])
    assert (refused["data"], refused.code) == (None, "SAMPLE_OVER")
    assert "未获准许" in (await _told(town))[0]["summary"]


async def test_another_departments_drawn_look_is_as_absent_as_a_made_up_one(town: Town) -> None:
    await _worked(town)
    theirs = await _drawn(town)
    before = await stored(town)
    refused = await _read(town, theirs["items"][0]["id"], "supervisor-2")
    absent = await _read(town, "smi_made_up", "supervisor-2")
    assert refused.code == absent.code == "NOT_AVAILABLE"
    assert refused.response.content == absent.response.content
    assert (await town.data("supervisor-2", _LIST))["oversight"]["samples"]["edges"] == []
    assert await _told(town) == [], "whose look it was is not the other department's to name"
    assert (
        await town.count("SELECT count(*) FROM access WHERE basis = 'SUPERVISION_SAMPLE' AND refused IS NOT NULL") == 2
    )
    assert await stored(town) == before
    # The city's work is not the district's: there is nothing to draw from.
    sample = await _drawn(town, by="supervisor-2")
    assert (sample["state"], sample["population"], sample["items"]) == ("DRAWN", 0, [])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"size": 0}, "OUT_OF_RANGE"),
        ({"size": 21}, "OUT_OF_RANGE"),
        ({"reason": " "}, "LENGTH"),
        ({"month": "2026-13"}, "MONTH_FORMAT"),
        ({"month": "2199-01"}, "MONTH_NOT_OVER"),
    ],
)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_what_is_asked_for_has_bounds(town: Town, changed: dict[str, Any], code: str) -> None:
    refused = await _request(town, **changed)
    assert (refused["code"], refused["details"][0]["code"]) == ("INVALID_INPUT", code)
    assert await town.count("SELECT count(*) FROM supervision_sample") == 0


@pytest.mark.parametrize("persona", ["handler-1", "approver-1", "citizen-1", "agency-1"])
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_nobody_else_draws_or_reads(town: Town, persona: str) -> None:
    asking = """mutation { sampleRequest(input: {work: COUNTER, month: "2026-01", size: 1, reason: "x",
      idempotencyKey: "k"}) { __typename } }"""
    assert (await town.ask(persona, asking)).status == 403
    assert (await _read(town, "smi_x", persona)).status == 403


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_so_many_in_a_quarter_however_many_ask_at_once(town: Town) -> None:
    asked = await asyncio.gather(*(_request(town, key=f"k{n}") for n in range(MOST_IN_A_QUARTER + 3)))
    assert [one.get("code") for one in asked].count("SAMPLES_SPENT") == 3
    assert await town.count("SELECT count(*) FROM supervision_sample") == MOST_IN_A_QUARTER
    assert "sample" in await _request(town, by="supervisor-2"), "each department has its own"
