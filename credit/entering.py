"""Taking checked input into the record, in batches: what is new, what changed, what was here already.

Everything here is idempotent by natural key: (provider, kind, document number, subject) for records, the identity
number for subjects.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import bindparam, select, union_all

from core.database import Unit, WriteUnit
from core.identity import ADULT_AGE, IdentityNumber, IdentityType
from core.ids import new_id
from core.vault import Vault
from credit import changes, correcting, subjects, versions
from credit.changes import Face
from credit.correcting import Wrong
from credit.kinds import Publicity, RecordNature, RecordStatus, SubjectKind
from credit.tables import former_identity, record, record_version, subject, third_person
from grants.scope import RecordCategory
from notices import changes as live
from notices.changes import Change
from notices.kinds import ChangeKind

_THIRD = "third_person.sealed"
_NOBODY: Mapping[str, str] = {}
# What every new record begins with.
_BEGUN: Mapping[str, Any] = {"version": 1, "status": RecordStatus.CURRENT.value, "marks": []}


class NewSubject(NamedTuple):
    """One subject as a provider names it."""

    kind: SubjectKind
    identity: IdentityNumber
    name: str


class RecordContent(NamedTuple):
    """What a provider says in one record, checked against a version of the catalogue. `third_persons` maps a role to a
    number."""

    catalogue: str
    kind: str
    category: RecordCategory
    nature: RecordNature
    title: str
    document_number: str
    authority: str
    occurred_on: date
    publicity: Publicity
    publicity_until: date | None
    query_until: date | None
    score_until: date | None
    items: Mapping[str, str]
    third_persons: Mapping[str, str] = _NOBODY
    # 行政区划代码 of the area that it is of; nothing of it is shown.
    district: str | None = None


class NewRecord(NamedTuple):
    """One record of one subject."""

    subject_id: str
    content: RecordContent

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is known by among its provider's records."""
        return self.content.kind, self.content.document_number, self.subject_id


@dataclass(frozen=True)
class Provenance:
    """The provider whose words these are."""

    id: str
    name: str
    kind: str


