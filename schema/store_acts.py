"""A merchant's stores: opened, and closed for good with everybody who works there."""

from typing import Annotated

import strawberry

from core.database import WriteUnit
from core.errors import NotAvailable
from core.moments import day_of
from incentives import closing, redemption, stores
from parties import hiring
from schema.acting import act, attempt_of, ensure
from schema.context import Context, Info
from schema.offers import Store
from schema.officers import by_staff, partner
from schema.refusals import Refusal


@strawberry.input(description="A new store: where offers can be used, and where tills stand.")
class StoreOpenInput:
    """What it is called, and where it is."""

    name: str
    district: str
    address: str
    idempotency_key: strawberry.ID


@strawberry.type(description="The store.")
class StoreOpenPayload:
    """A new store."""

    store: Store
    replayed: bool


@strawberry.input(
    description="Closes a store, for good and at once: its tills and staff are out, what was taken for it alone is "
    "void and told to whose it was, and offers that no store is left for are paused."
)
class StoreCloseInput:
    """Which store."""

    store_id: strawberry.ID


@strawberry.type(description="The store that was.")
class StoreClosePayload:
    """A closed store."""

    store: Store
    replayed: bool


StoreOpenResult = Annotated[StoreOpenPayload | Refusal, strawberry.union("StoreOpenResult")]
StoreCloseResult = Annotated[StoreClosePayload | Refusal, strawberry.union("StoreCloseResult")]


@strawberry.type
class StoreActs:
    """Where offers are used."""

    @strawberry.mutation(description="Open a store.")
    async def store_open(self, info: Info, input: StoreOpenInput) -> StoreOpenResult:
        """A merchant's manager."""
        context = info.context
        party_id = await partner(context)
        place = {"name": input.name, "district": input.district, "address": input.address}

        async def do(unit: WriteUnit) -> str:
            return await stores.open_(unit, party_id, **place)

        async def show(store_id: str, replayed: bool) -> StoreOpenPayload:
            return StoreOpenPayload(store=await _own(context, party_id, store_id), replayed=replayed)

        return await act(info, attempt_of(context, "storeOpen", input.idempotency_key, **place), do, show)

    @strawberry.mutation(description="Close a store, for good.")
    async def store_close(self, info: Info, input: StoreCloseInput) -> StoreCloseResult:
        """A merchant's manager. Strangers meet here: stores know no posts. Closing twice is closing once."""
        context, by = info.context, by_staff(info.context)
        party_id = await partner(context)

        async def do(unit: WriteUnit) -> bool:
            closed = await closing.close(unit, party_id, input.store_id, by=by, at=context.at)
            await hiring.vacate(unit, party_id, input.store_id, on=day_of(context.at))
            return closed

        async def show(replayed: bool) -> StoreClosePayload:
            return StoreClosePayload(store=await _own(context, party_id, input.store_id), replayed=replayed)

        return await ensure(info, do, show)


async def _own(context: Context, party_id: str, store_id: str) -> Store:
    mine = await redemption.stores(context.unit, party_id, store_id, closed=True)
    if not mine:
        raise NotAvailable()
    return Store(row=mine[0])
