"""The letter: said as it was decided, signed, fetched once by whom it is for; and on paper it ends the case."""

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from api import clock
from api.commands import remedies as command
from api.printing import letterer_of
from core.errors import Invalid
from core.keys import Purpose
from credit.typeset import certificates, setting
from notices import sentences
from notices.kinds import EventKind
from objections import remedies, wording
from objections.kinds import (
    Delivery,
    ObjectionGround,
    ObjectionOutcome,
    ObjectionRequest,
    ObjectionTarget,
    StopCause,
)
from objections.wording import Told
from tests.credit.test_typeset import is_good, trusts
from tests.harness import clocks, objecting
from tests.harness.callers import Town
from tests.harness.contesting import institution, marks_of
from tests.harness.reporting import SETTER, squeezed, text_of

_AT = datetime(2026, 11, 24, 2, tzinfo=UTC)
_PERSON = "citizen-9"


async def set_all(town: Town) -> None:
    """As the duty does."""
    letterer = letterer_of(town.house, SETTER)
    while await letterer.run_once(clock.now()) == 0.0:
        pass


async def _ticket(town: Town, case_id: str, by: str = _PERSON) -> dict[str, Any]:
    name = "caseLetterTicket" if by.startswith("handler") else "letterTicket"
    document = (
        f"mutation($i: LetterTicketInput!) {{ {name}(input: $i) {{ "
        f"... on {name[0].upper()}{name[1:]}Payload {{ path validUntil }} ... on Refusal {{ code }} }} }}"
    )
    answer = await town.ask(by, document, {"i": {"objectionId": case_id}})
    return {"code": answer.code} if "errors" in answer else dict(answer["data"][name])


async def _tell(town: Town, case_id: str, way: str, by: str = "handler-1", **said: Any) -> dict[str, Any]:
    return await objecting.act(town, by, "Tell", case_id, way=way, **said)


async def _refused(town: Town, **said: Any) -> str:
    """A case whose refusal another has approved."""
    case_id = await objecting.filed(town, **said)
    await objecting.opened(town, case_id)
    await objecting.decided(town, case_id, "NOT_CORRECTED", reason="文书与记录一致。\n缴清罚款后可以申请修复。")
    agreed = await objecting.act(town, "approver-1", "Approve", case_id)
    assert "case" in agreed, agreed
    return case_id


async def test_a_letter_says_why_is_signed_and_fetched_once(town: Town) -> None:
    case_id = await _refused(town)
    assert (await _ticket(town, case_id))["code"] == "LETTER_NOT_READY"
    await set_all(town)
    row = await objecting.row(town, case_id)
    path = (await _ticket(town, case_id))["path"]
    assert re.fullmatch(rf"/letters/{row.number}\.pdf\?ticket=.+", path)
    other = path.replace(row.number, "YY00000000000000")
    assert (await town.http.get(other)).status_code == 404
    answer = await town.http.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert (await town.http.get(path)).status_code == 404, "once"
    said = text_of(answer.content)
    about = "SELECT count(*) FROM record WHERE id = :i AND title <> ''"
    assert await town.count(about, i=row.target_id) == 1
    for words in (
        "异议处理结果告知书",
        row.number,
        "高浩然",
        "不予更正",
        "文书与记录一致。",
        "缴清罚款后可以申请修复。",
        "信息来源",
        "行政复议",
        "演示数据",
    ):
        assert squeezed(words) in said, words
    secret = town.house.rings.active(Purpose.PDF).secret
    assert await asyncio.to_thread(is_good, answer.content, trusts(certificates.certificate(secret)))
    assert (await _ticket(town, case_id, "citizen-1"))["code"] == "NOT_AVAILABLE"
    assert (await _ticket(town, case_id, "handler-2"))["code"] == "NOT_AVAILABLE"
    assert "path" in await _ticket(town, case_id, "handler-1")
    own = await town.data(_PERSON, "{ me { objections { edges { node { letterReady remedy } } } } }")
    node = own["me"]["objections"]["edges"][0]["node"]
    assert node["letterReady"] is True
    assert "六十日" in node["remedy"]
    blobs = "SELECT count(*) FROM blob WHERE id = :i"
    await set_all(town)
    assert (await objecting.row(town, case_id)).letter_id == row.letter_id
    assert await town.count(blobs, i=row.letter_id) == 1