@dataclass
class Outcome:
    """How many of a batch were new, changed, here already, or not ours to keep."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    dropped: int = 0


class Known(NamedTuple):
    """A subject that is already here: enough to compare a row with, and no more."""

    id: str
    kind: SubjectKind
    # Hashes of the name that it has, and of those that it had.
    names: frozenset[str]
    adult_from: date | None

    def is_called(self, name_hashes: Iterable[str]) -> bool:
        """Whether it has, or had, a name with one of these hashes."""
        return not self.names.isdisjoint(name_hashes)


_KINDS = {kind.value: kind for kind in SubjectKind}
# Held by whoever finds subjects by number and enters something of them; whoever changes a number wants it alone.
NUMBERS = "subjects' numbers"


async def known(
    unit: WriteUnit, identities: Iterable[IdentityNumber], lookups: Callable[[str, str], Sequence[str]] | None = None
) -> Mapping[str, Known]:
    """Subjects that are here already, by the number they have and by those they had. `lookups` hashes as the vault
    does, whose own they are otherwise."""
    lookups = lookups or unit.vault.lookups
    hashes = {hashed: one.number for one in identities for hashed in lookups(one.type.value, one.number)}
    s, f, wanted = subject.c, former_identity.c, list(hashes)
    who = (s.id, s.kind, s.adult_from)
    now = select(*who, s.identity_hash, s.name_hash).where(unit.among(s.identity_hash, wanted))
    then = select(*who, f.identity_hash, s.name_hash).join(former_identity, f.subject_id == s.id)
    rows = await unit.all(union_all(now, then.where(unit.among(f.identity_hash, wanted))))
    names = {id_: frozenset([name]) for id_, _, _, _, name in rows}
    for id_, name in await unit.all(select(f.subject_id, f.name_hash).where(unit.among(f.subject_id, list(names)))):
        names[id_] |= {name}
    return {hashes[found]: Known(id_, _KINDS[kind], names[id_], of_age) for id_, kind, of_age, found, _ in rows}


async def add_subjects(unit: WriteUnit, batch: Sequence[NewSubject], *, at: datetime) -> Outcome:
    """Enter subjects whose number is not here yet; the others are left as they are."""
    fresh = await _not_here(unit, batch)
    if not fresh:
        return Outcome(unchanged=len(batch))
    rows = []
    for new in fresh:
        row = subjects.sealed(
            unit.vault,
            subject_id=new_id("sub"),
            kind=new.kind,
            type_=new.identity.type,
            number=new.identity.number,
            name=new.name,
        )
        rows.append({**row, "adult_from": adult_from(new.identity), "created_at": at})
    entered = await unit.all(unit.insert(subject).on_conflict_do_nothing().returning(subject.c.id), rows)
    return Outcome(added=len(entered), unchanged=len(batch) - len(entered))


async def _not_here(unit: WriteUnit, batch: Sequence[NewSubject]) -> Sequence[NewSubject]:
    """A number that somebody had is theirs still, and no index sees it. While the look-up key changes one number has
    two hashes, and no index sees that they are one, either: then take turns."""
    if not batch:
        return batch
    numbers = [new.identity for new in batch]
    if unit.vault.changing_lookup:
        await unit.alone("subjects")
        here = set(await known(unit, numbers))
    else:
        hashes = {unit.vault.lookup(number.type.value, number.number): number.number for number in numbers}
        c = former_identity.c.identity_hash
        here = {hashes[row.identity_hash] for row in await unit.all(select(c).where(unit.among(c, list(hashes))))}
    return [new for new in batch if new.identity.number not in here]


async def put_records(unit: WriteUnit, batch: Sequence[NewRecord], source: Provenance, *, at: datetime) -> Outcome:
    """Enter records; one whose content differs from what is here becomes the next version, the old one is kept.

    A correction changes words and dates only: what has ended, been repaired or is disputed stays so.
    """
    outcome = Outcome()
    if not batch:
        return outcome
    c = record.c
    theirs = unit.matching((c.kind, c.document_number, c.subject_id), [new.key for new in batch])
    found = await unit.all(select(record).where(c.source_id == source.id, theirs).with_for_update())
    here = {(row.kind, row.document_number, row.subject_id): row for row in found}
    whose = {"source_id": source.id, "source_name": source.name, "source_kind": source.kind, "recorded_at": at}
    fresh, replaced, superseded, wrongs = [], [], [], []
    for new in batch:
        row = here.get(new.key)
        if row is None:
            fresh.append((new, new_id("rec")))
            continue
        columns = {**_columns(new), **whose}
        if row.content_hash == columns["content_hash"]:
            outcome.unchanged += 1
        else:
            wrongs.append(Wrong(row.id, Face.of(row), row.recorded_at))
            superseded.append(versions.superseded(row, at=at))
            columns["recorded_at"] = versions.ends(row, at=at)
            replaced.append((new, {"b_id": row.id, "b_version": row.version, **columns}))
    if fresh:
        begun = {**_BEGUN, **whose}
        await unit.add(record, ({"id": id_, **_columns(new), **begun} for new, id_ in fresh))
    if replaced:
        await unit.run(record_version.insert(), superseded)
        await _replace(unit, [columns for _, columns in replaced])
    await _add_third_persons(unit, fresh)
    await _put_third_persons(unit, [(new, columns["b_id"]) for new, columns in replaced])
    outcome.added, outcome.changed = len(fresh), len(replaced)
    told = [Change(new.subject_id, ChangeKind.RECORD, id_, 1) for new, id_ in fresh]
    told += [Change(new.subject_id, ChangeKind.RECORD, one["b_id"], one["b_version"] + 1) for new, one in replaced]
    await live.tell(unit, *told, at=at)
    await correcting.note(unit, wrongs, at=at)
    entered = [_face(new, RecordStatus.CURRENT.value) for new, _ in fresh]
    corrected = [
        _face(new, wrong.face.status)._replace(strand=wrong.face.strand)
        for (new, _), wrong in zip(replaced, wrongs, strict=True)
    ]
    await changes.tell(unit, [*entered, *corrected, *(wrong.face for wrong in wrongs)], at=at)
    return outcome


def adult_from(identity: IdentityNumber) -> date | None:
    """The day on which the bearer of a number comes of age; None where the number does not say."""
    born = identity.born
    if identity.type is IdentityType.USCC or born is None:
        return None
    try:
        return born.replace(year=born.year + ADULT_AGE)
    except ValueError:  # born on 29 February
        return date(born.year + ADULT_AGE, 3, 1)


def _columns(new: NewRecord) -> dict[str, Any]:
    content = _said(new.content, new.subject_id)
    return {
        **content,
        # Not in the digest: the same words under a later version are no other record.
        "catalogue": new.content.catalogue,
        "district": new.content.district,
        "content_hash": _digest(content),
    }


def digest_of(content: RecordContent, subject_id: str) -> str:
    """What tells one content of a subject's record from another."""
    return _digest(_said(content, subject_id))


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _said(said: RecordContent, subject_id: str) -> dict[str, Any]:
    return {
        "subject_id": subject_id,
        "kind": said.kind,
        "category": said.category.value,
        "nature": said.nature.value,
        "title": said.title,
        "document_number": said.document_number,
        "authority": said.authority,
        "occurred_on": said.occurred_on,
        "sorted_on": said.occurred_on,
        "publicity": said.publicity.value,
        "publicity_until": said.publicity_until,
        "query_until": said.query_until,
        "score_until": said.score_until,
        "items": said.items,
    }


