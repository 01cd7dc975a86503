"""Every actor, every act, every state: who may do it stands in `states.yaml`; whatever is refused changes nothing."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import text

from core.database import WriteUnit
from objections.kinds import Delivery, ObjectionOutcome, VerificationAnswer
from objections.states import ObjectionAct
from objections.tables import clock_stop, objection, verification
from tests.harness import acting, clocks, objecting
from tests.harness.callers import Town
from tests.harness.everything import stored
from tests.harness.objecting import act, filed

_TABLE: Mapping[str, Mapping[str, Any]] = yaml.safe_load(Path(__file__).with_name("states.yaml").read_text("utf-8"))
_STATES = ("FILED", "FORWARDED", "STOPPED", "DECIDED", "CLOSED", "WITHDRAWN")
_ENDED = ("CLOSED", "WITHDRAWN")
_ACTORS = {
    "handler": "handler-1",
    "other": "handler-2",
    "approver": "approver-1",
    "applicant": "citizen-9",
    "stranger": "citizen-5",
    "provider": "provider-1",
}
# A bank, a clerk, a till: no token of theirs may try any of it.
_OUTSIDE = ("citizen-9", "bank-1", "clerk-1", "till-1")
_SAID: Mapping[str, Mapping[str, Any]] = {
    "Open": {"noConflict": True},
    "Reassign": {"reason": "轮换"},
    "Forward": {"question": "请核对"},
    "Decide": {"outcome": "NOT_CORRECTED", "reason": "属实"},
    "Approve": {},
    "Return": {"reason": "再核实"},
}
_SCOPED = {"Approve": "approver", "Return": "approver"}


async def _staff(town: Town, persona: str) -> str:
    async with town.house.database.reading() as unit:
        row = await unit.first(text("SELECT staff_id FROM identity_link WHERE name = :n"), {"n": persona})
    assert row is not None
    return str(row.staff_id)


async def _put(town: Town, case_id: str, state: str, handler: str, act: str, letter: str) -> None:
    """Put a case into a state, as if everything before had happened; for its telling, with a letter that was agreed on,
    and for its provider's answer, asked and unanswered."""
    now = datetime.now(UTC)
    fresh: dict[str, Any] = {"status": state, "handler_id": handler, "opened_at": now, "version": 5, "held": False}
    nothing = (
        *("outcome", "reason", "decided_at", "decided_by", "forwarded_at", "notified_at", "ended_at"),
        *("approved_at", "approved_by", "letter_id"),
    )
    fresh |= dict.fromkeys(nothing)
    fresh |= {"due_on": now.date() + timedelta(days=9), "due_at": now + timedelta(days=9)}
    if state in ("DECIDED", "CLOSED"):
        refusal = ObjectionOutcome.NOT_CORRECTED.value
        fresh |= {"outcome": refusal, "reason": "属实", "decided_at": now, "decided_by": handler}
    if state == "DECIDED" and act == "Tell":
        fresh |= {"approved_at": now, "approved_by": "stf_0", "letter_id": letter}
    fresh["delivery"] = Delivery.COUNTER.value if act == "Tell" else Delivery.APP.value
    if state == "FORWARDED" or act == "Verify":
        fresh["forwarded_at"] = now
    if state in _ENDED:
        fresh |= {"notified_at": now, "ended_at": now}
    stop = {"id": acting.STOP, "objection_id": case_id, "cause": "APPRAISAL", "started_on": now.date()}
    stop |= {"proof_id": letter, "opened_by": handler, "opened_at": now}
    if state not in ("STOPPED", "WITHDRAWN"):
        stop |= {"ended_on": now.date(), "closed_at": now, "closed_by": handler}
    async with town.house.database.writing() as unit:
        await unit.run(objection.update().where(objection.c.id == case_id).values(fresh))
        await unit.run(clock_stop.delete())
        await unit.run(clock_stop.insert().values(stop))
        await unit.run(verification.delete())
        if state == "FORWARDED" or act == "Verify":
            asked = _asked(case_id, await _provider(unit), now)
            await unit.run(verification.insert().values(asked | ({} if act == "Verify" else _confirmed(now))))


async def _provider(unit: WriteUnit) -> str:
    found = await unit.first(text("SELECT id FROM party WHERE code = 'SCJG'"))
    assert found is not None
    return str(found.id)


def _asked(case_id: str, provider_id: str, now: datetime) -> dict[str, Any]:
    row = {"id": acting.QUESTION, "objection_id": case_id, "provider_id": provider_id, "question": "?"}
    return row | {"with_text": False, "asked_at": now, "due_on": now.date(), "due_at": now, "version": 1}


