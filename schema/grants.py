"""Grants, the notices behind them, and what a recipient sees through one."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

import strawberry

from audit.lens import Audience, BasisKind, Lens
from audit.looks import Look
from core.errors import Detail, Invalid, NotAvailable
from core.identity import mask_numbers_in
from core.statements import Row
from credit import subjects
from grants import consent, edges, listing, marks, monitoring_notice, recipients, rules, terms, use
from grants.errors import RecipientRefused
from grants.scope import GrantEndedBy, GrantStatus, LendingStage, NoticeKind, Period, Purpose, RecordCategory
from grants.states import GrantAct, Side
from parties import directory
from parties.kinds import MandateKind
from schema.connection import Connection
from schema.context import Batch, Context, Info
from schema.evaluation import PublicCreditEvaluation, evaluation_of
from schema.monitored import Monitored, monitored_of
from schema.people import Party, SubjectCard
from schema.records import CreditRecord, ObjectionMark, Omissions, RecordFilter, records_page
from schema.stored import stored

_LONGEST_OPERATOR = 60
# The notices that are about a grant's terms.
_OF_TERMS = {NoticeKind.GRANT: consent.before_grant, NoticeKind.MONITORING: monitoring_notice.before}


@strawberry.type(description="What is read before consenting; the hash covers every word.")
class ConsentNotice:
    """A notice."""

    hash: str
    version: str
    language: str
    text: str
    retention: str
    withdrawal_effect: str

    @classmethod
    def of(cls, notice: consent.Notice | Row) -> "ConsentNotice":
        """A composed or a stored notice."""
        return cls(
            hash=notice.hash,
            version=notice.version,
            language=notice.language,
            text=notice.text,
            retention=notice.retention,
            withdrawal_effect=notice.withdrawal_effect,
        )


@strawberry.input(
    description="Which notice. For a grant, and for its monitoring: recipient, purpose and categories; who handles it, "
    "where somebody does; how many days the recipient keeps what it sees, the purpose's ceiling without it. language "
    "is zh or en."
)
class ConsentNoticeQueryInput:
    """The terms a notice is about."""

    kind: NoticeKind
    recipient_id: strawberry.ID | None = None
    handled_by_id: strawberry.ID | None = None
    purpose: Purpose | None = None
    categories: list[RecordCategory] = strawberry.field(default_factory=list)
    retention_days: int | None = None
    language: str = consent.LANGUAGES[0]

    async def notice(self, context: Context) -> ConsentNotice:
        """The notice in force; raises `Invalid` or `NotAvailable`."""
        composed = _OF_TERMS.get(self.kind)
        if composed is None:
            return ConsentNotice.of(consent.compose(self.kind))
        if self.recipient_id is None or self.purpose is None or not self.categories:
            raise Invalid(Detail(("query",), "ALL_NEEDED", "recipientId, purpose, categories"))
        if self.language not in consent.LANGUAGES:
            raise Invalid(Detail(("query", "language"), "ONE_OF", "|".join(consent.LANGUAGES)))
        try:
            recipient = await recipients.described(
                context.unit, self.recipient_id, self.purpose, handled_by_id=self.handled_by_id, at=context.at
            )
        except RecipientRefused:
            raise NotAvailable() from None
        days = recipient.template.retention_days if self.retention_days is None else self.retention_days
        about = recipient.about([category.value for category in self.categories], days)
        return ConsentNotice.of(composed(about, self.language))


@strawberry.type(description="One of an organisation's marks (Art. 8(3)).")
class Approval:
    """Which mark, and when it was given."""

    row: strawberry.Private[Row]
    capacity: MandateKind = stored("capacity")
    at: datetime = stored("at")


@strawberry.type(description="One step of a grant: what was done, by which side, in which capacity, why and when.")
class GrantStep:
    """An edge that the grant went along; `version` is what the step made."""

    row: strawberry.Private[Row]
    version: int = stored("version")
    act: GrantAct = stored("act")
    led_to: GrantStatus = stored("led_to")
    side: Side = stored("side")
    capacity: MandateKind = stored("capacity")
    reason: str | None = stored("reason")
    at: datetime = stored("at")


@strawberry.type(description="One attribute in which a request goes beyond what is granted already. * is everything.")
class TermBeyond:
    """Of a list, `asked` names only what is new."""

    attribute: str
    granted: str
    asked: str


@strawberry.type(description="One grant: one recipient, one purpose, these kinds of information, until then.")
class Grant:
    """A grant, as its subject or its recipient sees it."""

    row: strawberry.Private[Row]
    parties: strawberry.Private[Batch[str, Row]]
    marks: strawberry.Private[Batch[str, Sequence[Row]]]
    watched: strawberry.Private[Batch[str, Monitored]]
    foreseen: strawberry.Private[consent.Notice | None]
    status: GrantStatus
    id: strawberry.ID = stored("id")
    version: int = stored("version")
    reference: str | None = stored("reference")
    reason: str | None = stored("reason")
    purpose: Purpose = stored("purpose")
    stages: list[LendingStage] = stored("stages")
    categories: list[RecordCategory] = stored("categories")
    includes_evaluation: bool = stored("includes_evaluation")
    valid_from: datetime = stored("valid_from")
    valid_until: datetime = stored("valid_until")
    uses_left: int | None = stored("uses_left")
    retention_days: int = stored("retention_days")
    template: str | None = stored("template", description="The ceilings it was made under, with their version.")
    window_months: int | None = stored("window_months", description="How far before the look it reaches.")
    uses_per_period: int | None = stored("per_period")
    period: Period | None = stored("period", description="The city's calendar unit that usesPerPeriod counts in.")
    documents: list[str] | None = stored(
        "documents", description="SHA-256 of each document that may be asked; null: any."
    )
    monitoring: bool = stored(
        "monitoring", description="贷后提示: whether the recipient is told that a kind of record has changed (Art. 10)."
    )
    lapses_at: datetime | None = stored("lapses_at", description="When it lapses unless it is approved before.")
    ended_by: GrantEndedBy | None = stored("ended_by")
    end_reason: str | None = stored("end_reason")
    ended_at: datetime | None = stored("ended_at")

    @strawberry.field(description="Who may look.")
    async def recipient(self) -> Party:
        """The recipient, read once for all grants of a page."""
        row = await self.parties.get(self.row.recipient_id)
        if row is None:
            raise NotAvailable()
        return Party.of(row)

    @strawberry.field(description="The 融资信用服务平台 that handles it for the recipient (Art. 10).")
    async def handled_by(self) -> Party | None:
        """The platform, or null."""
        row = await self.parties.get(self.row.handled_by_id) if self.row.handled_by_id else None
        return Party.of(row) if row is not None else None

    @strawberry.field(description="What a phone scans to answer a request that names nobody yet.")
    def request_url(self) -> str | None:
        """Null once somebody has made it theirs, and for a request that names somebody."""
        waits = self.row.unclaimed and self.status is GrantStatus.REQUESTED
        return f"haihe://grant-request/{self.row.id}" if waits else None

    @strawberry.field(description="An organisation's marks, oldest first. Nobody else gives any.")
    async def approvals(self) -> list[Approval]:
        """Marks, read once for a page."""
        return [Approval(row=row) for row in await self.marks.get(self.row.id) or ()]

    @strawberry.field(description="Everything that was done to it, oldest first.")
    async def steps(self, info: Info) -> list[GrantStep]:
        """The grant's history."""
        return [GrantStep(row=row) for row in await edges.steps(info.context.unit, self.row.id)]

    @strawberry.field(description="The active grant that a request would widen; `beyond` says by what.")
    async def extends(self, info: Info) -> "Grant | None":
        """The grant that was active when this was asked; null when it has ended since."""
        row = await self._extended(info.context)
        return Grant.of(info.context, row) if row is not None else None

    @strawberry.field(description="Only the difference: in what a request goes beyond the grant that it extends.")
    async def beyond(self, info: Info) -> list[TermBeyond]:
        """Empty for a request that extends nothing: all of it is new."""
        row = await self._extended(info.context)
        if row is None:
            return []
        wider = terms.beyond(terms.Terms.of(self.row), terms.Terms.of(row))
        return [TermBeyond(attribute=name, granted=granted, asked=asked) for name, granted, asked in wider]

    async def _extended(self, context: Context) -> Row | None:
        if self.row.extends_id is None:
            return None
        row = await listing.of_subject_by_id(context.unit, context.own(), self.row.extends_id)
        return row if row is not None and rules.status_at(row, at=context.at) is GrantStatus.ACTIVE else None

    @strawberry.field(description="Whose grant it is. A recipient is told by looking, which is logged, not by listing.")
    async def subject(self, info: Info) -> SubjectCard | None:
        """The subject's card; null while nobody has made the request theirs."""
        if self.row.unclaimed and self.row.status == GrantStatus.REQUESTED.value:
            return None
        lens = Lens(Audience.RECIPIENT, BasisKind.GRANT, self.row.subject_id, grant_id=self.row.id)
        return SubjectCard.of(await subjects.behind(info.context.unit, lens))

    @strawberry.field(description="The notice that was read.")
    async def notice(self, info: Info) -> ConsentNotice:
        """The stored notice; of a grant that is only foreseen, the one it will have."""
        if self.foreseen is not None:
            return ConsentNotice.of(self.foreseen)
        row = await consent.find(info.context.unit, self.row.notice_hash)
        if row is None:
            raise NotAvailable()
        return ConsentNotice.of(row)

    @strawberry.field(description="The notice by which monitoring was agreed to, though it has ended since; else null.")
    async def monitoring_notice(self, info: Info) -> ConsentNotice | None:
        """The stored notice of its own."""
        kept = self.row.monitoring_notice_hash
        row = await consent.find(info.context.unit, kept) if kept is not None else None
        return ConsentNotice.of(row) if row is not None else None

    @strawberry.field(description="Since when its recipient is told of changes, and how often; null where never.")
    async def monitored(self) -> Monitored | None:
        """Monitoring that began, though it has ended since; read once for a page."""
        return await self.watched.get(self.row.id)

    @classmethod
    def behind(
        cls, context: Context, rows: Collection[Row], foreseen: consent.Notice | None = None
    ) -> Callable[[Row], "Grant"]:
        """How to make grants of these rows; what several of them need is read once."""

        async def load(ids: Collection[str]) -> Mapping[str, Row]:
            return await directory.cards(context.unit, ids)

        async def load_marks(ids: Collection[str]) -> Mapping[str, Sequence[Row]]:
            return await marks.of_several(context.unit, ids)

        async def load_watched(ids: Collection[str]) -> Mapping[str, Monitored]:
            return await monitored_of(context, [row for row in rows if row.id in ids])

        parties = Batch({row.recipient_id for row in rows} | {row.handled_by_id for row in rows} - {None}, load)
        given = Batch([row.id for row in rows], load_marks)
        watched = Batch([row.id for row in rows], load_watched)

        def make(row: Row) -> Grant:
            status = rules.status_at(row, at=context.at)
            return cls(row=row, parties=parties, marks=given, watched=watched, foreseen=foreseen, status=status)

        return make

    @classmethod
    def of(cls, context: Context, row: Row, foreseen: consent.Notice | None = None) -> "Grant":
        """One grant."""
        return cls.behind(context, [row], foreseen)(row)


