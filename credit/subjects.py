"""Who a record is about. Names and numbers are sealed; a subject is found by its exact number and name only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from audit.lens import Audience, Lens
from core.database import Unit
from core.errors import NotAvailable
from core.identity import IdentityNumber, IdentityType, mask
from core.moments import day_of
from core.statements import Row, Statement
from core.vault import Vault
from credit.kinds import SubjectKind
from credit.tables import subject

_NUMBER = "subject.identity_sealed"
_NAME = "subject.name_sealed"
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

    def is_adult(self, at: datetime) -> bool:
        """A natural person of full age on the city's day of `at`."""
        return self.adult_from is not None and self.adult_from <= day_of(at)


def shown(vault: Vault, row: Row) -> Subject:
    """The subject in a row of `subject`."""
    return Subject(
        row.id,
        SubjectKind(row.kind),
        vault.open(_NAME, row.id, row.name_sealed),
        IdentityType(row.identity_type),
        mask(vault.open(_NUMBER, row.id, row.identity_sealed)),
        row.adult_from,
    )


def whole(vault: Vault, row: Row) -> tuple[str, str]:
    """Name and number in a row of `subject`, in full: for nobody but the subject's own copy."""
    return vault.open(_NAME, row.id, row.name_sealed), vault.open(_NUMBER, row.id, row.identity_sealed)


async def behind(unit: Unit, lens: Lens) -> Subject:
    """The lens's subject; raises `NotAvailable` when there is none."""
    row = await unit.first(_SUBJECT, {"id": lens.subject_id})
    if row is None:
        raise NotAvailable()
    return shown(unit.vault, row)


async def code_of(unit: Unit, lens: Lens) -> str | None:
    """An organisation's unified code, whole; None for anybody who has none."""
    row = await unit.first(_SUBJECT, {"id": lens.subject_id})
    if row is None or row.identity_type != IdentityType.USCC.value:
        return None
    return unit.vault.open(_NUMBER, row.id, row.identity_sealed)


async def cards(unit: Unit, lenses: Iterable[Lens]) -> Mapping[str, Subject]:
    """The subjects behind several lenses, by subject id."""
    ids = {lens.subject_id for lens in lenses}
    if not ids:
        return {}
    rows = await unit.all(select(subject).where(subject.c.id.in_(ids)))
    return {row.id: shown(unit.vault, row) for row in rows}


async def named(unit: Unit, number: IdentityNumber, name: str, *, at: datetime) -> str | None:
    """The id of the subject whose number and name these are, if they can decide for themselves; else None.

    One statement answers for a number that is nobody's, one of another name, and one that is somebody's.
    """
    query = select(subject.c.id, subject.c.kind, subject.c.adult_from).where(
        subject.c.identity_hash.in_(unit.vault.lookups(number.type.value, number.number)),
        subject.c.name_hash.in_(unit.vault.lookups("name", name)),
    )
    row = await unit.first(query)
    if row is None:
        return None
    natural = row.kind == SubjectKind.NATURAL_PERSON.value
    return None if natural and (row.adult_from is None or row.adult_from > day_of(at)) else str(row.id)


async def published(unit: Unit, *, uscc: str | None, name: str | None) -> tuple[Lens, Subject, str] | None:
    """An organisation by its exact code or whole registered name: its public lens, itself, and its code.

    A natural person is never found here (个人信息保护法 25), nor is a name that two organisations share.
    """
    organised = (subject.c.identity_type == IdentityType.USCC.value, subject.c.kind != SubjectKind.NATURAL_PERSON.value)
    query = select(subject).where(*organised).limit(2)
    if uscc is not None:
        query = query.where(subject.c.identity_hash.in_(unit.vault.lookups(IdentityType.USCC.value, uscc)))
    else:
        query = query.where(subject.c.name_hash.in_(unit.vault.lookups("name", name or "")))
    rows = await unit.all(query)
    if len(rows) != 1:
        return None
    lens = Lens(Audience.PUBLIC, None, rows[0].id)
    return lens, shown(unit.vault, rows[0]), unit.vault.open(_NUMBER, rows[0].id, rows[0].identity_sealed)


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
