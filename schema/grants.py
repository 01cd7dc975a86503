"""Grants, the notices behind them, and what a recipient sees through one."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

import strawberry

from audit import receipts
from audit.lens import Audience, BasisKind, Lens
from audit.looks import Look
from core.errors import Detail, Invalid, NotAvailable
from core.statements import Row
from credit import subjects
from grants import consent, listing, rules, use
from grants.scope import GrantEndedBy, GrantStatus, LendingStage, NoticeKind, Purpose, RecordCategory
from notices import feed, webhooks
from parties import directory
from schema.connection import Connection, connect
from schema.context import Batch, Context, Info
from schema.people import Party, SubjectCard
from schema.receipts import AccessReceipt
from schema.records import CreditRecord, RecordFilter, records_page
from schema.stored import stored
from schema.webhooks import Event, Webhook

_LONGEST_OPERATOR = 60


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


@strawberry.input(description="Which notice. For a grant: recipient, purpose and categories.")
class ConsentNoticeQueryInput:
    """The terms a notice is about."""

    kind: NoticeKind
    recipient_id: strawberry.ID | None = None
    purpose: Purpose | None = None
    categories: list[RecordCategory] = strawberry.field(default_factory=list)

    async def notice(self, context: Context) -> ConsentNotice:
        """The notice in force; raises `Invalid` or `NotAvailable`."""
        if self.kind is not NoticeKind.GRANT:
            return ConsentNotice.of(consent.compose(self.kind))
        if self.recipient_id is None or self.purpose is None or not self.categories:
            raise Invalid(Detail(("query",), "ALL_NEEDED", "recipientId, purpose, categories"))
        recipient = await directory.find(context.unit, self.recipient_id)
        if recipient is None or recipient.kind not in directory.AUTHORISABLE:
            raise NotAvailable()
        return ConsentNotice.of(
            consent.compose(
                self.kind,
                recipient=recipient.name,
                contact=recipient.contact,
                purpose=self.purpose,
                categories=self.categories,
            )
        )


@strawberry.type(description="One grant: one recipient, one purpose, these kinds of information, until then.")
class Grant:
    """A grant, as its subject or its recipient sees it."""

    row: strawberry.Private[Row]
    parties: strawberry.Private[Batch[str, Row]]
    status: GrantStatus
    id: strawberry.ID = stored("id")
    version: int = stored("version")
    reference: str | None = stored("reference")
    purpose: Purpose = stored("purpose")
    stages: list[LendingStage] = stored("stages")
    categories: list[RecordCategory] = stored("categories")
    includes_evaluation: bool = stored("includes_evaluation")
    valid_from: datetime = stored("valid_from")
    valid_until: datetime = stored("valid_until")
    uses_left: int | None = stored("uses_left")
    retention_days: int = stored("retention_days")
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

    @strawberry.field(description="Whose grant it is. A recipient is told by looking, which is logged, not by listing.")
    async def subject(self, info: Info) -> SubjectCard | None:
        """The subject's card."""
        lens = Lens(Audience.RECIPIENT, BasisKind.GRANT, self.row.subject_id, grant_id=self.row.id)
        return SubjectCard.of(await subjects.behind(info.context.unit, lens))

    @strawberry.field(description="The notice that was read.")
    async def notice(self, info: Info) -> ConsentNotice:
        """The stored notice."""
        row = await consent.find(info.context.unit, self.row.notice_hash)
        if row is None:
            raise NotAvailable()
        return ConsentNotice.of(row)

    @classmethod
    def behind(cls, context: Context, rows: Collection[Row]) -> Callable[[Row], "Grant"]:
        """How to make grants of these rows; what several of them need is read once."""

        async def load(ids: Collection[str]) -> Mapping[str, Row]:
            return await directory.cards(context.unit, ids)

        parties = Batch({row.recipient_id for row in rows}, load)
        return lambda row: cls(row=row, parties=parties, status=rules.status_at(row, at=context.at))

    @classmethod
    def of(cls, context: Context, row: Row) -> "Grant":
        """One grant."""
        return cls.behind(context, [row])(row)


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
    grant: Grant

    @classmethod
    async def of(cls, info: Info, query: GrantedQueryInput) -> "GrantedView":
        """Party state and grant row first, then the decision against the row, then data (design §2)."""
        context = info.context
        if not 1 <= len(query.operator.strip()) <= _LONGEST_OPERATOR:
            raise Invalid(Detail(("query", "operator"), "LENGTH", f"1..{_LONGEST_OPERATOR}"))
        row = await use.find(context.unit, grant_id=query.grant_id, recipient_id=context.party())
        stage = query.stage.value if query.stage else None
        retry = await use.is_retry(context.unit, row, query.attempt, at=context.at)
        lens = use.admit(row, rules.Asked(context.categories_asked(info), stage), retry=retry, at=context.at)
        if row.uses_left is not None:
            await use.spend(context.writing, row, query.attempt, at=context.at)
            row = await use.find(context.unit, grant_id=query.grant_id, recipient_id=context.party())
        look = context.look(
            info, lens, purpose=row.purpose, stage=stage, operator=query.operator.strip(), grant_version=row.version
        )
        return cls(lens=lens, look=look, grant=Grant.of(context, row))

    @strawberry.field(description="This look's id in the log; `recipient.receipt` gives its receipt once it is sealed.")
    def look_id(self) -> strawberry.ID:
        """What is being written down while this is answered."""
        return strawberry.ID(self.look.id)

    @strawberry.field(description="Whom the grant is about.")
    async def subject(self, info: Info) -> SubjectCard:
        """The subject's card."""
        return SubjectCard.of(await subjects.behind(info.context.unit, self.lens))

    @strawberry.field(description="The granted records, newest event first.")
    async def records(
        self, info: Info, filter: RecordFilter | None = None, first: int = 20, after: str | None = None
    ) -> Connection[CreditRecord]:
        """Granted categories only; an ungranted one in the filter has refused the operation already."""
        return await records_page(info, self.lens, self.look, filter, first, after)


@strawberry.type(description="A recipient's own desk.")
class Recipient:
    """The calling party and its grants."""

    party_id: strawberry.Private[str]
    party: Party

    @strawberry.field(description="The grants it was given.")
    async def grants(
        self,
        info: Info,
        statuses: list[GrantStatus] | None = None,
        reference: str | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[Grant]:
        """Own grants only."""
        context = info.context
        request = context.page("Recipient.grants", first, after, statuses, reference)
        page = await listing.of_recipient(context.unit, self.party_id, request, statuses, reference, at=context.at)
        return connect(page, Grant.behind(context, page.items))

    @strawberry.field(description="What happened to what it holds, oldest first: the webhook's catch-up.")
    async def events(self, info: Info, first: int = 100, after: str | None = None) -> Connection[Event]:
        """Own events after a position. An event may come twice, under the same id."""
        context = info.context
        page = await feed.page(context.unit, self.party_id, context.page("Recipient.events", first, after))
        return connect(page, Event.behind(context, page.items))

    @strawberry.field(description="The receipt of one's own look, or null: within a second of the look it is sealed.")
    async def receipt(self, info: Info, look_id: strawberry.ID) -> AccessReceipt | None:
        """Absent, another's and not yet sealed are all null."""
        found = await receipts.to_recipient(info.context.unit, self.party_id, look_id)
        return AccessReceipt.of(found) if found is not None else None

    @strawberry.field(description="Where events are sent, or null.")
    async def webhook(self, info: Info) -> Webhook | None:
        """The own webhook."""
        row = await webhooks.find(info.context.unit, self.party_id)
        return Webhook.of(row) if row is not None else None
