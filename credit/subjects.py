"""Who a record is about. Names and numbers are sealed; a subject is found by its exact number and name only."""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, literal, select, union, union_all

from audit.lens import Audience, Lens
from core import bulk
from core.database import Unit, WriteUnit
from core.errors import NotAvailable, TurnedOut
from core.identity import IdentityNumber, IdentityType, born_in, mask
from core.moments import day_of
from core.statements import Row, Statement, by_database
from core.vault import Vault
from credit.kinds import SubjectKind
from credit.tables import former_identity, subject

_NUMBER = "subject.identity_sealed"
_NAME = "subject.name_sealed"
_FORMER_NUMBER = "former_identity.identity_sealed"
_FORMER_NAME = "former_identity.name_sealed"
_ABSORBED = Statement(select(subject.c.absorbed).where(subject.c.id == bindparam("id")))
_SUBJECT = Statement(select(subject).where(subject.c.id == bindparam("id")))


@dataclass(frozen=True)
class Subject:
    """A subject as it is shown: the number only ever masked."""

    id: str
    kind: SubjectKind
    name: str
    identity_type: IdentityType
    masked: str
    adult_from: date | None
    # The day of birth that a person's number says; None where it says none.
    born: date | None
    # Subjects that turned out to be this one, where that was asked for.
    absorbed: tuple[str, ...] = ()

    def is_adult(self, at: datetime) -> bool:
        """A natural person of full age on the city's day of `at`."""
        return self.adult_from is not None and self.adult_from <= day_of(at)


@dataclass(frozen=True)
class Former:
    """Who a subject was until a day, and what changed then: its `name`, its number, or that it is another."""

    act: str
    name: str
    identity_type: IdentityType
    number: str
    until: date
    basis: str
    source: str
    # The subject that this was, before that one turned out to be the present one; None for its own.
    first_of: str | None = None

    @property
    def masked(self) -> str:
        """The number as it is shown."""
        return mask(self.number)


def shown(vault: Vault, row: Row) -> Subject:
    """The subject in a row of `subject`."""
    name, number = whole(vault, row)
    type_ = IdentityType(row.identity_type)
    return Subject(row.id, SubjectKind(row.kind), name, type_, mask(number), row.adult_from, born_in(type_, number))


def whole(vault: Vault, row: Row) -> tuple[str, str]:
    """Name and number in a row of `subject`, in full: for the subject's own copy, and for checking a row about them."""
    return vault.open(_NAME, row.id, row.name_sealed), vault.open(_NUMBER, row.id, row.identity_sealed)


async def behind(unit: Unit, lens: Lens) -> Subject:
    """The lens's subject; raises `NotAvailable` when there is none."""
    row = await unit.first(_SUBJECT, {"id": lens.subject_id})
    if row is None:
        raise NotAvailable()
    return shown(unit.vault, row)


@dataclass(frozen=True)
class Written:
    """A subject as a file would write it. Its repr leaves out who it is."""

    kind: SubjectKind
    type: IdentityType
    number: str = field(repr=False)
    name: str = field(repr=False)


async def written(unit: Unit, lens: Lens) -> Written:
    """The lens's subject as a provider's row names it: for checking such a row, and shown to nobody. Raises
    `NotAvailable`."""
    row = await unit.first(_SUBJECT, {"id": lens.subject_id})
    if row is None:
        raise NotAvailable()
    name, number = whole(unit.vault, row)
    return Written(SubjectKind(row.kind), IdentityType(row.identity_type), number, name)


async def code_of(unit: Unit, lens: Lens) -> str | None:
    """An organisation's unified code, whole; None for anybody who has none."""
    row = await unit.first(_SUBJECT, {"id": lens.subject_id})
    if row is None or row.identity_type != IdentityType.USCC.value:
        return None
    return unit.vault.open(_NUMBER, row.id, row.identity_sealed)


async def formerly(unit: Unit, lens: Lens) -> Sequence[Former]:
    """Who the lens's subject was before, oldest first."""
    f = former_identity.c
    rows = await unit.all(select(former_identity).where(f.subject_id == lens.subject_id).order_by(f.replaced_at, f.id))
    return [
        Former(
            row.act,
            unit.vault.open(_FORMER_NAME, row.id, row.name_sealed),
            IdentityType(row.identity_type),
            unit.vault.open(_FORMER_NUMBER, row.id, row.identity_sealed),
            row.until,
            row.basis,
            row.source_name,
            row.first_of,
        )
        for row in rows
    ]


async def looked_at(unit: Unit, lens: Lens) -> Lens:
    """The lens with the subjects that turned out to be its own, whose looks are its own too."""
    row = await unit.first(_ABSORBED, {"id": lens.subject_id})
    return replace(lens, absorbed=tuple(row.absorbed)) if row is not None and row.absorbed else lens


