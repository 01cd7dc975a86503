"""Positions: committed looks only, one after another, whoever seals them and whenever they commit."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from audit import sealing
from core.database import WriteUnit
from tests.harness.callers import Town
from tests.harness.sealing import sealer_of

_GAPS = (
    "SELECT count(*) FROM (SELECT position, row_number() OVER (ORDER BY position) AS place FROM log_leaf) numbered"
    " WHERE position <> place"
)
_WAITING = "SELECT count(*) FROM access_unsealed"
_LOOKS = "SELECT count(*) FROM access"
_LEAVES = "SELECT count(*) FROM log_leaf"
_INSERT = text(
    "INSERT INTO access (id, at, subject_id, basis, channel, purpose, shape_id, categories, codes, record_count)"
    " SELECT :id, at, subject_id, basis, channel, purpose, shape_id, categories, codes, record_count FROM access"
    " LIMIT 1"
)
_WAIT = text("INSERT INTO access_unsealed (access_ids) VALUES (:ids)")


async def _seal(town: Town) -> int:
    """One turn: of how many commits the looks were sealed."""
    return await sealer_of(town.house).seal(at=datetime.now(UTC))


async def _add(unit: WriteUnit, look_id: str) -> None:
    await unit.run(_INSERT, {"id": look_id})
    await unit.run(_WAIT, {"ids": json.dumps([look_id])})


async def test_every_committed_look_gets_the_next_position_once(town: Town) -> None:
    for _ in range(3):
        await asyncio.gather(*(town.ask("citizen-1", "{ me { name } }") for _ in range(5)))
        while await _seal(town):
            pass
    looks = await town.count(_LOOKS)
    assert looks > 15
    assert await town.count("SELECT max(position) FROM log_leaf") == await town.count(_LEAVES) == looks
    assert await town.count(_GAPS) == await town.count(_WAITING) == 0


async def test_a_large_backlog_is_sealed_in_pieces(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "MOST_AT_ONCE", 4)
    for _ in range(9):
        await town.ask("citizen-1", "{ me { name } }")
    waiting = await town.count(_WAITING)
    done = []
    while sealed := await _seal(town):
        done.append(sealed)
    assert max(done) == 4
    assert sum(done) == waiting > 8
    assert await town.count(_LEAVES) == await town.count(_LOOKS)
    assert await town.count(_GAPS) == 0


async def test_a_commit_of_many_looks_waits_in_rows_that_a_sealer_can_take(town: Town) -> None:
    """Everybody who writes at once is one commit, or a few."""
    await asyncio.gather(*(town.ask("citizen-1", "{ me { name } }") for _ in range(120)))
    async with town.house.database.reading() as unit:
        rows = await unit.all(text("SELECT access_ids FROM access_unsealed"))
    together = [len(row.access_ids if isinstance(row.access_ids, list) else json.loads(row.access_ids)) for row in rows]
    assert sum(together) == await town.count(_LOOKS) - await town.count(_LEAVES)
    assert max(together) <= 50 < sum(together)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_look_that_commits_late_is_sealed_late_and_never_skipped(town: Town) -> None:
    await town.ask("citizen-1", "{ me { name } }")
    async with town.house.database.writing() as late:
        await _add(late, "acc_early")  # it waits in a lower row than everything below, of an earlier instant
        await town.ask("citizen-1", "{ me { name } }")
        await _seal(town)
        before = await town.count("SELECT max(position) FROM log_leaf")
    await _seal(town)
    assert await town.count("SELECT position FROM log_leaf WHERE access_id = 'acc_early'") == before + 1
    assert await town.count(_GAPS) == 0


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_two_sealers_at_once_leave_no_gap_and_no_double(town: Town) -> None:
    for round_ in range(5):
        await asyncio.gather(*(town.ask("citizen-1", "{ me { name } }") for _ in range(8)))
        await asyncio.gather(*(_seal(town) for _ in range(4)))
        assert await town.count(_GAPS) == 0, round_
    while await _seal(town):
        pass
    assert await town.count(_WAITING) == 0
    assert await town.count(_LEAVES) == await town.count(_LOOKS)


async def test_a_look_that_waits_twice_is_sealed_once(town: Town) -> None:
    """A commit that was not heard of is sent again: before it was sealed, or after."""
    await town.ask("citizen-1", "{ me { name } }")
    async with town.house.database.writing() as unit:
        await _add(unit, "acc_twice")
        await unit.run(_WAIT, {"ids": '["acc_twice"]'})
    await _seal(town)
    async with town.house.database.writing() as unit:
        await unit.run(_WAIT, {"ids": '["acc_twice"]'})
    await _seal(town)
    assert await town.count("SELECT count(*) FROM log_leaf WHERE access_id = 'acc_twice'") == 1
    assert await town.count(_WAITING) == await town.count(_GAPS) == 0


async def test_a_look_that_was_not_committed_leaves_no_gap(town: Town) -> None:
    await town.ask("citizen-1", "{ me { name } }")
    async with town.house.database.engine.connect() as connection:
        await _add(WriteUnit(connection, town.house.vault), "acc_undone")
        await connection.rollback()
    await _seal(town)
    assert await town.count("SELECT count(*) FROM access WHERE id = 'acc_undone'") == 0
    assert await town.count(_LEAVES) == await town.count(_LOOKS)
    assert await town.count(_GAPS) == 0
