"""One grant on its recipient's desk, by its id: what the list says of it, and nothing that the list does not hold."""

from typing import Any

from tests.harness.asking import GRANT, approve, asked, desk
from tests.harness.callers import Town

_ONE = """query($i: ID!) { recipient { grant(id: $i) { id version status endedBy endedAt lapsesAt
  validFrom validUntil categories approvals { capacity } } } }"""


async def _one(town: Town, grant_id: str, *, by: str = "bank-1") -> dict[str, Any] | None:
    found = await town.data(by, _ONE, {"i": grant_id})
    return found["recipient"]["grant"]


async def test_one_is_what_the_list_says_of_it_also_when_a_refusal_is_kept_silent(town: Town) -> None:
    grant_id = await asked(town, "citizen-2", "by id")
    assert await _one(town, grant_id) == await desk(town, grant_id)
    refusing = {"grantId": grant_id, "expectedVersion": 1, "reason": "不需要"}
    assert (await town.act("citizen-2", "grantReject", refusing, GRANT))["grant"]["status"] == "REJECTED"
    seen = await _one(town, grant_id)
    assert seen is not None
    assert (seen, seen["status"]) == (await desk(town, grant_id), "REQUESTED")


async def test_anothers_an_unknown_and_a_half_offered_one_are_all_absent(town: Town) -> None:
    theirs = await asked(town, "citizen-2", "theirs")
    for other in ("employer-1", "platform-1"):
        assert await _one(town, theirs, by=other) is None
    assert await _one(town, "grt_00000000000000000000") is None
    half = (await town.grant("company-1-seal", key="half"))["grant"]["id"]
    assert await _one(town, half) is None
    assert (await approve(town, "company-1-legal", half))["grant"]["status"] == "ACTIVE"
    assert (await _one(town, half) or {})["status"] == "ACTIVE"
