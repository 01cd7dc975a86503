"""A year of staff's looks as it might be, and misuse hidden in it: some blatant, some hardly more than usual."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from core.moments import CITY
from core.workdays import by_statute
from oversight.duty.anomalies import Seen
from oversight.duty.anomalies_limits import Rule

YEAR = 2026
# Basis, purpose, looks of a day, the hours of work, and on how many days a person is usually looked at.
_DESKS = (
    ("COUNTER", "COUNTER_OWN", 14, (9, 17), 1),
    ("OBJECTION", "OBJECTION", 10, (8, 18), 5),
    ("STATUTE", "LICENSING", 18, (8, 18), 2),
    ("GRANT", "FINANCING", 25, (8, 19), 3),
)
_MISUSES = (Rule.NO_CASE, Rule.REPEATED, Rule.OUT_OF_HOURS, Rule.BURST, Rule.WIDE, Rule.ATTEMPTS)


@dataclass(frozen=True)
class Planted:
    """What was hidden, and from which day to which it may be found."""

    rule: Rule
    first: date
    last: date


@dataclass(frozen=True)
class Somebody:
    """A staff member's year."""

    looks: tuple[Seen, ...]
    planted: tuple[Planted, ...]


def everybody(people: int, seed: int) -> Iterator[Somebody]:
    """So many people's years; each misuses their post now and then, or never."""
    for number in range(people):
        yield _Year(Random(f"{seed}/{number}"), number).lived()


class _Year:
    def __init__(self, chance: Random, number: int) -> None:
        self._chance = chance
        self._number = number
        self._basis, self._purpose, self._many, self._hours, self._days = _DESKS[number % len(_DESKS)]
        self._looks: list[Seen] = []
        # Who is looked at in these days, and how often they still will be.
        self._open: list[tuple[str, int]] = []

    def lived(self) -> Somebody:
        days = [date(YEAR, 1, 1) + timedelta(days=ahead) for ahead in range(365)]
        worked = [day for day in days if by_statute(day)]
        for day in worked:
            self._ordinary(day)
        # Nobody needs a case to look by a grant.
        possible = _MISUSES[self._basis == "GRANT" :]
        rules = self._chance.sample(possible, k=2) if self._number % 3 == 0 else []
        planted = [self._plant(rule, self._chance.choice(worked[40:-40])) for rule in rules]
        return Somebody(tuple(self._looks), tuple(planted))

    def _look(self, day: date, hour: int, minute: int, who: str | None, **differs: object) -> None:
        at = datetime.combine(day, time(hour, minute, self._chance.randrange(60)), CITY)
        said: dict[str, object] = {"has_case": self._basis != "GRANT", "fields": self._chance.randint(8, 60)}
        made = {"subject": who, "basis": self._basis, "purpose": self._purpose, **said, **differs}
        self._looks.append(Seen(f"acc_{self._number}_{len(self._looks)}", at, **made))  # type: ignore[arg-type]

    def _ordinary(self, day: date) -> None:
        chance = self._chance
        for _ in range(max(1, round(chance.gauss(self._many, self._many / 4)))):
            # Now and then somebody finishes a case in the evening, and tells nobody.
            late = chance.random() < 0.0002
            hour = 20 + chance.randrange(3) if late else chance.randrange(*self._hours)
            slip = chance.random() < 0.02
            wide = chance.random() < 0.0001
            fields = chance.randint(*((91, 140) if wide else (8, 60)))
            self._look(day, hour, chance.randrange(60), None if slip else self._whom(), refused=slip, fields=fields)

    def _whom(self) -> str:
        """Somebody new, or somebody whose case goes on. A few cases are long."""
        if self._open and self._chance.random() < 0.4:
            who, left = self._open.pop(self._chance.randrange(len(self._open)))
        else:
            left = min(8, round(self._chance.expovariate(1 / self._days)))
            who = f"s{self._chance.randrange(10**9)}"
        if left > 0:
            self._open.append((who, left - 1))
        return who

    def _plant(self, rule: Rule, day: date) -> Planted:
        """Hide one misuse, of any size."""
        chance, last = self._chance, day
        size = chance.randint(1, 6)
        if rule is Rule.REPEATED:
            last = day + timedelta(days=29)
            for ahead in chance.sample(range(30), k=3 + size):
                self._look(day + timedelta(days=ahead), 11, chance.randrange(60), "neighbour")
        elif rule is Rule.BURST:
            for minute in range(14 * size):
                self._look(day, 13, minute % 60, f"b{day}{minute}")
        else:
            hour = chance.choice((5, 22, 23)) if rule is Rule.OUT_OF_HOURS else 14
            for n in range(3 * size if rule is Rule.ATTEMPTS else size):
                self._look(day, hour, n, None if rule is Rule.ATTEMPTS else f"o{day}{n}", **self._odd(rule))
        return Planted(rule, day, last)

    def _odd(self, rule: Rule) -> dict[str, object]:
        """What is wrong with one look."""
        if rule is Rule.NO_CASE:
            return {"has_case": False}
        if rule is Rule.WIDE:
            return {"fields": self._chance.randint(65, 200)}
        return {"refused": True} if rule is Rule.ATTEMPTS else {}
