"""A department's models over GraphQL (Art. 9): one officer writes, another reviews, nobody else finds anything."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from api import personas
from core.principal import Scope
from tests.harness.callers import Town
from tests.harness.everything import stored

_MODEL = """model { id code edition sha256 state version byMe name reason
  author { label } indicators { code weight bins { start value points reason } } classes { code start } } replayed"""
_ONE = "query($id: ID!) { industry { model(id: $id) { id state sha256 byMe } } }"
_BEFORE = "query($id: ID!) { industry { model(id: $id) { before { id edition before { id } } } } }"
_LIST = "{ industry { models { edges { node { id code edition } } } } }"
_GRADES = [
    {"value": g, "points": p, "reason": f"GRADE_{g}"} for g, p in zip("ABCD", ("100", "80", "40", "0"), strict=True)
]
_CARD: dict[str, Any] = {
    "name": "商贸企业行业信用评价",
    "instrument": "《海津市商贸行业信用评价办法（示例）》",
    "indicators": [
        {
            "code": "GRADE",
            "label": "公共信用综合评价",
            "description": "综合评价等级",
            "source": "EVALUATION",
            "weight": "0.6",
            "missing": "40",
            "bins": _GRADES,
        },
        {
            "code": "STORES",
            "label": "门店",
            "description": "门店数量",
            "source": "OWN_NUMBER",
            "weight": "0.4",
            "missing": "0",
            "bins": [{"points": "0", "reason": "FEW"}, {"start": "10", "points": "250", "reason": "MANY"}],
        },
    ],
    "classes": [{"code": "C"}, {"code": "B", "start": "40"}, {"code": "A", "start": "80"}],
}


async def _drafted(town: Town, key: str = "k", by: str = "industry-1", **card: Any) -> dict[str, Any]:
    given = {"code": "SM-01", "scorecard": {**_CARD, **card}, "idempotencyKey": key}
    return await town.act(by, "industryModelDraft", given, _MODEL)


async def _does(town: Town, by: str, act: str, model: dict[str, Any], **more: Any) -> dict[str, Any]:
    return await town.act(by, act, {"modelId": model["id"], "expectedVersion": model["version"], **more}, _MODEL)


async def test_one_writes_and_another_reviews(town: Town) -> None:
    made = await _drafted(town)
    draft = made["model"]
    assert (draft["edition"], draft["state"], draft["byMe"], made["replayed"]) == (1, "DRAFT", True, False)
    assert (draft["author"]["label"], draft["name"]) == ("行业评价经办人", _CARD["name"])
    assert draft["classes"] == [
        {"code": "C", "start": None},
        {"code": "B", "start": "40"},
        {"code": "A", "start": "80"},
    ]
    again = await _drafted(town)
    assert (again["model"]["id"], again["replayed"]) == (draft["id"], True)
    # Nobody else writes it; and with a key that was used, nobody says something else.
    assert (await _does(town, "industry-2", "industryModelSubmit", draft))["code"] == "NOT_THE_AUTHOR"
    assert (await _drafted(town, name="别的"))["code"] == "IDEMPOTENCY_KEY_REUSED"
    word = {"stands": True, "reason": "指标与权重依据充分"}
    assert (await _does(town, "industry-2", "industryModelReview", draft, **word))["code"] == "WRONG_STATE"
    handed = (await _does(town, "industry-1", "industryModelSubmit", draft))["model"]
    assert handed["state"] == "IN_REVIEW"
    assert (await _does(town, "industry-1", "industryModelRevise", handed, scorecard=_CARD))["code"] == "WRONG_STATE"
    assert (await _does(town, "industry-1", "industryModelReview", handed, **word))["code"] == "SECOND_PERSON"
    assert (await _does(town, "industry-2", "industryModelReview", draft, **word))["code"] == "VERSION_CHANGED"
    back = {"stands": False, "reason": "门店权重过高"}
    returned = (await _does(town, "industry-2", "industryModelReview", handed, **back))["model"]
    assert (returned["state"], returned["reason"], returned["byMe"]) == ("RETURNED", "门店权重过高", False)
    classes = [{"code": "C"}, {"code": "B", "start": "40"}, {"code": "A", "start": "85.00"}]
    revised = (
        await _does(town, "industry-1", "industryModelRevise", returned, scorecard={**_CARD, "classes": classes})
    )["model"]
    assert revised["classes"][2] == {"code": "A", "start": "85"}
    assert revised["sha256"] != draft["sha256"]
    handed = (await _does(town, "industry-1", "industryModelSubmit", revised))["model"]
    assert handed["reason"] is None
    stands = (await _does(town, "industry-2", "industryModelReview", handed, **word))["model"]
    assert stands["state"] == "REVIEWED"
    assert (await _does(town, "industry-1", "industryModelSubmit", stands))["code"] == "WRONG_STATE"
    # What comes after it is another version, and stands beside the one before it.
    following = (await _drafted(town, "next"))["model"]
    assert following["edition"] == 2
    beside = await town.data("industry-2", _BEFORE, {"id": following["id"]})
    assert beside["industry"]["model"]["before"] == {"id": stands["id"], "edition": 1, "before": None}
    listed = (await town.data("industry-2", _LIST))["industry"]["models"]["edges"]
    assert [one["node"]["edition"] for one in listed] == [2, 1]


async def test_what_cannot_stand_is_refused_at_its_place_and_nothing_is_kept(town: Town) -> None:
    before = await stored(town)
    broken = [_CARD["indicators"][0], {**_CARD["indicators"][1], "label": "经营者宗教信仰", "weight": "0.5"}]
    refused = await _drafted(town, indicators=broken)
    assert refused["code"] == "INVALID_INPUT"
    assert [(one["path"], one["code"]) for one in refused["details"]] == [
        (["input", "scorecard", "indicators"], "WEIGHTS"),
        (["input", "scorecard", "indicators", "1", "label"], "FORBIDDEN_ATTRIBUTE"),
    ]
    assert refused["details"][1]["limit"] == "征信业管理条例14：宗教信仰"
    assert (await stored(town))["industry_model"] == before["industry_model"] == []


async def test_a_version_is_tried_on_nobody(town: Town) -> None:
    model = (await _drafted(town))["model"]
    asked = """query($id: ID!, $v: [IndustryValueInput!]!) { industry { model(id: $id) { trial(values: $v) {
      grade points barred barredText factors { indicator reason reasonText contribution } } } } }"""

    async def tried(*values: dict[str, str]) -> Any:
        found = await town.data("industry-2", asked, {"id": model["id"], "v": list(values)})
        return found["industry"]["model"]["trial"]

    stores = {"indicator": "STORES", "number": "10"}
    best = await tried({"indicator": "GRADE", "value": "B"}, stores)
    assert (best["grade"], best["barred"], best["barredText"]) == ("A", False, None)
    barred = await tried({"indicator": "GRADE", "value": "D"}, stores)
    assert (barred["grade"], float(barred["points"]), barred["barred"]) == ("B", 100, True)
    assert barred["barredText"] == "公共信用综合评价为D级的，不评为最高等级"
    assert [(one["reason"], one["reasonText"]) for one in barred["factors"]] == [
        ("GRADE_D", "公共信用综合评价：D级"),
        ("MANY", "门店：10以上"),
    ]
    wrong = await town.ask("industry-2", asked, {"id": model["id"], "v": [{"indicator": "GRADE", "number": "1"}]})
    assert wrong.code == "PARAMETERS_INVALID"


@pytest.mark.parametrize("persona", ["agency-1", "bank-1", "citizen-1", "handler-1", "supervisor-1"])
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_nobody_else_finds_a_departments_model(town: Town, persona: str) -> None:
    model = (await _drafted(town))["model"]
    before = await stored(town)
    theirs = await town.ask(persona, _ONE, {"id": model["id"]})
    absent = await town.ask(persona, _ONE, {"id": "imd_00000000000000000000"})
    assert theirs == absent
    assert theirs.get("data") is None
    submit = "mutation($i: IndustryModelSubmitInput!) { industryModelSubmit(input: $i) { __typename } }"
    assert (await town.ask(persona, submit, {"i": {"modelId": model["id"], "expectedVersion": 1}})).status == 403
    assert (await stored(town))["industry_model"] == before["industry_model"]


async def test_another_department_with_the_same_right_finds_nothing(town: Town) -> None:
    model = (await _drafted(town))["model"]
    before = await stored(town)
    headers = {"Authorization": f"Bearer {await _as_another_department(town)}"}
    for model_id in (model["id"], "imd_00000000000000000000"):
        found = await town.ask(None, _ONE, {"id": model_id}, headers=headers)
        assert found.code == "NOT_AVAILABLE"
    listed = await town.ask(None, _LIST, headers=headers)
    assert listed["data"]["industry"]["models"]["edges"] == []
    assert (await stored(town))["industry_model"] == before["industry_model"]


async def _as_another_department(town: Town) -> str:
    """A token of the permits officer that claims the right to keep models."""
    async with town.house.database.reading() as unit:
        party = await personas.party_of(unit, "agency-1")
    keeper = replace(personas.PERSONAS["agency-1"], scopes=(Scope.INDUSTRY_KEEP,))
    audience = town.house.settings.audience
    return personas.sign(town.house.rings, keeper, "agency-1", party, audience=audience, at=datetime.now(UTC))
