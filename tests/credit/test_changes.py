"""The rule by which changes are told is the rule by which records are shown, in other words."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from api.house import House
from audit.lens import Audience, BasisKind, Lens
from core.cursors import Sealer
from core.moments import day_of
from core.paging import PageRequest
from credit import records
from credit.changes import Face
from credit.kinds import Publicity, RecordStatus
from credit.tables import record

_AT = datetime.now(UTC)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_face_is_shown_exactly_where_a_look_shows_its_record(house: House) -> None:
    chance, today = random.Random(4), day_of(_AT)
    async with house.database.writing() as unit:
        for row in await unit.all(select(record.c.id)):
            changed = {
                "status": chance.choice([*RecordStatus, *[RecordStatus.CURRENT] * 5]).value,
                "publicity": chance.choice(list(Publicity)).value,
                "query_until": chance.choice([None, *(today + timedelta(days=n) for n in (-1, 0, 1))]),
            }
            await unit.run(record.update().where(record.c.id == row.id).values(changed))
    shown = 0
    async with house.database.reading() as unit:
        rows = await unit.all(select(record))
        for subject_id in {row.subject_id for row in rows}:
            lens = Lens(Audience.RECIPIENT, BasisKind.GRANT, subject_id)
            request = PageRequest(100, None, Sealer(unit.vault, "faces"))
            page = await records.page(unit, lens, request, records.Filter(), with_items=False, at=_AT)
            faces = {row.id for row in rows if row.subject_id == subject_id and Face.of(row).is_shown(on=today)}
            assert {row.id for row in page.items} == faces
            shown += len(faces)
    assert 0 < shown < len(rows)
