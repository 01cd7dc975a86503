"""An information provider's own desk (Arts. 2, 5): the files it sent, what became of them, how well it reports."""

from datetime import datetime
from decimal import Decimal

import strawberry

from core.months import Month
from core.principal import Scope
from core.statements import Row
from intake import batches, nothing, providers, quality
from intake.batches import IntakeState
from intake.findings import CHECKS, Severity
from intake.layouts import LayoutName
from intake.quality import Quality, Share
from objections.clock import PROVIDER_DAYS
from schema.connection import Connection, connect
from schema.context import Context, Info
from schema.officers import require
from schema.people import Party
from schema.renewals import EvaluationToRenew, renewals_page
from schema.stored import stored
from schema.verifications import Verification, verifications_page


@strawberry.type(description="How often one check found something in a file.")
class IntakeFinding:
    """A check's code and its times; each row's own sentence stands beside it among the rejected ones."""

    code: str
    severity: Severity
    message: str = strawberry.field(description="In Chinese, with … for what differs from row to row.")
    count: int
    lines: list[int] = strawberry.field(
        description="Where first: at most a hundred lines, or a sheet's rows. Every rejected one stands in its file."
    )


@strawberry.type(
    description="A file that was sent to `POST /intake/batches`. Counts are null until it is done; a file that was "
    "loaded again after a fault counts as unchanged what had been entered before."
)
class IntakeBatch:
    """A batch, as its provider sees it."""

    row: strawberry.Private[Row]
    state: IntakeState
    reason: str | None = strawberry.field(description="Why none of it was taken.")
    rejected_path: str | None = strawberry.field(description="Where its rejected rows are fetched, as long as kept.")
    findings: list[IntakeFinding]
    id: strawberry.ID = stored("id")
    checks_only: bool = stored("checks_only", description="Whether it is only checked: nothing of it is entered.")
    sha256: str | None = stored("sha256")
    kind: LayoutName | None = strawberry.field(description="Which of the layouts it is.")
    rows: int | None = stored("row_count")
    rows_done: int = stored("rows_done", description="How many rows have been read so far.")
    added: int | None = stored("added")
    changed: int | None = stored("changed")
    unchanged: int | None = stored("unchanged")
    dropped: int | None = stored("dropped")
    rejected: int | None = stored("rejected")
    set_aside: int | None = stored("set_aside")
    opened_at: datetime = stored("opened_at")
    arrived_at: datetime | None = stored("arrived_at")
    ended_at: datetime | None = stored("ended_at")
    until: datetime | None = stored("until", description="When its rejected rows go.")

    @classmethod
    def of(cls, context: Context, row: Row) -> "IntakeBatch":
        """A batch's row."""
        kept = batches.rejected_of(row, at=context.at) is not None
        found, lines = row.findings or {}, row.finding_lines or {}
        return cls(
            row=row,
            state=IntakeState(row.state),
            kind=LayoutName(row.layout) if row.layout is not None else None,
            reason=batches.reason_of(context.unit, row),
            rejected_path=f"/intake/batches/{row.id}/rejected.csv" if kept else None,
            findings=[
                IntakeFinding(
                    code=code,
                    severity=check.severity,
                    message=check.general,
                    count=found[code],
                    lines=lines.get(code, []),
                )
                for code, check in CHECKS.items()
                if code in found
            ],
        )


@strawberry.type(description="What a provider may send, as the institution's list says it now.")
class ProviderTerms:
    """The version in force."""

    row: strawberry.Private[Row]
    kinds: list[LayoutName]
    version: int = stored("version")
    districts: list[str] | None = stored("districts", description="行政区划代码; null for the whole city.")
    responsible: str = stored("responsible", description="责任人, who answers for what is sent.")
    contact: str = stored("contact")
    answer_workdays: int = strawberry.field(
        description="By which working day from an objection's receipt it answers what it is asked; verifications say "
        "the day."
    )
    entered_at: datetime = stored("entered_at")

    @classmethod
    def of(cls, row: Row) -> "ProviderTerms":
        """A version's row."""
        workdays = PROVIDER_DAYS if row.answer_workdays is None else row.answer_workdays
        return cls(row=row, kinds=[LayoutName(kind) for kind in row.kinds], answer_workdays=workdays)