def _confirmed(now: datetime) -> dict[str, Any]:
    answer = VerificationAnswer.CONFIRM.value
    return {"answer": answer, "reason": "属实", "answered_at": now, "answered_by": "x", "version": 2}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_every_actor_every_act_every_state(town: Town) -> None:
    assert {acts.value for acts in ObjectionAct} - {name.upper() for name in _TABLE} == _ELSEWHERE
    case_id, handler = await filed(town), await _staff(town, "handler-1")
    letter = await clocks.proof(town, await clocks.officer(town), datetime.now(UTC))
    for state in _STATES:
        for name, rule in _TABLE.items():
            for actor in _ACTORS if state == "FORWARDED" else rule["tries"]:
                await _put(town, case_id, state, handler, name, letter)
                before = await objecting.row(town, case_id)
                made = await acting.tried(town, name, _ACTORS[actor], before, today=clocks.today(datetime.now(UTC)))
                after = await objecting.row(town, case_id)
                leads = rule["starts"].get(state) if actor in rule["by"] else None
                cell = (state, name, actor, made)
                if leads is not None:
                    assert ("code" in made, after.status) == (False, leads), cell
                    assert after.version > before.version, cell
                    continue
                assert after == before, cell
                if actor not in rule["tries"]:
                    assert made == {"code": "FORBIDDEN"}, cell
                elif (name, actor) == ("Open", "handler") or (name, actor, state) == _TAKEN_BACK:
                    assert made["replayed"] is True, cell
                elif (name, actor) == ("File", "applicant") and state in _ENDED:
                    assert (made["joined"], made["objection"]["id"] != case_id) == (False, True), cell
                    await objecting.withdrawn(town, made["objection"]["id"])
                else:
                    assert made.get("code") in _refusals(state, actor, name), cell


_TAKEN_BACK = ("Withdraw", "applicant", "WITHDRAWN")
# RESUME is StopClose, SAY both Say and Reply, JOIN a second File; LAPSE is the clock's (`test_deadlines`),
# and PRINT the counter's, which moves nothing (`test_paper`).
_ELSEWHERE = {"JOIN", "STOP", "RESUME", "LAPSE", "PRINT"}


def _refusals(state: str, actor: str, name: str) -> set[str]:
    """What is heard: that a case is not theirs, has ended, is another handler's, or that this is no step from here."""
    if actor == "stranger":
        return {"NOT_AVAILABLE"}
    if name == "Reply" and actor == "other":
        return {"NOT_AVAILABLE"}
    if name == "StopClose" and state != "STOPPED":
        return {"CASE_CLOSED"} if state == "WITHDRAWN" else {"WRONG_STEP"}
    if name == "Tell":
        return {"CASE_CLOSED"} if state in _ENDED else {"WRONG_STEP"}
    if state in _ENDED:
        return {"CASE_CLOSED"}
    return {"CASE_TAKEN"} if actor == "other" else {"WRONG_STEP"}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_whoever_it_is_not_addressed_to_hears_and_leaves_nothing(town: Town) -> None:
    case_id = await filed(town)
    await objecting.opened(town, case_id)
    await objecting.forwarded(town, case_id)
    async with town.house.database.reading() as unit:
        question = await unit.first(verification.select())
    assert question is not None
    asked = {"id": question.id, "version": 1}
    before = await stored(town)
    for by in _OUTSIDE:
        for name, said in _SAID.items():
            assert (await act(town, by, name, case_id, expected=2, **said))["code"] == "FORBIDDEN", (by, name)
        assert (await objecting.file(town, case_id, by)).code == "FORBIDDEN"
    nothing = await objecting.file(town, "obj_nothing", "handler-2")
    unopened = await objecting.file(town, case_id, "handler-2")
    assert unopened.response.content == nothing.response.content, "a case that one has not opened is as none"
    neighbour = await objecting.verified(town, asked, "DELETE", by="provider-1")
    absent = await objecting.verified(town, {"id": "ver_nothing", "version": 1}, "DELETE", by="provider-1")
    assert neighbour == absent == {"code": "NOT_AVAILABLE", "details": []}
    assert await objecting.verifications(town) == []
    for name, said in _SAID.items():
        if name not in _SCOPED:
            assert "code" in await act(town, "handler-2", name, case_id, expected=3, **said), name
    assert await stored(town) == before
    async with town.house.database.writing() as unit:
        await unit.run(objection.update().where(objection.c.id == case_id).values(institution_id="prt_elsewhere"))
    elsewhere = await stored(town)
    for name, said in _SAID.items():
        by = "approver-1" if name in _SCOPED else "handler-1"
        refused = await act(town, by, name, case_id, expected=3, **said)
        assert refused == {"code": "NOT_AVAILABLE", "details": []}, name
    assert (await objecting.file(town, case_id)).response.content == nothing.response.content
    assert case_id not in [one["id"] for one in await objecting.inbox(town)]
    assert await stored(town) == elsewhere
