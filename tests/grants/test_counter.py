"""The service counter (Art. 8(3)): a case, its papers, what is printed, and who hears of it."""

import asyncio
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from grants import papers
from grants.papers import CounterKind, PaperForm
from tests.harness import at_counter, contesting, organs, reporting
from tests.harness.at_counter import begin, end, laid, note, opened, ready, visit, write
from tests.harness.callers import Town

_ONE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_NOTICES = "{ me { notices(first: 5) { edges { node { kind message } } } } }"
_LOOKS = "SELECT count(*) FROM access WHERE basis = 'COUNTER' AND refused IS NULL"
_MADE_UP = "ctr_00000000000000000000"
_TRIED = "SELECT count(*) FROM access WHERE basis = 'COUNTER' AND refused = :code"


async def _shown(town: Town) -> int:
    """How many reports, printouts, notices of a visit and looks there are."""
    told = "SELECT count(*) FROM outbox WHERE kind LIKE 'COUNTER%'"
    counted = [await town.count(one) for one in (_LOOKS, told, "SELECT count(*) FROM counter_print")]
    return sum(counted) + await town.count("SELECT count(*) FROM report")


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)
async def test_the_whole_visit_of_somebody_for_themselves(town: Town) -> None:
    """One paper, one report, one trail, one ending; and who was looked at hears of all of it."""
    case = await opened(town, CounterKind.OWN, "a")
    assert case["state"] == "OPEN"
    assert case["papers"] == [{"paper": "APPLICANT_ID", "lacking": ["缺少本人有效身份证件原件"]}]
    noted = (await note(town, case, {"paper": "APPLICANT_ID", "form": "ORIGINAL"}))["case"]
    assert noted["state"] == "READY"
    made = await begin(town, case["id"], "r")
    assert await begin(town, case["id"], "r") == {**made, "replayed": True}
    line = (await organs.trail(town, "citizen-1"))[0]
    assert (line["basis"], line["caseNumber"]) == ("COUNTER", case["number"])
    assert line["summary"].startswith("海津市")
    assert (
        f"凭您的有效身份证件，为“本人到窗口查询（案号{case['number']}）”通过服务窗口查看了您的信息" in line["summary"]
    )
    assert line["actor"]["operator"]
    (notice,) = [
        edge["node"]
        for edge in (await town.data("citizen-1", _NOTICES))["me"]["notices"]["edges"]
        if edge["node"]["kind"].startswith("COUNTER")
    ]
    assert case["number"] in notice["message"]
    printout = made["printout"]
    wait = await town.act("clerk-1", "counterTicket", {"printId": printout["id"]}, "path")
    assert wait["code"] == "REPORT_NOT_READY"
    await reporting.print_all(town)
    ticket = await town.act("clerk-1", "counterTicket", {"printId": printout["id"]}, "path")
    pdf = await town.http.get(ticket["path"])
    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
    said = {"printId": printout["id"], "outcome": "PRINTED"}
    assert (await town.act("clerk-1", "counterPrintEnd", said, at_counter.PRINT))["printout"]["outcome"] == "PRINTED"
    other = {**said, "outcome": "NOT_PRINTED"}
    assert (await town.act("clerk-1", "counterPrintEnd", other, at_counter.PRINT))["code"] == "WRONG_STATE"
    trail = (await town.data("clerk-1", at_counter.TRAIL, {"q": {"caseId": case["id"]}}))["counterTrail"]
    assert trail["accessHistory"]["edges"][0]["node"]["summary"] == line["summary"]
    assert "为“打印查询记录（案号" in (await organs.trail(town, "citizen-1"))[0]["summary"]
    assert (await end(town, case["id"]))["case"]["state"] == "ENDED"
    assert (await end(town, case["id"]))["replayed"]
    late = await town.act("clerk-1", "counterTicket", {"printId": printout["id"]}, "path")
    assert (await begin(town, case["id"], "late"))["code"] == late["code"] == "COUNTER_CASE_ENDED"
    own = await town.data("citizen-1", "{ me { reports(first: 1) { edges { node { number } } } } }")
    assert own["me"]["reports"]["edges"][0]["node"]["number"] == printout["reportNumber"]


