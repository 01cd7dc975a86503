"""A provider's inbox (Art. 12): what it is asked about records of its own. It sees those records and what the handler
passed on, never the whole case and never another's records."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

import strawberry

from audit.lens import Audience, BasisKind, Lens
from audit.looks import Look
from core.identity import mask
from core.statements import Row
from credit import contesting, subjects
from credit.catalogue import shown_to
from objections import evidence, rehearing, rights, verifying
from objections.kinds import ObjectionTarget, Side, VerificationAnswer
from objections.rights import Right
from schema.connection import Connection, connect
from schema.context import Batch, Context, Info
from schema.objections import Evidence
from schema.people import SubjectCard
from schema.records import CreditRecord
from schema.stored import stored

PURPOSE = "OBJECTION_VERIFICATION"


@strawberry.type(description="An item as a provider says that it should be.")
class ProposedItem:
    """By the catalogue's code."""

    code: strawberry.ID
    value: str


@strawberry.type(description="What a provider is asked about a record that it sent, or that is said to be missing.")
class Verification:
    """A question and its answer, to whom it is asked."""

    context: strawberry.Private[Context]
    row: strawberry.Private[Row]
    papers: strawberry.Private[Batch[str, Sequence[Row]]]
    overdue: bool = strawberry.field(description="Whether its own day has passed without an answer.")
    open: bool = strawberry.field(description="Whether an answer is waited for, or taken still.")
    late: bool = strawberry.field(
        description="The record was withheld since nobody answered. An answer is taken still, once: it is heard in a "
        "new case, and until that is decided the record stays withheld."
    )
    id: strawberry.ID = stored("id")
    version: int = stored("version")
    number: str = stored("number", description="The case's.")
    target: ObjectionTarget = stored("target")
    question: str = stored("question")
    asked_at: datetime = stored("asked_at")
    due_on: date = stored("due_on")
    answer: VerificationAnswer | None = stored("answer")
    reason: str | None = stored("reason")
    answered_at: datetime | None = stored("answered_at")

    @strawberry.field(
        description="What it says that items should say instead, an empty one nothing; of a missing record, all of its "
        "items. Sensitive ones are masked, as in a record."
    )
    async def proposed(self, info: Info) -> list[ProposedItem]:
        """What CORRECTED writes, or ADDED enters."""
        right = rights.opened(self.context.unit.vault, self.row)
        items = right.items if right.content is None else right.content.items
        if not items:
            return []
        masked = await self._masked(info, right)
        return [
            ProposedItem(code=strawberry.ID(code), value=mask(value) if code in masked else value)
            for code, value in items.items()
        ]

    @strawberry.field(description="The applicant's words, where the handler passed them on.")
    def text(self) -> str | None:
        """What was filed."""
        return str(self.row.text) if self.row.with_text else None

    @strawberry.field(description="What is said to be missing.")
    def described(self) -> str | None:
        """Of a missing record alone."""
        return self.row.described if self.row.target == ObjectionTarget.MISSING_RECORD.value else None

    @strawberry.field(description="Whose record it is, or is said to be missing.")
    async def subject(self, info: Info) -> SubjectCard:
        """A look at them, by whoever reads it."""
        lens, _ = self._look(info)
        return SubjectCard.of(await subjects.behind(info.context.unit, lens))

    @strawberry.field(description="The contested record, which it sent; null of a missing one.")
    async def record(self, info: Info) -> CreditRecord | None:
        """A look on the basis of the objection."""
        lens, look = self._look(info)
        record_id = self.row.target_id if self.row.target == ObjectionTarget.RECORD.value else None
        held = await contesting.find(info.context.unit, lens, record_id, at=info.context.at)
        if held is None or held.source_id != self.row.provider_id:
            return None
        return CreditRecord.behind(lens, look)(held)

    @strawberry.field(description="The papers that were passed on, and its own.")
    async def evidence(self) -> list[Evidence]:
        """Read once for a page."""
        rows = await self.papers.get(self.row.objection_id) or ()
        return [Evidence(row=row) for row in rows if row.passed_on or row.side == Side.PROVIDER.value]

    async def _masked(self, info: Info, right: Right) -> frozenset[str]:
        """The items of the record's kind that are shown masked: the contested one's, or the proposed one's."""
        lens, _ = self._look(info)
        of = right.content or await contesting.find(info.context.unit, lens, self.row.target_id, at=info.context.at)
        shown = shown_to(lens.audience, of.catalogue, of.kind) if of is not None else ()
        return frozenset(item.code for item in shown if item.masked)

    def _look(self, info: Info) -> tuple[Lens, Look]:
        """The look at this case's subject: one for each question, however much of it is read."""
        for look in info.context.looks:
            if look.lens is not None and look.case_number == self.row.number:
                return look.lens, look
        lens = Lens(Audience.ORGAN, BasisKind.OBJECTION, self.row.subject_id, categories=frozenset())
        said = {"purpose": PURPOSE, "operator": info.context.caller.staff_label, "case_number": self.row.number}
        return lens, info.context.look(info, lens, **said)

    @classmethod
    def behind(cls, context: Context, rows: Collection[Row]) -> "Made":
        """How to make verifications of these rows."""

        async def load(ids: Collection[str]) -> Mapping[str, Sequence[Row]]:
            return await evidence.of_several(context.unit, ids)

        papers = Batch({row.objection_id for row in rows}, load)
        return Made(context, papers)


class Made:
    """Makes verifications of a page's rows."""

    def __init__(self, context: Context, papers: Batch[str, Sequence[Row]]) -> None:
        self._context, self._papers = context, papers

    def __call__(self, row: Row) -> Verification:
        """One of them."""
        late = rehearing.has_lapsed(row) and row.answer is None
        waits = row.answer is None and (row.ended_at is None or late)
        overdue = waits and row.due_at <= self._context.at
        return Verification(context=self._context, row=row, papers=self._papers, overdue=overdue, open=waits, late=late)


async def verifications_page(
    info: Info, provider_id: str, *, open_: bool, first: int, after: str | None
) -> Connection[Verification]:
    """What a provider is asked, the most urgent first."""
    context = info.context
    request = context.page("Provider.verifications", first, after, open_)
    page = await verifying.page(context.unit, provider_id, request, open_=open_)
    return connect(page, Verification.behind(context, page.items))


async def verification_of(context: Context, provider_id: str, verification_id: str) -> Verification:
    """One of them; raises `NotAvailable`."""
    row = await verifying.find(context.unit, provider_id, verification_id)
    return Verification.behind(context, [row])(row)
