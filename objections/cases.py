"""One case: held while something is done in it, and found by whoever it is of."""

from datetime import datetime

from sqlalchemy import select

from audit.lens import Lens
from core.database import Unit, WriteUnit
from core.errors import NotAvailable, VersionChanged
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from objections import hearing
from objections.errors import CaseClosed, WrongStep
from objections.kinds import ObjectionAddressee, ObjectionStatus
from objections.states import STEPS, ObjectionAct
from objections.tables import objection

_NEWEST = Order(objection.c.filed_at, objection.c.id, write=rfc3339, read=datetime.fromisoformat)


async def held(unit: WriteUnit, id_: str, act: ObjectionAct) -> Row:
    """A case, held to the end of this unit, in which the act may be done now. Raises `NotAvailable`, `CaseClosed` and
    `WrongStep`. Whoever calls this has to see whose it is."""
    row = await unit.first(select(objection).where(objection.c.id == id_).with_for_update())
    if row is None:
        raise NotAvailable()
    check(row, act)
    return row


def check(row: Row, act: ObjectionAct) -> None:
    """Raise `CaseClosed` or `WrongStep` where the act does not start from the state that the case is in."""
    if row.ended_at is not None:
        raise CaseClosed()
    if ObjectionStatus(row.status) not in STEPS[act].starts:
        raise WrongStep()


async def held_own(unit: WriteUnit, lens: Lens, id_: str, act: ObjectionAct) -> Row:
    """The same of the lens's subject; another's is absent."""
    await find_own(unit, lens, id_)
    return await held(unit, id_, act)


async def change(unit: WriteUnit, row: Row, *, at: datetime, **values: object) -> None:
    """Let a held case say something else, as its next version. Raises `VersionChanged`."""
    as_read = (objection.c.id == row.id, objection.c.version == row.version)
    if await unit.run(objection.update().where(*as_read).values(version=row.version + 1, **values)) != 1:
        raise VersionChanged()
    await hearing.of_case(unit, row, row.version + 1, at=at)


async def find(unit: Unit, lens: Lens, id_: str) -> Row | None:
    """One of the lens's subject's own, or None: absent and another's alike."""
    mine = (objection.c.id == id_, objection.c.subject_id == lens.subject_id)
    return await unit.first(select(objection).where(*mine))


async def find_own(unit: Unit, lens: Lens, id_: str) -> Row:
    """The same; raises `NotAvailable`."""
    row = await find(unit, lens, id_)
    if row is None:
        raise NotAvailable()
    return row


async def numbered(unit: Unit, lens: Lens, number: str, *, district: str | None = None) -> str | None:
    """The id of the subject's case with this number at the credit institution, of a district where one is given; None
    where there is none."""
    c = objection.c
    rules = [c.subject_id == lens.subject_id, c.number == number.strip()]
    if district is not None:
        rules.append(c.district == district)
    institutions = c.addressee == ObjectionAddressee.CREDIT_INSTITUTION.value
    row = await unit.first(select(c.id).where(*rules, institutions))
    return str(row.id) if row is not None else None


async def of_subject(unit: Unit, lens: Lens, request: PageRequest) -> Page[Row]:
    """The subject's own, newest first."""
    own = select(objection).where(objection.c.subject_id == lens.subject_id)
    return await _NEWEST.read_page(unit, own, request)
