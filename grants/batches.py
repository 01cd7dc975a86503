"""A batch of statutory looks: opened by one officer with a sheet, approved or returned by another, answered by a duty.

Each step is one conditional statement over the state; two officers who decide at once are told apart by its row count.
Nobody is looked at before a second officer has approved, and nothing is kept longer than it waits for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from core.blobs import Blobs
from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable, VersionChanged
from core.ids import new_id
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row, Statement
from grants.errors import WrongState
from grants.scope import AgencyBatchState
from grants.statute import Ask
from grants.tables import agency_batch
from parties.errors import SecondPerson

# CHOICE: a sheet of people waits a week for its decision, an answer a week to be fetched.
WAITS = ANSWER_KEPT = timedelta(days=7)
_LONGEST_REASON = 200
_SWEEP_BATCH = 50
_NEWEST = Order(agency_batch.c.opened_at, agency_batch.c.id, write=rfc3339, read=datetime.fromisoformat)
_DUE = Statement(
    select(agency_batch)
    .where(agency_batch.c.state == AgencyBatchState.APPROVED.value)
    .order_by(agency_batch.c.decided_at, agency_batch.c.id)
    .limit(1)
)
_LOOKED_AT = (AgencyBatchState.APPROVED, AgencyBatchState.ANSWERED, AgencyBatchState.EXPIRED)
_GONE = {AgencyBatchState.OPEN: AgencyBatchState.LAPSED, AgencyBatchState.ANSWERED: AgencyBatchState.EXPIRED}


@dataclass(frozen=True)
class Officer:
    """Who acts on a batch, for which organ, and through which door and program."""

    party_id: str
    staff_id: str
    label: str
    channel: str
    client: str | None


@dataclass(frozen=True)
class Sheet:
    """What a batch asks: its blob, the hash of its bytes, and how many it lists."""

    blob_id: str
    sha256: str
    rows: int


async def open_(unit: WriteUnit, by: Officer, ask: Ask, sheet: Sheet, *, at: datetime) -> str:
    """A batch that waits for another officer; its id. Whoever calls this has admitted what it rests on."""
    made = new_id("bat")
    row = {
        "id": made,
        "party_id": by.party_id,
        "mandate_id": ask.mandate_id,
        "purpose": ask.purpose.value,
        "case_number": ask.case_number,
        "withholding_id": ask.withholding_id,
        "state": AgencyBatchState.OPEN.value,
        "sheet_id": sheet.blob_id,
        "sheet_sha256": sheet.sha256,
        "row_count": sheet.rows,
        "channel": by.channel,
        "client": by.client,
        "opened_by": by.staff_id,
        "opened_label": by.label,
        "opened_at": at,
        "until": at + WAITS,
        "version": 1,
    }
    await unit.run(agency_batch.insert(), row)
    return made


async def approve(unit: WriteUnit, batch_id: str, by: Officer, *, expected: int, at: datetime) -> None:
    """It is answered from now on. Raises as `_decide` does."""
    await _decide(unit, batch_id, by, AgencyBatchState.APPROVED, expected, at)


async def give_back(
    unit: WriteUnit, blobs: Blobs, batch_id: str, by: Officer, *, expected: int, reason: str, at: datetime
) -> None:
    """Return it to whoever opened it: nobody is looked at, and the sheet goes. Raises `Invalid`, and as `_decide`."""
    if not 1 <= len(reason.strip()) <= _LONGEST_REASON:
        raise Invalid(Detail(("reason",), "LENGTH", f"1..{_LONGEST_REASON}"))
    row = await of_organ(unit, batch_id, by.party_id)
    await _decide(unit, batch_id, by, AgencyBatchState.RETURNED, expected, at, reason=reason.strip())
    await blobs.remove(unit, row.sheet_id)


async def stop(unit: WriteUnit, blobs: Blobs, row: Row) -> None:
    """What it rests on has ended since it was approved: nobody is looked at, and the sheet goes."""
    if await _move(unit, row, AgencyBatchState.STOPPED):
        await blobs.remove(unit, row.sheet_id)


async def answered(unit: WriteUnit, blobs: Blobs, row: Row, answer_id: str, *, found: int, at: datetime) -> bool:
    """The answer can be fetched from this commit on; False when another process was first. The sheet goes."""
    values = {"answer_id": answer_id, "found": found, "answered_at": at, "until": at + ANSWER_KEPT}
    if not await _move(unit, row, AgencyBatchState.ANSWERED, **values):
        return False
    await blobs.remove(unit, row.sheet_id)
    return True


async def of_organ(unit: Unit, batch_id: str, party_id: str) -> Row:
    """An organ's own batch; raises `NotAvailable`."""
    row = await find(unit, batch_id, party_id)
    if row is None:
        raise NotAvailable()
    return row


