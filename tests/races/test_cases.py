"""Two at once in one case: exactly one wins, each won step is in the ledger, and the mark goes when the case is closed.

On PostgreSQL: SQLite's single writer hides races.
"""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from objections import deciding, verifying
from objections.kinds import VerificationAnswer
from objections.moving import Officer, Read
from objections.tables import objection, verification
from objections.verifying import Answer
from tests.harness import objecting
from tests.harness.callers import Town
from tests.harness.contesting import marks_of
from tests.harness.objecting import act, decided, filed, forwarded, opened, verified, withdrawn
from tests.harness.scale import scaled

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
_ROUNDS = scaled(3, 40)


async def _lapse(town: Town, case_id: str) -> dict[str, Any]:
    async with town.house.database.writing() as unit:
        won = await deciding.lapse(unit, case_id, at=datetime.now(UTC))
    return {"won": True} if won else {"code": "LOST"}


async def _steps(town: Town, case_id: str) -> Counter[str]:
    async with town.house.database.reading() as unit:
        from objections.tables import objection_step as step

        rows = await unit.all(step.select().where(step.c.objection_id == case_id))
    return Counter(row.act for row in rows)


async def _consistent(town: Town, case_id: str, made: list[dict[str, Any]]) -> str:
    """One of them won; the mark stands exactly while the case does. How the case stands."""
    won = [one for one in made if "code" not in one]
    assert len(won) == 1, made
    row = await objecting.row(town, case_id)
    marks = await marks_of(town, row.target_id)
    assert len(marks) == (row.ended_at is None), (row.status, marks)
    return str(row.status)


async def _asked(town: Town) -> tuple[str, dict[str, Any]]:
    case_id = await filed(town)
    await opened(town, case_id)
    row = await objecting.row(town, case_id)
    await objecting.work_for(town, row.provider_id)
    assert "case" in await forwarded(town, case_id)
    async with town.house.database.reading() as unit:  # beside those that may be answered late
        (its,) = await unit.all(verification.select().where(verification.c.objection_id == case_id))
    return case_id, next(one for one in await objecting.verifications(town) if one["id"] == its.id)


async def test_two_handlers_open_and_two_decide(town: Town) -> None:
    for _ in range(_ROUNDS):
        case_id = await filed(town)
        both = ("handler-1", "handler-2")
        made = await asyncio.gather(*(opened(town, case_id, by=by, expected=1) for by in both))
        assert await _consistent(town, case_id, list(made)) == "FILED"
        assert (await _steps(town, case_id))["OPEN"] == 1
        handler = both[0] if "code" not in made[0] else both[1]
        twice = [decided(town, case_id, "NOT_CORRECTED", by=handler, expected=2) for _ in range(2)]
        others = [decided(town, case_id, "NOT_CORRECTED", by=by, expected=2) for by in both if by != handler]
        assert await _consistent(town, case_id, list(await asyncio.gather(*twice, *others))) == "DECIDED"
        acts = [act(town, "approver-1", "Approve", case_id, expected=3),
                act(town, "approver-2", "Return", case_id, expected=3, reason="再核实")]  # fmt: skip
        status = await _consistent(town, case_id, list(await asyncio.gather(*acts)))
        assert status in ("CLOSED", "FILED")
        steps = await _steps(town, case_id)
        assert steps["APPROVE"] + steps["RETURN"] == 1
        if status == "FILED":
            await withdrawn(town, case_id)


async def test_a_provider_answers_while_the_subject_withdraws(town: Town) -> None:
    for turn in range(_ROUNDS):
        case_id, question = await _asked(town)
        version = await objecting.version(town, case_id)
        made = await asyncio.gather(
            verified(town, question, "CONFIRM", key=f"race {turn}"), withdrawn(town, case_id, expected=version)
        )
        status = await _consistent(town, case_id, list(made))
        steps = await _steps(town, case_id)
        assert (steps["VERIFY"], steps["WITHDRAW"]) == ((0, 1) if status == "WITHDRAWN" else (1, 0))
        if status != "WITHDRAWN":
            await withdrawn(town, case_id)


async def test_a_handler_decides_or_a_provider_answers_while_its_silence_is_read(town: Town) -> None:
    for turn in range(_ROUNDS):
        case_id, question = await _asked(town)
        due = {"due_at": datetime.now(UTC) - timedelta(seconds=1)}
        async with town.house.database.writing() as unit:
            await unit.run(objection.update().where(objection.c.id == case_id).values(due))
        version = await objecting.version(town, case_id)
        rival = (
            decided(town, case_id, "DELETED", expected=version)
            if turn % 2
            else verified(town, question, "CONFIRM", key=f"silence {turn}")
        )
        made = await asyncio.gather(_lapse(town, case_id), rival)
        if "verification" in made[1] and "code" not in made[0]:
            await _heard_again(town, case_id)
            made[1] = {"code": "LATE"}
        status = await _consistent(town, case_id, list(made))
        steps = await _steps(town, case_id)
        assert steps["LAPSE"] + steps["VERIFY"] + steps["DECIDE"] == 1, steps
        if status == "FORWARDED":
            await withdrawn(town, case_id)
        await _restore(town, (await objecting.row(town, case_id)).target_id)


async def _heard_again(town: Town, case_id: str) -> None:
    """What came after the silence is another case's; it is taken out of the way."""
    async with town.house.database.writing() as unit:
        ended = {"status": "WITHDRAWN", "ended_at": datetime.now(UTC)}
        assert await unit.run(objection.update().where(objection.c.rehears == case_id).values(ended)) == 1


async def _restore(town: Town, record_id: str) -> None:
    from credit.tables import record

    async with town.house.database.writing() as unit:
        await unit.run(record.update().where(record.c.id == record_id).values(status="CURRENT", withdrawal=None))


async def test_silence_that_waited_for_an_answer_is_none(town: Town) -> None:
    """The clock waits for a provider that is just answering, and judges by what it has said then."""
    case_id, question = await _asked(town)
    row = await objecting.row(town, case_id)
    async with town.house.database.writing() as unit:
        due = {"due_at": datetime.now(UTC) - timedelta(seconds=1)}
        await unit.run(objection.update().where(objection.c.id == case_id).values(due))
    officer, said = Officer(row.provider_id, "stf_provider"), Answer(VerificationAnswer.CONFIRM, "属实")
    async with town.house.database.writing() as unit:
        await verifying.answer(unit, officer, Read(question["id"], 1), said, at=datetime.now(UTC))
        lapse = asyncio.create_task(_lapse(town, case_id))
        await town.done_or_blocked(lapse)
    assert await lapse == {"code": "LOST"}
    assert (await objecting.row(town, case_id)).status == "FORWARDED"
