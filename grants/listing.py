"""Grants as a list: a subject's own, and a recipient's own."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, false, func, not_, or_, select

from audit.lens import Lens
from core.database import Unit
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row, Statement
from grants import rules
from grants.scope import GrantStatus
from grants.tables import grant

_NEWEST = Order(grant.c.created_at, grant.c.id, write=rfc3339, read=datetime.fromisoformat)
# Every grant of a subject: its first page, and a continued one.
_OF_SUBJECT = [
    Statement(_NEWEST.query(select(grant).where(grant.c.subject_id == bindparam("subject_id")), continued=continued))
    for continued in (False, True)
]


# How the recipient reads the status, and what a platform that handles it for another has a part in.
_READ = func.coalesce(grant.c.shown_status, grant.c.status)
_LIVED = grant.c.status.not_in(
    [
        GrantStatus.REQUESTED.value,
        GrantStatus.PARTLY_APPROVED.value,
        GrantStatus.REJECTED.value,
        GrantStatus.LAPSED.value,
    ]
)


async def of_subject(
    unit: Unit,
    lens: Lens,
    request: PageRequest,
    statuses: Iterable[GrantStatus] | None,
    *,
    monitored: bool = False,
    at: datetime,
) -> Page[Row]:
    """The lens's subject's grants, newest first; optionally those alone with which monitoring began."""
    if statuses is not None or monitored:
        own = grant.c.subject_id == lens.subject_id
        if monitored:
            own = and_(own, grant.c.monitoring_notice_hash.is_not(None), _LIVED)
        return await _page(unit, own, request, statuses, at)
    values = {"subject_id": lens.subject_id, **_NEWEST.values(request)}
    rows = await unit.all(_OF_SUBJECT[request.after is not None], values)
    return _NEWEST.page(rows, request)


async def of_recipient(
    unit: Unit,
    recipient_id: str,
    request: PageRequest,
    statuses: Iterable[GrantStatus] | None,
    reference: str | None,
    *,
    at: datetime,
) -> Page[Row]:
    """What a party asked for, was given, or handles for another, newest first, each as its recipient reads it;
    optionally those under its own reference."""
    owned = _on_desk(recipient_id)
    if reference is not None:
        owned = and_(owned, grant.c.reference == reference)
    page = await _page(unit, owned, request, statuses, at, _READ)
    return Page([rules.as_recipient(row) for row in page.items], page.more, page.seal)


async def of_recipient_by_id(unit: Unit, recipient_id: str, grant_id: str) -> Row | None:
    """One of those that `of_recipient` lists, or None."""
    row = await unit.first(select(grant).where(grant.c.id == grant_id, _on_desk(recipient_id)))
    return rules.as_recipient(row) if row is not None else None


async def of_subject_by_id(unit: Unit, lens: Lens, grant_id: str) -> Row | None:
    """One grant of the lens's subject, or None."""
    return await unit.first(select(grant).where(grant.c.id == grant_id, grant.c.subject_id == lens.subject_id))


async def of_subject_by_ids(unit: Unit, lens: Lens, ids: Collection[str]) -> Mapping[str, Row]:
    """Several grants of the lens's subject, by id."""
    if not ids:
        return {}
    query = select(grant).where(grant.c.id.in_(list(ids)), grant.c.subject_id == lens.subject_id)
    return {row.id: row for row in await unit.all(query)}


async def terms_of(unit: Unit, ids: Collection[str]) -> Mapping[str, Row]:
    """How far some grants reach and how long what they showed is kept, by id; ended ones too."""
    if not ids:
        return {}
    query = select(grant.c.id, grant.c.window_months, grant.c.retention_days, grant.c.strands).where(
        grant.c.id.in_(list(ids))
    )
    return {row.id: row for row in await unit.all(query)}


def _on_desk(recipient_id: str) -> ColumnElement[bool]:
    """What stands on a party's desk. What an organisation offers does once it is whole."""
    mine = or_(grant.c.recipient_id == recipient_id, and_(grant.c.handled_by_id == recipient_id, _LIVED))
    return and_(mine, or_(grant.c.asked, grant.c.status.not_in(rules.NEVER_WHOLE)))


async def _page(
    unit: Unit,
    owned: ColumnElement[bool],
    request: PageRequest,
    statuses: Iterable[GrantStatus] | None,
    at: datetime,
    column: ColumnElement[str] = grant.c.status,
) -> Page[Row]:
    query = select(grant).where(owned)
    if statuses is not None:
        query = query.where(or_(false(), *(_stands(status, at, column) for status in set(statuses))))
    return await _NEWEST.read_page(unit, query, request)


def _stands(status: GrantStatus, at: datetime, column: ColumnElement[str]) -> ColumnElement[bool]:
    """The SQL twin of `rules.status_at` for one status; `tests/grants/test_requests.py` holds them together."""
    stored = column == status.value
    open_ = column.in_([GrantStatus.ACTIVE.value, GrantStatus.PAUSED.value])
    pending = column.in_([known.value for known in rules.PENDING])
    lapsed = and_(grant.c.lapses_at.is_not(None), grant.c.lapses_at <= at)
    over = grant.c.valid_until <= at
    used_up = and_(grant.c.uses_left.is_not(None), grant.c.uses_left == 0)
    if status is GrantStatus.EXPIRED:
        return or_(stored, and_(open_, over))
    if status is GrantStatus.LAPSED:
        return or_(stored, and_(pending, lapsed))
    if status in rules.PENDING:
        return and_(stored, not_(lapsed))
    if status is GrantStatus.EXHAUSTED:
        return or_(stored, and_(open_, grant.c.valid_until > at, used_up))
    if status in (GrantStatus.ACTIVE, GrantStatus.PAUSED):
        return and_(stored, grant.c.valid_until > at, or_(grant.c.uses_left.is_(None), grant.c.uses_left > 0))
    return stored
