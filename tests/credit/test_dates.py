"""Three dates and the status, by decision table, through every lens of the API."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import text

from core.ids import new_id
from core.moments import day_of
from credit.tables import record
from tests.harness import organs, reporting
from tests.harness.asking import identity
from tests.harness.callers import Town

_CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("dates.yaml").read_text("utf-8"))
_TITLES = {row["case"] for row in _CASES}
_OWN = "query($f: RecordFilter) { me { records(first: 100, filter: $f) { edges { node { title status } } } } }"
_PUBLISHED = """query($q: PublishedQueryInput!) { published(query: $q) { objections { filedAt } records(first: 100) {
  edges { node { title status objections { filedAt } } } } } }"""
_GRANTED = """query($q: GrantedQueryInput!) { granted(query: $q) { objections { filedAt } records(first: 100) {
  edges { node { title status objections { filedAt } } } } } }"""
_AGENCY = """query($q: AgencyQueryInput!) { agency(query: $q) { objections { filedAt } records(first: 100) {
  edges { node { title status objections { filedAt } } } } } }"""


def _titles(found: dict[str, Any]) -> dict[str, str]:
    """The table's records in an answer, and how their status reads."""
    nodes = [edge["node"] for edge in found["records"]["edges"]]
    return {node["title"]: node["status"] for node in nodes if node["title"] in _TITLES}


def _record(row: dict[str, Any], subject_id: str, number: int) -> dict[str, Any]:
    today, now = day_of(datetime.now(UTC)), datetime.now(UTC)

    def until(name: str) -> date | None:
        return None if row[name] is None else today + timedelta(days=row[name])

    return {
        "id": new_id("rec"),
        "version": 1,
        "subject_id": subject_id,
        "kind": "penalty",
        "category": "ADMINISTRATIVE",
        "nature": "ADVERSE",
        "title": row["case"],
        "document_number": f"表{number}号",
        "authority": "海津市市场监督管理委员会",
        "occurred_on": today,
        "sorted_on": today,
        "publicity": "PUBLIC",
        "publicity_until": until("publicity"),
        "query_until": until("query"),
        "score_until": until("score"),
        "status": row["status"],
        "source_id": "pty_table",
        "source_name": "海津市市场监督管理委员会",
        "source_kind": "STATE_ORGAN",
        "items": {},
        "marks": [],
        "content_hash": "0" * 64,
        "recorded_at": now,
    }


async def _subject(town: Town, name: str) -> str:
    async with town.house.database.reading() as unit:
        row = await unit.first(text("SELECT subject_id FROM identity_link WHERE name = :n"), {"n": name})
    assert row is not None
    return str(row.subject_id)


async def _enter(town: Town, rows: list[dict[str, Any]]) -> None:
    async with town.house.database.writing() as unit:
        await unit.run(record.insert(), rows)


async def test_who_sees_what_of_which_status_and_dates(town: Town) -> None:
    who = await identity(town, "citizen-2")
    me = await _subject(town, "citizen-2")
    code = (await town.data(None, _NAMED, {"q": {"name": "海津示例餐饮管理有限公司"}}))["published"]["uscc"]
    async with town.house.database.reading() as unit:
        hashes = unit.vault.lookups("USCC", code)
        company = await unit.first(text("SELECT id FROM subject WHERE identity_hash = :h"), {"h": hashes[0]})
    assert company is not None
    for subject_id in (me, company.id):
        await _enter(town, [_record(row, subject_id, number) for number, row in enumerate(_CASES)])
    grant = await town.grant("citizen-2", key="dates")
    asked = {"grantId": grant["grant"]["id"], "stage": "PRE_LOAN", "operator": "甲"}
    agency = await organs.query(town, "citizen-2", subject=who)
    seen = {
        "published": _titles((await town.data(None, _PUBLISHED, {"q": {"uscc": code}}))["published"]),
        "granted": _titles((await town.data("bank-1", _GRANTED, {"q": asked}))["granted"]),
        "agency": _titles((await town.data("agency-1", _AGENCY, agency))["agency"]),
        "listed": _titles((await town.data("citizen-2", _OWN))["me"]),
    }
    for kind in ("FULL", "NO_VIOLATION_CERTIFICATE"):
        day = day_of(datetime.now(UTC)).isoformat()
        report = await reporting.issued(town, "citizen-2", kind, **{"kind": kind, "from": day, "to": day})
        shown = {record["title"] for record in report["said"]["records"]}
        assert shown & _TITLES == {row["case"] for row in _CASES if row["reported"]}, kind
    whole = _titles((await town.data("citizen-2", _OWN, {"f": {"includeEnded": True}}))["me"])
    assert whole == {row["case"]: row["standing"] for row in _CASES}
    for lens, titles in seen.items():
        assert set(titles) == {row["case"] for row in _CASES if row[lens]}, lens
        assert set(titles.values()) <= {"CURRENT"}


_NAMED = "query($q: PublishedQueryInput!) { published(query: $q) { uscc } }"


async def test_which_status_and_date_the_score_counts(town: Town) -> None:
    me, notice = await _subject(town, "citizen-3"), await town.notice("SCORE_OPEN")
    found: dict[str, int] = {}
    for number, row in enumerate([None, *_CASES]):
        if row is not None:
            await _enter(town, [_record(row, me, number)])
        opened = await town.act(
            "citizen-3", "scoreOpen", {"noticeHash": notice, "idempotencyKey": f"o{number}"}, "score { value }"
        )
        found[row["case"] if row else ""] = opened["score"]["value"]
        await town.act("citizen-3", "scoreClose", {"idempotencyKey": f"c{number}"}, "replayed")
        async with town.house.database.writing() as unit:
            await unit.run(record.delete().where(record.c.source_id == "pty_table"))
    nothing = found.pop("")
    assert {case: value < nothing for case, value in found.items()} == {row["case"]: row["scored"] for row in _CASES}
