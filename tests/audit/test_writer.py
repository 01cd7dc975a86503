"""The group-commit writer: everyone waits for their own batch, and a writer that fails is 503 and back by itself."""

import asyncio
import dataclasses
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import NoneType
from typing import Any

import pytest

from audit import writer
from audit.lens import Audience, BasisKind, Lens
from audit.log import MOST_KNOWN, Shapes
from audit.looks import Look, Shape
from audit.writer import GroupWriter
from core.errors import DependencyDown
from core.principal import Channel, Proof
from tests.harness.callers import Town

_LOOK = "{ me { name } }"
_COUNT = "SELECT count(*) FROM access WHERE purpose = 'WRITER'"


def _look(subject_id: str = "sub_x") -> Look:
    lens = Lens(Audience.SUBJECT, BasisKind.SELF, subject_id)
    return Look(lens, "SELF", Shape.of({"Me.name"}), "WRITER", Channel.API)


class _Counting(GroupWriter):
    """Counts batches."""

    batches: list[int]

    async def _commit(self, batch: Any) -> None:
        self.batches.append(len(batch))
        await super()._commit(batch)


async def test_many_at_once_share_a_few_commits_and_each_is_there_when_it_returns(town: Town) -> None:
    counting = _Counting(town.house.database, Shapes())
    counting.batches = []
    for _ in range(10):
        before = await town.count(_COUNT)
        await asyncio.gather(*(counting.write([_look()], at=datetime.now(UTC)) for _ in range(64)))
        assert await town.count(_COUNT) == before + 64
    await counting.close()
    assert sum(counting.batches) == 640
    assert len(counting.batches) < 200


