"""A batch: one officer's sheet, another's word, and a look for each row in the commit that makes the answer."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from api.carrying import duties_of
from audit.log import Log
from core.errors import DependencyDown
from core.installation import Kind
from grants import batches
from tests.harness import organs
from tests.harness.callers import Town
from tests.harness.scale import scaled

_LOOKS = "SELECT count(*) FROM access WHERE basis = 'STATUTE'"
_BLOBS = "SELECT count(*) FROM blob"
_NOBODY = ["居民身份证", organs.NOBODY["number"], organs.NOBODY["name"]]


async def _approved(town: Town, *rows: list[str], **changed: Any) -> str:
    opened = (await organs.open_batch(town, organs.sheet(*rows), **changed))["batch"]
    assert (await organs.approve_batch(town, opened))["batch"]["state"] == "APPROVED"
    return str(opened["id"])


async def _batch(town: Town, batch_id: str, *, by: str = "agency-1") -> dict[str, Any]:
    document = "query($i: ID!) { agencyWork { batch(id: $i) { state version found rowCount until } } }"
    return dict((await town.data(by, document, {"i": batch_id}))["agencyWork"]["batch"] or {})


async def test_the_whole_walk(town: Town) -> None:
    opened = await organs.open_batch(town, organs.sheet(organs.row("citizen-1"), _NOBODY, organs.row("citizen-4")))
    batch = opened["batch"]
    assert (batch["state"], batch["rowCount"], batch["byMe"], batch["openedBy"]) == ("OPEN", 3, True, "许可经办人")
    await organs.answer(town)
    assert await town.count(_LOOKS) == 0, "looked at before a second officer said so"
    assert (await organs.approve_batch(town, batch, by="agency-1"))["code"] == "SECOND_PERSON"
    approved = (await organs.approve_batch(town, batch))["batch"]
    assert (approved["state"], approved["decidedBy"]) == ("APPROVED", "许可复核人")
    await organs.answer(town)
    answered = await _batch(town, batch["id"])
    assert (answered["state"], answered["found"]) == ("ANSWERED", 2)
    head, *rows = await organs.fetch(town, batch["id"])
    assert head[:5] == ["序号", "证件类型", "证件号码", "名称", "查询结果"]
    by_number = {number: [row for row in rows if row[0] == number] for number in ("1", "2", "3")}
    assert [row[4] for row in by_number["2"]] == ["没有可以提供的信息"]
    assert {row[4] for row in by_number["1"]} == {f"共{len(by_number['1'])}条"}
    assert any(row[11].startswith("有异议（") for row in by_number["3"]), "a disputed record without its mark"
    assert all(row[10].startswith("海津市") for row in by_number["1"]), "no source"
    line = (await organs.trail(town, "citizen-1"))[0]
    assert line["actor"] == {"name": "海津市政务服务办公室", "operator": "许可经办人、许可复核人"}
    assert line["summary"].endswith(f"查看了您的信息：行政管理信息，共{len(by_number['1'])}条。")
    assert await town.count(_LOOKS + " AND refused IS NULL") == 2
    assert await town.count(_LOOKS + " AND refused = 'NOT_AVAILABLE' AND subject_id IS NULL") == 1


async def test_a_batch_shows_what_single_looks_show(town: Town) -> None:
    people = ["citizen-1", "citizen-5", "citizen-6", "citizen-9"]
    batch_id = await _approved(town, *(organs.row(persona) for persona in people))
    await organs.answer(town)
    rows = (await organs.fetch(town, batch_id))[1:]
    for number, persona in enumerate(people, start=1):
        view = (await organs.look(town, persona))["data"]["agency"]
        single = [edge["node"]["title"] for edge in view["records"]["edges"]]
        several = [row[6] for row in rows if row[0] == str(number) and row[6]]
        assert several[:2] == single, persona


async def test_a_whole_sheet_is_answered_and_each_row_logged(town: Town, figures: dict[str, int]) -> None:
    count = scaled(120, 2000)
    rows = [organs.row("citizen-1"), *(organs.nobody(index) for index in range(count - 1))]
    batch_id = await _approved(town, *rows)
    await organs.answer(town)
    assert (await _batch(town, batch_id))["found"] == 1
    await organs.let_leave(town)
    answered = {row[0]: row[2] for row in (await organs.fetch(town, batch_id))[1:]}
    assert answered == {str(number): row[1] for number, row in enumerate(rows, start=1)}
    assert await town.count(_LOOKS) == count
    figures["rows"] = count


async def test_the_answer_is_the_two_officers_and_goes_after_a_week(town: Town) -> None:
    batch_id = await _approved(town, organs.row("citizen-1"))
    assert (await town.act("agency-1", "agencyBatchTicket", {"batchId": batch_id}, "path"))["code"] == "NOT_AVAILABLE"
    await organs.answer(town)
    await organs.fetch(town, batch_id, by="agency-2")
    foreign = await town.act("industry-1", "agencyBatchTicket", {"batchId": batch_id}, "path")
    nobodys = await town.act("industry-1", "agencyBatchTicket", {"batchId": "bat_00000000000000000000"}, "path")
    assert foreign == nobodys
    assert await _batch(town, batch_id, by="industry-1") == {}
    ticket = await town.act("agency-1", "agencyBatchTicket", {"batchId": batch_id}, "path")
    assert (await town.http.get(ticket["path"])).status_code == 200
    assert (await town.http.get(ticket["path"])).status_code == 404, "a ticket is good once"
    later = datetime.now(UTC) + batches.ANSWER_KEPT
    async with town.house.database.writing() as unit:
        assert await batches.sweep(unit, town.house.blobs, at=later) == 1
    assert (await _batch(town, batch_id))["state"] == "EXPIRED"
    assert await town.count(_BLOBS) == 0
    assert (await town.act("agency-1", "agencyBatchTicket", {"batchId": batch_id}, "path"))["code"] == "NOT_AVAILABLE"


async def test_a_returned_batch_looks_at_nobody_and_keeps_no_sheet(town: Town) -> None:
    opened = (await organs.open_batch(town, organs.sheet(organs.row("citizen-1"))))["batch"]
    shown = await town.act("agency-2", "agencyBatchTicket", {"batchId": opened["id"], "answer": False}, "path")
    assert (await town.http.get(shown["path"])).status_code == 200, "who decides can read what is asked"
    given = {"batchId": opened["id"], "expectedVersion": 1}
    for by, reason, code in (("agency-2", " ", "INVALID_INPUT"), ("agency-1", "不是本人", "SECOND_PERSON")):
        assert (await town.act(by, "agencyBatchReturn", {**given, "reason": reason}, organs.BATCH))["code"] == code
    returned = await town.act("agency-2", "agencyBatchReturn", {**given, "reason": "名单有误"}, organs.BATCH)
    assert (returned["batch"]["state"], returned["batch"]["reason"]) == ("RETURNED", "名单有误")
    assert (await organs.approve_batch(town, {**opened, "version": 2}))["code"] == "WRONG_STATE"
    await organs.answer(town)
    assert (await town.count(_LOOKS), await town.count(_BLOBS)) == (0, 0)


async def test_what_nobody_decides_lapses(town: Town) -> None:
    opened = (await organs.open_batch(town, organs.sheet(organs.row("citizen-1"))))["batch"]
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE agency_batch SET until = '2026-01-01 00:00:00+00'"))
    assert (await _batch(town, opened["id"]))["state"] == "LAPSED"
    assert (await organs.approve_batch(town, opened))["code"] == "WRONG_STATE"
    async with town.house.database.writing() as unit:
        assert await batches.sweep(unit, town.house.blobs, at=datetime.now(UTC)) == 1
    assert await town.count(_BLOBS) == 0


@pytest.mark.parametrize("what", ["the mandate", "the organ"])
async def test_what_it_rests_on_ends_before_it_is_answered(town: Town, what: str) -> None:
    batch_id = await _approved(town, organs.row("citizen-1"))
    ends = {"the mandate": "UPDATE agency_mandate SET ended_at = '2026-01-01 00:00:00+00'"}
    freezes = "UPDATE party SET state = 'SUSPENDED' WHERE code = 'XZSP'"
    async with town.house.database.writing() as unit:
        await unit.run(text(ends.get(what, freezes)))
    await organs.answer(town)
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE party SET state = 'ACTIVE'"))
    assert (await _batch(town, batch_id))["state"] == "STOPPED"
    assert (await town.count(_LOOKS), await town.count(_BLOBS)) == (0, 0)


async def test_an_answer_whose_looks_cannot_be_logged_is_none(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    batch_id = await _approved(town, organs.row("citizen-1"))

    async def broken(*_: object, **__: object) -> None:
        raise DependencyDown("log")

    with monkeypatch.context() as patched:
        patched.setattr(Log, "append", broken)
        with pytest.raises(DependencyDown):
            await organs.answer(town)
    assert ((await _batch(town, batch_id))["state"], await town.count(_LOOKS)) == ("APPROVED", 0)
    await organs.answer(town)
    assert ((await _batch(town, batch_id))["state"], await town.count(_LOOKS)) == ("ANSWERED", 1)


async def test_a_sheet_that_is_lost_stops_its_batch_and_no_other(town: Town) -> None:
    lost = await _approved(town, organs.row("citizen-1"))
    kept = await _approved(town, organs.row("citizen-2"))
    async with town.house.database.reading() as unit:
        row = await unit.first(text("SELECT sheet_id FROM agency_batch WHERE id = :i"), {"i": lost})
    assert row is not None
    town.house.blobs._path(row.sheet_id).unlink()
    await organs.answer(town)
    assert [(await _batch(town, one))["state"] for one in (lost, kept)] == ["STOPPED", "ANSWERED"]


async def test_an_upload_is_taken_once_and_by_its_own_organ(town: Town) -> None:
    sheet = organs.sheet(organs.row("citizen-1"))
    first = await organs.open_batch(town, sheet, idempotencyKey="a")
    assert first["batch"]["state"] == "OPEN"
    foreign = (await organs.upload(town, sheet, by="industry-1")).json()["id"]
    made_up = "blb_00000000000000000000"
    refused = [await organs.open_batch(town, sheet, uploadId=id_, idempotencyKey=id_) for id_ in (foreign, made_up)]
    assert refused[0] == refused[1]
    assert refused[0]["code"] == "NOT_AVAILABLE"
    again = await organs.open_batch(town, sheet, idempotencyKey="a")
    assert again["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_a_bad_sheet_changes_nothing_and_its_rows_are_named(town: Town) -> None:
    bad = organs.sheet(organs.row("citizen-1"), ["居民身份证", "1", "某"])
    refused = await organs.open_batch(town, bad)
    assert refused["code"] == "INVALID_INPUT"
    assert refused["details"][0]["path"] == ["input", "uploadId", "3", "证件号码"]
    assert await town.count("SELECT count(*) FROM agency_batch") == 0
    assert await town.count("SELECT count(*) FROM upload") == 1, "it can be looked at, and goes by itself"


async def test_subjects_bring_evidence_and_officers_sheets(town: Town) -> None:
    sheet = organs.sheet(organs.row("citizen-1"))
    assert (await organs.upload(town, sheet, by="citizen-1")).status_code == 422
    assert (await organs.upload(town, b"%PDF-1.7\n", by="agency-1")).status_code == 422
    assert (await organs.upload(town, sheet, by="bank-1")).status_code == 403
    assert (await organs.upload(town, b"PK\x03\x04" + bytes(3 * 1024 * 1024), by="agency-1")).status_code == 422


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_of_decisions_that_race_one_holds(town: Town) -> None:
    opened = (await organs.open_batch(town, organs.sheet(organs.row("citizen-1"))))["batch"]
    given = {"batchId": opened["id"], "expectedVersion": 1, "reason": "名单有误"}
    await town.token("agency-2")
    acts = [organs.approve_batch(town, opened) for _ in range(4)]
    acts += [town.act("agency-2", "agencyBatchReturn", given, organs.BATCH) for _ in range(4)]
    outcomes = [one.get("code", "held") for one in await asyncio.gather(*acts)]
    assert sorted(outcomes) == ["WRONG_STATE"] * 7 + ["held"]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_two_that_answer_at_once_answer_once(town: Town) -> None:
    await _approved(town, organs.row("citizen-1"), organs.row("citizen-2"))
    await asyncio.gather(*(organs.answer(town) for _ in range(3)))
    assert await town.count(_LOOKS) == 2
    assert await town.count("SELECT count(*) FROM agency_batch WHERE state = 'ANSWERED'") == 1
    assert await town.count(_BLOBS) == 1


async def test_a_service_carries_the_duty(town: Town) -> None:
    async with duties_of(town.house, Kind.DEMONSTRATION) as duties:
        assert "agency.answer" in {duty.name for duty in duties}
        assert {duty.leader_only for duty in duties if duty.name == "agency.answer"} == {True}