async def test_on_paper_the_case_is_open_until_the_letter_has_left(town: Town) -> None:
    case_id = await _refused(town, delivery=Delivery.POST, address="海津市示例路1号")
    row = await objecting.row(town, case_id)
    assert (row.status, row.notified_at) == ("DECIDED", None)
    assert len(await marks_of(town, row.target_id)) == 1
    assert (await _tell(town, case_id, "POST"))["code"] == "LETTER_NOT_READY"
    await set_all(town)
    posted = await clocks.told(town, case_id)
    assert posted["OBJECTION_TO_POST"] == 1
    assert (await _tell(town, case_id, "POST", expected=1))["code"] == "VERSION_CHANGED"
    assert (await _tell(town, case_id, "POST", by=_PERSON))["code"] == "FORBIDDEN"
    assert len(await marks_of(town, row.target_id)) == 1
    over = await _tell(town, case_id, "POST")
    assert over["case"]["status"] == "CLOSED"
    assert await marks_of(town, row.target_id) == []
    assert (await _tell(town, case_id, "POST"))["code"] == "CASE_CLOSED"
    row = await objecting.row(town, case_id)
    answer = await town.http.get((await _ticket(town, case_id))["path"])
    assert squeezed("海津市示例路1号") in text_of(answer.content)
    told = "SELECT count(*) FROM objection_step WHERE act = 'TELL' AND objection_id = :i AND staff_id IS NOT NULL"
    assert await town.count(told, i=case_id) == 1


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_by_text_message_it_is_told_at_once_and_at_the_counter_it_waits(town: Town) -> None:
    texted = await _refused(town, delivery=Delivery.SMS)
    row = await objecting.row(town, texted)
    assert row.status == "CLOSED"
    said = await clocks.told(town, texted)
    assert (said["OBJECTION_ANSWERED_TEXT"], said.get("OBJECTION_ANSWERED")) == (1, None)
    waits = await _refused(town, persona="citizen-2", target_id=await _record(town), delivery=Delivery.COUNTER)
    assert (await _tell(town, waits, "COUNTER"))["code"] == "LETTER_NOT_READY"
    await set_all(town)
    assert (await clocks.told(town, waits))["OBJECTION_TO_COLLECT"] == 1
    assert "应用中查看" in sentences.text_message(EventKind.OBJECTION_ANSWERED_TEXT)
    assert "本人操作" not in sentences.text_message(EventKind.OBJECTION_TO_COLLECT)
    fresh = await objecting.filed(town)
    assert (await _tell(town, fresh, "APP"))["code"] == "WRONG_STEP"


