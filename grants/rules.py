"""When a grant lives, what it covers, and how its recipient reads it. Pure: the instant comes in as `at`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Protocol

from core.errors import Detail
from core.moments import day_of
from grants.scope import GrantEndedBy, GrantStatus, Period

# CHOICE: a request that nobody answers lapses after a fortnight.
REQUEST_LIFE = timedelta(days=14)
# CHOICE: who was refused or blocked is not heard for thirty days.
COOLING = timedelta(days=30)
# Where a grant stands that an organisation offered by one mark only; LAPSED is computed of the first.
NEVER_WHOLE = (GrantStatus.PARTLY_APPROVED.value, GrantStatus.REJECTED.value)
PENDING = (GrantStatus.REQUESTED, GrantStatus.PARTLY_APPROVED)


class Standing(Protocol):
    """The part of a grant's row that decides whether it lives."""

    @property
    def status(self) -> str:
        """The stored status; EXPIRED and EXHAUSTED may be due without being stored."""

    @property
    def valid_from(self) -> datetime:
        """The first instant of validity."""

    @property
    def valid_until(self) -> datetime:
        """The first instant after validity."""

    @property
    def uses_left(self) -> int | None:
        """How many uses remain; None for any number."""

    @property
    def lapses_at(self) -> datetime | None:
        """When what is not approved by then lapses."""


def status_at(grant: Standing, *, at: datetime) -> GrantStatus:
    """How the grant stands now. Lapse, expiry and exhaustion are computed, never swept."""
    stored = GrantStatus(grant.status)
    if stored in PENDING:
        return GrantStatus.LAPSED if grant.lapses_at is not None and at >= grant.lapses_at else stored
    if stored not in (GrantStatus.ACTIVE, GrantStatus.PAUSED):
        return stored
    if at >= grant.valid_until:
        return GrantStatus.EXPIRED
    if grant.uses_left == 0:
        return GrantStatus.EXHAUSTED
    return stored


@dataclass(frozen=True)
class Asked:
    """What one operation asks of a grant: read from its document and variables, before any data. `document` is the
    SHA-256 of the document's text; `evaluation` whether it selects that."""

    categories: frozenset[str]
    stage: str | None
    document: str
    evaluation: bool = False


def missing(
    asked: Asked,
    *,
    categories: Collection[str],
    stages: Collection[str],
    documents: Collection[str] | None,
    evaluation: bool,
) -> tuple[Detail, ...]:
    """Everything asked for that is not granted; empty when the grant covers the operation."""
    found = [Detail(("records", "filter", "categories"), name) for name in sorted(asked.categories - set(categories))]
    if stages and asked.stage not in stages:
        found.append(Detail(("query", "stage"), asked.stage or "STAGE_REQUIRED", "|".join(sorted(stages))))
    if not stages and asked.stage is not None:
        found.append(Detail(("query", "stage"), asked.stage))
    if asked.evaluation and not evaluation:
        found.append(Detail(("evaluation",), "NOT_GRANTED"))
    if documents is not None and asked.document not in documents:
        found.append(Detail(("document",), "DOCUMENT_NOT_GRANTED", asked.document))
    return tuple(found)


def lapse_of(valid_until: datetime, *, at: datetime) -> datetime:
    """When a request made now lapses: never after what it asks for would be over."""
    return min(at + REQUEST_LIFE, valid_until)


def period_of(period: Period, *, at: datetime) -> tuple[date, date]:
    """The city's calendar period that the instant falls in: its first day, and the next one's."""
    day = day_of(at)
    if period is Period.DAY:
        return day, day + timedelta(days=1)
    if period is Period.WEEK:
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=7)
    if period is Period.YEAR:
        return date(day.year, 1, 1), date(day.year + 1, 1, 1)
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1)


def window_start(months: int, *, on: date) -> date:
    """The first day of a window that reaches back so many months; the month's last day where it has no such day."""
    place = on.year * 12 + on.month - 1 - months
    year, month = divmod(place, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(on.day, (following - timedelta(days=1)).day))


def as_recipient(row: Any) -> Any:
    """The row as its recipient reads it: a refusal that is not to be told reads as if nobody had answered."""
    if row.shown_status is None:
        return row
    withdrawn = row.shown_ended_at is not None
    return changed(
        row,
        status=row.shown_status,
        version=row.shown_version,
        ended_at=row.shown_ended_at,
        ended_by=GrantEndedBy.RECIPIENT.value if withdrawn else None,
        end_reason=None,
    )


def known_to_recipient(row: Any) -> bool:
    """Whether the recipient knows of the grant: it asked for it, or it was whole once."""
    return bool(row.asked) or row.status not in NEVER_WHOLE


def reaches(row: Any, strand: str | None) -> bool:
    """Whether a grant reaches what stands in a strand of its subject's record: one that is older than a merge reaches
    what it covered before, and what was entered since."""
    return strand is None or row.strands is None or strand in row.strands


def changed(row: Any, **values: Any) -> Any:
    """The row as it would be with other values."""
    had = vars(row) if isinstance(row, SimpleNamespace) else row._asdict()
    return SimpleNamespace(**{**had, **values})
