"""Rectification orders (整改, Art. 4): a supervisor orders, the institution replies, the supervisor accepts or returns.

Each step is one statement on the order's row, which names the version it was decided on, and a line of its history. A
term is in working days from the day after the order; what has not been replied to by then is late, and stays open.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from core import calendar
from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable, VersionChanged
from core.ids import new_id, new_number
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from core.waiting import Second, entry
from notices import outbox
from notices.kinds import EventKind
from oversight.supervision.areas import Area
from oversight.supervision.tables import rectification, rectification_step
from parties import directory
from parties.errors import WrongState

# CHOICE: what cannot be put right in a quarter of a year is two orders.
MOST_WORKING_DAYS = 60
MOST_REFERENCES = 20
_LONGEST, _LONGEST_REFERENCE = 2000, 40
_c = rectification.c
_NEWEST = Order(_c.issued_at, _c.id, write=rfc3339, read=datetime.fromisoformat)


class OrderState(Enum):
    """ISSUED and RETURNED wait for the institution, REPLIED for the supervisor; the others are over."""

    ISSUED = "ISSUED"
    REPLIED = "REPLIED"
    RETURNED = "RETURNED"
    CLOSED = "CLOSED"
    WITHDRAWN = "WITHDRAWN"


class OrderAct(Enum):
    """What is done to an order."""

    ISSUE = "ISSUE"
    REPLY = "REPLY"
    ACCEPT = "ACCEPT"
    RETURN = "RETURN"
    WITHDRAW = "WITHDRAW"


@dataclass(frozen=True)
class Step:
    """From which states an act starts, to which it leads, and whether it is the institution's."""

    starts: frozenset[OrderState]
    leads_to: OrderState
    by_institution: bool = False


AWAITED = frozenset({OrderState.ISSUED, OrderState.RETURNED})
STEPS: Mapping[OrderAct, Step] = {
    OrderAct.REPLY: Step(AWAITED, OrderState.REPLIED, by_institution=True),
    OrderAct.ACCEPT: Step(frozenset({OrderState.REPLIED}), OrderState.CLOSED),
    OrderAct.RETURN: Step(frozenset({OrderState.REPLIED}), OrderState.RETURNED),
    OrderAct.WITHDRAW: Step(AWAITED | {OrderState.REPLIED}, OrderState.WITHDRAWN),
}


@dataclass(frozen=True)
class Side:
    """Who acts: a supervisor's staff in their area, or staff of the institution that was ordered."""

    party_id: str
    staff_id: str
    area: Area | None = None

    @property
    def sees(self) -> ColumnElement[bool]:
        """An institution its own orders; the city's department all, a district's those of its area."""
        if self.area is None:
            return _c.party_id == self.party_id
        return _c.party_id.is_not(None) if self.area.is_city else _c.area == self.area.code


@dataclass(frozen=True)
class Draft:
    """What is ordered of whom. `references` are numbers of what was found: a review's, a case's, an objection's."""

    party_id: str
    findings: str
    references: Sequence[str]
    working_days: int

    def faults(self) -> list[Detail]:
        """Every rule it breaks."""
        long = [len(one) for one in self.references]
        rules = (
            ("findings", "LENGTH", f"1..{_LONGEST}", not 1 <= len(self.findings.strip()) <= _LONGEST),
            ("references", "TOO_MANY", str(MOST_REFERENCES), len(self.references) > MOST_REFERENCES),
            ("references", "LENGTH", f"1..{_LONGEST_REFERENCE}", any(not 1 <= n <= _LONGEST_REFERENCE for n in long)),
            ("workingDays", "OUT_OF_RANGE", f"1..{MOST_WORKING_DAYS}", not 1 <= self.working_days <= MOST_WORKING_DAYS),
        )
        return [Detail((path,), code, limit) for path, code, limit, is_broken in rules if is_broken]


