"""An objection on paper: the clerk takes it in for whoever stands there, and sees nothing of the record."""

from typing import Any

import pytest
from sqlalchemy import text

from api import clock
from objections import letters, wording
from objections.kinds import ObjectionOutcome
from tests.harness import contesting, objecting, organs
from tests.harness.callers import Town
from tests.harness.contesting import PERSON, marks_of, mine, record_of
from tests.harness.everything import stored
from tests.objections.test_letters import set_all

_RECEIPT = "receipt { id number filedAt dueOn supplementBy } joined replayed"


async def receive(town: Town, persona: str = "citizen-2", *, by: str = "clerk-1", **changed: Any) -> dict[str, Any]:
    """Take an objection in for a citizen; the payload or refusal."""
    input_ = {
        "subject": organs.identity(persona),
        "capacity": "SELF",
        "target": "RECORD",
        "ground": "ERROR",
        "request": "CORRECT",
        "text": "窗口提出：记录有误",
        "delivery": "POST",
        "address": "滨河区示例路1号",
        "idempotencyKey": "paper",
        **changed,
    }
    return await town.act(by, "objectionReceive", {k: v for k, v in input_.items() if v is not None}, _RECEIPT)


async def _document(town: Town, persona: str) -> str:
    found = await town.data(persona, "{ me { records(first: 1) { edges { node { documentNumber } } } } }")
    return str(found["me"]["records"]["edges"][0]["node"]["documentNumber"])


async def test_a_record_is_named_as_it_stands_on_paper(town: Town) -> None:
    record_id = await record_of(town)
    made = await receive(town, documentNumber=await _document(town, "citizen-2"))
    (own,) = await mine(town)
    assert (own["number"], own["id"]) == (made["receipt"]["number"], made["receipt"]["id"])
    assert (own["targetId"], own["capacity"], own["delivery"]) == (record_id, "SELF", "POST")
    assert await marks_of(town, record_id) == [made["receipt"]["filedAt"]]
    line = next(one for one in await organs.trail(town, "citizen-2") if one["basis"] == "OBJECTION")
    assert "受理异议申请" in line["summary"]
    assert line["recordCount"] == 0
    again = await receive(town, documentNumber=await _document(town, "citizen-2"))
    assert again == {**made, "replayed": True}


