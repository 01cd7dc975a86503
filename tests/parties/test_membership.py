"""Organisations in and out: two people, expected versions, refusals that change nothing, and nobody else at all."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from api import personas
from api.personas import PERSONAS
from core.principal import Scope
from tests.harness.callers import Town
from tests.harness.scale import scaled

_FILE = "party { party { id } state version awaiting } replayed"
_APPLICATION = {"code": "BANK9", "name": "海津新设银行", "kind": "BANK", "contact": "022-1", "purposes": ["FINANCING"]}


async def _register(town: Town, *, by: str = "approver-1", key: str = "k", **changed: Any) -> dict[str, Any]:
    return await town.act(by, "partyRegister", {**_APPLICATION, "idempotencyKey": key, **changed}, _FILE)


async def _step(town: Town, by: str, name: str, party_id: str, version: int) -> dict[str, Any]:
    reason = {} if name == "partyAdmit" else {"reason": "核查"}
    return await town.act(by, name, {"partyId": party_id, "expectedVersion": version, **reason}, _FILE)


def _is(answer: dict[str, Any], state: str, version: int, *awaiting: str) -> bool:
    found = answer["party"]
    return bool((found["state"], found["version"], found["awaiting"]) == (state, version, list(awaiting)))


async def _version(town: Town, party_id: str) -> int:
    return await town.count("SELECT version FROM party WHERE id = :i", i=party_id)


async def test_the_whole_life_of_an_organisation(town: Town) -> None:
    made = await _register(town)
    assert _is(made, "REGISTERED", 1)
    party_id = made["party"]["party"]["id"]
    assert (await town.data(None, '{ parties(search: "新设") { edges { cursor } } }'))["parties"]["edges"] == []
    alone = await _step(town, "approver-1", "partyAdmit", party_id, 1)
    assert alone["code"] == "SECOND_PERSON"
    assert await _version(town, party_id) == 1
    assert (await _step(town, "approver-2", "partyAdmit", party_id, 2))["code"] == "VERSION_CHANGED"
    assert _is(await _step(town, "approver-2", "partyAdmit", party_id, 1), "ACTIVE", 2)
    assert (await _step(town, "approver-2", "partyAdmit", party_id, 2))["code"] == "WRONG_STATE"
    assert len((await town.data(None, '{ parties(search: "新设") { edges { cursor } } }'))["parties"]["edges"]) == 1

    assert _is(await _step(town, "approver-1", "partySuspend", party_id, 2), "ACTIVE", 2, "SUSPEND")
    assert (await _step(town, "approver-1", "partySuspend", party_id, 2))["code"] == "SECOND_PERSON"
    assert _is(await _step(town, "officer-1", "partySuspend", party_id, 2), "SUSPENDED", 3)
    assert (await _step(town, "approver-2", "partySuspend", party_id, 3))["code"] == "WRONG_STATE"
    assert _is(await _step(town, "officer-1", "partyReinstate", party_id, 3), "SUSPENDED", 3, "REINSTATE")
    assert _is(await _step(town, "approver-1", "partyReinstate", party_id, 3), "ACTIVE", 4)
    # What was agreed to before is not agreed to again: a new suspension takes two people anew.
    assert _is(await _step(town, "officer-1", "partySuspend", party_id, 4), "ACTIVE", 4, "SUSPEND")


async def test_the_same_key_registers_once_and_a_code_is_one_organisations(town: Town) -> None:
    first, again = await _register(town), await _register(town)
    assert (first["replayed"], again["replayed"]) == (False, True)
    assert first["party"]["party"] == again["party"]["party"]
    assert (await _register(town, name="另一家"))["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert (await _register(town, key="other"))["code"] == "CODE_TAKEN"
    assert (await _register(town, key="other", by="approver-2"))["code"] == "CODE_TAKEN"
    bad = await _register(town, key="bad", code="x y", purposes=[])
    assert [detail["code"] for detail in bad["details"]] == ["CODE_FORMAT", "PURPOSES_OF_KIND"]
    assert await town.count("SELECT count(*) FROM party WHERE registered_by IS NOT NULL") == 1


async def test_what_is_not_there_is_not_available(town: Town) -> None:
    for name in ("partyAdmit", "partySuspend", "partyReinstate"):
        assert (await _step(town, "approver-1", name, "pty_" + "0" * 20, 1))["code"] == "NOT_AVAILABLE"
    empty = {"partyId": await town.party("海津示例银行"), "expectedVersion": 1, "reason": " "}
    assert (await town.act("approver-1", "partySuspend", empty, _FILE))["details"][0]["path"] == ["input", "reason"]
    assert await town.count("SELECT count(*) FROM party_act") == 0


async def test_the_desk_lists_who_is_where(town: Town) -> None:
    await _register(town)
    desk = "{ approvals { parties(states: [REGISTERED]) { edges { node { code state party { name } } } } } }"
    found = (await town.data("approver-2", desk))["approvals"]["parties"]["edges"]
    assert found == [{"node": {"code": "BANK9", "state": "REGISTERED", "party": {"name": "海津新设银行"}}}]
    every = (
        "query($a: String) { approvals { parties(first: 30, after: $a) "
        "{ edges { node { code } } pageInfo { hasNextPage endCursor } } } }"
    )
    codes: list[str] = []
    after, more = None, True
    while more:
        page = (await town.data("approver-1", every, {"a": after}))["approvals"]["parties"]
        codes += [edge["node"]["code"] for edge in page["edges"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert len(codes) == len(set(codes)) == await town.count("SELECT count(*) FROM party")


_ACTS = {
    "partyRegister": {**_APPLICATION, "idempotencyKey": "x"},
    "partyAdmit": {"expectedVersion": 1},
    "partySuspend": {"expectedVersion": 1, "reason": "x"},
    "partyReinstate": {"expectedVersion": 1, "reason": "x"},
    "partyFreeze": {"target": "PARTY", "reason": "x"},
    "partyLift": {"target": "PARTY", "reason": "x"},
}
_MAY = {
    "partyRegister": {"approver-1", "approver-2"},
    "partyAdmit": {"approver-1", "approver-2"},
    "partySuspend": {"approver-1", "approver-2", "officer-1"},
    "partyReinstate": {"approver-1", "approver-2", "officer-1"},
    "partyFreeze": {"officer-1"},
    "partyLift": {"approver-1", "approver-2", "officer-1"},
}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("act", _ACTS)
async def test_every_actor_and_act_even_with_every_scope_in_the_token(town: Town, act: str) -> None:
    """The post decides, not the token: a token that claims every scope there is opens nothing."""
    from dataclasses import replace
    from datetime import UTC, datetime

    bank = await town.party("海津示例银行")
    before = await _version(town, bank)
    type_ = act[0].upper() + act[1:]
    document = f"mutation($i: {type_}Input!) {{ {act}(input: $i) {{ __typename }} }}"
    given = dict(_ACTS[act])
    if act in ("partyFreeze", "partyLift"):
        given["id"] = "pty_" + "0" * 20
    elif act != "partyRegister":
        given["partyId"] = "pty_" + "0" * 20
    else:
        given["code"] = "not a code"
    for name, persona in PERSONAS.items():
        async with town.house.database.reading() as unit:
            party_id = await personas.party_of(unit, name)
        token = personas.sign(
            town.house.rings,
            replace(persona, scopes=tuple(Scope)),
            name,
            party_id,
            audience="haihe",
            at=datetime.now(UTC),
        )
        answer = await town.ask(None, document, {"i": given}, headers={"Authorization": f"Bearer {token}"})
        if name in _MAY[act]:
            assert answer["data"][act]["__typename"] == "Refusal", name
        else:
            assert (answer.status, answer.code, answer.get("data")) == (403, "FORBIDDEN", None), name
    assert await _version(town, bank) == before
    assert await town.count("SELECT count(*) FROM party_act") == 0


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_two_who_suspend_at_once_suspend_once(town: Town) -> None:
    bank = await town.party("海津示例银行")
    version = await _version(town, bank)
    people = ["approver-1", "approver-2", "officer-1"] * scaled(4, 20)
    answers = await asyncio.gather(*(_step(town, by, "partySuspend", bank, version) for by in people))
    said = Counter(a.get("code") or a["party"]["state"] for a in answers)
    assert said["SUSPENDED"] == 1, said
    assert said["ACTIVE"] == 1, said
    assert await _version(town, bank) == version + 1
    assert await town.count("SELECT count(*) FROM party_act WHERE agreed_by <> moved_by") == 1


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_many_who_admit_at_once_admit_once(town: Town) -> None:
    for round_ in range(scaled(2, 20)):
        made = await _register(town, key=f"r{round_}", code=f"NEW{round_}")
        party_id = made["party"]["party"]["id"]
        answers = await asyncio.gather(*(_step(town, "approver-2", "partyAdmit", party_id, 1) for _ in range(12)))
        assert sum("party" in answer for answer in answers) == 1
        assert {answer["code"] for answer in answers if "code" in answer} == {"WRONG_STATE"}
