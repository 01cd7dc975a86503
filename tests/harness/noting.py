"""What a reading unit asks of the database, noted while it asks."""

from typing import Any

import pytest

from core import database


def noted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that are run from now on."""
    statements: list[str] = []
    real = database.ReadUnit.all

    async def noting(self: Any, statement: Any, values: Any = None) -> Any:
        statements.append(str(getattr(statement, "core", statement)))
        return await real(self, statement, values)

    monkeypatch.setattr(database.ReadUnit, "all", noting)
    return statements