async def test_a_near_relative_and_an_agent_show_by_what_right(town: Town) -> None:
    missing = {"target": "MISSING_RECORD", "ground": "OMISSION", "request": "ADD", "described": "一项荣誉"}
    for capacity in ("NEAR_RELATIVE", "AGENT", "GUARDIAN"):
        refused = await receive(town, capacity=capacity, idempotencyKey=capacity, **missing)
        assert [(one["path"][-1], one["code"]) for one in refused["details"]] == [
            ("applicantName", "NEEDED"),
            ("evidenceIds", "NEEDED"),
        ]
        by = {"applicantName": "王小明", "evidenceIds": [await contesting.upload(town, "clerk-1")]}
        made = await receive(town, capacity=capacity, idempotencyKey=f"{capacity} 2", **by, **missing)
        assert made["receipt"]["number"].startswith("YY")
    assert [one["capacity"] for one in await mine(town)] == ["GUARDIAN", "AGENT", "NEAR_RELATIVE"]
    own = await town.data("citizen-2", "{ me { objections(first: 3) { edges { node { applicant } } } } }")
    assert {edge["node"]["applicant"] for edge in own["me"]["objections"]["edges"]} == {"王小明"}
    assert await town.count("SELECT count(*) FROM objection WHERE applicant_sealed LIKE '%王小明%'") == 0


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_the_letter_about_who_has_died_goes_to_who_came_for_them(town: Town) -> None:
    """No message reaches the dead, and no letter is addressed to them; the handler reads who filed."""
    came = {"capacity": "NEAR_RELATIVE", "applicantName": " 王小明 ", "idempotencyKey": "relative"}
    came |= {"evidenceIds": [await contesting.upload(town, "clerk-1")], "documentNumber": await _document(town, PERSON)}
    refused = await receive(town, **{**came, "delivery": "APP", "address": None, "idempotencyKey": "app"})
    assert [(one["path"][-1], one["code"]) for one in refused["details"]] == [("delivery", "ONE_OF")]
    case_id = (await receive(town, **came))["receipt"]["id"]
    await objecting.opened(town, case_id)
    read = "query($id: ID!) { handling { case(id: $id) { objection { applicant capacity } } } }"
    shown = (await town.data("handler-1", read, {"id": case_id}))["handling"]["case"]["objection"]
    assert shown == {"applicant": "王小明", "capacity": "NEAR_RELATIVE"}
    async with town.house.database.reading() as unit:
        row = await objecting.row(town, case_id)
        told = await letters.preview(unit, row, ObjectionOutcome.NOT_CORRECTED, "属实。", at=clock.now())
    letter, name = wording.letter_of(told), organs.identity(PERSON)["name"]
    assert (letter.addressee, letter.stamped) == (f"王小明（{name}的近亲属）", True)
    assert f"就{name}的信用信息提出" in letter.opening


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_who_comes_for_a_company_shows_by_what_right(town: Town) -> None:
    query = '{ published(query: {name: "海津示例餐饮管理有限公司"}) { name uscc } }'
    found = (await town.data(None, query))["published"]
    company = {"type": "USCC", "number": found["uscc"], "name": found["name"]}
    about = {"subject": company, "target": "EVALUATION", "delivery": "COUNTER", "address": None}
    before = await stored(town)
    for capacity in ("SELF", "GUARDIAN", "NEAR_RELATIVE", "HELPER"):
        refused = await receive(town, capacity=capacity, idempotencyKey=capacity, **about)
        assert [(one["path"][-1], one["code"]) for one in refused["details"]] == [("capacity", "ONE_OF")], capacity
    assert await stored(town) == before
    by = {"applicantName": "王小明", "evidenceIds": [await contesting.upload(town, "clerk-1")]}
    made = await receive(town, capacity="LEGAL_REPRESENTATIVE", idempotencyKey="right", **by, **about)
    assert made["receipt"]["number"].startswith("YY")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_nobodys_number_anothers_name_and_anothers_record_are_absent_alike(town: Town) -> None:
    theirs = await record_of(town, "citizen-1")
    before = await stored(town)
    asked: list[dict[str, Any]] = [
        {"subject": organs.NOBODY, "targetId": theirs},
        {"subject": {**organs.identity("citizen-2"), "name": "张三"}, "targetId": theirs},
        {"targetId": theirs},
        {"documentNumber": await _document(town, "citizen-1")},
        {"documentNumber": "没有这个文号"},
    ]
    answers = {str(await receive(town, idempotencyKey=f"absent {n}", **one)) for n, one in enumerate(asked)}
    assert len(answers) == 1
    assert "NOT_AVAILABLE" in answers.pop()
    assert await stored(town) == before
    # Each is an attempt: at whoever has that number and that name, who reads it; at nobody otherwise.
    own, attempts = await contesting.subject_of(town, "citizen-2"), await _attempts(town)
    assert attempts == [(None, "NOT_AVAILABLE")] * 2 + [(own, "NOT_AVAILABLE")] * 3
    tried = [one["summary"] for one in await organs.trail(town, "citizen-2") if one["basis"] == "OBJECTION"]
    assert len(tried) == 3
    assert all("试图查看" in summary for summary in tried)


async def _attempts(town: Town) -> list[tuple[str | None, str]]:
    """At whom an objection on paper, or a letter, was refused, and why."""
    found = text(
        "SELECT subject_id, refused FROM access WHERE purpose = 'OBJECTION_RECEIVE' AND refused <> '' ORDER BY at"
    )
    async with town.house.database.reading() as unit:
        return [(row.subject_id, row.refused) for row in await unit.all(found)]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("persona", ["citizen-1", "handler-1", "approver-1", "agency-1", "provider-1", "kiosk-1"])
async def test_nobody_but_a_clerk_takes_one_in(town: Town, persona: str) -> None:
    document = "mutation($i: ObjectionReceiveInput!) { objectionReceive(input: $i) { __typename } }"
    input_ = {"subject": organs.identity("citizen-2"), "capacity": "SELF", "target": "SCORE", "ground": "ERROR",
              "request": "CORRECT", "text": "x", "idempotencyKey": "x"}  # fmt: skip
    assert (await town.ask(persona, document, {"i": input_})).code == "FORBIDDEN"
    assert await town.count("SELECT count(*) FROM objection") == 1, "the city's own"


