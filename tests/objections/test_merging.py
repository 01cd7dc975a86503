"""Two subjects are one while what both had is contested: the case goes on, and no mark outlives it."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from audit.lens import Audience, BasisKind, Lens
from core.ids import new_id
from core.moments import rfc3339
from core.moving import Merger
from credit import fusing
from credit.tables import evaluation, score
from objections import merging as cases
from objections import withdrawing
from objections.tables import objection
from tests.harness import contesting, merging, objecting
from tests.harness.callers import Town
from tests.harness.contesting import marks_of
from tests.harness.merging import SECOND

_WITHDRAW = """mutation($i: ObjectionChangeInput!) { objectionWithdraw(input: $i) {
  ... on ObjectionWithdrawPayload { objection { status } } } }"""
_SAME = "SELECT id FROM record WHERE document_number = '同一号' AND subject_id = :s"


async def _record(town: Town, subject_id: str) -> str:
    async with town.house.database.reading() as unit:
        row = await unit.first(text(_SAME), {"s": subject_id})
    assert row is not None
    return str(row.id)


@pytest.mark.parametrize("who_files", [(SECOND,), ("citizen-1",), ("citizen-1", SECOND)])
async def test_a_contested_record_that_both_had(town: Town, tmp_path: Path, who_files: tuple[str, ...]) -> None:
    pair = await merging.pair(town, tmp_path)
    for number in (pair.kept_number, pair.absorbed_number):
        await merging.fined(town, tmp_path, pair, number, "同一号")
    had = {"citizen-1": await _record(town, pair.kept), SECOND: await _record(town, pair.absorbed)}
    for persona in who_files:
        made = await contesting.file(town, persona, key=persona, targetId=had[persona])
        assert made["objection"]["status"] == "FILED", made
    await merging.merge(town, tmp_path, pair)
    stands = await _record(town, pair.kept)
    assert len(await marks_of(town, stands)) == len(who_files), "each keeps its own"
    cases = await contesting.mine(town, "citizen-1")
    assert len(cases) == len(who_files)
    assert stands in {case["targetId"] for case in cases}
    for done, case in enumerate(cases, 1):
        said = {"objectionId": case["id"], "expectedVersion": case["version"]}
        over = await town.data("citizen-1", _WITHDRAW, {"i": said})
        assert over["objectionWithdraw"]["objection"]["status"] == "WITHDRAWN"
        assert len(await marks_of(town, stands)) == len(who_files) - done, "and lifts it"
    assert [await marks_of(town, one) for one in had.values()] == [[], []]
    again = await contesting.file(town, "citizen-1", key=f"again {datetime.now(UTC)}", targetId=stands)
    assert (again["joined"], len(await marks_of(town, stands))) == (False, 1)


_ONE_OF_EACH = {"SCORE": score, "EVALUATION": evaluation}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("target", sorted(_ONE_OF_EACH))
@pytest.mark.parametrize("who_files", [("absorbed",), ("kept",), ("absorbed", "kept")])
async def test_a_contested_score_and_evaluation_are_the_ones_of_who_goes_on(
    town: Town, target: str, who_files: tuple[str, ...]
) -> None:
    """Filed at one instant, so that two marks read the same: each case lifts one."""
    now = datetime.now(UTC)
    ids = await _two(town)
    merger = Merger("mrg_1", ids["absorbed"], ids["kept"], now)
    async with town.house.database.writing() as unit:
        for side, subject_id in ids.items():
            marks = [rfc3339(now)] if side in who_files else []
            await unit.run(_ONE_OF_EACH[target].insert().values(_value(target, subject_id, marks)))
    filed = {side: await _case(town, target, ids[side], now) for side in who_files}
    over = await _case(town, target, ids["absorbed"], now, ended=True)
    async with town.house.database.writing() as unit:
        await (fusing.move_score if target == "SCORE" else fusing.move_evaluation)(unit, merger)
        await cases.move(unit, merger, [])
    rows = {side: await objecting.row(town, id_) for side, id_ in filed.items()}
    assert {row.subject_id for row in rows.values()} == {ids["kept"]}
    named = {row.target_id for side, row in rows.items() if side == "kept" or len(who_files) == 1}
    assert named == {ids["kept"]}, "it is found where a second filing looks for it"
    assert (await objecting.row(town, over)).target_id == ids["kept"], "who decided it does not hear the next one"
    assert len(await _marks(town, target, ids["kept"])) == len(who_files)
    for number, row in enumerate(rows.values(), start=1):
        lens = Lens(Audience.SUBJECT, BasisKind.SELF, ids["kept"])
        async with town.house.database.writing() as unit:
            assert await withdrawing.withdraw(unit, lens, row.id, expected=row.version, at=datetime.now(UTC))
        assert len(await _marks(town, target, ids["kept"])) == len(who_files) - number


async def _two(town: Town) -> dict[str, str]:
    """Two people of whom nothing is known."""
    free = "id NOT IN (SELECT subject_id FROM score) AND id NOT IN (SELECT subject_id FROM evaluation)"
    nobody = f"SELECT id FROM subject WHERE {free} ORDER BY id LIMIT 2"
    async with town.house.database.reading() as unit:
        first, second = await unit.all(text(nobody))
    return {"absorbed": first.id, "kept": second.id}


def _value(target: str, subject_id: str, marks: list[str]) -> dict[str, object]:
    now = datetime.now(UTC)
    if target == "SCORE":
        opened = {"opened_at": now, "computed_at": now, "notice_hash": "x", "model_version": "demo-1"}
        return {"subject_id": subject_id, "status": "OPEN", "version": 1, "value": 600, "tier": 2, "factors": [],
                "marks": marks, **opened}  # fmt: skip
    days = {"assessed_on": date(2026, 1, 1), "valid_until": date(2030, 1, 1), "recorded_at": now}
    return {"subject_id": subject_id, "version": 1, "grade": "B", "basis": "x", "source_id": "prt_0",
            "source_name": "x", "marks": marks, **days}  # fmt: skip


async def _case(town: Town, target: str, subject_id: str, at: datetime, *, ended: bool = False) -> str:
    """A case of one of the two, as if it had been filed then."""
    like = await objecting.row(town, await objecting.filed(town, "citizen-5"))
    fresh = {**like._asdict(), "id": new_id("obj"), "number": new_id("YY")[:20], "subject_id": subject_id}
    fresh |= {"target": target, "target_id": subject_id, "filed_at": at, "filed_by": subject_id}
    fresh |= {"status": "WITHDRAWN", "ended_at": at} if ended else {}
    async with town.house.database.writing() as unit:
        await unit.run(objection.insert().values(fresh))
    return str(fresh["id"])


async def _marks(town: Town, target: str, subject_id: str) -> list[str]:
    table = _ONE_OF_EACH[target]
    async with town.house.database.reading() as unit:
        row = await unit.first(table.select().where(table.c.subject_id == subject_id))
    assert row is not None
    return list(row.marks)
