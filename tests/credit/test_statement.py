"""本人声明: beside one's own record, wherever it is shown, and nobody else's to write."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from api.demo import people
from tests.harness import organs
from tests.harness.callers import Town
from tests.harness.city import SEED
from tests.harness.monitoring import events, monitored, record_of, report
from tests.harness.provider_files import TODAY

_SHOWN = "record { id version statement } replayed"
_OWN = "query($i: ID!) { me { record(id: $i) { version statement } } }"
_GRANTED = """query($q: GrantedQueryInput!) { granted(query: $q) { objections { filedAt } records { edges { node {
  statement objections { filedAt } } } } } }"""
_AGENCY = """query($q: AgencyQueryInput!) { agency(query: $q) { objections { filedAt } records { edges { node {
  statement objections { filedAt } } } } } }"""


async def _attach(town: Town, record_id: str, said: str, *, expected: int = 1, by: str = "citizen-2") -> dict[str, Any]:
    input_ = {"recordId": record_id, "expectedVersion": expected, "text": said}
    return await town.act(by, "recordStatementAttach", input_, _SHOWN)


def _said(found: dict[str, Any]) -> set[str | None]:
    return {edge["node"]["statement"] for edge in found["records"]["edges"]}


async def test_it_is_shown_wherever_the_record_is_until_it_is_taken_away(town: Town, tmp_path: Path) -> None:
    loan = await monitored(town)
    await report(town, tmp_path)
    record_id, third = await record_of(town), people.citizen(30, SEED, TODAY).number
    before = len(await events(town, "RECORDS_CHANGED"))
    made = await _attach(town, record_id, f" 罚款已于当日缴清，经办人{third}。\n ")
    said = made["record"]["statement"]
    assert said.startswith("罚款已于当日缴清")
    assert third not in said
    assert (made["record"]["version"], made["replayed"]) == (2, False)
    assert (await _attach(town, record_id, said, expected=2))["replayed"]
    grant = {"q": {"grantId": loan, "stage": "POST_LOAN", "operator": "甲"}}
    agency = await organs.query(town, "citizen-2")
    for wanted in (said, None):
        assert (said in _said((await town.data("bank-1", _GRANTED, grant))["granted"])) is (wanted is not None)
        assert (said in _said((await town.data("agency-1", _AGENCY, agency))["agency"])) is (wanted is not None)
        assert (await town.data("citizen-2", _OWN, {"i": record_id}))["me"]["record"]["statement"] == wanted
        gone = await town.act("citizen-2", "recordStatementWithdraw", {"recordId": record_id}, _SHOWN)
        assert (gone["record"]["statement"], gone["replayed"]) == (None, wanted is None)
    assert len(await events(town, "RECORDS_CHANGED")) > before
    assert await town.count("SELECT count(*) FROM record_version WHERE record_id = :r", r=record_id) == 2


@pytest.mark.parametrize(
    ("said", "code"),
    [("", "LENGTH"), (" \n ", "LENGTH"), ("长" * 301, "LENGTH"), ("已\u200b缴", "CONTROL_CHARACTER")],
)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_what_cannot_be_said_changes_nothing(town: Town, tmp_path: Path, said: str, code: str) -> None:
    await report(town, tmp_path)
    record_id = await record_of(town)
    refused = await _attach(town, record_id, said)
    assert (refused["code"], refused["details"][0]["code"]) == ("INVALID_INPUT", code)
    assert await town.count("SELECT count(*) FROM record WHERE statement IS NOT NULL AND id = :r", r=record_id) == 0


async def test_it_is_the_subjects_own_word(town: Town, tmp_path: Path) -> None:
    await report(town, tmp_path)
    record_id = await record_of(town)
    absent = await _attach(town, "rec_none", "声明", by="citizen-1")
    assert await _attach(town, record_id, "声明", by="citizen-1") == absent
    assert absent["code"] == "NOT_AVAILABLE"
    assert (await _attach(town, record_id, "声明", expected=9))["code"] == "VERSION_CHANGED"
    document = """mutation($i: RecordStatementWithdrawInput!) { recordStatementWithdraw(input: $i) {
      ... on Refusal { code } } }"""
    seal = await town.ask("company-1-seal", document, {"i": {"recordId": record_id}})
    assert seal.code == "FORBIDDEN"
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE record SET status = 'WITHDRAWN' WHERE id = :r"), {"r": record_id})
    assert await _attach(town, record_id, "声明") == absent
    assert await town.count("SELECT count(*) FROM record WHERE statement = '声明'") == 0
