"""保密审查 (Art. 13): what tells of many people at once leaves the institution when somebody of it has said so.

Whoever wants it asks, another reads what it holds and for whom, and one statement decides. What is to leave is named by
a hash: other bytes are another release. What nobody has released does not leave, whoever asks for it.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import select

from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable
from core.identity import mask_numbers_in
from core.ids import new_id
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from oversight.duty.errors import NotReleased, ReviewOver
from oversight.duty.tables import release
from parties.errors import SecondPerson

# CHOICE: fewer are a day's work, read one by one; so many are a list, also when it comes in pieces within a month.
BULK = 100
PIECES = timedelta(days=30)
_LONGEST = 200
_c = release.c
_OLDEST = Order(_c.requested_at, _c.id, write=rfc3339, read=datetime.fromisoformat, ascending=True)


class ReleaseKind(Enum):
    """What sort of thing leaves."""

    AGENCY_BATCH = "AGENCY_BATCH"  # the answer to a state organ's batch, named by its sheet
    SHARE = "SHARE"  # what an organ reads of changes from now on, named by its scope
    COMPLIANCE_EXPORT = "COMPLIANCE_EXPORT"  # the log of a period, for whoever audits it, named by its bytes


class ReleaseOutcome(Enum):
    """What the reader said."""

    RELEASED = "RELEASED"
    REFUSED = "REFUSED"


@dataclass(frozen=True)
class Leaving:
    """What is to leave: which thing, what it holds of how many, by which bytes, and for whom."""

    kind: str
    about: str
    holds: str
    count: int
    sha256: str
    recipient: str


async def ask(unit: WriteUnit, party_id: str, leaving: Leaving, *, by: str, at: datetime) -> None:
    """Ask an institution to let it leave; asking twice is asking once."""
    holds = mask_numbers_in(leaving.holds)[:_LONGEST]
    said = {**asdict(leaving), "holds": holds, "recipient": leaving.recipient[:_LONGEST]}
    row = {"id": new_id("rls"), "party_id": party_id, "requested_by": by, "requested_at": at, **said}
    await unit.run(unit.insert(release).values(**row).on_conflict_do_nothing())


async def record(unit: WriteUnit, party_id: str, leaving: Leaving, *, by: str, second: str, at: datetime) -> None:
    """Write down what two people have said by another act, the second of whom has read what leaves.

    It never waits, so nobody else says a word in between.
    """
    said = {**asdict(leaving), "holds": leaving.holds[:_LONGEST], "recipient": leaving.recipient[:_LONGEST]}
    asked = {"id": new_id("rls"), "party_id": party_id, "requested_by": by, "requested_at": at, **said}
    outcome = {"outcome": ReleaseOutcome.RELEASED.value, "decided_by": second, "decided_at": at}
    await unit.run(release.insert().values(**asked, **outcome))


async def decide(
    unit: WriteUnit, party_id: str, by: str, release_id: str, *, leaves: bool, reason: str | None, at: datetime
) -> bool:
    """The reader's word; False when they had said the same before. One that does not leave says why.

    Raises `Invalid`, `NotAvailable` for another institution's, `SecondPerson`, and `ReviewOver` after another's word.
    """
    said = mask_numbers_in((reason or "").strip()) or None
    if (not leaves and said is None) or len(said or "") > _LONGEST:
        raise Invalid(Detail(("reason",), "LENGTH", f"1..{_LONGEST}"))
    row = await find(unit, party_id, release_id)
    if row.requested_by == by:
        raise SecondPerson()
    outcome = ReleaseOutcome.RELEASED if leaves else ReleaseOutcome.REFUSED
    if (row.outcome, row.decided_by) == (outcome.value, by):
        return False
    decided = release.update().where(_c.id == release_id, _c.outcome.is_(None))
    values = {"outcome": outcome.value, "decided_by": by, "decided_at": at, "reason": said}
    if await unit.run(decided.values(**values)) != 1:
        raise ReviewOver()
    return True


async def hold_back(unit: Unit, kind: ReleaseKind, about: str, sha256: str) -> None:
    """Raise `NotReleased` unless somebody has let just this leave."""
    this = (_c.kind == kind.value, _c.about == about, _c.sha256 == sha256)
    if await unit.first(select(_c.id).where(*this, _c.outcome == ReleaseOutcome.RELEASED.value)) is None:
        raise NotReleased()


async def said_of(unit: Unit, kind: ReleaseKind, abouts: Collection[str]) -> Mapping[str, Row]:
    """What was asked and said of each of these things, by its id. Things of which there are no two versions."""
    rows = await unit.all(select(release).where(_c.kind == kind.value, _c.about.in_(abouts)))
    return {row.about: row for row in rows}


async def find(unit: Unit, party_id: str, release_id: str) -> Row:
    """One of the institution's; raises `NotAvailable`."""
    row = await unit.first(select(release).where(_c.id == release_id, _c.party_id == party_id))
    if row is None:
        raise NotAvailable()
    return row


async def page(unit: Unit, party_id: str, request: PageRequest, *, waiting: bool) -> Page[Row]:
    """The institution's, the longest waiting first; only those that wait, or all."""
    query = select(release).where(_c.party_id == party_id)
    return await _OLDEST.read_page(unit, query.where(_c.outcome.is_(None)) if waiting else query, request)
