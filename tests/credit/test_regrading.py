"""依据已变更, 待重新评价: an evaluation says that what it rests on was changed, until one made since is sent."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from api import clock
from api.demo import story
from core.moments import day_of
from credit import regrading
from credit.regrading import Changed
from intake import layouts
from tests.harness import contesting, objecting, organs, reporting
from tests.harness.callers import Town
from tests.harness.city import SEED
from tests.harness.everything import stored
from tests.harness.provider_files import counts, load, write

_COMPANY = story.organisation(story.COMPANY, SEED)
_OWN = "{ me { evaluation { grade assessedOn basisChangedAt } } }"
_TASKS = """{ provider { evaluationsToRenew { edges { node {
  grade assessedOn basisChangedAt uscc subject { name } } } } } }"""
_TOLD = "SELECT count(*) FROM outbox WHERE kind = :k AND about = :s"
_DAY, _AT = date(2026, 6, 1), datetime(2026, 6, 1, 2, tzinfo=UTC)
_CASES: list[tuple[str, dict[str, Any], Changed, bool]] = [
    ("the record is of the day of assessment, and changed on it", {}, Changed(_DAY, _AT), True),
    ("of a day before, and changed later", {}, Changed(_DAY - timedelta(1), _AT + timedelta(99)), True),
    ("of a day after: nobody could have counted it", {}, Changed(_DAY + timedelta(1), _AT + timedelta(9)), False),
    ("changed before: it was counted as it is", {}, Changed(_DAY - timedelta(9), _AT - timedelta(1)), False),
    (
        "changed at 23:59 the day before",
        {},
        Changed(_DAY, datetime(2026, 5, 31, 15, 59, tzinfo=UTC)),
        False,
    ),
    ("changed at 00:00 on the day", {}, Changed(_DAY, datetime(2026, 5, 31, 16, tzinfo=UTC)), True),
    ("of the other of two merged subjects", {"strand": "a"}, Changed(_DAY, _AT, "b"), False),
    ("of the same one", {"strand": "a"}, Changed(_DAY, _AT, "a"), True),
    ("entered since the merge", {"strand": "a"}, Changed(_DAY, _AT), True),
]


@pytest.mark.parametrize(("_name", "row", "change", "rests"), _CASES, ids=[case[0] for case in _CASES])
def test_what_an_evaluation_rests_on(_name: str, row: dict[str, Any], change: Changed, rests: bool) -> None:
    assert regrading.rests(SimpleNamespace(**{"assessed_on": _DAY, "strand": None, **row}), change) is rests


async def _evaluation(town: Town) -> dict[str, Any]:
    return dict((await town.data("company-1-legal", _OWN))["me"]["evaluation"])


async def _tasks(town: Town) -> list[dict[str, Any]]:
    found = await town.data("provider-1", _TASKS)
    return [edge["node"] for edge in found["provider"]["evaluationsToRenew"]["edges"]]


async def _assessed(town: Town, folder: Path, day: date, grade: str) -> tuple[int, int, int, int]:
    row = {
        "主体名称": _COMPANY.name,
        layouts.IDENTITY_TYPE: "统一社会信用代码",
        layouts.IDENTITY_NUMBER: _COMPANY.number,
        "评价等级": grade,
        "评价依据": "示例指标",
        "评价日期": str(day),
        "有效期至": str(day + timedelta(days=300)),
    }
    path = write(folder / f"{day}-{grade}.csv", layouts.EVALUATION, [row])
    return counts(await load(town.house, path, "HUB", now=clock.now))


async def test_a_deletion_marks_the_evaluation_until_it_is_made_anew(town: Town, tmp_path: Path) -> None:
    """On both databases: the row, its subject, a report from before, the source's desk, and the end of it."""
    before, subject_id = await _evaluation(town), await contesting.subject_of(town, "company-1-legal")
    assert (before["basisChangedAt"], await _tasks(town)) == (None, [])
    report = await reporting.issued(town, "company-1-legal", "before")
    record_id = await _old_record(town, subject_id)
    made = await contesting.file(town, "company-1-legal", targetId=record_id)
    case_id = made["objection"]["id"]
    await objecting.opened(town, case_id)
    assert (await objecting.decided(town, case_id, "DELETED"))["case"]["status"] == "CLOSED"

    marked = await _evaluation(town)
    assert marked["basisChangedAt"] is not None
    assert {**marked, "basisChangedAt": None} == before, "nobody here grades anew"
    assert (await reporting.check(town, report["number"], report["code"]))["state"] == "SUPERSEDED"
    again = (await reporting.issued(town, "company-1-legal", "after"))["said"]["evaluation"]
    assert again["basisChangedAt"] == marked["basisChangedAt"]
    assert await town.count(_TOLD, k="EVALUATION_BASIS_CHANGED", s=subject_id) == 1
    assert await town.count(_TOLD, k="EVALUATION_TO_RENEW", s=subject_id) == 1
    notices = await town.data("company-1-legal", "{ me { notices(first: 9) { edges { node { kind message } } } } }")
    texts = {edge["node"]["kind"]: edge["node"]["message"] for edge in notices["me"]["notices"]["edges"]}
    assert "依据已变更，待重新评价" in texts["EVALUATION_BASIS_CHANGED"]

    assert await _tasks(town) == [], "it is another provider's"
    await objecting.work_for(town, await _source(town, subject_id))
    (task,) = await _tasks(town)
    assert task == {**marked, "uscc": _COMPANY.number, "subject": {"name": _COMPANY.name}}
    line = next(one for one in await organs.trail(town, "company-1-legal") if "重新评价" in one["summary"])
    assert (line["basis"], line["recordCount"]) == ("OBJECTION", 0)

    today, kept = day_of(clock.now()), await stored(town)
    assert await _assessed(town, tmp_path, date.fromisoformat(before["assessedOn"]), before["grade"]) != (0, 0, 0, 1)
    assert (await _evaluation(town))["basisChangedAt"] == marked["basisChangedAt"], "words about the same day"
    assert await _assessed(town, tmp_path, today - timedelta(days=1), "B") == (0, 1, 0, 0)
    assert (await _evaluation(town))["basisChangedAt"] == marked["basisChangedAt"], "made before the change"
    assert await _assessed(town, tmp_path, today, "A") == (0, 1, 0, 0)
    assert (await _evaluation(town)) == {"grade": "A", "assessedOn": str(today), "basisChangedAt": None}
    assert (await _tasks(town), kept != await stored(town)) == ([], True)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("change", ["over", "taken out", "refused"])
