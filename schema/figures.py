"""A merchant's month in people: the table that was published of it, by offer and store, with what is withheld."""

from datetime import datetime

import strawberry

from core.months import Month
from incentives import figures, offers, redemption, statistics
from incentives.figures import UNUSED
from incentives.recovering import Place
from schema.context import Context

_WITHHELD = "Null: withheld. A number is rounded up or down by lot."


@strawberry.type(description="People, each once for an offer, who used it at a store; of an offer, or of all.")
class StorePeople:
    """One column."""

    store_id: strawberry.ID
    store: str
    people: int | None = strawberry.field(description=_WITHHELD)


@strawberry.type(description="People who took one offer in a month, and where they first used it in that month.")
class OfferPeople:
    """One row."""

    offer_id: strawberry.ID
    offer_title: str
    people: int | None = strawberry.field(description=_WITHHELD)
    unused: int | None = strawberry.field(description=f"Who did not use it in that month. {_WITHHELD}")
    stores: list[StorePeople] = strawberry.field(description="Empty where there are too many to be told apart.")


@strawberry.type(
    description="How many people took one's offers in a month. Published once, days after its end, and never changed. "
    "Numbers of fewer than `atLeast` people, and whatever they could be worked out from, are withheld."
)
class PartnerPeople:
    """A month's table. Its totals count a person once for each offer."""

    published_at: datetime
    at_least: int
    rounded_to: int
    people: int | None = strawberry.field(description=f"Of all offers. {_WITHHELD}")
    unused: int | None = strawberry.field(description=f"Who did not use what they took in that month. {_WITHHELD}")
    stores: list[StorePeople]
    offers: list[OfferPeople]


async def people_of(context: Context, party_id: str, month: Month) -> PartnerPeople | None:
    """What was published of a merchant's month; None before, and for a month that is not kept."""
    kept = await statistics.find(context.unit, party_id, month)
    if kept is None:
        return None
    table, published_at = kept
    stores = {row.id: row.name for row in await redemption.stores(context.unit, party_id, None, closed=True)}
    titles = await offers.titles(context.unit, party_id)

    def by_store(row: str | None) -> list[StorePeople]:
        columns = sorted(one for at, one in table if at == row and one is not None and one in stores)
        return [
            StorePeople(store_id=strawberry.ID(one), store=stores[one], people=table[Place(row, one)])
            for one in columns
        ]

    def of(row: str) -> OfferPeople:
        whole, unused = table[Place(row, None)], table[Place(row, UNUSED)]
        return OfferPeople(
            offer_id=strawberry.ID(row), offer_title=titles[row], people=whole, unused=unused, stores=by_store(row)
        )

    return PartnerPeople(
        published_at=published_at,
        at_least=figures.LEAST,
        rounded_to=figures.UNIT,
        people=table.get(Place(None, None)),
        unused=table.get(Place(None, UNUSED)),
        stores=by_store(None),
        offers=[of(row) for row in sorted({place.row for place in table if place.row is not None})],
    )
