"""Never oversold, never over a person's limit, whoever comes at once."""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest
from sqlalchemy import text

from audit.lens import Audience, BasisKind, Lens
from core.errors import Refused
from credit.kinds import SubjectKind
from grants import consent
from grants.scope import NoticeKind
from incentives import claims
from incentives.eligibility import Standing
from tests.harness.callers import Town
from tests.harness.scale import scaled

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
_STANDING = Standing(SubjectKind.NATURAL_PERSON, tier=5)
T = TypeVar("T")
_NOTICE = consent.compose(NoticeKind.CLAIM).hash


async def _take(town: Town, offer_id: str, subject_id: str) -> str:
    lens = Lens(Audience.SUBJECT, BasisKind.SELF, subject_id)
    try:
        async with town.house.database.writing() as unit:
            await claims.create(
                unit,
                lens,
                offer_id,
                standing=_STANDING,
                notice_hash=_NOTICE,
                at=datetime.now(UTC),
            )
    except Refused as refused:
        return refused.code
    return "CLAIMED"


async def _together(works: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """All of them, as many at once as there are connections: who waits for one longer than a while is told 503."""
    turns = asyncio.Semaphore(16)

    async def one(work: Coroutine[Any, Any, T]) -> T:
        async with turns:
            return await work

    return await asyncio.gather(*map(one, works))


async def _stock(town: Town, offer_id: str, left: int) -> None:
    async with town.house.database.writing() as unit:
        await unit.run(
            text("UPDATE stock SET left_over = :left WHERE offer_id = :offer"), {"left": left, "offer": offer_id}
        )


async def test_500_claimants_and_a_stock_of_50_are_exactly_50_claims(town: Town) -> None:
    offer_id = await town.open_offer()
    for round_ in range(scaled(1, 10)):
        await _stock(town, offer_id, 50)
        people = [f"sub_{round_}_{n}" for n in range(500)]
        answers = Counter(await _together(_take(town, offer_id, person) for person in people))
        assert answers == {"CLAIMED": 50, "SOLD_OUT": 450}
        assert await town.count("SELECT left_over FROM stock WHERE offer_id = :o", o=offer_id) == 0
        assert await town.count("SELECT count(*) FROM claim") == 50 * (round_ + 1)


async def test_one_person_at_once_from_everywhere_takes_their_limit(town: Town) -> None:
    offer_id = await town.open_offer()
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE offer SET per_person = 3 WHERE id = :offer"), {"offer": offer_id})
    answers = Counter(await _together(_take(town, offer_id, "sub_one") for _ in range(64)))
    assert answers == {"CLAIMED": 3, "PERSON_LIMIT_REACHED": 61}


async def test_a_claim_never_outlives_the_score_it_was_decided_by(town: Town) -> None:
    """Closing waits for a claim that has read the tier, and then voids it; or the claim finds the score closed."""
    found = await town.data(
        "citizen-7", "{ me { offers(first: 100, eligibleOnly: true) { edges { node { offer { id requirement } } } } } }"
    )
    offer_id = next(
        e["node"]["offer"]["id"] for e in found["me"]["offers"]["edges"] if "优良" in e["node"]["offer"]["requirement"]
    )
    notice = await town.notice("SCORE_OPEN")
    for round_ in range(scaled(8, 200)):
        close = {"idempotencyKey": f"close {round_}"}
        await asyncio.gather(
            town.claim("citizen-7", offer_id, key=f"claim {round_}"),
            town.act("citizen-7", "scoreClose", close, "voidedClaims"),
        )
        assert await town.count("SELECT count(*) FROM claim WHERE status = 'CLAIMED'") == 0
        await town.act("citizen-7", "scoreOpen", {"noticeHash": notice, "idempotencyKey": f"open {round_}"}, "replayed")


async def test_closing_while_claiming_leaves_stock_and_claims_equal(town: Town) -> None:
    offer_id = await town.open_offer()
    await _stock(town, offer_id, 200)
    lens = Lens(Audience.SUBJECT, BasisKind.SELF, "sub_one")

    async def void() -> str:
        async with town.house.database.writing() as unit:
            return str(await claims.void_all(unit, lens, at=datetime.now(UTC)))

    await _together(_take(town, offer_id, "sub_one") if n % 3 else void() for n in range(90))
    unused = await town.count("SELECT count(*) FROM claim WHERE status = 'CLAIMED'")
    assert await town.count("SELECT left_over FROM stock WHERE offer_id = :o", o=offer_id) == 200 - unused