_PRINT = """mutation($i: CounterLetterTicketInput!) { counterLetterTicket(input: $i) {
  ... on CaseLetterTicketPayload { path } ... on Refusal { code message } } }"""


async def _printed(town: Town, number: str, by: str = "clerk-1") -> Any:
    """What a clerk is given for a number."""
    answer = await town.ask(by, _PRINT, {"i": {"number": number}})
    return {"code": answer.code} if "errors" in answer else answer["data"]["counterLetterTicket"]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_clerk_prints_the_letter_of_what_their_counter_took_in_and_of_nothing_else(town: Town) -> None:
    number_on_paper = await _document(town, PERSON)
    case = (await receive(town, documentNumber=number_on_paper, delivery="COUNTER", address=None))["receipt"]
    assert (await _printed(town, case["number"]))["code"] == "LETTER_NOT_READY"
    await objecting.opened(town, case["id"])
    await objecting.decided(town, case["id"], "DELETED")
    by_app = await contesting.file(town, "citizen-5")
    await set_all(town)
    path = (await _printed(town, f" {case['number']} "))["path"]
    got = await town.http.get(path)
    assert (got.status_code, got.content[:5]) == (200, b"%PDF-")
    line = (await organs.trail(town, PERSON))[0]
    assert (line["caseNumber"], line["actor"]["operator"]) == (case["number"], "服务窗口1号"), (
        "its subject sees who did"
    )

    own = await contesting.subject_of(town, PERSON)
    assert await _attempts(town) == [(own, "LETTER_NOT_READY")]
    denied = [await _printed(town, "YY00000000000000"), await _printed(town, by_app["objection"]["number"])]
    elsewhere = "UPDATE objection SET received_by = (SELECT staff_id FROM identity_link WHERE name = 'agency-1')"
    async with town.house.database.writing() as unit:
        await unit.run(text(elsewhere + " WHERE id = :i"), {"i": case["id"]})
    before = await stored(town)
    denied.append(await _printed(town, case["number"]))
    assert denied == [{"code": "NOT_AVAILABLE", "message": denied[0]["message"]}] * 3
    for persona in ("handler-1", "kiosk-1", "provider-1", "citizen-2"):
        assert await _printed(town, case["number"], persona) == {"code": "FORBIDDEN"}
    assert await stored(town) == before
    assert (await _attempts(town))[1:] == [(None, "NOT_AVAILABLE")] * 3


_STEPS = "{ me { objections(first: 9) { edges { node { id steps { act side printed } } } } } }"


async def _said(town: Town, number: str, outcome: str, key: str, by: str = "clerk-1") -> Any:
    """That a letter was printed or not."""
    given = {"number": number, "outcome": outcome, "idempotencyKey": key}
    return await town.act(by, "counterLetterEnd", given, "outcome replayed")


async def test_whether_a_letter_was_printed_stands_among_the_steps(town: Town) -> None:
    number_on_paper = await _document(town, PERSON)
    case = (await receive(town, documentNumber=number_on_paper, delivery="COUNTER", address=None))["receipt"]
    before = await stored(town)
    assert (await _said(town, case["number"], "PRINTED", "early"))["code"] == "LETTER_NOT_READY"
    assert (await _said(town, "YY00000000000000", "PRINTED", "nobody's"))["code"] == "NOT_AVAILABLE"
    assert await stored(town) == before
    own = await contesting.subject_of(town, PERSON)
    assert await _attempts(town) == [(own, "LETTER_NOT_READY"), (None, "NOT_AVAILABLE")]
    await objecting.opened(town, case["id"])
    await objecting.decided(town, case["id"], "DELETED")
    await set_all(town)
    for outcome, replayed in (("NOT_PRINTED", False), ("PRINTED", False), ("PRINTED", True)):
        said = await _said(town, f" {case['number']} ", outcome, outcome)
        assert (said["outcome"], said["replayed"]) == (outcome, replayed)
    (edge,) = (await town.data(PERSON, _STEPS))["me"]["objections"]["edges"]
    printed = [(step["side"], step["printed"]) for step in edge["node"]["steps"] if step["act"] == "PRINT"]
    assert printed == [("HANDLER", "NOT_PRINTED"), ("HANDLER", "PRINTED")]
    assert all(step["printed"] is None for step in edge["node"]["steps"] if step["act"] != "PRINT")
