"""The differential proof: a plan and the plain executor give identical bytes, errors included."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.tokens import Verifier
from audit.writer import GroupWriter
from core.principal import ANONYMOUS, Principal
from schema.errors import Answer
from schema.operation import Operations
from schema.policy import ROOTS
from schema.requests import Request
from tests.harness.callers import Town
from tests.harness.documents import operations, without_look_ids
from tests.harness.known import known_values
from tests.harness.scale import FULL, scaled

_QUERIES = [name.split(".")[1] for name in ROOTS if name.startswith("Query.")]
_PERSONAS = [
    "citizen-1",
    "citizen-4",
    "company-1-legal",
    "bank-1",
    "employer-1",
    "till-1",
    "partner-1",
    "agency-1",
    "provider-1",
    "handler-1",
    "approver-1",
    None,
]
# Who asks what, and how many times: everybody anything, and at each desk of a few whoever sits there.
_DESKS = [("provider-1", "provider"), ("handler-1", "handling"), ("approver-1", "intakeReview")]
_ASKED = [
    ([(persona, _QUERIES) for persona in _PERSONAS], scaled(160, 4400)),
    *(([(persona, [root])], scaled(40, 200)) for persona, root in _DESKS),
]
_CALM = settings(
    deadline=None,
    derandomize=not FULL,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


async def _unwritten(*_: object, **__: object) -> None:
    """No look is written: the second answer must not differ by the first one's."""


def _bytes(answer: Answer) -> tuple[int, bytes]:
    if answer.status == 500:
        return 500, b""  # the reference of a fault is random
    return answer.status, without_look_ids(orjson.dumps(answer.body, option=orjson.OPT_UTC_Z))


class _Pair:
    """The same operation by a plan and by the plain executor, at the same instant."""

    def __init__(self, town: Town) -> None:
        self._town = town
        database, blobs = town.house.database, town.house.blobs
        self.planned = Operations(database, blobs, demonstration=True)
        self.plain = Operations(database, blobs, demonstration=True, planned=False)
        self._at = datetime.now(UTC)
        self._principals: dict[str | None, Principal] = {None: ANONYMOUS}

    async def principal(self, persona: str | None) -> Principal:
        if persona not in self._principals:
            token = await self._town.token(str(persona))
            endpoint = self._town.app.router.routes[0].endpoint  # type: ignore[attr-defined]
            verifier: Verifier = endpoint._authenticator._verifier
            self._principals[persona] = verifier.principal(token, at=datetime.now(UTC))  # it was made just now
        return self._principals[persona]

    async def answers(self, document: str, variables: dict[str, Any], persona: str | None) -> tuple[Answer, ...]:
        principal = await self.principal(persona)
        request = Request(document, None, variables, "zh")
        for _ in range(2):  # a plan is made at the second run
            planned = await self.planned.run(request, principal, at=self._at)
        return planned, await self.plain.run(request, principal, at=self._at)

    def is_planned(self, document: str) -> bool:
        """Whether the last answer came by a plan."""
        plans = self.planned._library.text(document).operation(None).plans
        return any(plans.values())


async def test_a_plan_answers_as_the_plain_executor_does(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GroupWriter, "write", _unwritten)
    pair, known, loop = _Pair(town), await known_values(town), asyncio.get_running_loop()
    seen = Counter[str]()

    def check(asked: tuple[tuple[str | None, list[str]], tuple[str, dict[str, Any]]]) -> None:
        (persona, roots), (document, variables) = asked
        planned, plain = asyncio.run_coroutine_threadsafe(pair.answers(document, variables, persona), loop).result()
        assert _bytes(planned) == _bytes(plain), (document, variables, persona)
        assert planned.status != 500, (document, variables, persona)
        if not planned.body.get("data"):
            seen["refused"] += 1
            return
        seen.update(["data", *roots] if len(roots) == 1 else ["data"])
        seen["planned"] += pair.is_planned(document)

    for ways, times in _ASKED:
        asked = st.sampled_from(ways).flatmap(
            lambda one: st.tuples(st.just(one), operations(roots=one[1], known=known))
        )
        await asyncio.to_thread(settings(_CALM, max_examples=times)(given(asked)(check)))
    assert min(seen["data"], seen["refused"]) > scaled(14, 500), seen
    assert seen["planned"] > seen["data"] * 0.9, seen
    assert all(seen[root] for _, root in _DESKS), seen


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_most_documents_are_planned_and_introspection_is_not(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GroupWriter, "write", _unwritten)
    pair = _Pair(town)
    for document, made in (
        ("{ me { name grants { edges { node { status } } } } }", True),
        ("{ __schema { __typename } }", False),
    ):
        await pair.answers(document, {}, "citizen-1")
        assert pair.is_planned(document) is made


async def test_a_plan_is_made_for_each_set_of_truth_values_and_no_more_than_a_few(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GroupWriter, "write", _unwritten)
    pair = _Pair(town)
    flags = [f"f{n}" for n in range(6)]
    head = ", ".join(f"${flag}: Boolean!" for flag in flags)
    fields = " ".join(f"a{flag}: name @include(if: ${flag})" for flag in flags)
    document = f"query({head}) {{ me {{ kind {fields} }} }}"
    for number in range(64):
        values = {flag: bool(number >> place & 1) for place, flag in enumerate(flags)}
        planned, plain = await pair.answers(document, values, "citizen-1")
        assert _bytes(planned) == _bytes(plain)
        assert len(planned.body["data"]["me"]) == 1 + sum(values.values())
    assert len(pair.planned._library.text(document).operation(None).plans) == 16


async def test_a_plan_keeps_nothing_of_the_variables_it_was_made_for(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GroupWriter, "write", _unwritten)
    pair = _Pair(town)
    document = "query($s: String) { parties(search: $s) { edges { node { name } } } }"
    await pair.answers(document, {"s": "海津示例银行"}, None)
    planned, plain = await pair.answers(document, {"s": "没有这样的名字"}, None)
    assert planned.body == plain.body == {"data": {"parties": {"edges": []}}}
