"""Whoever makes exports for 合规审计, killed as by kill -9 at each step: no file without its look and its question."""

import pytest

from tests.harness import auditing
from tests.harness.callers import Town
from tests.harness.killing import Step, dies_of_its_duties
from tests.harness.scale import FULL
from tests.harness.sealing import checkpoint, seal

_STEPS = (
    "audit.disclosing:edges",
    "audit.disclosing:stretch",
    "core.blobs:Blobs.write",
    "core.blobs:Blobs.keep",
    "oversight.auditing.exports:made",
    "oversight.duty.confidentiality:ask",
    "audit.log:Log.append",
    "api.auditing:Auditing._make",
)
_MAKING = [f"{when} {step}" for step in _STEPS for when in ("before", "after")]
_RUN = _MAKING if FULL else ["after oversight.duty.confidentiality:ask"]
_COUNTS = (
    "SELECT count(*) FROM blob",
    "SELECT count(*) FROM access WHERE basis = 'AUDIT'",
    "SELECT count(*) FROM release",
)


@pytest.mark.parametrize("step", _RUN)
@pytest.mark.parametrize("backend", ["postgresql", *(["sqlite"] if FULL else [])], indirect=True)
async def test_a_killed_maker_is_followed_by_one_that_makes_it(town: Town, step: str) -> None:
    await seal(town.house)
    made = (await auditing.request(town))["export"]
    name = town.house.settings.database_url.rsplit("/", 1)[1] + "-doomed"
    assert dies_of_its_duties(town.house.settings, name, step), f"nobody reached {step}"
    done = int(step == _MAKING[-1])
    assert [await town.count(one) for one in _COUNTS] == [done] * 3
    await auditing.make_all(town)
    assert [await town.count(one) for one in _COUNTS] == [1] * 3
    await auditing.let_leave(town)
    answer = await town.http.get((await auditing.ticket(town, made["id"]))["path"])
    note, _ = await checkpoint(town.house)
    assert auditing.checked(answer.content, auditing.keys(town), [note])["number"] == made["number"]


@pytest.mark.parametrize("step", _MAKING)
def test_every_step_of_the_table_exists(step: str) -> None:
    Step.parse(step).find()
