"""Words and papers in a case: both ways, passed on to a provider one by one, each fetched once by whom it is for."""

from typing import Any

import pytest
from sqlalchemy import text

from objections.kinds import Delivery
from tests.harness import clocks, contesting, objecting, organs
from tests.harness.callers import Town
from tests.harness.contesting import upload
from tests.harness.everything import stored
from tests.harness.objecting import act, decided, filed, forwarded, opened, verified

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_WHO = "citizen-9"
_THREAD = "query($i: ID!) { handling { case(id: $i) { objection { messages { side text } evidence { id side } } } } }"
_FILE = """mutation($i: ObjectionFileInput!) { objectionFile(input: $i) {
  ... on ObjectionFilePayload { joined } ... on Refusal { code message details { path code } } } }"""


async def _say(town: Town, case_id: str, said: str, *, key: str) -> dict[str, Any]:
    input_ = {"objectionId": case_id, "text": said, "idempotencyKey": key}
    return await town.act(_WHO, "objectionSay", input_, "objection { dueAt messages { side text } } replayed")


async def _reply(town: Town, case_id: str, said: str, *, key: str, by: str = "handler-1") -> dict[str, Any]:
    input_ = {"objectionId": case_id, "text": said, "idempotencyKey": key}
    return await town.act(by, "objectionReply", input_, "case { id dueAt } replayed")


async def _ticket(town: Town, by: str, mutation: str, **said: str) -> dict[str, Any]:
    return await town.act(by, mutation, said, "path")


async def test_words_go_both_ways_and_the_clock_runs_on(town: Town) -> None:
    case_id = await filed(town, _WHO)
    assert (await _reply(town, case_id, "请补充", key="early"))["code"] == "NOT_AVAILABLE", "nobody has opened it"
    await opened(town, case_id)
    due = (await objecting.row(town, case_id)).due_at
    await _say(town, case_id, "我有新的说明，号码129901199001011230", key="1")
    made = await _reply(town, case_id, "请补充缴款凭证", key="2")
    assert (made["replayed"], (await _reply(town, case_id, "请补充缴款凭证", key="2"))["replayed"]) == (False, True)
    said = [("APPLICANT", "我有新的说明，号码"), ("HANDLER", "请补充缴款凭证")]
    own = (await contesting.mine(town, _WHO))[0]["messages"]
    file = await town.data("handler-1", _THREAD, {"i": case_id})
    theirs = file["handling"]["case"]["objection"]["messages"]
    for thread in (own, theirs):
        assert [(one["side"], one["text"][:9]) for one in thread] == [(side, words[:9]) for side, words in said]
        assert "129901199001011230" not in str(thread)
    assert (await objecting.row(town, case_id)).due_at == due
    told = "SELECT count(*) FROM outbox WHERE kind = 'OBJECTION_SAID' AND about = :i AND {} IS NOT NULL"
    for owner in ("subject_id", "party_id"):
        assert await town.count(told.format(owner), i=case_id) == 1, owner
    assert (await _reply(town, case_id, "x", key="other", by="handler-2"))["code"] == "NOT_AVAILABLE"
    for words in ("", " ", "长" * 2001, "a\u200bb"):
        assert (await _reply(town, case_id, words, key=f"bad {len(words)}"))["code"] == "INVALID_INPUT"
    await decided(town, case_id, "DELETED")
    assert (await _reply(town, case_id, "x", key="over"))["code"] == "CASE_CLOSED"
    assert (await _say(town, case_id, "x", key="over"))["code"] == "CASE_CLOSED"


