"""合并: two subjects that are here turn out to be one. Nothing of either is lost, and nothing of it stands twice.

The absorbed subject's row stays, for the sealed log names it, and nothing finds it by number or name any more: those
are former ones of the other subject. What is known of it moves to the other, each table by its rule (ADR 0114); the log
does not move, and the trail reads it under both ids. All of it is one transaction, and idempotent like every change.

Lock order: everybody who enters something by number, the two subjects by id, then what is theirs from the ground up.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from audit import merging as trails
from audit.lens import Audience, BasisKind, Lens
from core import uploads
from core.database import WriteUnit
from core.identity import IdentityType
from core.ids import new_id
from core.moments import day_of
from core.moving import Merger, Move, Moved, repoint
from core.statements import Row
from credit import entering, fusing, joining, renaming, residence, subjects
from credit.entering import Known, Provenance
from credit.kinds import SubjectKind
from credit.renaming import ChangeVerdict, SubjectChange, Who
from credit.subjects import Former
from credit.tables import former_identity, report, subject, subject_merge, subject_merge_row
from grants import merging as grants
from grants.merging import Strands
from notices import merging as inboxes
from notices import outbox
from notices.kinds import EventKind
from parties import merging as parties


async def merge(
    unit: WriteUnit, wanted: SubjectChange, source: Provenance, beyond: Sequence[Move], *, at: datetime
) -> ChangeVerdict:
    """Let the subject `wanted.number` be the one of `wanted.right` from now on, or say why not. `beyond` moves what
    other contexts keep that this one does not know."""
    await unit.alone(entering.NUMBERS)
    assert wanted.right is not None
    known = await entering.known(unit, [wanted.number, wanted.right])
    theirs, own = known.get(wanted.number.number), known.get(wanted.right.number)
    refused = _by_name(unit, wanted, theirs, own)
    if refused is not None or theirs is None or own is None:
        return refused or ChangeVerdict.UNKNOWN
    rows = await _held(unit, [theirs.id, own.id])
    if theirs.id == own.id:
        return await _again(unit, wanted, rows[own.id])
    refused = await _refused(unit, wanted, rows[theirs.id], rows[own.id], at)
    if refused is None:
        await _merge(unit, wanted, source, (rows[theirs.id], rows[own.id]), beyond, at)
    return refused or ChangeVerdict.CHANGED


def _by_name(unit: WriteUnit, wanted: SubjectChange, theirs: Known | None, own: Known | None) -> ChangeVerdict | None:
    if theirs is None:
        return ChangeVerdict.UNKNOWN
    if not theirs.is_called(unit.vault.lookups("name", wanted.name)):
        return ChangeVerdict.NAME_MISMATCH
    if own is None:
        return ChangeVerdict.RIGHT_UNKNOWN
    return None if own.is_called(unit.vault.lookups("name", wanted.right_name or "")) else ChangeVerdict.NAMES_DIFFER


async def _held(unit: WriteUnit, ids: Sequence[str]) -> Mapping[str, Row]:
    rows = await unit.all(select(subject).where(subject.c.id.in_(ids)).order_by(subject.c.id).with_for_update())
    return {row.id: row for row in rows}


async def _again(unit: WriteUnit, wanted: SubjectChange, row: Row) -> ChangeVerdict:
    """Both numbers are one subject's: it was merged so before, or has become what it is in another way."""
    known = await _lines(unit, row)
    for line in (line for first_of, line in known.items() if first_of is not None):
        into = await unit.first(select(subject_merge).where(subject_merge.c.absorbed_id == _of(known, line)))
        kept = known.get(into.kept_id, known[None]) if into is not None else ()
        ended = line[-1].number == wanted.number.number and line[-1].until == wanted.on
        if ended and wanted.right is not None and wanted.right.number in {who.number for who in kept}:
            return ChangeVerdict.UNCHANGED
    return ChangeVerdict.NOT_PRESENT


def _of(known: Mapping[str | None, Sequence[Who]], line: Sequence[Who]) -> str | None:
    return next(first_of for first_of, one in known.items() if one is line)


async def _lines(unit: WriteUnit, row: Row) -> Mapping[str | None, Sequence[Who]]:
    name, number = subjects.whole(unit.vault, row)
    return renaming.lines(await _formerly(unit, row), Who(number, name))


async def _formerly(unit: WriteUnit, row: Row) -> Sequence[Former]:
    return await subjects.formerly(unit, Lens(Audience.ORGAN, BasisKind.SHARE, row.id))


