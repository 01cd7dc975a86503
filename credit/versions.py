"""What a record said before: kept when it changes, with the interval in which it was said, half-open.

A record's instants never run backwards, whichever process's clock they come from: a version begins when the one before
it ends, so that at any instant one version was said and no more.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from core.database import WriteUnit
from core.errors import NotAvailable
from core.statements import Row
from credit.tables import record, record_version
from notices import changes
from notices.changes import Change
from notices.kinds import ChangeKind


def said_since(row: Row) -> datetime:
    """Since when a record says what it says now: its words, its status, its mark and its subject's statement."""
    recorded: datetime = row.recorded_at
    return recorded if row.changed_at is None else max(recorded, row.changed_at)


def ends(row: Row, *, at: datetime) -> datetime:
    """The instant at which what this row says ends, when it changes at `at`."""
    return max(at, said_since(row))


def superseded(row: Row, *, at: datetime) -> dict[str, Any]:
    """A row of `record` as a version that was said until `at`."""
    return {
        "record_id": row.id,
        "version": row.version,
        "category": row.category,
        "sorted_on": row.sorted_on,
        "status": row.status,
        "query_until": row.query_until,
        "content": plain(row),
        "said_since": said_since(row),
        "replaced_at": ends(row, at=at),
    }


async def change(unit: WriteUnit, row: Row, values: Mapping[str, Any], *, at: datetime) -> None:
    """Let a record, read in this transaction, say something else from now on; what it said is kept.

    Raises `NotAvailable` when it is not as it was read.
    """
    fresh = {**values, "version": row.version + 1, "changed_at": ends(row, at=at)}
    as_read = (record.c.id == row.id, record.c.version == row.version)
    if await unit.run(record.update().where(*as_read).values(fresh)) != 1:
        raise NotAvailable()
    await unit.run(record_version.insert().values(superseded(row, at=at)))
    await changes.tell(unit, Change(row.subject_id, ChangeKind.RECORD, row.id, row.version + 1), at=at)


def plain(row: Row) -> dict[str, Any]:
    """A row as plain JSON."""
    content: dict[str, Any] = orjson.loads(orjson.dumps({f"{name}": value for name, value in row._asdict().items()}))
    return content
