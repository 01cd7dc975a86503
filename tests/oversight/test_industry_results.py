"""What a department's model made of an organisation (Art. 9): it is read, looked at by its department, contested."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from api.demo import story
from tests.harness import contesting, exporting, industry, objecting, organs
from tests.harness.callers import Town
from tests.harness.city import SEED
from tests.harness.everything import stored

_ONE = """id run code edition model instrument grade points barred barredText asOf department classes
  factors { indicator label reason reasonText contribution restsOn contested } objections { filedAt }"""
_MINE = f"{{ me {{ industryResults {{ edges {{ node {{ {_ONE} }} }} }} }} }}"
_BY_ID = "query($id: ID!) { me { industryResult(id: $id) { id grade } } }"
_AGENCY = f"query($q: AgencyQueryInput!) {{ agency(query: $q) {{ lookId industryResults {{ {_ONE} }} }} }}"
_CASE = (
    f"query($id: ID!) {{ handling {{ case(id: $id) {{ objection {{ described }} industryResult {{ {_ONE} }} }} }} }}"
)
_WITHDRAW = "mutation($i: ObjectionChangeInput!) { objectionWithdraw(input: $i) { __typename } }"
_LEGAL = "company-1-legal"
_D = Decimal


async def _mine(town: Town, persona: str = _LEGAL) -> list[dict[str, Any]]:
    return [edge["node"] for edge in (await town.data(persona, _MINE))["me"]["industryResults"]["edges"]]


async def _made(town: Town, *, ago: timedelta = timedelta(hours=1), stores: int = 12, **run: Any) -> str:
    """A result of the company's; its id."""
    model_id = await industry.reviewed(town, key=f"m{ago}{stores}")
    company = await contesting.subject_of(town, _LEGAL)
    values = {company: {"GRADE": "D", "STORES": _D(stores)}}
    return (await industry.ran(town, model_id, values, at=datetime.now(UTC) - ago, **run))[company]


async def _query(town: Town, by: str, purpose: str, **changed: Any) -> dict[str, Any]:
    company = story.organisation(story.COMPANY, SEED)
    whom = {"type": "USCC", "number": company.number, "name": company.name}
    mandate = await organs.mandate(town, purpose, by=by)
    return {
        "q": {"caseNumber": "海商〔2026〕3号", "purpose": purpose, "mandateId": mandate, "subject": whom, **changed}
    }


async def test_an_organisation_reads_each_part_of_its_sum_in_words(town: Town) -> None:
    made = await _made(town)
    (found,) = await _mine(town)
    assert (found["id"], found["grade"], found["department"]) == (made, "B", "海津市商务局")
    assert (found["model"], found["edition"], found["classes"]) == (industry.CARD["name"], 1, ["C", "B", "A"])
    assert (found["barred"], found["barredText"]) == (True, "公共信用综合评价为D级的，不评为最高等级")
    said = [(one["label"], one["reasonText"], float(one["contribution"]), one["restsOn"]) for one in found["factors"]]
    assert said == [
        ("公共信用综合评价", "公共信用综合评价：D级", 0, "公共信用综合评价结果"),
        ("门店", "门店：10以上", 100, "评价部门的行业管理数据"),
    ]
    assert sum(float(one["contribution"]) for one in found["factors"]) == float(found["points"])
    assert (await town.data(_LEGAL, _BY_ID, {"id": made}))["me"]["industryResult"] == {"id": made, "grade": "B"}
    copy = await exporting.exported(town, _LEGAL)
    (entry,) = copy.parts["industry-results"]
    assert (entry["class"], entry["model"], entry["factors"][1]["reason"]) == ("B", found["model"], "门店：10以上")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_anothers_result_and_none_are_alike(town: Town) -> None:
    made = await _made(town)
    for persona in ("shop-1", "citizen-1"):
        assert await _mine(town, persona) == []
        theirs = await town.ask(persona, _BY_ID, {"id": made})
        absent = await town.ask(persona, _BY_ID, {"id": "irs_00000000000000000000"})
        assert theirs.response.content == absent.response.content
        before = await stored(town)
        refused = await contesting.file(town, persona, target="INDUSTRY_RESULT", targetId=made)
        assert refused["code"] == "NOT_AVAILABLE"
        assert await stored(town) == before


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("run", [{"state": "RUNNING"}, {"kind": "SIMULATION"}])
async def test_what_is_not_done_and_what_is_only_tried_is_nobodys_result(town: Town, run: dict[str, str]) -> None:
    made = await _made(town, **run)
    assert await _mine(town) == []
    refused = await contesting.file(town, _LEGAL, target="INDUSTRY_RESULT", targetId=made)
    assert refused["code"] == "NOT_AVAILABLE"


