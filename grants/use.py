"""A recipient looks through a grant: the row says what, read from the primary inside the operation (design §3)."""

from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, or_, select

from audit.lens import Audience, BasisKind, Lens
from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable
from core.moments import day_of
from core.statements import Row, Statement, always
from grants import rules, templates, terms
from grants.errors import GrantEnded, NotGranted, PeriodUsedUp, PurposeLimit
from grants.scope import GrantStatus, Period
from grants.tables import grant, grant_attempt, grant_period
from grants.terms import Terms
from notices import changes, outbox
from notices.changes import Change
from notices.kinds import ChangeKind
from parties import directory

RETRY_WINDOW = timedelta(minutes=10)
_LONGEST_ATTEMPT = 64
# Statuses that a recipient has seen alive, and whose end it may therefore know.
_WAS_ACTIVE = frozenset({GrantStatus.REVOKED, GrantStatus.EXPIRED, GrantStatus.EXHAUSTED, GrantStatus.TERMINATED})

# A 融资信用服务平台 that the grant names looks as its recipient does, under its own name.
_LOOKER = bindparam("recipient_id", type_=grant.c.recipient_id.type)
_GRANT = Statement(
    select(grant).where(
        grant.c.id == bindparam("id"), or_(grant.c.recipient_id == _LOOKER, grant.c.handled_by_id == _LOOKER)
    )
)

# One row whether it is there or not: how long a no takes must not say so.
_NAMED = Statement(
    select(grant.c.subject_id, grant.c.purpose, grant.c.version).select_from(
        always().outerjoin(grant, grant.c.id == bindparam("id"))
    )
)


async def find(unit: Unit, *, grant_id: str, recipient_id: str) -> Row:
    """The grant, to its own recipient only; raises `NotAvailable` for everybody else and everything else.

    Whoever handles it for the recipient looks as long as the recipient itself may: a frozen one has no other hands.
    """
    row = await unit.first(_GRANT, {"id": grant_id, "recipient_id": recipient_id})
    if row is None:
        raise NotAvailable()
    if row.recipient_id != recipient_id and await directory.find(unit, row.recipient_id) is None:
        raise NotAvailable()
    return row


async def named(unit: Unit, grant_id: str) -> Row:
    """Whose grant a refused look named, and for what purpose: for the log, never for the one who was refused. A row
    without a subject for nobody's."""
    return await unit.first(_NAMED, {"id": grant_id})


async def is_retry(unit: Unit, row: Row, attempt: str | None, *, at: datetime) -> bool:
    """Whether the recipient made this very attempt within the window, and may be answered again."""
    if attempt is None:
        return False
    a = grant_attempt.c
    same = select(a.at).where(a.grant_id == row.id, a.attempt == attempt, a.at > at - RETRY_WINDOW)
    return await unit.first(same) is not None


def admit(row: Row, asked: rules.Asked, *, retry: bool, at: datetime) -> Lens:
    """The lens this grant gives for what is asked. Raises `GrantEnded`, `NotAvailable`, `PurposeLimit` or `NotGranted`.

    A retry of the attempt that took the last use is admitted; revocation and expiry bind it all the same. The ceilings
    are those in force now: what was lowered since holds for what was granted before.
    """
    status = rules.status_at(row, at=at)
    if retry and status is GrantStatus.EXHAUSTED:
        status = GrantStatus(row.status)
    if status in _WAS_ACTIVE or status is GrantStatus.PAUSED:
        raise GrantEnded(status=status.value)
    if status is not GrantStatus.ACTIVE or at < row.valid_from:
        raise NotAvailable()
    hold_to_ceilings(row, at)
    lacking = rules.missing(
        asked,
        categories=row.categories,
        stages=row.stages,
        documents=row.documents,
        evaluation=row.includes_evaluation,
    )
    if lacking:
        raise NotGranted(*lacking)
    return lens_of(row, at=at)


