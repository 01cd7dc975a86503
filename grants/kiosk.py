"""A visit to a kiosk (Art. 8(2)): begun by a document, for its bearer's own record, and over by itself.

It is a device's own, and the only one there. When it ends is decided in the database by `at`: nothing sweeps it. An
absent visit, another device's, and one that is over are the same.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, literal, select

from audit.lens import Audience, BasisKind, Lens
from core.database import Instant, Unit, WriteUnit
from core.ids import new_id, new_number
from core.moments import day_of
from core.statements import Row
from grants import printouts
from grants.card_reading import CardRead
from grants.errors import DocumentNotRead, DocumentRefused, KioskBusy, KioskVisitEnded, KioskVisitUsed
from grants.printouts import PrintOutcome
from grants.tables import kiosk_print, kiosk_visit
from notices import outbox
from notices.kinds import EventKind

# CHOICE (适老化: nobody is hurried): a visit stands as long after each touch, and the page asks long before it ends.
STANDS = timedelta(minutes=5)
LONGEST = timedelta(minutes=30)  # CHOICE: somebody else waits; whoever is not done lays their document down again
MOST_LOOKS = 10  # CHOICE: as at the counter
MOST_AN_HOUR = 40  # CHOICE: a visit of a minute and a half, one after another; a device that begins more is no kiosk
_HOUR = timedelta(hours=1)
TRAIL = "KIOSK_TRAIL"  # what the log says that reading a trail at a kiosk is for
_v = kiosk_visit.c


@dataclass(frozen=True)
class Device:
    """Which kiosk of which institution, and how often it was put out."""

    party_id: str
    staff_id: str
    epoch: int
    label: str


def check(read: CardRead | None, *, at: datetime) -> CardRead:
    """The reading. Raises `DocumentNotRead` for what no reader of this device stated just now, and `DocumentRefused`
    for a document that will not do. Nobody has been looked up yet."""
    if read is None:
        raise DocumentNotRead()
    broken = read.faults(day_of(at))
    if broken:
        raise DocumentRefused(*broken)
    return read


def nobody() -> str:
    """An id that is nobody's."""
    return new_id("sub")


async def begin(unit: WriteUnit, device: Device, read: CardRead, subject_id: str, *, at: datetime) -> str:
    """A visit; its id. The one before it at this device is over. `subject_id` is whose the document is, or nobody's.

    Raises `DocumentNotRead` for a reading that began a visit before, and `KioskBusy`.
    """
    await unit.alone(f"kiosk {device.staff_id}")
    await _hold_few(unit, device, at)
    standing = kiosk_visit.update().where(_v.device_id == device.staff_id, _v.ended_at.is_(None))
    await unit.run(standing.values(ended_at=_sooner(_v.until, at)))
    row = {
        "id": new_id("ksk"),
        "number": new_number("ZZ"),
        "party_id": device.party_id,
        "device_id": device.staff_id,
        "epoch": device.epoch,
        "subject_id": subject_id,
        "document": read.document.value,
        "checked": read.checked.value,
        "read_hash": hashlib.sha256(read.name_of_it.encode()).hexdigest(),
        "begun_at": at,
        "until": at + STANDS,
        "latest": at + LONGEST,
        "looks": 0,
    }
    made = await unit.first(
        unit.insert(kiosk_visit)
        .values(**row)
        .on_conflict_do_nothing(index_elements=[_v.read_hash])
        .returning(kiosk_visit.c.id)
    )
    if made is None:
        raise DocumentNotRead()
    return str(made.id)


async def stay(unit: WriteUnit, device: Device, visit_id: str, *, at: datetime) -> None:
    """Whoever stands there needs more time, and has it up to the longest. Raises `KioskVisitEnded`."""
    held = kiosk_visit.update().where(*_stands(device, visit_id, at))
    if await unit.run(held.values(until=_sooner(_v.latest, at + STANDS))) != 1:
        raise KioskVisitEnded()


async def end(unit: WriteUnit, device: Device, visit_id: str, *, at: datetime) -> bool:
    """From now on nothing is looked at in it; False when it was over. Raises `KioskVisitEnded` for no visit of this
    device's."""
    mine = (_v.id == visit_id, *_is(device))
    ended = kiosk_visit.update().where(*mine, _v.ended_at.is_(None))
    if await unit.run(ended.values(ended_at=_sooner(_v.until, at))) == 1:
        return True
    if await unit.first(select(_v.id).where(*mine)) is None:
        raise KioskVisitEnded()
    return False