async def test_a_failed_batch_fails_everyone_in_it_and_the_next_one_is_written(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = GroupWriter(town.house.database, Shapes())
    await made.write([_look()], at=datetime.now(UTC))
    with monkeypatch.context() as patch:
        patch.setattr(GroupWriter, "_commit", _broken)
        failed = await asyncio.gather(
            *(made.write([_look()], at=datetime.now(UTC)) for _ in range(8)), return_exceptions=True
        )
    assert {type(error) for error in failed} == {DependencyDown}
    await made.write([_look()], at=datetime.now(UTC))
    assert await town.count(_COUNT) == 2
    await made.close()


async def _broken(*_: object) -> None:
    raise OSError


async def test_a_batch_whose_commit_was_not_heard_of_is_written_once(town: Town) -> None:
    """The connection dies after the commit and before its answer: the batch is sent again, and stands once."""
    made = GroupWriter(town.house.database, Shapes())
    await made.write([_look()], at=datetime.now(UTC))
    assert made._appender is not None
    through = made._appender.execute_many

    async def deaf(text: str, rows: Sequence[Sequence[Any]]) -> None:
        await through(text, rows)
        raise ConnectionResetError

    made._appender.execute_many = deaf  # type: ignore[method-assign]
    await made.write([_look("sub_y"), _look("sub_z")], at=datetime.now(UTC))
    assert await town.count(_COUNT) == 3
    await made.close()


async def test_a_look_that_cannot_be_stored_fails_alone(town: Town) -> None:
    made = GroupWriter(town.house.database, Shapes())
    unstorable = dataclasses.replace(_look("sub_bad"), channel=_Nowhere)  # type: ignore[arg-type]
    looks = [_look(), unstorable, _look(), _look()]
    outcomes = await asyncio.gather(
        *(made.write([look], at=datetime.now(UTC)) for look in looks), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [NoneType, DependencyDown, NoneType, NoneType]
    assert await town.count(_COUNT) == 3
    await made.close()


class _Nowhere:
    value = None


async def test_a_look_that_cannot_be_stored_leaves_the_next_proofs_writable(town: Town) -> None:
    """With proofs a batch is a transaction, and one that failed must not be the next one's."""
    made = GroupWriter(town.house.database, Shapes())
    unstorable = dataclasses.replace(_look("sub_bad"), channel=_Nowhere)  # type: ignore[arg-type]
    outcomes = await asyncio.gather(
        *(made.write([look], at=datetime.now(UTC), proof=_proof()) for look in (_look(), unstorable, _look())),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [NoneType, DependencyDown, NoneType]
    await made.write([_look()], at=datetime.now(UTC), proof=_proof())
    assert await town.count(_COUNT) == await town.count("SELECT count(*) FROM spent_proof") == 3
    await made.close()


def _proof() -> Proof:
    return Proof("k" * 43, secrets.token_hex(32), datetime.now(UTC) + timedelta(minutes=1), secrets.token_hex(16))


async def test_a_shape_that_went_with_a_restore_is_written_again(town: Town) -> None:
    """What is known to be committed may have been committed to a database that was put back to the day before."""
    shapes = Shapes()
    made = GroupWriter(town.house.database, shapes)
    shapes.committed([_look()])  # as if this process had written it
    shape = _look().shape.id
    assert await town.count("SELECT count(*) FROM look_shape WHERE id = :i", i=shape) == 0
    await asyncio.gather(*(made.write([_look()], at=datetime.now(UTC)) for _ in range(4)))
    assert await town.count("SELECT count(*) FROM look_shape WHERE id = :i", i=shape) == 1
    assert await town.count(_COUNT) == 4
    await made.close()


async def test_a_writer_that_stalls_is_503_within_its_time_and_comes_back(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    stalled = asyncio.Event()

    async def stall(*_: object) -> None:
        await stalled.wait()

    assert (await town.ask("citizen-1", _LOOK)).status == 200
    with monkeypatch.context() as patch:
        patch.setattr(writer, "WRITE_SECONDS", 0.05)
        patch.setattr(GroupWriter, "_commit", stall)
        answers = await asyncio.gather(*(town.ask("citizen-1", _LOOK) for _ in range(8)))
    assert {(answer.status, answer.code) for answer in answers} == {(503, "UNAVAILABLE")}
    assert all("data" not in answer for answer in answers)
    assert (await town.ask("citizen-1", _LOOK)).status == 200


async def test_a_writer_that_dies_fails_who_waits_and_another_takes_its_place(town: Town) -> None:
    made = GroupWriter(town.house.database, Shapes())
    waiting = asyncio.create_task(made.write([_look()], at=datetime.now(UTC)))
    await asyncio.sleep(0)
    assert made._task is not None
    made._task.cancel()
    with pytest.raises(DependencyDown):
        await waiting
    await made.write([_look()], at=datetime.now(UTC))
    assert await town.count(_COUNT) == 1
    await made.close()


def test_what_is_known_of_shapes_is_bounded() -> None:
    """Whoever may look can ask for other fields each time; that costs rows, and no memory."""
    shapes = Shapes()
    for number in range(3 * MOST_KNOWN):
        look = _look()
        look.shape = Shape(str(number), ())
        assert shapes.fresh([look]) == [look.shape]
        shapes.committed([look])
        assert shapes.fresh([look]) == []
    assert len(shapes._known) <= MOST_KNOWN


async def test_who_goes_away_takes_nobody_along(town: Town) -> None:
    made = GroupWriter(town.house.database, Shapes())
    tasks = [asyncio.create_task(made.write([_look()], at=datetime.now(UTC))) for _ in range(9)]
    await asyncio.sleep(0)
    tasks[4].cancel()
    done: Sequence[object] = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in done].count(asyncio.CancelledError) == 1
    assert [
        outcome for outcome in done if outcome is not None and not isinstance(outcome, asyncio.CancelledError)
    ] == []
    assert await town.count(_COUNT) in (8, 9)
    await made.close()


async def test_a_connection_is_given_back_before_the_log_is_awaited(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the log waits, as many operations as the pool has connections twice over go on reading."""
    inside, everyone_reads = [0], asyncio.Event()
    wanted = 2 * town.house.settings.pool

    async def hold(self: GroupWriter, looks: object, *, at: datetime, proof: object) -> None:
        inside[0] += 1
        if inside[0] == wanted:
            everyone_reads.set()
        assert town.house.database.pool.in_use < wanted - inside[0] + 1
        await everyone_reads.wait()

    monkeypatch.setattr(GroupWriter, "write", hold)
    answers = await asyncio.wait_for(asyncio.gather(*(town.ask("citizen-1", _LOOK) for _ in range(wanted))), 20)
    assert {answer.status for answer in answers} == {200}
