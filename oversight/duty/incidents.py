"""Incidents (Art. 14, 个人信息保护法 57): recorded, frozen, told to those who were touched, closed by two people.

Whose looks it is about neither has people told, nor reports on it, nor closes it. Telling is `telling`'s.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

import orjson
from sqlalchemy import select

from audit import affected
from audit.affected import Stretch
from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable, VersionChanged
from core.identity import mask_numbers_in
from core.ids import new_id, new_number
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from notices import freezing
from oversight.duty.tables import incident, incident_freeze
from parties.errors import SecondPerson, WrongState
from parties.freezing import Named

LONGEST, LONGEST_ADVICE = 500, 300
_LONGEST_ID = 40
_c = incident.c
_NEWEST = Order(_c.recorded_at, _c.id, write=rfc3339, read=datetime.fromisoformat)


class IncidentKind(Enum):
    """What went wrong."""

    MISUSE = "MISUSE"  # 违规查询
    LEAK = "LEAK"  # 泄露
    INTRUSION = "INTRUSION"  # 入侵
    TAMPERING = "TAMPERING"  # 篡改
    LOSS = "LOSS"  # 丢失


class IncidentState(Enum):
    """Where it stands. TELLING: the duty is telling those who were touched; PROPOSED: a second person closes it."""

    OPEN = "OPEN"
    TELLING = "TELLING"
    TOLD = "TOLD"
    PROPOSED = "PROPOSED"
    CLOSED = "CLOSED"


_UNREPORTED: Mapping[str, object] = {
    "state": IncidentState.TOLD.value,
    **dict.fromkeys(("report", "proposed_by", "proposed_at")),
}


@dataclass(frozen=True)
class Recorded:
    """What happened, and through whose looks from when to when."""

    kind: IncidentKind
    what: str
    stretch: Stretch

    def check(self, *, at: datetime) -> None:
        """Raise `Invalid` for every rule that it breaks."""
        one = self.stretch
        named = [value for value in (one.officer_id, one.grant_id, one.party_id) if value is not None]
        rules = (
            ("what", "LENGTH", f"1..{LONGEST}", not 1 <= len(self.what.strip()) <= LONGEST),
            ("staffId", "EXACTLY_ONE", "staffId, grantId, partyId", len(named) != 1),
            ("staffId", "LENGTH", f"1..{_LONGEST_ID}", any(not 1 <= len(value) <= _LONGEST_ID for value in named)),
            ("until", "INCIDENT_PERIOD", None, not one.since < one.until <= at),
        )
        broken = [Detail((path,), code, limit) for path, code, limit, is_broken in rules if is_broken]
        if broken:
            raise Invalid(*broken)


async def record(unit: WriteUnit, by: str, said: Recorded, *, at: datetime) -> str:
    """Record an incident; its id. Raises `Invalid`."""
    said.check(at=at)
    made = {
        "id": new_id("inc"),
        "number": new_number("SJ"),
        "kind": said.kind.value,
        "what": mask_numbers_in(said.what.strip()),
        "since": said.stretch.since,
        "until": said.stretch.until,
        "looker_id": said.stretch.officer_id,
        "grant_id": said.stretch.grant_id,
        "party_id": said.stretch.party_id,
        "recorded_by": by,
        "recorded_at": at,
        "state": IncidentState.OPEN.value,
        "told_through": "",
        "told": 0,
        "version": 1,
    }
    await unit.run(incident.insert().values(made))
    return str(made["id"])


async def freeze(unit: WriteUnit, by: str, incident_id: str, named: Named, reason: str, *, at: datetime) -> bool:
    """Stop somebody or something because of an incident that is not closed; False when this one had done it before.

    A report that waits for its second person would not say so: it goes back to whoever writes it. Raises
    `NotAvailable`, `WrongState`, and what `parties.freezing.freeze` raises.
    """
    row = await _held(unit, incident_id)
    if row.state == IncidentState.CLOSED.value:
        raise WrongState()
    await freezing.freeze(unit, named, by=by, reason=reason, at=at)
    made = unit.insert(incident_freeze).values(
        incident_id=row.id, target=named.target.value, target_id=named.key, by=by, at=at
    )
    if await unit.run(made.on_conflict_do_nothing()) != 1:
        return False
    if row.state == IncidentState.PROPOSED.value:
        await _move(unit, row, IncidentState.PROPOSED, row.version, _UNREPORTED)
    return True


async def tell(unit: WriteUnit, by: str, incident_id: str, advice: str, *, expected: int) -> None:
    """Have everybody told who was touched: what happened, when, and what they can do. The duty does it.

    Raises `Invalid`, `NotAvailable`, `SecondPerson`, `WrongState` unless it is open, and `VersionChanged`.
    """
    said = mask_numbers_in(advice.strip())
    if not 1 <= len(said) <= LONGEST_ADVICE:
        raise Invalid(Detail(("advice",), "LENGTH", f"1..{LONGEST_ADVICE}"))
    row = await _of_another(unit, by, incident_id)
    values = {"state": IncidentState.TELLING.value, "advice": said}
    await _move(unit, row, IncidentState.OPEN, expected, values)


async def propose(unit: WriteUnit, by: str, incident_id: str, conclusion: str, *, expected: int, at: datetime) -> None:
    """Write the report, from which a second person closes the incident. Everybody has been told by then whom no order
    keeps from knowing.

    Raises `Invalid`, `NotAvailable`, `SecondPerson`, `WrongState` and `VersionChanged`.
    """
    said = mask_numbers_in(conclusion.strip())
    if not 1 <= len(said) <= LONGEST:
        raise Invalid(Detail(("conclusion",), "LENGTH", f"1..{LONGEST}"))
    row = await _of_another(unit, by, incident_id)
    if row.state != IncidentState.TOLD.value:
        raise WrongState()
    report = await _report(unit, row, by, said, at=at)
    values = {"state": IncidentState.PROPOSED.value, "report": report, "proposed_by": by, "proposed_at": at}
    await _move(unit, row, IncidentState.TOLD, expected, values)


async def close(unit: WriteUnit, by: str, incident_id: str, *, stands: bool, expected: int, at: datetime) -> None:
    """The second person's word on the report: closed, or back to whoever writes it.

    Raises `NotAvailable`, `WrongState`, `SecondPerson` for whoever wrote it, and `VersionChanged`.
    """
    row = await _of_another(unit, by, incident_id)
    if row.state == IncidentState.PROPOSED.value and row.proposed_by == by:
        raise SecondPerson()
    closed: Mapping[str, object] = {"state": IncidentState.CLOSED.value, "closed_by": by, "closed_at": at}
    await _move(unit, row, IncidentState.PROPOSED, expected, closed if stands else _UNREPORTED)


async def find(unit: Unit, incident_id: str) -> Row:
    """One incident; raises `NotAvailable`."""
    row = await unit.first(select(incident).where(_c.id == incident_id))
    if row is None:
        raise NotAvailable()
    return row


async def page(unit: Unit, request: PageRequest) -> Page[Row]:
    """Every incident, newest first."""
    return await _NEWEST.read_page(unit, select(incident), request)


async def frozen(unit: Unit, incident_id: str) -> Sequence[Row]:
    """What was frozen because of it, in order."""
    f = incident_freeze.c
    return await unit.all(select(incident_freeze).where(f.incident_id == incident_id).order_by(f.at, f.target_id))


def stretch_of(row: Row) -> Stretch:
    """Whose looks it is about, and when."""
    return Stretch(row.since, row.until, row.looker_id, row.grant_id, row.party_id)


async def _of_another(unit: WriteUnit, by: str, incident_id: str) -> Row:
    row = await _held(unit, incident_id)
    if row.looker_id == by:
        raise SecondPerson()
    return row


async def _held(unit: WriteUnit, incident_id: str) -> Row:
    """One incident, which nobody else moves until this transaction ends: what a report says is what it was."""
    row = await unit.first(select(incident).where(_c.id == incident_id).with_for_update())
    if row is None:
        raise NotAvailable()
    return row


async def _report(unit: Unit, row: Row, by: str, conclusion: str, *, at: datetime) -> str:
    touched = await affected.count(unit, stretch_of(row), at=at)
    stopped = [{"target": one.target, "id": one.target_id, "at": rfc3339(one.at)} for one in await frozen(unit, row.id)]
    said = {
        "number": row.number,
        "kind": row.kind,
        "what": row.what,
        "since": rfc3339(row.since),
        "until": rfc3339(row.until),
        "staffId": row.looker_id,
        "grantId": row.grant_id,
        "partyId": row.party_id,
        "recordedAt": rfc3339(row.recorded_at),
        "recordedBy": row.recorded_by,
        "looks": touched.answered,
        "attempts": touched.refused,
        "touched": touched.subjects,
        "told": row.told,
        "withheld": touched.withheld,
        "toldAt": rfc3339(row.told_at),
        "advice": row.advice,
        "frozen": stopped,
        "conclusion": conclusion,
        "reportedAt": rfc3339(at),
        "reportedBy": by,
    }
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()


async def _move(unit: WriteUnit, row: Row, state: IncidentState, expected: int, values: Mapping[str, object]) -> None:
    """One statement moves it on from this state and the version that was read."""
    if row.state != state.value:
        raise WrongState()
    read = (_c.id == row.id, _c.version == expected, _c.state == state.value)
    if await unit.run(incident.update().where(*read).values({"version": _c.version + 1, **values})) != 1:
        raise VersionChanged()