async def test_a_provider_sees_the_papers_that_were_passed_on_and_no_other(town: Town) -> None:
    made = (await contesting.file(town, _WHO, targetId=await _adverse(town), evidenceIds=[
        passed := await upload(town, _WHO, b"%PDF-1.7 receipt"), kept := await upload(town, _WHO, b"%PDF-1.7 illness")
    ]))["objection"]  # fmt: skip
    case_id, foreign = made["id"], await upload(town, "citizen-1")
    await opened(town, case_id)
    before = await stored(town)
    refused = await forwarded(town, case_id, evidenceIds=[passed, foreign])
    assert [(one["path"], one["code"]) for one in refused["details"]] == [
        (["input", "evidenceIds", "1"], "NO_SUCH_PAPER")
    ]
    assert await stored(town) == before, "nothing of it has happened"
    await forwarded(town, case_id, withText=True, evidenceIds=[passed])
    await objecting.work_for(town, (await objecting.row(town, case_id)).provider_id)
    (question,) = await objecting.verifications(town)
    assert (question["text"], question["evidence"]) == (made["text"], [{"id": passed, "side": "APPLICANT"}])
    asked = {"verificationId": question["id"]}
    got = await _ticket(town, "provider-1", "verificationTicket", **asked, evidenceId=passed)
    answer = await town.http.get(got["path"])
    assert (answer.content, answer.headers["content-type"]) == (b"%PDF-1.7 receipt", "application/pdf")
    assert (await town.http.get(got["path"])).status_code == 404, "once"
    for id_ in (kept, foreign, "blb_0"):
        refused = await _ticket(town, "provider-1", "verificationTicket", **asked, evidenceId=id_)
        assert refused["code"] == "NOT_AVAILABLE"
    theirs = await upload(town, "provider-1", b"%PDF-1.7 file")
    await verified(town, question, "CONFIRM", evidenceIds=[theirs])
    for id_, content in ((passed, b"receipt"), (kept, b"illness"), (theirs, b"file")):
        got = await _ticket(town, "handler-1", "caseEvidenceTicket", objectionId=case_id, evidenceId=id_)
        assert (await town.http.get(got["path"])).content.endswith(content)
        other = await _ticket(town, "handler-2", "caseEvidenceTicket", objectionId=case_id, evidenceId=id_)
        assert other["code"] == "NOT_AVAILABLE"
    own = await _ticket(town, _WHO, "evidenceTicket", objectionId=case_id, evidenceId=theirs)
    assert own["code"] == "NOT_AVAILABLE", "what others brought is theirs to show"


async def test_who_hears_a_case_again_reads_what_was_said_and_brought_before(town: Town) -> None:
    paper = await upload(town, _WHO, b"%PDF-1.7 receipt")
    made = await contesting.file(town, _WHO, targetId=await _adverse(town), evidenceIds=[paper])
    first = made["objection"]["id"]
    await _say(town, first, "凭证在附件", key="1")
    await opened(town, first)
    await forwarded(town, first)
    await objecting.work_for(town, (await objecting.row(town, first)).provider_id)
    await objecting.silence(town, first)
    (question,) = await objecting.verifications(town)
    theirs = await upload(town, "provider-1", b"%PDF-1.7 file")
    await verified(town, question, "CONFIRM", evidenceIds=[theirs])
    again = (await contesting.mine(town, _WHO))[0]["id"]
    assert again != first
    await opened(town, again, by="handler-2")
    read = (await town.data("handler-2", _THREAD, {"i": again}))["handling"]["case"]["objection"]
    assert [one["text"][:5] for one in read["messages"]] == ["凭证在附件", "信息提供单"]
    assert read["evidence"] == [{"id": paper, "side": "APPLICANT"}, {"id": theirs, "side": "PROVIDER"}]
    for id_ in (paper, theirs):
        assert "path" in await _ticket(town, "handler-2", "caseEvidenceTicket", objectionId=again, evidenceId=id_)


