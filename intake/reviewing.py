"""Rows about people of sixteen or seventeen: set aside, and taken or dropped by a person of the institution.

Who has turned sixteen and lives on their own labour has full capacity (民法典 18), and public credit like an adult
(条例 2); that they do, only a person can find out. Until then nothing of the row is in the record. A reviewer sees who
sent it, a masked number and the age, never the row: there is no look to be logged. The row goes with the decision.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

import orjson
from sqlalchemy import delete, select

from core import installation
from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable
from core.identity import BadIdentity, IdentityType, age_on, mask, mask_numbers_in, parse
from core.ids import new_id
from core.installation import Kind
from core.moments import day_of
from core.paging import Order, Page, PageRequest
from core.statements import Row
from core.vault import Vault
from credit import entering
from credit.entering import Provenance
from intake import surroundings, taking
from intake.drafts import Draft, RecordDraft, read
from intake.errors import Decided, RowNotTaken, RowRefused
from intake.findings import Finding
from intake.layouts import LAYOUTS, REPRESENTATIVE_NUMBER, LayoutName
from intake.tables import row_set_aside
from parties import directory
from parties.kinds import ProviderKind

# CHOICE: what nobody has decided after thirty days goes unread; a row that was decided is remembered as long, by hash.
TERM = timedelta(days=30)
LONGEST_REASON = 200
_PLACE = "row_set_aside.sealed"
_NEWEST = Order(row_set_aside.c.set_aside_at, row_set_aside.c.id, write=datetime.isoformat, read=datetime.fromisoformat)
_LAYOUTS = {layout.name: layout for layout in LAYOUTS}


class ReviewDecision(Enum):
    """What a reviewer found."""

    TAKEN = "TAKEN"  # supports themselves: the row is taken as an adult's
    DROPPED = "DROPPED"


@dataclass(frozen=True)
class Aside:
    """One row as it was sent, and where it stood. Its repr leaves out what it says."""

    provider_id: str
    provider_code: str
    layout: str
    file_sha256: str
    line: int
    values: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Aside({self.layout}, line {self.line})"


@dataclass(frozen=True)
class Seen:
    """What a reviewer may see of a row."""

    title: str
    masked: str
    age: int


async def set_aside(unit: WriteUnit, aside: Aside, draft: Draft, *, at: datetime) -> str | None:
    """Put a row aside until somebody decides; sent again, its last words wait. The code of an earlier decision not to
    take it, or None."""
    c = row_set_aside.c
    hashes = unit.vault.lookups("row_set_aside", _key(aside, draft))
    here = await unit.first(select(c.id, c.decision).where(c.row_hash.in_(hashes)))
    if here is not None and here.decision is not None:
        return "REVIEWED_NOT_TAKEN"
    row_id = here.id if here is not None else new_id("rsa")
    said = {
        "sealed": unit.vault.seal(_PLACE, row_id, orjson.dumps(dict(aside.values)).decode()),
        "line": aside.line,
        "file_sha256": aside.file_sha256,
    }
    if here is not None:
        await unit.run(row_set_aside.update().where(c.id == row_id, c.decision.is_(None)).values(**said))
        return None
    await unit.run(
        row_set_aside.insert().values(
            id=row_id,
            provider_id=aside.provider_id,
            provider_code=aside.provider_code,
            layout=aside.layout,
            row_hash=hashes[0],
            set_aside_at=at,
            until=at + TERM,
            **said,
        )
    )
    return None


async def page(unit: Unit, request: PageRequest, *, at: datetime) -> Page[Row]:
    """What waits, newest first."""
    c = row_set_aside.c
    return await _NEWEST.read_page(unit, select(row_set_aside).where(c.decision.is_(None), c.until > at), request)


def seen(vault: Vault, row: Row, *, at: datetime) -> Seen:
    """What a reviewer may see of a row that waits. The number in it was checked when it was set aside."""
    layout, values = _LAYOUTS[LayoutName(row.layout)], _opened(vault, row)
    for column in layout.numbers:
        try:
            who = parse(IdentityType.RESIDENT_ID, values.get(column, ""), today=day_of(at))
        except BadIdentity:
            continue
        if who.born is not None and column != REPRESENTATIVE_NUMBER:
            return Seen(layout.title, mask(who.number), age_on(who.born, day_of(at)))
    raise AssertionError("only rows about a person are set aside")


async def decide(unit: WriteUnit, row_id: str, decision: ReviewDecision, *, reason: str, by: str, at: datetime) -> bool:
    """Take a row as an adult's, or drop it; either way it is gone. False when it was decided so before.

    Raises `NotAvailable` for no such row, `RowNotTaken` for one that cannot be taken as it stands, `Decided` for one
    that was decided otherwise.
    """
    if not 1 <= len(reason.strip()) <= LONGEST_REASON:
        raise Invalid(Detail(("reason",), "LENGTH", f"1..{LONGEST_REASON}"))
    c = row_set_aside.c
    row = await unit.first(select(row_set_aside).where(c.id == row_id, c.until > at).with_for_update())
    if row is None:
        raise NotAvailable()
    if row.decision is not None:
        return _decided_before(row, decision)
    if decision is ReviewDecision.TAKEN:
        await _take(unit, row, at)
    moved = await unit.run(
        row_set_aside.update()
        .where(c.id == row_id, c.decision.is_(None))
        .values(
            decision=decision.value,
            sealed=None,
            reason=mask_numbers_in(reason.strip()),
            decided_by=by,
            decided_at=at,
            until=at + TERM,
        )
    )
    if moved != 1:
        raise Decided()
    return True


async def taken_by(unit: Unit, provider_id: str, layout: str, *, at: datetime) -> Collection[str]:
    """The staff members who took a provider's row of this layout as an adult's at this very instant: a record that was
    entered by such a decision was entered with it."""
    c = row_set_aside.c
    theirs = (c.provider_id == provider_id, c.layout == layout, c.decided_at == at)
    taken = (c.decision == ReviewDecision.TAKEN.value,)
    return {row.decided_by for row in await unit.all(select(c.decided_by).where(*theirs, *taken))}


async def sweep(unit: WriteUnit, *, at: datetime) -> int:
    """Delete what nobody decided in time, and what was decided long enough ago; how many."""
    return await unit.run(delete(row_set_aside).where(row_set_aside.c.until <= at))


def _decided_before(row: Row, decision: ReviewDecision) -> bool:
    if row.decision != decision.value:
        raise Decided()
    return False


async def _take(unit: WriteUnit, row: Row, at: datetime) -> None:
    """Enter the row as its provider's, checked anew against today. Raises `RowNotTaken` with the row's own reason."""
    provider = await directory.provider(unit, row.provider_code)
    if provider is None:
        raise NotAvailable()
    kind, invented = ProviderKind(provider.provider_kind), await installation.kind_of(unit) is Kind.DEMONSTRATION
    around = await surroundings.of(unit, provider.id, kind, invented=invented, at=at)
    found: list[Finding] = []
    draft = read(_LAYOUTS[LayoutName(row.layout)], row.line, _opened(unit.vault, row), around, found)
    if draft is None:
        raise RowNotTaken(reason=found[-1].sentence)
    await unit.alone(f"intake {provider.id}")
    await unit.shared(entering.NUMBERS)
    here = (await entering.known(unit, [draft.identity])).get(draft.identity.number)
    names = unit.vault.lookups("name", draft.name)
    try:
        taking.against_store(draft, here, names, today=day_of(at), self_supporting=True)
    except RowRefused as error:
        raise RowNotTaken(reason=error.reason) from None
    await taking.put(unit, [(draft, here)], Provenance(provider.id, provider.name, kind.value), at=at)


def _opened(vault: Vault, row: Row) -> Mapping[str, str]:
    values: dict[str, str] = orjson.loads(vault.open(_PLACE, row.id, row.sealed))
    return values


def _key(aside: Aside, draft: Draft) -> str:
    """What a row is known by: sender, layout, number and document, as a record is."""
    document = draft.content.document_number if isinstance(draft, RecordDraft) else ""
    return "\x1f".join((aside.provider_code, aside.layout, draft.identity.number, document))
