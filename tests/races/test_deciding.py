"""Sixty-four at once: one outcome, one step for each version, and periods that are exact."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from core.moments import day_of
from tests.harness.asking import ask, asked, company
from tests.harness.callers import Town
from tests.harness.scale import scaled

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
_LOST = ("WRONG_STATE", "VERSION_CHANGED", "MARK_GIVEN", "UNAVAILABLE")
_LOOK = "query($q: GrantedQueryInput!) { granted(query: $q) { subject { name } } }"


async def _notice(town: Town) -> str:
    bank = await town.party("海津示例银行")
    return await town.notice("GRANT", recipientId=bank, purpose="FINANCING", categories=["ADMINISTRATIVE"])


async def _steps(town: Town, grant_id: str) -> int:
    return await town.count("SELECT count(*) FROM grant_step WHERE grant_id = :g", g=grant_id)


async def _act(town: Town, persona: str, mutation: str, given: dict[str, Any]) -> str:
    """The status that the act led to, or the code it was refused with. A pool that is full on a busy machine turns a
    caller away before anything is decided: that is a refusal too."""
    kind = mutation[0].upper() + mutation[1:]
    document = (
        f"mutation($i: {kind}Input!) {{ {mutation}(input: $i) {{ "
        f"... on {kind}Payload {{ grant {{ status }} }} ... on Refusal {{ code }} }} }}"
    )
    answer = await town.ask(persona, document, {"i": given})
    if answer.status == 503:
        return "UNAVAILABLE"
    found = answer["data"][mutation]
    return str(found.get("code") or found["grant"]["status"])


async def _one(town: Town, persona: str, grant_id: str, notice: str, turn: int) -> str:
    """An approval, a refusal, a withdrawal or a narrower approval, in turn."""
    change = {"grantId": grant_id, "expectedVersion": 1}
    if turn % 4 == 1:
        return await _act(town, persona, "grantReject", change)
    if turn % 4 == 2:
        return await _act(town, "bank-1", "grantRelinquish", change)
    terms = {"terms": {"uses": 1}} if turn % 4 == 3 else {}
    return await _act(town, persona, "grantApprove", {**change, "noticeHash": notice, **terms})


async def _mark(town: Town, grant_id: str, notice: str, turn: int, version: int) -> str:
    persona = ("company-1-seal", "company-1-legal")[turn % 2]
    given = {"grantId": grant_id, "expectedVersion": version, "noticeHash": notice}
    return await _act(town, persona, "grantApprove", given)


async def test_64_approvals_refusals_and_withdrawals_are_one_outcome(town: Town) -> None:
    notice = await _notice(town)
    for round_ in range(scaled(2, 40)):
        persona = f"citizen-{(2, 4, 5, 6, 7, 9)[round_ % 6]}"
        async with town.house.database.writing() as unit:
            from grants.tables import cooling

            await unit.run(cooling.delete())
        grant_id = await asked(town, persona, f"race {round_}", validUntil=f"20{28 + round_ // 40}-01-01T00:00:00Z",
                               categories=["ADMINISTRATIVE"], uses=1 + round_)  # fmt: skip
        answers = await asyncio.gather(*(_one(town, persona, grant_id, notice, turn) for turn in range(64)))
        stored = await town.count("SELECT version FROM consent_grant WHERE id = :g", g=grant_id)
        assert (stored, await _steps(town, grant_id)) == (2, 2)
        # A withdrawal of what was refused in silence is answered as any other, and changes nothing but its reading.
        won = [answer for answer in answers if answer not in _LOST]
        assert won[:1] == won or sorted(won) == ["LAPSED", "REJECTED"], Counter(answers)
        assert won, Counter(answers)
        await town.act(persona, "grantRevoke", {"grantId": grant_id}, "replayed")


async def test_64_marks_at_once_are_one_of_each(town: Town) -> None:
    notice = await _notice(town)
    for round_ in range(scaled(2, 40)):
        made = await ask(town, f"marks {round_}", subject={"identity": await company(town)})
        grant_id = made["grant"]["id"]
        first = Counter(await asyncio.gather(*(_mark(town, grant_id, notice, turn, 1) for turn in range(64))))
        assert first["PARTLY_APPROVED"] == 1, first
        assert set(first) <= {"PARTLY_APPROVED", *_LOST}, first
        second = Counter(await asyncio.gather(*(_mark(town, grant_id, notice, turn, 2) for turn in range(64))))
        assert second["ACTIVE"] == 1, second
        assert set(second) <= {"ACTIVE", *_LOST}, second
        assert await town.count("SELECT count(*) FROM grant_mark WHERE grant_id = :g", g=grant_id) == 2
        assert await _steps(town, grant_id) == 3
        await town.act("company-1-seal", "grantRevoke", {"grantId": grant_id}, "replayed")


async def test_64_looks_on_5_a_day_are_exactly_5(town: Town) -> None:
    for round_ in range(scaled(1, 20)):
        made = await town.grant("citizen-1", key=f"period {round_}", usesPerPeriod=5, period="DAY", uses=100)
        grant_id = made["grant"]["id"]
        query = {"q": {"grantId": grant_id, "stage": "PRE_LOAN", "operator": "甲"}}
        day = day_of(datetime.now(UTC))
        answers = await asyncio.gather(*(town.ask("bank-1", _LOOK, query) for _ in range(64)))
        outcomes = Counter(answer.code if "errors" in answer else "ANSWERED" for answer in answers)
        if day == day_of(datetime.now(UTC)):
            assert outcomes == {"ANSWERED": 5, "PERIOD_USED_UP": 59}
            assert await town.count("SELECT uses_left FROM consent_grant WHERE id = :g", g=grant_id) == 95


async def test_one_code_and_one_request_id_serve_one_request_whoever_comes_at_once(town: Town) -> None:
    for round_ in range(scaled(2, 20)):
        made = await town.act("citizen-2", "connectCodeCreate", {"idempotencyKey": f"c{round_}"}, "connectCode")
        code = {"connectCode": made["connectCode"]}
        answers = await asyncio.gather(
            *(ask(town, f"{round_} {turn}", subject=code, reason=f"第{turn}次") for turn in range(16))
        )
        assert Counter("grant" in answer for answer in answers) == {True: 1, False: 15}
        same = await asyncio.gather(*(ask(town, f"one {round_}", validUntil="2027-06-01T00:00:00Z") for _ in range(16)))
        assert len({answer["grant"]["id"] for answer in same}) == 1
        assert Counter(answer["replayed"] for answer in same) == {True: 15, False: 1}
