"""Every act on a version in every state, by its author and by a colleague; and two who set versions live at once."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.clock import now
from core.database import Database, WriteUnit, metadata
from core.errors import Refused
from oversight.industry import counting, live, models, runs, scorecards, writing
from oversight.industry.models import IndustryModelState
from oversight.industry.runs import Asked, IndustryRunKind
from oversight.industry.scorecards import Scorecard
from tests.harness.callers import Town

_TABLE: list[dict[str, str]] = yaml.safe_load(Path(__file__).with_name("industry_states.yaml").read_text("utf-8"))
_STATES = [state.value for state in IndustryModelState]
_ROWS = [(row["act"], row["by"], state, row[state]) for row in _TABLE for state in _STATES]
_REVIEWED, _LIVE = ("RETURNED", "REVIEWED", "LIVE", "RETIRED"), ("LIVE", "RETIRED")
_Act = Callable[[WriteUnit, str, str], Awaitable[Any]]


def _card(name: str = "示例") -> Scorecard:
    bins = [
        scorecards.Bin(Decimal(points), f"GRADE_{grade}", value=grade)
        for grade, points in zip("ABCD", (9, 6, 3, 0), strict=True)
    ]
    only = scorecards.Indicator(
        "GRADE", "评价", "评价", scorecards.IndicatorSource.EVALUATION, Decimal(1), Decimal(0), tuple(bins)
    )
    classes = (scorecards.Grade("B", None), scorecards.Grade("A", Decimal(5)))
    return Scorecard(name, "示例", (only,), classes)


async def _stands(database: Database, id_: str, state: str, edition: int = 1) -> None:
    """A version in a state, with a sheet that was read and a simulation that has ended."""
    tables, at, text = metadata.tables, now(), writing.written(_card(id_))
    reviewed = {"reviewed_by": "other", "reviewed_at": at, "reason": "好"} if state in _REVIEWED else {}
    alive = {"live_by": "other", "live_at": at, "simulation_id": f"s{id_}"} if state in _LIVE else {}
    over = {"retired_by": "other", "retired_at": at} if state == "RETIRED" else {}
    submitted = {} if state == "DRAFT" else {"submitted_at": at}
    by = {"drafted_by": "author", "drafted_at": at, "version": 1}
    model = {"id": id_, "party_id": "p", "code": "M", "edition": edition, "content": text, "state": state, **by}
    sheet = {"id": f"h{id_}", "party_id": "p", "model_id": id_, "number": id_, "sha256": "x", "whole": True}
    read = {"state": "TAKEN", "taken": 1, "rejected": 0, "uploaded_by": "author", "uploaded_at": at, "read_at": at}
    asked = {"as_of": at, "asked_by": "other", "asked_at": at, "finished_at": at, "state": "DONE", "kind": "SIMULATION"}
    counted = {"population": 1, "done": 1, "passed_over": 0, "counts": counting.empty(_card(id_)), "digest": "x"}
    run = {"id": f"s{id_}", "number": f"s{id_}", "party_id": "p", "model_id": id_, "sheet_id": f"h{id_}"}
    sha256 = writing.sha256(text)
    async with database.writing() as unit:
        row = {**model, "sha256": sha256, **submitted, **reviewed, **alive, **over}
        await unit.run(tables["industry_model"].insert().values(row))
        await unit.run(tables["industry_sheet"].insert().values(**sheet, **read))
        await unit.run(
            tables["industry_run"].insert().values(**run, **asked, **counted, sha256=sha256, instrument="示例")
        )


def _asking(kind: IndustryRunKind) -> _Act:
    async def ask(unit: WriteUnit, id_: str, by: str) -> Any:
        return await runs.ask(unit, Asked(kind, id_, f"h{id_}"), party_id="p", by=by, at=now())

    return ask


async def _submit(unit: WriteUnit, id_: str, by: str) -> None:
    await models.submit(unit, id_, party_id="p", by=by, expected=1, at=now())


async def _review(unit: WriteUnit, id_: str, by: str) -> None:
    await models.review(unit, id_, (True, "好"), party_id="p", by=by, expected=1, at=now())


async def _go_live(unit: WriteUnit, id_: str, by: str) -> None:
    await live.go_live(unit, id_, party_id="p", by=by, expected=1, at=now())


async def _retire(unit: WriteUnit, id_: str, by: str) -> None:
    await live.retire(unit, id_, party_id="p", by=by, expected=1, at=now())


_ACTS: dict[str, _Act] = {
    "submit": _submit,
    "review": _review,
    "simulate": _asking(IndustryRunKind.SIMULATION),
    "go_live": _go_live,
    "run": _asking(IndustryRunKind.RUN),
    "retire": _retire,
}


async def _heard(database: Database, act: str, id_: str, by: str) -> str:
    try:
        async with database.writing() as unit:
            await _ACTS[act](unit, id_, by)
    except Refused as refused:
        return refused.code
    return "ok"


async def test_every_act_in_every_state(town: Town) -> None:
    database, wrong = town.house.database, []
    for number, (act, by, state, wanted) in enumerate(_ROWS):
        id_ = f"imd_{number}"
        await _stands(database, id_, state, edition=number)
        heard = await _heard(database, act, id_, by)
        if heard != wanted:
            wrong.append((act, by, state, wanted, heard))
        await _forget(database)
    assert wrong == []


async def _forget(database: Database) -> None:
    async with database.writing() as unit:
        for name in ("industry_run", "industry_sheet", "industry_model"):
            await unit.run(metadata.tables[name].delete())


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_of_two_that_are_set_live_at_once_one_is_live(town: Town) -> None:
    database, model = town.house.database, metadata.tables["industry_model"]
    for turn in range(10):
        await _stands(database, "old", "LIVE", 1)
        await _stands(database, "a", "REVIEWED", 2)
        await _stands(database, "b", "REVIEWED", 3)
        heard = await asyncio.gather(*(_heard(database, "go_live", id_, "other") for id_ in ("a", "b")))
        async with database.reading() as unit:
            states = sorted(row.state for row in await unit.all(model.select()))
        assert states == ["LIVE", "RETIRED", "RETIRED"], (turn, heard)
        assert heard == ["ok", "ok"]
        await _forget(database)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_of_two_runs_that_are_asked_for_at_once_one_is(town: Town) -> None:
    database = town.house.database
    for _ in range(5):
        await _stands(database, "m", "LIVE")
        heard = await asyncio.gather(*(_heard(database, "run", "m", by) for by in ("author", "other")))
        assert sorted(heard) == ["RUN_UNDERWAY", "ok"]
        await _forget(database)