async def hold(unit: WriteUnit, subject_ids: Collection[str], *, first: bool = True) -> None:
    """Keep subjects from turning out to be others until this unit ends: what is written about them is about them.

    Whoever acts for a subject takes its row `first`, before anything of it, as a merge does. Whoever has written about
    it already takes it so that nobody but a merge waits. Raises `TurnedOut` when one is another already.
    """
    if not subject_ids:
        return
    s = subject.c
    theirs = select(s.id, s.merged_into).where(s.id.in_(sorted(set(subject_ids)))).order_by(s.id)
    rows = await unit.all(theirs.with_for_update(key_share=True, read=not first))
    if any(row.merged_into is not None for row in rows):
        raise TurnedOut()


async def hold_free(unit: WriteUnit, lenses: Iterable[Lens]) -> Set[str]:
    """Those among many subjects that nobody else holds, held `first` without waiting for anybody; their ids.

    Whoever is left out is held by somebody else, or is another by now.
    """
    wanted = bulk.written([(lens.subject_id,) for lens in lenses])
    return {row.id for row in await unit.swiftly(_FREE[unit.dialect], {"ids": wanted})}


def _free(database: str) -> Select[Any]:
    s = subject.c
    themselves = select(s.id).where(s.merged_into.is_(None)).with_for_update(key_share=True, skip_locked=True)
    return bulk.for_each(database, themselves, [s.id], "ids")


_FREE = by_database(_free)


async def cards(unit: Unit, lenses: Iterable[Lens]) -> Mapping[str, Subject]:
    """The subjects behind several lenses, by subject id."""
    ids = {lens.subject_id for lens in lenses}
    if not ids:
        return {}
    rows = await unit.all(select(subject).where(subject.c.id.in_(ids)))
    return {row.id: shown(unit.vault, row) for row in rows}


async def named(unit: Unit, number: IdentityNumber, name: str, *, minors: bool = False, at: datetime) -> str | None:
    """The id of the subject whose number and name these are, if they can decide for themselves (with `minors`:
    whoever they are); else None.

    Number and name stand together, or stood together until one of them changed. One statement answers for a number that
    is nobody's, one of another name, and one that is somebody's.
    """
    numbers, names = unit.vault.lookups(number.type.value, number.number), unit.vault.lookups("name", name)
    s, f = subject.c, former_identity.c
    who = select(s.id, s.kind, s.adult_from)
    now = who.where(s.identity_hash.in_(numbers), s.name_hash.in_(names))
    had = select(f.subject_id).where(f.identity_hash.in_(numbers), f.name_hash.in_(names))
    row = await unit.first(union(now, who.where(s.id.in_(had))))
    if row is None:
        return None
    natural = row.kind == SubjectKind.NATURAL_PERSON.value
    return None if natural and not minors and (row.adult_from is None or row.adult_from > day_of(at)) else str(row.id)


async def published(unit: Unit, *, uscc: str | None, name: str | None) -> tuple[Lens, Subject, str] | None:
    """An organisation by its exact code or whole registered name: its public lens, itself, and its code.

    A code or name that it had before finds it too, unless it is another's now. A natural person is never found here
    (个人信息保护法 25), nor is a name that two organisations share.
    """
    organised = (subject.c.identity_type == IdentityType.USCC.value, subject.c.kind != SubjectKind.NATURAL_PERSON.value)
    column, values = "name_hash", unit.vault.lookups("name", name or "")
    if uscc is not None:
        column, values = "identity_hash", unit.vault.lookups(IdentityType.USCC.value, uscc)
    had = select(former_identity.c.subject_id).where(former_identity.c[column].in_(values))
    asked = {0: subject.c[column].in_(values), 1: subject.c.id.in_(had)}  # one statement, whatever is found
    found = [
        select(select(subject, literal(rank).label("rank")).where(*organised, one).limit(2).subquery())
        for rank, one in asked.items()
    ]
    rows = await unit.all(union_all(*found))
    rows = [row for row in rows if row.rank == min(one.rank for one in rows)]
    if len(rows) != 1:
        return None
    lens = Lens(Audience.PUBLIC, None, rows[0].id)
    return lens, shown(unit.vault, rows[0]), unit.vault.open(_NUMBER, rows[0].id, rows[0].identity_sealed)


def sealed_former(vault: Vault, *, former_id: str, type_: IdentityType, number: str, name: str) -> dict[str, Any]:
    """The columns of what a subject was before, with number and name sealed and hashed."""
    return {
        "id": former_id,
        "identity_type": type_.value,
        "identity_hash": vault.lookup(type_.value, number),
        "identity_sealed": vault.seal(_FORMER_NUMBER, former_id, number),
        "name_hash": vault.lookup("name", name),
        "name_sealed": vault.seal(_FORMER_NAME, former_id, name),
    }


def sealed(
    vault: Vault, *, subject_id: str, kind: SubjectKind, type_: IdentityType, number: str, name: str
) -> dict[str, Any]:
    """The columns of a new subject, with number and name sealed and hashed."""
    return {
        "id": subject_id,
        "kind": kind.value,
        "identity_type": type_.value,
        "identity_hash": vault.lookup(type_.value, number),
        "identity_sealed": vault.seal(_NUMBER, subject_id, number),
        "name_hash": vault.lookup("name", name),
        "name_sealed": vault.seal(_NAME, subject_id, name),
    }
