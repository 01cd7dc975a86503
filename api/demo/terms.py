"""When what happened in the story's cases happened: counted in working days back from the city's today. Pure.

So the story is never stale: for whatever day the city is built, a case that is on its seventh working day is on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core import workdays
from core.moments import start_of
from core.workdays import Known

_DAY = timedelta(days=1)
# So far back there is always a Saturday that is worked: each year has some, around the Spring Festival and in autumn.
REACH = timedelta(days=400)


@dataclass(frozen=True)
class Term:
    """A case's working days, from the day on which it was received."""

    received: date
    known: Mapping[date, Known]

    def on(self, nth: int, hour: int, minute: int = 0) -> datetime:
        """An hour of its so manieth working day; 0 is the day of receipt."""
        return start_of(self.day(nth)) + timedelta(hours=hour, minutes=minute)

    def day(self, nth: int) -> date:
        """Its so manieth working day."""
        return self.received if nth == 0 else workdays.count(start_of(self.received), nth, self.known).day


@dataclass(frozen=True)
class Calendar:
    """The city's days up to its today."""

    known: Mapping[date, Known]
    today: date

    def on(self, nth: int) -> Term:
        """A case whose so manieth working day is today, or the next day that is worked."""
        day = self.today
        while not self._is_worked(day):
            day += _DAY
        return self._before(day, nth)

    def across_a_saturday(self, days: int) -> Term:
        """The last case of so many working days, over before today, with a worked Saturday or Sunday in its middle;
        where nobody has announced any, one without."""
        day = self.today
        while day > self.today - REACH:
            day -= _DAY
            if self._is_worked(day) and not workdays.by_weekday(day):
                found = self._before(day, days // 2 + 1)
                if found.day(days) < self.today:
                    return found
        return self.on(days + 1)

    def _before(self, day: date, nth: int) -> Term:
        """A case whose so manieth working day this is."""
        received = day
        while not (self._is_worked(received) and workdays.between(received, day, self.known) == nth):
            received -= _DAY
        return Term(received, self.known)

    def _is_worked(self, day: date) -> bool:
        return workdays.is_workday(day, self.known)