@_ONE
@pytest.mark.parametrize("kind", CounterKind)
async def test_every_case_with_every_paper_missing_shows_nothing_and_leaves_an_attempt(
    town: Town, kind: CounterKind
) -> None:
    lists = papers.listed(kind)
    for n, without in enumerate(lists):
        case = await opened(town, kind, f"c{n}")
        noted = await note(town, case, *[await laid(town, one) for one in lists if one is not without])
        case = noted["case"]
        assert case["state"] == "OPEN"
        before = await _shown(town)
        refused = await begin(town, case["id"], f"p{n}")
        assert (refused["code"], [(one["path"][-1], one["code"]) for one in refused["details"]]) == (
            "PAPERS_MISSING",
            [(without.paper.value, "ABSENT")],
        )
        if kind in papers.FOR_ONESELF:
            asked = await town.ask("clerk-1", at_counter.TRAIL, {"q": {"caseId": case["id"]}})
            assert (asked.code, asked["data"]) == ("PAPERS_MISSING", None)
        assert await _shown(town) == before, "nothing happened and nothing was said"
        tries = (n + 1) * (2 if kind in papers.FOR_ONESELF else 1)
        assert await town.count(_TRIED, code="PAPERS_MISSING") == tries
        told = await _supplement(town, case)
        assert (told["case"]["state"], told["case"]["supplement"]) == ("SUPPLEMENT", [f"缺少{without.words}"])
        assert (await _supplement(town, told["case"]))["code"] == "WRONG_STATE", "it is given once"
        done = await note(town, told["case"], await laid(town, without))
        assert done["case"]["state"] == "READY"
        assert (await begin(town, case["id"], f"q{n}"))["__typename"] == "CounterPrintBeginPayload"
        await end(town, case["id"])


@_ONE
async def test_opening_a_case_tells_nothing_of_who_is_known(town: Town) -> None:
    """Somebody, nobody and another's name: the same answer; and there is nothing to look at for all but the first."""
    asked = {
        "somebody": organs.identity("citizen-1"),
        "nobody": organs.NOBODY,
        "another's name": {**organs.identity("citizen-1"), "name": "张三"},
    }
    shapes = []
    for name, subject in asked.items():
        case = await ready(town, CounterKind.OWN, name, subject=subject)
        shapes.append({key: value for key, value in case.items() if key not in ("id", "number")})
        answer = await begin(town, case["id"], name)
        trail = await town.ask("clerk-1", at_counter.TRAIL, {"q": {"caseId": case["id"]}})
        if name == "somebody":
            assert answer["__typename"] == "CounterPrintBeginPayload"
        else:
            assert (answer["code"], trail.code) == ("NOT_AVAILABLE", "NOT_AVAILABLE")
        await end(town, case["id"])
    assert shapes[0] == shapes[1] == shapes[2]
    assert await town.count("SELECT count(*) FROM outbox WHERE kind LIKE 'COUNTER%'") == 1
    assert await town.count("SELECT count(*) FROM counter_case WHERE people_sealed LIKE '%示例%'") == 0


@_ONE
async def test_a_clerk_without_a_case_gets_nothing_and_leaves_an_attempt(town: Town) -> None:
    """Made up, a colleague's, yesterday's: the first names nobody, the others are in their subject's trail."""
    theirs, old = await ready(town, CounterKind.OWN, "x"), await ready(town, CounterKind.OWN, "y")
    await write(town, "UPDATE counter_case SET clerk_id = 'stf_another' WHERE id = :i", i=theirs["id"])
    await write(
        town, "UPDATE counter_case SET opened_on = :d WHERE id = :i", i=old["id"], d=at_counter.yesterday().isoformat()
    )
    before, lines = await _shown(town), len(await organs.trail(town, "citizen-1"))
    cases = {
        _MADE_UP: "NOT_AVAILABLE",
        theirs["id"]: "NOT_AVAILABLE",
        old["id"]: "COUNTER_CASE_ENDED",
    }
    for case_id, code in cases.items():
        assert (await begin(town, case_id, case_id))["code"] == code
        assert (await town.ask("clerk-1", at_counter.TRAIL, {"q": {"caseId": case_id}})).code == code
        noted = await note(town, {"id": case_id, "version": 2}, {"paper": "APPLICANT_ID", "form": "COPY"})
        assert noted["code"] == code
    assert await _shown(town) == before
    told = [line for line in await organs.trail(town, "citizen-1") if "未获准许" in line["summary"]]
    assert len(told) == 4
    assert len(await organs.trail(town, "citizen-1")) == lines + 6, "four attempts, and the reader's own two looks"
    assert await town.count(_TRIED + " AND subject_id IS NULL", code="NOT_AVAILABLE") == 2
    desk = await town.data("clerk-1", "{ counter { cases { id } } }")
    assert desk["counter"]["cases"] == []


