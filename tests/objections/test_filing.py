"""Filing an objection: number, mark, due date and receipt in one; joined, supplemented, taken back, or absent."""

from datetime import UTC, datetime

import pytest

from core import calendar
from credit.tables import record
from parties import admission
from parties.kinds import PartyKind
from tests.harness import contesting
from tests.harness.callers import Town
from tests.harness.contesting import PERSON, file, marks_of, mine, record_of
from tests.harness.everything import stored


async def test_what_is_filed_has_number_mark_date_and_receipt(town: Town) -> None:
    record_id = await record_of(town)
    made = await file(town, text="我的号码是129901199001011230，记录有误")
    objection = made["objection"]
    assert (made["joined"], made["replayed"]) == (False, False)
    assert (objection["status"], objection["track"], objection["capacity"]) == ("FILED", "OWN_SCOPE", "SELF")
    assert "129901199001011230" not in objection["text"]
    async with town.house.database.reading() as unit:
        due = await calendar.due(unit, datetime.now(UTC), 3)
        wanted = await calendar.due(unit, datetime.now(UTC), 2)
    assert objection["dueDates"] == [{"dueOn": due.day.isoformat(), "cause": "RECEIVED"}]
    assert datetime.fromisoformat(objection["dueAt"]) == due.until
    assert (objection["workdaysLeft"], objection["overdue"]) == (3, False)
    assert objection["supplementBy"] == wanted.day.isoformat()
    assert await marks_of(town, record_id) == [objection["filedAt"]]
    assert objection["steps"] == [{"act": "FILE", "side": "APPLICANT"}]
    assert [one["id"] for one in await mine(town)] == [objection["id"]]
    told = await town.data(PERSON, "{ me { notices(first: 1) { edges { node { kind message about } } } } }")
    node = told["me"]["notices"]["edges"][0]["node"]
    assert (node["kind"], node["about"]) == ("OBJECTION_FILED", objection["id"])
    assert objection["number"] in node["message"]
    again = await file(town, text="我的号码是129901199001011230，记录有误")
    assert again == {**made, "replayed": True}
    assert await marks_of(town, record_id) == [objection["filedAt"]]


async def test_a_second_filing_joins_the_open_case_and_no_word_is_lost(town: Town) -> None:
    record_id = await record_of(town)
    first = (await file(town, text="第一次"))["objection"]
    paper = await contesting.upload(town, PERSON)
    second = await file(town, key="again", text="第二次", ground="OTHER", evidenceIds=[paper])
    assert (second["joined"], second["objection"]["id"]) == (True, first["id"])
    assert second["objection"]["text"] == "第一次"
    assert [one["text"] for one in second["objection"]["messages"]] == ["第二次"]
    assert [one["id"] for one in second["objection"]["evidence"]] == [paper]
    assert second["objection"]["supplementBy"] is None, "what was asked for has come"
    assert [one["act"] for one in second["objection"]["steps"]] == ["FILE", "JOIN"]
    assert await marks_of(town, record_id) == [first["filedAt"]]
    agency = await town.party("示例信用服务")
    other = await file(town, key="agency", addressee="CREDIT_SERVICE_AGENCY", addresseeId=agency)
    assert (other["joined"], other["objection"]["dueAt"]) == (False, first["dueAt"]), "及时: counted as the three days"
    assert await marks_of(town, record_id) == sorted([first["filedAt"], other["objection"]["filedAt"]])
    gone = await withdraw(town, second["objection"])
    assert (gone["objection"]["status"], gone["replayed"]) == ("WITHDRAWN", False)
    assert await marks_of(town, record_id) == [other["objection"]["filedAt"]], "the other keeps its own"
    assert (await withdraw(town, second["objection"]))["replayed"] is True
    assert (await file(town, key="anew"))["joined"] is False


