"""An offer list that is kept is never another than the one that would be read: not past an instant at which an offer
begins or ends, not past a change of what is left in words, not past an edition that another process raised."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from api.house import House
from core.cursors import Sealer
from core.paging import PageRequest
from core.statements import Row
from credit.kinds import SubjectKind
from incentives import offers
from incentives.eligibility import Standing
from incentives.matching import Cell
from incentives.shelf import Shelf
from incentives.tables import offer, stock
from tests.harness.callers import Town, inhabited

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_AT = datetime.now(UTC)
_CELL = Cell(Standing(SubjectKind.NATURAL_PERSON), False, None)
_LEFT = "{ me { offers(first: 100) { edges { node { offer { id remaining } } } } } }"
_SECOND = timedelta(seconds=1)


async def test_a_list_is_kept_until_an_offer_begins_or_ends_and_no_longer(house: House) -> None:
    begins, ends = _AT + timedelta(hours=1), _AT + timedelta(hours=2)
    read: list[str] = []

    def made(row: Row, _: Standing) -> str:
        read.append(row.id)
        return str(row.id)

    shelf = Shelf(made)

    async def listed(at: datetime) -> Sequence[str]:
        async with house.database.reading() as unit:
            request = PageRequest(100, None, Sealer(unit.vault))
            return (await shelf.page(unit, request, _CELL, edition=1, at=at))[1]

    async with house.database.writing() as unit:
        always = offer.update().values(starts_at=_AT - timedelta(days=1), ends_at=_AT + timedelta(days=30))
        await unit.run(always)
        one = (await unit.all(offer.select().where(offers.live(_AT)).limit(1)))[0].id
        await unit.run(offer.update().values(starts_at=begins, ends_at=ends).where(offer.c.id == one))
    for at, there, is_kept in (
        (_AT, False, False),
        (begins - _SECOND, False, True),
        (begins, True, False),
        (ends - _SECOND, True, True),
        (ends, False, False),
        (_AT, False, False),  # somebody whose operation began before the list was made
    ):
        read.clear()
        assert (one in await listed(at)) is there, at
        assert (not read) is is_kept, at


async def test_every_process_sees_what_is_left_in_words_as_it_changes_anywhere(town: Town) -> None:
    one = await town.open_offer()
    async with inhabited(House(town.house.settings)) as near:
        towns = [town, near]

        async def left() -> set[str]:
            found = [await each.data("citizen-1", _LEFT) for each in towns]
            nodes = [edge["node"]["offer"] for answer in found for edge in answer["me"]["offers"]["edges"]]
            return {str(node["remaining"]) for node in nodes if node["id"] == one}

        async with town.house.database.writing() as unit:
            await unit.run(stock.update().values(left_over=offers.FEW + 1).where(stock.c.offer_id == one))
        assert await left() == {"PLENTY"}
        await town.claim("citizen-2", one, key="few")
        assert await left() == {"FEW"}
        async with town.house.database.writing() as unit:  # nobody is told: what is kept says the same
            await unit.run(stock.update().values(left_over=1).where(stock.c.offer_id == one))
        claimed = await towns[1].claim("citizen-4", one, key="none")
        assert await left() == {"NONE"}
        back = {"claimId": claimed["claim"]["id"], "expectedVersion": 1}
        assert (await towns[1].act("citizen-4", "claimCancel", back, "replayed")) == {
            "__typename": "ClaimCancelPayload",
            "replayed": False,
        }
        assert await left() == {"FEW"}