@_ONE
async def test_another_person_is_seen_as_far_as_the_signed_authorisation_goes(town: Town) -> None:
    record = "{ me { records(first: 50) { edges { node { category } } } } }"
    own = await town.data("citizen-7", record)
    held = {edge["node"]["category"] for edge in own["me"]["records"]["edges"]}
    assert len(held) > 1
    kept = sorted(held)[0]
    case = await ready(town, CounterKind.OTHER_PERSON, "o", persona="citizen-7", categories=[kept])
    assert (await begin(town, case["id"], "r"))["__typename"] == "CounterPrintBeginPayload"
    line = (await organs.trail(town, "citizen-7"))[0]
    assert "凭您的书面授权证明" in line["summary"]
    assert set(orjson.loads(await _value(town, "SELECT categories FROM access WHERE id = :i", i=line["id"]))) == {kept}
    notices = (await town.data("citizen-7", _NOTICES))["me"]["notices"]["edges"]
    assert "王小明" in notices[0]["node"]["message"]
    refused = await begin(
        town, case["id"], "c", kind="NO_VIOLATION_CERTIFICATE", **{"from": "2026-01-01", "to": "2026-06-01"}
    )
    assert refused["code"] == "NOT_GRANTED"
    assert (await begin(town, case["id"], "t", "TRAIL"))["code"] == "WRONG_STATE"
    assert (await town.ask("clerk-1", at_counter.TRAIL, {"q": {"caseId": case["id"]}})).code == "NOT_GRANTED"


@_ONE
@pytest.mark.parametrize(
    ("kind", "changed", "path"),
    [
        (CounterKind.OWN, {"noConflict": False}, "noConflict"),
        (CounterKind.OWN, {"applicant": at_counter.APPLICANT}, "applicant"),
        (CounterKind.OTHER_PERSON, {"applicant": None}, "applicant"),
        (CounterKind.OTHER_PERSON, {"categories": []}, "categories"),
        (CounterKind.OTHER_PERSON, {"authorisedUntil": "2020-01-01"}, "authorisedUntil"),
        (CounterKind.GUARDIAN, {"categories": ["HONOUR"]}, "categories"),
        (CounterKind.ORGANISATION, {"subject": organs.NOBODY}, "type"),
        (CounterKind.OWN, {"desk": " "}, "desk"),
    ],
)
async def test_what_is_no_visit(town: Town, kind: CounterKind, changed: dict[str, Any], path: str) -> None:
    refused = await visit(town, kind, "x", **changed)
    assert (refused["code"], {one["path"][-1] for one in refused["details"]}) == ("INVALID_INPUT", {path})
    assert await town.count("SELECT count(*) FROM counter_case") == 0


@_ONE
async def test_a_clerk_serves_few_at_once_and_never_themselves(town: Town) -> None:
    for n in range(5):
        await opened(town, CounterKind.OWN, f"{n}")
    busy = await visit(town, CounterKind.OWN, "6")
    assert busy["code"] == "COUNTER_BUSY"
    await write(town, "UPDATE counter_case SET state = 'ENDED', ended_at = opened_at")
    mine = "UPDATE identity_link SET issuer = 'https://id.example', name = 'clerk-1' WHERE subject_id = :s"
    subject_id = await _value(town, "SELECT subject_id FROM counter_case LIMIT 1")
    await write(town, mine, s=subject_id)
    assert (await visit(town, CounterKind.OWN, "7"))["code"] == "CONFLICT_OF_INTEREST"