def _face(new: NewRecord, status: str) -> Face:
    said = new.content
    shown = (said.publicity.value, said.query_until, said.occurred_on)
    return Face(new.subject_id, said.category.value, status, *shown)


async def _replace(unit: WriteUnit, rows: list[dict[str, Any]]) -> None:
    keys = [key for key in rows[0] if not key.startswith("b_")]
    statement = (
        record.update()
        .where(record.c.id == bindparam("b_id"), record.c.version == bindparam("b_version"))
        .values(version=record.c.version + 1, **{key: bindparam("n_" + key) for key in keys})
    )
    for row in rows:
        await unit.run(statement, {key if key.startswith("b_") else "n_" + key: value for key, value in row.items()})


async def _add_third_persons(unit: WriteUnit, entered: Iterable[tuple[NewRecord, str]]) -> None:
    named = [(new, record_id) for new, record_id in entered if new.content.third_persons]
    if named:
        await unit.add(third_person, _third_persons(unit.vault, named))


async def _put_third_persons(unit: WriteUnit, entered: Iterable[tuple[NewRecord, str]]) -> None:
    rows = list(_third_persons(unit.vault, entered))
    if rows:
        wanted = unit.insert(third_person).values(rows)
        await unit.run(
            wanted.on_conflict_do_update(index_elements=["record_id", "role"], set_={"sealed": wanted.excluded.sealed})
        )


def _third_persons(vault: Vault, entered: Iterable[tuple[NewRecord, str]]) -> Iterator[dict[str, Any]]:
    return (
        {"record_id": record_id, "role": role, "sealed": vault.seal(_THIRD, f"{record_id}/{role}", number)}
        for new, record_id in entered
        for role, number in new.content.third_persons.items()
    )


async def third_persons(unit: Unit, record_id: str) -> Mapping[str, str]:
    """The numbers of third persons that were split off from a record, by role."""
    query = select(third_person.c.role, third_person.c.sealed).where(third_person.c.record_id == record_id)
    return {row.role: unit.vault.open(_THIRD, f"{record_id}/{row.role}", row.sealed) for row in await unit.all(query)}
