"""kill -9 in the middle of `haihe import`, at each step and at any moment: what was committed stays, and the file sent
again completes it, nothing twice and nothing lost."""

import asyncio
import csv
import signal
import tempfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from api.house import House
from intake import layouts
from tests.harness import forking
from tests.harness.commands import haihe
from tests.harness.killing import Step, killed
from tests.harness.provider_files import penalty, someone, write
from tests.harness.scale import FULL, scaled
from tests.harness.servers import surroundings

_ROWS, _PEOPLE, _BATCH = scaled(3_000, 200_000), 40, scaled(500, 2_000)
_BAD = 7  # one row in so many breaks a rule
_IMPORT = f"""
import sys
from tests.harness.killing import Step
from api.commands import importing
importing.BATCH = {_BATCH}
Step.parse(sys.argv[1]).plant(lambda: True)
from api.__main__ import main
main(["import", "--provider", "SCJG", sys.argv[2]])
"""
# Each one meets what those before it left: a batch undone after one that was committed, one committed and not yet
# counted, all committed and not noted.
_STEPS = (
    "after credit.entering:put_records*2",
    "before intake.taking:put*3",
    "after intake.taking:put*4",
    "after intake.rejected:Rejected.add*80",
    "before intake.loading:Loader._note",
)
_RUN = _STEPS[:-1] if FULL else _STEPS[:1]
# Of all rows, what is in the store when the signal comes.
_MOMENTS = (0.1, 0.4, 0.7) if FULL else ()


_THEIRS = "FROM record WHERE document_number LIKE '杀%'"
_BESIDE = "SELECT (SELECT count(*) FROM intake_batch), (SELECT count(*) FROM correction)"


def _number(index: int) -> str:
    return f"杀{index}号"


def _file(folder: Path) -> Path:
    """Every row is a record of its own, but for those that decide tomorrow."""
    people = [someone(20 + index) for index in range(_PEOPLE)]
    rows = []
    for index in range(_ROWS):
        who = people[index % _PEOPLE]
        named = {layouts.NAME: who.name, layouts.IDENTITY_NUMBER: who.number}
        rows.append(penalty(_number(index), **named, **({} if index % _BAD else {"处罚决定日期": "2199/01/01"})))
    return write(folder / "killed.csv", layouts.PENALTY, rows)


async def _all(house: House, statement: str) -> list[tuple[Any, ...]]:
    async with house.database.reading() as unit:
        return [tuple(row) for row in await unit.all(text(statement))]


async def _loaded(house: House) -> set[tuple[Any, ...]]:
    """Document numbers and versions; no number twice."""
    found = await _all(house, f"SELECT document_number, version {_THEIRS}")
    assert len(found) == len(set(found)), "twice"
    return set(found)


@pytest.mark.parametrize("backend", ["postgresql", *(["sqlite"] if FULL else [])], indirect=True)
async def test_a_killed_import_is_completed_by_sending_the_file_again(
    house: House, tmp_path: Path, figures: dict[str, int]
) -> None:
    path, rejected = _file(tmp_path), tmp_path / "killed.rejected.csv"
    before = await _all(house, _BESIDE)
    wanted = {(_number(index), 1) for index in range(_ROWS) if index % _BAD}
    kept: set[tuple[Any, ...]] = set()
    for step in (*_RUN, *_MOMENTS, _STEPS[-1]):
        if isinstance(step, float):
            await _killed_when(house, path, int(step * len(wanted)))
        else:
            await killed(house.settings, _IMPORT, step, str(path))
        found = await _loaded(house)
        assert kept <= found <= wanted, "lost, or changed"
        assert found, "nobody had begun"
        assert (found == wanted) == (step == _STEPS[-1]), "it was not in the middle"
        assert rejected.exists() == (step == _STEPS[-1]), "half a file of rejected rows"
        kept = found
        figures["kills"] = figures.get("kills", 0) + 1
    done = await haihe(house, "import", "--provider", "SCJG", str(path))
    assert done.exit_code == 0, done.output
    assert await _loaded(house) == wanted
    with rejected.open(encoding="utf-8-sig", newline="") as file:
        bad = [row["行政处罚决定书文号"] for row in csv.DictReader(file)]
    assert bad == [_number(index) for index in range(0, _ROWS, _BAD)]
    ((noted, corrections),) = before
    assert await _all(house, _BESIDE) == [(noted + 1, corrections)]
    figures["rows"] = _ROWS


async def _killed_when(house: House, path: Path, count: int) -> None:
    """The real command, cut off by the signal itself when so many rows are in the store."""
    command = ["-m", "api", "import", "--provider", "SCJG", str(path)]
    with tempfile.TemporaryFile() as nowhere:
        running = forking.start(command, surroundings(house.settings), stdout=nowhere, stderr=nowhere)
    while (await _all(house, f"SELECT count(*) {_THEIRS}"))[0][0] < count:
        assert running.poll() is None, "it ended by itself"
        await asyncio.sleep(0.05)
    running.kill()
    assert await asyncio.to_thread(running.wait) == -signal.SIGKILL, "it ended by itself"


@pytest.mark.parametrize("step", _STEPS)
def test_every_step_of_the_table_exists(step: str) -> None:
    Step.parse(step).find()
