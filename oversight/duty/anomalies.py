"""What is unusual in one staff member's looks of a day (Art. 13), by rules that anybody can check by counting. Pure.

A finding says what was seen and what the limit is, and on which looks it rests; at whom they were is not said. It is a
reason to ask, and no judgment: whether it was misuse is for a person to find out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.moments import CITY, day_of
from core.workdays import Known, is_workday
from oversight.duty.anomalies_limits import Limits, Rule

WINDOW_DAYS = 30
_HOUR = timedelta(hours=1)
_MOST_NAMED = 50


@dataclass(frozen=True)
class Seen:
    """One look as the rules see it. `subject` is any word for who was looked at, None for nobody who exists."""

    id: str
    at: datetime
    basis: str
    purpose: str
    subject: str | None
    has_case: bool
    fields: int
    refused: bool = False


@dataclass(frozen=True)
class Finding:
    """What one rule found in the looks on one basis: `seen` is more than `limit`. The looks are named oldest first, at
    most fifty; `count` is how many there are."""

    rule: Rule
    basis: str
    day: date
    seen: int
    limit: int
    count: int
    looks: tuple[str, ...]


Worked = Callable[[Sequence[Seen], Sequence[Seen], "_Asked"], Finding | None]


@dataclass(frozen=True)
class _Asked:
    basis: str
    day: date
    limits: Limits
    known: Mapping[date, Known]

    def found(self, rule: Rule, seen: int, limit: int, looks: Sequence[Seen]) -> Finding | None:
        """A finding, when the limit was passed."""
        if seen <= limit:
            return None
        named = tuple(look.id for look in looks[:_MOST_NAMED])
        return Finding(rule, self.basis, self.day, seen, limit, len(looks), named)


def find(looks: Iterable[Seen], day: date, *, limits: Limits, known: Mapping[date, Known]) -> list[Finding]:
    """Everything unusual about a staff member's looks of a day of the city. `looks` are theirs of that day and of the
    29 before it, in any order; `known` what was announced of the day (an unknown one is answered by statute)."""
    ordered = sorted(looks, key=lambda look: (look.at, look.id))
    found: list[Finding] = []
    for basis in sorted({look.basis for look in ordered}):
        asked = _Asked(basis, day, limits, known)
        window = [look for look in ordered if look.basis == basis]
        today = [look for look in window if day_of(look.at) == day]
        worked = (rule(today, window, asked) for rule in _RULES)
        found.extend(one for one in worked if one is not None)
    return found


def _no_case(today: Sequence[Seen], _window: Sequence[Seen], asked: _Asked) -> Finding | None:
    """Answered looks that name no case where there has to be one."""
    without = [
        look
        for look in today
        if not look.has_case and not look.refused and asked.limits.of(Rule.NO_CASE, look.basis, look.purpose)
    ]
    limit = asked.limits.of(Rule.NO_CASE, asked.basis)
    return asked.found(Rule.NO_CASE, len(without), limit.most, without) if limit else None


def _repeated(today: Sequence[Seen], window: Sequence[Seen], asked: _Asked) -> Finding | None:
    """One person on more days within thirty than usual; found on the day that goes beyond, not again on the next."""
    limit = asked.limits.of(Rule.REPEATED, asked.basis)
    if limit is None:
        return None
    days: dict[str, set[date]] = {}
    for look in window:
        if look.subject is not None and not look.refused:
            days.setdefault(look.subject, set()).add(day_of(look.at))
    beyond = {look.subject for look in today if len(days.get(look.subject or "", ())) == limit.most + 1}
    again = [look for look in window if look.subject in beyond and not look.refused]
    return asked.found(Rule.REPEATED, limit.most + 1 if beyond else 0, limit.most, again)


def _out_of_hours(today: Sequence[Seen], _window: Sequence[Seen], asked: _Asked) -> Finding | None:
    """Looks outside an office's hours, or on a day that nobody works."""
    limit = asked.limits.of(Rule.OUT_OF_HOURS, asked.basis)
    if limit is None or limit.hours is None:
        return None
    first, last = limit.hours
    worked = is_workday(asked.day, asked.known)
    outside = [look for look in today if not (worked and first <= look.at.astimezone(CITY).hour < last)]
    return asked.found(Rule.OUT_OF_HOURS, len(outside), limit.most, outside)


def _burst(today: Sequence[Seen], _window: Sequence[Seen], asked: _Asked) -> Finding | None:
    """Different people within some hour of the day."""
    limit = asked.limits.of(Rule.BURST, asked.basis)
    if limit is None:
        return None
    answered = [look for look in today if look.subject is not None and not look.refused]
    most, busiest, begins = 0, answered[:0], 0
    for ends, look in enumerate(answered):
        while look.at - answered[begins].at >= _HOUR:
            begins += 1
        many = len({one.subject for one in answered[begins : ends + 1]})
        if many > most:
            most, busiest = many, answered[begins : ends + 1]
    return asked.found(Rule.BURST, most, limit.most, busiest)


def _wide(today: Sequence[Seen], _window: Sequence[Seen], asked: _Asked) -> Finding | None:
    """Looks that reach more fields than any usual one."""
    limit = asked.limits.of(Rule.WIDE, asked.basis)
    if limit is None:
        return None
    wide = [look for look in today if look.fields > limit.most]
    return asked.found(Rule.WIDE, max((look.fields for look in wide), default=0), limit.most, wide)


def _attempts(today: Sequence[Seen], _window: Sequence[Seen], asked: _Asked) -> Finding | None:
    """Looks that were refused."""
    limit = asked.limits.of(Rule.ATTEMPTS, asked.basis)
    refused = [look for look in today if look.refused]
    return asked.found(Rule.ATTEMPTS, len(refused), limit.most, refused) if limit else None


_RULES: tuple[Worked, ...] = (_no_case, _repeated, _out_of_hours, _burst, _wide, _attempts)
