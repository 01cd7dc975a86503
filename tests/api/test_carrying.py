"""The duties of a service: which there are, who may do them, and what one turn of each does."""

import os
from datetime import UTC, datetime, timedelta

from api.carrying import duties_of
from api.duties import Duty
from core.installation import Kind
from notices import deliveries, outbox, pruning
from notices.kinds import EventKind
from tests.harness.callers import Town

_NOW = datetime.now(UTC)


def _named(duties: tuple[Duty, ...], name: str) -> Duty:
    return next(duty for duty in duties if duty.name == name)


async def test_only_the_relay_may_have_twins(town: Town) -> None:
    async with duties_of(town.house, Kind.DEMONSTRATION) as duties:
        assert {duty.name for duty in duties if not duty.leader_only} == {"notices.relay"}
        assert len({duty.name for duty in duties}) == len(duties)


async def test_a_turn_of_the_sealer_numbers_and_seals_what_was_looked_at(town: Town) -> None:
    await town.data("citizen-1", "{ me { name } }")
    waiting = "SELECT count(*) FROM access_unsealed"
    assert await town.count(waiting) > 0
    async with duties_of(town.house, Kind.DEMONSTRATION) as duties:
        assert await _named(tuple(duties), "audit.seal").run_once(_NOW) > 0
    assert await town.count(waiting) == 0


async def test_a_turn_of_the_pruner_forgets_what_is_old(town: Town) -> None:
    old = _NOW - pruning.KEEP_EVENTS - timedelta(days=1)
    for at in (old, _NOW):
        async with town.house.database.writing() as unit:
            await outbox.tell_party(unit, "pty_x", EventKind.GRANT_ISSUED, about="grt_x", at=at)
        async with town.house.database.writing() as unit:
            await deliveries.fan_out(unit, at=at)
    async with duties_of(town.house, Kind.DEMONSTRATION) as duties:
        assert await _named(tuple(duties), "notices.prune").run_once(_NOW) == 3600
    assert await town.count("SELECT count(*) FROM outbox WHERE party_id = 'pty_x'") == 1


async def test_a_turn_of_the_sweeper_takes_files_that_no_row_names(town: Town) -> None:
    path = town.house.settings.data / "blobs" / "00" / ("blb_" + "0" * 20)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    then = (_NOW - timedelta(days=8)).timestamp()
    os.utime(path, (then, then))
    async with duties_of(town.house, Kind.DEMONSTRATION) as duties:
        assert await _named(tuple(duties), "blobs.sweep").run_once(_NOW) == 3600
    assert not path.exists()
