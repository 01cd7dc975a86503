"""A record was wrong: written down in the transaction that puts it right, so that whoever saw it is told afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.database import WriteUnit
from core.ids import new_id
from credit.changes import Face
from credit.kinds import RecordStatus
from credit.tables import correction


@dataclass(frozen=True)
class Wrong:
    """What a record said until now, and since when."""

    record_id: str
    face: Face
    since: datetime


async def note(unit: WriteUnit, wrongs: Iterable[Wrong], *, at: datetime) -> None:
    """Write down what was wrong. What others could not see any more was not wrong to anybody."""
    rows = [_row(wrong, at) for wrong in wrongs if wrong.face.status == RecordStatus.CURRENT.value]
    if rows:
        await unit.run(correction.insert(), rows)


def _row(wrong: Wrong, at: datetime) -> dict[str, object]:
    face = wrong.face
    return {
        "id": new_id("cor"),
        "subject_id": face.subject_id,
        "record_id": wrong.record_id,
        "category": face.category,
        "publicity": face.publicity,
        "sorted_on": face.sorted_on,
        "query_until": face.query_until,
        "strand": face.strand,
        "wrong_since": wrong.since,
        "at": at,
    }
