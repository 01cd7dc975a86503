"""Readiness is asked often, and by anybody: it must cost little, and say nothing of how much there is to do."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest
from alembic.script import ScriptDirectory

from api import health
from core.errors import DependencyDown
from tests.harness.callers import Town


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no database that says nothing."""
    monkeypatch.setattr(health, "LOOK_SECONDS", 20.0)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_readiness_reads_the_migrations_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "KEPT_SECONDS", 0)
    assert (await town.http.get("/readyz")).json() == {"state": "ready"}

    def read_again(*_: object) -> None:
        raise AssertionError("the migrations' files are read for each caller")

    monkeypatch.setattr(ScriptDirectory, "from_config", read_again)
    assert (await town.http.get("/readyz")).json() == {"state": "ready"}


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_process_whose_connections_are_all_in_use_is_ready(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LOOK_SECONDS", 20.0)  # a busy machine
    database = town.house.database
    async with AsyncExitStack() as held:
        for _ in range(town.house.settings.pool):
            await held.enter_async_context(database.reading())
            await held.enter_async_context(database.writing())
        async with asyncio.timeout(20):
            assert (await town.http.get("/readyz")).json() == {"state": "ready"}
            assert (await town.http.get("/livez")).json() == {"state": "alive"}


async def test_many_who_ask_at_once_are_one_look(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    looks, asked = [], health.Readiness._asked

    async def counted(self: health.Readiness) -> health.State:
        looks.append(1)
        return await asked(self)

    monkeypatch.setattr(health.Readiness, "_asked", counted)
    monkeypatch.setattr(health, "KEPT_SECONDS", 600.0)
    answers = await asyncio.gather(*(town.http.get("/readyz") for _ in range(50)))
    assert ({answer.status_code for answer in answers}, len(looks)) == ({200}, 1)
    monkeypatch.setattr(health, "KEPT_SECONDS", -1.0)
    await town.http.get("/readyz")
    assert len(looks) == 2


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_database_that_says_nothing_is_down_in_time_and_asked_anew(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "KEPT_SECONDS", -1.0)

    async def silent(_self: health.Readiness) -> Any:
        await asyncio.Event().wait()

    async def refused(_self: health.Readiness) -> Any:
        raise DependencyDown("database")

    for broken in (silent, refused):
        with monkeypatch.context() as patch:
            patch.setattr(health, "LOOK_SECONDS", 0.2)
            patch.setattr(health.Readiness, "_asked", broken)
            answer = await town.http.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"state": "database_down"})
        assert (await town.http.get("/readyz")).json() == {"state": "ready"}