async def _refused(unit: WriteUnit, wanted: SubjectChange, theirs: Row, own: Row, at: datetime) -> ChangeVerdict | None:
    """What stands against two subjects' being one."""
    if theirs.kind != own.kind:
        return ChangeVerdict.KINDS_DIFFER
    here, there = await _lines(unit, theirs), await _lines(unit, own)
    present = wanted.right is not None and there[None][-1].number == wanted.right.number
    if here[None][-1].number != wanted.number.number or not present:
        return ChangeVerdict.NOT_PRESENT
    if any(one.until > wanted.on for one in await _formerly(unit, theirs)):
        return ChangeVerdict.EARLIER
    if own.kind == SubjectKind.NATURAL_PERSON.value:
        refused = _one_person(theirs, own, _names(here) & _names(there), at)
        if refused is not None:
            return refused
    if await parties.act_for_each_other(unit, theirs.id, own.id):
        return ChangeVerdict.ACT_FOR_EACH_OTHER
    return ChangeVerdict.BOTH_TAKE_PART if await parties.both_take_part(unit, [theirs.id, own.id]) else None


def _names(known: Mapping[str | None, Sequence[Who]]) -> frozenset[str]:
    return frozenset(who.name for line in known.values() for who in line)


def _one_person(theirs: Row, own: Row, names: frozenset[str], at: datetime) -> ChangeVerdict | None:
    """What stands against two people's being one: nobody's record is given to another by a slip of a digit."""
    if not names:
        return ChangeVerdict.NAMES_DIFFER
    born = [row.adult_from for row in (theirs, own) if row.adult_from is not None]
    if len(set(born)) > 1:
        return ChangeVerdict.BORN_OTHERWISE
    return ChangeVerdict.MINOR if born and born[0] > day_of(at) else None


async def _merge(
    unit: WriteUnit,
    wanted: SubjectChange,
    source: Provenance,
    rows: tuple[Row, Row],
    beyond: Sequence[Move],
    at: datetime,
) -> None:
    theirs, own = rows
    merger = Merger(new_id("mrg"), theirs.id, own.id, at)
    said = {"since": wanted.on, "basis": wanted.basis, "source_id": source.id, "source_name": source.name}
    both = {"absorbed_id": theirs.id, "kept_id": own.id}
    await unit.run(subject_merge.insert().values(id=merger.id, **both, **said, merged_at=at))
    moved = [*await _identities(unit, wanted, source, rows, merger), *await _moved(unit, merger, beyond)]
    journal = [
        {"merge_id": merger.id, "number": number, "place": one.place, "row_key": list(one.key), "was": one.was}
        for number, one in enumerate(moved, 1)
    ]
    await unit.run(subject_merge_row.insert(), journal)
    await outbox.tell_subject(unit, own.id, EventKind.SUBJECT_MERGED, about=merger.id, at=at)


async def _moved(unit: WriteUnit, merger: Merger, beyond: Sequence[Move]) -> Sequence[Moved]:
    """Everything else that is known of the absorbed subject, from the ground up; stock, which is hot, last."""
    moved = [*await uploads.move(unit, merger), *await parties.move(unit, merger), *await trails.move(unit, merger)]
    joined = await joining.move(unit, merger)
    moved += [*joined.moved, *await joining.move_corrections(unit, merger), *await fusing.move_evaluation(unit, merger)]
    moved += [*await repoint(unit, report.c.subject_id, merger), *await fusing.move_exports(unit, merger)]
    moved += [*await fusing.move_score(unit, merger), *await residence.move(unit, merger)]
    moved += await grants.move(unit, merger, Strands(joined.strands, joined.shared))
    moved += await inboxes.move(unit, merger)
    for move in beyond:
        moved += await move(unit, merger, moved)
    return moved


async def _identities(
    unit: WriteUnit, wanted: SubjectChange, source: Provenance, rows: tuple[Row, Row], merger: Merger
) -> Sequence[Moved]:
    """Number and name of the absorbed subject, and those it had, are the other's former ones; its own row is found by
    nothing, and points to the other."""
    theirs, own = rows
    f, s = former_identity.c, subject.c
    moved = await repoint(unit, f.subject_id, merger)
    unnamed = former_identity.update().where(f.id.in_([one.key[0] for one in moved]), f.first_of.is_(None))
    await unit.run(unnamed.values(first_of=theirs.id))
    await renaming.keep_former(unit, wanted, theirs, source, of=own.id, at=merger.at)
    nobody = subjects.sealed(
        unit.vault,
        subject_id=theirs.id,
        kind=SubjectKind(theirs.kind),
        type_=IdentityType(theirs.identity_type),
        number=new_id("nil"),
        name=new_id("nil"),
    )
    pointing = {**nobody, "merged_into": own.id, "absorbed": None}
    await unit.run(subject.update().where(s.id == theirs.id).values(pointing))
    chained = await repoint(unit, s.merged_into, merger)
    absorbed = [*(own.absorbed or ()), theirs.id, *(theirs.absorbed or ())]
    omissions = sorted([*own.omissions, *theirs.omissions])
    known = {
        "absorbed": absorbed,
        "adult_from": own.adult_from or theirs.adult_from,
        "omissions": omissions,
        "omissions_version": own.omissions_version + (omissions != own.omissions),
    }
    await unit.run(subject.update().where(s.id == own.id).values(known))
    was = {"adult_from": own.adult_from and own.adult_from.isoformat(), "absorbed": own.absorbed}
    return [*moved, *chained, Moved(subject.name, [theirs.id]), Moved(subject.name, [own.id], was)]
