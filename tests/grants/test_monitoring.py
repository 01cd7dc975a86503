"""贷后提示: agreed to by a notice of its own, told without content, ended alone or with its grant, in the trail."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from core.moments import day_of
from credit import changes
from credit.changes import Face
from parties import freezing
from parties.freezing import Named
from parties.kinds import Target
from tests.harness.asking import approve, asked, read
from tests.harness.callers import Town
from tests.harness.monitoring import BANK, end, events, monitored, notices, report, told
from tests.harness.receiver import Receiver
from tests.notices.conftest import Desk, desk, receiver  # noqa: F401 (fixtures)

_TRAIL = """query($each: Boolean!) { me { accessHistory(bases: [MONITORING], eachEvent: $each) { edges { node {
  basis summary times recordCount fields purpose stage actor { name party { name } } grant { id } } } } } }"""


async def _changed(town: Town, grant_id: str, persona: str = "bank-1") -> list[dict[str, Any]]:
    """What a party's feed says of a grant's records."""
    return [found for found in await events(town, "RECORDS_CHANGED", persona) if found["about"] == grant_id]


async def _trail(town: Town, *, each: bool = False, persona: str = "citizen-2") -> list[dict[str, Any]]:
    found = await town.data(persona, _TRAIL, {"each": each})
    return [edge["node"] for edge in found["me"]["accessHistory"]["edges"]]


async def test_a_change_is_told_once_without_what_it_was_and_stands_in_the_trail(
    desk: Desk,  # noqa: F811
    receiver: Receiver,  # noqa: F811
    tmp_path: Path,
) -> None:
    town = desk.town
    await desk.set(receiver.url, "hook")
    grant_id = await monitored(town)
    await report(town, tmp_path)
    await desk.drain()
    (told_,) = await _changed(town, grant_id)
    assert {**told_, "id": "", "at": ""} == {
        "id": "", "kind": "RECORDS_CHANGED", "at": "", "about": grant_id, "category": "ADMINISTRATIVE",
        "lookId": None, "lookedAt": None,
    }  # fmt: skip
    call = next(sent for sent in receiver.received if sent.headers["webhook-id"] == told_["id"])
    assert (
        call.body
        == (
            f'{{"type":"RECORDS_CHANGED","timestamp":"{told_["at"]}",'
            f'"data":{{"id":"{grant_id}","category":"ADMINISTRATIVE"}}}}'
        ).encode()
    )
    (line,) = await _trail(town)
    assert line["summary"].startswith("依据您同意的贷后提示，系统在")
    assert line["summary"].endswith(f"向{BANK}发出1次提示：您的行政管理信息有变化。提示不含内容。")
    assert (line["stage"], line["recordCount"], line["grant"]["id"]) == ("POST_LOAN", 0, grant_id)
    assert line["fields"] == [f"Event.{name}" for name in ("about", "at", "category", "id", "kind")]


async def test_the_citys_monitored_loan_shows_its_event(town: Town) -> None:
    grants = "{ me { grants { edges { node { status monitoring stages } } } } }"
    node = (await town.data("citizen-5", grants))["me"]["grants"]["edges"][0]["node"]
    assert node == {"status": "ACTIVE", "monitoring": True, "stages": ["POST_LOAN"]}
    (line,) = await _trail(town, persona="citizen-5")
    assert "发出1次提示" in line["summary"]


async def test_a_bulk_feed_is_one_line_a_month_with_its_count(town: Town, tmp_path: Path) -> None:
    await monitored(town)
    for n in range(3):
        await report(town, tmp_path, number=f"监{n}号")
    (line,) = await _trail(town)
    assert line["times"] == 3
    assert "发出3次提示" in line["summary"]
    assert [each["times"] for each in await _trail(town, each=True)] == [1, 1, 1]


async def test_it_ends_alone_at_once_and_the_grant_goes_on(town: Town, tmp_path: Path) -> None:
    grant_id = await monitored(town)
    await report(town, tmp_path)
    assert await told(town, grant_id) == 1
    ended = await end(town, grant_id)
    assert ended == {
        "__typename": "GrantMonitoringEndPayload",
        "grant": {"id": grant_id, "status": "ACTIVE", "monitoring": False},
        "replayed": False,
    }
    assert (await end(town, grant_id))["replayed"] is True
    assert await told(town, grant_id) == 0
    await report(town, tmp_path, number="监2号")
    assert (
        await town.count("SELECT count(*) FROM outbox WHERE kind = 'RECORDS_CHANGED' AND about = :g", g=grant_id) == 1
    )
    look = {"q": {"grantId": grant_id, "stage": "POST_LOAN", "operator": "甲"}}
    answer = await town.data("bank-1", "query($q: GrantedQueryInput!) { granted(query: $q) { lookId } }", look)
    assert answer["granted"]["lookId"]
    steps = "query($i: ID!) { me { grant(id: $i) { monitoring monitoringNotice { text } steps { act ledTo } } } }"
    grant = (await town.data("citizen-2", steps, {"i": grant_id}))["me"]["grant"]
    assert [step["act"] for step in grant["steps"]] == ["ISSUE", "MONITOR_END"]
    assert BANK in grant["monitoringNotice"]["text"]


async def test_what_was_told_and_not_delivered_is_withdrawn_with_the_grant(
    desk: Desk,  # noqa: F811
    receiver: Receiver,  # noqa: F811
    tmp_path: Path,
) -> None:
    town = desk.town
    await desk.set(receiver.url, "hook")
    grant_id = await monitored(town)
    await report(town, tmp_path)
    receiver.behaviour = "FAULT"
    await desk.drain()
    tries = [sent.id for sent in receiver.received if b"RECORDS_CHANGED" in sent.body]
    assert len(tries) == 1
    await report(town, tmp_path, number="监2号")
    await town.act("citizen-2", "grantRevoke", {"grantId": grant_id}, "replayed")
    receiver.behaviour = "OK"
    await desk.drain(later=3600)
    assert await _changed(town, grant_id) == []
    assert [sent.id for sent in receiver.received if b"RECORDS_CHANGED" in sent.body] == tries
    assert any(b"GRANT_REVOKED" in sent.body for sent in receiver.received)


async def test_monitoring_is_a_consent_of_its_own(town: Town) -> None:
    both, monitors = await notices(town), "SELECT count(*) FROM consent_grant WHERE monitoring"
    before = await town.count(monitors)
    given: dict[str, Any] = {"stages": ["POST_LOAN"], "monitoring": True}
    lacking = await town.grant("citizen-2", key="1", **given)
    assert [(d["path"], d["code"]) for d in lacking["details"]] == [
        (["input", "monitoringNoticeHash"], "SEPARATE_CONSENT")
    ]
    wrong = await town.grant("citizen-2", key="2", **given, monitoringNoticeHash=both["noticeHash"])
    assert wrong["code"] == "NOTICE_CHANGED"
    to_nothing = await town.grant("citizen-2", key="3", monitoringNoticeHash=both["monitoringNoticeHash"])
    assert to_nothing["details"][0]["code"] == "NOT_MONITORED"
    early = await town.grant("citizen-2", key="4", **{**given, **both, "stages": ["PRE_LOAN"]})
    assert [(d["path"], d["code"]) for d in early["details"]] == [(["input", "monitoring"], "NEEDS_STAGE")]
    other = await town.grant(
        "citizen-2",
        key="5",
        recipient="海津示例人才",
        **{**given, "purpose": "EMPLOYMENT", "stages": [], "categories": ["HONOUR"]},
    )
    assert [(d["path"], d["code"]) for d in other["details"]] == [(["input", "monitoring"], "NEEDS_STAGE")]
    assert await town.count(monitors) == before


async def test_the_subject_strips_it_before_approving(town: Town, tmp_path: Path) -> None:
    grant_id = await asked(town, "citizen-2", "strip", stages=["PRE_LOAN", "POST_LOAN"], monitoring=True)
    refused = await approve(town, "citizen-2", grant_id)
    assert refused["details"][0]["code"] == "SEPARATE_CONSENT"
    select = "grant { id status monitoring monitoringNotice { hash } } replayed"
    made = await approve(town, "citizen-2", grant_id, terms={"monitoring": False}, select=select)
    assert (made["grant"]["status"], made["grant"]["monitoring"], made["grant"]["monitoringNotice"]) == (
        "ACTIVE", False, None,
    )  # fmt: skip
    await report(town, tmp_path)
    assert await told(town, grant_id) == 0


async def test_what_was_asked_with_monitoring_is_approved_with_both_notices(town: Town, tmp_path: Path) -> None:
    grant_id = await asked(town, "citizen-2", "both", stages=["POST_LOAN"], monitoring=True)
    await report(town, tmp_path)
    assert (await end(town, grant_id))["code"] == "WRONG_STATE"
    keeps = {"retentionDays": (await read(town, "citizen-2", grant_id))["retentionDays"]}
    agreed = (await notices(town, **keeps))["monitoringNoticeHash"]
    made = await approve(town, "citizen-2", grant_id, monitoringNoticeHash=agreed)
    assert made["grant"]["status"] == "ACTIVE"
    assert await told(town, grant_id) == 0
    await report(town, tmp_path, number="监2号")
    assert await told(town, grant_id) == 1


async def test_a_never_gets_bs_and_a_denial_says_nothing(town: Town, tmp_path: Path) -> None:
    of_2, of_3 = await monitored(town, "citizen-2", "a"), await monitored(town, "citizen-3", "b")
    await report(town, tmp_path, "citizen-3")
    assert (await told(town, of_2), await told(town, of_3)) == (0, 1)
    another = await end(town, of_3, "citizen-2")
    nobody = await end(town, "grt_nobody", "citizen-2")
    assert another == nobody
    assert another["code"] == "NOT_AVAILABLE"
    assert await told(town, of_3) == 1
    assert await _trail(town) == []
    assert await _changed(town, of_3, "employer-1") == []


async def test_a_frozen_party_is_not_told(town: Town, tmp_path: Path) -> None:
    grant_id = await monitored(town)
    async with town.house.database.writing() as unit:
        named = Named(Target.PARTY, await town.party(BANK))
        assert await freezing.freeze(unit, named, by="stf_1", reason="查实", at=datetime.now(UTC))
    await report(town, tmp_path)
    assert await told(town, grant_id) == 0
    assert await _trail(town) == []


async def test_a_platform_that_handles_it_is_told_beside_the_bank(town: Town, tmp_path: Path) -> None:
    about = {"handledById": await town.party("海津融资信用")}
    grant_id = await monitored(town, **about, **await notices(town, **about))
    await report(town, tmp_path)
    assert len(await _changed(town, grant_id)) == len(await _changed(town, grant_id, "platform-1")) == 1
    assert {line["actor"]["name"] for line in await _trail(town)} == {BANK, "海津融资信用服务平台"}


async def test_a_thousand_changes_cost_as_many_statements_as_one(town: Town) -> None:
    ids = {}
    for persona in ("citizen-2", "citizen-3"):
        await monitored(town, persona, key=persona)
        ids[persona] = (await town.data(persona, "{ me { id } }"))["me"]["id"]
    statements: list[str] = []
    engine = town.house.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))

    async def cost(count: int) -> int:
        faces = [
            Face(
                ids[persona], "ADMINISTRATIVE", "CURRENT", "PUBLIC", None, day_of(datetime.now(UTC)) - timedelta(days=n)
            )
            for n in range(count)
            for persona in ids
        ]
        strangers = [face._replace(subject_id=f"sub_{n}") for n, face in enumerate(faces)]
        statements.clear()
        async with town.house.database.writing() as unit:
            await changes.tell(unit, [*faces, *strangers], at=datetime.now(UTC))
        return len(statements)

    assert await cost(1) == await cost(500)