async def test_papers_and_words_come_later_while_the_clock_runs(town: Town) -> None:
    made = (await file(town))["objection"]
    paper = await contesting.upload(town, PERSON, b"\x89PNG\r\n\x1a\n picture")
    given = {"objectionId": made["id"], "evidenceIds": [paper], "text": "补交照片", "idempotencyKey": "more"}
    after = await town.act(PERSON, "objectionSupplement", given, contesting.OBJECTION)
    assert after["objection"]["evidence"][0]["mediaType"] == "image/png"
    assert (after["objection"]["supplementBy"], after["objection"]["dueAt"]) == (None, made["dueAt"])
    said = {"objectionId": made["id"], "text": "证件号129901199001011230", "idempotencyKey": "say"}
    spoken = await town.act(PERSON, "objectionSay", said, contesting.OBJECTION)
    texts = [one["text"] for one in spoken["objection"]["messages"]]
    assert texts[0] == "补交照片"
    assert "129901199001011230" not in texts[1]
    taken = {"objectionId": made["id"], "evidenceIds": [paper], "idempotencyKey": "twice"}
    refused = await town.act(PERSON, "objectionSupplement", taken, contesting.OBJECTION)
    assert [(one["path"], one["code"]) for one in refused["details"]] == [
        (["input", "evidenceIds", "0"], "NO_SUCH_UPLOAD")
    ]
    got = await town.act(PERSON, "evidenceTicket", {"objectionId": made["id"], "evidenceId": paper}, "path")
    download = await town.http.get(got["path"])
    assert download.content == b"\x89PNG\r\n\x1a\n picture"
    assert download.headers["content-disposition"].startswith("attachment;")
    assert (await town.http.get(got["path"])).status_code == 404
    await withdraw(town, spoken["objection"])
    for mutation, input_ in (("objectionSay", said), ("objectionSupplement", given)):
        assert (await town.act(PERSON, mutation, {**input_, "idempotencyKey": "over"}, "replayed"))["code"] == (
            "CASE_CLOSED"
        )


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_what_is_not_ones_own_is_absent_and_nothing_happens(town: Town) -> None:
    theirs = await record_of(town, "citizen-1")
    look = "acc_00000000000000000000"
    made = (await file(town, "citizen-1", key="theirs"))["objection"]
    bank = await town.party("海津示例银行")
    paper = await contesting.upload(town, "citizen-1")
    before = await stored(town)
    asked = [
        {"targetId": theirs},
        {"targetId": "rec_00000000000000000000"},
        {"target": "ACCESS", "request": "EXPLAIN", "targetId": look},
        {"target": "EVALUATION"},
        {"addressee": "CREDIT_SERVICE_AGENCY", "addresseeId": bank},
        {"addressee": "CREDIT_SERVICE_AGENCY", "addresseeId": "pty_" + "0" * 20},
    ]
    bodies = set()
    for number, changed in enumerate(asked):
        refused = await file(town, key=f"absent {number}", **changed)
        bodies.add(str(refused))
        assert refused["code"] == "NOT_AVAILABLE"
    assert len(bodies) == 1, "absent, another's and forbidden are the same"
    change = {"objectionId": made["id"], "expectedVersion": 1}
    for mutation, input_ in (
        ("objectionWithdraw", change),
        ("objectionSay", {"objectionId": made["id"], "text": "x", "idempotencyKey": "not mine"}),
        ("evidenceTicket", {"objectionId": made["id"], "evidenceId": paper}),
    ):
        takes = "ObjectionChange" if mutation == "objectionWithdraw" else mutation[0].upper() + mutation[1:]
        document = f"mutation($i: {takes}Input!) {{ {mutation}(input: $i) {{ ... on Refusal {{ code message }} }} }}"
        found = {}
        for id_ in (made["id"], "obj_0"):
            keyed = {"idempotencyKey": id_} if "idempotencyKey" in input_ else {}
            found[id_] = await town.ask(PERSON, document, {"i": {**input_, "objectionId": id_, **keyed}})
        assert found[made["id"]].response.content == found["obj_0"].response.content
        assert found["obj_0"]["data"][mutation]["code"] == "NOT_AVAILABLE"
    one = "query($i: ID!) { me { objection(id: $i) { id } } }"
    assert (await town.data(PERSON, one, {"i": made["id"]})) == {"me": {"objection": None}}
    assert (await file(town, key="paper", evidenceIds=[paper]))["code"] == "INVALID_INPUT"
    assert await stored(town) == before


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("persona", ["company-1-seal", "bank-1", "till-1", "agency-1", "handler-1", "clerk-1"])
async def test_whoever_is_nobody_here_files_nothing(town: Town, persona: str) -> None:
    before = await stored(town)
    document = "mutation($i: ObjectionFileInput!) { objectionFile(input: $i) { __typename } }"
    input_ = {"target": "RECORD", "targetId": "rec_0", "ground": "ERROR", "request": "CORRECT", "text": "x",
              "idempotencyKey": "x"}  # fmt: skip
    refused = await town.ask(persona, document, {"i": input_})
    assert (refused.status, refused.code) == (403, "FORBIDDEN")
    assert await stored(town) == before


