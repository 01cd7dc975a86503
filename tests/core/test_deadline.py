"""One deadline for whatever an operation waits for: a connection, statements, what is begun anew; but for a commit."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import text

from api.house import House
from audit.writer import GroupWriter
from core import deadline
from core.errors import DependencyDown
from tests.harness.callers import inhabited

_SECONDS, _LATER = 0.4, 12.0
_SLEEPS, _MARK = text("SELECT pg_sleep(CAST(:seconds AS float))"), text("INSERT INTO marked VALUES (1)")


def test_what_is_left_is_no_more_than_one_would_wait_anyway() -> None:
    assert (deadline.left(5), deadline.ahead()) == (5, None)
    with deadline.within(60):
        assert (deadline.left(5), 59 < (deadline.ahead() or 0) <= 60) == (5, True)
        with deadline.within(0):
            assert deadline.left(5) <= 0
        assert deadline.left(100) > 59
    assert deadline.left(5) == 5


@pytest.fixture
async def narrow(house: House) -> AsyncIterator[House]:
    """A house with two connections to read by, and a table to write into that commits slowly."""
    opened = House(house.settings.model_copy(update={"pool": 2}))
    for statement in (
        "CREATE TABLE marked (n int)",
        "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1); RETURN NULL; END'",
        "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON marked DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
        "EXECUTE FUNCTION slowly()",
    ):
        async with opened.database.writing() as unit:
            await unit.run(text(statement))
    yield opened
    await opened.database.close()


async def _marked(house: House) -> int:
    async with house.database.reading() as unit:
        row = await unit.first(text("SELECT count(*) AS n FROM marked"))
    assert row is not None
    return int(row.n)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_waiting_for_a_connection_and_reading_have_one_time(narrow: House) -> None:
    async def read() -> None:
        async with narrow.database.reading() as unit:
            await unit.all(_SLEEPS, {"seconds": 20.0})

    async with AsyncExitStack() as held:
        for _ in range(2):
            await held.enter_async_context(narrow.database.reading())
        begun = time.monotonic()
        with deadline.within(_SECONDS), pytest.raises(DependencyDown):
            await read()  # no connection comes back
        assert time.monotonic() - begun < _LATER
    begun = time.monotonic()
    with deadline.within(_SECONDS):
        for _ in range(2):  # what is begun anew has no new time
            with pytest.raises(DependencyDown):
                await read()
    assert time.monotonic() - begun < _LATER
    assert narrow.database.pool.in_use == 0
    assert await _marked(narrow) == 0


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_change_is_undone_by_the_deadline_until_its_commit_is_sent_and_waited_for_then(narrow: House) -> None:
    async def mark(seconds: float) -> None:
        async with narrow.database.writing() as unit:
            await unit.run(_MARK)
            await unit.all(_SLEEPS, {"seconds": seconds})

    begun = time.monotonic()
    with deadline.within(_SECONDS), pytest.raises(DependencyDown):
        await mark(20)
    assert time.monotonic() - begun < _LATER
    assert await _marked(narrow) == 0
    begun = time.monotonic()
    with deadline.within(_SECONDS):
        await mark(0)
    assert time.monotonic() - begun > 2 * _SECONDS
    assert await _marked(narrow) == 1
    async with narrow.database.reading() as unit:
        left = await unit.first(
            text(
                "SELECT count(*) AS n FROM pg_stat_activity "
                "WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
            )
        )
    assert left is not None
    assert left.n == 0


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_look_that_is_not_logged_in_time_is_not_answered(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    commit, ahead, held = GroupWriter._commit, list[float | None](), asyncio.Event()

    async def slowly(self: GroupWriter, batch: list[object]) -> None:
        ahead.append(deadline.ahead())
        await held.wait()
        await commit(self, batch)  # type: ignore[arg-type]

    async with inhabited(house) as town:
        await town.token("citizen-1")
        monkeypatch.setattr("api.graphql.OPERATION_SECONDS", _SECONDS)
        monkeypatch.setattr("audit.writer.WRITE_SECONDS", 60.0)
        with monkeypatch.context() as patch:
            patch.setattr(GroupWriter, "_commit", slowly)
            answer = await town.ask("citizen-1", "{ me { name } }")
            assert (answer.status, answer.code, "data" in answer) == (503, "UNAVAILABLE", False)
            held.set()
        # Whoever writes for all has nobody's deadline.
        assert (await town.ask("citizen-1", "{ me { name } }")).status == 200
        assert ahead == [None]
