"""Which versions of an offer could be taken at some time of a month: what its steps say. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from core.months import Month
from incentives.kinds import OfferAct


class Step(Protocol):
    """What of a step is needed, of those that an offer's steps are, in their order."""

    act: str
    number: int
    at: datetime


class Written(Protocol):
    """What of a version is needed."""

    starts_at: datetime
    ends_at: datetime


def versions_in(
    month: Month, steps: Iterable[Step], written: Mapping[int, Written], *, published_at: datetime
) -> set[int]:
    """The numbers of the versions that could be taken. An offer without its first step is from before there were steps,
    and has stood in its first version since `published_at`."""
    return {
        number
        for number, since, until in _stood(list(steps), published_at, month.ends)
        if max(since, written[number].starts_at, month.begins) < min(until, written[number].ends_at, month.ends)
    }


def _stood(steps: Sequence[Step], published_at: datetime, end: datetime) -> Iterator[tuple[int, datetime, datetime]]:
    """Which version stood and could be taken from when until when."""
    goes = not any(step.act == OfferAct.DRAFT.value for step in steps)
    number, since = int(goes), published_at
    for step in steps:
        if goes:
            yield number, since, step.at
        since = step.at
        if step.act == OfferAct.APPROVE.value:
            goes, number = goes or number == 0, step.number
        elif step.act in _TURNS:
            goes = step.act == OfferAct.RESUME.value
    if goes:
        yield number, since, end


_TURNS = {OfferAct.PAUSE.value, OfferAct.RESUME.value, OfferAct.END.value}
