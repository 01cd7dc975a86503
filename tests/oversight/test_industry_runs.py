"""A department's model simulated, set live and run (Art. 9): what it comes to, what is kept of it, who sees it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from api.clock import now
from core.database import metadata
from credit.marks import rfc3339
from oversight.industry import running, runs
from oversight.industry.tables import industry_run
from tests.harness import industries
from tests.harness.callers import Town
from tests.harness.everything import stored
from tests.harness.industries import asked, brought, carried, classes, does, expected, live, results, subject_of
from tests.harness.scale import scaled

_MANY = 120
_RUN = """query($id: ID!) { industry { run(id: $id) { state done population digest finishedAt asker { label }
  counts { indicator code many } } } }"""


async def _run(town: Town, run_id: str) -> dict[str, Any]:
    found: dict[str, Any] = (await town.data("industry-1", _RUN, {"id": run_id}))["industry"]["run"]
    return found


async def test_the_same_organisations_by_another_sheet_are_counted_alike(town: Town) -> None:
    """Or the lots of two answers would tell more than one does."""
    await industries.settle(town, _MANY, at=industries.earlier(60))
    model, counts = await industries.reviewed(town), []
    for number in ("2026-11", "2026-12", "2027-01"):
        sheet_id = await industries.taken(town, model, _MANY, number)
        run = (await asked(town, "industrySimulate", model, sheet_id, key=number))["run"]
        await carried(town)
        counts.append((await _run(town, run["id"]))["counts"])
    assert counts[0]
    assert counts == counts[:1] * 3


async def test_a_department_is_told_counts_so_often_in_a_month(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "MOST_IN_A_MONTH", 2)
    await industries.settle(town, _MANY, at=industries.earlier(60))
    model = await industries.reviewed(town)
    sheet_id = await industries.taken(town, model, _MANY)
    for n in range(2):
        assert (await asked(town, "industrySimulate", model, sheet_id, key=str(n)))["run"]
        await carried(town)
    before = await stored(town)
    refused = await asked(town, "industrySimulate", model, sheet_id, key="one more")
    assert (refused["code"], await stored(town)) == ("RUNS_SPENT", before)
    async with town.house.database.writing() as unit:
        first = select(industry_run.c.id).order_by(industry_run.c.asked_at).limit(1).scalar_subquery()
        long_ago = dict.fromkeys(("asked_at", "as_of"), now() - runs.MONTH)
        await unit.run(industry_run.update().where(industry_run.c.id == first).values(long_ago))
    assert (await asked(town, "industrySimulate", model, sheet_id, key="a month later"))["run"]


async def test_a_model_is_simulated_set_live_by_another_and_run(town: Town) -> None:
    await industries.settle(town, _MANY, at=industries.earlier(60))
    model = await industries.reviewed(town)
    sheet_id = await industries.taken(town, model, _MANY)
    # Nobody sets live what was not simulated, and nobody runs what is not live.
    assert (await does(town, "industry-2", "industryModelGoLive", model))["code"] == "NOT_SIMULATED"
    assert (await asked(town, "industryRunStart", model, sheet_id, key="early"))["code"] == "WRONG_STATE"
    simulation = (await asked(town, "industrySimulate", model, sheet_id))["run"]
    assert (await asked(town, "industrySimulate", model, sheet_id, key="2"))["code"] == "RUN_UNDERWAY"
    assert (await does(town, "industry-2", "industryModelGoLive", model))["code"] == "NOT_SIMULATED"
    looks = await town.count("SELECT count(*) FROM access WHERE purpose = 'INDUSTRY_EVALUATION'")
    await carried(town)
    found = await _run(town, simulation["id"])
    assert (found["state"], found["done"]) == ("DONE", _MANY)
    for one in found["counts"]:
        assert one["many"] is None or (one["many"] >= 10 and one["many"] % 5 == 0)
    # Nothing but counts: no result, and no look at anybody.
    assert await town.count("SELECT count(*) FROM industry_result") == looks == 0
    assert await town.count("SELECT count(*) FROM access WHERE purpose = 'INDUSTRY_EVALUATION'") == 0
    assert (await does(town, "industry-1", "industryModelGoLive", model))["code"] == "SECOND_PERSON"
    set_live = (await does(town, "industry-2", "industryModelGoLive", model))["model"]
    assert (set_live["state"], set_live["simulationId"]) == ("LIVE", simulation["id"])
    run = (await asked(town, "industryRunStart", set_live, sheet_id))["run"]
    assert (await asked(town, "industryRunStart", set_live, sheet_id))["replayed"]
    await carried(town)
    said = await _run(town, run["id"])
    assert (said["state"], said["done"], said["asker"]["label"]) == ("DONE", _MANY, "行业评价复核人")
    # What is said of a run is said as of a simulation: small numbers are withheld, the others rounded.
    told = {one["code"]: one["many"] for one in said["counts"] if one["indicator"] is None}
    assert said["counts"] == found["counts"]
    assert all(many is None or abs(many - classes(_MANY)[code]) < 5 for code, many in told.items())
    made = await results(town, run["id"])
    assert [row[:4] for row in made] == [(subject_of(n), *expected(n)) for n in range(_MANY)]
    for row in made:
        assert sum(factor["contribution"] for factor in row[4]) == row[2]
        assert [factor["indicator"] for factor in row[4]] == ["GRADE", "PENALTIES", "STORES", "LEVEL"]
    assert any(row[3] for row in made)
    assert {factor["reason"] for row in made for factor in row[4]} >= {
        "GRADE_MISSING",
        "STORES_MISSING",
        "SOME",
        "FIRST",
    }
    # Each organisation's trail has one line of it, without an officer's name.
    lines = await _lines(town)
    assert sorted(row.subject_id for row in lines) == [subject_of(n) for n in range(_MANY)]
    assert {(row.basis, row.case_number, row.officer_id) for row in lines} == {("INDUSTRY", run["number"], None)}


async def _lines(town: Town) -> Any:
    access = metadata.tables["access"]
    async with town.house.database.reading() as unit:
        return await unit.all(access.select().where(access.c.purpose == running.PURPOSE))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_company_reads_one_line_of_a_run_in_its_trail(town: Town) -> None:
    query = '{ published(query: {name: "海津示例餐饮管理有限公司"}) { uscc } }'
    code = (await town.data(None, query))["published"]["uscc"]
    model = await industries.reviewed(town)
    data = f"统一社会信用代码,STORES,LEVEL\n{code},12,甲\n".encode()
    sheet_id = (await brought(town, model, data))["sheet"]["id"]
    await industries.read(town)
    trail = "{ me { accessHistory(first: 5) { edges { node { basis summary caseNumber actor { name } } } } } }"
    before = (await town.data("company-1-legal", trail))["me"]["accessHistory"]["edges"]
    await asked(town, "industrySimulate", model, sheet_id)
    await carried(town)
    set_live = (await does(town, "industry-2", "industryModelGoLive", model))["model"]
    run = (await asked(town, "industryRunStart", set_live, sheet_id))["run"]
    await carried(town)
    after = (await town.data("company-1-legal", trail))["me"]["accessHistory"]["edges"]
    new = [one["node"] for one in after if one not in before]
    assert [(one["basis"], one["caseNumber"]) for one in new] == [("INDUSTRY", run["number"])]
    assert "行业信用评价" in new[0]["summary"]
    assert "工作人员没有看到记录内容" in new[0]["summary"]


class _Killed(BaseException):
    """As a kill, in this process."""


_STEPS = (
    "oversight.industry.running:_next",
    "oversight.industry.running:_move",
    "credit.surveying:held",
    "credit.surveying:standings",
    "oversight.industry.running:_looks",
    "audit.log:Log.append",
    "oversight.industry.running:_count",
)


@pytest.mark.parametrize("step", _STEPS)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_killed_at_any_step_and_resumed_gives_the_same(
    town: Town, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "AT_ONCE", 7)
    await industries.settle(town, 50, at=industries.earlier(60))
    model, sheet_id = await live(town, 50)
    as_of = now()
    whole = (await asked(town, "industryRunStart", model, sheet_id, as_of=as_of))["run"]
    await carried(town)
    again = (await asked(town, "industryRunStart", model, sheet_id, as_of=as_of, key="again"))["run"]
    for call in (1, 2, 3):
        with monkeypatch.context() as patch:
            _plant(patch, step, call)
            with pytest.raises(_Killed):
                await carried(town)
        await carried(town, stretches=1)
    await carried(town)
    assert await results(town, again["id"]) == await results(town, whole["id"])
    said, twin = await _run(town, again["id"]), await _run(town, whole["id"])
    assert (said["digest"], said["counts"], said["done"]) == (twin["digest"], twin["counts"], 50)
    looks = "SELECT count(*) FROM access WHERE case_number = :number"
    assert await town.count(looks, number=again["number"]) == 50


def _plant(patch: pytest.MonkeyPatch, step: str, call: int) -> None:
    """Die after the call of this number, or after the last one that there is."""
    from tests.harness.killing import Step

    owner, name, original = Step.parse(f"after {step}").find()
    calls = 0

    async def deadly(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        found = await original(*arguments, **named)
        calls += 1
        if calls == call:
            raise _Killed
        return found

    patch.setattr(owner, name, deadly)


async def test_what_changes_after_the_instant_changes_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of it is done; then records end, are contested and corrected, evaluations are replaced and withdrawn."""
    monkeypatch.setattr(running, "AT_ONCE", 10)
    await industries.settle(town, 40, at=industries.earlier(60))
    model, sheet_id = await live(town, 40)
    as_of = now()
    whole = (await asked(town, "industryRunStart", model, sheet_id, as_of=as_of))["run"]
    await carried(town)
    again = (await asked(town, "industryRunStart", model, sheet_id, as_of=as_of, key="again"))["run"]
    await carried(town, stretches=2)
    await _everything_changes(town)
    await carried(town)
    assert await results(town, again["id"]) == await results(town, whole["id"])
    assert (await _run(town, again["id"]))["digest"] == (await _run(town, whole["id"]))["digest"]
    # And a run of now finds what has changed: no penalty, no evaluation that holds but a contested B.
    later = (await asked(town, "industryRunStart", model, sheet_id, key="later"))["run"]
    await carried(town)
    for _, _, _, _, factors in await results(town, later["id"]):
        reasons = {one["indicator"]: (one["reason"], one["contested"]) for one in factors}
        assert reasons["GRADE"] in (("GRADE_B", True), ("GRADE_MISSING", False))
        assert reasons["PENALTIES"][0] == "NONE"


