"""A disputed value never goes out without its mark: to recipients, organs, in reports, batches and previews."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from core.moments import day_of
from tests.credit.test_score import penalised, recompute
from tests.harness import organs, reporting
from tests.harness.callers import Town
from tests.harness.contesting import file
from tests.objections.test_filing import withdraw

_SEEN = """query($q: GrantedQueryInput!) { granted(query: $q) { objections { filedAt }
  records { edges { node { id objections { filedAt } } } } } }"""
_MISSING = {"target": "MISSING_RECORD", "ground": "OMISSION", "request": "ADD", "described": "一项荣誉"}


async def _granted(town: Town, grant_id: str) -> dict[str, Any]:
    query = {"grantId": grant_id, "stage": "PRE_LOAN", "operator": "甲"}
    return dict((await town.data("bank-1", _SEEN, {"q": query}))["granted"])


async def test_what_is_missing_is_marked_beside_every_list(town: Town) -> None:
    grant_id = (await town.grant("citizen-1", key="seen"))["grant"]["id"]
    report = await reporting.issued(town, "citizen-1", "before")
    checked = (report["number"], report["code"])
    assert (await _granted(town, grant_id))["objections"] == []
    assert report["said"]["objections"] == []
    assert (await reporting.check(town, *checked))["state"] == "GENUINE"
    filed = (await file(town, "citizen-1", **_MISSING))["objection"]
    mark = [{"filedAt": filed["filedAt"]}]
    assert (await _granted(town, grant_id))["objections"] == mark
    agency = (await organs.look(town, "citizen-1"))["data"]["agency"]
    assert agency["objections"] == mark
    assert (await reporting.check(town, *checked))["state"] == "SUPERSEDED"
    later = await reporting.issued(town, "citizen-1", "after")
    assert later["said"]["objections"] == [filed["filedAt"]]
    await reporting.print_all(town)
    pdf = (await reporting.fetch(town, "citizen-1", later["id"])).content
    assert "有信息遗漏的异议" in reporting.text_of(pdf)
    opened = (await organs.open_batch(town, organs.sheet(organs.row("citizen-1"), organs.row("citizen-6"))))["batch"]
    await organs.approve_batch(town, opened)
    await organs.answer(town)
    head, *rows = await organs.fetch(town, opened["id"])
    said = {row[0]: row[head.index("遗漏异议")] or "" for row in rows}
    day = day_of(datetime.fromisoformat(filed["filedAt"])).isoformat()
    assert said == {"1": f"有异议（{day}提出）", "2": ""}
    await withdraw(town, filed, "citizen-1")
    assert (await _granted(town, grant_id))["objections"] == []
    again = (later["number"], later["code"])
    assert (await reporting.check(town, *again))["state"] == "SUPERSEDED"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_document_that_selects_records_selects_the_mark_of_what_is_missing(town: Town) -> None:
    grant_id = (await town.grant("citizen-1", key="bare"))["grant"]["id"]
    head = f'{{ granted(query: {{grantId: "{grant_id}", stage: PRE_LOAN, operator: "甲"}})'
    for body in (
        "{ records { pageInfo { hasNextPage } } }",
        "{ objections @include(if: true) { filedAt } records { edges { cursor } } }",
        "{ ...F } } fragment F on GrantedView { records { edges { cursor } }",
    ):
        refused = await town.ask("bank-1", f"{head} {body} }}")
        assert (refused.status, refused.code) == (422, "MARK_REQUIRED"), body
        assert "GrantedView.objections" in str(refused)
    assert (await town.ask("bank-1", f"{head} {{ subject {{ name }} }} }}")).status == 200


async def test_an_empty_list_carries_the_mark_too(town: Town) -> None:
    filed = (await file(town, "citizen-6", **_MISSING))["objection"]
    agency = (await organs.look(town, "citizen-6"))["data"]["agency"]
    assert agency["records"]["edges"] == []
    assert agency["objections"] == [{"filedAt": filed["filedAt"]}]


async def test_a_contested_record_counts_against_nobody_and_a_contested_score_keeps_its_tier(
    town: Town, tmp_path: Path
) -> None:
    async def tier() -> tuple[int, bool]:
        found = await town.data(
            "citizen-2", "{ me { score { tier } offers(eligibleOnly: true) { edges { cursor } } } }"
        )
        return found["me"]["score"]["tier"], len(found["me"]["offers"]["edges"])

    before, offers = await tier()
    for number in range(4):
        await penalised(town, tmp_path, "citizen-2", f"异{number}号")
    await recompute(town.house)
    fallen, fewer = await tier()
    assert (fallen < before, fewer < offers) == (True, True)
    scored = (await file(town, "citizen-2", key="score", target="SCORE"))["objection"]
    assert await tier() == (fallen, offers), "the value is what it is; nobody loses an offer over it"
    await recompute(town.house)
    assert await tier() == (fallen, offers)
    await withdraw(town, scored, "citizen-2")
    assert await tier() == (fallen, fewer)
    adverse = await town.data("citizen-2", "{ me { records(first: 50) { edges { node { id nature } } } } }")
    ids = [edge["node"]["id"] for edge in adverse["me"]["records"]["edges"] if edge["node"]["nature"] == "ADVERSE"]
    for id_ in ids:
        await file(town, "citizen-2", key=id_, targetId=id_)
    await recompute(town.house)
    assert await tier() == (before, offers)


async def test_a_till_sees_no_difference(town: Town, tmp_path: Path) -> None:
    """Two codes of one offer: of somebody who contests their score and a record, and of somebody who does not."""
    await file(town, "citizen-2", key="score", target="SCORE")
    await file(town, "citizen-2", key="record")
    document = "mutation($i: ClaimCheckInput!) { claimCheck(input: $i) { __typename ... on ClaimCheckPayload { offerTitle benefitText } ... on Refusal { code } } }"  # noqa: E501
    said = set()
    for persona in ("citizen-1", "citizen-2"):
        code = await town.code(persona, key="till")
        answer = await town.ask("till-1", document, {"i": {"code": code}})
        said.add(answer.response.content)
    assert len(said) == 1
    assert b"offerTitle" in said.pop()


async def test_who_monitors_a_loan_hears_that_a_mark_came_and_went(town: Town) -> None:
    told = "SELECT count(*) FROM outbox WHERE kind = 'RECORDS_CHANGED'"
    # citizen-5's bank monitors a loan: what it is told of is that a kind of record has changed, and nothing else.
    found = await town.data("citizen-5", "{ me { records(first: 9) { edges { node { id category status } } } } }")
    seen = [edge["node"] for edge in found["me"]["records"]["edges"]]
    honour = next(one["id"] for one in seen if one["category"] in ("HONOUR", "ADMINISTRATIVE"))
    before = await town.count(told)
    filed = (await file(town, "citizen-5", targetId=honour))["objection"]
    assert await town.count(told) == before + 1
    await withdraw(town, filed, "citizen-5")
    assert await town.count(told) == before + 2


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_what_a_preview_shows_is_what_the_recipient_is_shown(town: Town) -> None:
    await file(town, "citizen-1", **_MISSING)
    grant_id = (await town.grant("citizen-1", key="seen"))["grant"]["id"]
    document = f'{{ granted(query: {{grantId: "{grant_id}", stage: PRE_LOAN, operator: "甲"}}) {{ objections {{ filedAt }} records {{ edges {{ node {{ id objections {{ filedAt }} }} }} }} }} }}'  # noqa: E501
    shown = await town.ask("bank-1", document)
    preview = "query($g: ID!, $d: String!) { me { grantPreview(grantId: $g, document: $d) } }"
    found = await town.data("citizen-1", preview, {"g": grant_id, "d": document})
    assert found["me"]["grantPreview"].encode() == shown.response.content
    assert b'"objections":[{"filedAt"' in shown.response.content
