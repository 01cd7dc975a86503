"""The service counter (Art. 8(3)): a clerk's own cases of the day, and the trail that somebody takes home on paper."""

from collections.abc import Sequence
from datetime import date, datetime

import strawberry

from audit.lens import Lens
from audit.looks import Look
from core.errors import Detail
from core.moments import day_of
from core.principal import Channel
from core.statements import Row
from credit import reports, subjects
from grants import counter, papers, printouts
from grants.counter import Clerk
from grants.errors import NotGranted
from grants.papers import Brought, CounterKind, CounterState, Needed, Paper, PaperCheck, PaperForm
from grants.printouts import Printout, PrintOutcome
from grants.scope import RecordCategory
from schema.access import Access, on_paper
from schema.connection import Connection
from schema.context import Context, Info
from schema.officers import by_staff
from schema.stored import stored


def clerk_of(context: Context) -> Clerk:
    """The clerk who calls; raises `NotAvailable` for anybody else."""
    return Clerk(context.party(), by_staff(context))


def begin_look(info: Info, case: Row, lens: Lens, purpose: str) -> Look:
    """Begin a look under a case: it names the case, and came through the counter whatever the token says."""
    operator = info.context.caller.staff_label
    look = info.context.look(info, lens, purpose=purpose, operator=operator, case_number=case.number)
    look.channel = Channel.COUNTER
    return look


@strawberry.type(description="One line of a case's list: what is needed, what was brought, and what is wrong with it.")
class CounterPaper:
    """A paper of the list."""

    paper: Paper
    words: str
    forms: list[PaperForm] = strawberry.field(description="Which forms do.")
    checks: list[PaperCheck] = strawberry.field(description="What must be seen on it.")
    scan: bool = strawberry.field(description="Whether a scan of it is kept.")
    is_law: bool = strawberry.field(description="Whether Art. 8(3) itself asks for it; otherwise it is our choice.")
    form: PaperForm | None = strawberry.field(description="What was brought; null for nothing yet.")
    seen: list[PaperCheck]
    scanned: bool
    lacking: list[str] = strawberry.field(description="What is still missing of it, in words; empty when it is there.")

    @classmethod
    def of(cls, needed: Needed, held: Brought | None, lacking: Sequence[papers.Lack]) -> "CounterPaper":
        """A line of the list beside what was noted."""
        return cls(
            paper=needed.paper,
            words=needed.words,
            forms=[form for form in PaperForm if form in needed.forms],
            checks=[check for check in PaperCheck if check in needed.checks],
            scan=needed.scan,
            is_law=needed.is_law,
            form=held.form if held else None,
            seen=[check for check in PaperCheck if held and check in held.checks],
            scanned=held is not None and held.scanned,
            lacking=[lack.words for lack in lacking if lack.needed is needed],
        )


@strawberry.type(description="Something handed over on paper. A report's PDF is there some moments later: `ready`.")
class CounterPrint:
    """A printout."""

    row: strawberry.Private[Row]
    report_number: str | None
    ready: bool
    id: strawberry.ID = stored("id")
    what: Printout = stored("what")
    outcome: PrintOutcome | None = stored("outcome")
    begun_at: datetime = stored("begun_at")

    @classmethod
    async def of(cls, context: Context, case: Row, row: Row) -> "CounterPrint":
        """A printout; of a report, its number and nothing that it says."""
        if row.report_id is None:
            return cls(row=row, report_number=None, ready=True)
        report = await reports.in_case(context.unit, counter.lens_of(case), row.report_id)
        return cls(row=row, report_number=report.number, ready=report.pdf_id is not None)


