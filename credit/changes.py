"""A record has changed: its subject's open score is to be made anew, and whoever monitors the subject is told, if they
may see it as it was or as it is."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from core.database import WriteUnit
from core.moments import day_of
from credit import recomputing
from credit.kinds import Publicity, RecordStatus
from grants import watching
from grants.watching import Change


class Face(NamedTuple):
    """What decides of a record who may see it. A change shows one face before it and another after it."""

    subject_id: str
    category: str
    status: str
    publicity: str
    query_until: date | None
    sorted_on: date
    strand: str | None = None

    @classmethod
    def of(cls, row: Any) -> "Face":
        """A row's face."""
        return cls(row.subject_id, row.category, row.status, row.publicity, row.query_until, row.sorted_on, row.strand)

    def is_shown(self, *, on: date) -> bool:
        """Whether recipients may see it: the twin of what `credit.records` lets through to them."""
        over = self.query_until is not None and self.query_until < on
        return self.status == RecordStatus.CURRENT.value and self.publicity != Publicity.ORGANS_ONLY.value and not over


async def tell(unit: WriteUnit, faces: Iterable[Face], *, at: datetime) -> None:
    """Tell of changed records, by every face that they had before and have now; last in the transaction."""
    changed = list(faces)
    await recomputing.ask(unit, {face.subject_id for face in changed}, at=at)
    today = day_of(at)
    shown = {
        Change(face.subject_id, face.category, face.sorted_on, face.strand)
        for face in changed
        if face.is_shown(on=today)
    }
    await watching.tell(unit, shown, at=at)
