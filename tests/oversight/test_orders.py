"""Rectification orders (整改): who orders whom, which step starts where, and that nobody else hears of it."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import text

from oversight.supervision import orders
from oversight.supervision.orders import OrderState
from tests.harness.callers import Town
from tests.harness.everything import stored

_ORDER = """order { id number version state late dueAt findings references institution { name }
  steps { act text operator } } replayed"""
_BY = {
    "orderReply": "approver-1",
    "orderAccept": "supervisor-1",
    "orderReturn": "supervisor-1",
    "orderWithdraw": "supervisor-1",
}
_LIST = "orders(open: false) { edges { node { id state late } } }"
_INSTITUTIONS = "{ oversight { institutions { id name } } }"


async def _institutions(town: Town, persona: str = "supervisor-1") -> dict[str, str]:
    found = await town.data(persona, _INSTITUTIONS)
    return {one["name"]: one["id"] for one in found["oversight"]["institutions"]}


async def _city(town: Town) -> str:
    return (await _institutions(town))["海津市公共信用管理机构"]


async def _issued(town: Town, key: str = "one", **changed: Any) -> dict[str, Any]:
    given = {
        "institutionId": await _city(town),
        "findings": "三起查询没有案件编号",
        "references": ["RV0001"],
        "workingDays": 10,
    }
    return await town.act("supervisor-1", "orderIssue", {**given, "idempotencyKey": key, **changed}, _ORDER)


async def _step(town: Town, act: str, order: dict[str, Any], by: str = "", said: str = "已经改正") -> dict[str, Any]:
    given = {"orderId": order["id"], "expectedVersion": order["version"], "text": said}
    kind = act[0].upper() + act[1:]
    document = (
        f"mutation($i: OrderStepInput!) {{ {act}(input: $i) {{ __typename ... on {kind}Payload {{ {_ORDER} }}"
        " ... on Refusal { code details { path code limit } } } }"
    )
    return dict((await town.data(by or _BY[act], document, {"i": given}))[act])


async def test_an_order_is_replied_to_returned_replied_to_and_closed(town: Town) -> None:
    made = (await _issued(town))["order"]
    assert (made["state"], made["late"], made["references"]) == ("ISSUED", False, ["RV0001"])
    for act, state in (
        ("orderReply", "REPLIED"),
        ("orderReturn", "RETURNED"),
        ("orderReply", "REPLIED"),
        ("orderAccept", "CLOSED"),
    ):
        made = (await _step(town, act, made, said=f"{act}的说明"))["order"]
        assert made["state"] == state
    assert [(one["act"], one["text"]) for one in made["steps"]] == [
        ("ISSUE", None),
        ("REPLY", "orderReply的说明"),
        ("RETURN", "orderReturn的说明"),
        ("REPLY", "orderReply的说明"),
        ("ACCEPT", "orderAccept的说明"),
    ]
    assert all(one["operator"] for one in made["steps"])
    mine = (await town.data("approver-1", f"{{ approvals {{ {_LIST} }} }}"))["approvals"]["orders"]["edges"]
    assert [edge["node"]["state"] for edge in mine] == ["CLOSED"]


async def test_which_step_starts_where() -> None:
    allowed = {
        ("ISSUED", "REPLY"), ("RETURNED", "REPLY"), ("REPLIED", "ACCEPT"), ("REPLIED", "RETURN"),
        ("ISSUED", "WITHDRAW"), ("RETURNED", "WITHDRAW"), ("REPLIED", "WITHDRAW"),
    }  # fmt: skip
    steps = {(state.value, act.value) for act, step in orders.STEPS.items() for state in step.starts}
    assert steps == allowed


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_every_act_from_every_state_leaves_all_as_it_was_unless_it_starts_there(town: Town) -> None:
    made = (await _issued(town))["order"]
    for state, act in product(OrderState, orders.STEPS):
        async with town.house.database.writing() as unit:
            await unit.run(text(f"UPDATE rectification SET state = '{state.value}', version = 1"))
            await unit.run(text("DELETE FROM rectification_step WHERE version > 1"))
        before = await stored(town)
        done = await _step(town, f"order{act.value.capitalize()}", {**made, "version": 1})
        if state in orders.STEPS[act].starts:
            assert done["order"]["state"] == orders.STEPS[act].leads_to.value
        else:
            assert done["code"] == "WRONG_STATE"
            assert await stored(town) == before


async def test_a_term_that_went_by_is_late_and_stays_open(town: Town) -> None:
    made = (await _issued(town, workingDays=1))["order"]
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE rectification SET due_at = :d").bindparams(d=_past(town)))
    for persona, root in (("supervisor-1", "oversight"), ("approver-1", "approvals")):
        listed = (await town.data(persona, f"{{ {root} {{ {_LIST} }} }}"))[root]["orders"]["edges"]
        assert [(edge["node"]["id"], edge["node"]["late"]) for edge in listed] == [(made["id"], True)]
    assert (await _step(town, "orderReply", made))["order"]["late"] is False


def _past(town: Town) -> Any:
    at = datetime.now(UTC) - timedelta(days=1)
    return at if town.house.database.dialect.name == "postgresql" else at.replace(tzinfo=None)


async def test_a_district_orders_its_own_institution_only_and_hears_of_no_other(town: Town) -> None:
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE party SET institution = true, district = '129901' WHERE code = 'SCJG'"))
    theirs, all_ = await _institutions(town, "supervisor-2"), await _institutions(town)
    assert len(theirs) == 1
    assert set(theirs) < set(all_)
    made = (await _issued(town))["order"]
    given = {
        "institutionId": await _city(town),
        "findings": "x",
        "references": [],
        "workingDays": 5,
        "idempotencyKey": "d",
    }
    before = await stored(town)
    answers = [
        await town.act("supervisor-2", "orderIssue", given, _ORDER),
        await town.act(
            "supervisor-2", "orderIssue", {**given, "institutionId": "pty_nobody", "idempotencyKey": "e"}, _ORDER
        ),
        await _step(town, "orderWithdraw", made, "supervisor-2"),
        await _step(town, "orderWithdraw", {**made, "id": "rct_nobody"}, "supervisor-2"),
    ]
    assert [one["code"] for one in answers] == ["NOT_AVAILABLE"] * 4
    assert (await town.data("supervisor-2", f"{{ oversight {{ {_LIST} }} }}"))["oversight"]["orders"]["edges"] == []
    after = await stored(town)
    assert {name for name, rows in before.items() if after[name] != rows} <= {"idempotency"}
    for name in theirs:
        assert (
            await town.act(
                "supervisor-2", "orderIssue", {**given, "institutionId": theirs[name], "idempotencyKey": "own"}, _ORDER
            )
        )["order"]


@pytest.mark.parametrize(
    ("changed", "path", "code"),
    [
        ({"findings": " "}, "findings", "LENGTH"),
        ({"findings": "改" * 2001}, "findings", "LENGTH"),
        ({"references": ["x"] * 21}, "references", "TOO_MANY"),
        ({"references": [""]}, "references", "LENGTH"),
        ({"workingDays": 0}, "workingDays", "OUT_OF_RANGE"),
        ({"workingDays": 61}, "workingDays", "OUT_OF_RANGE"),
    ],
)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_what_is_wrong_with_an_order_is_said_and_nothing_is_made(
    town: Town, changed: dict[str, Any], path: str, code: str
) -> None:
    refused = await _issued(town, **changed)
    assert [(one["path"], one["code"]) for one in refused["details"]] == [(["input", path], code)]
    assert await town.count("SELECT count(*) FROM rectification") == 0


async def test_who_is_neither_side_does_nothing(town: Town) -> None:
    made = (await _issued(town))["order"]
    for somebody, act in (
        ("handler-1", "orderReply"),
        ("citizen-1", "orderReply"),
        ("approver-1", "orderAccept"),
        ("supervisor-1", "orderReply"),
    ):
        document = f"mutation($i: OrderStepInput!) {{ {act}(input: $i) {{ __typename }} }}"
        given = {"orderId": made["id"], "expectedVersion": 1, "text": "x"}
        assert (await town.ask(somebody, document, {"i": given})).code == "FORBIDDEN", somebody
    assert await town.count("SELECT count(*) FROM rectification_step") == 1


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_of_two_words_on_one_reply_one_counts(town: Town) -> None:
    made = (await _issued(town))["order"]
    made = (await _step(town, "orderReply", made))["order"]
    both = await asyncio.gather(*(_step(town, act, made) for act in ("orderAccept", "orderReturn", "orderWithdraw")))
    assert sorted(one["__typename"] == "Refusal" for one in both) == [False, True, True]
    assert {one["code"] for one in both if "code" in one} <= {"WRONG_STATE", "VERSION_CHANGED"}
    assert await town.count("SELECT count(*) FROM rectification_step") == 3
