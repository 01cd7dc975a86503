"""保密审查 (Art. 13): what tells of many people leaves by a word of the institution's, or not at all."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from core.database import WriteUnit
from core.errors import NotAvailable
from grants import batches
from grants.batches import Officer
from grants.tables import agency_batch
from oversight.duty import confidentiality
from oversight.duty.confidentiality import BULK, PIECES, ReleaseKind
from oversight.duty.errors import NotReleased
from schema import releases
from tests.harness import organs
from tests.harness.callers import Town
from tests.harness.everything import stored

_LIST = """{ approvals { releases(waiting: false) { edges { node {
  id kind about holds count sha256 recipient requestedAt outcome decidedAt reason } } } } }"""


_SECOND = """SELECT s.id, s.party_id FROM staff s JOIN identity_link l ON l.staff_id = s.id
  WHERE l.name = 'agency-2'"""


async def _answered(town: Town, rows: int) -> str:
    """A batch of so many, approved by a second officer and answered."""
    people = [organs.row("citizen-1"), *(organs.nobody(index) for index in range(rows - 1))]
    opened = (await organs.open_batch(town, organs.sheet(*people)))["batch"]
    assert (await organs.approve_batch(town, opened))["batch"]["state"] == "APPROVED"
    await organs.answer(town)
    return str(opened["id"])


async def _ticket(town: Town, batch_id: str, by: str = "agency-1") -> str:
    return str((await town.act(by, "agencyBatchTicket", {"batchId": batch_id}, "path")).get("code"))


async def test_a_large_answer_does_not_leave_before_the_institution_says_so(town: Town) -> None:
    batch_id = await _answered(town, BULK)
    node = (await town.data("approver-1", _LIST))["approvals"]["releases"]["edges"][0]["node"]
    assert (node["kind"], node["about"], node["count"], node["outcome"]) == ("AGENCY_BATCH", batch_id, BULK, None)
    assert node["recipient"] == "海津市政务服务办公室"
    before = await stored(town)
    for officer in ("agency-1", "agency-2"):
        assert await _ticket(town, batch_id, officer) == "NOT_RELEASED"
    assert await stored(town) == before, "no ticket was made"
    assert (await organs.let_leave(town))["release"]["outcome"] == "RELEASED"
    assert (await organs.fetch(town, batch_id))[0][0] == "序号"
    # Other bytes are another release.
    async with town.house.database.reading() as unit:
        await confidentiality.hold_back(unit, ReleaseKind.AGENCY_BATCH, batch_id, node["sha256"])
        for about, sha256 in ((batch_id, "0" * 64), ("bat_other", node["sha256"])):
            with pytest.raises(NotReleased):
                await confidentiality.hold_back(unit, ReleaseKind.AGENCY_BATCH, about, sha256)


async def test_what_was_refused_never_leaves_and_the_first_word_stands(town: Town) -> None:
    batch_id = await _answered(town, BULK)
    node = (await town.data("approver-1", _LIST))["approvals"]["releases"]["edges"][0]["node"]
    unreasoned = {"releaseId": node["id"], "leaves": False}
    assert (await town.act("approver-1", "releaseDecide", unreasoned, "replayed"))["code"] == "INVALID_INPUT"
    assert (await organs.let_leave(town, leaves=False))["release"]["outcome"] == "REFUSED"
    late = {"releaseId": node["id"], "leaves": True}
    assert (await town.act("approver-2", "releaseDecide", late, "replayed"))["code"] == "REVIEW_OVER"
    assert await _ticket(town, batch_id) == "NOT_RELEASED"


async def test_a_short_list_is_its_two_officers_affair(town: Town) -> None:
    batch_id = await _answered(town, 2)
    assert (await town.data("approver-1", _LIST))["approvals"]["releases"]["edges"] == []
    assert (await organs.fetch(town, batch_id))[0][0] == "序号"


async def test_a_list_in_pieces_is_read_with_the_piece_that_makes_it_a_long_one(town: Town) -> None:
    for rows in (BULK - 2, 1):
        assert (await organs.fetch(town, await _answered(town, rows)))[0][0] == "序号"
    last = await _answered(town, 1)
    node = (await town.data("approver-1", _LIST))["approvals"]["releases"]["edges"][0]["node"]
    assert (node["about"], node["count"], f"共{BULK}行" in node["holds"]) == (last, 1, True)
    assert await _ticket(town, last) == "NOT_RELEASED"
    # What the institution has read is counted no more, whatever it said.
    assert (await organs.let_leave(town, leaves=False))["release"]["outcome"] == "REFUSED"
    assert await _ticket(town, last) == "NOT_RELEASED"
    assert (await organs.fetch(town, await _answered(town, BULK - 1)))[0][0] == "序号"


async def test_pieces_of_long_ago_and_what_was_returned_are_not_counted(town: Town) -> None:
    await _answered(town, BULK - 1)
    async with town.house.database.writing() as unit:
        await unit.run(agency_batch.update().values(opened_at=datetime.now(UTC) - PIECES - timedelta(minutes=1)))
    returned = (await organs.open_batch(town, organs.sheet(*map(organs.nobody, range(BULK - 1)))))["batch"]
    input_ = {"batchId": returned["id"], "expectedVersion": returned["version"], "reason": "重复"}
    assert (await town.act("agency-2", "agencyBatchReturn", input_, "batch { state }"))["batch"]["state"] == "RETURNED"
    assert (await organs.fetch(town, await _answered(town, BULK - 1)))[0][0] == "序号"


async def _approve(unit: WriteUnit, batch: dict[str, Any], at: datetime) -> None:
    """What the second officer's word does, at a moment of its own."""
    by = await unit.first(text(_SECOND))
    assert by is not None
    officer = Officer(by.party_id, by.id, "乙", "WEB", None)
    await batches.approve(unit, batch["id"], officer, expected=batch["version"], at=at)
    await releases.ask_for(unit, await batches.of_organ(unit, batch["id"], by.party_id), by=by.id, at=at)


