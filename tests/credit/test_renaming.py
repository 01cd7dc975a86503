"""主体变更: who a subject was finds it still, and nothing of its history goes."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import text

from audit.lens import Audience, BasisKind, Lens
from core.identity import IdentityType, parse
from credit import entering, subjects
from credit.kinds import SubjectKind
from intake import layouts, providers
from intake.findings import CHECKS
from tests.harness import asking, everything, exporting, intake_rows, reporting
from tests.harness.callers import Town
from tests.harness.provider_files import AT, counts, load, penalty, write

_CASES = yaml.safe_load(Path(__file__).with_name("changes_of_subjects.yaml").read_text("utf-8"))
_PUBLISHED = "query($q: PublishedQueryInput!) { published(query: $q) { name uscc formerNames } }"
_MINE = """{ me { name identity { type masked } formerly { name until basis identity { masked } }
  notices(first: 5) { edges { node { kind } } } } }"""
_BASIS = "名称变更登记（2026）第1号"


def _now() -> datetime:
    return datetime.now(UTC)


class _Someone:
    """The subject of a case: what its words stand for."""

    def __init__(self, who: dict[str, str], taken: str) -> None:
        organised = who["type"] == "USCC"
        born = None if organised else parse(IdentityType.RESIDENT_ID, who["number"], today=date(2026, 11, 1)).born
        made = intake_rows.organisation if organised else lambda n: intake_rows.person(born or date(1980, 1, 1), n)
        self.type_ = "统一社会信用代码" if organised else "身份证"
        self.numbers = {"1": who["number"], "2": made(802), "3": made(803), "8": made(808), "9": taken}
        self.numbers |= {"younger": intake_rows.person(date(1999, 9, 9), 804), "passport": "UTO-E7654321"}
        self.names = {"甲": who["name"], "乙": "海津新名", "丙": "海津又名", "丁": "海津他名"}

    def row(self, said: dict[str, Any]) -> dict[str, str]:
        """A row of the file."""
        number = str(said.get("renumber", said.get("by", 1)))
        row = {
            "变更类型": "更名" if "rename" in said else "换号",
            "主体名称": self.names[said.get("rename", said.get("called", "甲"))],
            layouts.IDENTITY_TYPE: self.type_of(number),
            layouts.IDENTITY_NUMBER: self.numbers[number],
            "变更日期": f"2026-{said['day']}",
            "变更依据": _BASIS,
        }
        to = str(said["to"])
        if "rename" in said:
            return {**row, "变更后名称": self.names[to]}
        return {**row, "变更后证件类型": self.type_of(to), "变更后证件号码": self.numbers[to]}

    def type_of(self, number: str) -> str:
        """The document that a number is of."""
        return "护照" if number == "passport" else self.type_


async def _may_change(town: Town) -> None:
    """The hub may send 主体变更 from now on, beside what it sends."""
    line = "HUB,国家机关,信用主体、主体变更,全市,张三,1"
    async with town.house.database.writing() as unit:
        await providers.load(unit, providers.read(f"{','.join(providers.COLUMNS)}\n{line}".encode()), at=AT)


async def _send(town: Town, folder: Path, *rows: dict[str, str]) -> Any:
    return await load(town.house, write(folder / "change.csv", layouts.SUBJECT_CHANGE, list(rows)), "HUB", now=_now)


async def _someone(town: Town, of: str) -> _Someone:
    who = await asking.company(town) if of == "O" else await asking.identity(town, "citizen-1")
    return _Someone(who, (await asking.identity(town, "citizen-2"))["number"])


async def _is_and_was(town: Town, subject_id: str) -> tuple[tuple[str, str], list[tuple[str, str]]]:
    async with town.house.database.reading() as unit:
        row = await unit.first(text("SELECT * FROM subject WHERE id = :i"), {"i": subject_id})
        name, number = subjects.whole(unit.vault, row)
        was = await subjects.formerly(unit, Lens(Audience.SUBJECT, BasisKind.SELF, subject_id))
    return (number, name), [(one.number, one.name) for one in was]


async def _id_of(town: Town, number: str) -> str:
    async with town.house.database.reading() as unit:
        rows = await unit.all(text("SELECT id, identity_sealed FROM subject"))
        return next(r.id for r in rows if unit.vault.open("subject.identity_sealed", r.id, r.identity_sealed) == number)


@pytest.mark.parametrize("case", _CASES, ids=[case["case"] for case in _CASES])
async def test_table(town: Town, tmp_path: Path, case: dict[str, Any]) -> None:
    await _may_change(town)
    someone = await _someone(town, case["of"])
    subject_id = await _id_of(town, someone.numbers["1"])
    for said in case["rows"]:
        result = await _send(town, tmp_path, someone.row(said))
        wanted = {"changed": (0, 1, 0, 0), "unchanged": (0, 0, 1, 0)}.get(said["gives"], (0, 0, 0, 1))
        assert counts(result) == wanted, said
        if said["gives"] in CHECKS:
            assert list(result.findings) == [said["gives"]], said
    number, name = case["is"]
    now, was = await _is_and_was(town, subject_id)
    assert now == (someone.numbers[str(number)], someone.names[name])
    assert was == [(someone.numbers[str(number)], someone.names[name]) for number, name in case["was"]]


async def _renamed_and_renumbered(town: Town, folder: Path, of: str) -> _Someone:
    await _may_change(town)
    someone = await _someone(town, of)
    for said in (
        {"rename": "甲", "to": "乙", "day": "05-01"},
        {"renumber": 1, "to": 2, "day": "06-01", "called": "乙"},
    ):
        assert counts(await _send(town, folder, someone.row(said))) == (0, 1, 0, 0)
    return someone


async def test_the_former_number_still_takes_records_and_makes_no_second_subject(town: Town, tmp_path: Path) -> None:
    someone = await _renamed_and_renumbered(town, tmp_path, "P")
    subjects_here = await town.count("SELECT count(*) FROM subject")
    for name in ("甲", "乙"):
        for number in ("1", "2"):
            who = {layouts.NAME: someone.names[name], layouts.IDENTITY_NUMBER: someone.numbers[number]}
            path = write(tmp_path / "p.csv", layouts.PENALTY, [penalty(f"{name}{number}", **who)])
            assert counts(await load(town.house, path, now=_now)) == (1, 0, 0, 0)
    again = {"主体类别": "自然人", "主体名称": someone.names["甲"], layouts.IDENTITY_TYPE: "身份证"}
    path = write(tmp_path / "s.csv", layouts.SUBJECT, [{**again, layouts.IDENTITY_NUMBER: someone.numbers["1"]}])
    assert counts(await load(town.house, path, "HUB", now=_now)) == (0, 0, 1, 0)
    assert await town.count("SELECT count(*) FROM subject") == subjects_here
    records = "{ me { records(first: 100) { edges { node { documentNumber } } } } }"
    found = {
        edge["node"]["documentNumber"] for edge in (await town.data("citizen-1", records))["me"]["records"]["edges"]
    }
    assert {"甲1", "甲2", "乙1", "乙2"} <= found


async def test_a_person_sees_who_they_were_and_is_told(town: Town, tmp_path: Path) -> None:
    report = await reporting.issued(town, "citizen-1", "r")
    someone = await _renamed_and_renumbered(town, tmp_path, "P")
    me = (await town.data("citizen-1", _MINE))["me"]
    assert me["name"] == someone.names["乙"]
    assert me["identity"]["masked"].endswith(someone.numbers["2"][-2:])
    assert [(one["name"], one["until"], one["basis"]) for one in me["formerly"]] == [
        (someone.names["甲"], "2026-05-01", _BASIS),
        (someone.names["乙"], "2026-06-01", _BASIS),
    ]
    assert {one["identity"]["masked"][:4] for one in me["formerly"]} == {someone.numbers["1"][:4]}
    told = [edge["node"]["kind"] for edge in me["notices"]["edges"]]
    assert {"SUBJECT_RENAMED", "SUBJECT_RENUMBERED"} <= set(told)
    assert (await reporting.check(town, report["number"], report["code"]))["state"] == "SUPERSEDED"
    (subject,) = (await exporting.exported(town, "citizen-1")).parts["subject"]
    assert subject["identityNumber"] == someone.numbers["2"]
    assert [one["identityNumber"] for one in subject["formerly"]] == [someone.numbers["1"]] * 2


_PAIRS = [("1", "甲", True), ("1", "乙", True), ("2", "乙", True), ("2", "甲", False), ("1", "丁", False)]


async def test_number_and_name_find_a_subject_if_they_ever_stood_together(town: Town, tmp_path: Path) -> None:
    someone = await _renamed_and_renumbered(town, tmp_path, "P")
    async with town.house.database.reading() as unit:
        for number, name, found in _PAIRS:
            asked = parse(IdentityType.RESIDENT_ID, someone.numbers[number], today=date(2026, 11, 1))
            subject_id = await subjects.named(unit, asked, someone.names[name], at=_now())
            assert (subject_id is not None) is found, (number, name)


async def test_an_organisation_is_found_in_public_by_the_name_that_it_had(town: Town, tmp_path: Path) -> None:
    someone = await _renamed_and_renumbered(town, tmp_path, "O")
    answers = [
        (await town.data(None, _PUBLISHED, {"q": asked}))["published"]
        for asked in (
            {"name": someone.names["甲"]},
            {"name": someone.names["乙"]},
            {"uscc": someone.numbers["1"]},
            {"uscc": someone.numbers["2"]},
        )
    ]
    present = {"name": someone.names["乙"], "uscc": someone.numbers["2"], "formerNames": [someone.names["甲"]]}
    assert answers == [present] * 4
    # Once another has the name, it is the other's alone.
    new = {"主体类别": "法人", "主体名称": someone.names["甲"], layouts.IDENTITY_TYPE: "统一社会信用代码"}
    row = {**new, layouts.IDENTITY_NUMBER: intake_rows.organisation(899)}
    path = write(tmp_path / "s.csv", layouts.SUBJECT, [row])
    assert counts(await load(town.house, path, "HUB", now=_now)) == (1, 0, 0, 0)
    found = (await town.data(None, _PUBLISHED, {"q": {"name": someone.names["甲"]}}))["published"]
    assert (found["uscc"], found["formerNames"]) == (intake_rows.organisation(899), [])


async def test_whoever_is_not_entitled_changes_nobody(town: Town, tmp_path: Path) -> None:
    someone = await _someone(town, "P")
    before = await everything.stored(town, but={*everything.TRACES, "intake_batch"})
    result = await _send(town, tmp_path, someone.row({"rename": "甲", "to": "乙", "day": "05-01"}))
    assert (counts(result), list(result.findings)) == ((0, 0, 0, 1), ["NOT_BY_THIS_PROVIDER"])
    assert await everything.stored(town, but={*everything.TRACES, "intake_batch"}) == before


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_changed_while_others_send_of_the_same_subject(town: Town, tmp_path: Path) -> None:
    """Under either number, entered as a subject or with records, before or after: one subject, and every record its."""
    await _may_change(town)
    someone = await _someone(town, "P")
    subject_id = await _id_of(town, someone.numbers["1"])
    here = await town.count("SELECT count(*) FROM subject")
    files = []
    for index, provider in enumerate(("SCJG", "JTYS", "WSJK", "ZJ")):
        who = {layouts.NAME: someone.names["甲"], layouts.IDENTITY_NUMBER: someone.numbers["1"]}
        rows = [penalty(f"同{index}-{n}", **who) for n in range(40)]
        files.append((write(tmp_path / f"{provider}.csv", layouts.PENALTY, rows), provider))
    row = {"主体类别": "自然人", "主体名称": someone.names["甲"], layouts.IDENTITY_TYPE: "身份证"}
    again = write(tmp_path / "s.csv", layouts.SUBJECT, [{**row, layouts.IDENTITY_NUMBER: someone.numbers["1"]}])
    change = _send(town, tmp_path, someone.row({"renumber": 1, "to": 2, "day": "06-01"}))
    loads = [load(town.house, path, provider, now=_now) for path, provider in files]
    results = await asyncio.gather(*loads[:2], change, *loads[2:], load(town.house, again, "HUB", now=_now))
    assert [result.rejected for result in results] == [0] * 6
    assert await town.count("SELECT count(*) FROM subject") == here
    mine = "SELECT count(*) FROM record WHERE subject_id = :s AND document_number LIKE '同%'"
    assert await town.count(mine, s=subject_id) == 160
    assert (await _is_and_was(town, subject_id))[0][0] == someone.numbers["2"]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_change_waits_for_whoever_found_the_number_and_enters_it_afterwards(town: Town, tmp_path: Path) -> None:
    """The race itself: a number is looked for and not there, becomes a former one, and would be entered anew."""
    await _may_change(town)
    someone = await _someone(town, "P")
    async with town.house.database.writing() as unit:
        await unit.shared(entering.NUMBERS)
        number = parse(IdentityType.RESIDENT_ID, someone.numbers["2"], today=date(2026, 11, 1))
        change = asyncio.create_task(_send(town, tmp_path, someone.row({"renumber": 1, "to": 2, "day": "06-01"})))
        await town.done_or_blocked(change)
        new = entering.NewSubject(SubjectKind.NATURAL_PERSON, number, "某某")
        assert (await entering.add_subjects(unit, [new], at=_now())).added == 1
    assert list((await change).findings) == ["NEW_NUMBER_TAKEN"]