async def test_each_target_is_contested_and_marked_where_it_stands(town: Town) -> None:
    missing = await file(
        town, key="missing", target="MISSING_RECORD", ground="OMISSION", request="ADD", described="2025年的一项荣誉"
    )
    assert missing["objection"]["described"] == "2025年的一项荣誉"
    again = await file(
        town, key="another", target="MISSING_RECORD", ground="OMISSION", request="ADD", described="另一项"
    )
    assert again["joined"] is False, "what is missing is not the same thing"
    scored = await file(town, key="score", target="SCORE")
    marks = (await town.data(PERSON, "{ me { score { objections { filedAt } } } }"))["me"]["score"]["objections"]
    assert [one["filedAt"] for one in marks] == [scored["objection"]["filedAt"]]
    graded = await file(town, "company-1-legal", key="grade", target="EVALUATION")
    own = await town.data("company-1-legal", "{ me { evaluation { objections { filedAt } } } }")
    assert [one["filedAt"] for one in own["me"]["evaluation"]["objections"]] == [graded["objection"]["filedAt"]]
    assert graded["objection"]["capacity"] == "LEGAL_REPRESENTATIVE"
    trail = await town.data("citizen-1", "{ me { accessHistory(first: 1) { edges { node { id } } } } }")
    look = trail["me"]["accessHistory"]["edges"][0]["node"]["id"]
    used = await file(
        town, "citizen-1", key="use", target="ACCESS", targetId=look, ground="PRIVACY", request="STOP_USE"
    )
    assert used["objection"]["targetId"] == look
    for persona, made in ((PERSON, scored), ("company-1-legal", graded)):
        await withdraw(town, made["objection"], persona)
    assert (await town.data(PERSON, "{ me { score { objections { filedAt } } } }"))["me"]["score"]["objections"] == []
    own = await town.data("company-1-legal", "{ me { evaluation { objections { filedAt } } } }")
    assert own["me"]["evaluation"]["objections"] == []


async def test_a_district_with_an_institution_of_its_own_is_told_and_another_is_the_citys(town: Town) -> None:
    record_id = await record_of(town)
    async with town.house.database.writing() as unit:
        await admission.register(
            unit,
            code="BHXY",
            name="滨河区公共信用管理机构",
            kind=PartyKind.OTHER_ORGANISATION,
            contact="x",
            institution=True,
            district="129901",
            at=datetime.now(UTC),
        )
        await unit.run(record.update().where(record.c.id == record_id).values(district="129901"))
    assert (await file(town))["objection"]["institution"] == "滨河区公共信用管理机构"
    assert (await file(town, "citizen-1", key="city"))["objection"]["institution"] == "海津市公共信用管理机构"
    async with town.house.database.writing() as unit:
        await unit.run(record.update().where(record.c.subject_id.is_not(None)).values(district="129902"))
    found = (await file(town, "citizen-5", key="none there"))["objection"]
    assert (found["institution"], found["district"]) == ("海津市公共信用管理机构", None)


async def withdraw(town: Town, objection: dict[str, object], persona: str = PERSON) -> dict[str, object]:
    """Take it back as it was read; the payload or refusal."""
    document = f"""mutation($i: ObjectionChangeInput!) {{ objectionWithdraw(input: $i) {{
      ... on ObjectionWithdrawPayload {{ {contesting.OBJECTION} replayed }} ... on Refusal {{ code }} }} }}"""
    input_ = {"objectionId": objection["id"], "expectedVersion": objection["version"]}
    found = await town.data(persona, document, {"i": input_})
    return dict(found["objectionWithdraw"])
