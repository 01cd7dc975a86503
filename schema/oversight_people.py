"""How many people and organisations stand where: the city's tables as they were published, with what is withheld."""

from datetime import datetime

import strawberry

from core.months import Month
from incentives.figures import LEAST, UNIT
from incentives.recovering import Place
from oversight.supervision import publishing
from oversight.supervision.publishing import PeopleKind
from schema.context import Context

_WITHHELD = "Null: withheld. A number is rounded up or down by lot."


@strawberry.type(description="One number of a row.")
class PeopleCell:
    """A column's."""

    column: str
    count: int | None = strawberry.field(description=_WITHHELD)


@strawberry.type(description="One row: a tier or a grade; null for the totals.")
class PeopleRow:
    """A row with its total."""

    row: str | None
    count: int | None = strawberry.field(description=f"Of all columns. {_WITHHELD}")
    cells: list[PeopleCell]


@strawberry.type(
    description="How many stood where soon after a month had ended. Published once, and never changed. Numbers under "
    "`atLeast`, and whatever they could be worked out from, are withheld."
)
class PeopleFigures:
    """A month's table; its last row has the totals."""

    kind: PeopleKind
    month: str
    published_at: datetime
    at_least: int
    rounded_to: int
    rows: list[PeopleRow]


async def people_of(context: Context, kind: PeopleKind, month: Month) -> PeopleFigures | None:
    """What was published of a month; None before, and for a month that is not kept."""
    kept = await publishing.find(context.unit, kind, month)
    if kept is None:
        return None
    table, published_at = kept
    columns = list(dict.fromkeys(place.column for place in table if place.column is not None))
    rows = [*dict.fromkeys(place.row for place in table if place.row is not None), None]
    return PeopleFigures(
        kind=kind,
        month=month.text,
        published_at=published_at,
        at_least=LEAST,
        rounded_to=UNIT,
        rows=[
            PeopleRow(
                row=row,
                count=table[Place(row, None)],
                cells=[PeopleCell(column=column, count=table[Place(row, column)]) for column in columns],
            )
            for row in rows
        ],
    )
