"""Supervision (Art. 4): what the city's department, or a district's, may know of the work. Counts, never people."""

import strawberry

from core.errors import NotAvailable
from oversight.supervision import areas
from oversight.supervision.areas import Area
from schema.context import Context


async def area_of(context: Context) -> Area:
    """What the caller supervises; raises `NotAvailable` for anybody else."""
    area = await areas.of(context.unit, context.party())
    if area is None:
        raise NotAvailable()
    return area


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

    @strawberry.field(description="What the caller supervises.")
    def area(self) -> SupervisedArea:
        """The caller's own."""
        return SupervisedArea(code=self.supervised.code, name=self.supervised.name)
