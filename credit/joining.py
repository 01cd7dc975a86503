"""The records of two subjects that are one: all of them the other's, each as it was, and none of them twice.

A record keeps its id, its versions, its marks and its third persons; which of the two it was of stays as its strand.
Where both have the same record (one provider, kind and document number), one of the two rows stands from now on: the
one that has ended, been repaired or withdrawn, else the one recorded last; marks and statements of both are on it.
The other is withdrawn as a duplicate, and what it said until now is kept in its versions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func

from core.database import WriteUnit
from core.moving import Merger, Moved, held
from core.statements import Row
from credit import amending, entering, versions
from credit.kinds import RecordStatus, WithdrawalCause
from credit.tables import correction, record


@dataclass
class Joined:
    """What became of records: the rows touched, the strands of either's record, and of each strand that stands for a
    record both had, the two that it was in."""

    moved: list[Moved] = field(default_factory=list)
    strands: Sequence[Sequence[str]] = ()
    shared: dict[str, frozenset[str]] = field(default_factory=dict)


async def move(unit: WriteUnit, merger: Merger) -> Joined:
    """Move the absorbed subject's records."""
    theirs, own = await held(unit, record.c.subject_id, merger)
    joined = Joined(
        strands=[_strands(rows, fresh) for rows, (_, fresh) in zip((theirs, own), merger.sides, strict=True)]
    )
    here = {_key(row): row for row in own if row.document_number is not None}
    for row in theirs:
        if _key(row) in here:
            await _unite(unit, row, here[_key(row)], joined, merger)
    await _strand(unit, merger.kept, merger.kept_strand)
    await _strand(unit, merger.absorbed, merger.absorbed_strand)
    c = record.c
    rows = await unit.all(record.select().where(c.subject_id == merger.absorbed))
    digests = [
        {"b_id": row.id, "b_hash": entering.digest_of(amending.content_of(row), merger.kept)}
        for row in rows
        if row.document_number is not None
    ]
    await unit.run(record.update().where(c.subject_id == merger.absorbed).values(subject_id=merger.kept))
    if digests:
        made = record.update().where(c.id == bindparam("b_id")).values(content_hash=bindparam("b_hash"))
        await unit.run(made, digests)
    joined.moved += [Moved(record.name, [row.id]) for row in rows]
    return joined


async def move_corrections(unit: WriteUnit, merger: Merger) -> Sequence[Moved]:
    """What was put right of either is the one's; it was wrong to whoever could see it then."""
    theirs, own = await held(unit, correction.c.subject_id, merger)
    c = correction.c
    for side, fresh in merger.sides:
        named = correction.update().where(c.subject_id == side)
        await unit.run(named.values(subject_id=merger.kept, strand=func.coalesce(c.strand, fresh)))
    return [Moved(correction.name, [row.id], {"subject_id": row.subject_id}) for row in (*theirs, *own)]


async def _unite(unit: WriteUnit, theirs: Row, own: Row, joined: Joined, merger: Merger) -> None:
    """One of the two rows of one record stands; the other is withdrawn, and its document number is free for it."""
    stands, other = (theirs, own) if _stands(theirs) > _stands(own) else (own, theirs)
    was_in = frozenset({theirs.strand or merger.absorbed_strand, own.strand or merger.kept_strand})
    strand = next((name for name, of in joined.shared.items() if of == was_in), f"{merger.id}.{len(joined.shared)}")
    joined.shared[strand] = was_in
    withdrawn = {"status": RecordStatus.WITHDRAWN.value, "withdrawal": WithdrawalCause.DUPLICATE.value}
    await versions.change(unit, other, {**withdrawn, "document_number": None, "marks": []}, at=merger.at)
    both = {
        "marks": sorted([*stands.marks, *other.marks]),
        "statement": stands.statement or other.statement,
    }
    if (stands.marks, stands.statement) != (both["marks"], both["statement"]):
        await versions.change(unit, stands, both, at=merger.at)
    await unit.run(record.update().where(record.c.id == stands.id).values(strand=strand))
    was: Mapping[str, Any] = {"document_number": other.document_number, "stands": stands.id}
    joined.moved += [
        Moved(record.name, [other.id], {**was, "status": other.status, "marks": other.marks}),
        Moved(
            record.name, [stands.id], {"marks": stands.marks, "statement": stands.statement, "strand": stands.strand}
        ),
    ]


async def _strand(unit: WriteUnit, side: str, fresh: str) -> None:
    unnamed = record.update().where(record.c.subject_id == side, record.c.strand.is_(None))
    await unit.run(unnamed.values(strand=fresh))


def united(moved: Sequence[Moved]) -> Mapping[str, str]:
    """Which record stands for which, of those that both subjects had, in what a merge has moved."""
    return {one.key[0]: one.was["stands"] for one in moved if one.was is not None and "stands" in one.was}


def _strands(rows: Sequence[Row], fresh: str) -> Sequence[str]:
    return [*sorted({row.strand for row in rows} - {None}), fresh]


def _key(row: Row) -> tuple[str, str, str | None]:
    return row.source_id, row.kind, row.document_number


def _stands(row: Row) -> tuple[bool, datetime]:
    return row.status != RecordStatus.CURRENT.value, row.recorded_at