async def test_it_is_contested_marked_and_corrected_by_another_run(town: Town) -> None:
    made = await _made(town)
    filed = await contesting.file(town, _LEGAL, target="INDUSTRY_RESULT", targetId=made)
    case = filed["objection"]
    assert case["described"].startswith("商贸企业行业信用评价（第1版）B，")
    assert (case["track"], case["workdaysLeft"] <= 3) == ("OWN_SCOPE", True)
    joined = await contesting.file(town, _LEGAL, key="again", target="INDUSTRY_RESULT", targetId=made)
    assert (joined["joined"], joined["objection"]["id"]) == (True, case["id"])
    # Whoever reads the result now reads the mark with it.
    query = await _query(town, "industry-1", "COMMENDATION")
    marked = (await town.data("industry-1", _AGENCY, query))["agency"]["industryResults"]
    for (found,) in (await _mine(town), marked):
        assert [one["filedAt"] for one in found["objections"]] == [case["filedAt"]]
    await objecting.opened(town, case["id"])
    read = (await town.data("handler-1", _CASE, {"id": case["id"]}))["handling"]["case"]
    assert (read["industryResult"]["id"], read["industryResult"]["grade"]) == (made, "B")
    assert read["objection"]["described"] == case["described"]
    # Nobody sets a result: it is corrected when its department has made another since.
    before = await stored(town)
    refused = await objecting.decided(town, case["id"], "CORRECTED")
    assert refused["details"] == [{"path": ["input", "outcome"], "code": "COMES_BY_RUN", "limit": None}]
    assert await stored(town) == before
    company = await contesting.subject_of(town, _LEGAL)
    again = await industry.reviewed(town, key="next")
    await industry.ran(town, again, {company: {"GRADE": "D", "STORES": _D(3)}}, at=datetime.now(UTC))
    done = (await objecting.decided(town, case["id"], "CORRECTED"))["case"]
    assert (done["status"], done["outcome"]) == ("CLOSED", "CORRECTED")
    now = await _mine(town)
    assert [(one["grade"], one["edition"], one["objections"]) for one in now] == [("C", 2, []), ("B", 1, [])]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_taken_back_the_mark_is_gone_and_a_refusal_needs_a_second_person(town: Town) -> None:
    made = await _made(town)
    case = (await contesting.file(town, _LEGAL, target="INDUSTRY_RESULT", targetId=made))["objection"]
    back = {"objectionId": case["id"], "expectedVersion": case["version"]}
    await town.data(_LEGAL, _WITHDRAW, {"i": back})
    assert (await _mine(town))[0]["objections"] == []
    case = (await contesting.file(town, _LEGAL, key="two", target="INDUSTRY_RESULT", targetId=made))["objection"]
    await objecting.opened(town, case["id"])
    assert (await objecting.decided(town, case["id"], "NOT_CORRECTED"))["case"]["status"] == "DECIDED"
    assert (await _mine(town))[0]["objections"] != []
    assert (await objecting.act(town, "approver-1", "Approve", case["id"]))["case"]["status"] == "CLOSED"
    assert (await _mine(town))[0]["objections"] == []


async def test_a_department_looks_at_one_of_its_own_under_a_mandate_and_the_organisation_sees_it(town: Town) -> None:
    await _made(town)
    found = (await town.data("industry-1", _AGENCY, await _query(town, "industry-1", "COMMENDATION")))["agency"]
    assert [one["grade"] for one in found["industryResults"]] == ["B"]
    looks = await organs.trail(town, _LEGAL)
    (look,) = [one for one in looks if one["id"] == found["lookId"]]
    assert (look["basis"], look["actor"]["name"], look["caseNumber"]) == ("STATUTE", "海津市商务局", "海商〔2026〕3号")
    # Another organ's mandate of that class shows its own models' results, of which there are none.
    others = (await town.data("agency-1", _AGENCY, await _query(town, "agency-1", "COMMENDATION")))["agency"]
    assert others["industryResults"] == []


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_mandate_without_results_of_evaluation_shows_none(town: Town) -> None:
    await _made(town)
    before = await stored(town)
    refused = await town.ask("industry-1", _AGENCY, await _query(town, "industry-1", "FUNDING_SUPPORT"))
    assert refused.code == "NOT_GRANTED"
    assert refused.get("data") is None
    assert "商贸企业" not in refused.response.text
    assert await stored(town) == before
    # What was tried stands in its trail, and nothing was read.
    tried = [one for one in await organs.trail(town, _LEGAL) if one["basis"] == "STATUTE"]
    assert [(one["recordCount"], one["caseNumber"]) for one in tried] == [(0, "海商〔2026〕3号")]
