"""Looking into what is unusual (Art. 13): each finding opens one review, with an owner, and an outcome with a reason.

Whoever takes a review first has it, by one statement. Nobody reviews their own looks, and that something was misuse is
for a second person to say. A review names looks by their ids, and nobody whom they were at.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import Enum

from sqlalchemy import and_, select

from audit import staff_looks
from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable, VersionChanged
from core.identity import mask_numbers_in
from core.ids import new_id, new_number
from core.moments import day_of, rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from oversight.duty.anomalies import Finding
from oversight.duty.anomalies_limits import Rule
from oversight.duty.tables import look_review
from parties import hiring
from parties.errors import SecondPerson, WrongState

LONGEST_REASON = 500
_c = look_review.c
_NEWEST = Order(_c.opened_at, _c.id, write=rfc3339, read=datetime.fromisoformat)


class ReviewState(Enum):
    """Where a review stands. DECIDED: it was misuse, and a second person has not spoken yet."""

    OPEN = "OPEN"
    TAKEN = "TAKEN"
    DECIDED = "DECIDED"
    CLOSED = "CLOSED"


class ReviewOutcome(Enum):
    """What it was."""

    JUSTIFIED = "JUSTIFIED"
    MISTAKE = "MISTAKE"
    MISUSE = "MISUSE"
    RULE_TOO_STRICT = "RULE_TOO_STRICT"


async def open_(
    unit: WriteUnit, findings: Sequence[Finding], *, looker_id: str, party_id: str, limits: int, at: datetime
) -> int:
    """Open a review for each finding in somebody's looks of a day; how many are new. One that was found before says
    what is found now, as long as nobody has taken it."""
    opened = 0
    for one in findings:
        key = f"{one.rule.value}:{one.basis}:{looker_id}:{one.day.isoformat()}"
        counted = {"seen": one.seen, "most": one.limit, "count": one.count, "looks": list(one.looks)}
        about = {"rule": one.rule.value, "basis": one.basis, "day": one.day, "limits": limits, **counted}
        opened += await _open(unit, key, looker_id, party_id, about, at)
        grown = and_(_c.key == key, _c.state == ReviewState.OPEN.value, _c.count < one.count)
        await unit.run(look_review.update().where(grown).values(**counted))
    return opened


async def questioned(unit: WriteUnit, access_id: str, *, at: datetime) -> None:
    """Open a review of a look that its subject does not know. Nothing for one that no organisation had: whoever let
    somebody act for them ends that themselves."""
    look = await staff_looks.one(unit, access_id)
    if look is None or look.actor_party_id is None:
        return
    about = {"rule": Rule.QUESTIONED.value, "basis": look.basis, "day": day_of(look.at), "limits": 0}
    counted = {"seen": 1, "most": 0, "count": 1, "looks": [access_id]}
    key = f"{Rule.QUESTIONED.value}:{access_id}"
    await _open(unit, key, look.officer_id, look.actor_party_id, {**about, **counted}, at)


async def take(unit: WriteUnit, by: str, review_id: str, *, at: datetime) -> bool:
    """Take a review that nobody has; False when one has it already.

    Raises `NotAvailable`, `SecondPerson` for one's own looks, and `WrongState` when somebody else has it.
    """
    row = await _of_another(unit, by, review_id)
    if row.taken_by == by:
        return False
    waits = (_c.id == review_id, _c.state == ReviewState.OPEN.value)
    taken = {"state": ReviewState.TAKEN.value, "taken_by": by, "taken_at": at, "version": _c.version + 1}
    if await unit.run(look_review.update().where(*waits).values(**taken)) != 1:
        raise WrongState()
    return True


async def close(
    unit: WriteUnit, by: str, review_id: str, outcome: ReviewOutcome, reason: str, *, expected: int, at: datetime
) -> None:
    """Say what it was, and why. Misuse waits for a second person; everything else is closed.

    Raises `Invalid`, `NotAvailable`, `SecondPerson`, `WrongState` unless one has taken it, and `VersionChanged`.
    """
    said = mask_numbers_in(reason.strip())
    if not 1 <= len(said) <= LONGEST_REASON:
        raise Invalid(Detail(("reason",), "LENGTH", f"1..{LONGEST_REASON}"))
    row = await _of_another(unit, by, review_id)
    if row.state != ReviewState.TAKEN.value or row.taken_by != by:
        raise WrongState()
    ends = outcome is not ReviewOutcome.MISUSE
    state = ReviewState.CLOSED if ends else ReviewState.DECIDED
    values = {"state": state.value, "outcome": outcome.value, "reason": said, "decided_at": at}
    await _move(unit, row, expected, {**values, "closed_at": at if ends else None})


async def confirm(unit: WriteUnit, by: str, review_id: str, *, stands: bool, expected: int, at: datetime) -> None:
    """The second word on misuse: it was, and the review is closed; or it goes back to whoever has it.

    Raises `NotAvailable`, `SecondPerson` for its owner and for one's own looks, `WrongState` and `VersionChanged`.
    """
    row = await _of_another(unit, by, review_id)
    if row.state != ReviewState.DECIDED.value:
        raise WrongState()
    if row.taken_by == by:
        raise SecondPerson()
    agreed = {"state": ReviewState.CLOSED.value, "confirmed_by": by, "closed_at": at}
    back = {"state": ReviewState.TAKEN.value, "outcome": None, "reason": None, "decided_at": None}
    await _move(unit, row, expected, agreed if stands else back)


async def find(unit: Unit, review_id: str) -> Row:
    """One review; raises `NotAvailable`."""
    row = await unit.first(select(look_review).where(_c.id == review_id))
    if row is None:
        raise NotAvailable()
    return row


async def page(unit: Unit, request: PageRequest, *, state: ReviewState | None) -> Page[Row]:
    """Reviews, newest first; of one state, or all."""
    query = select(look_review)
    return await _NEWEST.read_page(unit, query.where(_c.state == state.value) if state else query, request)


async def members(unit: Unit, rows: Collection[Row]) -> Mapping[str, Row]:
    """Whose looks these reviews are about, and who has them, by staff id."""
    people = {one for row in rows for one in (row.looker_id, row.taken_by, row.confirmed_by) if one is not None}
    return await hiring.by_ids(unit, people)


async def _open(
    unit: WriteUnit, key: str, looker_id: str | None, party_id: str, about: Mapping[str, object], at: datetime
) -> int:
    number = new_number("YC")
    made = unit.insert(look_review).values(
        id=new_id("rvw"),
        number=number,
        key=key,
        looker_id=looker_id,
        party_id=party_id,
        opened_at=at,
        state=ReviewState.OPEN.value,
        version=1,
        **about,
    )
    return await unit.run(made.on_conflict_do_nothing(index_elements=["key"]))


async def _of_another(unit: WriteUnit, by: str, review_id: str) -> Row:
    row = await find(unit, review_id)
    if row.looker_id == by:
        raise SecondPerson()
    return row


async def _move(unit: WriteUnit, row: Row, expected: int, values: Mapping[str, object]) -> None:
    """One statement moves it on from the version that was read."""
    read = (_c.id == row.id, _c.version == expected, _c.state == row.state)
    if await unit.run(look_review.update().where(*read).values(version=_c.version + 1, **values)) != 1:
        raise VersionChanged()
