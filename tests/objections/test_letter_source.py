"""What a letter says of where the information is from, and of what was done, by what is contested and what came of it.

A case is decided nowhere here: what is previewed is what the letter says (`test_letters`).
"""

from typing import Any

import pytest
from sqlalchemy import text

from api import clock
from objections import letters, wording
from objections.kinds import ObjectionAddressee, ObjectionGround, ObjectionOutcome, ObjectionRequest, ObjectionTarget
from tests.harness import clocks, contesting, objecting
from tests.harness.callers import Town
from tests.harness.objecting import filed

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_NOT_SHOWN = "不向本机构显示"
_MISSING = {
    "target": ObjectionTarget.MISSING_RECORD,
    "ground": ObjectionGround.OMISSION,
    "request": ObjectionRequest.ADD,
    "described": "2025年优秀志愿者",
}


async def _one(town: Town, query: str, **given: str) -> str:
    async with town.house.database.reading() as unit:
        row = await unit.first(text(query), given)
    assert row is not None
    return str(row[0])


async def _sections(town: Town, case_id: str, outcome: ObjectionOutcome) -> dict[str, str]:
    """A letter's sections by their titles, without numerals."""
    row = await objecting.row(town, case_id)
    async with town.house.database.reading() as unit:
        told = await letters.preview(unit, row, outcome, "经核对。", at=clock.now())
    return {title.partition("、")[2]: "".join(said) for title, said in wording.letter_of(told).sections}


async def test_a_letter_names_who_sent_it_or_says_truly_that_nobody_did(town: Town) -> None:
    agency = await town.party("示例信用服务")
    to = {"addressee": ObjectionAddressee.CREDIT_SERVICE_AGENCY, "addressee_id": agency}
    record = await filed(town)
    sent_by = "SELECT source_name FROM record WHERE id = :i"
    of_record = await _one(town, sent_by, i=(await objecting.row(town, record)).target_id)
    to_agency, score = await filed(town, **to), await filed(town, "citizen-2", target=ObjectionTarget.SCORE)
    look = "SELECT a.id FROM access a JOIN identity_link l ON l.subject_id = a.subject_id WHERE l.name = 'citizen-1'"
    stop = {"target_id": await _one(town, look), "request": ObjectionRequest.STOP_USE}
    access = await filed(town, "citizen-1", target=ObjectionTarget.ACCESS, **stop)
    missing = await clocks.opened(town, clock.now(), "citizen-6", **_MISSING)
    unasked = {outcome: await _sections(town, missing, outcome) for outcome in ObjectionOutcome}
    await clocks.forwarded(town, missing, clock.now())
    of_missing = await _one(town, "SELECT p.name FROM party p JOIN objection o ON o.provider_id = p.id WHERE o.id = :i",
                            i=missing)  # fmt: skip
    made = await contesting.file(town, "company-1-legal", target="EVALUATION", targetId=None)
    graded = made["objection"]["id"]
    of_grade = await _one(town, "SELECT e.source_name FROM evaluation e JOIN objection o ON o.subject_id = e.subject_id"
                          " WHERE o.id = :i", i=graded)  # fmt: skip
    rows: list[tuple[str, Any]] = [
        (record, lambda _: of_record),
        (to_agency, lambda _: of_record),
        (missing, lambda outcome: of_missing if outcome is ObjectionOutcome.ADDED else "没有补入"),
        (graded, lambda _: of_grade),
        (score, lambda _: "由评分模型"),
        (access, lambda _: "自动形成"),
    ]
    for case_id, source in rows:
        for outcome in ObjectionOutcome:
            said = await _sections(town, case_id, outcome)
            assert source(outcome) in said["信息来源"], (case_id, outcome)
            assert "本机构在管理" not in said["信息来源"]
            anew = (case_id, outcome) == (score, ObjectionOutcome.CORRECTED)
            assert ("重新计算" in said["处理结果"], "已经更正" in said["处理结果"]) == (
                anew,
                outcome is ObjectionOutcome.CORRECTED and not anew,
            ), "nobody says that a score is another one now"
    assert all("没有补入" in said["信息来源"] for said in unasked.values()), "nobody is named who was not asked"
    async with town.house.database.writing() as unit:
        hidden = "UPDATE record SET status = 'WITHDRAWN', withdrawal = 'REVOKED' WHERE source_name = :n"
        await unit.run(text(hidden), {"n": of_record})
    for outcome in ObjectionOutcome:
        assert of_record in (await _sections(town, record, outcome))["信息来源"]
        said = (await _sections(town, to_agency, outcome))["信息来源"]
        assert _NOT_SHOWN in said
        assert of_record not in said, "an agency hears nothing of what it is not shown"
