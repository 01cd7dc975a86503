"""What a provider puts right about its own records by naming them: another number, withdrawn, repaired, another's.

A record is named by kind, document number and subject among its provider's own: somebody else's and one that does not
exist are one and the same. Everything is idempotent: what stands as it is asked for is left as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, StrEnum
from typing import Any

from sqlalchemy import ColumnElement, select

from core.database import WriteUnit
from core.statements import Row
from credit import changes, correcting, entering, repair, versions, withdrawing
from credit.changes import Face
from credit.correcting import Wrong
from credit.entering import NewRecord, Provenance, RecordContent
from credit.kinds import Publicity, RecordNature, RecordStatus, WithdrawalCause
from credit.tables import record
from grants.scope import RecordCategory


class Act(StrEnum):
    """What is done to a record."""

    RENUMBER = "RENUMBER"
    WITHDRAW = "WITHDRAW"
    REPAIR = "REPAIR"
    REASSIGN = "REASSIGN"


@dataclass(frozen=True)
class Amendment:
    """One act on one record; with the number it should have, or the subject whose it is."""

    act: Act
    kind: str
    document_number: str
    subject_id: str
    right_number: str | None = None
    right_subject_id: str | None = None


class Verdict(Enum):
    """What became of an amendment; only CHANGED changed anything."""

    CHANGED = "CHANGED"
    UNCHANGED = "UNCHANGED"
    UNKNOWN = "UNKNOWN"  # no such record among this provider's
    NOT_CURRENT = "NOT_CURRENT"  # it stands for nothing any more, and not for what is asked
    TAKEN = "TAKEN"  # another record has the right number


@dataclass
class Amender:
    """Amends one provider's records in one transaction; `tell` ends it."""

    unit: WriteUnit
    source: Provenance
    at: datetime
    _wrongs: list[Wrong] = field(default_factory=list)
    _faces: list[Face] = field(default_factory=list)
    _moved: list[NewRecord] = field(default_factory=list)

    async def amend(self, wanted: Amendment) -> Verdict:
        """Amend one record, or say why not."""
        row = await self._held(wanted.kind, wanted.document_number, wanted.subject_id)
        if wanted.act is Act.RENUMBER:
            return await self._renumber(row, wanted)
        if row is None:
            return Verdict.UNKNOWN
        if wanted.act is Act.REPAIR:
            return await self._repair(row)
        if wanted.act is Act.WITHDRAW:
            return await self._withdraw(row)
        return await self._reassign(row, wanted)

    async def tell(self) -> None:
        """Enter what is another's as theirs, write down what was wrong, and tell whoever watches. Last of all: grants
        are held from here on."""
        await correcting.note(self.unit, self._wrongs, at=self.at)
        await entering.put_records(self.unit, self._moved, self.source, at=self.at)
        await changes.tell(self.unit, [*self._faces, *(wrong.face for wrong in self._wrongs)], at=self.at)

    async def _renumber(self, row: Row | None, wanted: Amendment) -> Verdict:
        right = wanted.right_number or ""
        taken = await self._held(wanted.kind, right, wanted.subject_id)
        if row is None:
            return Verdict.UNKNOWN if taken is None else Verdict.UNCHANGED
        if taken is not None:
            return Verdict.TAKEN
        if row.status != RecordStatus.CURRENT.value:
            return Verdict.NOT_CURRENT
        digest = entering.digest_of(content_of(row, document_number=right), row.subject_id)
        recorded_at = versions.ends(row, at=self.at)
        values = {"document_number": right, "content_hash": digest, "recorded_at": recorded_at}
        await versions.change(self.unit, row, values, at=self.at)
        self._wrongs.append(Wrong(row.id, Face.of(row), row.recorded_at))
        return Verdict.CHANGED

    async def _repair(self, row: Row) -> Verdict:
        if row.status == RecordStatus.REPAIRED.value:
            return Verdict.UNCHANGED
        if row.status != RecordStatus.CURRENT.value:
            return Verdict.NOT_CURRENT
        self._faces.append(await repair.repaired(self.unit, row, at=self.at))
        return Verdict.CHANGED

    async def _withdraw(self, row: Row) -> Verdict:
        if row.status == RecordStatus.WITHDRAWN.value:
            return Verdict.UNCHANGED
        if row.status != RecordStatus.CURRENT.value:
            return Verdict.NOT_CURRENT
        self._wrongs.append(await withdrawing.withdrawn(self.unit, row, WithdrawalCause.REVOKED, at=self.at))
        return Verdict.CHANGED

    async def _reassign(self, row: Row, wanted: Amendment) -> Verdict:
        right = wanted.right_subject_id or ""
        there = await self._held(wanted.kind, wanted.document_number, right) is not None or any(
            new.key == (wanted.kind, wanted.document_number, right) for new in self._moved
        )
        if row.status == RecordStatus.WITHDRAWN.value and row.withdrawal == WithdrawalCause.NOT_THEIRS.value and there:
            return Verdict.UNCHANGED
        if row.status != RecordStatus.CURRENT.value:
            return Verdict.NOT_CURRENT
        if not there:
            # Its mark and statement stay behind: they were the other's.
            content = content_of(row, third_persons=await entering.third_persons(self.unit, row.id))
            self._moved.append(NewRecord(right, content))
        self._wrongs.append(await withdrawing.withdrawn(self.unit, row, WithdrawalCause.NOT_THEIRS, at=self.at))
        return Verdict.CHANGED

    async def _held(self, kind: str, document_number: str, subject_id: str) -> Row | None:
        key = _key(self.source, kind, document_number, subject_id)
        return await self.unit.first(select(record).where(*key).with_for_update())


def _key(source: Provenance, kind: str, document_number: str, subject_id: str) -> Sequence[ColumnElement[bool]]:
    c = record.c
    return (c.source_id == source.id, c.kind == kind, c.document_number == document_number, c.subject_id == subject_id)


def content_of(row: Row, **changed: Any) -> RecordContent:
    """What a record says, as its provider would send it, but for what is changed."""
    said: dict[str, Any] = {
        "catalogue": row.catalogue,
        "kind": row.kind,
        "category": RecordCategory(row.category),
        "nature": RecordNature(row.nature),
        "title": row.title,
        "document_number": row.document_number,
        "authority": row.authority,
        "occurred_on": row.occurred_on,
        "publicity": Publicity(row.publicity),
        "publicity_until": row.publicity_until,
        "query_until": row.query_until,
        "score_until": row.score_until,
        "items": row.items,
        "district": row.district,
    }
    return RecordContent(**{**said, **changed})
