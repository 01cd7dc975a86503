"""Revoking and freezing have no lag, under load: not one look that begins after the acknowledgement is answered."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from parties import freezing
from parties.freezing import Named
from parties.kinds import Target
from tests.harness.callers import Town
from tests.harness.scale import scaled

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
_LOOK = "query($q: GrantedQueryInput!) { granted(query: $q) { subject { name } } }"
_READERS = 12
# Looks that are answered while the ending is under way, and looks that begin after it, over all rounds.
_ANSWERS, _ROUNDS = scaled(240, 100_000), scaled(2, 100)


class _Load:
    """Readers that never rest: so many answers, then the ending in their midst, then so many refusals."""

    def __init__(self, town: Town, grant_id: str, answers: int) -> None:
        self._town = town
        self._query = {"q": {"grantId": grant_id, "stage": "PRE_LOAN", "operator": "甲"}}
        self._answers = answers
        self._enough = asyncio.Event()
        self._acknowledged = asyncio.Event()
        self.before: Counter[str] = Counter()
        self.after: Counter[str] = Counter()

    async def read(self) -> None:
        late = 0
        while late < 5:
            begun_after = self._acknowledged.is_set()
            answer = await self._town.ask("bank-1", _LOOK, self._query)
            outcome = answer.code if "errors" in answer else "ANSWERED"
            (self.after if begun_after else self.before)[outcome] += 1
            late += begun_after
            if self.before["ANSWERED"] >= self._answers:
                self._enough.set()

    async def end(self, ending: Callable[[], Awaitable[object]]) -> None:
        await self._enough.wait()
        await ending()
        self._acknowledged.set()


async def _run(town: Town, ending: Callable[[str], Awaitable[object]], *, key: str) -> _Load:
    grant_id = (await town.grant("citizen-1", key=key))["grant"]["id"]
    load = _Load(town, grant_id, _ANSWERS // _ROUNDS)
    await asyncio.gather(load.end(lambda: ending(grant_id)), *(load.read() for _ in range(_READERS)))
    return load


async def test_no_look_begun_after_a_revocation_is_answered(town: Town, figures: dict[str, int]) -> None:
    async def revoke(grant_id: str) -> None:
        ended = await town.act("citizen-1", "grantRevoke", {"grantId": grant_id}, "replayed")
        assert ended["replayed"] is False

    for round_ in range(_ROUNDS):
        load = await _run(town, revoke, key=f"revoked {round_}")
        assert load.after == {"GRANT_ENDED": 5 * _READERS}
        assert set(load.before) <= {"ANSWERED", "GRANT_ENDED"}
        figures["looks answered before a revocation"] = (
            figures.get("looks answered before a revocation", 0) + load.before["ANSWERED"]
        )
    assert figures["looks answered before a revocation"] >= _ANSWERS // _ROUNDS * _ROUNDS


async def test_no_look_begun_after_a_freeze_is_answered(town: Town, figures: dict[str, int]) -> None:
    bank = await town.party("海津示例银行")

    async def freeze(_grant_id: str) -> None:
        async with town.house.database.writing() as unit:
            named = Named(Target.PARTY, bank)
            assert await freezing.freeze(unit, named, by="stf_1", reason="查实", at=datetime.now(UTC))

    answered = 0
    for round_ in range(_ROUNDS):
        load = await _run(town, freeze, key=f"frozen {round_}")
        refused = set(load.after)
        assert "ANSWERED" not in refused
        assert sum(load.after.values()) == 5 * _READERS
        assert len(refused) == 1
        assert set(load.before) <= {"ANSWERED", *refused}
        answered += load.before["ANSWERED"]
        async with town.house.database.writing() as unit:
            await unit.run(text("UPDATE party SET state = 'ACTIVE' WHERE id = :p"), {"p": bank})
    figures["looks answered before a freeze"] = answered
    assert answered >= _ANSWERS // _ROUNDS * _ROUNDS
