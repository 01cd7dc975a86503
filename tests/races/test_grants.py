"""Revocation has no lag, and uses are exact."""

import asyncio
from collections import Counter

import pytest

from tests.harness.callers import Town
from tests.harness.scale import scaled

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
_LOOK = "query($q: GrantedQueryInput!) { granted(query: $q) { subject { name } } }"


def _query(grant_id: str) -> dict[str, dict[str, str]]:
    return {"q": {"grantId": grant_id, "stage": "PRE_LOAN", "operator": "甲"}}


class _Readers:
    """Readers that go on until each has begun five looks after the revocation was acknowledged."""

    def __init__(self, town: Town, grant_id: str) -> None:
        self._town = town
        self._grant_id = grant_id
        self._answered = asyncio.Event()
        self._acknowledged = asyncio.Event()
        self.before: Counter[str] = Counter()
        self.after: Counter[str] = Counter()

    async def read(self) -> None:
        late = 0
        while late < 5:
            begun_after = self._acknowledged.is_set()
            answer = await self._town.ask("bank-1", _LOOK, _query(self._grant_id))
            outcome = answer.code if "errors" in answer else "ANSWERED"
            (self.after if begun_after else self.before)[outcome] += 1
            late += begun_after
            self._answered.set()

    async def revoke(self) -> None:
        await self._answered.wait()
        await self._town.act("citizen-1", "grantRevoke", {"grantId": self._grant_id}, "replayed")
        self._acknowledged.set()


async def test_no_look_that_begins_after_the_acknowledgement_is_answered(town: Town) -> None:
    for round_ in range(scaled(3, 50)):
        grant_id = (await town.grant("citizen-1", key=f"revoked {round_}"))["grant"]["id"]
        readers = _Readers(town, grant_id)
        await asyncio.gather(readers.revoke(), *(readers.read() for _ in range(12)))
        assert readers.before["ANSWERED"] > 0
        assert readers.after == {"GRANT_ENDED": 60}


async def test_64_looks_on_5_uses_are_exactly_5(town: Town) -> None:
    for round_ in range(scaled(1, 20)):
        grant_id = (await town.grant("citizen-1", key=f"uses {round_}", uses=5))["grant"]["id"]
        answers = await asyncio.gather(*(town.ask("bank-1", _LOOK, _query(grant_id)) for _ in range(64)))
        outcomes = Counter(answer.code if "errors" in answer else "ANSWERED" for answer in answers)
        assert outcomes == {"ANSWERED": 5, "GRANT_ENDED": 59}
        assert await town.count("SELECT count(*) FROM access WHERE grant_id = :g AND refused IS NULL", g=grant_id) == 5
        assert (
            await town.count("SELECT count(*) FROM access WHERE grant_id = :g AND refused = 'GRANT_ENDED'", g=grant_id)
            == 59
        )
