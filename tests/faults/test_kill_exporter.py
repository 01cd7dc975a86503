"""Whoever makes copies, killed as by kill -9 at each step: no file without its look, and none twice."""

import pytest

from tests.harness import exporting
from tests.harness.callers import Town
from tests.harness.killing import Step, dies_of_its_duties
from tests.harness.scale import FULL

_STEPS = (
    "core.blobs:Blobs.write",
    "core.blobs:Blobs.keep",
    "credit.exports:made",
    "audit.log:Log.append",
    "api.exporting:Exporter._make",
)
_MAKING = [f"{when} {step}" for step in _STEPS for when in ("before", "after")]
_RUN = _MAKING if FULL else ["after credit.exports:made"]
_LOOKS = "SELECT count(*) FROM access WHERE purpose = 'SELF_EXPORT'"


@pytest.mark.parametrize("step", _RUN)
@pytest.mark.parametrize("backend", ["postgresql", *(["sqlite"] if FULL else [])], indirect=True)
async def test_a_killed_exporter_is_followed_by_one_that_makes_it(town: Town, step: str) -> None:
    export_id = (await exporting.request(town, "citizen-1"))["export"]["id"]
    name = town.house.settings.database_url.rsplit("/", 1)[1] + "-doomed"
    assert dies_of_its_duties(town.house.settings, name, step), f"nobody reached {step}"
    made = await town.count("SELECT count(*) FROM export WHERE zip_id IS NOT NULL")
    assert made == (step == _MAKING[-1])
    assert await town.count("SELECT count(*) FROM blob") == await town.count(_LOOKS) == made
    await exporting.make_all(town)
    assert await town.count("SELECT count(*) FROM blob") == await town.count(_LOOKS) == 1
    answer = await exporting.fetch(town, "citizen-1", export_id)
    assert exporting.Copy.read(answer.content).parts["subject"]


@pytest.mark.parametrize("step", _MAKING)
def test_every_step_of_the_table_exists(step: str) -> None:
    Step.parse(step).find()
