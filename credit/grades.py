"""公共信用综合评价 (Art. 9) as it is read: the grade that holds, in the record, on paper and in a sheet."""

from datetime import date, datetime

from sqlalchemy import bindparam, select

from audit.lens import Lens
from core.database import Unit
from core.moments import day_of
from core.statements import Row, Statement
from credit.kinds import SubjectKind
from credit.tables import evaluation

# Who can have one.
KINDS = frozenset({SubjectKind.LEGAL_PERSON, SubjectKind.UNINCORPORATED})
_NEWEST = Statement(select(evaluation).where(evaluation.c.subject_id == bindparam("subject_id")))


async def of(unit: Unit, lens: Lens, *, at: datetime) -> Row | None:
    """The evaluation of the lens's subject that holds on the city's day of `at`, with its marks, or None: there is none
    yet, or it is over."""
    row = await newest(unit, lens)
    return row if row is not None and holds(row, on=day_of(at)) else None


async def newest(unit: Unit, lens: Lens) -> Row | None:
    """The evaluation of the lens's subject that was entered last, though it may be over; or None, also where the lens
    does not reach it."""
    row = await unit.first(_NEWEST, {"subject_id": lens.subject_id})
    if row is None or row.strand is None or lens.strands is None or row.strand in lens.strands:
        return row
    return None


def holds(row: Row, *, on: date) -> bool:
    """Whether it holds on a day of the city's, and has not been taken out. Pure."""
    return bool(row.withdrawn_at is None and row.assessed_on <= on <= row.valid_until)
