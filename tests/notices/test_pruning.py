"""What was told long ago is forgotten: by kind, by age, never while a message is due, never the highest position."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from notices import deliveries, outbox, pruning
from notices.kinds import EventKind
from tests.harness.callers import Town

_NOW = datetime(2026, 6, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


async def _tell(town: Town, *, party: str | None, age: timedelta) -> str:
    """A row of this age, numbered: a party's event, or a person's notice with a text message that is due."""
    at = _NOW - age
    async with town.house.database.writing() as unit:
        if party is not None:
            made = await outbox.tell_party(unit, party, EventKind.GRANT_ISSUED, about="grt_x", at=at)
        else:
            made = await outbox.tell_subject(unit, "sub_x", EventKind.SCORE_OPENED, about="sco_x", at=at)
    async with town.house.database.writing() as unit:
        await deliveries.fan_out(unit, at=at)
    return made


async def _end(town: Town) -> None:
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE delivery SET state = 'GIVEN_UP', ended_at = due_at WHERE state = 'DUE'"))


async def _prune(town: Town) -> int:
    async with town.house.database.writing() as unit:
        return await pruning.prune(unit, at=_NOW)


async def _left(town: Town, *ids: str) -> list[str]:
    return [id_ for id_ in ids if await town.count("SELECT count(*) FROM outbox WHERE id = :i", i=id_)]


async def test_what_is_old_enough_goes_and_what_is_due_stays(town: Town) -> None:
    old_event = await _tell(town, party="pty_x", age=pruning.KEEP_EVENTS + _DAY)
    event = await _tell(town, party="pty_x", age=pruning.KEEP_EVENTS - _DAY)
    old_notice = await _tell(town, party=None, age=pruning.KEEP_NOTICES + _DAY)
    notice = await _tell(town, party=None, age=pruning.KEEP_EVENTS + _DAY)
    before = await town.count("SELECT count(*) FROM outbox")
    assert await _prune(town) == 1
    assert await _left(town, old_event, event, old_notice, notice) == [event, old_notice, notice]
    await _end(town)
    assert await _prune(town) == 1
    assert await _left(town, event, old_notice, notice) == [event, notice]
    assert await town.count("SELECT count(*) FROM delivery WHERE outbox_id = :i", i=old_notice) == 0
    assert await town.count("SELECT count(*) FROM delivery WHERE outbox_id = :i", i=notice) == 1
    assert await _prune(town) == 0
    assert await town.count("SELECT count(*) FROM outbox") == before - 2


async def test_the_highest_position_is_kept_so_that_numbers_never_come_again(town: Town) -> None:
    await _tell(town, party="pty_x", age=pruning.KEEP_EVENTS + 2 * _DAY)
    last = await _tell(town, party="pty_x", age=pruning.KEEP_EVENTS + _DAY)
    highest = await town.count("SELECT max(position) FROM outbox")
    assert await _prune(town) == 1
    assert await _left(town, last) == [last]
    await _tell(town, party="pty_x", age=_DAY)
    assert await town.count("SELECT max(position) FROM outbox") == highest + 1


async def test_a_long_neglected_outbox_is_pruned_in_parts(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "AT_ONCE", 3)
    for n in range(5):
        await _tell(town, party="pty_x", age=pruning.KEEP_EVENTS + (n + 1) * _DAY)
    await _tell(town, party="pty_x", age=_DAY)
    assert [await _prune(town) for _ in range(3)] == [3, 2, 0]
