"""A statutory look at one subject (Art. 6(1)): under a mandate, for a case, without a grant."""

import strawberry

from audit import withholding
from audit.lens import Lens
from audit.looks import Look
from core.errors import Detail, Invalid, NotAvailable
from credit import subjects
from grants import mandating, statute
from grants.scope import RecordCategory, StatutoryPurpose
from grants.statute import Ask
from schema.connection import Connection
from schema.context import Context, Info
from schema.evaluation import PublicCreditEvaluation, evaluation_of
from schema.identities import IdentityInput
from schema.industry_results import IndustryResult, results_of_party
from schema.people import SubjectCard
from schema.records import CreditRecord, ObjectionMark, Omissions, RecordFilter, records_page

# What is of the national catalogue's class of results of evaluation.
_RESULTS = frozenset({"AgencyView.evaluation", "AgencyView.industryResults"})


@strawberry.input(
    description="Under which case and mandate, and at whom. A number that does not belong to the name is nobody's. "
    "withholdingId names the order in force by which this case's subjects are not told for now."
)
class AgencyQueryInput:
    """An officer's look."""

    case_number: str
    purpose: StatutoryPurpose
    mandate_id: strawberry.ID
    subject: IdentityInput
    withholding_id: strawberry.ID | None = None

    @property
    def ask(self) -> Ask:
        """What is looked under, in the domain's words."""
        return Ask(self.case_number.strip(), self.purpose, self.mandate_id, self.withholding_id, ("query",))


@strawberry.type(description="What one mandate lets its organ see of a subject (Art. 6(1)).")
class AgencyView:
    """A subject behind a mandate."""

    lens: strawberry.Private[Lens]
    look: strawberry.Private[Look]
    omissions: strawberry.Private[Omissions]
    case_number: str

    @classmethod
    async def of(cls, info: Info, query: AgencyQueryInput) -> "AgencyView":
        """Party state and mandate first, then the decision against it, then the subject, then data (design §2)."""
        context, ask = info.context, query.ask
        party_id = context.party()
        broken = statute.faults_of_case(ask.case_number)
        if broken:
            raise Invalid(*(Detail(("query", *fault.path), fault.code, fault.limit) for fault in broken))
        number = query.subject.parsed("query", "subject", at=context.at)
        categories = context.categories_asked(info)
        if _RESULTS & set(context.reach(info).coordinates):
            categories |= {RecordCategory.EVALUATION_RESULT.value}
        mandate = await mandating.admit(context.unit, ask, party_id, categories, at=context.at)
        await check_order(context, ask, party_id)
        subject_id = await subjects.named(context.unit, number, query.subject.name.strip(), at=context.at)
        if subject_id is None:
            raise NotAvailable()
        lens = mandating.lens_of(mandate, subject_id)
        look = context.look(
            info,
            lens,
            purpose=mandate.purpose,
            operator=context.caller.staff_label,
            grant_version=mandate.version,
            case_number=ask.case_number,
            withholding_id=ask.withholding_id,
        )
        return cls(lens=lens, look=look, omissions=Omissions(lens), case_number=ask.case_number)

    @strawberry.field(description="This look's id in the log; `agencyWork.receipt` proves it once it is sealed.")
    def look_id(self) -> strawberry.ID:
        """What is being written down while this is answered."""
        return strawberry.ID(self.look.id)

    @strawberry.field(description="Who was looked at.")
    async def subject(self, info: Info) -> SubjectCard:
        """The subject's card."""
        return SubjectCard.of(await subjects.behind(info.context.unit, self.lens))

    @strawberry.field(
        description="公共信用综合评价, under a mandate for EVALUATION_RESULT: otherwise selecting it has refused the "
        "operation already. Null when none holds."
    )
    async def evaluation(self, info: Info) -> PublicCreditEvaluation | None:
        """What holds now."""
        return await evaluation_of(info.context, self.lens)

    @strawberry.field(
        description="What the organ's own models made of it (Art. 9), newest first, under a mandate for "
        "EVALUATION_RESULT as `evaluation` is."
    )
    async def industry_results(self, info: Info) -> list[IndustryResult]:
        """Another department's are not here."""
        lens = await subjects.looked_at(info.context.unit, self.lens)
        return await results_of_party(info.context, lens, info.context.party())

    @strawberry.field(description="The records of the mandate's kinds, newest event first.")
    async def records(
        self, info: Info, filter: RecordFilter | None = None, first: int = 20, after: str | None = None
    ) -> Connection[CreditRecord]:
        """The mandate's categories only; another one in the filter has refused the operation already."""
        return await records_page(info, self.lens, self.look, filter, first, after, self.omissions)

    @strawberry.field(
        description="异议标注: since when it is contested that something is missing here. Whatever selects records "
        "selects this."
    )
    async def objections(self, info: Info) -> list[ObjectionMark]:
        """As of the statement that read the records."""
        return await self.omissions.shown(info.context.unit)


async def check_order(context: Context, ask: Ask, party_id: str) -> None:
    """Raise `NotAvailable` for an order to withhold that is not this organ's, for this case, and in force."""
    if ask.withholding_id is None:
        return
    held = await withholding.in_force(
        context.unit, ask.withholding_id, party_id=party_id, case_number=ask.case_number, at=context.at
    )
    if not held:
        raise NotAvailable()
