"""A department's models (Art. 9): drafted and handed in by one of its officers, reviewed by another.

Whoever begins a version writes it alone, so that somebody is left to review it. What is handed in does not change: a
returned version is revised and handed in again, and what was reviewed is followed by the next version.
"""

import re
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Select, func, literal, select

from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable, VersionChanged
from core.identity import mask_numbers_in
from core.ids import new_id
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from core.waiting import Second, entry
from oversight.industry import checking, writing
from oversight.industry.errors import NotTheAuthor
from oversight.industry.scorecards import Scorecard
from oversight.industry.tables import industry_model
from parties.errors import SecondPerson, WrongState

LONGEST_REASON = 500
_c = industry_model.c
_NEWEST = Order(_c.drafted_at, _c.id, write=rfc3339, read=datetime.fromisoformat)
_CODE = re.compile(r"[A-Z][A-Z0-9-]{0,19}", re.ASCII)


class IndustryModelState(Enum):
    """Where a version stands. REVIEWED: a second person has let it stand. LIVE: it is run; one of a model at most."""

    DRAFT = "DRAFT"
    IN_REVIEW = "IN_REVIEW"
    RETURNED = "RETURNED"
    REVIEWED = "REVIEWED"
    LIVE = "LIVE"
    RETIRED = "RETIRED"


_WRITTEN = (IndustryModelState.DRAFT.value, IndustryModelState.RETURNED.value)


async def draft(unit: WriteUnit, code: str, card: Scorecard, *, party_id: str, by: str, at: datetime) -> str:
    """Begin the next version of a department's model; its id. Raises `Invalid` for a scorecard that cannot stand, and
    `VersionChanged` when another version was begun in the same instant."""
    if not _CODE.fullmatch(code):
        raise Invalid(Detail(("code",), "CODE"))
    text, made = _checked(card), new_id("imd")
    last = select(func.coalesce(func.max(_c.edition), 0) + 1).where(_c.party_id == party_id, _c.code == code)
    values = {
        "id": literal(made),
        "party_id": literal(party_id),
        "code": literal(code),
        "edition": last.scalar_subquery(),
        "content": literal(text),
        "sha256": literal(writing.sha256(text)),
        "state": literal(IndustryModelState.DRAFT.value),
        "drafted_by": literal(by),
        "drafted_at": literal(at, _c.drafted_at.type),
        "version": literal(1),
    }
    new = unit.insert(industry_model).values(**values)
    if await unit.run(new.on_conflict_do_nothing(index_elements=["party_id", "code", "edition"])) != 1:
        raise VersionChanged()
    return made


async def revise(unit: WriteUnit, id: str, card: Scorecard, *, party_id: str, by: str, expected: int) -> None:
    """Write a draft, or what was returned, anew. Raises `NotAvailable`, `NotTheAuthor`, `Invalid`, `WrongState` and
    `VersionChanged`."""
    row = await _authors(unit, id, party_id, by)
    text = _checked(card)
    await _move(unit, row, expected, {"content": text, "sha256": writing.sha256(text)})


async def submit(unit: WriteUnit, id: str, *, party_id: str, by: str, expected: int, at: datetime) -> None:
    """Hand it in: from now on it does not change. Raises as `revise` does."""
    row = await _authors(unit, id, party_id, by)
    again = {"reviewed_by": None, "reviewed_at": None, "reason": None}
    await _move(unit, row, expected, {"state": IndustryModelState.IN_REVIEW.value, "submitted_at": at, **again})


async def review(
    unit: WriteUnit, id: str, word: tuple[bool, str], *, party_id: str, by: str, expected: int, at: datetime
) -> None:
    """Say whether it stands, or is returned, and why. Raises `NotAvailable`, `SecondPerson` for its author, `Invalid`,
    `WrongState` and `VersionChanged`."""
    stands, reason = word
    said = mask_numbers_in(reason.strip())
    if not 1 <= len(said) <= LONGEST_REASON:
        raise Invalid(Detail(("reason",), "LENGTH", f"1..{LONGEST_REASON}"))
    row = await find(unit, id, party_id=party_id)
    if row.drafted_by == by:
        raise SecondPerson()
    if row.state != IndustryModelState.IN_REVIEW.value:
        raise WrongState()
    state = IndustryModelState.REVIEWED if stands else IndustryModelState.RETURNED
    await _move(unit, row, expected, {"state": state.value, "reviewed_by": by, "reviewed_at": at, "reason": said})


async def find(unit: Unit, id: str, *, party_id: str) -> Row:
    """One version of a department's own; raises `NotAvailable`."""
    row = await unit.first(select(industry_model).where(_c.id == id, _c.party_id == party_id))
    if row is None:
        raise NotAvailable()
    return row


async def before(unit: Unit, row: Row) -> Row | None:
    """The edition before this one of the same model, or None."""
    same = (_c.party_id == row.party_id, _c.code == row.code, _c.edition == row.edition - 1)
    return await unit.first(select(industry_model).where(*same))


async def page(unit: Unit, request: PageRequest, *, party_id: str) -> Page[Row]:
    """A department's versions, newest first."""
    return await _NEWEST.read_page(unit, select(industry_model).where(_c.party_id == party_id), request)


def waiting(of: Second) -> Select[Any]:
    """The department's own versions that another than their author reviews."""
    listed = entry("MODEL", _c.id, _c.code, since=_c.submitted_at, asked_by=_c.drafted_by)
    mine = (_c.party_id == of.party_id, _c.state == IndustryModelState.IN_REVIEW.value)
    return listed.where(*mine, _c.drafted_by != of.staff_id)


async def _authors(unit: WriteUnit, id: str, party_id: str, by: str) -> Row:
    row = await find(unit, id, party_id=party_id)
    if row.drafted_by != by:
        raise NotTheAuthor()
    if row.state not in _WRITTEN:
        raise WrongState()
    return row


def _checked(card: Scorecard) -> str:
    broken = checking.faults(card)
    if broken:
        raise Invalid(*(Detail(("scorecard", *one.path), one.code, one.limit) for one in broken))
    return writing.written(card)


async def _move(unit: WriteUnit, row: Row, expected: int, values: dict[str, object]) -> None:
    """One statement moves it on from the version that was read."""
    read = (_c.id == row.id, _c.version == expected, _c.state == row.state)
    if await unit.run(industry_model.update().where(*read).values(version=_c.version + 1, **values)) != 1:
        raise VersionChanged()