async def test_what_holds_no_more_and_what_is_refused_mark_nothing(town: Town, change: str) -> None:
    subject_id = await contesting.subject_of(town, "company-1-legal")
    record_id = await _old_record(town, subject_id)
    over = {"over": "valid_until = assessed_on", "taken out": "withdrawn_at = recorded_at"}.get(change)
    if over:
        async with town.house.database.writing() as unit:
            await unit.run(text(f"UPDATE evaluation SET {over} WHERE subject_id = :s"), {"s": subject_id})
    made = await contesting.file(town, "company-1-legal", targetId=record_id)
    await objecting.opened(town, made["objection"]["id"])
    outcome = "NOT_CORRECTED" if change == "refused" else "DELETED"
    await objecting.decided(town, made["objection"]["id"], outcome)
    assert await town.count("SELECT count(*) FROM evaluation WHERE basis_changed_at IS NOT NULL") == 0
    assert await town.count("SELECT count(*) FROM outbox WHERE kind LIKE 'EVALUATION_%'") == 0


async def _old_record(town: Town, subject_id: str) -> str:
    """A current record of the subject's, of a day before its evaluation."""
    query = """SELECT r.id FROM record r JOIN evaluation e ON e.subject_id = r.subject_id
      WHERE r.subject_id = :s AND r.sorted_on <= e.assessed_on AND r.status = 'CURRENT'
      AND CAST(r.marks AS TEXT) = '[]' ORDER BY r.id"""
    async with town.house.database.reading() as unit:
        found = await unit.first(text(query), {"s": subject_id})
    assert found is not None
    return str(found.id)


async def _source(town: Town, subject_id: str) -> str:
    async with town.house.database.reading() as unit:
        found = await unit.first(text("SELECT source_id FROM evaluation WHERE subject_id = :s"), {"s": subject_id})
    assert found is not None
    return str(found.source_id)
