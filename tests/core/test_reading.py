"""A unit of reading is cut off in time, in whichever statement it hangs, and its connection never comes back."""

import time

import pytest
from sqlalchemy import text

from api.house import House
from core import drivers
from core.database import ReadUnit
from core.errors import DependencyDown

_ONE = text("SELECT 1")


async def _hang(house: House, before: int) -> None:
    async with house.database.reading() as unit:
        for _ in range(before):
            await unit.first(_ONE)
        await unit.first(text("SELECT pg_sleep(4)"))


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
@pytest.mark.parametrize("before", [0, 1])
async def test_a_statement_that_hangs_is_cut_off_and_not_begun_again(
    house: House, monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    monkeypatch.setattr(drivers, "READ_SECONDS", 0.3)
    begun = time.monotonic()
    with pytest.raises(DependencyDown):
        await _hang(house, before)
    assert time.monotonic() - begun < 2
    assert house.database.pool.in_use == 0


async def _idle_too_long(unit: ReadUnit) -> None:
    async with unit:
        await unit.first(_ONE)
        unit._cut_off()
        await unit.first(_ONE)


async def test_a_unit_that_idled_beyond_its_time_spoils_nobodys_connection(house: House) -> None:
    with pytest.raises(DependencyDown):
        await _idle_too_long(house.database.reading())
    async with house.database.reading() as unit:
        assert await unit.first(_ONE) == (1,)
