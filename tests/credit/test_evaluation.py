"""公共信用综合评价 (Art. 9): entered by file, and seen by the organisation, and by whom a grant or a mandate lets."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select, text

from api.demo import people, story
from api.house import House
from audit.lens import Audience, BasisKind, Lens
from core.moments import CITY
from credit import grades
from credit.tables import evaluation as table
from credit.tables import evaluation_version
from intake import layouts
from tests.harness import organs
from tests.harness.asking import approve, ask, company
from tests.harness.callers import Town
from tests.harness.city import SEED
from tests.harness.provider_files import AT, counts, load, someone, write

_ROWS = yaml.safe_load(Path(__file__).with_name("evaluation.yaml").read_text("utf-8"))
_VALUE = "evaluation { grade basis assessedOn validUntil basisChangedAt objections { filedAt } }"
_GRANTED = f"query($q: GrantedQueryInput!) {{ granted(query: $q) {{ {_VALUE} }} }}"
_AGENCY = f"query($q: AgencyQueryInput!) {{ agency(query: $q) {{ {_VALUE} }} }}"
_COMPANY = story.organisation(story.COMPANY, SEED)
_SHOP = story.organisation(story.SHOP, SEED)


def _row(**said: Any) -> dict[str, str]:
    person = someone()
    name, number = {
        "person": (person.name, person.number),
        "shop": (_SHOP.name, _SHOP.number),
        "nobody": (people.organisation(9999, SEED).name, people.organisation(9999, SEED).number),
        "misnamed": ("海津某某公司", _COMPANY.number),
    }.get(said.get("who", ""), (_COMPANY.name, _COMPANY.number))
    return {
        "主体名称": name,
        layouts.IDENTITY_TYPE: "身份证" if said.get("who") == "person" else "统一社会信用代码",
        layouts.IDENTITY_NUMBER: number,
        "评价等级": said["grade"],
        "评价依据": said.get("basis", "示例指标"),
        "评价日期": str(said["assessed"]),
        "有效期至": str(said["until"]),
    }


async def _load(house: House, folder: Path, **said: Any) -> tuple[int, int, int, int]:
    path = write(folder / "evaluations.csv", layouts.EVALUATION, [_row(**said)])
    return counts(await load(house, path, "HUB"))


async def test_what_becomes_of_each_row(house: House, tmp_path: Path) -> None:
    async with house.database.writing() as unit:
        await unit.run(text("DELETE FROM evaluation"))
    assert await _load(house, tmp_path, grade="A", assessed="2026-03-01", until="2027-02-28") == (1, 0, 0, 0)
    versions = 0
    for row in _ROWS:
        found = await _load(house, tmp_path, **row)
        expected = {"changed": (0, 1, 0, 0), "unchanged": (0, 0, 1, 0)}.get(row["becomes"], (0, 0, 0, 1))
        assert found == expected, row
        versions += row["becomes"] == "changed"
        if expected[3]:
            told = (tmp_path / "evaluations.rejected.csv").read_text("utf-8-sig")
            assert told.count("\n") == 2, row
    async with house.database.reading() as unit:
        kept = await unit.all(select(evaluation_version).order_by(evaluation_version.c.version))
        (now,) = await unit.all(select(table))
    assert [(one.content["grade"], one.content["version"]) for one in kept] == [("A", 1), ("B", 2), ("B", 3)]
    assert (now.grade, now.version, now.marks) == ("C", versions + 1, [])


async def test_it_holds_from_its_first_day_to_the_end_of_its_last(house: House, tmp_path: Path) -> None:
    async with house.database.writing() as unit:
        await unit.run(text("DELETE FROM evaluation"))
    await _load(house, tmp_path, grade="A", assessed="2026-03-01", until="2026-03-31")
    async with house.database.reading() as unit:
        (row,) = await unit.all(select(table))
        lens = Lens(Audience.SUBJECT, BasisKind.SELF, row.subject_id)
        for day, holds in (
            (date(2026, 2, 28), False),
            (date(2026, 3, 1), True),
            (date(2026, 3, 31), True),
            (date(2026, 4, 1), False),
        ):
            for hour in (time(0, 0), time(23, 59)):
                at = datetime.combine(day, hour, CITY).astimezone(UTC)
                assert (await grades.of(unit, lens, at=at) is not None) is holds, (day, hour)


async def test_an_organisation_sees_its_own_and_a_person_has_none(town: Town) -> None:
    own = (await town.data("company-1-legal", f"{{ me {{ {_VALUE} }} }}"))["me"]["evaluation"]
    assert own["grade"] in "ABCD"
    assert own["basis"] == "海津市公共信用综合评价指标（2026年版）"
    assert own["objections"] == []
    for persona in ("citizen-1", "shop-1"):
        assert (await town.data(persona, f"{{ me {{ {_VALUE} }} }}"))["me"]["evaluation"] is None


async def _granted(town: Town, key: str, **terms: Any) -> Any:
    """What the bank is answered through a grant of the company, with both marks."""
    made = await ask(town, key, subject={"identity": await company(town)}, **terms)
    for mark in ("company-1-seal", "company-1-legal"):
        await approve(town, mark, made["grant"]["id"])
    query = {"grantId": made["grant"]["id"], "stage": "PRE_LOAN", "operator": "信贷员甲"}
    return await town.ask("bank-1", _GRANTED, {"q": query})


async def test_a_grant_shows_it_only_where_it_says_so(town: Town) -> None:
    refused = await _granted(town, "without")
    assert refused.code == "NOT_GRANTED"
    assert [one["path"] for one in refused["errors"][0]["extensions"]["details"]] == [["evaluation"]]
    assert refused["data"] is None
    line = (await organs.trail(town, "company-1-legal"))[0]
    assert (line["basis"], line["recordCount"]) == ("GRANT", 0)
    assert "未获准许" in line["summary"]
    shown = await _granted(town, "with", includesEvaluation=True)
    own = (await town.data("company-1-legal", f"{{ me {{ {_VALUE} }} }}"))["me"]["evaluation"]
    assert shown["data"]["granted"]["evaluation"] == own
    fields = "{ me { accessHistory(first: 1) { edges { node { fields } } } } }"
    (seen,) = (await town.data("company-1-legal", fields))["me"]["accessHistory"]["edges"]
    assert "PublicCreditEvaluation.grade" in seen["node"]["fields"]


async def test_no_grant_of_a_persons_includes_one(town: Town) -> None:
    refused = await town.grant("citizen-1", key="of a person", includesEvaluation=True)
    assert [(one["code"], one["path"]) for one in refused["details"]] == [
        ("ONLY_FOR_ORGANISATIONS", ["input", "includesEvaluation"])
    ]


@pytest.mark.parametrize("root", ["granted", "agency"])
async def test_nobody_selects_it_without_its_mark(town: Town, root: str) -> None:
    kind = {"granted": "GrantedQueryInput", "agency": "AgencyQueryInput"}[root]
    document = f"query($q: {kind}!) {{ {root}(query: $q) {{ evaluation {{ grade }} }} }}"
    caller = {"granted": "bank-1", "agency": "agency-1"}[root]
    query: Any = (
        {"grantId": "grt_x", "operator": "甲"} if root == "granted" else (await organs.query(town, "citizen-1"))["q"]
    )
    assert (await town.ask(caller, document, {"q": query})).code == "MARK_REQUIRED"


async def test_a_mandate_shows_it_only_where_it_covers_results_of_evaluation(town: Town) -> None:
    found = (await town.data("agency-1", organs.MANDATES))["agencyWork"]["mandates"]
    covering = {"EVALUATION_RESULT" in one["categories"]: one for one in found}
    subject = {"type": "USCC", "number": _COMPANY.number, "name": _COMPANY.name}
    for covers, mandate in covering.items():
        asked = {"purpose": mandate["purpose"], "mandateId": mandate["id"], "subject": subject}
        answer = await town.ask("agency-1", _AGENCY, await organs.query(town, "citizen-1", **asked))
        if covers:
            assert answer["data"]["agency"]["evaluation"]["grade"] in "ABCD"
        else:
            assert (answer.code, answer["data"]) == ("NOT_GRANTED", None)
    assert set(covering) == {True, False}


async def test_a_mark_goes_out_with_the_value(town: Town) -> None:
    marked = '["2026-11-20T08:00:00+00:00"]'
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE evaluation SET marks = :marks"), {"marks": marked})
    shown = await _granted(town, "marked", includesEvaluation=True)
    assert shown["data"]["granted"]["evaluation"]["objections"] == [{"filedAt": "2026-11-20T08:00:00Z"}]


async def test_one_that_is_over_is_nobodys(town: Town) -> None:
    over = AT - timedelta(days=2)
    async with town.house.database.writing() as unit:
        await unit.run(table.update().values(assessed_on=over.date(), valid_until=over.date()))
    shown = await _granted(town, "over", includesEvaluation=True)
    assert shown["data"] == {"granted": {"evaluation": None}}