async def _everything_changes(town: Town) -> None:
    from credit import evaluation as evaluations
    from credit import versions

    record, evaluation = metadata.tables["record"], metadata.tables["evaluation"]
    at = now()
    async with town.house.database.writing() as unit:
        mine = record.c.source_id == "src_industry"
        for place, row in enumerate(await unit.all(record.select().where(mine))):
            values = ({"status": "ENDED"}, {"status": "REPAIRED"}, {"sorted_on": row.sorted_on - timedelta(days=2000)})
            await versions.change(unit, row, values[place % 3], at=at)
        graded = evaluation.c.source_id == "src_industry"
        for row in await unit.all(evaluation.select().where(graded)):
            await evaluations.replace(unit, row, {"grade": "B", "marks": [rfc3339(at)]}, at)
            if row.grade == "C":
                await evaluations.take_out(unit, row.subject_id, at=at)


async def test_who_turned_out_to_be_another_is_passed_over(town: Town) -> None:
    await industries.settle(town, 12, at=industries.earlier(60))
    model, sheet_id = await live(town, 12)
    run = (await asked(town, "industryRunStart", model, sheet_id))["run"]
    subject = metadata.tables["subject"]
    async with town.house.database.writing() as unit:
        other = {"merged_into": subject_of(1)}
        await unit.run(subject.update().where(subject.c.id == subject_of(5)).values(other))
    await carried(town)
    async with town.house.database.reading() as unit:
        runs = metadata.tables["industry_run"]
        row = (await unit.all(runs.select().where(runs.c.id == run["id"])))[0]
    assert (row.state, row.done, row.passed_over, row.population) == ("DONE", 11, 1, 12)
    assert subject_of(5) not in {one[0] for one in await results(town, run["id"])}


