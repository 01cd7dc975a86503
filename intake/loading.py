"""Loading a file batch by batch, each batch one transaction. What was loaded stays; sending it again is safe."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core import identity
from core.database import Database, WriteUnit
from core.identity import ADULT_AGE, IdentityNumber, IdentityType, age_on
from core.ids import new_id
from core.moments import day_of
from credit import entering, evaluation, scores_in
from credit.entering import Known, NewRecord, NewSubject, Outcome, Provenance
from credit.evaluation import NewEvaluation
from credit.scores_in import NewScore
from intake import amendments, files
from intake.drafts import (
    READERS,
    AmendmentDraft,
    Draft,
    EvaluationDraft,
    RecordDraft,
    ScoreDraft,
    SubjectDraft,
    Surroundings,
)
from intake.errors import FileRefused, RowRefused
from intake.files import Row, Sheet
from intake.rejected import Rejected
from intake.tables import intake_batch
from parties import directory

BATCH = 500


@dataclass
class Result:
    """What became of a file."""

    sheet: Sheet
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    dropped: int = 0
    rejected: int = 0
    rejected_path: Path | None = None

    def count(self, outcome: Outcome) -> None:
        """Add one batch's outcome."""
        self.added += outcome.added
        self.changed += outcome.changed
        self.unchanged += outcome.unchanged
        self.dropped += outcome.dropped


class Loader:
    """Loads one provider's files into one database."""

    def __init__(self, database: Database, source: Provenance, *, invented: bool) -> None:
        self._database = database
        self._source = source
        self._invented = invented

    @classmethod
    async def of(cls, database: Database, provider_code: str, *, invented: bool) -> "Loader":
        """A loader for a registered provider; raises `FileRefused` when the code is nobody's."""
        async with database.reading() as unit:
            row = await directory.provider(unit, provider_code)
        if row is None:
            raise FileRefused(f"没有代码为 {provider_code} 的信息提供单位")
        return cls(database, Provenance(row.id, row.name, row.provider_kind), invented=invented)

    def inspect(self, path: Path, *, at: datetime) -> Sheet:
        """The file as a sheet. Raises `FileRefused`; a demonstration refuses every file with a possible real number."""
        if not self._invented:
            return files.inspect(path)
        return files.inspect(path, forbidden=lambda _, number: _possibly_real(number, at))

    async def load(self, sheet: Sheet, *, now: Callable[[], datetime], progress: Callable[[int], None]) -> Result:
        """Load a sheet; good rows are not held up by bad ones. `progress` is told how many rows each batch had.

        Each batch has an instant of its own: a long load must not be told by what was in force when it began.
        """
        at = now()
        result = Result(sheet)
        around = Surroundings(day_of(at), self._invented)
        with Rejected(sheet) as rejected:
            for batch in _batches(files.rows(sheet)):
                drafts = list(_drafts(batch, sheet, around, rejected))
                for part in _without_twins(drafts):
                    async with self._database.writing() as unit:
                        result.count(await self._enter(unit, part, rejected, now()))
                progress(len(batch))
        result.rejected, result.rejected_path = rejected.count, rejected.path if rejected.count else None
        await self._note(result, now())
        return result

    async def _enter(
        self, unit: WriteUnit, drafts: Sequence[tuple[Row, Draft]], rejected: Rejected, at: datetime
    ) -> Outcome:
        await unit.alone(f"intake {self._source.id}")  # two loads of one provider's files take turns
        if any(isinstance(draft, AmendmentDraft) for _, draft in drafts):
            return await amendments.enter(unit, drafts, self._source, rejected, at=at)
        known = await entering.known(unit, [draft.identity for _, draft in drafts])
        subjects: list[NewSubject] = []
        records: list[NewRecord] = []
        scores: list[NewScore] = []
        evaluations: list[NewEvaluation] = []
        for row, draft in drafts:
            try:
                found = _checked(draft, known.get(draft.identity.number), unit.vault.lookups("name", draft.name), at)
            except RowRefused as error:
                rejected.add(row, error)
                continue
            if isinstance(draft, SubjectDraft):
                subjects.append(NewSubject(draft.kind, draft.identity, draft.name))
            elif isinstance(draft, RecordDraft) and found:
                records.append(NewRecord(found.id, draft.content))
            elif isinstance(draft, ScoreDraft) and found:
                scores.append(NewScore(found.id, draft.content))
            elif isinstance(draft, EvaluationDraft) and found:
                evaluations.append(NewEvaluation(found.id, draft.content))
        total = Outcome()
        for outcome in (
            await entering.add_subjects(unit, subjects, at=at),
            await entering.put_records(unit, records, self._source, at=at),
            await scores_in.put(unit, scores, at=at),
            await evaluation.put(unit, evaluations, self._source, at=at),
        ):
            total.added += outcome.added
            total.changed += outcome.changed
            total.unchanged += outcome.unchanged
            total.dropped += outcome.dropped
        return total

    async def _note(self, result: Result, at: datetime) -> None:
        async with self._database.writing() as unit:
            await unit.run(
                intake_batch.insert().values(
                    id=new_id("bat"),
                    provider_id=self._source.id,
                    layout=result.sheet.layout.name.value,
                    file_sha256=result.sheet.sha256,
                    added=result.added,
                    changed=result.changed,
                    unchanged=result.unchanged,
                    rejected=result.rejected,
                    dropped=result.dropped,
                    loaded_at=at,
                )
            )


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _drafts(
    batch: Sequence[Row], sheet: Sheet, around: Surroundings, rejected: Rejected
) -> Iterator[tuple[Row, Draft]]:
    read = READERS[sheet.layout.name]
    for row in batch:
        try:
            if row.values is None:
                raise RowRefused("COLUMN_COUNT")
            yield row, read(row.values, around)
        except RowRefused as error:
            rejected.add(row, error)


