"""Readiness is asked often, and by anybody: it must cost little."""

import pytest
from alembic.script import ScriptDirectory

from tests.harness.callers import Town


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_readiness_reads_the_migrations_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await town.http.get("/readyz")).json() == {"state": "ready"}

    def read_again(*_: object) -> None:
        raise AssertionError("the migrations' files are read for each caller")

    monkeypatch.setattr(ScriptDirectory, "from_config", read_again)
    assert (await town.http.get("/readyz")).json() == {"state": "ready"}
