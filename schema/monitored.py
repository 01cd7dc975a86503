"""贷后提示 as the grant's subject sees it: since when, until when, and how often (Art. 10). Nobody else is told."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import strawberry

from audit import feeds
from core.statements import Row
from grants import monitoring
from schema.context import Context


@strawberry.type(description="贷后提示 as the subject sees it (Art. 10).")
class Monitored:
    """A monitoring that began."""

    since: datetime = strawberry.field(description="From when changes are told.")
    until: datetime = strawberry.field(description="When it ended, or else the last instant by which it does.")
    running: bool = strawberry.field(description="Whether a change would be told now.")
    told: int = strawberry.field(
        description="How often the recipient was told that a kind of information had changed. Whoever handles it for "
        "the recipient is told the same."
    )


async def monitored_of(context: Context, rows: Sequence[Row]) -> Mapping[str, Monitored]:
    """Monitoring of several grants, by their ids; those without any are left out."""
    spans = await monitoring.spans(context.unit, rows, at=context.at)
    told = await feeds.told(context.unit, spans)
    return {
        row.id: Monitored(
            since=spans[row.id].since,
            until=spans[row.id].until,
            running=spans[row.id].running,
            told=told.get((row.id, row.recipient_id), 0),
        )
        for row in rows
        if row.id in spans
    }
