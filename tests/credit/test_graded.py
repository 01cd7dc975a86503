"""公共信用综合评价 on paper and in a sheet: where grant or mandate includes it, with its mark; never a score."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import bindparam, text

from api.demo import story
from core.database import Instant
from intake import layouts
from tests.harness import organs, reporting
from tests.harness.asking import approve, ask, company
from tests.harness.callers import Town
from tests.harness.city import SEED
from tests.harness.provider_files import load, write

_COMPANY = story.organisation(story.COMPANY, SEED)
_OWN = "{ me { evaluation { grade basis assessedOn validUntil } } }"
_FIELDS = "{ me { accessHistory(includeOwn: true, first: 1) { edges { node { fields } } } } }"
_MARK = text("UPDATE evaluation SET marks = :marks, basis_changed_at = :at").bindparams(
    bindparam("at", type_=Instant())
)
_MARKED = '["2026-11-20T08:00:00+00:00"]'


async def _fields(town: Town) -> list[str]:
    (edge,) = (await town.data("company-1-legal", _FIELDS))["me"]["accessHistory"]["edges"]
    return list(edge["node"]["fields"])


async def test_an_organisations_whole_report_says_its_evaluation_and_is_superseded_with_it(town: Town) -> None:
    async with town.house.database.writing() as unit:
        changed = {"marks": _MARKED, "at": datetime(2026, 11, 21, 1, tzinfo=UTC)}
        await unit.run(_MARK, changed)
    held = (await town.data("company-1-legal", _OWN))["me"]["evaluation"]
    await reporting.issued(town, "citizen-1", "another's")
    report = await reporting.issued(town, "company-1-legal", "whole")
    said = report["said"]["evaluation"]
    assert {name: said[name] for name in held} == held
    assert (said["state"], said["objections"]) == ("HELD", ["2026-11-20T08:00:00+00:00"])
    assert said["basisChangedAt"] == "2026-11-21T01:00:00Z"
    assert report["recordCount"] == len(report["said"]["records"])
    assert "PublicCreditEvaluation.grade" in await _fields(town)
    await reporting.print_all(town)
    printed = reporting.text_of((await reporting.fetch(town, "company-1-legal", report["id"])).content)
    assert f"评价等级{held['grade']}级" in printed
    assert "该评价已于2026年11月20日16:00:00被提出异议" in printed
    assert "依据已变更，待重新评价：该评价所依据的信息已于2026年11月21日09:00:00变更" in printed

    checked = (report["number"], report["code"])
    assert (await reporting.check(town, *checked))["state"] == "GENUINE"
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE evaluation SET version = version + 1"))
    assert (await reporting.check(town, *checked))["state"] == "SUPERSEDED"


async def test_whoever_has_none_and_a_certificate_have_no_such_part(town: Town) -> None:
    for persona in ("citizen-1", "shop-1"):
        assert (await reporting.issued(town, persona, persona))["said"]["evaluation"] is None
    period = {"kind": "NO_VIOLATION_CERTIFICATE", "from": "2023-01-01", "to": "2026-01-01"}
    assert (await reporting.issued(town, "company-1-legal", "none", **period))["said"]["evaluation"] is None
    assert "PublicCreditEvaluation.grade" not in await _fields(town)


async def test_where_none_was_ever_given_the_first_one_supersedes_the_report(town: Town, tmp_path: Path) -> None:
    async with town.house.database.writing() as unit:
        await unit.run(text("DELETE FROM evaluation"))
    report = await reporting.issued(town, "company-1-legal", "before")
    assert report["said"]["evaluation"] == {"state": "NONE", "version": 0}
    checked = (report["number"], report["code"])
    assert (await reporting.check(town, *checked))["state"] == "GENUINE"
    row = {
        "主体名称": _COMPANY.name,
        layouts.IDENTITY_TYPE: "统一社会信用代码",
        layouts.IDENTITY_NUMBER: _COMPANY.number,
        "评价等级": "A",
        "评价依据": "示例指标",
        "评价日期": "2026-03-01",
        "有效期至": "2027-02-28",
    }
    path = write(tmp_path / "evaluations.csv", layouts.EVALUATION, [row])
    assert (await load(town.house, path, "HUB")).added == 1
    assert (await reporting.check(town, *checked))["state"] == "SUPERSEDED"


@pytest.mark.parametrize("includes", [True, False], ids=["included", "not included"])
async def test_inside_a_grant_it_is_said_only_where_the_grant_includes_it(town: Town, includes: bool) -> None:
    asked = await ask(town, "paper", subject={"identity": await company(town)}, includesEvaluation=includes)
    for mark in ("company-1-seal", "company-1-legal"):
        await approve(town, mark, asked["grant"]["id"])
    through = {"grantId": asked["grant"]["id"], "stage": "PRE_LOAN", "operator": "信贷员甲"}
    report = await reporting.issued(town, "bank-1", "granted", **through)
    assert report["said"]["evaluation"]["state"] == ("HELD" if includes else "NOT_GRANTED")
    assert set(report["said"]["evaluation"]) == {"state"} or includes
    assert ("PublicCreditEvaluation.grade" in await _fields(town)) is includes


async def test_a_batch_says_it_where_the_mandate_covers_results_of_evaluation(town: Town) -> None:
    async with town.house.database.writing() as unit:
        changed = {"marks": _MARKED, "at": datetime(2026, 11, 21, 1, tzinfo=UTC)}
        await unit.run(_MARK, changed)
    held = (await town.data("company-1-legal", _OWN))["me"]["evaluation"]
    rows = [["统一社会信用代码", _COMPANY.number, _COMPANY.name], organs.row("citizen-1")]
    found = (await town.data("agency-1", organs.MANDATES))["agencyWork"]["mandates"]
    covering = {"EVALUATION_RESULT" in one["categories"]: one for one in found}
    for covers, mandate in sorted(covering.items()):
        under = {"purpose": mandate["purpose"], "mandateId": mandate["id"]}
        opened = (await organs.open_batch(town, organs.sheet(*rows), **under))["batch"]
        await organs.approve_batch(town, opened)
        await organs.answer(town)
        head, *answered = await organs.fetch(town, opened["id"])
        column = head.index("公共信用综合评价")
        said = {row[0]: row[column] for row in answered}
        if covers:
            assert said["1"].startswith(f"{held['grade']}级；依据：{held['basis']}；{held['assessedOn']}评价")
            assert said["1"].endswith("；依据已变更（2026-11-21），待重新评价；有异议（2026-11-20提出）")
            assert said["2"] == "没有有效的评价"
        else:
            assert set(said.values()) == {"不在依据的信息类别内"}
        assert ("PublicCreditEvaluation.grade" in await _fields(town)) is covers
    assert set(covering) == {True, False}
