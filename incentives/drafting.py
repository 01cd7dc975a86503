"""A merchant writes an offer, rewrites it, and submits it. Nothing written is ever changed: it is a new version.

Until its first approval an offer's row shows the latest version; from then on the approved one, whatever is being
written beside it.
"""

from datetime import datetime

from core.database import WriteUnit
from core.errors import Invalid, NotAvailable, VersionChanged
from core.ids import new_id
from incentives import moving, stocks, versions
from incentives.kinds import OfferAct, OfferStatus
from incentives.moving import Doing
from incentives.tables import offer, stock
from incentives.terms import Terms
from parties import directory


async def draft(unit: WriteUnit, party_id: str, terms: Terms, note: str | None, *, by: str, at: datetime) -> str:
    """A new offer, which nobody sees but its merchant; its id. Raises `NotAvailable` or `Invalid`."""
    card = await directory.find(unit, party_id)
    if card is None:
        raise NotAvailable()
    _check(terms, note, at)
    offer_id = new_id("ofr")
    await unit.run(
        offer.insert().values(
            id=offer_id,
            version=1,
            party_id=party_id,
            party_name=card.name,
            status=OfferStatus.DRAFT.value,
            review=OfferStatus.DRAFT.value,
            standing=None,
            latest=1,
            published_at=at,
            **terms.shown(),
        )
    )
    await versions.write(unit, party_id, offer_id, 1, terms, moving.kept(note, "note"), at=at)
    await unit.run(stock.insert().values(offer_id=offer_id, left_over=terms.stock))
    made = await moving.found(unit, offer_id)
    await moving.record(unit, made, OfferAct.DRAFT, Doing(by, 0, None, at), version=1, number=1)
    return offer_id


async def revise(unit: WriteUnit, party_id: str, offer_id: str, terms: Terms, doing: Doing) -> bool:
    """Write another version, which has to be submitted and approved before it stands; False when it was done before.

    What is in review is taken back from there. Raises `NotAvailable`, `VersionChanged`, `WrongState` or `Invalid`.
    """
    row = await moving.found(unit, offer_id, party_id=party_id)
    earlier = await moving.done(unit, offer_id, doing, OfferAct.REVISE)
    if earlier is not None:
        return await _same(unit, offer_id, earlier.number, terms)
    moving.check(row, OfferAct.REVISE, doing)
    _check(terms, doing.reasons, doing.at)
    number, unpublished = row.latest + 1, row.standing is None
    values = terms.shown() if unpublished else {}
    if not await moving.move(unit, row, OfferAct.REVISE, doing, {**values, "latest": number}, number=number):
        return await _same(unit, offer_id, number, terms)
    await versions.write(unit, party_id, offer_id, number, terms, doing.reasons, at=doing.at)
    if unpublished:
        await stocks.turn(unit, offer_id, standing=None, was=row.stock_total, total=terms.stock)
    return True


async def submit(unit: WriteUnit, party_id: str, offer_id: str, doing: Doing) -> bool:
    """Ask for the latest version to be approved; False when it was done before.

    Whether there is enough for what is taken already is not said here: who takes is told to no merchant, not even as a
    number (ADR 0152). Raises `NotAvailable`, `VersionChanged`, `WrongState`, or `Invalid` when time has overtaken it.
    """
    row = await moving.found(unit, offer_id, party_id=party_id)
    if await moving.done(unit, offer_id, doing, OfferAct.SUBMIT) is not None:
        return False
    moving.check(row, OfferAct.SUBMIT, doing)
    proposed = await versions.find(unit, offer_id, row.latest)
    terms = await versions.terms_of(unit, proposed)
    _check(terms, proposed.note, doing.at)
    return await moving.move(unit, row, OfferAct.SUBMIT, doing, {"submitted_at": doing.at})


async def _same(unit: WriteUnit, offer_id: str, number: int, terms: Terms) -> bool:
    """Never fresh: the same version again, or raises `VersionChanged` for another one."""
    was = await versions.terms_of(unit, await versions.find(unit, offer_id, number))
    stores = set(was.store_ids), was.store_budgets_yuan
    if was.columns() != terms.columns() or stores != (set(terms.store_ids), terms.store_budgets_yuan):
        raise VersionChanged()
    return False


def _check(terms: Terms, note: str | None, at: datetime) -> None:
    broken = terms.faults(note, at=at)
    if broken:
        raise Invalid(*broken)
