"""Loading a file batch by batch, each batch one transaction. What was loaded stays; sending it again is safe."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import aclosing, closing
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from core import identity
from core.database import Database, WriteUnit
from core.identity import IdentityType
from core.ids import new_id
from core.moments import day_of
from core.moving import Move
from credit import entering
from credit.entering import Known, Outcome, Provenance
from intake import amendments, changing, files, reading, reviewing, surroundings, taking
from intake.changing import Changer
from intake.drafts import AmendmentDraft, Draft, SubjectChangeDraft
from intake.errors import FileRefused, RowRefused
from intake.files import Row, Sheet
from intake.findings import CHECKS, Finding, Severity, late_in, name_lines
from intake.reading import Batch, Reader
from intake.rejected import Rejected
from intake.repeats import Repeats
from intake.reviewing import Aside
from intake.tables import intake_batch
from parties import directory
from parties.kinds import ProviderKind

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
    # Of the rows taken, those that should have come earlier.
    late: int = 0
    # How often each check found something, warnings too.
    findings: Counter[str] = field(default_factory=Counter)
    # And the first lines at which it did.
    lines: dict[str, list[int]] = field(default_factory=dict)

    @property
    def set_aside(self) -> int:
        """How many rows wait for a person."""
        return self._of(Severity.SET_ASIDE)

    @property
    def warned(self) -> int:
        """How many warnings there were."""
        return self._of(Severity.WARNED)

    def _of(self, severity: Severity) -> int:
        return sum(times for code, times in self.findings.items() if CHECKS[code].severity is severity)

    def count(self, outcome: Outcome) -> None:
        """Add one batch's outcome."""
        self.added += outcome.added
        self.changed += outcome.changed
        self.unchanged += outcome.unchanged
        self.dropped += outcome.dropped


class Loader:
    """Loads one provider's files into one database. `beyond` moves what contexts beside this one keep of a subject that
    is merged into another."""

    def __init__(
        self, database: Database, source: Provenance, code: str, *, invented: bool, beyond: Sequence[Move]
    ) -> None:
        self._database = database
        self._changer = Changer(source, beyond)
        self._source = source
        self._code = code
        self._invented = invented

    @classmethod
    async def of(cls, database: Database, provider_code: str, *, invented: bool, beyond: Sequence[Move]) -> "Loader":
        """A loader for a registered provider; raises `FileRefused` when the code is nobody's."""
        async with database.reading() as unit:
            row = await directory.provider(unit, provider_code)
        if row is None:
            raise FileRefused(f"没有代码为 {provider_code} 的信息提供单位")
        return cls(
            database, Provenance(row.id, row.name, row.provider_kind), row.code, invented=invented, beyond=beyond
        )

    def inspect(self, path: Path, *, at: datetime) -> Sheet:
        """The file as a sheet. Raises `FileRefused`; a demonstration refuses every file with a possible real number."""
        if not self._invented:
            return files.inspect(path)
        today = day_of(at)
        return files.inspect(path, forbidden=lambda _, number: _possibly_real(number, today))

    async def load(
        self, sheet: Sheet, *, now: Callable[[], datetime], progress: Callable[[int], None], batch: int = BATCH
    ) -> Result:
        """Load a sheet; good rows are not held up by bad ones. `progress` is told how many rows each batch had.

        Each batch has an instant of its own: a long load must not be told by what was in force when it began. Larger
        ones cost less, and hold up longer whoever shares the process or waits for a row.
        """
        at = now()
        result = Result(sheet)
        async with self._database.reading() as unit:
            kind = ProviderKind(self._source.kind)
            around = await surroundings.of(unit, self._source.id, kind, invented=self._invented, at=at)
            vault = unit.vault
        with closing(Repeats()) as repeats, Rejected(sheet) as rejected:
            by = Reader(sheet, around, repeats, vault)
            async with aclosing(reading.batches(by, size=batch)) as coming:
                async for rows in coming:
                    for row, finding in [*rows.refused, *await self._take(rows, result, now)]:
                        rejected.add(row, finding)
                    result.findings.update(finding.code for finding in rows.found)
                    name_lines(result.lines, rows.found)
                    result.late += late_in(rows.found)
                    progress(rows.rows)
        result.rejected, result.rejected_path = rejected.count, rejected.path if rejected.count else None
        await self._note(result, now())
        return result

    async def _take(self, batch: Batch, result: Result, now: Callable[[], datetime]) -> Sequence[tuple[Row, Finding]]:
        """Enter a batch, and count what came of it; the rows that the store refused, and why."""
        refused: list[tuple[Row, Finding]] = []
        for part in batch.parts:
            async with self._database.writing() as unit:
                outcome, theirs = await self._enter(unit, part, result.sheet, batch, now())
            result.count(outcome)
            refused += theirs
        return refused

    async def _enter(
        self, unit: WriteUnit, drafts: Sequence[tuple[Row, Draft]], sheet: Sheet, batch: Batch, at: datetime
    ) -> tuple[Outcome, list[tuple[Row, Finding]]]:
        """What came of a part's drafts, and the rows that were rejected, and why."""
        found, lookups = batch.found, batch.ahead.lookups
        await unit.alone(f"intake {self._source.id}")  # two loads of one provider's files take turns
        if any(isinstance(draft, SubjectChangeDraft) for _, draft in drafts):
            return await changing.enter(unit, drafts, self._changer, found, at=at)
        await unit.shared(entering.NUMBERS)
        if any(isinstance(draft, AmendmentDraft) for _, draft in drafts):
            return await amendments.enter(unit, drafts, self._source, found, at=at)
        known = await entering.known(unit, [draft.identity for _, draft in drafts], lookups)
        today = day_of(at)
        taken: list[tuple[Draft, Known | None]] = []
        refused: list[tuple[Row, Finding]] = []
        for row, draft in drafts:
            here = known.get(draft.identity.number)
            try:
                taking.against_store(draft, here, lookups("name", draft.name), today=today)
            except RowRefused as error:
                found.append(await self._refused(unit, row, draft, sheet, error, at))
                if found[-1].severity is Severity.REJECTED:
                    refused.append((row, found[-1]))
                continue
            taken.append((draft, here))
        return await taking.put(unit, taken, self._source, at=at), refused

    async def _refused(
        self, unit: WriteUnit, row: Row, draft: Draft, sheet: Sheet, error: RowRefused, at: datetime
    ) -> Finding:
        """What is said of a row that cannot be taken; one for a person to decide is set aside."""
        finding = error.at(row.line)
        if finding.severity is not Severity.SET_ASIDE or row.values is None:
            return finding
        aside = Aside(self._source.id, self._code, sheet.layout.name.value, sheet.sha256, row.line, row.values)
        earlier = await reviewing.set_aside(unit, aside, draft, at=at)
        return finding if earlier is None else RowRefused(earlier).at(row.line)

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
                    set_aside=result.set_aside,
                    late=result.late,
                    loaded_at=at,
                )
            )


def _possibly_real(number: str, today: date) -> bool:
    for type_ in (IdentityType.RESIDENT_ID, IdentityType.USCC):
        try:
            return not identity.parse(type_, number, today=today).invented
        except identity.BadIdentity:
            continue
    return False