@strawberry.input(description="Which grant, for which stage, and who at the recipient looks.")
class GrantedQueryInput:
    """A recipient's look."""

    grant_id: strawberry.ID
    operator: str
    stage: LendingStage | None = None
    attempt: strawberry.ID | None = None


@strawberry.type(description="What one grant lets its recipient see (Arts. 8, 10).")
class GrantedView:
    """A subject behind a grant."""

    lens: strawberry.Private[Lens]
    look: strawberry.Private[Look]
    omissions: strawberry.Private[Omissions]
    grant: Grant

    @classmethod
    async def of(cls, info: Info, query: GrantedQueryInput) -> "GrantedView":
        """Party state and grant row first, then the decision against the row, then data (design §2)."""
        context = info.context
        operator = mask_numbers_in(query.operator.strip())
        if not 1 <= len(operator) <= _LONGEST_OPERATOR:
            raise Invalid(Detail(("query", "operator"), "LENGTH", f"1..{_LONGEST_OPERATOR}"))
        stage = query.stage.value if query.stage else None
        evaluated = "GrantedView.evaluation" in context.reach(info).coordinates
        asked = rules.Asked(context.categories_asked(info), stage, context.operation.document, evaluated)
        row = await cls._row(context, query)
        retry = await use.is_retry(context.unit, row, query.attempt, at=context.at)
        lens = use.admit(row, asked, retry=retry, at=context.at)
        if use.is_counted(row) and not retry:
            row = await cls._counted(context, row, query)
        look = context.look(info, lens, purpose=row.purpose, stage=stage, operator=operator, grant_version=row.version)
        notice = context.foreseen.notice if context.foreseen else None
        return cls(lens=lens, look=look, omissions=Omissions(lens), grant=Grant.of(context, row, notice))

    @classmethod
    async def _row(cls, context: Context, query: GrantedQueryInput) -> Row:
        if context.foreseen is None:
            return await use.find(context.unit, grant_id=query.grant_id, recipient_id=context.party())
        if context.foreseen.row.id != query.grant_id:
            raise NotAvailable()
        return context.foreseen.row

    @classmethod
    async def _counted(cls, context: Context, row: Row, query: GrantedQueryInput) -> Row:
        """The row once this look has been counted; of a look that is only foreseen, as it would be."""
        if context.foreseen is not None:
            return await use.foreseen(context.unit, row, at=context.at)
        await use.spend(context.writing, row, query.attempt, at=context.at)
        return await use.find(context.unit, grant_id=query.grant_id, recipient_id=context.party())

    @strawberry.field(
        description="This look's id in the log; `recipient.receipt` proves it once it is sealed. Null in a preview."
    )
    def look_id(self, info: Info) -> strawberry.ID | None:
        """What is being written down while this is answered. A preview is no look, and has none."""
        return strawberry.ID(self.look.id) if info.context.foreseen is None else None

    @strawberry.field(description="Whom the grant is about.")
    async def subject(self, info: Info) -> SubjectCard:
        """The subject's card."""
        return SubjectCard.of(await subjects.behind(info.context.unit, self.lens))

    @strawberry.field(
        description="公共信用综合评价, where the grant includes it: otherwise selecting it has refused the operation "
        "already. Null when none holds."
    )
    async def evaluation(self, info: Info) -> PublicCreditEvaluation | None:
        """What holds now."""
        return await evaluation_of(info.context, self.lens)

    @strawberry.field(description="The granted records, newest event first.")
    async def records(
        self, info: Info, filter: RecordFilter | None = None, first: int = 20, after: str | None = None
    ) -> Connection[CreditRecord]:
        """Granted categories only; an ungranted one in the filter has refused the operation already."""
        return await records_page(info, self.lens, self.look, filter, first, after, self.omissions)

    @strawberry.field(
        description="异议标注: since when it is contested that something is missing here. Whatever selects records "
        "selects this."
    )
    async def objections(self, info: Info) -> list[ObjectionMark]:
        """As of the statement that read the records."""
        return await self.omissions.shown(info.context.unit)
