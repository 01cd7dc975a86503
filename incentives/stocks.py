"""Taking one from an offer's stock and putting it back: the hot row, taken last but for the edition (design §5)."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Integer, bindparam, select

from core import editions
from core.database import Unit, WriteUnit
from core.errors import Detail, VersionChanged
from core.statements import Row, Statement
from incentives import offers
from incentives.errors import Ended, SoldOut, StockCommitted
from incentives.tables import stock


async def take(unit: WriteUnit, offer_id: str, number: int, *, shown_otherwise: bool = False) -> None:
    """One less of this version; raises `SoldOut`, `Ended` or `VersionChanged`. The condition in the UPDATE decides,
    whoever else takes one, and whoever pauses, ends or changes the offer, at the same time.

    `shown_otherwise`: lists are to be made anew whatever becomes of the stock.
    """
    taken = await unit.first(
        stock.update()
        .where(stock.c.offer_id == offer_id, stock.c.standing == number, stock.c.left_over > 0)
        .values(left_over=stock.c.left_over - 1)
        .returning(stock.c.left_over)
    )
    if taken is None:
        await stands(unit, offer_id, number)
        raise SoldOut()
    if shown_otherwise or offers.band(taken.left_over) is not offers.band(taken.left_over + 1):
        await editions.raise_(unit)


async def take_all(unit: WriteUnit, offer_id: str, number: int, many: int) -> int | None:
    """So many less of this version at once, or none at all: how many are left now, or None when there were too few."""
    taken = await unit.swiftly(_TAKE_ALL, {"offer": offer_id, "number": number, "many": many})
    if not taken:
        return None
    left_over: int = taken[0].left_over
    if offers.band(left_over) is not offers.band(left_over + many):
        await editions.raise_(unit)
    return left_over


def _take_all() -> Statement:
    many = bindparam("many", type_=Integer)
    enough = (stock.c.standing == bindparam("number", type_=Integer), stock.c.left_over >= many)
    taken = stock.update().where(stock.c.offer_id == bindparam("offer"), *enough)
    return Statement(taken.values(left_over=stock.c.left_over - many).returning(stock.c.left_over))


_TAKE_ALL = _take_all()


async def stands(unit: Unit, offer_id: str, number: int) -> None:
    """Raise `Ended` or `VersionChanged` unless this version can be taken now."""
    now = await of(unit, offer_id)
    if now.standing != number:
        raise Ended() if now.standing is None else VersionChanged()


async def of(unit: Unit, offer_id: str) -> Row:
    """An offer's stock as it is now."""
    row = await unit.first(select(stock).where(stock.c.offer_id == offer_id))
    assert row is not None  # every offer has its stock
    return row


async def turn(unit: WriteUnit, offer_id: str, *, standing: int | None, was: int, total: int) -> None:
    """From now on this version can be taken, or none; and there are `total` in all where there were `was`.

    Raises `StockCommitted`, with the least that there could be: what is taken already is not to be had back. That is
    for approvers to hear, and for nobody who knows their own customers (ADR 0152).
    """
    turned = await unit.run(
        stock.update()
        .where(stock.c.offer_id == offer_id, stock.c.left_over + (total - was) >= 0)
        .values(left_over=stock.c.left_over + (total - was), standing=standing)
    )
    if turned != 1:
        committed = was - (await of(unit, offer_id)).left_over
        if total < committed:
            raise StockCommitted(Detail(("offerId",), "AT_LEAST", str(committed)))
        raise VersionChanged()  # somebody gave one back meanwhile


async def put_back(
    unit: WriteUnit, offer_ids: Iterable[str], *, until_resumed: Iterable[str] = (), shown_otherwise: bool = False
) -> None:
    """One more for each, in one order for everybody, so that no two wait for each other; and of some offers nobody
    takes one `until_resumed`.

    `shown_otherwise`: lists are to be made anew whatever becomes of the stock.
    """
    back_to, paused = Counter(offer_ids), set(until_resumed)
    for offer_id in sorted({*back_to, *paused}):
        more = back_to[offer_id]
        back = stock.update().where(stock.c.offer_id == offer_id).values(left_over=stock.c.left_over + more)
        if offer_id in paused:
            back = back.values(standing=None)
        row = await unit.first(back.returning(stock.c.left_over))
        assert row is not None  # every offer has its stock
        shown_otherwise |= offers.band(row.left_over) is not offers.band(row.left_over - more)
    if shown_otherwise:
        await editions.raise_(unit)