@_ONE
async def test_a_scan_is_kept_encrypted_and_replaced_whole(town: Town) -> None:
    case = await opened(town, CounterKind.OTHER_PERSON, "s")
    paper = next(one for one in papers.listed(CounterKind.OTHER_PERSON) if one.scan)
    first = await contesting.upload(town, "clerk-1", b"%PDF-1.7 first")
    said = {"paper": paper.paper.value, "form": PaperForm.ORIGINAL.value, "checks": ["NAMES"]}
    case = (await note(town, case, {**said, "scanId": first}))["case"]
    again = await note(town, case, {**said, "scanId": first})
    assert again["code"] == "NOT_AVAILABLE", "an upload is named once"
    second = await contesting.upload(town, "clerk-1", b"%PDF-1.7 second")
    case = (await note(town, case, {**said, "scanId": second}))["case"]
    assert await town.count("SELECT count(*) FROM blob WHERE id = :i", i=first) == 0
    foreign = await note(town, case, {"paper": "DEATH", "form": "ORIGINAL"})
    assert [(one["path"][-1], one["code"]) for one in foreign["details"]] == [("paper", "ONE_OF")]
    stale = await note(town, {**case, "version": 1}, said)
    assert stale["code"] == "VERSION_CHANGED"


@_ONE
@pytest.mark.parametrize("persona", ["citizen-1", "handler-1", "approver-1", "agency-1", "kiosk-1", "bank-1"])
async def test_nobody_but_a_clerk_serves(town: Town, persona: str) -> None:
    assert (await town.ask(persona, "{ counter { cases { id } } }")).code == "FORBIDDEN"
    case = await ready(town, CounterKind.OWN, "x")
    assert (await town.ask(persona, at_counter.TRAIL, {"q": {"caseId": case["id"]}})).code == "FORBIDDEN"
    assert await town.count(_LOOKS) == 0


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_of_looks_that_race_ten_are_had_and_of_notices_one(town: Town) -> None:
    case = await ready(town, CounterKind.OWN, "race")
    made = await asyncio.gather(*(begin(town, case["id"], f"r{n}") for n in range(14)))
    assert sorted(one.get("code", "had") for one in made) == ["COUNTER_CASE_USED"] * 4 + ["had"] * 10
    assert await town.count(_LOOKS) == 10
    assert await town.count("SELECT count(*) FROM outbox WHERE kind = 'COUNTER_OWN'") == 1
    waits = await opened(town, CounterKind.OWN, "notice")
    told = await asyncio.gather(*(_supplement(town, waits) for _ in range(6)))
    assert sorted(one.get("code", "told") for one in told) in (
        [*["VERSION_CHANGED"] * few, *["WRONG_STATE"] * (5 - few), "told"] for few in range(6)
    )
    # Of different people: whoever holds the same person waits for them anyway.
    people = (f"citizen-{n}" for n in range(2, 10))
    many = await asyncio.gather(*(visit(town, CounterKind.OWN, f"many {one}", persona=one) for one in people))
    assert sum(one["__typename"] == "CounterCaseOpenPayload" for one in many) == 3


async def _supplement(town: Town, case: dict[str, Any]) -> dict[str, Any]:
    input_ = {"caseId": case["id"], "expectedVersion": case["version"]}
    document = (
        "mutation($i: CounterCaseInput!) { counterSupplement(input: $i) { __typename "
        f"... on CounterSupplementPayload {{ {at_counter.CASE} }} ... on Refusal {{ code }} }} }}"
    )
    return dict((await town.data("clerk-1", document, {"i": input_}))["counterSupplement"])


async def _value(town: Town, statement: str, **values: Any) -> str:
    async with town.house.database.reading() as unit:
        row = await unit.first(text(statement), values)
    assert row is not None
    return str(row[0])
