"""A merchant's month in people over the API: published once, the same for whoever asks again, and its own."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.commands.figures import Told, audit
from incentives import statistics
from incentives.recovering import Place
from incentives.tables import claim, offer, partner_figures, redemption
from tests.harness import offering
from tests.harness.callers import Town
from tests.harness.figures import PEOPLE, people, publish, this_month, took


async def _cafe(town: Town) -> tuple[str, list[str]]:
    """An offer that can be used at two stores."""
    await offering.opened(town, "二店")
    stores = await offering.stores(town)
    return await offering.live(town, "cafe", stock=200, storeIds=stores), stores


async def _merchants(town: Town) -> int:
    return await town.count("SELECT count(DISTINCT party_id) FROM offer WHERE standing IS NOT NULL")


def _of(found: Any, offer_id: str) -> Any:
    return next(one for one in found["offers"] if one["offerId"] == offer_id)


async def test_a_month_is_published_once_it_is_final_and_reads_the_same_for_ever(town: Town) -> None:
    offer_id, (one, two) = await _cafe(town)
    month, now = this_month(), datetime.now(UTC)
    await took(town, offer_id, {one: 40, two: 33, None: 27}, at=now)
    await publish(town, at=month.ends + timedelta(hours=23))
    assert await people(town, month) is None
    await publish(town, at=month.ends + timedelta(days=1))
    first = await people(town, month)
    row = _of(first, offer_id)
    assert (first["atLeast"], first["roundedTo"]) == (11, 5)
    assert (row["people"], row["unused"]) in {(100, 25), (100, 30)}
    assert first["people"] is None  # or it would be told that nobody took the other offers
    # More of the same month, later: two subjects that were one, a claim of an older build. Nothing is said anew.
    await took(town, offer_id, {None: 60}, at=now, named="q")
    await publish(town, at=month.ends + timedelta(days=2), lot=2)
    assert await people(town, month) == first
    assert await town.count("SELECT count(*) FROM partner_figures") == await _merchants(town)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_few_people_are_withheld_with_what_would_tell_them_and_nothing_is_zero(town: Town) -> None:
    offer_id, (one, two) = await _cafe(town)
    month, now = this_month(), datetime.now(UTC)
    await took(town, offer_id, {one: 40, two: 3, None: 50}, at=now)
    await publish(town, at=month.ends + timedelta(days=1))
    found = await people(town, month)
    row = _of(found, offer_id)
    used = {store["storeId"]: store["people"] for store in row["stores"]}
    assert used[two] is None
    assert None in (used[one], row["unused"], row["people"])
    # Where nobody came nothing is said either, of any offer.
    others = [other for other in found["offers"] if other["offerId"] != offer_id]
    assert others
    assert {store["people"] for other in others for store in other["stores"]} == {None}
    assert {(other["people"], other["unused"]) for other in others} == {(None, None)}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_too_large_a_table_is_told_without_its_stores(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    offer_id, (one, two) = await _cafe(town)
    month = this_month()
    await took(town, offer_id, {one: 8, two: 7, None: 50}, at=datetime.now(UTC))
    monkeypatch.setattr(statistics, "_MOST_CELLS", 2)
    await publish(town, at=month.ends + timedelta(days=1))
    row = _of(await people(town, month), offer_id)
    assert (row["people"], row["unused"], row["stores"]) == (65, 50, [])


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_one_person_counts_once_for_an_offer_where_they_first_used_it(town: Town) -> None:
    offer_id, (one, two) = await _cafe(town)
    month, now = this_month(), datetime.now(UTC)
    await took(town, offer_id, {one: 12, two: 12, None: 12}, at=now)
    async with town.house.database.writing() as unit:  # twelve people, who did all three
        for row in await unit.all(claim.select().where(claim.c.offer_id == offer_id)):
            subject = f"sub_{row.id.rpartition('_')[2]}"
            slot = 100 * [one[-8:], two[-8:], "none"].index(row.id.split("_")[-2]) + row.slot
            await unit.run(claim.update().where(claim.c.id == row.id).values(subject_id=subject, slot=slot))
        earlier = redemption.update().where(redemption.c.store_id == two)
        await unit.run(earlier.values(redeemed_at=now - timedelta(seconds=1)))
    async with town.house.database.reading() as unit:
        party_id = (await unit.all(offer.select().where(offer.c.id == offer_id)))[0].party_id
        takings = await statistics._takings(unit, party_id, month)
    mine = [place for _, place in takings if place.row == offer_id]
    assert mine == [(offer_id, two)] * 12


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_till_and_another_merchant_read_none_of_it_and_no_window_is_ones_own(town: Town) -> None:
    offer_id, (one, _) = await _cafe(town)
    await offering.stranger(town)
    month = this_month()
    await took(town, offer_id, {one: 40, None: 50}, at=datetime.now(UTC))
    await publish(town, at=month.ends + timedelta(days=1))
    assert await people(town, month, "till-1") is None
    theirs = await people(town, month, offering.STRANGER)
    assert offer_id not in str(theirs)
    assert {theirs["people"], *(store["people"] for store in theirs["stores"])} == {None}
    for window in ("2026-W10", "2026-03-01", "2026-03..2026-04"):
        assert (await town.ask("partner-1", PEOPLE, {"m": window})).code == "INVALID_INPUT"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_everything_published_passes_the_audit_and_a_careless_table_does_not(town: Town) -> None:
    offer_id, (one, two) = await _cafe(town)
    month = this_month()
    await took(town, offer_id, {one: 40, two: 4, None: 50}, at=datetime.now(UTC))
    await publish(town, at=month.ends + timedelta(days=1))
    async with town.house.database.reading() as unit:
        assert await statistics.told(unit) == []
        assert await statistics.published(unit) == await _merchants(town)
    careless = (
        f'[["o","{one}",400],["o","{two}",null],["o","",500],["o",null,915],[null,"{one}",400],[null,"{two}",null]'
    )
    async with town.house.database.writing() as unit:
        spoilt = partner_figures.update().values(content=f'{careless},[null,"",500],[null,null,915]]')
        await unit.run(spoilt)
    async with town.house.database.reading() as unit:
        found = {place for _, _, place in await statistics.told(unit)}
    assert found == {Place("o", two), Place(None, two)}
    with pytest.raises(Told, match=rf"{month.text}: (o|\*) {two}"):
        await audit(town.house.settings)
