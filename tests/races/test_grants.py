"""Uses are exact, however many look at once. That revoking has no lag is proved in test_ending."""

import asyncio
from collections import Counter

import pytest

from tests.harness.callers import Town
from tests.harness.scale import scaled

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
_LOOK = "query($q: GrantedQueryInput!) { granted(query: $q) { subject { name } } }"


def _query(grant_id: str) -> dict[str, dict[str, str]]:
    return {"q": {"grantId": grant_id, "stage": "PRE_LOAN", "operator": "甲"}}


async def test_64_looks_on_5_uses_are_exactly_5(town: Town, figures: dict[str, int]) -> None:
    for round_ in range(scaled(1, 500)):
        grant_id = (await town.grant("citizen-1", key=f"uses {round_}", uses=5))["grant"]["id"]
        answers = await asyncio.gather(*(town.ask("bank-1", _LOOK, _query(grant_id)) for _ in range(64)))
        outcomes = Counter(answer.code if "errors" in answer else "ANSWERED" for answer in answers)
        assert outcomes == {"ANSWERED": 5, "GRANT_ENDED": 59}
        assert await town.count("SELECT count(*) FROM access WHERE grant_id = :g AND refused IS NULL", g=grant_id) == 5
        assert (
            await town.count("SELECT count(*) FROM access WHERE grant_id = :g AND refused = 'GRANT_ENDED'", g=grant_id)
            == 59
        )
        figures["rounds"] = figures.get("rounds", 0) + 1
