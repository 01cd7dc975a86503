"""Samples of answered cases (Art. 4): the lot draws them by number, and whose each is hears that it was read."""

import hashlib
from collections import Counter
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from audit import tree
from audit.tiles import Tile
from core.moments import day_of
from objections.tables import objection
from oversight.supervision.samples import Drawer
from oversight.supervision.tables import supervision_sample
from tests.harness import counting
from tests.harness.callers import Answered, Town
from tests.harness.everything import stored
from tests.harness.sealing import seal

_FIELDS = "id number state work seedPosition population populationHash items { id } cases { id number readAt }"
_LIST = f"{{ oversight {{ samples {{ edges {{ node {{ {_FIELDS} }} }} }} }} }}"
_CASE = """query($i: ID!) { sampledCase(query: {itemId: $i}) { lookId sampleNumber number target outcome filedAt dueOn
  late answeredAt institution { name } decidedBy approvedBy steps { act } } }"""
_TRAIL = """{ me { accessHistory(first: 9, bases: [SUPERVISION_SAMPLE]) { edges { node {
  id summary caseNumber fields } } } } }"""


async def _answered(town: Town, *, district: str | None = None) -> tuple[str, list[str]]:
    """A city's and two districts' work of 2020; of one area, the busiest month and the numbers answered in it."""
    work = counting.drawn(Random(7), most=30)
    async with town.house.database.writing() as unit:
        await work.enter(unit)
        mine = await unit.first(text("SELECT subject_id FROM identity_link WHERE name = 'citizen-4'"))
        assert mine is not None
        drawn = [row["id"] for row in work.of(objection)]
        await unit.run(objection.update().where(objection.c.id.in_(drawn)).values(subject_id=mine.subject_id))
    closed = [
        (f"{day_of(row['ended_at']):%Y-%m}", row["number"])
        for row in work.of(objection)
        if row["status"] == "CLOSED" and row["addressee"] == "CREDIT_INSTITUTION"
        if district is None or row["district"] == district
    ]
    month = Counter(month for month, _ in closed).most_common(1)[0][0]
    return month, sorted(number for there, number in closed if there == month)


async def _drawn(town: Town, month: str, by: str = "supervisor-1") -> Any:
    """A sample of two of the month's cases, once the log has gone on."""
    given = {"work": "CASE", "month": month, "size": 2, "reason": "核查办理质量", "idempotencyKey": "k"}
    made = await town.act(by, "sampleRequest", given, f"sample {{ {_FIELDS} }}")
    assert (made["sample"]["state"], made["sample"]["cases"]) == ("WAITING", [])
    await town.data("citizen-1", "{ me { records(first: 1) { edges { node { id } } } } }")
    await seal(town.house)
    await Drawer(town.house.database).run_once(datetime.now(UTC))
    return (await town.data(by, _LIST))["oversight"]["samples"]["edges"][0]["node"]


async def _read(town: Town, item_id: str, by: str = "supervisor-1") -> Answered:
    return await town.ask(by, _CASE, {"i": item_id})


async def _told(town: Town) -> list[Any]:
    return [edge["node"] for edge in (await town.data("citizen-4", _TRAIL))["me"]["accessHistory"]["edges"]]


async def test_the_lot_draws_numbers_and_anybody_draws_the_same(town: Town) -> None:
    month, numbers = await _answered(town)
    sample = await _drawn(town, month)
    assert (sample["state"], sample["population"], sample["items"]) == ("DRAWN", len(numbers), [])
    assert sample["populationHash"] == hashlib.sha256("".join(f"{one}\n" for one in numbers).encode()).hexdigest()
    # By hand, from the public tile.
    async with town.house.database.reading() as unit:
        tile = Tile(0, 0, sample["seedPosition"])
        leaf = (await tree.tiles(unit, [tile]))[tile][-32:]
    seed = hashlib.sha256(leaf + sample["id"].encode()).digest()
    least = sorted(numbers, key=lambda one: hashlib.sha256(seed + one.encode()).digest())[:2]
    assert [case["number"] for case in sample["cases"]] == least
    before = await stored(town)
    await Drawer(town.house.database).run_once(datetime.now(UTC))
    assert await stored(town) == before


async def test_a_drawn_case_shows_how_it_was_handled_and_whose_it_is_reads_that_it_was_read(town: Town) -> None:
    month, _ = await _answered(town)
    sample = await _drawn(town, month)
    assert await _told(town) == [], "drawing looks at nobody"
    item = sample["cases"][0]
    case = (await _read(town, item["id"]))["data"]["sampledCase"]
    assert (case["number"], case["sampleNumber"]) == (item["number"], sample["number"])
    async with town.house.database.reading() as unit:
        row = await unit.first(objection.select().where(objection.c.number == item["number"]))
    assert row is not None
    assert (case["outcome"], case["late"]) == (row.outcome, row.due_at <= row.notified_at)
    lines = await _told(town)
    assert [(line["id"], line["caseNumber"]) for line in lines] == [(case["lookId"], sample["number"])]
    assert lines[0]["summary"] == (
        f"海津市发展和改革委员会在监督抽查{sample['number']}中随机抽中了您的一件异议申请，通过网站核查了由谁办理、"
        "何时办理和办理结果；没有显示您的身份和异议内容。"
    )
    assert not [field for field in lines[0]["fields"] if field.endswith((".text", ".reason", ".subject"))]
    async with town.house.database.writing() as unit:
        await unit.run(supervision_sample.update().values(until=datetime.now(UTC)))
    refused = await _read(town, sample["cases"][1]["id"])
    assert (refused["data"], refused.code) == (None, "SAMPLE_OVER")
    assert "未获准许" in (await _told(town))[0]["summary"]


async def test_a_district_draws_its_own_cases_and_anothers_are_absent(town: Town) -> None:
    month, theirs = await _answered(town, district="129901")
    sample = await _drawn(town, month, by="supervisor-2")
    assert sample["population"] == len(theirs)
    assert {case["number"] for case in sample["cases"]} <= set(theirs)
    before = await stored(town)
    refused = await _read(town, sample["cases"][0]["id"])
    absent = await _read(town, "smc_nobody")
    assert refused.code == absent.code == "NOT_AVAILABLE"
    assert refused.response.content == absent.response.content
    assert await _told(town) == [], "whose case it is, is not the other department's to name"
    assert await stored(town) == before


@pytest.mark.parametrize("persona", ["handler-1", "approver-1", "citizen-4", "agency-1"])
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_nobody_else_reads_one(town: Town, persona: str) -> None:
    assert (await _read(town, "smc_x", persona)).status == 403
