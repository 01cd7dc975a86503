"""How the channels fared (Art. 13: 保障信用信息查询渠道畅通): counted in each process, written down once a minute.

A count costs an addition; nothing is asked of the database on the way of a request. What a killed process had counted
in its last minute is lost, and what was not measured is said to be so: an hour in which no process asked itself whether
it could serve has no count, rather than a good one.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import Table, delete, func, select

from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid
from core.moments import day_of, start_of
from core.months import Span
from oversight.duty.tables import channel_hour, ready_hour

# Callers who are not signed in come through no channel of ours.
NO_CHANNEL = "NONE"
# CHOICE: for as long as somebody may still sue over a day on which a channel was down (民法典 188).
KEPT = timedelta(days=3 * 365 + 1)
MOST_DAYS = 100


@dataclass
class Tally:
    """What one process has counted since it was written down last: some few numbers for each hour."""

    operations: Counter[tuple[datetime, str]] = field(default_factory=Counter)
    failures: Counter[tuple[datetime, str]] = field(default_factory=Counter)
    asked: Counter[datetime] = field(default_factory=Counter)
    unready: Counter[datetime] = field(default_factory=Counter)

    def count(self, channel: str, *, failed: bool, at: datetime) -> None:
        """One operation came through a channel; `failed` by our fault, not by its caller's."""
        key = (_hour(at), channel)
        self.operations[key] += 1
        if failed:
            self.failures[key] += 1

    def ready(self, *, is_ready: bool, at: datetime) -> None:
        """Once this process asked itself whether it could serve."""
        self.asked[_hour(at)] += 1
        if not is_ready:
            self.unready[_hour(at)] += 1

    async def flush(self, unit: WriteUnit) -> None:
        """Write down what was counted, by one statement for each table."""
        channels = [
            {
                "hour": hour,
                "channel": channel,
                "answered": count - self.failures[hour, channel],
                "failed": self.failures[hour, channel],
            }
            for (hour, channel), count in sorted(self.operations.items())
        ]
        asked = [
            {"hour": hour, "asked": count, "unready": self.unready[hour]} for hour, count in sorted(self.asked.items())
        ]
        await _add(unit, channel_hour, channels)
        await _add(unit, ready_hour, asked)

    def add(self, other: "Tally") -> None:
        """What could not be written down is counted on."""
        self.operations.update(other.operations)
        self.failures.update(other.failures)
        self.asked.update(other.asked)
        self.unready.update(other.unready)


@dataclass(frozen=True)
class Fared:
    """How many operations a channel answered, and how many failed by our fault."""

    answered: int
    failed: int


@dataclass(frozen=True)
class ChannelDay:
    """One day of the city's: each channel that anybody came through, how often processes asked themselves whether they
    could serve and how often they could not, and in how many hours any of them asked."""

    day: date
    channels: Mapping[str, Fared]
    asked: int
    unready: int
    hours: int


async def by_channel(unit: Unit, span: Span) -> Mapping[str, Fared]:
    """How each channel that anybody came through fared in a span of whole hours, or up to now."""
    c = channel_hour.c
    sums = select(c.channel, func.sum(c.answered).label("answered"), func.sum(c.failed).label("failed"))
    within = sums.where(c.hour >= span.begins, c.hour < span.ends).group_by(c.channel).order_by(c.channel)
    return {row.channel: Fared(int(row.answered), int(row.failed)) for row in await unit.all(within)}


async def by_day(unit: Unit, first: date, last: date) -> Sequence[ChannelDay]:
    """Every day between two, both included, oldest first; a day of which nothing is known has no hours.

    Raises `Invalid` for a last day before the first, and for more than `MOST_DAYS`.
    """
    days = (last - first).days + 1
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(Detail(("to",), "OUT_OF_RANGE", f"1..{MOST_DAYS}"))
    begins, ends = start_of(first), start_of(last + timedelta(days=1))
    found = {}
    for table in (channel_hour, ready_hour):
        within = (table.c.hour >= begins, table.c.hour < ends)
        found[table.name] = await unit.all(select(table).where(*within).order_by(table.c.hour))
    answered: Counter[tuple[date, str]] = Counter()
    failed: Counter[tuple[date, str]] = Counter()
    for row in found[channel_hour.name]:
        answered[day_of(row.hour), row.channel] += row.answered
        failed[day_of(row.hour), row.channel] += row.failed
    made = []
    for day in (first + timedelta(days=number) for number in range(days)):
        asked = [row for row in found[ready_hour.name] if day_of(row.hour) == day]
        came = sorted(channel for on, channel in answered if on == day)
        channels = {channel: Fared(answered[day, channel], failed[day, channel]) for channel in came}
        made.append(
            ChannelDay(day, channels, sum(row.asked for row in asked), sum(row.unready for row in asked), len(asked))
        )
    return made


async def prune(unit: WriteUnit, *, at: datetime) -> None:
    """Forget what is too old to matter to anybody."""
    for table in (channel_hour, ready_hour):
        await unit.run(delete(table).where(table.c.hour < at - KEPT))


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


async def _add(unit: WriteUnit, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    if not rows:
        return
    entered = unit.insert(table).values(list(rows))
    numbers = [column for column in table.c if not column.primary_key]
    more = {column.name: column + entered.excluded[column.name] for column in numbers}
    await unit.run(entered.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=more))
