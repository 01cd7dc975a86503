"""Months of people in a town: who took what, as rows, and the duty that publishes."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from core.moments import day_of
from core.months import Month
from incentives.codes import new_handle
from incentives.statistics import Publisher
from incentives.tables import claim, offer, redemption
from tests.harness.callers import Town

PEOPLE = """query($m: String!) { partner { statistics(month: $m) { people { publishedAt atLeast roundedTo people unused
  stores { storeId store people } offers { offerId offerTitle people unused stores { storeId people } } } } } }"""


def this_month() -> Month:
    """The month in which a test's offers were published."""
    return Month.read(f"{day_of(datetime.now(UTC)):%Y-%m}")


async def took(town: Town, offer_id: str, used: Mapping[str | None, int], *, at: datetime, named: str = "p") -> None:
    """So many invented people took an offer, and used it at a store, or not at all."""
    async with town.house.database.writing() as unit:
        party_id = (await unit.all(offer.select().where(offer.c.id == offer_id)))[0].party_id
        for store_id, many in used.items():
            for number in range(many):
                taken = _claim(
                    offer_id, f"{named}_{(store_id or 'none')[-8:]}_{number}", at, is_used=store_id is not None
                )
                await unit.run(claim.insert().values(taken))
                if store_id is not None:
                    await unit.run(redemption.insert().values(_receipt(taken, party_id, store_id, at)))


def _claim(offer_id: str, name: str, at: datetime, *, is_used: bool) -> dict[str, Any]:
    return {
        "id": f"clm_{offer_id[-8:]}_{name}",
        "version": 1,
        "offer_id": offer_id,
        "offer_version": 1,
        "subject_id": f"sub_{name}",
        "slot": 1,
        "status": "REDEEMED" if is_used else "CLAIMED",
        "handle": new_handle(),
        "notice_hash": "0" * 64,
        "created_at": at,
        "expires_at": at + timedelta(days=90),
        "redeemed_at": at if is_used else None,
        "reversals": 0,
    }


def _receipt(taken: Mapping[str, Any], party_id: str, store_id: str, at: datetime) -> dict[str, Any]:
    return {
        "id": taken["id"].replace("clm", "rdm"),
        "number": taken["id"][-20:],
        "claim_id": taken["id"],
        "cycle": 1,
        "party_id": party_id,
        "store_id": store_id,
        "staff_id": "stf_x",
        "offer_title": "x",
        "benefit_text": "x",
        "redeemed_at": at,
        "reversible_until": at + timedelta(days=1),
    }


async def publish(town: Town, *, at: datetime, lot: int = 1) -> None:
    """Everything that is due."""
    publisher = Publisher(town.house.database, Random(lot))
    while await publisher.run_once(at) == 0.0:
        pass


async def people(town: Town, month: Month, persona: str = "partner-1") -> Any:
    """What a merchant is told of a month in people."""
    return (await town.data(persona, PEOPLE, {"m": month.text}))["partner"]["statistics"]["people"]
