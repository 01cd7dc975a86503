"""A supervisor's samples of the institutions' work (Art. 4): what was drawn, by which lot, and each drawn look."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import strawberry

from audit.lens import BasisKind
from core.errors import NotAvailable
from core.principal import Channel
from core.statements import Row
from objections import steps
from objections.kinds import ObjectionGround, ObjectionOutcome, ObjectionRequest, ObjectionTarget
from oversight.supervision import areas, samples
from oversight.supervision.areas import Area, Inspector
from oversight.supervision.samples import SampledWork, SampleState
from parties import directory, lookup
from schema.connection import Connection, connect
from schema.context import Context, Info
from schema.objections import ObjectionStep
from schema.officers import by_staff
from schema.people import Party
from schema.stored import stored


async def area_of(context: Context) -> Area:
    """What the caller supervises; raises `NotAvailable` for anybody else."""
    area = await areas.of(context.unit, context.party())
    if area is None:
        raise NotAvailable()
    return area


async def inspector_of(context: Context) -> Inspector:
    """The supervisor's staff member who calls; raises `NotAvailable` for anybody else."""
    return Inspector(context.party(), by_staff(context), await area_of(context))


@strawberry.type(description="One drawn look, by its position in the public log.")
class SampleItem:
    """A line of a sample."""

    row: strawberry.Private[Row]
    id: strawberry.ID = stored("id")
    position: int = stored("position", description="Of its leaf: the first one is 1.")
    read_at: datetime | None = stored("read_at", description="When it was first read.")


@strawberry.type(description="One drawn case, by its number.")
class SampleCaseItem:
    """A line of a sample of cases."""

    row: strawberry.Private[Row]
    id: strawberry.ID = stored("id")
    number: str = stored("number")
    read_at: datetime | None = stored("read_at", description="When it was first read.")


@strawberry.type(
    description="A sample of one month's looks, or answered cases. Drawn by lot once the log has gone on; anybody can "
    "draw again: seed = SHA-256(hash of the leaf at `seedPosition`, `id`); drawn are the positions, or of cases the "
    "numbers, whose SHA-256(seed, position in decimal digits, or number) is least."
)
class Sample:
    """A department's own."""

    row: strawberry.Private[Row]
    state: SampleState
    id: strawberry.ID = stored("id")
    number: str = stored("number", description="As it stands in the trails of those concerned.")
    month: str = stored("month")
    size: int = stored("size", description="How many were asked for, at most.")
    reason: str = stored("reason")
    requested_at: datetime = stored("requested_at")
    until: datetime = stored("until", description="Until when it is read.")
    seed_position: int = stored("seed_position", description="The leaf that decides: the first one after the request.")
    drawn_at: datetime | None = stored("drawn_at")
    population: int | None = stored("population", description="How many there were to draw from.")
    population_hash: str | None = stored(
        "population_hash",
        description="SHA-256 in hex of the positions, or numbers, drawn from, in order, each with a line feed.",
    )

    @strawberry.field(description="What was drawn from.")
    def work(self) -> SampledWork:
        """Its basis."""
        return SampledWork(self.row.work)

    @strawberry.field(description="The cases that were drawn, in the lot's order; none of a sample of looks.")
    async def cases(self, info: Info) -> list[SampleCaseItem]:
        """Empty before it is drawn."""
        return [SampleCaseItem(row=row) for row in await samples.case_items(info.context.unit, self.row.id)]

    @strawberry.field(description="The looks that were drawn, in the lot's order; none of a sample of cases.")
    async def items(self, info: Info) -> list[SampleItem]:
        """Empty before it is drawn."""
        return [SampleItem(row=row) for row in await samples.items(info.context.unit, self.row.id)]

    @classmethod
    def of(cls, context: Context, row: Row) -> "Sample":
        """As it stands now."""
        return cls(row=row, state=samples.state_of(row, at=context.at))


async def samples_page(info: Info, area: Area, first: int, after: str | None) -> Connection[Sample]:
    """The department's own, newest first."""
    context = info.context
    by = Inspector(context.party(), by_staff(context), area)
    page = await samples.page(context.unit, by, context.page("Oversight.samples", first, after))
    return connect(page, lambda row: Sample.of(context, row))


@strawberry.input(description="Which drawn look.")
class SampledLookQueryInput:
    """One of a sample of one's own department."""

    item_id: strawberry.ID


