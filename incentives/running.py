"""A merchant stops an offer for a while, lets it go on, or ends it.

What people hold already stays theirs in every case: a pause and an end are about taking one, never about using it.
"""

from core import editions
from core.database import WriteUnit
from incentives import moving, stocks, stores
from incentives.kinds import OfferAct
from incentives.moving import Doing


async def pause(unit: WriteUnit, party_id: str, offer_id: str, doing: Doing) -> bool:
    """Nobody takes one from now on; False when it was done before. Raises as `moving.move` does."""
    return await _turn(unit, party_id, offer_id, OfferAct.PAUSE, doing)


async def resume(unit: WriteUnit, party_id: str, offer_id: str, doing: Doing) -> bool:
    """It can be taken again, as it stood; False when it was done before. Raises as `moving.move` does, and `Invalid`
    when none of its stores is open."""
    return await _turn(unit, party_id, offer_id, OfferAct.RESUME, doing)


async def end(unit: WriteUnit, party_id: str, offer_id: str, doing: Doing) -> bool:
    """For good: nobody takes one, and nothing of it is reviewed any more; False when it was done before. Raises as
    `moving.move` does."""
    return await _turn(unit, party_id, offer_id, OfferAct.END, doing)


async def _turn(unit: WriteUnit, party_id: str, offer_id: str, act: OfferAct, doing: Doing) -> bool:
    row = await moving.found(unit, offer_id, party_id=party_id)
    if await moving.done(unit, offer_id, doing, act) is not None:
        return False
    moving.check(row, act, doing)
    if act is OfferAct.RESUME:
        await stores.check_open(unit, offer_id, row.standing)
    if not await moving.move(unit, row, act, doing, {}):
        return False
    taken = row.standing if act is OfferAct.RESUME else None
    await stocks.turn(unit, offer_id, standing=taken, was=row.stock_total, total=row.stock_total)
    await editions.raise_(unit)
    return True
