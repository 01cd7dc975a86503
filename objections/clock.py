"""When an objection is due (Art. 12(2), 12(4)). Pure: from receipt, track, stops and calendar to a day.

Three working days, or ten when the provider is asked; ten from receipt, so they replace the three. The day of receipt
does not count (民法典 201), nor does a day on which 检验 检测 检疫 鉴定 or 专家评审 is under way: both days that a stop
names, and a day inside two of them once. A stop that nobody has ended holds the clock: what is said then is the
earliest day possible, as if the stop ended today, and nothing becomes late.

A date that has passed stays: no stop noted later, no notice and no forwarding moves it (`moves`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core import workdays
from core.moments import day_of, start_of
from core.workdays import Due, Known
from objections.kinds import ObjectionTrack

TERMS: Mapping[ObjectionTrack, int] = {ObjectionTrack.OWN_SCOPE: 3, ObjectionTrack.PROVIDER_VERIFICATION: 10}
# CHOICE: the provider answers by the seventh working day from receipt, where its terms name no other; three are left to
# decide and to tell.
PROVIDER_DAYS = 7
# CHOICE: a provider's silence is read at 18:00 of the last day, when business hours are over (民法典 203): telling the
# applicant is inside the term, and the day is not over yet.
SILENCE_BEFORE = timedelta(hours=6)
_DAY = timedelta(days=1)
# A rest of nine days was the longest ever announced.
_REACH = timedelta(days=3 * max(TERMS.values()) + 31)


@dataclass(frozen=True)
class Stop:
    """Days that do not count, the first and the last included; open while nobody has named the last."""

    started_on: date
    ended_on: date | None = None


@dataclass(frozen=True)
class Term:
    """What a due day is counted from."""

    received: datetime
    track: ObjectionTrack = ObjectionTrack.OWN_SCOPE
    stops: Sequence[Stop] = ()

    @property
    def held(self) -> bool:
        """Whether the clock stands: somebody is still examining."""
        return any(stop.ended_on is None for stop in self.stops)


@dataclass(frozen=True)
class InForce:
    """A date as it was in force from an instant on; held, it is the earliest day possible and binds nobody."""

    since: datetime
    due_on: date
    held: bool = False


def reach(term: Term, *, at: datetime) -> tuple[date, date]:
    """The days whose calendar a count may look at, both included."""
    stopped = [stop.ended_on or day_of(at) for stop in term.stops]
    return day_of(term.received), max([day_of(term.received), day_of(at), *stopped]) + _REACH


def due(term: Term, known: Mapping[date, Known], *, at: datetime) -> Due:
    """The last day for deciding and telling; of a clock that stands, the earliest it can be."""
    return workdays.count(term.received, TERMS[term.track], known, _Stopped(term.stops, day_of(at)))


def inner(term: Term, known: Mapping[date, Known], *, days: int = PROVIDER_DAYS, at: datetime) -> Due:
    """The provider's own last day, counted from receipt as the term is and never after it."""
    return workdays.count(term.received, min(days, TERMS[term.track]), known, _Stopped(term.stops, day_of(at)))


def forwardable(term: Term, known: Mapping[date, Known], *, at: datetime) -> bool:
    """Whether a provider may be asked still: the three working days are not over. Their last day is one of them."""
    own = Term(term.received, ObjectionTrack.OWN_SCOPE, term.stops)
    return at < due(own, known, at=at).until


def workdays_left(term: Term, due_on: date, known: Mapping[date, Known], *, at: datetime) -> int:
    """Working days after today up to the last: 0 on the last day itself, below 0 for each that has passed since."""
    today, stopped = day_of(at), _Stopped(term.stops, day_of(at))
    if today <= due_on:
        return workdays.between(today, due_on, known, stopped)
    return -workdays.between(due_on, today, known)


def moves(dates: Sequence[InForce], *, at: datetime) -> bool:
    """Whether the date may still be another one: what has passed stays, whatever is noted afterwards."""
    return not overdue(dates, at=at)


def announced(found: Due, *, at: datetime) -> date:
    """The day that a calendar's notice leads to: a notice makes nobody late on a day on which they were not."""
    return max(found.day, day_of(at))


def overdue(dates: Sequence[InForce], *, at: datetime) -> bool:
    """Whether some date had passed while it was the one in force, at an instant or before it."""
    rows = sorted((row for row in dates if row.since <= at), key=lambda row: row.since)
    ends = [*(row.since for row in rows[1:]), at][: len(rows)]
    return any(not row.held and start_of(row.due_on + _DAY) <= end for row, end in zip(rows, ends, strict=True))


@dataclass(frozen=True)
class _Stopped:
    """The days inside any stop, an open one as if it ended today."""

    stops: Sequence[Stop]
    today: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and any(
            stop.started_on <= day <= (stop.ended_on or max(self.today, stop.started_on)) for stop in self.stops
        )
