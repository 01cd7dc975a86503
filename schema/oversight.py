"""Supervision (Art. 4): what the city's department, or a district's, may know of the work. Counts, never people."""

import strawberry

from core.months import Month
from oversight.supervision import periods
from oversight.supervision.areas import Area
from oversight.supervision.counting import Counted, log_health
from oversight.supervision.orders import Side
from oversight.supervision.publishing import PeopleKind
from parties import directory
from schema.complaints import Complaint, complaints_page
from schema.connection import Connection
from schema.context import Info
from schema.inspection import Sample, samples_page
from schema.officers import by_staff
from schema.orders import Rectification, orders_page
from schema.oversight_figures import LogFigures, OversightFigures, PeriodInput
from schema.oversight_people import PeopleFigures, people_of
from schema.people import Party


@strawberry.type(description="A district by 行政区划代码 and name; both null: the whole city.")
class SupervisedArea:
    """What is seen."""

    code: str | None
    name: str | None


@strawberry.type(
    description="Supervision (Art. 4). The city's department sees all; a district's only its own: what its institution "
    "did, what was sent for it alone, what was sold in its stores."
)
class Oversight:
    """A supervisor's desk."""

    supervised: strawberry.Private[Area]

    @strawberry.field(description="The area's work in a whole month, quarter or year, or in this month so far.")
    def figures(self, info: Info, period: PeriodInput) -> OversightFigures:
        """Counts of work."""
        found = periods.of(period.year, quarter=period.quarter, month=period.month, at=info.context.at)
        return OversightFigures(counted=Counted(self.supervised, found))

    @strawberry.field(
        description="How many people or organisations of the city stood where, soon after a month (YYYY-MM) had ended. "
        "Null until it is published, and for a district: a person has none."
    )
    async def people(self, info: Info, kind: PeopleKind, month: str) -> PeopleFigures | None:
        """As it was published."""
        return await people_of(info.context, kind, Month.read(month)) if self.supervised.is_city else None

    @strawberry.field(description="The access log as it stands. Null for a district: it has none of its own.")
    async def log(self, info: Info) -> LogFigures | None:
        """Whether every look is in its place."""
        health = await log_health(info.context.unit, self.supervised)
        return LogFigures.of(health) if health is not None else None

    @strawberry.field(description="Orders to put something right, newest first; only those that are not over, or all.")
    async def orders(
        self, info: Info, open: bool = True, first: int = 20, after: str | None = None
    ) -> Connection[Rectification]:
        """The area's."""
        context = info.context
        side = Side(context.party(), by_staff(context), self.supervised)
        return await orders_page(context, side, "Oversight.orders", open, first, after)

    @strawberry.field(description="The institutions of the area, whom one can order.")
    async def institutions(self, info: Info) -> list[Party]:
        """The city's first."""
        rows = await directory.institutions(info.context.unit)
        area = self.supervised
        return [Party.of(row) for row in rows if area.is_city or row.district == area.code]

    @strawberry.field(description="Samples of the institutions' work that the department asked for, newest first.")
    async def samples(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Sample]:
        """The department's own."""
        return await samples_page(info, self.supervised, first, after)

    @strawberry.field(
        description="Complaints that the department took in, newest first; only those whose term runs, or all."
    )
    async def complaints(
        self, info: Info, open: bool = True, first: int = 20, after: str | None = None
    ) -> Connection[Complaint]:
        """The department's own."""
        return await complaints_page(info, self.supervised, open, first, after)

    @strawberry.field(description="What the caller supervises.")
    def area(self) -> SupervisedArea:
        """The caller's own."""
        return SupervisedArea(code=self.supervised.code, name=self.supervised.name)
