"""Many taken together, when something is no longer as it was read: then nobody is, and each goes by itself."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from audit.lens import Audience, BasisKind, Lens
from core.database import WriteUnit
from credit.kinds import SubjectKind
from grants import consent
from grants.scope import NoticeKind
from incentives import claims, taking
from incentives.eligibility import Standing
from incentives.errors import PersonLimitReached, SoldOut
from incentives.taking import Apart, Wish
from tests.harness.callers import Town

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_STANDING = Standing(SubjectKind.NATURAL_PERSON, tier=5)
_NOTICE = consent.compose(NoticeKind.CLAIM).hash
_LENSES = [Lens(Audience.SUBJECT, BasisKind.SELF, f"sub_{n}") for n in range(3)]


async def _decide(unit: WriteUnit, offer_id: str) -> taking.Decided:
    at = datetime.now(UTC)
    return await taking.decide(unit, offer_id, [(Wish(lens, _NOTICE, at), _STANDING) for lens in _LENSES])


async def _left(town: Town, offer_id: str, left: int) -> None:
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE stock SET left_over = :n WHERE offer_id = :o"), {"n": left, "o": offer_id})


async def _all(town: Town) -> tuple[int, int]:
    stock = await town.count("SELECT sum(left_over) FROM stock")
    return await town.count("SELECT count(*) FROM claim"), stock


async def _enter_after(town: Town, offer_id: str, becomes: str | None) -> None:
    """What was decided, entered after something has happened; None: one of them takes their slot elsewhere."""
    async with town.house.database.writing() as unit:
        decided = await _decide(unit, offer_id)
        if becomes is None:
            at = datetime.now(UTC)
            await claims.create(unit, _LENSES[1], offer_id, standing=_STANDING, notice_hash=_NOTICE, at=at)
        else:
            await unit.run(text(becomes), {"o": offer_id})
        await taking.enter(unit, decided)


@pytest.mark.parametrize(
    ("left", "becomes"),
    [
        (9, "UPDATE stock SET left_over = 2 WHERE offer_id = :o"),
        (9, "UPDATE stock SET standing = NULL WHERE offer_id = :o"),
        (9, "UPDATE stock SET standing = 2 WHERE offer_id = :o"),
        (2, "UPDATE stock SET left_over = 3 WHERE offer_id = :o"),
        (9, None),
    ],
)
async def test_what_is_not_as_it_was_counted_is_taken_by_nobody(town: Town, left: int, becomes: str | None) -> None:
    offer_id = await town.open_offer()
    await _left(town, offer_id, left)
    before = await _all(town)
    with pytest.raises(Apart):
        await _enter_after(town, offer_id, becomes)
    assert await _all(town) == before


async def test_who_has_as_many_as_one_person_may_is_told_so_beside_the_others(town: Town) -> None:
    offer_id, at = await town.open_offer(), datetime.now(UTC)
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE offer SET per_person = 1 WHERE id = :o"), {"o": offer_id})
        await claims.create(unit, _LENSES[1], offer_id, standing=_STANDING, notice_hash=_NOTICE, at=at)
    async with town.house.database.writing() as unit:
        decided = await _decide(unit, offer_id)
        assert [isinstance(outcome, PersonLimitReached) for outcome in decided.outcomes] == [False, True, False]
        assert len(await taking.enter(unit, decided)) == 2


async def test_many_are_taken_of_one_offer(town: Town) -> None:
    offer_id = await town.open_offer()
    await _left(town, offer_id, 2)
    taken, stock = await _all(town)
    async with town.house.database.writing() as unit:
        decided = await _decide(unit, offer_id)
        entered = await taking.enter(unit, decided)
    assert [type(outcome) for outcome in decided.outcomes] == [dict, dict, SoldOut]
    assert [row["id"] for row in decided.made] == list(entered)
    assert await _all(town) == (taken + 2, stock - 2)
    assert await town.count("SELECT left_over FROM stock WHERE offer_id = :o", o=offer_id) == 0


@pytest.mark.parametrize(
    "becomes",
    [
        "party_id = 'nobody'",
        "budget_cents = 100",
        "taken_by_store = 1",
        "standing = NULL",
        "benefit_kind = 'PAY_LATER'",
    ],
)
async def test_an_offer_that_asks_for_more_is_taken_alone(town: Town, becomes: str) -> None:
    offer_id = await town.open_offer()
    async with town.house.database.writing() as unit:
        await unit.run(text(f"UPDATE offer SET {becomes} WHERE id = :o"), {"o": offer_id})
        with pytest.raises(Apart):
            await _decide(unit, offer_id)


async def test_where_room_must_be_made_nobody_is_taken_together(town: Town) -> None:
    offer_id = await town.open_offer()
    assert (await town.claim("citizen-1", offer_id, key="k"))["replayed"] is False
    await _left(town, offer_id, 0)
    async with town.house.database.reading() as unit:
        assert await taking.is_gone(unit, offer_id, at=datetime.now(UTC))
    async with town.house.database.writing() as unit:
        over = {"p": str(datetime.now(UTC) - timedelta(days=1))[:19], "o": offer_id}
        await unit.run(text("UPDATE claim SET expires_at = :p WHERE offer_id = :o"), over)
        assert not await taking.is_gone(unit, offer_id, at=datetime.now(UTC))
        with pytest.raises(Apart):
            await _decide(unit, offer_id)


async def test_what_may_come_back_is_not_gone(town: Town) -> None:
    offer_id = await town.open_offer()
    for change in ("UPDATE stock SET left_over = 1", "UPDATE stock SET left_over = 0, standing = NULL"):
        async with town.house.database.writing() as unit:
            await unit.run(text(change))
        async with town.house.database.reading() as unit:
            assert not await taking.is_gone(unit, offer_id, at=datetime.now(UTC))