@strawberry.type(description="A counter case, as its own clerk sees it. Nothing of any record is in it.")
class CounterCase:
    """A case."""

    row: strawberry.Private[Row]
    state: CounterState
    name: str = strawberry.field(description="Whom it is about, as it was typed.")
    masked: str
    applicant: str | None = strawberry.field(description="Who has come for them; null in a case of one's own.")
    applicant_masked: str | None
    looks_left: int
    id: strawberry.ID = stored("id")
    number: str = stored("number")
    version: int = stored("version")
    kind: CounterKind = stored("kind")
    desk: str = stored("desk")
    opened_at: datetime = stored("opened_at")
    categories: list[RecordCategory] | None = stored("categories", description="What the written authorisation covers.")
    authorised_until: date | None = stored("authorised_until")
    supplement_at: datetime | None = stored("supplement_at", description="When the one notice of what is missing went.")
    supplement: list[str] | None = stored("lacking", description="What that notice (补正告知) named.")

    @classmethod
    def of(cls, context: Context, row: Row) -> "CounterCase":
        """A case from its row."""
        who = counter.people(context.unit, row)
        return cls(
            row=row,
            state=papers.state_of(row.state, row.opened_on, today=day_of(context.at)),
            name=who["name"],
            masked=who["masked"],
            applicant=who.get("applicant"),
            applicant_masked=who.get("applicantMasked"),
            looks_left=counter.MOST_LOOKS - row.looks,
        )

    @strawberry.field(description="The list of Art. 8(3) for this kind of case, with what was brought.")
    async def papers(self, info: Info) -> list[CounterPaper]:
        """Every line, in order."""
        kind = CounterKind(self.row.kind)
        held = {one.paper: one for one in map(counter.as_brought, await counter.noted(info.context.unit, self.row.id))}
        lacks = papers.lacking(kind, held.values())
        return [CounterPaper.of(one, held.get(one.paper), lacks) for one in papers.listed(kind)]

    @strawberry.field(description="What was to be printed, oldest first.")
    async def prints(self, info: Info) -> list[CounterPrint]:
        """At most a few."""
        rows = await printouts.of_case(info.context.unit, self.row.id)
        return [await CounterPrint.of(info.context, self.row, row) for row in rows]


@strawberry.type(description="The service counter (Art. 8): the clerk's own cases of today. Nobody is searched for.")
class Counter:
    """A clerk's desk."""

    clerk: strawberry.Private[Clerk]

    @strawberry.field(description="One's own cases of today, newest first.")
    async def cases(self, info: Info) -> list[CounterCase]:
        """A day's work at one window."""
        context = info.context
        rows = await counter.today(context.unit, self.clerk, at=context.at)
        return [CounterCase.of(context, row) for row in rows]

    @strawberry.field(description="One of one's own cases.")
    async def case(self, info: Info, id: strawberry.ID) -> CounterCase:
        """Another's and an absent one are the same."""
        return CounterCase.of(info.context, await counter.own(info.context.unit, self.clerk, id))


@strawberry.input(description="Under which case.")
class CounterTrailQueryInput:
    """A case of one's own."""

    case_id: strawberry.ID


@strawberry.type(description="Who looked, for somebody who stands at the counter for themselves or for their ward.")
class CounterTrail:
    """A trail to be printed."""

    lens: strawberry.Private[Lens]
    look: strawberry.Private[Look]
    case_number: str

    @classmethod
    async def of(cls, info: Info, query: CounterTrailQueryInput) -> "CounterTrail":
        """The case first, by the one statement that takes a look from it; then its subject."""
        context = info.context
        row = await counter.admit(context.writing, clerk_of(context), query.case_id, at=context.at)
        if CounterKind(row.kind) not in papers.FOR_ONESELF:
            raise NotGranted(Detail(("accessHistory",), "NOT_GRANTED", row.kind))
        lens = await subjects.looked_at(context.unit, counter.lens_of(row))
        await subjects.behind(context.unit, lens)
        return cls(lens=lens, look=begin_look(info, row, lens, counter.TRAIL), case_number=row.number)

    @strawberry.field(description="This look's id in the log.")
    def look_id(self) -> strawberry.ID:
        """What is being written down while this is answered."""
        return strawberry.ID(self.look.id)

    @strawberry.field(description="Who looked, newest first, as its subject reads it.")
    async def access_history(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Access]:
        """The trail, own looks left out."""
        return await on_paper(info.context, self.lens, "CounterTrail.accessHistory", first, after)
