"""A proof shown many times at once is good for one request, in one process and in two; nobody else is held up."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

import pytest
from starlette.applications import Starlette

from api.app import create_app
from api.house import House
from core.installation import Kind
from tests.harness.callers import Answered, Town
from tests.harness.proving import Holder
from tests.harness.scale import scaled

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
_LOOK = "query($q: GrantedQueryInput!) { granted(query: $q) { subject { name } } }"
_DESK = "{ recipient { party { name } } }"
_ENDING = (
    "mutation($i: WebhookSetInput!) { webhookSet(input: $i) { __typename ... on WebhookSetPayload { replayed } } }"
)


@pytest.fixture
async def twin(town: Town) -> AsyncIterator[Starlette]:
    """A second process's application over the same database."""
    house = House(town.house.settings)
    app = create_app(house, Kind.DEMONSTRATION)
    async with app.router.lifespan_context(app):
        yield app


async def _granted(town: Town, key: str, **terms: Any) -> dict[str, Any]:
    made = await town.grant("citizen-1", key=key, **terms)
    return {"q": {"grantId": made["grant"]["id"], "stage": "PRE_LOAN", "operator": "甲"}}


async def _show(
    holder: Holder, query: dict[str, Any], proof: str, apps: Sequence[Starlette | None]
) -> Sequence[Answered]:
    """Show one proof to all of these at once. Whom a slow database turned away has decided nothing: again, then."""

    async def ask(app: Starlette | None) -> Answered:
        return await holder.ask(_LOOK, query, proofs=[proof], app=app)

    answers = await asyncio.gather(*(ask(app) for app in apps))
    return [await ask(None) if answer.status == 503 else answer for answer in answers]


def _outcomes(answers: Iterable[Answered]) -> Counter[str]:
    return Counter(answer.code if "errors" in answer else "ANSWERED" for answer in answers)


async def _logged(town: Town, query: dict[str, Any]) -> tuple[int, int]:
    """Looks that were answered through a grant, and those refused because their proof was spent."""
    grant_id = query["q"]["grantId"]
    answered = await town.count("SELECT count(*) FROM access WHERE grant_id = :g AND refused IS NULL", g=grant_id)
    spent = "SELECT count(*) FROM access WHERE grant_id = :g AND refused = 'PROOF_SPENT'"
    return answered, await town.count(spent, g=grant_id)


@pytest.mark.parametrize("terms", [{}, {"uses": 5}], ids=["a look of the group writer", "a look that spends a use"])
async def test_one_proof_shown_32_times_at_once_is_answered_once(
    town: Town, twin: Starlette, terms: dict[str, int], figures: dict[str, int]
) -> None:
    holder = Holder(town)
    for round_ in range(scaled(2, 25)):
        query, proof = await _granted(town, f"race {round_}", **terms), await holder.fresh()
        answers = await _show(holder, query, proof, [None, twin] * 16)
        assert _outcomes(answers) == {"ANSWERED": 1, "PROOF_SPENT": 31}
        assert await _logged(town, query) == (1, 31)
        assert sum("林海生" in answer.response.text for answer in answers) == 1
        if terms:
            left = "SELECT uses_left FROM consent_grant WHERE id = :g"
            assert await town.count(left, g=query["q"]["grantId"]) == 4
        figures["showings"] = figures.get("showings", 0) + 32


async def test_replays_in_a_batch_fail_nobody_else_of_it(town: Town, twin: Starlette) -> None:
    holder, query = Holder(town), await _granted(town, "batch")
    for _ in range(scaled(2, 25)):
        spent = await holder.fresh()
        assert "errors" not in await holder.ask(_DESK, proofs=[spent])
        right = [holder.ask(_LOOK, query, proofs=[await holder.fresh()], app=app) for app in (None, twin) * 16]
        wrong = [holder.ask(_LOOK, query, proofs=[spent], app=app) for app in (None, twin) * 8]
        people = [town.ask("citizen-1", "{ me { name } }") for _ in range(16)]
        answers = await asyncio.gather(*right, *wrong, *people)
        assert _outcomes(answers[:32]) == _outcomes(answers[48:]) + _outcomes(answers[48:]) == {"ANSWERED": 32}
        assert _outcomes(answers[32:48]) == {"PROOF_SPENT": 16}


async def test_many_proofs_shown_to_two_processes_in_two_orders_are_each_answered_once(
    town: Town, twin: Starlette
) -> None:
    holder, query = Holder(town), await _granted(town, "orders")
    for _ in range(scaled(2, 25)):
        proofs = [await holder.fresh() for _ in range(16)]
        here = [holder.ask(_LOOK, query, proofs=[proof]) for proof in proofs]
        there = [holder.ask(_LOOK, query, proofs=[proof], app=twin) for proof in reversed(proofs)]
        answers = await asyncio.gather(*here, *there)
        assert _outcomes(answers) == {"ANSWERED": 16, "PROOF_SPENT": 16}
        pairs = zip(answers[:16], reversed(answers[16:]), strict=True)
        assert all(("data" in one) is not ("data" in other) for one, other in pairs)


async def test_a_proof_for_a_change_and_for_a_look_at_once_is_good_for_one(town: Town, twin: Starlette) -> None:
    holder, query = Holder(town), await _granted(town, "either")
    for round_ in range(scaled(4, 50)):
        given = {"i": {"url": f"https://bank.example/{round_}", "idempotencyKey": f"either {round_}"}}
        before = await town.count("SELECT count(*) FROM idempotency WHERE outcome IS NOT NULL")
        proof = await holder.fresh()
        change, look = await asyncio.gather(
            holder.ask(_ENDING, given, proofs=[proof]), holder.ask(_LOOK, query, proofs=[proof], app=twin)
        )
        assert _outcomes([change, look]) == {"ANSWERED": 1, "PROOF_SPENT": 1}
        done = await town.count("SELECT count(*) FROM idempotency WHERE outcome IS NOT NULL") - before
        assert done == ("data" in change)
