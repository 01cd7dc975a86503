"""What supervision is told of sharing out (Art. 5): what was asked for, begun, refused and ended, and what is in force.

A share hangs on no handler. A district is told of those that are of it alone, as of the providers that send for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from core.database import Unit
from core.moments import day_of
from core.months import Span
from core.statements import Row
from oversight.sharing.shares import ShareStanding
from oversight.sharing.tables import share


@dataclass(frozen=True)
class Shares:
    """A span's shares: asked for, begun (reviewed), refused, ended (by somebody, or by their last day), in force at
    its end."""

    asked: int
    begun: int
    refused: int
    ended: int
    in_force: int


async def shares(unit: Unit, span: Span, *, district: str | None) -> Shares:
    """Every share of a span; of a district (行政区划代码) those that are of no other."""
    c = share.c
    query = select(c.districts, c.asked_at, c.reviewed_at, c.state, c.ended_at, c.valid_until)
    rows = await unit.all(query.where(c.asked_at < span.ends))
    here = [row for row in rows if district is None or row.districts == [district]]
    last = day_of(span.ends - timedelta(microseconds=1))
    return Shares(
        asked=sum(row.asked_at >= span.begins for row in here),
        begun=sum(row.reviewed_at is not None and span.begins <= row.reviewed_at < span.ends for row in here),
        refused=_refused(here, span),
        ended=sum(_ended(row, span, last) for row in here),
        in_force=sum(_in_force(row, span, last) for row in here),
    )


def _refused(rows: Sequence[Row], span: Span) -> int:
    return sum(row.state == ShareStanding.REFUSED.value and span.begins <= row.ended_at < span.ends for row in rows)


def _ended(row: Row, span: Span, last: date) -> bool:
    """Whether one that had begun was over in the span, by whichever came first."""
    if row.reviewed_at is None:
        return False
    if row.ended_at is not None:
        return bool(span.begins <= row.ended_at < span.ends)
    return bool(day_of(span.begins) <= row.valid_until + timedelta(days=1) <= last)


def _in_force(row: Row, span: Span, last: date) -> bool:
    if row.reviewed_at is None or row.reviewed_at >= span.ends:
        return False
    return bool((row.ended_at is None or row.ended_at >= span.ends) and row.valid_until >= last)
