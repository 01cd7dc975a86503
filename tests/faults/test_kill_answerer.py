"""The one who answers batches killed, as by kill -9, at each step: a row answered is a row logged, and none twice."""

import pytest

from tests.harness import organs
from tests.harness.callers import Town
from tests.harness.killing import DoomedServer, Step
from tests.harness.scale import FULL

_STEPS = (
    "credit.answering:_look*2",
    "core.blobs:Blobs.write",
    "core.blobs:Blobs.keep",
    "grants.batches:answered",
    "audit.log:Log.append",
    "credit.answering:Answerer._keep",
)
_CASES = [f"{when} {step}" for step in _STEPS for when in ("before", "after")]
_RUN = _CASES if FULL else ["after credit.answering:_look*2", _CASES[-1]]
_LOOKS = "SELECT count(*) FROM access WHERE basis = 'STATUTE'"
_PEOPLE = ("citizen-1", "citizen-2", "citizen-4")


@pytest.mark.parametrize("step", _RUN)
@pytest.mark.parametrize("backend", ["postgresql", *(["sqlite"] if FULL else [])], indirect=True)
async def test_a_killed_answerer_is_followed_by_one_that_answers(
    town: Town, step: str, figures: dict[str, int]
) -> None:
    sheet = organs.sheet(*(organs.row(persona) for persona in _PEOPLE))
    opened = (await organs.open_batch(town, sheet))["batch"]
    name = town.house.settings.database_url.rsplit("/", 1)[1] + "-doomed"
    with DoomedServer(town.house.settings, name, step) as server:
        server.arm()
        await organs.approve_batch(town, opened)
        assert server.died(seconds=30), f"nobody reached {step}"
    answered = await town.count("SELECT count(*) FROM agency_batch WHERE state = 'ANSWERED'")
    assert await town.count(_LOOKS) == answered * len(_PEOPLE), "half told"
    assert answered == (step == _CASES[-1])
    await organs.answer(town)
    assert await town.count(_LOOKS) == len(_PEOPLE)
    assert {row[0] for row in (await organs.fetch(town, opened["id"]))[1:]} == {"1", "2", "3"}
    assert await town.count("SELECT count(*) FROM blob") == 1
    figures["kills"] = 1


@pytest.mark.parametrize("step", _CASES)
def test_every_step_of_the_table_exists(step: str) -> None:
    Step.parse(step).find()
