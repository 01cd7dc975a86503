"""Whoever runs departments' models, killed as by kill -9 in a stretch: nothing twice, and what it would have been."""

import pytest

from tests.harness import industries
from tests.harness.callers import Town
from tests.harness.industries import asked, carried, live, results
from tests.harness.killing import Step, dies_of_its_duties
from tests.harness.scale import FULL

_STEPS = (
    "oversight.industry.running:_move",
    "credit.surveying:held",
    "credit.surveying:standings",
    "oversight.industry.running:_looks",
    "oversight.industry.running:_count",
    "oversight.industry.running:Runner._stretch",
    "oversight.industry.running:Runner.run_once",
)
_KILLS = [f"{when} {step}" for step in _STEPS for when in ("before", "after")]
_RUN = _KILLS if FULL else ["after oversight.industry.running:_count"]
_LOOKS = "SELECT count(*) FROM access WHERE case_number = :number"


@pytest.mark.parametrize("step", _RUN)
@pytest.mark.parametrize("backend", ["postgresql", *(["sqlite"] if FULL else [])], indirect=True)
async def test_a_killed_runner_is_followed_by_one_that_goes_on(town: Town, step: str) -> None:
    await industries.settle(town, 300, at=industries.earlier(60))
    model, sheet_id = await live(town, 300)
    as_of = industries.earlier(5)
    whole = (await asked(town, "industryRunStart", model, sheet_id, as_of=as_of))["run"]
    await carried(town)
    again = (await asked(town, "industryRunStart", model, sheet_id, as_of=as_of, key="again"))["run"]
    name = town.house.settings.database_url.rsplit("/", 1)[1] + "-doomed"
    assert dies_of_its_duties(town.house.settings, name, step), f"nobody reached {step}"
    looks = await town.count(_LOOKS, number=again["number"])
    assert len(await results(town, again["id"])) == looks
    assert looks in (0, 300)
    await carried(town)
    assert await results(town, again["id"]) == await results(town, whole["id"])
    assert await town.count(_LOOKS, number=again["number"]) == 300


@pytest.mark.parametrize("step", _KILLS)
def test_every_step_of_the_table_exists(step: str) -> None:
    Step.parse(step).find()
