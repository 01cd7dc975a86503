"""People of sixteen and seventeen: set aside, seen masked, taken or dropped by one person, and never before."""

import asyncio
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from intake import layouts, reviewing
from tests.harness.callers import Town
from tests.harness.intake_rows import person
from tests.harness.provider_files import AT, TODAY, counts, load, penalty, write

SEVENTEEN = date(TODAY.year - 17, TODAY.month, 1) - timedelta(days=1)
NUMBER, NAME = person(SEVENTEEN), "马小明"
DESK = "{ intakeReview { rows { edges { node { id layout line masked age provider { name } } } } } }"


def _subject() -> dict[str, str]:
    return {"主体类别": "自然人", "证件类型": "身份证", "证件号码": NUMBER, "主体名称": NAME}


async def _send(town: Town, tmp_path: Path) -> str:
    """Send the row; what it is called on the desk."""
    result = await load(town.house, write(tmp_path / "a.csv", layouts.SUBJECT, [_subject()]), "HUB")
    assert (counts(result), result.set_aside) == ((0, 0, 0, 0), 1)
    assert result.rejected_path is None
    rows = (await town.data("approver-1", DESK))["intakeReview"]["rows"]["edges"]
    assert len(rows) == 1
    return str(rows[0]["node"]["id"])


async def _decide(town: Town, row_id: str, decision: str, by: str = "approver-1") -> dict[str, object]:
    said = {"rowId": row_id, "decision": decision, "reason": "已核实劳动合同与工资流水"}
    return await town.act(by, "rowSetAsideDecide", said, "rowId decision replayed")


async def test_a_row_set_aside_leaves_nothing_anywhere(
    town: Town, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    before = await town.count("SELECT count(*) FROM subject")
    await _send(town, tmp_path)
    answer = await town.ask("approver-1", DESK)
    node = answer["data"]["intakeReview"]["rows"]["edges"][0]["node"]
    assert node["masked"] == NUMBER[:4] + "*" * 12 + NUMBER[-2:]
    assert (node["age"], node["layout"], node["line"]) == (17, "信用主体", 2)
    assert await town.count("SELECT count(*) FROM subject") == before
    said = "".join(capfd.readouterr()) + caplog.text + answer.response.text
    async with town.house.database.reading() as unit:
        kept = repr(await unit.all(text("SELECT * FROM row_set_aside")))
    for secret in (NUMBER, NAME):
        assert secret not in said
        assert secret not in kept


async def test_who_supports_themselves_is_taken_as_an_adult_and_known_from_then_on(town: Town, tmp_path: Path) -> None:
    row_id = await _send(town, tmp_path)
    record = penalty("少年", **{layouts.NAME: NAME, layouts.IDENTITY_NUMBER: NUMBER})
    path = write(tmp_path / "b.csv", layouts.PENALTY, [record])
    assert (await load(town.house, path)).set_aside == 1
    early = [edge["node"]["id"] for edge in (await town.data("approver-1", DESK))["intakeReview"]["rows"]["edges"]]
    (waiting,) = set(early) - {row_id}
    refused = await _decide(town, waiting, "TAKEN")
    assert (refused["code"], "信用主体未登记" in str(refused["message"])) == ("ROW_NOT_TAKEN", True)
    assert (await _decide(town, row_id, "TAKEN"))["replayed"] is False
    assert (await _decide(town, row_id, "TAKEN"))["replayed"] is True
    assert (await _decide(town, row_id, "DROPPED"))["code"] == "WRONG_STATE"
    assert (await _decide(town, waiting, "TAKEN"))["replayed"] is False
    assert counts(await load(town.house, path)) == (0, 0, 1, 0)
    assert await town.count("SELECT count(*) FROM row_set_aside WHERE sealed IS NOT NULL") == 0


async def test_what_is_dropped_is_gone_and_the_same_row_is_answered_without_asking(town: Town, tmp_path: Path) -> None:
    row_id = await _send(town, tmp_path)
    assert (await _decide(town, row_id, "DROPPED"))["replayed"] is False
    result = await load(town.house, write(tmp_path / "a.csv", layouts.SUBJECT, [_subject()]), "HUB")
    assert (counts(result), set(result.findings)) == ((0, 0, 0, 1), {"REVIEWED_NOT_TAKEN"})
    assert await town.count("SELECT count(*) FROM row_set_aside WHERE sealed IS NOT NULL") == 0


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_row_sent_twice_waits_once_and_goes_when_its_term_is_over(town: Town, tmp_path: Path) -> None:
    row_id = await _send(town, tmp_path)
    assert await _send(town, tmp_path) == row_id
    async with town.house.database.writing() as unit:
        assert await reviewing.sweep(unit, at=AT + reviewing.TERM - timedelta(seconds=1)) == 0
        assert await reviewing.sweep(unit, at=AT + reviewing.TERM) == 1
    assert await town.count("SELECT count(*) FROM row_set_aside") == 0


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("persona", ["provider-1", "officer-1", "handler-1", "agency-1", "citizen-1", "bank-1"])
async def test_nobody_else_sees_or_decides(town: Town, tmp_path: Path, persona: str) -> None:
    row_id = await _send(town, tmp_path)
    answer = await town.ask(persona, DESK)
    assert answer.get("data") is None
    assert NUMBER[:4] not in answer.response.text
    decide = "rowSetAsideDecide(input: $i) { ... on RowSetAsideDecidePayload { rowId } }"
    document = f"mutation($i: RowSetAsideDecideInput!) {{ {decide} }}"
    said = {"i": {"rowId": row_id, "decision": "TAKEN", "reason": "x"}}
    assert (await town.ask(persona, document, said)).get("data") is None
    assert await town.count("SELECT count(*) FROM row_set_aside WHERE decision IS NULL") == 1


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_two_who_decide_at_once_decide_once(town: Town, tmp_path: Path) -> None:
    row_id = await _send(town, tmp_path)
    taken, dropped = await asyncio.gather(
        _decide(town, row_id, "TAKEN", "approver-1"), _decide(town, row_id, "DROPPED", "approver-2")
    )
    assert sorted(str(one.get("code")) for one in (taken, dropped)) == ["None", "WRONG_STATE"]
    subjects = await town.count("SELECT count(*) FROM subject WHERE adult_from > CURRENT_DATE")
    assert subjects == (1 if "code" not in taken else 0)
