"""主体变更: a subject has another name, or another number, from a day on; who it was is kept, and finds it still.

The subject is the same row before and after: its records, grants, statements, sign-ins and looks stay where they are.
Everything is idempotent: a change that was made is left as it is, however often and however late it is sent again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, StrEnum
from itertools import pairwise

from sqlalchemy import or_, select

from audit.lens import Audience, BasisKind, Lens
from core.database import WriteUnit
from core.identity import IdentityNumber, IdentityType
from core.ids import new_id
from core.statements import Row
from credit import entering, subjects
from credit.entering import Provenance
from credit.kinds import SubjectKind
from credit.subjects import Former
from credit.tables import former_identity, subject
from notices import outbox
from notices.kinds import EventKind


class SubjectAct(StrEnum):
    """What changes."""

    RENAME = "RENAME"
    RENUMBER = "RENUMBER"
    MERGE = "MERGE"  # it is another subject that is here


@dataclass(frozen=True)
class SubjectChange:
    """One change of one subject: who it was, who it is from a day on, and on what that rests. `right_name` of a RENAME,
    `right` of a RENUMBER, both of a MERGE."""

    act: SubjectAct
    number: IdentityNumber
    name: str
    on: date
    basis: str
    right_name: str | None = None
    right: IdentityNumber | None = None


class ChangeVerdict(Enum):
    """What became of a change, or of a merge; only CHANGED changed anything."""

    CHANGED = "CHANGED"
    UNCHANGED = "UNCHANGED"  # it was made before
    UNKNOWN = "UNKNOWN"  # nobody has, or had, the number
    NAME_MISMATCH = "NAME_MISMATCH"  # they have not, and had not, the name
    NOT_PRESENT = "NOT_PRESENT"  # what should change has changed otherwise since
    EARLIER = "EARLIER"  # of a day before the last such change
    BORN_OTHERWISE = "BORN_OTHERWISE"  # the two numbers say two days of birth
    TAKEN = "TAKEN"  # the right number is, or was, somebody else's
    RIGHT_UNKNOWN = "RIGHT_UNKNOWN"  # nobody has the number that the other subject should have
    NAMES_DIFFER = "NAMES_DIFFER"  # the other subject is not called so, or two people never had one name
    KINDS_DIFFER = "KINDS_DIFFER"  # they are not of one kind
    MINOR = "MINOR"  # one of them is not of age
    ACT_FOR_EACH_OTHER = "ACT_FOR_EACH_OTHER"  # one is, or was, guardian or helper of the other
    BOTH_TAKE_PART = "BOTH_TAKE_PART"  # both are registered here as organisations


@dataclass(frozen=True)
class Who:
    """A subject as it is or was: the number without its type, for one number is one person."""

    number: str
    name: str
    until: date | None = None


async def change(unit: WriteUnit, wanted: SubjectChange, source: Provenance, *, at: datetime) -> ChangeVerdict:
    """Make one change, or say why not. Nobody enters anything of subjects meanwhile: whoever does holds `NUMBERS`."""
    await unit.alone(entering.NUMBERS)
    here = (await entering.known(unit, [wanted.number])).get(wanted.number.number)
    if here is None:
        return ChangeVerdict.UNKNOWN
    if not here.is_called(unit.vault.lookups("name", wanted.name)):
        return ChangeVerdict.NAME_MISMATCH
    row = await unit.first(select(subject).where(subject.c.id == here.id).with_for_update())
    assert row is not None  # it was found a statement ago, and no subject ever goes
    name, number = subjects.whole(unit.vault, row)
    formerly = await subjects.formerly(unit, Lens(Audience.ORGAN, BasisKind.SHARE, here.id))
    refused = _decided(wanted, lines(formerly, Who(number, name))) or await _refused(unit, wanted, row, formerly)
    if refused is not None:
        return refused
    await _keep(unit, wanted, row, source, at)
    return ChangeVerdict.CHANGED


def lines(formerly: Sequence[Former], present: Who) -> Mapping[str | None, Sequence[Who]]:
    """Who a subject was, oldest first: its own line, which leads to who it is, under None, and one for each subject
    that turned out to be it, by that one's id."""
    found: dict[str | None, list[Who]] = {None: []}
    for one in formerly:
        found.setdefault(one.first_of, []).append(Who(one.number, one.name, one.until))
    found[None].append(present)
    return found


