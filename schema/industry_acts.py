"""What a department's officers do about its industry models (Art. 9): one drafts and hands in, another reviews."""

from decimal import Decimal
from typing import Annotated, TypeVar

import strawberry

from core.database import WriteUnit
from credit.kinds import RecordNature
from grants.scope import RecordCategory
from oversight.industry import models, writing
from oversight.industry.scorecards import Bin, Grade, Indicator, IndicatorSource, Scorecard
from schema.acting import act, attempt_of, ensure
from schema.context import Context, Info
from schema.industry import IndustryModel
from schema.officers import by_staff, organ
from schema.refusals import Refusal


@strawberry.input(description="Which values fall into it. Numbers from `start` up to the next bin's; or one code.")
class IndustryBinInput:
    """A stretch of numbers, in ascending order, the first without a start; or a code."""

    points: Decimal
    reason: str
    start: Decimal | None = None
    value: str | None = None

    def made(self) -> Bin:
        """As the rules take it."""
        return Bin(self.points, self.reason.strip(), start=self.start, value=self.value)


@strawberry.input(description="One thing that is looked at. RECORD_FACT counts a category's records of a nature.")
class IndustryIndicatorInput:
    """With its bins."""

    code: str
    label: str
    description: str
    source: IndicatorSource
    weight: Decimal
    missing: Decimal
    bins: list[IndustryBinInput]
    category: RecordCategory | None = None
    nature: RecordNature | None = None
    years: int | None = None

    def made(self) -> Indicator:
        """As the rules take it."""
        return Indicator(
            code=self.code,
            label=self.label.strip(),
            description=self.description.strip(),
            source=self.source,
            weight=self.weight,
            missing=self.missing,
            bins=tuple(bin_.made() for bin_ in self.bins),
            category=self.category,
            nature=self.nature,
            years=self.years,
        )


@strawberry.input(description="A class, from a sum of points; the lowest first, without one.")
class IndustryClassInput:
    """One class."""

    code: str
    start: Decimal | None = None


@strawberry.input(description="A scorecard: exactly one indicator is 公共信用综合评价, and all weights together are 1.")
class IndustryScorecardInput:
    """Its content."""

    name: str
    instrument: str
    indicators: list[IndustryIndicatorInput]
    classes: list[IndustryClassInput]

    def made(self) -> Scorecard:
        """As the rules take it."""
        indicators = tuple(one.made() for one in self.indicators)
        classes = tuple(Grade(one.code, one.start) for one in self.classes)
        return Scorecard(self.name.strip(), self.instrument.strip(), indicators, classes)


@strawberry.input(description="Begins the next version of a model.")
class IndustryModelDraftInput:
    """The department's own word for the model, and the scorecard."""

    code: str
    scorecard: IndustryScorecardInput
    idempotency_key: strawberry.ID


@strawberry.input(description="Writes one's own draft, or what was returned, anew.")
class IndustryModelReviseInput:
    """Which version as it was read, and the scorecard."""

    model_id: strawberry.ID
    expected_version: int
    scorecard: IndustryScorecardInput


@strawberry.input(description="Hands one's own draft in: from now on it does not change.")
class IndustryModelSubmitInput:
    """Which version as it was read."""

    model_id: strawberry.ID
    expected_version: int


@strawberry.input(description="Lets a colleague's version stand, or returns it.")
class IndustryModelReviewInput:
    """Which version as it was read, and what is said of it."""

    model_id: strawberry.ID
    expected_version: int
    stands: bool
    reason: str


@strawberry.type
class _Written:
    model: IndustryModel
    replayed: bool


@strawberry.type(description="The new version.")
class IndustryModelDraftPayload(_Written):
    """A draft."""


@strawberry.type(description="The version as it stands.")
class IndustryModelRevisePayload(_Written):
    """A revised one."""


@strawberry.type(description="The version as it stands.")
class IndustryModelSubmitPayload(_Written):
    """One that waits for a colleague."""