@strawberry.type(description="The work behind a drawn look. Whom it was at, and what was read, is not shown.")
class SampledLook:
    """Each reading of it is a look, which the person concerned sees."""

    row: strawberry.Private[Row]
    look_id: strawberry.ID = strawberry.field(description="This reading's id in the log.")
    sample_number: str
    at: datetime = stored("at")
    institution: str | None = stored("actor_name")
    operator: str | None = stored("operator", description="Which staff member looked, as the log has it.")
    purpose: str = stored("purpose")
    case_number: str | None = stored("case_number")
    record_count: int = stored("record_count")

    @strawberry.field(description="On what basis.")
    def basis(self) -> BasisKind:
        """As it was logged."""
        return BasisKind(self.row.basis)

    @strawberry.field(description="Through which channel.")
    def channel(self) -> Channel:
        """As it was logged."""
        return Channel(self.row.channel)

    @strawberry.field(description="The schema fields and catalogue items that were reached.")
    def fields(self) -> Sequence[str]:
        """As the person's own trail has them."""
        return [*self.row.fields, *self.row.codes]

    @classmethod
    async def of(cls, info: Info, query: SampledLookQueryInput) -> "SampledLook":
        """The drawn look first; then the look at it."""
        context = info.context
        by = await inspector_of(context)
        row, sample = await samples.read(context.writing, by, query.item_id, at=context.at)
        lens = samples.lens_of(sample, row.subject_id)
        label = context.caller.staff_label
        look = context.look(info, lens, purpose=samples.PURPOSE, operator=label, case_number=sample.number)
        return cls(row=row, look_id=strawberry.ID(look.id), sample_number=sample.number)


@strawberry.input(description="Which drawn case.")
class SampledCaseQueryInput:
    """One of a sample of one's own department."""

    item_id: strawberry.ID


@strawberry.type(
    description="How a drawn case was handled. Whose it is, and what they and the institution wrote, is not shown."
)
class SampledCase:
    """Each reading of it is a look, which the person concerned sees."""

    row: strawberry.Private[Row]
    labels: strawberry.Private[Mapping[str, str]]
    look_id: strawberry.ID = strawberry.field(description="This reading's id in the log.")
    sample_number: str
    late: bool = strawberry.field(description="Whether the applicant was told after the last day.")
    institution: Party | None
    number: str = stored("number")
    target: ObjectionTarget = stored("target")
    ground: ObjectionGround = stored("ground")
    request: ObjectionRequest = stored("request")
    outcome: ObjectionOutcome | None = stored("outcome")
    filed_at: datetime = stored("filed_at")
    due_on: date = stored("due_on")
    forwarded_at: datetime | None = stored("forwarded_at")
    answered_at: datetime | None = stored("decided_at")
    notified_at: datetime | None = stored("notified_at")

    @strawberry.field(description="Who decided, as their institution calls them.")
    def decided_by(self) -> str | None:
        """The first of two people."""
        return self.labels.get(self.row.decided_by)

    @strawberry.field(description="Who approved a refusal; null where none was needed.")
    def approved_by(self) -> str | None:
        """The second."""
        return self.labels.get(self.row.approved_by)

    @strawberry.field(description="What was done in it, oldest first.")
    async def steps(self, info: Info) -> list[ObjectionStep]:
        """As its subject reads them."""
        found = await steps.of_several(info.context.unit, [self.row.id])
        return [ObjectionStep(row=row) for row in found[self.row.id]]

    @classmethod
    async def of(cls, info: Info, query: SampledCaseQueryInput) -> "SampledCase":
        """The drawn case first; then the look at it."""
        context = info.context
        by = await inspector_of(context)
        row, sample = await samples.read_case(context.writing, by, query.item_id, at=context.at)
        lens, label = samples.lens_of(sample, row.subject_id), context.caller.staff_label
        look = context.look(info, lens, purpose=samples.CASE_PURPOSE, operator=label, case_number=sample.number)
        labels = await lookup.labels(context.unit, {id_ for id_ in (row.decided_by, row.approved_by) if id_})
        card = await directory.find(context.unit, row.institution_id)
        return cls(
            row=row,
            labels=labels,
            look_id=strawberry.ID(look.id),
            sample_number=sample.number,
            late=bool(row.notified_at is not None and row.due_at <= row.notified_at),
            institution=Party.of(card) if card is not None else None,
        )
