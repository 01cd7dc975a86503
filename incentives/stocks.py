"""Taking one from an offer's stock and putting it back: the hot row, taken last but for the edition (design §5)."""

from collections.abc import Iterable

from core import editions
from core.database import WriteUnit
from incentives import offers
from incentives.errors import SoldOut
from incentives.tables import stock


async def take(unit: WriteUnit, offer_id: str) -> None:
    """One less; raises `SoldOut`. The condition in the UPDATE decides, whoever else takes at the same time."""
    taken = await unit.first(
        stock.update()
        .where(stock.c.offer_id == offer_id, stock.c.left_over > 0)
        .values(left_over=stock.c.left_over - 1)
        .returning(stock.c.left_over)
    )
    if taken is None:
        raise SoldOut()
    if offers.band(taken.left_over) is not offers.band(taken.left_over + 1):
        await editions.raise_(unit)


async def put_back(unit: WriteUnit, offer_ids: Iterable[str]) -> None:
    """One more for each, in one order for everybody, so that no two wait for each other."""
    shown_otherwise = False
    for offer_id in sorted(offer_ids):
        back = stock.update().where(stock.c.offer_id == offer_id).values(left_over=stock.c.left_over + 1)
        row = await unit.first(back.returning(stock.c.left_over))
        assert row is not None  # every offer has its stock
        shown_otherwise |= offers.band(row.left_over) is not offers.band(row.left_over - 1)
    if shown_otherwise:
        await editions.raise_(unit)
