"""Bad input about grants: a clear refusal, and nothing changed. The table is `refusals.yaml`."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.moments import rfc3339
from tests.harness.asking import approve, ask, asked, company, identity, merchant
from tests.harness.callers import Answered, Town
from tests.harness.everything import stored
from tests.harness.scale import FULL

pytestmark = pytest.mark.parametrize("backend", ["sqlite", *(["postgresql"] if FULL else [])], indirect=True)
_TABLE: Mapping[str, list[dict[str, Any]]] = yaml.safe_load(
    Path(__file__).with_name("refusals.yaml").read_text("utf-8")
)
_LOOK = "query($i: GrantedQueryInput!) { granted(query: $i) { subject { name } } }"
_DAYS = re.compile(r"([+-]\d+)d")
_MILLION = 10**6


def _mutation(name: str) -> str:
    kind = name[0].upper() + name[1:]
    shown = "... on Refusal { code details { path } }"
    return f"mutation($i: {kind}Input!) {{ {name}(input: $i) {{ __typename {shown} }} }}"


_SENT = {
    "request": ("bank-1", _mutation("grantRequest")),
    "approve": ("citizen-2", _mutation("grantApprove")),
    "issue": ("citizen-2", _mutation("grantIssue")),
    "look": ("bank-1", _LOOK),
}


class _Scene:
    """What a good input of each kind is, and what the table's names stand for."""

    def __init__(self, names: Mapping[str, str], good: Mapping[str, Mapping[str, Any]]) -> None:
        self._names, self._good = names, good

    @classmethod
    async def of(cls, town: Town) -> "_Scene":
        waiting = await asked(town, "citizen-2", "waiting", validUntil=_days(30))
        foreign = (await town.grant("citizen-7", key="foreign"))["grant"]["id"]
        counted = (await town.grant("citizen-4", key="counted", uses=3))["grant"]["id"]
        bank = await town.party("海津示例银行")
        about = {"recipientId": bank, "purpose": "FINANCING", "categories": ["ADMINISTRATIVE"]}
        notice = await town.notice("GRANT", **about)
        terms = {"purpose": "FINANCING", "stages": ["PRE_LOAN"], "categories": ["ADMINISTRATIVE"],
                 "validUntil": _days(20)}  # fmt: skip
        names = {
            "$bank": bank,
            "$foreign": foreign,
            "$merchant": await merchant(town),
            "$othersNotice": await town.notice("GRANT", **{**about, "categories": ["HONOUR"]}),
        }
        subject = {"identity": await identity(town, "citizen-2")}
        return cls(
            names,
            {
                "request": {**terms, "requestId": "$case", "subject": subject, "reason": "贷款申请审查"},
                "approve": {"grantId": waiting, "expectedVersion": 1, "noticeHash": notice},
                "issue": {**terms, "recipientId": bank, "noticeHash": notice, "idempotencyKey": "$case"},
                "look": {"grantId": counted, "stage": "PRE_LOAN", "operator": "甲"},
            },
        )

    def input(self, kind: str, case: str, changed: Mapping[str, Any]) -> dict[str, Any]:
        """A good input with these changes."""
        given = {**self._good[kind], **changed}
        return {name: self._said(value, case) for name, value in given.items() if value is not None}

    def _said(self, value: Any, case: str) -> Any:
        if isinstance(value, dict):
            return {name: self._said(inner, case) for name, inner in value.items()}
        if not isinstance(value, str):
            return value
        days = _DAYS.fullmatch(value)
        return _days(int(days[1])) if days else case if value == "$case" else self._names.get(value, value)


def _days(count: int) -> str:
    return rfc3339(datetime.now(UTC) + timedelta(days=count))


def _refusal(answer: Answered) -> tuple[str, list[str]]:
    """The code, and the paths it points at."""
    if "errors" in answer:
        return answer.code, []
    (found,) = answer["data"].values()
    assert found["__typename"] == "Refusal", found
    return found["code"], [".".join(detail["path"][1:]) for detail in found["details"]]


@pytest.mark.parametrize("kind", _TABLE)
async def test_bad_input_is_refused_and_changes_nothing(town: Town, kind: str, figures: dict[str, int]) -> None:
    scene = await _Scene.of(town)
    before = await stored(town)
    persona, document = _SENT[kind]
    for row in _TABLE[kind]:
        sent = scene.input(kind, row["case"], row["with"])
        answer = await town.ask(persona, document, {"i": sent})
        assert answer.status < 500
        assert _refusal(answer) == (row["code"], [row["at"]] if "at" in row else []), (row, answer)
        assert await stored(town) == before, row
    figures["refusals"] = len(_TABLE[kind])
    good = await town.ask(persona, document, {"i": scene.input(kind, "good", {})})
    assert "errors" not in good, good
    assert await stored(town) != before  # it was the change that was refused


@pytest.mark.parametrize("name", ["categories", "stages", "documents"])
async def test_a_list_of_a_million_is_turned_away_at_the_door_and_of_a_thousand_at_its_bound(
    town: Town, name: str
) -> None:
    scene = await _Scene.of(town)
    before, looks = await stored(town), await town.count("SELECT count(*) FROM access")
    element = {"categories": "HONOUR", "stages": "PRE_LOAN", "documents": "0" * 64}[name]
    for kind in ("request", "issue"):
        persona, document = _SENT[kind]
        answer = await town.ask(persona, document, {"i": scene.input(kind, "long", {name: [element] * _MILLION})})
        assert (answer.status, answer.code) == (413, "BODY_TOO_LARGE")
    assert await stored(town, but=()) == {**await stored(town, but=()), **before}
    assert await town.count("SELECT count(*) FROM access") == looks
    many = [f"{number:064x}" for number in range(900)]
    persona, document = _SENT["request"]
    refused = await town.ask(persona, document, {"i": scene.input("request", "many", {"documents": many})})
    assert _refusal(refused) == ("INVALID_INPUT", ["documents"])
    assert await stored(town) == before


async def test_the_same_mark_twice_changes_nothing(town: Town) -> None:
    made = await ask(town, "marks", subject={"identity": await company(town)})
    await approve(town, "company-1-seal", made["grant"]["id"])
    before = await stored(town)
    for _ in range(3):
        assert (await approve(town, "company-1-seal", made["grant"]["id"]))["code"] == "MARK_GIVEN"
    assert await stored(town) == before