async def test_a_letters_ticket_is_good_once_for_that_letter(town: Town) -> None:
    from api import clock
    from api.printing import letterer_of
    from tests.harness.reporting import SETTER

    case_id = await filed(town, _WHO, delivery=Delivery.COUNTER)
    await opened(town, case_id)
    await decided(town, case_id, "DELETED")
    letterer = letterer_of(town.house, SETTER)
    while await letterer.run_once(clock.now()) == 0.0:
        pass
    tickets = [
        (await _letter(town, by, mutation, case_id))["path"]
        for by, mutation in ((_WHO, "letterTicket"), ("handler-1", "caseLetterTicket"), (_WHO, "letterTicket"))
    ]
    assert len(set(tickets)) == 3, "each call makes another"
    path, _, ticket = tickets[2].partition("?ticket=")
    changed = ticket[:-1] + ("A" if ticket[-1] != "A" else "B")
    for wrong in (path, f"{path}?ticket=", f"{path}?ticket={changed}", f"{path}?ticket={ticket}x"):
        assert (await town.http.get(wrong)).status_code == 404, wrong
    for good in tickets:
        assert (await town.http.get(good)).status_code == 200, good
        assert (await town.http.get(good)).status_code == 404, "once"
    for by, mutation in (("handler-2", "caseLetterTicket"), ("citizen-1", "letterTicket")):
        assert (await _letter(town, by, mutation, case_id))["code"] == "NOT_AVAILABLE"
    told = await act(town, "handler-1", "Tell", case_id, way="COUNTER")
    assert told["case"]["status"] == "CLOSED"
    assert "path" in await _letter(town, _WHO, "letterTicket", case_id), "and afterwards"


async def _letter(town: Town, by: str, mutation: str, case_id: str) -> dict[str, Any]:
    kind = mutation[0].upper() + mutation[1:]
    document = f"mutation($i: LetterTicketInput!) {{ {mutation}(input: $i) {{ ... on {kind}Payload {{ path }} ... on Refusal {{ code }} }} }}"  # noqa: E501
    return dict((await town.data(by, document, {"i": {"objectionId": case_id}}))[mutation])


async def _adverse(town: Town) -> str:
    mine = "SELECT r.id FROM record r JOIN identity_link l ON l.subject_id = r.subject_id WHERE l.name = :n"
    async with town.house.database.reading() as unit:
        row = await unit.first(text(mine + " AND r.nature = 'ADVERSE' ORDER BY r.id"), {"n": _WHO})
    assert row is not None
    return str(row.id)


async def test_anothers_record_is_as_absent_as_none_to_the_byte(town: Town) -> None:
    before = await stored(town)
    bodies = set()
    for number, id_ in enumerate((await contesting.record_of(town, "citizen-1"), "rec_00000000000000000000", "", "x")):
        input_ = {"target": "RECORD", "targetId": id_, "ground": "ERROR", "request": "CORRECT", "text": "有误"}
        answer = await town.ask(_WHO, _FILE, {"i": {**input_, "idempotencyKey": f"absent {number}"}})
        assert answer["data"]["objectionFile"]["code"] == "NOT_AVAILABLE"
        bodies.add(answer.response.content)
    assert len(bodies) == 1
    assert await stored(town) == before


async def test_no_day_lies_before_what_it_belongs_to(town: Town) -> None:
    """A stop before receipt, and an end that a correction puts before the decision itself."""
    case_id = await filed(town, _WHO)
    await opened(town, case_id)
    record_id = (await objecting.row(town, case_id)).target_id
    stop = {"cause": "TESTING", "startedOn": "2020-01-01", "proofId": await upload(town, "handler-1")}
    refused = await act(town, "handler-1", "StopOpen", case_id, **stop)
    assert [(one["path"], one["code"]) for one in refused["details"]] == [(["input", "startedOn"], "OUT_OF_RANGE")]
    await forwarded(town, case_id)
    await objecting.work_for(town, (await objecting.row(town, case_id)).provider_id)
    (question,) = await objecting.verifications(town)
    for number, day in enumerate(("1900-01-01", "2026-13-01", "昨天")):
        items = [{"code": "penalty.valid_until", "value": day}]
        refused = await verified(town, question, "CORRECT", key=f"day {number}", items=items)
        assert [one["path"] for one in refused["details"]] == [["input", "items", "penalty.valid_until"]], refused
    assert await clocks.told(town, case_id) == {"OBJECTION_FILED": 2}
    assert (
        await town.count("SELECT count(*) FROM record_version WHERE record_id = :i AND version > 1", i=record_id) == 0
    )
    assert await organs.trail(town, _WHO)
