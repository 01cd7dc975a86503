"""Since when and until when a loan is monitored (Art. 10), as the grant's row and its steps say it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from core.database import Unit
from core.statements import Row
from grants import rules
from grants.scope import GrantStatus
from grants.states import GrantAct
from grants.tables import grant_step

_ACTIVE, _ENDED = GrantStatus.ACTIVE.value, GrantAct.MONITOR_END.value


@dataclass(frozen=True)
class Span:
    """From when changes are told, and until when: as it ended, or else as it will at the latest."""

    since: datetime
    until: datetime
    running: bool


async def spans(unit: Unit, rows: Sequence[Row], *, at: datetime) -> Mapping[str, Span]:
    """The monitoring of several grants, by id; those that nobody ever monitored are left out."""
    agreed = [row for row in rows if row.monitoring_notice_hash is not None]
    if not agreed:
        return {}
    c = grant_step.c
    telling = or_(c.led_to == _ACTIVE, c.act == _ENDED)
    steps = select(c.grant_id, c.act, c.led_to, c.at).where(c.grant_id.in_([row.id for row in agreed]), telling)
    of: dict[str, list[Row]] = {}
    for step in await unit.all(steps.order_by(c.grant_id, c.version)):
        of.setdefault(step.grant_id, []).append(step)
    found = ((row.id, span(row, of.get(row.id, ()), at=at)) for row in agreed)
    return {grant_id: one for grant_id, one in found if one is not None}


def span(row: Any, steps: Iterable[Any], *, at: datetime) -> Span | None:
    """The monitoring of a grant's row, by its steps in order; None where it ended before it began. Pure."""
    known = list(steps)
    begun = next((step.at for step in known if step.led_to == _ACTIVE), None)
    if begun is None:
        return None  # never whole
    since = max(begun, row.valid_from)
    ended = next((step.at for step in known if step.act == _ENDED), row.ended_at)
    until = row.valid_until if ended is None else min(ended, row.valid_until)
    if until < since:
        return None
    alive = row.monitoring and since <= at and rules.status_at(row, at=at) is GrantStatus.ACTIVE
    return Span(since, until, bool(alive))