async def find(unit: Unit, batch_id: str, party_id: str) -> Row | None:
    """An organ's own batch, or None."""
    b = agency_batch.c
    return await unit.first(select(agency_batch).where(b.id == batch_id, b.party_id == party_id))


async def approved(unit: Unit, party_id: str, *, since: datetime) -> Sequence[Row]:
    """An organ's batches opened since then whose people are or were looked at, as `id` and `row_count`, the latest
    decision first."""
    b = agency_batch.c
    looked_at = b.state.in_([state.value for state in _LOOKED_AT])
    mine = select(b.id, b.row_count).where(b.party_id == party_id, b.opened_at >= since, looked_at)
    found: Sequence[Row] = await unit.all(mine.order_by(b.decided_at.desc(), b.id.desc()))
    return found


async def page(unit: Unit, party_id: str, request: PageRequest) -> Page[Row]:
    """An organ's batches, newest first."""
    return await _NEWEST.read_page(unit, select(agency_batch).where(agency_batch.c.party_id == party_id), request)


def file_of(row: Row, staff_id: str, *, answer: bool, at: datetime) -> str:
    """The blob of a batch's answer, or of its sheet, for one of its two officers; the sheet also for whoever is to
    decide. Raises `NotAvailable` for anybody else, and when it has gone."""
    stands = state_of(row, at=at)
    mine = staff_id in (row.opened_by, row.decided_by)
    may = mine and stands is AgencyBatchState.ANSWERED if answer else stands is AgencyBatchState.OPEN
    found: str | None = row.answer_id if answer else row.sheet_id
    if not may or found is None:
        raise NotAvailable()
    return found


def state_of(row: Row, *, at: datetime) -> AgencyBatchState:
    """How the batch stands. What lapses and expires is computed; the sweep only takes the files."""
    stored = AgencyBatchState(row.state)
    return _GONE.get(stored, stored) if row.until is not None and row.until <= at else stored


async def due(unit: Unit) -> Row | None:
    """The approved batch that has waited longest for its answer."""
    return await unit.first(_DUE)


async def sweep(unit: WriteUnit, blobs: Blobs, *, at: datetime) -> int:
    """Take away the files of what lapsed or expired; how many batches. The blobs' own sweep takes the bytes."""
    b = agency_batch.c
    over = select(agency_batch).where(b.state.in_([state.value for state in _GONE]), b.until <= at)
    rows: Sequence[Row] = await unit.all(over.limit(_SWEEP_BATCH))
    for row in rows:
        if await _move(unit, row, state_of(row, at=at)):
            for blob_id in filter(None, (row.sheet_id, row.answer_id)):
                await blobs.remove(unit, blob_id)
    return len(rows)


async def _decide(
    unit: WriteUnit,
    batch_id: str,
    by: Officer,
    leads: AgencyBatchState,
    expected: int,
    at: datetime,
    reason: str | None = None,
) -> None:
    """Raises `NotAvailable`, `WrongState`, `SecondPerson` for whoever opened it, `VersionChanged`."""
    b = agency_batch.c
    decided = agency_batch.update().where(
        b.id == batch_id,
        b.party_id == by.party_id,
        b.state == AgencyBatchState.OPEN.value,
        b.version == expected,
        b.opened_by != by.staff_id,
        or_(b.until.is_(None), b.until > at),
    )
    values = {"decided_by": by.staff_id, "decided_label": by.label, "decided_at": at, "reason": reason, "until": None}
    if await unit.run(decided.values(state=leads.value, version=b.version + 1, **values)) == 1:
        return
    row = await of_organ(unit, batch_id, by.party_id)
    if state_of(row, at=at) is not AgencyBatchState.OPEN:
        raise WrongState()
    raise SecondPerson() if row.opened_by == by.staff_id else VersionChanged()


async def _move(unit: WriteUnit, row: Row, leads: AgencyBatchState, **values: Any) -> bool:
    """Whether this row, as it was read, went on to the state."""
    b = agency_batch.c
    here = agency_batch.update().where(b.id == row.id, b.state == row.state, b.version == row.version)
    return await unit.run(here.values(state=leads.value, version=b.version + 1, **values)) == 1
