"""What is missing is added as its provider would send it: checked as a row of a file, and entered when decided."""

from typing import Any

import pytest

from objections.kinds import ObjectionGround, ObjectionRequest, ObjectionTarget
from tests.harness import contesting, objecting
from tests.harness.callers import Town
from tests.harness.intake_rows import organisation
from tests.harness.objecting import decided, filed, forwarded, opened, verified

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_WHO, _WHAT = "citizen-6", "2025年取得的食品经营许可"
_MISSING = {
    "target": ObjectionTarget.MISSING_RECORD,
    "ground": ObjectionGround.OMISSION,
    "request": ObjectionRequest.ADD,
    "described": _WHAT,
}
_CELLS = {
    "行政许可决定文书名称": "食品经营许可决定书",
    "行政许可决定文书号": "津食许〔2025〕7号",
    "许可类别": "普通",
    "许可证书名称": "食品经营许可证",
    "许可编号": "JY11299010007",
    "许可内容": "预包装食品销售",
    "许可决定日期": "2025/06/01",
    "有效期自": "2025/06/01",
    "有效期至": "2030/05/31",
    "许可机关": "海津市市场监督管理局",
    "许可机关统一社会信用代码": organisation(7),
    "当前状态": "有效",
    "数据来源单位": "海津市市场监督管理局",
    "数据来源单位统一社会信用代码": organisation(7),
}
_RECORDS = (
    "{ me { records { edges { node { id status title documentNumber source { name } objections { filedAt } } } } } }"
)
_PROPOSED = "query($i: ID!) { handling { case(id: $i) { verification { proposed { code value } } } } }"
_OWN = "FROM identity_link l JOIN {} s ON s.{} = l.subject_id WHERE l.name = 'citizen-6'"
_ENTERED = "SELECT count(*) " + _OWN.format("record", "subject_id")
_MARKED = "SELECT count(*) " + _OWN.format("subject", "id") + " AND s.omissions <> '[]'"


def _items(**changed: str) -> list[dict[str, str]]:
    return [{"code": column, "value": value} for column, value in {**_CELLS, **changed}.items()]


async def _asked(town: Town) -> tuple[str, dict[str, Any]]:
    """A case about what is missing, and what a provider is asked of it."""
    case_id = await filed(town, _WHO, **_MISSING)
    await opened(town, case_id)
    assert (await forwarded(town, case_id))["details"][0]["code"] == "NO_SUCH_PROVIDER"
    await forwarded(town, case_id, providerId=await objecting.provider(town))
    (question,) = await objecting.verifications(town)
    assert (question["described"], question["record"]) == (_WHAT, None)
    return case_id, question


async def test_what_its_provider_adds_is_the_subjects_record_when_the_handler_agrees(town: Town) -> None:
    case_id, question = await _asked(town)
    made = await verified(town, question, "ADD", kind="LICENCE", items=_items())
    assert made["verification"]["answer"] == "ADD", made
    file = await town.data("handler-1", _PROPOSED, {"i": case_id})
    proposed = {one["code"]: one["value"] for one in file["handling"]["case"]["verification"]["proposed"]}
    assert proposed["licence.certificate_name"] == "食品经营许可证", "who decides reads what would be entered"
    assert proposed["licence.certificate_number"] != _CELLS["许可编号"], "masked, as in a record"
    assert (await town.count(_ENTERED), await town.count(_MARKED)) == (0, 1), "the handler decides"
    for outcome in ("NOT_CORRECTED", "CORRECTED", "DELETED", "EXPLAINED"):
        assert (await decided(town, case_id, outcome))["details"][0]["limit"] == "ADDED"
    over = await decided(town, case_id, "ADDED", phase="COLLECTION")
    assert (over["case"]["status"], over["case"]["outcome"]) == ("CLOSED", "ADDED"), over
    (entered,) = [edge["node"] for edge in (await town.data(_WHO, _RECORDS))["me"]["records"]["edges"]]
    source = "海津市市场监督管理委员会"
    assert (entered["status"], entered["title"], entered["source"]["name"]) == (
        "CURRENT",
        "行政许可：食品经营许可证",
        source,
    )
    assert (entered["documentNumber"], entered["objections"]) == ("津食许〔2025〕7号", [])
    assert (await town.count(_ENTERED), await town.count(_MARKED)) == (1, 0)
    (mine,) = await contesting.mine(town, _WHO)
    assert (mine["outcome"], [one["act"] for one in mine["steps"]]) == (
        "ADDED",
        ["FILE", "OPEN", "FORWARD", "VERIFY", "DECIDE", "TELL"],
    )


async def test_what_its_provider_has_sent_meanwhile_is_not_entered_twice(town: Town) -> None:
    """Two questions about the same thing, both answered: one record."""
    for number in (1, 2):
        case_id, question = await _asked(town)
        made = await verified(town, question, "ADD", key=f"again {number}", kind="LICENCE", items=_items())
        assert "verification" in made, made
        over = await decided(town, case_id, "ADDED")
        assert over.get("case", over)["status"] == "CLOSED", over
        assert await town.count(_ENTERED) == 1


async def test_what_a_file_could_not_bring_is_not_added_either(town: Town) -> None:
    _, question = await _asked(town)
    theirs = [*_items(), {"code": "证件号码", "value": "129901199001011230"}]
    asked: list[tuple[dict[str, Any], str]] = [
        ({}, "items"),
        ({"kind": "LICENCE", "items": []}, "items"),
        ({"kind": "LICENCE", "items": _items(许可决定日期="2099/01/01")}, "items"),
        ({"kind": "LICENCE", "items": [*_items(), {"code": "没有这一列", "value": "x"}]}, "items"),
        ({"kind": "SUBJECT", "items": _items()}, "kind"),
        ({"kind": "REGISTRATION", "items": _items()}, "items"),
    ]
    for number, (said, path) in enumerate(asked):
        refused = await verified(town, question, "ADD", key=f"refused {number}", **said)
        assert (refused.get("code"), refused["details"][0]["path"][1]) == ("INVALID_INPUT", path), (said, refused)
    made = await verified(town, question, "ADD", key="another's", kind="LICENCE", items=theirs)
    assert made["verification"]["answer"] == "ADD", "whose it is says the case, whatever is written over it"
    assert await town.count(_ENTERED) == 0
