"""Exports for 合规审计: asked for by an auditor, made by a duty, let leave by another person, fetched, deleted.

One commit writes down that one is asked for, another gives it its file and the log its own look: whatever is killed
between them, it is made again. It leaves by 保密审查 only, which this room knows nothing of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from sqlalchemy import select

from audit.sentences import PURPOSES
from core.blobs import Blobs
from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable
from core.ids import new_id, new_number
from core.moments import day_of, rfc3339, start_of
from core.months import Span
from core.paging import Order, Page, PageRequest
from core.statements import Row
from credit.errors import ExportExpired, ExportNotReady, ExportPending
from oversight.auditing.showing import Wanted
from oversight.auditing.tables import compliance_export

PURPOSE = "COMPLIANCE_AUDIT"
# CHOICE: whoever handles ten million people's information audits every two years (个人信息保护合规审计管理办法).
MOST_DAYS = 731
# CHOICE: long enough for 保密审查 and for fetching, and no longer than the log of a period should lie anywhere.
LIFE = timedelta(days=14)
# A look is dated when it begins, and sealed within seconds of its commit: nothing of a day comes so long after its end.
SETTLED = timedelta(hours=1)
_SWEEP_BATCH = 50
_c = compliance_export.c
_NEWEST = Order(_c.requested_at, _c.id, write=rfc3339, read=datetime.fromisoformat)


class AuditState(Enum):
    """How an export stands, but for what 保密审查 says of it."""

    REQUESTED = "REQUESTED"
    READY = "READY"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True)
class Asked:
    """What an auditor asks for, both days included, and who it is: party, staff member, program and door."""

    since: date
    until: date
    wanted: Wanted
    party_id: str
    by: str
    client: str | None
    channel: str

    def faults(self, today: date) -> list[Detail]:
        """Every rule that it breaks."""
        rules = (
            ("until", "DAY_NOT_OVER", None, self.until >= today),
            ("purpose", "PURPOSE_UNKNOWN", None, self.wanted.purpose not in (None, *PURPOSES)),
            ("since", "AFTER_END", f"{self.until + timedelta(days=1)}", self.since > self.until),
            ("since", "TERM_TOO_LONG", f"P{MOST_DAYS}D", (self.until - self.since).days >= MOST_DAYS),
        )
        return [Detail((path,), code, limit) for path, code, limit, broken in rules if broken]


@dataclass(frozen=True)
class Made:
    """What was made: which positions it accounts for, how many looks it shows, and the file."""

    first: int
    last: int
    looks: int
    sha256: str
    zip_id: str


def state_of(row: Row, *, at: datetime) -> AuditState:
    """How it stands. Its end is computed, never swept."""
    if row.ready_at is None:
        return AuditState.REQUESTED
    return AuditState.READY if at < row.expires_at else AuditState.EXPIRED


def span_of(row: Row) -> Span:
    """The instants of its days."""
    return Span(start_of(row.since), start_of(row.until + timedelta(days=1)))


async def request(unit: WriteUnit, asked: Asked, *, at: datetime) -> str:
    """Ask for the looks of some days; the id. Raises `Invalid`, and `ExportPending` while one is being made."""
    broken = asked.faults(day_of(at))
    if broken:
        raise Invalid(*broken)
    await unit.alone(f"audits of {asked.party_id}")
    if await unit.first(select(_c.id).where(_c.party_id == asked.party_id, _c.ready_at.is_(None))) is not None:
        raise ExportPending()
    id_ = new_id("aud")
    row = {
        "id": id_,
        "number": new_number("HS"),
        "party_id": asked.party_id,
        "since": asked.since,
        "until": asked.until,
        "only_channel": asked.wanted.channel,
        "only_purpose": asked.wanted.purpose,
        "requested_by": asked.by,
        "client": asked.client,
        "channel": asked.channel,
        "requested_at": at,
    }
    await unit.run(compliance_export.insert().values(row))
    return id_


async def page(unit: Unit, party_id: str, request: PageRequest) -> Page[Row]:
    """The institution's, newest first."""
    return await _NEWEST.read_page(unit, select(compliance_export).where(_c.party_id == party_id), request)


async def own(unit: Unit, party_id: str, export_id: str) -> Row:
    """One of the institution's; raises `NotAvailable`."""
    row = await unit.first(select(compliance_export).where(_c.id == export_id, _c.party_id == party_id))
    if row is None:
        raise NotAvailable()
    return row


async def ticket(unit: WriteUnit, blobs: Blobs, row: Row, *, at: datetime) -> str:
    """A ticket to download it once; whoever calls this has seen that it was let leave. Raises `ExportNotReady`, and
    `ExportExpired` after its term."""
    state = state_of(row, at=at)
    if state is AuditState.REQUESTED:
        raise ExportNotReady()
    if state is AuditState.EXPIRED or row.zip_id is None:
        raise ExportExpired()
    return await blobs.ticket(unit, row.zip_id, at=at)


async def is_zip_of(unit: Unit, zip_id: str, export_id: str, *, at: datetime) -> bool:
    """Whether a blob is the file of this export, within its term."""
    return (
        await unit.first(select(_c.id).where(_c.zip_id == zip_id, _c.id == export_id, _c.expires_at > at)) is not None
    )


async def due(unit: Unit, but: Sequence[str], *, at: datetime) -> Row | None:
    """The export that has waited longest and whose days have settled, but for some."""
    waiting = await unit.all(
        select(compliance_export)
        .where(_c.ready_at.is_(None), _c.until < day_of(at - SETTLED))
        .order_by(_c.requested_at, _c.id)
        .limit(len(but) + 1)
    )
    return next((row for row in waiting if row.id not in but), None)


async def made(unit: WriteUnit, export_id: str, file: Made, *, at: datetime) -> bool:
    """It has its file from now on; False when another process was first."""
    values = {
        "first": file.first,
        "last": file.last,
        "looks": file.looks,
        "sha256": file.sha256,
        "zip_id": file.zip_id,
        "ready_at": at,
        "expires_at": at + LIFE,
    }
    unmade = compliance_export.update().where(_c.id == export_id, _c.ready_at.is_(None))
    return await unit.run(unmade.values(values)) == 1


async def showed(unit: Unit, first: int, last: int) -> Sequence[Row]:
    """Every export that was made and accounts for one of these positions, the oldest first."""
    there = (_c.ready_at.is_not(None), _c.first <= last, _c.last >= first)
    columns = (_c.number, _c.ready_at, _c.first, _c.last, _c.only_channel, _c.only_purpose)
    return await unit.all(select(*columns).where(*there).order_by(_c.ready_at))


async def sweep(unit: WriteUnit, blobs: Blobs, *, at: datetime) -> int:
    """Take away the files of exports whose term is over; how many. The blobs' own sweep takes the bytes."""
    over = select(_c.id, _c.zip_id).where(_c.zip_id.is_not(None), _c.expires_at <= at)
    rows = await unit.all(over.limit(_SWEEP_BATCH))
    for row in rows:
        let_go = compliance_export.update().where(_c.id == row.id, _c.zip_id == row.zip_id)
        if await unit.run(let_go.values(zip_id=None)) == 1:
            await blobs.remove(unit, row.zip_id)
    return len(rows)