def _decided(wanted: SubjectChange, known: Mapping[str | None, Sequence[Who]]) -> ChangeVerdict | None:
    """Whether a line of who they were says that the change was made, or that it cannot be; None: it is to be made."""
    for line in known.values():
        for before, after in pairwise(line):
            if before.until == wanted.on and _leads(wanted, before, after):
                return ChangeVerdict.UNCHANGED
    present = known[None][-1]
    if wanted.act is SubjectAct.RENAME:
        return None if present.name == wanted.name else ChangeVerdict.NOT_PRESENT
    return None if present.number == wanted.number.number else ChangeVerdict.NOT_PRESENT


def _leads(wanted: SubjectChange, before: Who, after: Who) -> bool:
    if wanted.right is None:
        return (before.name, after.name) == (wanted.name, wanted.right_name)
    return (before.number, after.number) == (wanted.number.number, wanted.right.number)


async def _refused(
    unit: WriteUnit, wanted: SubjectChange, row: Row, formerly: Sequence[Former]
) -> ChangeVerdict | None:
    """What stands against a change that is to be made."""
    own = [one for one in formerly if one.first_of is None]
    if any(one.act == wanted.act.value and wanted.on < one.until for one in own):
        return ChangeVerdict.EARLIER
    if wanted.right is None:
        return None
    if await _anothers(unit, wanted.right, row.id):
        return ChangeVerdict.TAKEN
    born = entering.adult_from(wanted.right)
    known = born is not None and row.adult_from is not None
    return ChangeVerdict.BORN_OTHERWISE if known and born != row.adult_from else None


async def _anothers(unit: WriteUnit, number: IdentityNumber, subject_id: str) -> bool:
    hashes = unit.vault.lookups(number.type.value, number.number)
    had = select(former_identity.c.subject_id).where(former_identity.c.identity_hash.in_(hashes))
    theirs = or_(subject.c.identity_hash.in_(hashes), subject.c.id.in_(had))
    return await unit.first(select(subject.c.id).where(theirs, subject.c.id != subject_id)) is not None


async def _keep(unit: WriteUnit, wanted: SubjectChange, row: Row, source: Provenance, at: datetime) -> None:
    """Write down who they were, let them be who they are, and tell them."""
    name, number = subjects.whole(unit.vault, row)
    type_ = IdentityType(row.identity_type)
    former_id = await keep_former(unit, wanted, row, source, of=row.id, at=at)
    is_now = subjects.sealed(
        unit.vault,
        subject_id=row.id,
        kind=SubjectKind(row.kind),
        type_=type_ if wanted.right is None else wanted.right.type,
        number=number if wanted.right is None else wanted.right.number,
        name=wanted.right_name or name,
    )
    if wanted.right is not None:
        is_now["adult_from"] = entering.adult_from(wanted.right) or row.adult_from
    await unit.run(subject.update().where(subject.c.id == row.id).values(is_now))
    kind = EventKind.SUBJECT_RENAMED if wanted.right is None else EventKind.SUBJECT_RENUMBERED
    await outbox.tell_subject(unit, row.id, kind, about=former_id, at=at)


async def keep_former(
    unit: WriteUnit, wanted: SubjectChange, row: Row, source: Provenance, *, of: str, at: datetime
) -> str:
    """Write down who the subject in this row was until the change, as somebody whom the subject `of` was; its id."""
    name, number = subjects.whole(unit.vault, row)
    former_id = new_id("fmr")
    was = subjects.sealed_former(
        unit.vault, former_id=former_id, type_=IdentityType(row.identity_type), number=number, name=name
    )
    said = {"subject_id": of, "act": wanted.act.value, "until": wanted.on, "basis": wanted.basis}
    by = {"source_id": source.id, "source_name": source.name, "replaced_at": at}
    first_of = None if of == row.id else row.id
    await unit.run(former_identity.insert().values(**was, **said, **by, first_of=first_of))
    return former_id
