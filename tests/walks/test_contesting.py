"""Walk 5: an objection from its photo to its letter, by the API alone, evidence on both sides."""

from decimal import Decimal
from typing import Any

import pytest

from api import clock
from api.printing import letterer_of
from tests.harness import contesting, objecting
from tests.harness.callers import Town
from tests.harness.contesting import marks_of
from tests.harness.reporting import SETTER, squeezed, text_of

_WHO = "citizen-9"
_RECORDS = "{ me { records(first: 50) { edges { node { id nature source { name } } } } } }"
_STANDS = """query($i: ID!) { me { objection(id: $i) { status outcome reason letterReady notifiedAt source { name }
  remedy steps { act side } evidence { id } messages { side text } } } }"""
_CASE = """query($i: ID!) { handling { case(id: $i) { objection { evidence { id side } messages { text } }
  record { objections { filedAt } items { code value } } verification { answer reason } } } }"""


async def _said(town: Town, case_id: str) -> dict[str, Any]:
    return dict((await town.data(_WHO, _STANDS, {"i": case_id}))["me"]["objection"])


async def _downloaded(town: Town, by: str, mutation: str, **input_: str) -> bytes:
    path = (await town.act(by, mutation, input_, "path"))["path"]
    answer = await town.http.get(path)
    assert answer.status_code == 200, path
    return answer.content


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("answer", "outcome", "right"),
    [
        ("CONFIRM", "NOT_CORRECTED", {}),
        ("CORRECT", "CORRECTED", {"items": [{"code": "penalty.fine_wan_yuan", "value": "0.7"}]}),
    ],
)
async def test_from_a_photo_to_the_letter(town: Town, answer: str, outcome: str, right: dict[str, Any]) -> None:
    adverse = [e["node"] for e in (await town.data(_WHO, _RECORDS))["me"]["records"]["edges"]]
    record = next(one for one in adverse if one["nature"] == "ADVERSE")
    # Filed with a photo: number, mark and term at once.
    photo = await contesting.upload(town, _WHO, b"\x89PNG\r\n\x1a\n photo")
    made = await contesting.file(town, _WHO, targetId=record["id"], text="罚款金额写错了。", evidenceIds=[photo])
    case_id, number = made["objection"]["id"], made["objection"]["number"]
    assert (made["objection"]["status"], made["objection"]["workdaysLeft"]) == ("FILED", 3)
    assert len(await marks_of(town, record["id"])) == 1
    # Taken on, talked about, and its provider asked, with the photo.
    assert "case" in await objecting.opened(town, case_id)
    reply = {"objectionId": case_id, "text": "请问罚款收据还在吗？", "idempotencyKey": "reply"}
    await town.act("handler-1", "objectionReply", reply, "replayed")
    say = {"objectionId": case_id, "text": "在，已拍照。", "idempotencyKey": "say"}
    await town.act(_WHO, "objectionSay", say, "replayed")
    seen = (await town.data("handler-1", _CASE, {"i": case_id}))["handling"]["case"]
    assert [one["text"] for one in seen["objection"]["messages"]] == ["请问罚款收据还在吗？", "在，已拍照。"]
    paper = {"objectionId": case_id, "evidenceId": photo}
    assert (await _downloaded(town, "handler-1", "caseEvidenceTicket", **paper)).startswith(b"\x89PNG")
    await objecting.work_for(town, (await objecting.row(town, case_id)).provider_id)
    assert (await objecting.forwarded(town, case_id, evidenceIds=[photo]))["case"]["track"] == "PROVIDER_VERIFICATION"
    # The provider reads what was passed on, and answers with a paper of its own.
    (question,) = await objecting.verifications(town)
    assert (question["text"], [one["id"] for one in question["evidence"]]) == (None, [photo])
    paper = {"verificationId": question["id"], "evidenceId": photo}
    assert (await _downloaded(town, "provider-1", "verificationTicket", **paper)).startswith(b"\x89PNG")
    original = await contesting.upload(town, "provider-1", b"%PDF-1.7 decision")
    assert "verification" in await objecting.verified(town, question, answer, evidenceIds=[original], **right)
    assert len(await marks_of(town, record["id"])) == 1, "its answer changes nothing yet"
    seen = (await town.data("handler-1", _CASE, {"i": case_id}))["handling"]["case"]
    assert [one["side"] for one in seen["objection"]["evidence"]] == ["APPLICANT", "PROVIDER"]
    assert seen["verification"]["answer"] == answer
    # Decided with reasons; a refusal by two, and nobody reads it before.
    why = "经提供单位核对原始决定书。"
    decided = await objecting.decided(town, case_id, outcome, reason=why)
    if outcome == "NOT_CORRECTED":
        assert decided["case"]["status"] == "DECIDED"
        assert ((await _said(town, case_id))["outcome"], len(await marks_of(town, record["id"]))) == (None, 1)
        assert "case" in await objecting.act(town, "approver-1", "Approve", case_id)
    # Told, the mark gone, and the letter there.
    assert await marks_of(town, record["id"]) == []
    letterer = letterer_of(town.house, SETTER)
    while await letterer.run_once(clock.now()) == 0.0:
        pass
    stands = await _said(town, case_id)
    assert (stands["status"], stands["outcome"], stands["reason"], stands["letterReady"]) == (
        "CLOSED",
        outcome,
        why,
        True,
    )
    assert stands["source"]["name"] == record["source"]["name"]
    assert stands["notifiedAt"] is not None
    assert [one["id"] for one in stands["evidence"]] == [photo], "the provider's papers are its own to show"
    assert [one["side"] for one in stands["messages"]] == ["HANDLER", "APPLICANT"]
    acts = [step["act"] for step in stands["steps"]]
    agreed = ["APPROVE"] if outcome == "NOT_CORRECTED" else []
    assert [one for one in acts if one != "SAY"] == ["FILE", "OPEN", "FORWARD", "VERIFY", "DECIDE", *agreed, "TELL"]
    letter = text_of(await _downloaded(town, _WHO, "letterTicket", objectionId=case_id))
    for words in (
        number,
        why,
        record["source"]["name"],
        "行政复议",
        {"CORRECTED": "予以更正"}.get(outcome, "不予更正"),
    ):
        assert squeezed(words) in letter, words
    own = "query($i: ID!) { me { record(id: $i) { objections { filedAt } items { code value } } } }"
    now = (await town.data(_WHO, own, {"i": record["id"]}))["me"]["record"]
    fine = next(item["value"] for item in now["items"] if item["code"] == "penalty.fine_wan_yuan")
    assert (now["objections"], Decimal(fine) == Decimal("0.7")) == ([], outcome == "CORRECTED")