async def issue(unit: WriteUnit, by: Side, draft: Draft, *, at: datetime) -> str:
    """A new order to an institution of the supervisor's area; its id. Raises `Invalid`, and `NotAvailable` for whoever
    is no such institution."""
    broken = draft.faults()
    if broken:
        raise Invalid(*broken)
    found = await directory.institution_by_id(unit, draft.party_id)
    if found is None or by.area is None or not (by.area.is_city or found.district == by.area.code):
        raise NotAvailable()
    term = await calendar.due(unit, at, draft.working_days)
    order_id = new_id("rct")
    made = rectification.insert().values(
        id=order_id,
        number=new_number("ZG"),
        version=1,
        state=OrderState.ISSUED.value,
        area=found.district,
        party_id=draft.party_id,
        issued_by=by.party_id,
        issued_at=at,
        findings=draft.findings.strip(),
        cited=list(draft.references),
        due_at=term.until,
    )
    await unit.run(made)
    await _write_down(unit, by, order_id, 1, OrderAct.ISSUE, None, at)
    await outbox.tell_party(unit, draft.party_id, EventKind.RECTIFICATION_ORDERED, about=order_id, at=at)
    return order_id


async def take(
    unit: WriteUnit, by: Side, order_id: str, act: OrderAct, said: str, expected: int, *, at: datetime
) -> None:
    """One step; `said` is the reply, or the reason.

    Raises `Invalid`, `NotAvailable`, `WrongState` and `VersionChanged`.
    """
    text = said.strip()
    if not 1 <= len(text) <= _LONGEST:
        raise Invalid(Detail(("text",), "LENGTH", f"1..{_LONGEST}"))
    step = STEPS[act]
    if step.by_institution != (by.area is None):
        raise NotAvailable()
    row = await find(unit, by, order_id)
    stands = (_c.id == order_id, _c.version == expected, _c.state.in_([one.value for one in step.starts]))
    moved = rectification.update().where(*stands).values(state=step.leads_to.value, version=_c.version + 1)
    if await unit.run(moved) != 1:
        raise WrongState() if OrderState(row.state) not in step.starts else VersionChanged()
    await _write_down(unit, by, order_id, expected + 1, act, text, at)
    whom = row.issued_by if step.by_institution else row.party_id
    await outbox.tell_party(unit, whom, EventKind.RECTIFICATION_MOVED, about=order_id, at=at)


async def find(unit: Unit, by: Side, order_id: str) -> Row:
    """One of this side's; raises `NotAvailable`."""
    row = await unit.first(select(rectification).where(_c.id == order_id, by.sees))
    if row is None:
        raise NotAvailable()
    return row


async def page(unit: Unit, by: Side, request: PageRequest, *, is_open: bool) -> Page[Row]:
    """This side's orders, newest first; only those that are not over, or all."""
    query = select(rectification).where(by.sees)
    waiting = or_(*(_c.state == one.value for one in (*AWAITED, OrderState.REPLIED)))
    return await _NEWEST.read_page(unit, query.where(waiting) if is_open else query, request)


async def steps(unit: Unit, order_ids: Collection[str]) -> Mapping[str, list[Row]]:
    """The history of several orders, by id, in order."""
    s = rectification_step.c
    found: dict[str, list[Row]] = {order_id: [] for order_id in order_ids}
    query = select(rectification_step).where(s.order_id.in_(list(order_ids)))
    for row in await unit.all(query.order_by(s.order_id, s.version)) if found else ():
        found[row.order_id].append(row)
    return found


def waiting(of: Second) -> Select[Any]:
    """What the institution was ordered to put right, and has not replied to."""
    listed = entry("ORDER", _c.id, _c.number, since=_c.issued_at, due=_c.due_at, party=_c.issued_by)
    return listed.where(Side(of.party_id, of.staff_id).sees, _c.state.in_([one.value for one in AWAITED]))


def is_late(row: Any, *, at: datetime) -> bool:
    """Whether the institution has let its term go by."""
    return OrderState(row.state) in AWAITED and bool(row.due_at <= at)


async def _write_down(
    unit: WriteUnit, by: Side, order_id: str, version: int, act: OrderAct, said: str | None, at: datetime
) -> None:
    row = {"order_id": order_id, "version": version, "act": act.value, "party_id": by.party_id, "text": said}
    await unit.run(rectification_step.insert().values(**row, staff_id=by.staff_id, at=at))
