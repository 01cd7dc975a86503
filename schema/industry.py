"""A department's desk for its industry models (Art. 9): scorecards, version by version. Rules, never organisations."""

from datetime import datetime
from decimal import Decimal

import strawberry

from core.statements import Row
from credit.kinds import RecordNature
from grants.scope import RecordCategory
from oversight.industry import models, runs, scorecards, sheets, trying, wording, writing
from oversight.industry.models import IndustryModelState
from oversight.industry.scorecards import Indicator, IndicatorSource, Scorecard
from parties import hiring
from schema.connection import Connection, connect
from schema.context import Context, Info
from schema.industry_runs import IndustryRun, IndustrySheet
from schema.officers import organ
from schema.staffing import StaffMember
from schema.stored import stored


@strawberry.type(description="Which values fall into it, and what they give before the indicator's weight.")
class IndustryBin:
    """A stretch of numbers, or one code."""

    start: Decimal | None = strawberry.field(
        description="From here up to the next bin's; null: whatever is below that."
    )
    value: str | None = strawberry.field(description="The code that falls into it, where the indicator has codes.")
    points: Decimal
    reason: str = strawberry.field(description="The reason code of whoever falls into it.")

    @classmethod
    def of(cls, bin_: scorecards.Bin) -> "IndustryBin":
        """A bin of a scorecard."""
        return cls(start=bin_.start, value=bin_.value, points=bin_.points, reason=bin_.reason)


@strawberry.type(description="One thing that a scorecard looks at.")
class IndustryIndicator:
    """Where its value comes from, and what it gives."""

    code: str
    label: str
    description: str
    source: IndicatorSource
    category: RecordCategory | None = strawberry.field(description="Of which records, where it counts records.")
    nature: RecordNature | None
    years: int | None = strawberry.field(description="Of how many years.")
    weight: Decimal = strawberry.field(description="All weights together are 1.")
    missing: Decimal = strawberry.field(description="The points of who has no value.")
    bins: list[IndustryBin]

    @classmethod
    def of(cls, one: Indicator) -> "IndustryIndicator":
        """An indicator of a scorecard."""
        return cls(
            code=one.code,
            label=one.label,
            description=one.description,
            source=one.source,
            category=one.category,
            nature=one.nature,
            years=one.years,
            weight=one.weight,
            missing=one.missing,
            bins=[IndustryBin.of(bin_) for bin_ in one.bins],
        )


@strawberry.type(description="A class, from a sum of points up to the next one's.")
class IndustryClass:
    """One of the classes, from the lowest up."""

    code: str
    start: Decimal | None


@strawberry.type(description="What one indicator gave, and by which reason code.")
class IndustryFactor:
    """One part of the sum."""

    indicator: str
    reason: str
    reason_text: str = strawberry.field(
        description="The reason code in words: which stretch of which indicator it was."
    )
    contribution: Decimal

    @classmethod
    def of(cls, card: Scorecard, factor: scorecards.Factor, *, chinese: bool) -> "IndustryFactor":
        """A part of what a scorecard gave."""
        return cls(
            indicator=factor.indicator,
            reason=factor.reason,
            reason_text=wording.reason(card, factor.indicator, factor.reason, chinese=chinese),
            contribution=factor.contribution,
        )


@strawberry.type(description="What a scorecard makes of stated values. Of nobody: nothing is read and nothing is kept.")
class IndustryTrial:
    """A class, and why."""

    grade: str
    points: Decimal
    barred: bool = strawberry.field(description="The top class by its points, and barred from it by the grade D.")
    barred_text: str | None = strawberry.field(description="That, in words; null of who is not barred.")
    factors: list[IndustryFactor]


@strawberry.input(description="A value of one indicator: a number or a code, as the indicator has it.")
class IndustryValueInput:
    """By the indicator's code."""

    indicator: str
    number: Decimal | None = None
    value: str | None = None


