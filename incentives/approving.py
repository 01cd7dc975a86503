"""The institution looks at an offer and approves it, or returns it with reasons.

Nobody approves what they had a hand in: whoever wrote, submitted or first approved a version is not the one by whom it
comes to stand. The UPDATE of the offer's row makes the version stand in one statement; its ways list it from then on;
its money and, last, its stock decide whether there is enough of it.
"""

from core import editions
from core.database import WriteUnit
from incentives import deferrals, expiring, funding, matching, moving, stocks, stores, terms, versions
from incentives.budgets import Held
from incentives.errors import Ended
from incentives.kinds import OfferAct, OfferStatus
from incentives.moving import Doing
from parties.errors import SecondPerson


async def approve(unit: WriteUnit, offer_id: str, doing: Doing) -> bool:
    """Let the version in review stand, or give the first of two words for it; False when it was done before.

    Raises `NotAvailable`, `VersionChanged`, `WrongState`, `SecondPerson`, `Ended`, `BudgetCommitted`, `StockCommitted`,
    or `Invalid` where reasons are wanted, or no store is open.
    """
    row = await moving.found(unit, offer_id)
    if await moving.done(unit, offer_id, doing, OfferAct.AGREE, OfferAct.APPROVE) is not None:
        return False
    moving.check(row, OfferAct.APPROVE, doing)
    proposed = await versions.find(unit, offer_id, row.latest)
    if proposed.ends_at <= doing.at:
        raise Ended()
    # What another transaction has done since the row was read is for the UPDATE to find.
    steps = [step for step in await versions.steps_of(unit, offer_id, row.latest) if step.version <= row.version]
    if doing.by in {step.staff_id for step in steps}:
        raise SecondPerson()
    said = await versions.terms_of(unit, proposed)
    two = terms.takes_two(said)
    if two:
        moving.wanted(doing)
    if two and all(step.act != OfferAct.AGREE.value for step in steps):
        return await moving.move(unit, row, OfferAct.AGREE, doing, {})
    await stores.check_open(unit, offer_id, proposed.number)
    stands = {**said.shown(), "standing": proposed.number}
    if row.standing is None:
        stands["published_at"] = doing.at
    if not await moving.move(unit, row, OfferAct.APPROVE, doing, stands):
        return False
    await matching.keep(unit, offer_id, said.condition)
    ended = await expiring.end(unit, offer_id, at=doing.at)
    over = await deferrals.end_over(unit, offer_id, at=doing.at)
    await funding.turn(unit, offer_id, said, let_go=map(Held.by, [*ended, *over]), at=doing.at)
    await stocks.put_back(unit, [row.offer_id for row in ended])
    taken = None if row.status == OfferStatus.PAUSED.value else proposed.number
    await stocks.turn(unit, offer_id, standing=taken, was=row.stock_total, total=proposed.stock_total)
    await editions.raise_(unit)
    return True


async def return_(unit: WriteUnit, offer_id: str, doing: Doing) -> bool:
    """Give the version in review back with reasons; False when it was done before.

    Raises `NotAvailable`, `VersionChanged`, `WrongState`, or `Invalid` without reasons.
    """
    row = await moving.found(unit, offer_id)
    if await moving.done(unit, offer_id, doing, OfferAct.RETURN) is not None:
        return False
    moving.check(row, OfferAct.RETURN, doing)
    moving.wanted(doing)
    return await moving.move(unit, row, OfferAct.RETURN, doing, {})
