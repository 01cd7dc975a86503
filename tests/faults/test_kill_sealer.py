"""The sealer killed, as by kill -9, before or after each step: the next one goes on, and nothing is half done."""

from collections.abc import Sequence

import pytest

from audit.notes import Checkpoint
from audit.verifying import check_extends
from tests.harness.callers import Town
from tests.harness.killing import DoomedServer, Step
from tests.harness.scale import FULL
from tests.harness.sealing import Mirror, keys_of, proved, seal

_STEPS = (
    "audit.sealing:Sealer.seal",
    "audit.notes:sign",
    "audit.sealing:_write",
    "audit.sealing:_insert",
    "audit.sealing:_insert*2",
    "sqlalchemy.engine.default:DefaultDialect.do_commit",
)
_CASES = [f"{when} {step}" for step in _STEPS for when in ("before", "after")]
_RUN = _CASES if FULL else [case for case in _CASES if "do_commit" in case or "_write" in case]


@pytest.mark.parametrize("step", _RUN)
@pytest.mark.parametrize("backend", ["postgresql", *(["sqlite"] if FULL else [])], indirect=True)
async def test_a_killed_sealer_is_followed_by_one_that_goes_on(town: Town, step: str, figures: dict[str, int]) -> None:
    await town.data("citizen-1", "{ me { name } }")
    await seal(town.house)
    kept = [Checkpoint.opened(await Mirror(town).note(), keys_of(town.house))]
    name = town.house.settings.database_url.rsplit("/", 1)[1] + "-doomed"
    with DoomedServer(town.house.settings, name, step) as server:
        server.arm()
        for _ in range(5):
            await town.data("citizen-1", "{ me { name } }")
        assert server.died(), f"the sealer never reached {step}"
    kept.append(Checkpoint.opened(await Mirror(town).note(), keys_of(town.house)))
    assert await town.count("SELECT count(*) FROM log_leaf") == kept[1].size, "leaves beyond the checkpoint"
    await seal(town.house)
    await _whole(town, kept)
    figures["kills"] = 1


async def _whole(town: Town, kept: Sequence[Checkpoint]) -> None:
    """Every look is in the tree once, and every checkpoint that ever was is its beginning."""
    mirror = Mirror(town)
    now = Checkpoint.opened(await mirror.note(), keys_of(town.house))
    await mirror.fetch(now.size)
    for before in kept:
        check_extends(before, now, mirror.read)
    assert await town.count("SELECT count(*) FROM access") == now.size
    assert len(await proved(town, "citizen-1")) >= 6


@pytest.mark.parametrize("step", _CASES)
def test_every_step_of_the_table_exists(step: str) -> None:
    Step.parse(step).find()
