"""kill -9 between a record's change and its subject's new score: what is committed is computed, and nothing else is."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from credit.recomputing import Recomputer
from intake import layouts
from tests.credit.test_score import mine
from tests.harness.asking import identity
from tests.harness.callers import Town
from tests.harness.killing import killed
from tests.harness.provider_files import penalty, write

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
_RUN = """
import asyncio, sys
from datetime import UTC, datetime
from tests.harness.killing import Step
Step.parse(sys.argv[1]).plant(lambda: True)
from api.house import House
from api.settings import Settings
from credit.recomputing import Recomputer
asyncio.run(Recomputer(House(Settings()).database).run_once(datetime.now(UTC)))
"""
_LOAD = """
import sys
from tests.harness.killing import Step
Step.parse(sys.argv[1]).plant(lambda: True)
from api.__main__ import main
main(["import", "--provider", "SCJG", sys.argv[2]])
"""


async def test_a_change_that_is_committed_is_computed_whatever_is_killed(town: Town, tmp_path: Path) -> None:
    who = await identity(town, "citizen-2")
    named = {layouts.NAME: who["name"], layouts.IDENTITY_NUMBER: who["number"]}
    path = str(write(tmp_path / "killed.csv", layouts.PENALTY, [penalty("杀1号", **named)]))
    due = "SELECT count(*) FROM score_due"
    await Recomputer(town.house.database).run_once(datetime.now(UTC))  # what the city's own story left to do
    before = (await mine(town, "citizen-2"))["score"]["value"]
    # Before the commit: neither the record nor what is due of it.
    await killed(town.house.settings, _LOAD, "after credit.recomputing:ask", path)
    assert await town.count("SELECT count(*) FROM record WHERE document_number = '杀1号'") == 0
    assert await town.count(due) == 0
    # After the commit: both; and the duty is killed in its turn, having written what it never commits.
    await killed(town.house.settings, _LOAD, "before intake.loading:Loader._note", path)
    assert await town.count("SELECT count(*) FROM record WHERE document_number = '杀1号'") == 1
    assert await town.count(due) == 1
    await killed(town.house.settings, _RUN, "after credit.recomputing:_recompute")
    assert (await mine(town, "citizen-2"))["score"]["value"] == before
    assert await town.count(due) == 1
    await Recomputer(town.house.database).run_once(datetime.now(UTC))
    assert (await mine(town, "citizen-2"))["score"]["value"] == before - 140
    assert await town.count(due) == 0
