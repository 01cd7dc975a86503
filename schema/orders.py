"""Rectification orders (整改, Art. 4), as the supervisor and the institution that was ordered see them."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

import strawberry

from core.errors import NotAvailable
from core.principal import Scope
from core.statements import Row
from oversight.supervision import areas, orders
from oversight.supervision.orders import OrderAct, OrderState, Side
from parties import directory, lookup
from schema.connection import Connection, connect
from schema.context import Batch, Context, Info
from schema.officers import by_staff, require
from schema.people import Party
from schema.stored import stored


async def supervisor_of(context: Context) -> Side:
    """A supervisor's side; raises `NotAvailable` for anybody who supervises nothing."""
    party_id = context.party()
    area = await areas.of(context.unit, party_id)
    if area is None:
        raise NotAvailable()
    return Side(party_id, by_staff(context), area)


def institution_of(context: Context) -> Side:
    """The side of the institution that the caller works for."""
    return Side(context.party(), by_staff(context))


@strawberry.type(description="One step of an order's history.")
class RectificationStep:
    """Who did what, and what they said."""

    party: Party | None
    operator: str | None = strawberry.field(description="Whose post it was.")
    act: OrderAct = stored("act")
    text: str | None = stored("text", description="The reply, or the reason.")
    at: datetime = stored("at")
    row: strawberry.Private[Row]


@strawberry.type(description="整改: what an institution was ordered to put right, and how it stands.")
class Rectification:
    """An order."""

    row: strawberry.Private[Row]
    histories: strawberry.Private[Batch[str, list[Row]]]
    parties: strawberry.Private[Batch[str, Row]]
    late: bool = strawberry.field(description="Whether the institution has let the term go by.")
    id: strawberry.ID = stored("id")
    number: str = stored("number")
    version: int = stored("version")
    state: OrderState = stored("state")
    issued_at: datetime = stored("issued_at")
    due_at: datetime = stored("due_at", description="By when it is to be replied to.")
    findings: str = stored("findings")
    references: list[str] = stored("cited", description="Numbers of what was found.")

    @strawberry.field(description="The institution.")
    async def institution(self) -> Party | None:
        """Its card, read once for a page."""
        row = await self.parties.get(self.row.party_id)
        return Party.of(row) if row is not None else None

    @strawberry.field(description="The department that ordered it.")
    async def supervisor(self) -> Party | None:
        """Its card, read once for a page."""
        row = await self.parties.get(self.row.issued_by)
        return Party.of(row) if row is not None else None

    @strawberry.field(description="What was done and said, oldest first.")
    async def steps(self, info: Info) -> list[RectificationStep]:
        """The history, read once for a page."""
        rows = await self.histories.get(self.row.id) or []
        cards = await directory.cards(info.context.unit, {row.party_id for row in rows})
        labels = await lookup.labels(info.context.unit, {row.staff_id for row in rows})
        return [
            RectificationStep(row=row, party=Party.of(cards[row.party_id]), operator=labels.get(row.staff_id))
            for row in rows
        ]

    @classmethod
    def behind(cls, context: Context, rows: Collection[Row]) -> Callable[[Row], "Rectification"]:
        """How to make orders of these rows."""

        async def histories(ids: Collection[str]) -> Mapping[str, list[Row]]:
            return await orders.steps(context.unit, ids)

        async def cards(ids: Collection[str]) -> Mapping[str, Row]:
            return await directory.cards(context.unit, ids)

        steps = Batch({row.id for row in rows}, histories)
        parties = Batch({id_ for row in rows for id_ in (row.party_id, row.issued_by)}, cards)
        return lambda row: cls(row=row, histories=steps, parties=parties, late=orders.is_late(row, at=context.at))


async def orders_page(
    context: Context, side: Side, field: str, is_open: bool, first: int, after: str | None
) -> Connection[Rectification]:
    """One side's list."""
    page = await orders.page(context.unit, side, context.page(field, first, after, is_open), is_open=is_open)
    return connect(page, Rectification.behind(context, page.items))


async def order_of(context: Context, side: Side, order_id: str) -> Rectification:
    """One of this side's; raises `NotAvailable`."""
    row = await orders.find(context.unit, side, order_id)
    return Rectification.behind(context, [row])(row)


async def own_orders(info: Info, is_open: bool, first: int, after: str | None) -> Connection[Rectification]:
    """What the approver's institution was ordered."""
    require(info.context, Scope.ORDER_ANSWER)
    return await orders_page(info.context, institution_of(info.context), "Approvals.orders", is_open, first, after)