def lens_of(row: Row, *, at: datetime) -> Lens:
    """The lens of a grant that has been decided against: for `admit`, and for what was admitted in this commit."""
    window = row.window_months
    return Lens(
        audience=Audience.RECIPIENT,
        basis=BasisKind.GRANT,
        subject_id=row.subject_id,
        categories=frozenset(row.categories),
        grant_id=row.id,
        since=rules.window_start(window, on=day_of(at)) if window is not None else None,
        strands=None if row.strands is None else frozenset(row.strands),
    )


def hold_to_ceilings(row: Row, at: datetime) -> None:
    """Raises `PurposeLimit` for a grant beyond what its purpose allows today."""
    if row.template is None:
        return  # older than ceilings
    template = templates.named(row.template, on=day_of(at))
    if template is None:
        raise PurposeLimit(Detail(("purpose",), "NOT_FOR_PURPOSE"))
    passed = terms.over(Terms.of(row), template)
    if passed:
        raise PurposeLimit(*passed)


async def spend(unit: WriteUnit, row: Row, attempt: str | None, *, at: datetime) -> None:
    """Take one use, in the look's own commit. The same attempt within ten minutes takes none.

    Raises `GrantEnded(EXHAUSTED)` when another look took the last one first, and `PeriodUsedUp` when others took the
    calendar period's.
    """
    if attempt is not None and not await _first_try(unit, row.id, attempt, at):
        return
    if row.period is not None:
        await _count(unit, row, at)
    if row.uses_left is None:
        return
    left = and_(grant.c.id == row.id, grant.c.uses_left > 0, grant.c.status == GrantStatus.ACTIVE.value)
    taken = grant.update().where(left).values(uses_left=grant.c.uses_left - 1).returning(grant.c.uses_left)
    kept = await unit.first(taken)
    if kept is None:
        raise GrantEnded(status=GrantStatus.EXHAUSTED.value)
    if kept.uses_left == 0:
        sides = [Change(one, ChangeKind.GRANT, row.id, row.version) for one in (row.subject_id, row.recipient_id)]
        await changes.tell(unit, *sides, at=at)
        if row.monitoring:
            await outbox.withdraw(unit, row.id, at=at)


async def foreseen(unit: Unit, row: Row, *, at: datetime) -> Row:
    """The row as the next look will leave it, without taking anything. Raises `PeriodUsedUp` as that look would."""
    if row.period is not None:
        begins, ends = rules.period_of(Period(row.period), at=at)
        c = grant_period.c
        used = await unit.first(select(c.used).where(c.grant_id == row.id, c.begins == begins))
        if used is not None and used.used >= row.per_period:
            raise PeriodUsedUp(until=ends.isoformat())
    return row if row.uses_left is None else rules.changed(row, uses_left=row.uses_left - 1)


def is_counted(row: Row) -> bool:
    """Whether a look takes something from the grant."""
    return row.uses_left is not None or row.period is not None


async def _count(unit: WriteUnit, row: Row, at: datetime) -> None:
    """One more in this calendar period: the statement that adds is the one that refuses."""
    begins, ends = rules.period_of(Period(row.period), at=at)
    first = unit.insert(grant_period).values(grant_id=row.id, begins=begins, used=1)
    counted = first.on_conflict_do_update(
        index_elements=["grant_id", "begins"],
        set_={"used": grant_period.c.used + 1},
        where=grant_period.c.used < row.per_period,
    )
    if await unit.first(counted.returning(grant_period.c.used)) is None:
        raise PeriodUsedUp(until=ends.isoformat())


async def _first_try(unit: WriteUnit, grant_id: str, attempt: str, at: datetime) -> bool:
    """Record the attempt; False when the same one was made within the window."""
    if not 1 <= len(attempt) <= _LONGEST_ATTEMPT:
        raise Invalid(Detail(("query", "attempt"), "KEY_FORMAT", str(_LONGEST_ATTEMPT)))
    recorded = unit.insert(grant_attempt).values(grant_id=grant_id, attempt=attempt, at=at)
    # An old attempt is renewed, a recent one is left alone: the row count says which.
    renewed = recorded.on_conflict_do_update(
        index_elements=["grant_id", "attempt"],
        set_={"at": at},
        where=grant_attempt.c.at <= at - RETRY_WINDOW,
    )
    return await unit.first(renewed.returning(grant_attempt.c.grant_id)) is not None
