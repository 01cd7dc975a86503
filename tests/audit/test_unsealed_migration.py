"""Migration 0021 on a log that is being sealed: what was numbered, or only written, is sealed by the new build."""

import uuid
from datetime import UTC, datetime

from alembic import command
from sqlalchemy import text

from api.house import House
from api.migrating import config, migrate
from tests.harness import city
from tests.harness.city import Templates
from tests.harness.sealing import sealer_of

_LOOK = text(
    "INSERT INTO access"
    " (id, at, subject_id, basis, channel, purpose, shape_id, categories, codes, record_count, position)"
    " VALUES (:id, '2026-01-01 00:00:00', 's', 'SELF', 'APP', 'SELF_QUERY', 'x', '[]', '[]', 0, :position)"
)
_OLD = (
    "INSERT INTO look_shape (id, fields) VALUES ('x', '[]')",
    "INSERT INTO log_leaf (position, hash, access_id, secret, subject_id, sequence)"
    " SELECT position, :bytes, id, :bytes, subject_id, 1 FROM access WHERE position = 1",
    "INSERT INTO log_head (id, origin, size, withheld, note, sealed_at)"
    " VALUES (1, 'haihe.test/log', 1, 0, 'kept', '2026-01-01 00:00:00')",
)


async def test_what_was_not_sealed_is_sealed_next_and_nothing_twice(templates: Templates, backend: str) -> None:
    name = f"t_{uuid.uuid4().hex[:12]}"
    house = House(templates.settings(await city.empty(templates, backend, name)))
    try:
        async with house.database.engine.begin() as connection:
            await connection.run_sync(lambda sync: command.upgrade(config(sync), "0020"))
        shape, *sealed = _OLD
        async with house.database.writing() as unit:
            await unit.run(text(shape))
            for id_, position in (("sealed", 1), ("numbered", 2), ("written", None)):
                await unit.run(_LOOK, {"id": id_, "position": position})
            for statement in sealed:
                await unit.run(text(statement), {"bytes": b"\x01" * 32} if ":bytes" in statement else None)
        await migrate(house.database)
        sealer = sealer_of(house)
        assert (await sealer.seal(at=datetime.now(UTC)), await sealer.seal(at=datetime.now(UTC))) == (2, 0)
        async with house.database.reading() as unit:
            leaves = await unit.all(text("SELECT position, access_id, sequence FROM log_leaf ORDER BY position"))
        assert [tuple(row) for row in leaves] == [(1, "sealed", 1), (2, "numbered", 2), (3, "written", 3)]
    finally:
        await house.database.close()
        await city.drop(templates, backend, name)