async def admit(unit: WriteUnit, device: Device, visit_id: str, *, at: datetime) -> Row:
    """The device's standing visit, one look the less; the first look tells whom it is at.

    One statement decides. Raises `KioskVisitEnded` and `KioskVisitUsed`.
    """
    taken = kiosk_visit.update().where(*_stands(device, visit_id, at), _v.looks < MOST_LOOKS)
    told = {"told_at": func.coalesce(_v.told_at, at), "looks": _v.looks + 1}
    if await unit.run(taken.values(**told, until=_sooner(_v.latest, at + STANDS))) != 1:
        await standing(unit, device, visit_id, at=at)
        raise KioskVisitUsed(limit=str(MOST_LOOKS))
    row = await standing(unit, device, visit_id, at=at)
    if row.looks == 1:
        said = {"number": row.number, "desk": device.label}
        await outbox.tell_subject(unit, row.subject_id, EventKind.KIOSK_LOOKED, about=row.id, at=at, **said)
    return row


async def standing(unit: Unit, device: Device, visit_id: str, *, at: datetime) -> Row:
    """The device's visit as it stands now; raises `KioskVisitEnded`."""
    row = await unit.first(select(kiosk_visit).where(*_stands(device, visit_id, at)))
    if row is None:
        raise KioskVisitEnded()
    return row


async def of_device(unit: Unit, device: Device, visit_id: str) -> Row:
    """The device's visit, however it stands; raises `KioskVisitEnded` for no visit of its own."""
    row = await unit.first(select(kiosk_visit).where(_v.id == visit_id, *_is(device)))
    if row is None:
        raise KioskVisitEnded()
    return row


async def of_institution(unit: Unit, party_id: str, visit_id: str) -> Row | None:
    """Any device's visit of an institution, or None: for an attempt's line."""
    return await unit.first(select(kiosk_visit).where(_v.id == visit_id, _v.party_id == party_id))


def is_over(row: Row, device: Device, at: datetime) -> bool:
    """Whether nothing is looked at in it any more."""
    return row.ended_at is not None or row.until <= at or row.epoch != device.epoch


def lens_of(row: Row) -> Lens:
    """How a visit sees its subject: what may be handed on, because a sheet of paper is."""
    return Lens(Audience.RECIPIENT, BasisKind.KIOSK, row.subject_id, grant_id=row.id)


def purpose_of(row: Row) -> str:
    """What the log says a look in this visit is for: it names the document."""
    return f"KIOSK_{row.document}"


async def printed(unit: WriteUnit, visit: Row, report_id: str, *, at: datetime) -> str:
    """A report is about to be printed; the printout's id."""
    made = new_id("prt")
    row = {"id": made, "visit_id": visit.id, "report_id": report_id, "begun_at": at}
    await unit.run(kiosk_print.insert().values(**row))
    return made


async def prints_of(unit: Unit, visit: Row) -> Sequence[Row]:
    """What was to be printed in a visit, oldest first."""
    c = kiosk_print.c
    return await unit.all(select(kiosk_print).where(c.visit_id == visit.id).order_by(c.begun_at, c.id))


async def print_of(unit: Unit, device: Device, print_id: str, *, at: datetime) -> tuple[Row, Row]:
    """A printout of the device's standing visit, and the visit; raises `KioskVisitEnded`."""
    row = await unit.first(select(kiosk_print).where(kiosk_print.c.id == print_id))
    if row is None:
        raise KioskVisitEnded()
    return row, await standing(unit, device, row.visit_id, at=at)


async def say(unit: WriteUnit, device: Device, print_id: str, outcome: PrintOutcome, *, at: datetime) -> bool:
    """What came of printing, said once; False when this was said before. Raises `KioskVisitEnded`, `WrongState`."""
    await print_of(unit, device, print_id, at=at)
    return await printouts.say(unit, kiosk_print, print_id, outcome, at=at)


async def _hold_few(unit: WriteUnit, device: Device, at: datetime) -> None:
    lately = (_v.device_id == device.staff_id, _v.begun_at > at - _HOUR)
    row = await unit.first(select(func.count(), func.min(_v.begun_at)).select_from(kiosk_visit).where(*lately))
    if row is not None and row[0] >= MOST_AN_HOUR:
        raise KioskBusy(retry_at=row[1] + _HOUR, limit=str(MOST_AN_HOUR))


def _is(device: Device) -> tuple[ColumnElement[bool], ...]:
    return (_v.device_id == device.staff_id, _v.party_id == device.party_id)


def _stands(device: Device, visit_id: str, at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Begun here, not ended, not put out since, and not yet over by itself."""
    return (_v.id == visit_id, *_is(device), _v.epoch == device.epoch, _v.ended_at.is_(None), _v.until > at)


def _sooner(column: ColumnElement[datetime], at: datetime) -> ColumnElement[datetime]:
    """The sooner of a column and an instant, as both databases know it."""
    return case((column < at, column), else_=literal(at, Instant))
