"""Bulk processings by a department's model (Art. 9): simulations, which keep nothing but counts, and runs.

Each is asked for by an officer, with the sheet that says over whom, and stands here with its basis before anybody is
looked at; `running` carries it out. Both are of one instant, which the duty lets settle first.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum

from sqlalchemy import func, select

from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable
from core.ids import new_id, new_number
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from oversight.industry import counting, models, sheets, stability, writing
from oversight.industry.errors import RunsSpent, RunUnderway
from oversight.industry.models import IndustryModelState
from oversight.industry.sheets import IndustrySheetState
from oversight.industry.tables import industry_run
from parties.errors import WrongState

# CHOICE: a model is tried some ten times before it is good, and run once a month. Counts of sheets that differ by a row
# are rounded each by a lot of their own, and many of them would tell what one does not.
MOST_IN_A_MONTH, MONTH = 40, timedelta(days=31)
# CHOICE: how far back the instant may lie: a month's figures are run over as of its last day.
FURTHEST = timedelta(days=31)
_r = industry_run.c
_NEWEST = Order(_r.asked_at, _r.id, write=rfc3339, read=datetime.fromisoformat)


class IndustryRunKind(Enum):
    """SIMULATION: nothing but counts is kept. RUN: a result for each organisation."""

    SIMULATION = "SIMULATION"
    RUN = "RUN"


class IndustryRunState(Enum):
    """How far it is."""

    RUNNING = "RUNNING"
    DONE = "DONE"


BEGINS = {
    IndustryRunKind.SIMULATION: (IndustryModelState.REVIEWED, IndustryModelState.LIVE),
    IndustryRunKind.RUN: (IndustryModelState.LIVE,),
}


@dataclass(frozen=True)
class Asked:
    """What is to be run: a version over a sheet's organisations, as everything stood at an instant; None is now."""

    kind: IndustryRunKind
    model_id: str
    sheet_id: str
    as_of: datetime | None = None


async def ask(unit: WriteUnit, asked: Asked, *, party_id: str, by: str, at: datetime) -> str:
    """Let it be carried out; its id. Raises `NotAvailable`, `WrongState` where the version or the sheet does not stand
    so, `Invalid` for an instant that has not come or lies too far back, `RunUnderway`, and `RunsSpent`."""
    await unit.alone(f"industry runs of {party_id}")
    spent = select(func.count().label("many")).where(_r.party_id == party_id, _r.asked_at > at - MONTH)
    if (await unit.all(spent))[0].many >= MOST_IN_A_MONTH:
        raise RunsSpent(limit=str(MOST_IN_A_MONTH))
    model = await models.find(unit, asked.model_id, party_id=party_id)
    sheet = await sheets.find(unit, asked.sheet_id, party_id=party_id)
    if IndustryModelState(model.state) not in BEGINS[asked.kind]:
        raise WrongState()
    if sheet.model_id != model.id:
        raise NotAvailable()
    if sheet.state != IndustrySheetState.TAKEN.value or sheet.taken == 0:
        raise WrongState()
    as_of = asked.as_of or at
    if not at - FURTHEST <= as_of <= at:
        raise Invalid(Detail(("asOf",), "OUT_OF_RANGE", f"{rfc3339(at - FURTHEST)}..{rfc3339(at)}"))
    card, made = writing.read(model.content), new_id("inr")
    row = {
        "id": made,
        "number": new_number("HY"),
        "kind": asked.kind.value,
        "party_id": party_id,
        "model_id": model.id,
        "sha256": model.sha256,
        "instrument": card.instrument,
        "sheet_id": sheet.id,
        "as_of": as_of,
        "asked_by": by,
        "asked_at": at,
        "state": IndustryRunState.RUNNING.value,
        "population": sheet.taken,
        "done": 0,
        "passed_over": 0,
        "counts": counting.empty(card),
        "digest": "",
    }
    if await unit.run(unit.insert(industry_run).values(row).on_conflict_do_nothing()) != 1:
        raise RunUnderway()
    return made


async def simulated(unit: Unit, model: Row) -> str | None:
    """The latest simulation of exactly this content that has ended, or None."""
    done = (_r.kind == IndustryRunKind.SIMULATION.value, _r.state == IndustryRunState.DONE.value)
    of_it = (_r.model_id == model.id, _r.sha256 == model.sha256, *done)
    row = await unit.first(select(_r.id).where(*of_it).order_by(_r.finished_at.desc(), _r.id).limit(1))
    return row.id if row is not None else None


def classes(row: Row) -> counting.Table | None:
    """How many have each class, as it is said; None before it is done."""
    done = row.state == IndustryRunState.DONE.value
    return row.counts[counting.CLASSES] if done else None


def apart(one: Row, other: Row) -> Decimal | None:
    """How far two lie apart by their classes; None where there is no saying: they have other classes, or one of them is
    not done or withholds one."""
    now, before = classes(one), classes(other)
    if now is None or before is None or list(now) != list(before):
        return None
    return stability.index(list(now), before, now)


async def find(unit: Unit, id: str, *, party_id: str) -> Row:
    """One of a department's own; raises `NotAvailable`."""
    row = await unit.first(select(industry_run).where(_r.id == id, _r.party_id == party_id))
    if row is None:
        raise NotAvailable()
    return row


async def page(unit: Unit, request: PageRequest, *, party_id: str) -> Page[Row]:
    """A department's, newest first."""
    return await _NEWEST.read_page(unit, select(industry_run).where(_r.party_id == party_id), request)
