"""How the channels fared, day by day (Art. 13)."""

from datetime import date, timedelta
from typing import Annotated

import strawberry

from core.moments import day_of
from core.principal import Channel, Scope
from oversight.duty import availability
from oversight.duty.availability import NO_CHANNEL
from schema.context import Info
from schema.officers import require

_WEEK = timedelta(days=6)
FromDay = Annotated[date | None, strawberry.argument(name="from")]


@strawberry.type(description="What one channel answered in a day, and what failed in it by our fault.")
class ChannelCount:
    """A channel's day. Operations of callers who are not signed in come through none."""

    channel: Channel | None
    answered: int
    faults: int


@strawberry.type(
    description="One day of the city's. Each minute every process asks itself whether it could serve: `unready` of "
    "`asked` times it could not. In an hour that is not among `measuredHours` nobody asked, which is no good sign."
)
class ChannelDay:
    """A day; a channel that nobody came through is not in it."""

    day: date
    channels: list[ChannelCount]
    measured_hours: int
    asked: int
    unready: int


async def channel_days(info: Info, first: date | None, last: date | None) -> list[ChannelDay]:
    """The days between two, oldest first; the last week by default."""
    context = info.context
    require(context, Scope.PARTY_SUSPEND)
    until = last or day_of(context.at)
    days = await availability.by_day(context.unit, first or until - _WEEK, until)
    return [
        ChannelDay(
            day=one.day,
            channels=[
                ChannelCount(
                    channel=None if name == NO_CHANNEL else Channel(name), answered=fared.answered, faults=fared.failed
                )
                for name, fared in one.channels.items()
            ],
            measured_hours=one.hours,
            asked=one.asked,
            unready=one.unready,
        )
        for one in days
    ]
