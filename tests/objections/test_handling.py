"""The handler's desk: what waits, opening with a statement, letting go, deciding, and a refusal's second person."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from objections import deciding
from objections.errors import ApprovalNeeded
from objections.kinds import Side
from objections.moving import Officer, Read
from tests.harness import contesting, objecting, organs
from tests.harness.callers import Town
from tests.harness.contesting import marks_of
from tests.harness.objecting import act, decided, filed, inbox, opened


async def test_a_case_waits_is_opened_read_and_its_record_taken_out(town: Town) -> None:
    case_id = await filed(town)
    listed = await inbox(town)
    late, fresh = (one["id"] for one in listed)
    assert fresh == case_id, "what is due first comes first: the city has a case that is late already"
    assert [(one["opened"], one["handler"], one["overdue"]) for one in listed] == [
        (False, None, True),
        (False, None, False),
    ]
    assert listed[1]["workdaysLeft"] == 3
    assert [one["id"] for one in await inbox(town, overdue=True)] == [late]
    assert await inbox(town, mine=True) == []
    made = await opened(town, case_id)
    assert (made["case"]["opened"], made["replayed"]) == (True, False)
    assert (await opened(town, case_id))["replayed"] is True
    assert [one["handler"] for one in await inbox(town, mine=True)] == ["异议处理员甲"]
    read = (await objecting.file(town, case_id))["data"]["handling"]["case"]
    assert read["objection"]["text"] == "处罚金额有误"
    assert read["subject"]["name"] == "高浩然"
    assert len(read["record"]["objections"]) == 1
    assert [len(one["record"]["objections"]) for one in read["versions"]] == [0], "as it was before the mark"
    line = (await organs.trail(town, "citizen-9"))[0]
    assert (line["basis"], line["actor"]["operator"]) == ("OBJECTION", "异议处理员甲")
    assert "应您的申请，为“处理异议" in line["summary"]
    over = await decided(town, case_id, "DELETED", phase="AGGREGATION")
    assert (over["case"]["status"], over["case"]["outcome"]) == ("CLOSED", "DELETED")
    told = await town.data("citizen-9", "{ me { objections(first: 1) { edges { node { id phase } } } } }")
    assert [edge["node"] for edge in told["me"]["objections"]["edges"]] == [{"id": case_id, "phase": "AGGREGATION"}]
    after = (await objecting.file(town, case_id))["data"]["handling"]["case"]
    assert after["objection"]["phase"] == "AGGREGATION"
    assert await marks_of(town, read["record"]["id"]) == []
    own = await town.data(
        "citizen-9", "{ me { records(filter: {includeEnded: true}) { edges { node { id status } } } } }"
    )
    assert {"id": read["record"]["id"], "status": "WITHDRAWN"} in [e["node"] for e in own["me"]["records"]["edges"]]
    assert (await decided(town, case_id, "DELETED"))["code"] == "CASE_CLOSED"


async def test_a_refusal_takes_somebody_else(town: Town) -> None:
    case_id = await filed(town)
    record_id = (await objecting.row(town, case_id)).target_id
    await opened(town, case_id)
    assert (await decided(town, case_id, "NOT_CORRECTED"))["case"]["status"] == "DECIDED"
    waiting = await town.data("approver-1", objecting.REFUSALS)
    assert [edge["node"]["id"] for edge in waiting["approvals"]["refusals"]["edges"]] == [case_id]
    assert len(await marks_of(town, record_id)) == 1
    sent = await act(town, "approver-1", "Return", case_id, reason="请补充理由")
    assert (sent["case"]["status"], sent["case"]["outcome"]) == ("FILED", None)
    await decided(town, case_id, "NOT_CORRECTED")
    over = await act(town, "approver-2", "Approve", case_id)
    assert over["case"]["status"] == "CLOSED"
    assert await marks_of(town, record_id) == []
    told = "SELECT count(*) FROM outbox WHERE kind = 'OBJECTION_ANSWERED'"
    assert await town.count(told) == 1


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_without_the_statement_nobody_opens_and_who_has_a_hand_in_it_never(town: Town) -> None:
    handler = "SELECT staff_id FROM identity_link WHERE name = 'handler-1'"
    async with town.house.database.reading() as unit:
        from sqlalchemy import text

        found = await unit.first(text(handler))
    assert found is not None
    case_id = await filed(town, received_by=found.staff_id)
    refused = await opened(town, case_id, by="handler-2", noConflict=False)
    assert [one["code"] for one in refused["details"]] == ["STATEMENT_NEEDED"]
    assert (await opened(town, case_id))["code"] == "CONFLICT_OF_INTEREST"
    assert "case" in await opened(town, case_id, by="handler-2")
    assert (await opened(town, case_id))["code"] == "CONFLICT_OF_INTEREST"
    assert await town.count("SELECT count(*) FROM objection_step WHERE act = 'OPEN'") == 1


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_who_decided_a_refusal_neither_approves_nor_returns_it_in_whichever_post(town: Town) -> None:
    case_id = await filed(town)
    await opened(town, case_id)
    await decided(town, case_id, "NOT_CORRECTED")
    row = await objecting.row(town, case_id)
    themselves = Officer(row.institution_id, row.decided_by, Side.APPROVER)
    read, now = Read(case_id, row.version), datetime.now(UTC)
    with pytest.raises(ApprovalNeeded):
        async with town.house.database.writing() as unit:
            await deciding.approve(unit, themselves, read, at=now)
    with pytest.raises(ApprovalNeeded):
        async with town.house.database.writing() as unit:
            await deciding.send_back(unit, themselves, read, "再核实", at=now)
    assert await objecting.row(town, case_id) == row


@pytest.mark.parametrize("district", [None, "129901"], ids=["the city's", "a district's"])
async def test_whoever_handles_a_case_reads_what_it_contests(town: Town, district: str | None) -> None:
    """What only organs may see, too: a district's institution is one of them as the city's is."""
    case_id = await filed(town)
    async with town.house.database.writing() as unit:
        contested = (
            "UPDATE record SET publicity = 'ORGANS_ONLY' WHERE id = (SELECT target_id FROM objection WHERE id = :i)"
        )
        assert await unit.run(text(contested), {"i": case_id}) == 1
        await unit.run(text("UPDATE party SET district = :d WHERE institution"), {"d": district})
    await opened(town, case_id)
    read = (await objecting.file(town, case_id))["data"]["handling"]["case"]
    assert read["record"]["items"]
    assert await contesting.upload(town, "handler-1")
