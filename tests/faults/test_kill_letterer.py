"""Whoever sets letters, killed as by kill -9 at each step: a letter is made once, none lost, and its number stays."""

import pytest

from api import clock
from api.printing import letterer_of
from objections.kinds import Delivery
from tests.harness import clocks, objecting
from tests.harness.callers import Town
from tests.harness.killing import Step, dies_of_its_duties
from tests.harness.reporting import SETTER, squeezed, text_of
from tests.harness.scale import FULL

_STEPS = (
    "objections.letters:told_of",
    "objections.letters:Letterer._print",
    "core.blobs:Blobs.write",
    "core.blobs:Blobs.keep",
    "objections.letters:Letterer._keep",
)
_SETTING = [f"{when} {step}" for step in _STEPS for when in ("before", "after")]
_RUN = _SETTING if FULL else ["after core.blobs:Blobs.keep", "after objections.letters:Letterer._keep"]
_KEPT = _SETTING[-1]
_WAITING = "SELECT count(*) FROM objection WHERE outcome IS NOT NULL AND letter_id IS NULL"
_SET = "SELECT count(*) FROM objection WHERE letter_id IS NOT NULL"
_ORPHANS = "SELECT count(*) FROM blob WHERE id NOT IN (SELECT letter_id FROM objection WHERE letter_id IS NOT NULL)"


async def _answered(town: Town) -> str:
    """A case whose answer waits for its letter, at the counter: it is announced when there is one."""
    case_id = await objecting.filed(town, delivery=Delivery.COUNTER)
    await objecting.opened(town, case_id)
    made = await objecting.decided(town, case_id, "DELETED", reason="来源单位已经撤销原决定。")
    assert made["case"]["status"] == "DECIDED", made
    return case_id


@pytest.mark.parametrize("step", _RUN)
@pytest.mark.parametrize("backend", ["postgresql", *(["sqlite"] if FULL else [])], indirect=True)
async def test_a_killed_letterer_is_followed_by_one_that_sets_the_letter_once(town: Town, step: str) -> None:
    case_id = await _answered(town)
    number, before = (await objecting.row(town, case_id)).number, await town.count(_ORPHANS)
    waiting = await town.count(_WAITING)
    name = town.house.settings.database_url.rsplit("/", 1)[1] + "-doomed"
    assert dies_of_its_duties(town.house.settings, name, step), f"nobody reached {step}"
    kept = step == _KEPT
    assert await town.count(_WAITING) == waiting - kept, "the letter and its blob are one commit"
    assert await town.count(_ORPHANS) == before
    letterer = letterer_of(town.house, SETTER)
    while await letterer.run_once(clock.now()) == 0.0:
        pass
    row = await objecting.row(town, case_id)
    assert (row.number, row.letter_id is not None, await town.count(_WAITING)) == (number, True, 0)
    assert (await town.count(_SET), await town.count(_ORPHANS)) == (waiting, before), "each letter once"
    assert (await clocks.told(town, case_id))["OBJECTION_TO_COLLECT"] == 1, "announced once"
    path = await _ticket(town, case_id)
    said = text_of((await town.http.get(path)).content)
    assert squeezed(number) in said
    assert squeezed("来源单位已经撤销原决定。") in said


async def _ticket(town: Town, case_id: str) -> str:
    made = await town.act("citizen-9", "letterTicket", {"objectionId": case_id}, "path")
    return str(made["path"])


@pytest.mark.parametrize("step", _SETTING)
def test_every_step_of_the_table_exists(step: str) -> None:
    Step.parse(step).find()
