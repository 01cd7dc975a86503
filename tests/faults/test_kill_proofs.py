"""Killed between reading and spending: a proof is spent with the log row or not at all, and never answered twice."""

import time
from typing import Any

import httpx
import pytest

from tests.faults.test_kill_steps import _settled
from tests.harness.callers import Town
from tests.harness.killing import DoomedServer
from tests.harness.proving import Holder
from tests.harness.scale import FULL

_LOOK = "query($q: GrantedQueryInput!) { granted(query: $q) { subject { name } } }"
_COMMIT = "sqlalchemy.engine.default:DefaultDialect.do_commit"
_WRITTEN, _SPENT = "audit.writer:GroupWriter._commit", "audit.writer:GroupWriter._spend"
# Looks by the group writer, and looks that spend a use.
_CASES = [
    *(({}, f"{when} {step}") for step in (_WRITTEN, _SPENT, "api.graphql:_respond") for when in ("before", "after")),
    *(({"uses": 3}, f"{when} {step}") for step in ("parties.proofs:spend", _COMMIT) for when in ("before", "after")),
]
_RUN = _CASES if FULL else [({}, f"after {_SPENT}"), ({"uses": 3}, f"after {_COMMIT}")]


async def _state(town: Town, grant_id: str) -> tuple[int, int, int]:
    """Proofs spent, looks answered, uses left."""
    looks = "SELECT count(*) FROM access WHERE grant_id = :g AND refused IS NULL"
    uses = "SELECT coalesce(uses_left, 0) FROM consent_grant WHERE id = :g"
    spent = await town.count("SELECT count(*) FROM spent_proof")
    return spent, await town.count(looks, g=grant_id), await town.count(uses, g=grant_id)


async def _answered(url: str, holder: Holder, query: dict[str, Any], proof: str) -> bool:
    headers = {"Authorization": f"DPoP {await holder.token()}", "DPoP": proof}
    async with httpx.AsyncClient(timeout=20) as client:
        try:
            answer = await client.post(f"{url}/graphql", json={"query": _LOOK, "variables": query}, headers=headers)
        except httpx.TransportError:
            return False
    assert answer.json()["data"], answer.text
    return True


@pytest.mark.parametrize(("terms", "step"), _RUN)
@pytest.mark.parametrize("backend", ["postgresql", *(["sqlite"] if FULL else [])], indirect=True)
async def test_a_proof_is_spent_with_its_look_or_not_at_all(
    town: Town, terms: dict[str, int], step: str, figures: dict[str, int]
) -> None:
    grant_id = (await town.grant("citizen-1", key="before", **terms))["grant"]["id"]
    query, holder = {"q": {"grantId": grant_id, "stage": "PRE_LOAN", "operator": "甲"}}, Holder(town)
    await holder.token()
    name = town.house.settings.database_url.rsplit("/", 1)[1]
    with DoomedServer(town.house.settings, f"{name}-doomed", step) as server:
        proof = await _late(holder)
        server.arm()
        answered = await _answered(server.url, holder, query, proof)
        assert server.died(), f"never reached {step}"
    figures["kills"] = 1
    await _settled(town)
    spent, looks, left = await _state(town, grant_id)
    assert spent == looks == terms.get("uses", 0) - left or (not terms and spent == looks), "half done"
    assert answered <= looks
    again = await holder.ask(_LOOK, query, proofs=[proof])
    if spent:
        assert (again.status, again.code) == (401, "PROOF_SPENT")
    else:
        assert again["data"] == {"granted": {"subject": {"name": "林海生"}}}
    assert await _state(town, grant_id) == (1, 1, terms.get("uses", 1) - 1)


async def _late(holder: Holder) -> str:
    """A proof by a clock that is ahead: it is still good when the killed server's sessions have gone."""
    return holder.proof(token=await holder.token(), iat=int(time.time()) + 10)
