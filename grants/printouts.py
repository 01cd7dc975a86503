"""What the counter hands over on paper, and whether it was printed (Art. 8(3))."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum

from sqlalchemy import Table, select

from core.database import Unit, WriteUnit
from core.errors import NotAvailable
from core.ids import new_id
from core.statements import Row
from grants.counter import Clerk
from grants.errors import WrongState
from grants.tables import counter_case, counter_print


class Printout(Enum):
    """What is printed."""

    REPORT = "REPORT"
    TRAIL = "TRAIL"
    SUPPLEMENT = "SUPPLEMENT"  # 补正告知


class PrintOutcome(Enum):
    """What came of it."""

    PRINTED = "PRINTED"
    NOT_PRINTED = "NOT_PRINTED"


async def begin(unit: WriteUnit, case: Row, what: Printout, *, report_id: str | None = None, at: datetime) -> str:
    """Something is about to be printed; its id."""
    made = new_id("prt")
    row = {"id": made, "case_id": case.id, "what": what.value, "report_id": report_id, "begun_at": at}
    await unit.run(counter_print.insert().values(**row))
    return made


async def end(unit: WriteUnit, clerk: Clerk, print_id: str, outcome: PrintOutcome, *, at: datetime) -> bool:
    """What came of it, said once; False when this was said before. Raises `NotAvailable`, and `WrongState` when it was
    said otherwise."""
    await own(unit, clerk, print_id)
    return await say(unit, counter_print, print_id, outcome, at=at)


async def say(unit: WriteUnit, table: Table, print_id: str, outcome: PrintOutcome, *, at: datetime) -> bool:
    """The same of any printout, which the caller has seen to be theirs."""
    c = table.c
    waits = table.update().where(c.id == print_id, c.outcome.is_(None))
    if await unit.run(waits.values(outcome=outcome.value, ended_at=at)) == 1:
        return True
    said = await unit.first(select(c.outcome).where(c.id == print_id))
    if said is None or said.outcome != outcome.value:
        raise WrongState()
    return False


async def own(unit: Unit, clerk: Clerk, print_id: str) -> Row:
    """Something to print of the clerk's own case; raises `NotAvailable`."""
    theirs = (counter_case.c.clerk_id == clerk.staff_id, counter_case.c.party_id == clerk.party_id)
    query = select(counter_print).join(counter_case, counter_case.c.id == counter_print.c.case_id)
    row = await unit.first(query.where(counter_print.c.id == print_id, *theirs))
    if row is None:
        raise NotAvailable()
    return row


async def of_case(unit: Unit, case_id: str) -> Sequence[Row]:
    """Everything that was to be printed in a case, oldest first."""
    c = counter_print.c
    return await unit.all(select(counter_print).where(c.case_id == case_id).order_by(c.begun_at, c.id))