async def test_a_long_list_is_asked_about_whatever_another_process_clock_says(town: Town) -> None:
    """Who waited for the other has the earlier moment: what was asked in between does not stand for it."""
    whole = organs.sheet(*map(organs.nobody, range(BULK)))
    opened = [(await organs.open_batch(town, whole))["batch"] for _ in range(2)]
    at = datetime.now(UTC)
    for batch, moment in zip(opened, (at, at - timedelta(seconds=1)), strict=True):
        async with town.house.database.writing() as unit:
            await _approve(unit, batch, moment)
    edges = (await town.data("approver-1", _LIST))["approvals"]["releases"]["edges"]
    assert {edge["node"]["about"] for edge in edges} == {batch["id"] for batch in opened}


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_of_two_pieces_that_are_approved_at_once_one_waits(town: Town) -> None:
    half = organs.sheet(*map(organs.nobody, range(BULK // 2)))
    one, two = [(await organs.open_batch(town, half))["batch"] for _ in range(2)]
    async with town.house.database.writing() as unit:
        await _approve(unit, one, datetime.now(UTC))
        other = asyncio.create_task(organs.approve_batch(town, two))
        await town.done_or_blocked(other)
    await other
    edges = (await town.data("approver-1", _LIST))["approvals"]["releases"]["edges"]
    assert [edge["node"]["about"] for edge in edges] == [two["id"]]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_two_who_speak_at_once_are_told_apart_and_nobody_of_elsewhere_is_heard(town: Town) -> None:
    await _answered(town, BULK)
    node = (await town.data("approver-1", _LIST))["approvals"]["releases"]["edges"][0]["node"]
    yes, no = {"releaseId": node["id"], "leaves": True}, {"releaseId": node["id"], "leaves": False, "reason": "无关"}
    said = await asyncio.gather(
        town.act("approver-1", "releaseDecide", yes, "replayed"),
        town.act("approver-2", "releaseDecide", no, "replayed"),
    )
    assert sorted(one.get("code", "") for one in said) == ["", "REVIEW_OVER"]
    async with town.house.database.reading() as unit:
        with pytest.raises(NotAvailable):
            await confidentiality.find(unit, "pty_other", node["id"])
