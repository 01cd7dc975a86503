"""A recipient looks through a grant: the row says what, read from the primary inside the operation (design §3)."""

from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, select

from audit.lens import Audience, BasisKind, Lens
from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable
from core.statements import Row, Statement
from grants import rules
from grants.errors import GrantEnded, NotGranted
from grants.scope import GrantStatus
from grants.tables import grant, grant_attempt

RETRY_WINDOW = timedelta(minutes=10)
_LONGEST_ATTEMPT = 64
# Statuses that a recipient has seen alive, and whose end it may therefore know.
_WAS_ACTIVE = frozenset({GrantStatus.REVOKED, GrantStatus.EXPIRED, GrantStatus.EXHAUSTED, GrantStatus.TERMINATED})

_GRANT = Statement(
    select(grant).where(grant.c.id == bindparam("id"), grant.c.recipient_id == bindparam("recipient_id"))
)

_NAMED = Statement(select(grant.c.subject_id, grant.c.purpose, grant.c.version).where(grant.c.id == bindparam("id")))


async def find(unit: Unit, *, grant_id: str, recipient_id: str) -> Row:
    """The grant, to its own recipient only; raises `NotAvailable` for everybody else and everything else."""
    row = await unit.first(_GRANT, {"id": grant_id, "recipient_id": recipient_id})
    if row is None:
        raise NotAvailable()
    return row


async def named(unit: Unit, grant_id: str) -> Row | None:
    """Whose grant a refused look named, and for what purpose: for the log, never for the one who was refused."""
    return await unit.first(_NAMED, {"id": grant_id})


async def is_retry(unit: Unit, row: Row, attempt: str | None, *, at: datetime) -> bool:
    """Whether the recipient made this very attempt within the window, and may be answered again."""
    if attempt is None:
        return False
    a = grant_attempt.c
    same = select(a.at).where(a.grant_id == row.id, a.attempt == attempt, a.at > at - RETRY_WINDOW)
    return await unit.first(same) is not None


def admit(row: Row, asked: rules.Asked, *, retry: bool, at: datetime) -> Lens:
    """The lens this grant gives for what is asked. Raises `GrantEnded`, `NotAvailable` or `NotGranted`.

    A retry of the attempt that took the last use is admitted; revocation and expiry bind it all the same.
    """
    status = rules.status_at(row, at=at)
    if retry and status is GrantStatus.EXHAUSTED:
        status = GrantStatus(row.status)
    if status in _WAS_ACTIVE or status is GrantStatus.PAUSED:
        raise GrantEnded(status=status.value)
    if status is not GrantStatus.ACTIVE or at < row.valid_from:
        raise NotAvailable()
    lacking = rules.missing(asked, categories=row.categories, stages=row.stages)
    if lacking:
        raise NotGranted(*lacking)
    return Lens(
        audience=Audience.RECIPIENT,
        basis=BasisKind.GRANT,
        subject_id=row.subject_id,
        categories=frozenset(row.categories),
        grant_id=row.id,
    )


async def spend(unit: WriteUnit, row: Row, attempt: str | None, *, at: datetime) -> None:
    """Take one use, in the look's own commit. The same attempt within ten minutes takes none.

    Raises `GrantEnded(EXHAUSTED)` when another look took the last one first.
    """
    if attempt is not None and not await _first_try(unit, row.id, attempt, at):
        return
    left = and_(grant.c.id == row.id, grant.c.uses_left > 0, grant.c.status == GrantStatus.ACTIVE.value)
    if await unit.run(grant.update().where(left).values(uses_left=grant.c.uses_left - 1)) != 1:
        raise GrantEnded(status=GrantStatus.EXHAUSTED.value)


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
