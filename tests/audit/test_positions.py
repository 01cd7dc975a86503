"""Positions: committed rows only, one after another, whoever numbers them and whenever they commit."""

import asyncio

import pytest
from sqlalchemy import text

from audit import positions
from core.database import WriteUnit
from tests.harness.callers import Town

_GAPS = (
    "SELECT count(*) FROM (SELECT position, row_number() OVER (ORDER BY position) AS place FROM access"
    " WHERE position IS NOT NULL) numbered WHERE position <> place"
)
_INSERT = text(
    "INSERT INTO access (id, at, subject_id, basis, channel, purpose, shape_id, categories, codes, record_count)"
    " SELECT :id, at, subject_id, basis, channel, purpose, shape_id, categories, codes, record_count FROM access"
    " LIMIT 1"
)


async def _number(town: Town) -> int:
    async with town.house.database.writing() as unit:
        return await positions.number(unit)


async def test_every_committed_row_gets_the_next_position_once(town: Town) -> None:
    for _ in range(3):
        await asyncio.gather(*(town.ask("citizen-1", "{ me { name } }") for _ in range(5)))
        while await _number(town):
            pass
    rows = await town.count("SELECT count(*) FROM access")
    assert rows > 15
    assert await town.count("SELECT max(position) FROM access") == rows
    assert await town.count(_GAPS) == 0
    assert await _number(town) == 0


async def test_a_large_backlog_is_numbered_in_pieces(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(positions, "MOST_AT_ONCE", 4)
    await asyncio.gather(*(town.ask("citizen-1", "{ me { name } }") for _ in range(9)))
    waiting = await town.count("SELECT count(*) FROM access WHERE position IS NULL")
    done = []
    while numbered := await _number(town):
        done.append(numbered)
    assert max(done) == 4
    assert sum(done) == waiting
    assert await town.count(_GAPS) == 0


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_row_that_commits_late_is_numbered_late_and_never_skipped(town: Town) -> None:
    await town.ask("citizen-1", "{ me { name } }")
    async with town.house.database.writing() as late:
        await late.run(_INSERT, {"id": "acc_early"})  # an earlier instant than everything below
        await town.ask("citizen-1", "{ me { name } }")
        await _number(town)
        before = await town.count("SELECT max(position) FROM access")
    await _number(town)
    assert await town.count("SELECT position FROM access WHERE id = 'acc_early'") == before + 1
    assert await town.count(_GAPS) == 0


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_two_numberers_at_once_leave_no_gap_and_no_double(town: Town) -> None:
    for round_ in range(5):
        await asyncio.gather(*(town.ask("citizen-1", "{ me { name } }") for _ in range(8)))
        await asyncio.gather(*(_number(town) for _ in range(4)))
        assert await town.count(_GAPS) == 0, round_
    assert await town.count("SELECT count(*) FROM access WHERE position IS NULL") == 0


async def test_a_look_that_was_not_committed_leaves_no_gap(town: Town) -> None:
    await town.ask("citizen-1", "{ me { name } }")
    async with town.house.database.engine.connect() as connection:
        unit = WriteUnit(connection, town.house.vault)
        await unit.run(_INSERT, {"id": "acc_undone"})
        await positions.number(unit)
        await connection.rollback()
    await _number(town)
    assert await town.count("SELECT count(*) FROM access WHERE id = 'acc_undone'") == 0
    assert await town.count(_GAPS) == 0
