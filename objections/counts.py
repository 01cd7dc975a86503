"""What oversight is told of objections: how many, how late, what came of them. Counts of the institutions' own work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from core.database import Unit
from core.moments import day_of
from core.months import Span
from objections.kinds import ObjectionAddressee, ObjectionOutcome, ObjectionStatus, StopCause
from objections.tables import clock_stop, objection

_REJECTING = frozenset({ObjectionOutcome.NOT_CORRECTED, ObjectionOutcome.EXPLAINED})
UPHELD = tuple(outcome.value for outcome in ObjectionOutcome if outcome not in _REJECTING)


@dataclass(frozen=True)
class Objections:
    """A span's objections: `open` at its end; `late` of those answered in it and those open at its end; `upheld` of
    those answered. `median_days` are calendar days from receipt to telling, of those answered; None of none.
    `stops` began in it.
    """

    filed: int
    answered: int
    withdrawn: int
    open: int
    late: int
    upheld: int
    median_days: Decimal | None
    stops: Mapping[StopCause, int]


async def objections(unit: Unit, span: Span, *, district: str | None) -> Objections:
    """Every objection of a span; of a district (行政区划代码) those that its institution handles. What is late is said
    as the dates are known now: a stop that is noted afterwards counts back."""
    o = objection.c
    here = _of(district)
    ended = and_(o.ended_at >= span.begins, o.ended_at < span.ends)
    answered = and_(ended, o.status == ObjectionStatus.CLOSED.value)
    is_open = and_(o.filed_at < span.ends, or_(o.ended_at.is_(None), o.ended_at >= span.ends))
    told = func.coalesce(o.notified_at, o.ended_at)
    late = and_(
        o.held.is_(False),
        or_(and_(answered, o.due_at <= told), and_(is_open, o.due_at <= span.ends)),
    )
    counts: Sequence[ColumnElement[bool]] = (
        and_(o.filed_at >= span.begins, o.filed_at < span.ends),
        answered,
        and_(ended, o.status == ObjectionStatus.WITHDRAWN.value),
        is_open,
        late,
        and_(answered, o.outcome.in_(UPHELD)),
    )
    row = await unit.first(select(*(func.count().filter(each) for each in counts)).where(*here))
    assert row is not None  # counts have a row
    times = await unit.all(select(o.filed_at, told.label("told")).where(answered, *here))
    stops = (
        select(clock_stop.c.cause, func.count().label("many"))
        .join(objection, o.id == clock_stop.c.objection_id)
        .where(clock_stop.c.opened_at >= span.begins, clock_stop.c.opened_at < span.ends, *here)
        .group_by(clock_stop.c.cause)
    )
    begun = {StopCause(one.cause): int(one.many) for one in await unit.all(stops)}
    filed, answered_, withdrawn, open_, late_, upheld = map(int, row)
    middle = _median([(one.filed_at, one.told) for one in times])
    return Objections(filed, answered_, withdrawn, open_, late_, upheld, middle, begun)


def _of(district: str | None) -> Sequence[ColumnElement[bool]]:
    if district is None:
        return ()
    institutions = objection.c.addressee == ObjectionAddressee.CREDIT_INSTITUTION.value
    return (institutions, objection.c.district == district)


def _median(times: Sequence[tuple[Any, datetime]]) -> Decimal | None:
    """Of whole days; between two of them a half is possible."""
    days = [Decimal((day_of(told) - day_of(filed)).days) for filed, told in times]
    return median(days) if days else None
