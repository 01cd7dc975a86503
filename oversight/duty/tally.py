"""What an auditor is told of staff's duty in a period: how many words were said, reviews closed and incidents recorded.

Counts of the institution's own work, exact, and nobody's name.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Table, func, select

from core.database import Unit
from core.months import Span
from oversight.duty.tables import broken_glass, incident, look_review, post_review, release


async def tally(unit: Unit, span: Span) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Of each sort of duty that was begun in the period, how many of which kind stand how. A word that nobody has said
    is null."""
    sorts: Mapping[str, tuple[Table, Column[Any], tuple[Column[Any], ...]]] = {
        "postReviews": (post_review, post_review.c.opened_at, (post_review.c.quarter, post_review.c.outcome)),
        "emergencies": (broken_glass, broken_glass.c.opened_at, (broken_glass.c.outcome,)),
        "releases": (release, release.c.requested_at, (release.c.kind, release.c.outcome)),
        "lookReviews": (look_review, look_review.c.opened_at, (look_review.c.rule, look_review.c.outcome)),
        "incidents": (incident, incident.c.recorded_at, (incident.c.kind, incident.c.state)),
    }
    return {name: await _counted(unit, span, *sort) for name, sort in sorts.items()}


async def _counted(
    unit: Unit, span: Span, table: Table, begun: Column[Any], by: tuple[Column[Any], ...]
) -> Sequence[Mapping[str, Any]]:
    query = select(*by, func.count().label("many")).select_from(table)
    rows = await unit.all(query.where(begun >= span.begins, begun < span.ends).group_by(*by).order_by(*by))
    return [{**{column.name: getattr(row, column.name) for column in by}, "count": int(row.many)} for row in rows]