def _without_twins(drafts: Sequence[tuple[Row, Draft]]) -> Iterator[list[tuple[Row, Draft]]]:
    """Cut a batch wherever a row repeats an earlier row's key, so that the later row meets the earlier one stored."""
    part: list[tuple[Row, Draft]] = []
    keys: set[tuple[str, str]] = set()
    for row, draft in drafts:
        key = (draft.identity.number, draft.content.document_number if isinstance(draft, RecordDraft) else "")
        if key in keys:
            yield part
            part, keys = [], set()
        part.append((row, draft))
        keys.add(key)
    if part:
        yield part


def _checked(draft: Draft, known: Known | None, name_hashes: Sequence[str], at: datetime) -> Known | None:
    """What only the database can say about a draft; raises `RowRefused`."""
    _check_age(draft.identity, at)
    if known is not None and known.name_hash not in name_hashes:
        raise RowRefused("NAME_MISMATCH")
    if known is None and not isinstance(draft, SubjectDraft):
        raise RowRefused("SUBJECT_UNKNOWN")
    if known is not None and isinstance(draft, RecordDraft) and known.kind not in draft.kinds:
        raise RowRefused("KIND_MISMATCH")
    if known is not None and isinstance(draft, EvaluationDraft) and known.kind not in evaluation.KINDS:
        raise RowRefused("NOT_AN_ORGANISATION")
    return known


def _check_age(who: IdentityNumber, at: datetime) -> None:
    """Minors have no public credit (条例 2): nothing about them is stored."""
    if who.born is not None and age_on(who.born, day_of(at)) < ADULT_AGE:
        raise RowRefused("MINOR")


def _possibly_real(number: str, at: datetime) -> bool:
    for type_ in (IdentityType.RESIDENT_ID, IdentityType.USCC):
        try:
            return not identity.parse(type_, number, today=day_of(at)).invented
        except identity.BadIdentity:
            continue
    return False