async def test_a_run_waits_until_its_instant_has_settled(town: Town) -> None:
    await industries.settle(town, 3, at=industries.earlier(60))
    model, sheet_id = await live(town, 3)
    await asked(town, "industryRunStart", model, sheet_id)
    runner = running.Runner(town.house.database)
    assert await runner.run_once(now() + timedelta(seconds=50)) == running.PAUSE_SECONDS
    assert await town.count("SELECT count(*) FROM industry_result") == 0
    for wrong in (now() + timedelta(minutes=1), now() - timedelta(days=32)):
        refused = await asked(town, "industryRunStart", model, sheet_id, as_of=wrong, key=str(wrong))
        assert (refused["code"], refused["details"][0]["code"]) == ("INVALID_INPUT", "OUT_OF_RANGE")


async def test_a_version_that_goes_live_retires_the_one_before_it(town: Town) -> None:
    await industries.settle(town, 3, at=industries.earlier(60))
    first, _ = await live(town, 3)
    second = await industries.reviewed(town, name="第二版")
    sheet_id = await industries.taken(town, second, 3, "2026-12")
    # A simulation of the first one's content is none of this one's; and it has a sheet of its own.
    assert (await does(town, "industry-2", "industryModelGoLive", second))["code"] == "NOT_SIMULATED"
    before = await stored(town)
    assert (await asked(town, "industrySimulate", first, sheet_id, key="x"))["code"] == "NOT_AVAILABLE"
    assert (await stored(town))["industry_run"] == before["industry_run"]
    await asked(town, "industrySimulate", second, sheet_id, key="second")
    await carried(town)
    assert (await does(town, "industry-2", "industryModelGoLive", second))["model"]["state"] == "LIVE"
    model = metadata.tables["industry_model"]
    async with town.house.database.reading() as unit:
        rows = {row.id: row for row in await unit.all(model.select())}
    assert {name: row.state for name, row in rows.items()} == {first["id"]: "RETIRED", second["id"]: "LIVE"}
    assert rows[first["id"]].retired_by == rows[second["id"]].live_by
    retired = (await does(town, "industry-1", "industryModelRetire", {"id": second["id"], "version": 4}))["model"]
    assert (retired["state"], retired["retiredAt"] is None) == ("RETIRED", False)
    assert (await asked(town, "industryRunStart", second, sheet_id, key="r"))["code"] == "WRONG_STATE"


async def test_a_run_over_all_killed_and_resumed_gives_identical_results(
    town: Town, figures: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In full over 200,000 organisations. The second run dies twice in the middle of a stretch."""
    many = scaled(300, 200_000)
    monkeypatch.setattr(running, "AT_ONCE", scaled(50, running.AT_ONCE))
    await industries.settle(town, many, at=industries.earlier(60))
    model, sheet_id = await live(town, many)
    as_of = now()
    whole = (await asked(town, "industryRunStart", model, sheet_id, as_of=as_of))["run"]
    await carried(town)
    again = (await asked(town, "industryRunStart", model, sheet_id, as_of=as_of, key="again"))["run"]
    for step in ("oversight.industry.running:_looks", "oversight.industry.running:_count"):
        with monkeypatch.context() as patch:
            _plant(patch, step, scaled(2, 150))
            with pytest.raises(_Killed):
                await carried(town)
    await carried(town)
    first, second = await results(town, whole["id"]), await results(town, again["id"])
    assert len(first) == many
    assert first == second
    assert all(row[1:4] == expected(int(row[0][7:])) for row in first)
    assert (await _run(town, whole["id"]))["digest"] == (await _run(town, again["id"]))["digest"]
    figures["organisations"] = many