@strawberry.type(description="That there was nothing of a kind to report in a month (零报送).")
class IntakeNothing:
    """What was said."""

    row: strawberry.Private[Row]
    kind: LayoutName
    id: strawberry.ID = stored("id")
    period: str = stored("month", description="YYYY-MM.")
    said_at: datetime = stored("said_at")

    @classmethod
    def of(cls, row: Row) -> "IntakeNothing":
        """What is kept of it."""
        return cls(row=row, kind=LayoutName(row.layout))


@strawberry.type(description="A count of another, and their quotient.")
class QualityShare:
    """A rate with what it is made of."""

    count: int
    of: int
    rate: Decimal | None = strawberry.field(
        description="From 0 to 1, cut off after six digits, so that 1 is all of them; null of nothing."
    )

    @classmethod
    def made(cls, share: Share) -> "QualityShare":
        """As it is shown."""
        return cls(count=share.count, of=share.of, rate=share.rate)


@strawberry.type(description="How well a provider reported in a month of the city, by whatever way its files came.")
class IntakeQuality:
    """A month."""

    month: str
    reporting: QualityShare = strawberry.field(
        description="上报率: kinds with rows taken or nothing to report, of the kinds that are due."
    )
    compliance: QualityShare = strawberry.field(description="合规率: rows taken, of rows sent.")
    timeliness: QualityShare = strawberry.field(description="及时率: rows that came in time, of rows taken.")
    missing: list[LayoutName] = strawberry.field(description="What is due and has not been reported.")

    @classmethod
    def of(cls, found: Quality) -> "IntakeQuality":
        """As it is shown."""
        return cls(
            month=found.month.text,
            reporting=QualityShare.made(found.reporting),
            compliance=QualityShare.made(found.compliance),
            timeliness=QualityShare.made(found.timeliness),
            missing=list(found.missing),
        )


@strawberry.type(description="An information provider's own desk (Arts. 2, 5).")
class Provider:
    """The calling provider."""

    party_id: strawberry.Private[str]
    party: Party

    @strawberry.field(description="The files it sent over HTTP, newest first.")
    async def batches(self, info: Info, first: int = 20, after: str | None = None) -> Connection[IntakeBatch]:
        """Own batches."""
        context = info.context
        page = await batches.page(context.unit, self.party_id, context.page("Provider.batches", first, after))
        return connect(page, lambda row: IntakeBatch.of(context, row))

    @strawberry.field(description="One of them, or null.")
    async def batch(self, info: Info, id: strawberry.ID) -> IntakeBatch | None:
        """Absent and another's are both null."""
        row = await batches.find(info.context.unit, id, self.party_id)
        return IntakeBatch.of(info.context, row) if row is not None else None

    @strawberry.field(
        description="What it is asked about contested records of its own: what waits, the most urgent first; or what "
        "is over. Whoever reads a record or whose it is looks at them, and they see it."
    )
    async def verifications(
        self, info: Info, open: bool = True, first: int = 20, after: str | None = None
    ) -> Connection[Verification]:
        """Its inbox."""
        require(info.context, Scope.OBJECTION_VERIFY)
        return await verifications_page(info, self.party_id, open_=open, first=first, after=after)

    @strawberry.field(
        description="Evaluations of its own that rest on a record that was changed since, the oldest change first: to "
        "be evaluated anew. Whoever reads whose it is looks at them, and they see it."
    )
    async def evaluations_to_renew(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> Connection[EvaluationToRenew]:
        """Tasks; another evaluation ends each."""
        return await renewals_page(info, self.party_id, first=first, after=after)

    @strawberry.field(description="What it may send; null while nobody has said what.")
    async def terms(self, info: Info) -> ProviderTerms | None:
        """The list's last version."""
        row = await providers.latest(info.context.unit, self.party_id)
        return ProviderTerms.of(row) if row is not None else None

    @strawberry.field(description="When it had nothing to report (零报送), newest first.")
    async def nothing(self, info: Info, first: int = 20, after: str | None = None) -> Connection[IntakeNothing]:
        """Own reports of nothing."""
        context = info.context
        page = await nothing.page(context.unit, self.party_id, context.page("Provider.nothing", first, after))
        return connect(page, IntakeNothing.of)

    @strawberry.field(description="上报率, 合规率, 及时率 of a month, written YYYY-MM.")
    async def quality(self, info: Info, month: str) -> IntakeQuality:
        """A month of its own."""
        return IntakeQuality.of(await quality.of(info.context.unit, self.party_id, Month.read(month)))