@strawberry.type(description="The version as it stands.")
class IndustryModelReviewPayload(_Written):
    """A reviewed one."""


Shown = TypeVar("Shown", bound=_Written)
IndustryModelDraftResult = Annotated[IndustryModelDraftPayload | Refusal, strawberry.union("IndustryModelDraftResult")]
IndustryModelReviseResult = Annotated[
    IndustryModelRevisePayload | Refusal, strawberry.union("IndustryModelReviseResult")
]
IndustryModelSubmitResult = Annotated[
    IndustryModelSubmitPayload | Refusal, strawberry.union("IndustryModelSubmitResult")
]
IndustryModelReviewResult = Annotated[
    IndustryModelReviewPayload | Refusal, strawberry.union("IndustryModelReviewResult")
]


@strawberry.type
class IndustryActs:
    """A department's models."""

    @strawberry.mutation(description="Begin the next version of a model.")
    async def industry_model_draft(self, info: Info, input: IndustryModelDraftInput) -> IndustryModelDraftResult:
        """Its author's."""
        context = info.context
        party_id, by, card = await organ(context), by_staff(context), input.scorecard.made()

        async def do(unit: WriteUnit) -> str:
            return await models.draft(unit, input.code, card, party_id=party_id, by=by, at=context.at)

        async def show(id: str, replayed: bool) -> IndustryModelDraftPayload:
            return await _shown(context, IndustryModelDraftPayload, id, party_id, replayed)

        content = writing.sha256(writing.written(card))
        key = attempt_of(context, "industryModelDraft", input.idempotency_key, code=input.code, content=content)
        return await act(info, key, do, show)

    @strawberry.mutation(description="Write one's own draft, or what was returned, anew.")
    async def industry_model_revise(self, info: Info, input: IndustryModelReviseInput) -> IndustryModelReviseResult:
        """By its author."""
        context = info.context
        party_id, by, card = await organ(context), by_staff(context), input.scorecard.made()

        async def do(unit: WriteUnit) -> bool:
            await models.revise(unit, input.model_id, card, party_id=party_id, by=by, expected=input.expected_version)
            return True

        async def show(replayed: bool) -> IndustryModelRevisePayload:
            return await _shown(context, IndustryModelRevisePayload, input.model_id, party_id, replayed)

        return await ensure(info, do, show)

    @strawberry.mutation(description="Hand one's own draft in.")
    async def industry_model_submit(self, info: Info, input: IndustryModelSubmitInput) -> IndustryModelSubmitResult:
        """By its author."""
        context, expected = info.context, input.expected_version
        party_id, by = await organ(context), by_staff(context)

        async def do(unit: WriteUnit) -> bool:
            await models.submit(unit, input.model_id, party_id=party_id, by=by, expected=expected, at=context.at)
            return True

        async def show(replayed: bool) -> IndustryModelSubmitPayload:
            return await _shown(context, IndustryModelSubmitPayload, input.model_id, party_id, replayed)

        return await ensure(info, do, show)

    @strawberry.mutation(description="Let a colleague's version stand, or return it.")
    async def industry_model_review(self, info: Info, input: IndustryModelReviewInput) -> IndustryModelReviewResult:
        """By somebody else than its author."""
        context, word = info.context, (input.stands, input.reason)
        party_id, by, expected = await organ(context), by_staff(context), input.expected_version

        async def do(unit: WriteUnit) -> bool:
            await models.review(unit, input.model_id, word, party_id=party_id, by=by, expected=expected, at=context.at)
            return True

        async def show(replayed: bool) -> IndustryModelReviewPayload:
            return await _shown(context, IndustryModelReviewPayload, input.model_id, party_id, replayed)

        return await ensure(info, do, show)


async def _shown(context: Context, payload: type[Shown], id: str, party_id: str, replayed: bool) -> Shown:
    row = await models.find(context.unit, id, party_id=party_id)
    return payload(model=IndustryModel.of(context, row), replayed=replayed)
