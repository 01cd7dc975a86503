"""What a department's model made of an organisation (Art. 9): to itself, and to whoever may look at it."""

from collections.abc import Callable, Collection
from datetime import datetime
from decimal import Decimal

import strawberry

from audit.lens import Lens
from core.errors import NotAvailable
from core.statements import Row
from oversight.industry import results, wording, writing
from oversight.industry.scorecards import Scorecard
from parties import directory
from schema.connection import Connection, connect
from schema.context import Batch, Context, Info
from schema.records import ObjectionMark
from schema.stored import stored

# Points and contributions are stored as whole ten-thousandths.
_PLACES = -4


@strawberry.type(description="One part of the sum: which indicator, why so much, and on what it rests.")
class IndustryResultFactor:
    """An indicator's part."""

    indicator: str
    label: str = strawberry.field(description="What the department calls it.")
    reason: str
    reason_text: str = strawberry.field(description="The reason code in words.")
    contribution: Decimal
    rests_on: str = strawberry.field(description="Where its value came from, in words.")
    contested: bool = strawberry.field(description="That was under an objection when the result was made.")


@strawberry.type(description="The class that a department's model gave an organisation in one run, and why.")
class IndustryResult:
    """A result. It is not changed: another run makes another."""

    row: strawberry.Private[Row]
    card: strawberry.Private[Scorecard]
    chinese: strawberry.Private[bool]
    parties: strawberry.Private[Batch[str, Row]]
    id: strawberry.ID = stored("id")
    run: str = stored("number", description="The run's number, as the trail has it.")
    code: str = stored("code", description="The department's own word for the model.")
    edition: int = stored("edition", description="Which version of the model made it.")
    grade: str = stored("grade", description="The class, in the model's words.")
    barred: bool = stored("barred", description="The top class by its points, and barred from it by the grade D.")
    as_of: datetime = stored("as_of", description="As everything stood then.")
    made_at: datetime = stored("finished_at")

    @strawberry.field(description="The model's name.")
    def model(self) -> str:
        """Out of its content."""
        return self.card.name

    @strawberry.field(description="The document that the model rests on.")
    def instrument(self) -> str:
        """Out of its content."""
        return self.card.instrument

    @strawberry.field(description="Its classes, from the lowest up.")
    def classes(self) -> list[str]:
        """Out of its content."""
        return [one.code for one in self.card.classes]

    @strawberry.field(description="Whose model it is, by name.")
    async def department(self) -> str:
        """Read once for a page."""
        row = await self.parties.get(self.row.party_id)
        if row is None:
            raise NotAvailable()
        return str(row.name)

    @strawberry.field(description="The sum of all parts.")
    def points(self) -> Decimal:
        """Exactly."""
        return Decimal(self.row.points).scaleb(_PLACES)

    @strawberry.field(description="Why the top class is not given, in words; null of who is not barred.")
    def barred_text(self) -> str | None:
        """A sentence."""
        return wording.barred(chinese=self.chinese) if self.row.barred else None

    @strawberry.field(description="Each part of the sum, in the model's order.")
    def factors(self) -> list[IndustryResultFactor]:
        """What is stored, with its words."""
        indicators = {one.code: one for one in self.card.indicators}
        return [
            IndustryResultFactor(
                indicator=one["indicator"],
                label=indicators[one["indicator"]].label,
                reason=one["reason"],
                reason_text=wording.reason(self.card, one["indicator"], one["reason"], chinese=self.chinese),
                contribution=Decimal(one["contribution"]).scaleb(_PLACES),
                rests_on=wording.source(indicators[one["indicator"]], chinese=self.chinese),
                contested=one["contested"],
            )
            for one in self.row.factors
        ]

    @strawberry.field(description="异议标注: since when it is contested; of the statement that read it.")
    def objections(self) -> list[ObjectionMark]:
        """At most one is said: the oldest."""
        since = self.row.contested_since
        return [] if since is None else [ObjectionMark(filed_at=since)]

    @classmethod
    def behind(cls, context: Context, rows: Collection[Row]) -> "Callable[[Row], IndustryResult]":
        """How to make results of these rows."""
        parties = Batch({row.party_id for row in rows}, lambda wanted: directory.cards(context.unit, wanted))
        chinese = context.language != "en"
        return lambda row: cls(row=row, card=writing.read(row.content), chinese=chinese, parties=parties)


async def results_page(info: Info, lens: Lens, first: int, after: str | None) -> Connection[IndustryResult]:
    """An organisation's own, newest first."""
    context = info.context
    page = await results.page(context.unit, lens, context.page("Me.industryResults", first, after))
    return connect(page, IndustryResult.behind(context, page.items))


async def results_of_party(context: Context, lens: Lens, party_id: str) -> list[IndustryResult]:
    """What a department's own runs made of whom it looks at."""
    rows = await results.of_party(context.unit, lens, party_id)
    return [IndustryResult.behind(context, rows)(row) for row in rows]


async def result_of(context: Context, lens: Lens, id: str | None) -> IndustryResult | None:
    """One result below a lens, or null."""
    row = await results.find(context.unit, lens, id) if id is not None else None
    return IndustryResult.behind(context, [row])(row) if row is not None else None
