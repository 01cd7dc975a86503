"""Migration 0003 on a database that holds parties already."""

import uuid
from typing import Any

from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from api.house import House
from api.migrating import config, migrate
from tests.harness import city
from tests.harness.city import Templates


async def test_parties_and_their_staff_stay_and_new_states_are_allowed(templates: Templates, backend: str) -> None:
    name = f"t_{uuid.uuid4().hex[:12]}"
    house = House(templates.settings(await city.empty(templates, backend, name)))
    try:
        async with house.database.engine.begin() as connection:
            await connection.run_sync(lambda sync: command.upgrade(config(sync), "0002"))
        async with house.database.writing() as unit:
            await unit.run(
                text(
                    "INSERT INTO party (id, code, name, kind, state, contact, purposes, created_at)"
                    " VALUES ('p', 'P', 'P', 'BANK', 'FROZEN', 'c', '[]', '2026-01-01 00:00:00')"
                )
            )
            await unit.run(text("INSERT INTO staff (id, party_id, label, post) VALUES ('s', 'p', 'x', 'OFFICER')"))
        await migrate(house.database)
        assert await _first(house, "SELECT state, epoch, version FROM party") == ("FROZEN", 1, 1)
        assert await _first(house, "SELECT party_id, state, epoch FROM staff") == ("p", "ACTIVE", 1)
        async with house.database.writing() as unit:
            assert await unit.run(text("UPDATE party SET state = 'REGISTERED'")) == 1
        try:
            async with house.database.writing() as unit:
                await unit.run(text("UPDATE party SET state = 'ELSEWHERE'"))
            raise AssertionError("the CHECK is gone")
        except IntegrityError:
            pass
    finally:
        await house.database.close()
        await city.drop(templates, backend, name)


async def _first(house: House, statement: str) -> tuple[Any, ...]:
    async with house.database.reading() as unit:
        row = await unit.first(text(statement))
    assert row is not None
    return tuple(row)