@strawberry.type(description="One version of a department's scorecard.")
class IndustryModel:
    """Who wrote it, who reviewed it, and its content."""

    row: strawberry.Private[Row]
    card: strawberry.Private[Scorecard]
    by_me: bool = strawberry.field(description="Whether the caller wrote it: another reviews.")
    id: strawberry.ID = stored("id")
    code: str = stored("code", description="The department's own word for the model.")
    edition: int = stored("edition", description="Which version of the model it is.")
    sha256: str = stored("sha256", description="Of its content: the same scorecard has the same one.")
    state: IndustryModelState = stored("state")
    drafted_at: datetime = stored("drafted_at")
    submitted_at: datetime | None = stored("submitted_at")
    reviewed_at: datetime | None = stored("reviewed_at")
    reason: str | None = stored("reason", description="What whoever reviewed it said.")
    simulation_id: strawberry.ID | None = stored("simulation_id", description="After which it went live.")
    live_at: datetime | None = stored("live_at")
    retired_at: datetime | None = stored("retired_at")
    version: int = stored("version")

    @strawberry.field(description="What it is called.")
    def name(self) -> str:
        """Out of its content."""
        return self.card.name

    @strawberry.field(description="The document it rests on.")
    def instrument(self) -> str:
        """Out of its content."""
        return self.card.instrument

    @strawberry.field(description="What it looks at.")
    def indicators(self) -> list[IndustryIndicator]:
        """In the order of the scorecard."""
        return [IndustryIndicator.of(one) for one in self.card.indicators]

    @strawberry.field(description="Its classes, from the lowest up.")
    def classes(self) -> list[IndustryClass]:
        """As the scorecard has them."""
        return [IndustryClass(code=one.code, start=one.start) for one in self.card.classes]

    @strawberry.field(description="Who wrote it.")
    async def author(self, info: Info) -> StaffMember:
        """A colleague."""
        found = await hiring.by_ids(info.context.unit, {self.row.drafted_by})
        return StaffMember(row=found[self.row.drafted_by])

    @strawberry.field(description="The edition before it; null of the first one.")
    async def before(self, info: Info) -> "IndustryModel | None":
        """Of the same department and code."""
        row = await models.before(info.context.unit, self.row)
        return IndustryModel.of(info.context, row) if row is not None else None

    @strawberry.field(description="What it makes of these values; an indicator without one has none.")
    def trial(self, info: Info, values: list[IndustryValueInput]) -> IndustryTrial:
        """The rule itself, on nobody."""
        given = [(one.indicator, one.number if one.number is not None else one.value) for one in values]
        found = scorecards.outcome(self.card, trying.values(self.card, given))
        chinese = info.context.language != "en"
        factors = [IndustryFactor.of(self.card, factor, chinese=chinese) for factor in found.factors]
        barred_text = wording.barred(chinese=chinese) if found.barred else None
        return IndustryTrial(
            grade=found.grade, points=found.points, barred=found.barred, barred_text=barred_text, factors=factors
        )

    @classmethod
    def of(cls, context: Context, row: Row) -> "IndustryModel":
        """A version's row."""
        return cls(row=row, card=writing.read(row.content), by_me=row.drafted_by == context.caller.staff_id)


@strawberry.type(description="A department's desk for its industry models.")
class Industry:
    """Its own versions, sheets and runs."""

    @strawberry.field(description="Its versions, the newest first.")
    async def models(self, info: Info, first: int = 20, after: str | None = None) -> Connection[IndustryModel]:
        """A page of them."""
        context = info.context
        request = context.page("Industry.models", first, after)
        page = await models.page(context.unit, request, party_id=await organ(context))
        return connect(page, lambda row: IndustryModel.of(context, row))

    @strawberry.field(description="One version.")
    async def model(self, info: Info, id: strawberry.ID) -> IndustryModel:
        """By id."""
        context = info.context
        return IndustryModel.of(context, await models.find(context.unit, id, party_id=await organ(context)))

    @strawberry.field(description="Its sheets, the newest first.")
    async def sheets(self, info: Info, first: int = 20, after: str | None = None) -> Connection[IndustrySheet]:
        """A page of them."""
        context = info.context
        request = context.page("Industry.sheets", first, after)
        page = await sheets.page(context.unit, request, party_id=await organ(context))
        return connect(page, lambda row: IndustrySheet(row=row))

    @strawberry.field(description="One sheet.")
    async def sheet(self, info: Info, id: strawberry.ID) -> IndustrySheet:
        """By id."""
        context = info.context
        return IndustrySheet(row=await sheets.find(context.unit, id, party_id=await organ(context)))

    @strawberry.field(description="Its simulations and runs, the newest first.")
    async def runs(self, info: Info, first: int = 20, after: str | None = None) -> Connection[IndustryRun]:
        """A page of them."""
        context = info.context
        request = context.page("Industry.runs", first, after)
        page = await runs.page(context.unit, request, party_id=await organ(context))
        return connect(page, lambda row: IndustryRun(row=row))

    @strawberry.field(description="One simulation or run.")
    async def run(self, info: Info, id: strawberry.ID) -> IndustryRun:
        """By id."""
        context = info.context
        return IndustryRun(row=await runs.find(context.unit, id, party_id=await organ(context)))