_READ = """query($i: ID!) { handling { case(id: $i) {
  objection { delivery text messages { text } steps { act ground request } } } } }"""


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_what_joins_a_case_is_read_by_its_handler_and_its_letter_goes_by_post(town: Town) -> None:
    case_id = await objecting.filed(town)
    ground, request = ObjectionGround.PERSONAL_INFORMATION, ObjectionRequest.NOT_ME
    post = {"delivery": Delivery.POST, "address": "海津市示例路2号"}
    assert await objecting.filed(town, ground=ground, request=request, text="这不是我的", **post) == case_id
    assert await objecting.filed(town, text="再说一次") == case_id, "nothing is said of the way"
    await objecting.opened(town, case_id)
    read = (await town.data("handler-1", _READ, {"i": case_id}))["handling"]["case"]["objection"]
    assert [tuple(step.values()) for step in read["steps"]] == [
        ("FILE", None, None),
        ("JOIN", "PERSONAL_INFORMATION", "NOT_ME"),
        ("JOIN", "ERROR", "CORRECT"),
        ("OPEN", None, None),
    ]
    said = [read["text"], *(one["text"] for one in read["messages"])]
    assert (said, read["delivery"]) == (["处罚金额有误", "这不是我的", "再说一次"], "POST")
    assert (await objecting.decided(town, case_id, "DELETED"))["case"]["status"] == "DECIDED", "until it has left"
    await set_all(town)
    assert (await clocks.told(town, case_id))["OBJECTION_TO_POST"] == 1
    letter = await town.http.get((await _ticket(town, case_id))["path"])
    assert squeezed(post["address"]) in text_of(letter.content)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_what_is_previewed_is_what_the_letter_says(town: Town) -> None:
    case_id = await objecting.filed(town)
    document = """query($i: ID!, $o: ObjectionOutcome!, $r: String!) {
      handling { letterPreview(objectionId: $i, outcome: $o, reason: $r) } }"""
    given = {"i": case_id, "o": "DELETED", "r": "来源单位已经撤销原决定。"}
    assert (await town.ask("handler-1", document, given)).code == "NOT_AVAILABLE"
    await objecting.opened(town, case_id)
    said = (await town.data("handler-1", document, given))["handling"]["letterPreview"]
    await objecting.decided(town, case_id, "DELETED", reason=given["r"])
    await set_all(town)
    letter = await town.http.get((await _ticket(town, case_id))["path"])
    for line in said.splitlines():
        assert squeezed(line) in text_of(letter.content), line


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_an_institution_says_its_remedy_in_versions(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    party_id = await institution(town)
    async with town.house.database.writing() as unit:
        before = await remedies.in_force(unit, party_id, at=clock.now())
        assert await remedies.in_force(unit, "pty_0", at=_AT) == wording.REMEDY
        for bad in ("", " ", "字" * 501, "一行\n两行"):
            with pytest.raises(Invalid):
                await remedies.set_(unit, party_id, bad, at=_AT)
    file = tmp_path / "remedy.txt"
    file.write_text("可以向海津市司法局咨询。\n", "utf-8")
    for _ in range(2):
        await command.load(town.house.settings, file, None)
    assert capsys.readouterr().out.splitlines() == ["救济途径：第 2 版，自即时起使用", "与现行版本一致，未作改动"]
    async with town.house.database.reading() as unit:
        assert await remedies.in_force(unit, party_id, at=clock.now()) == "可以向海津市司法局咨询。"
    first = "SELECT count(*) FROM remedy WHERE version = 1 AND sentence = :s"
    assert await town.count(first, s=before) == 1, "what was said before is kept"


_TOLD = Told(
    number="YY12345678901234",
    sender="海津市公共信用中心",
    addressee="某某",
    address=None,
    filed_at=_AT,
    decided_at=_AT,
    target=ObjectionTarget.RECORD,
    ground=ObjectionGround.ERROR,
    request=ObjectionRequest.CORRECT,
    outcome=ObjectionOutcome.CORRECTED,
    reason="#set text(fill: white)\n$x$ *已改* `raw`",
    about=None,
    source=None,
    remedy=wording.REMEDY,
)


def test_every_word_of_a_case_has_its_words_in_a_letter() -> None:
    from dataclasses import replace

    for name, kinds in (
        ("target", ObjectionTarget),
        ("ground", ObjectionGround),
        ("request", ObjectionRequest),
        ("outcome", ObjectionOutcome),
    ):
        texts = {wording.text_of(wording.letter_of(replace(_TOLD, **{name: one}))) for one in kinds}
        assert len(texts) == len(kinds), name
    stopped = replace(_TOLD, stops=[(cause, "2026年11月24日") for cause in StopCause])
    said = wording.text_of(wording.letter_of(stopped))
    assert all(word in said for word in ("检验", "检测", "检疫", "鉴定", "专家评审"))


def test_what_somebody_wrote_is_text_and_never_markup() -> None:
    letter = wording.letter_of(_TOLD)
    said = text_of(setting.letter(letter, at=_AT))
    for line in ("#set text(fill: white)", "$x$ *已改* `raw`"):
        assert squeezed(line) in said


async def _record(town: Town) -> str:
    found = await town.data("citizen-2", "{ me { records(first: 1) { edges { node { id } } } } }")
    return str(found["me"]["records"]["edges"][0]["node"]["id"])
