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


async def test_no_look_that_begins_after_the_acknowledgement_is_answered(town: Town) -> None:
    for round_ in range(scaled(3, 50)):
        grant_id = (await town.grant("citizen-1", key=f"revoked {round_}"))["grant"]["id"]
        acknowledged = asyncio.Event()
        after: Counter[str] = Counter()
        before: Counter[str] = Counter()

        async def read() -> None:
            late = 0
            while late < 5:
                begun_after = acknowledged.is_set()
                answer = await town.ask("bank-1", _LOOK, _query(grant_id))  # noqa: B023 (awaited in this round)
                outcome = answer.code if "errors" in answer else "ANSWERED"
                (after if begun_after else before)[outcome] += 1  # noqa: B023
                late += begun_after

        async def revoke() -> None:
            while not before["ANSWERED"]:  # noqa: B023
                await asyncio.sleep(0)
            await town.act("citizen-1", "grantRevoke", {"grantId": grant_id}, "replayed")  # noqa: B023
            acknowledged.set()  # noqa: B023

        await asyncio.gather(revoke(), *(read() for _ in range(12)))
        assert before["ANSWERED"] > 0
        assert after == {"GRANT_ENDED": 60}


async def test_64_looks_on_5_uses_are_exactly_5(town: Town) -> None:
    for round_ in range(scaled(1, 20)):
        grant_id = (await town.grant("citizen-1", key=f"uses {round_}", uses=5))["grant"]["id"]
        answers = await asyncio.gather(*(town.ask("bank-1", _LOOK, _query(grant_id)) for _ in range(64)))
        outcomes = Counter(answer.code if "errors" in answer else "ANSWERED" for answer in answers)
        assert outcomes == {"ANSWERED": 5, "GRANT_ENDED": 59}
        assert await town.count("SELECT count(*) FROM access WHERE grant_id = :g", g=grant_id) == 5
