"""Break-glass (Art. 13): a statement, a look, and a second person within the hour; or nothing is read any more."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from oversight.duty import glass
from oversight.duty.glass import GlassHours
from oversight.duty.tables import broken_glass
from tests.harness.asking import identity
from tests.harness.callers import Answered, Town
from tests.harness.everything import stored

_GLASS = "glass { id number state byMe reason confirmBy looks answer finding } replayed"
_VIEW = """query($i: ID!) { brokenGlass(query: {glassId: $i}) { lookId number subject { name identity { masked } }
  records(first: 100) { edges { node { id title objections { filedAt } } } } objections { filedAt } } }"""
_TRAIL = """{ me { accessHistory(first: 5) { edges { node { basis summary } } }
  notices(first: 5) { edges { node { kind message } } } } }"""
_LIST = """{ approvals { brokenGlass { edges { node {
  id number state byMe operator reason looks institution { name } } } } } }"""


async def _break(town: Town, *, by: str = "handler-1", about: str = "citizen-4", key: str = "k", **changed: Any) -> Any:
    given = {"subject": await identity(town, about), "reason": "疑似冒用身份，须立即核实", "noConflict": True}
    return await town.act(by, "glassBreak", {**given, "idempotencyKey": key, **changed}, _GLASS)


async def _opened(town: Town, **given: Any) -> str:
    return str((await _break(town, **given))["glass"]["id"])


async def _read(town: Town, glass_id: str, by: str = "handler-1") -> Answered:
    return await town.ask(by, _VIEW, {"i": glass_id})


async def _answer(town: Town, glass_id: str, *, by: str = "approver-1", stands: bool = True, **said: Any) -> Any:
    return await town.act(by, "glassAnswer", {"glassId": glass_id, "stands": stands, **said}, _GLASS)


async def _an_hour_later(town: Town) -> None:
    """As if it had been opened an hour ago."""
    passed = datetime.now(UTC) - timedelta(seconds=1)
    async with town.house.database.writing() as unit:
        await unit.run(broken_glass.update().values(confirm_by=passed))


async def _told(town: Town, persona: str = "citizen-4") -> tuple[list[str], list[str]]:
    """What the subject reads in the trail, and what they were told."""
    me = (await town.data(persona, _TRAIL))["me"]
    lines = [edge["node"] for edge in me["accessHistory"]["edges"] if edge["node"]["basis"] == "BREAK_GLASS"]
    notices = [edge["node"] for edge in me["notices"]["edges"] if edge["node"]["kind"].startswith("GLASS_")]
    return [line["summary"] for line in lines], [f"{one['kind']} {one['message']}" for one in notices]


async def test_the_statement_first_then_the_look_and_its_subject_hears_of_both(town: Town) -> None:
    made = await _break(town)
    assert (made["glass"]["state"], made["glass"]["byMe"], made["glass"]["looks"]) == ("OPEN", True, 0)
    assert await _told(town) == ([], []), "nothing was looked at yet"
    view = (await _read(town, made["glass"]["id"]))["data"]["brokenGlass"]
    assert view["records"]["edges"]
    assert any(edge["node"]["objections"] for edge in view["records"]["edges"]), "the mark goes with the value"
    lines, notices = await _told(town)
    count = len(view["records"]["edges"])
    assert len(lines) == 1
    assert lines[0].startswith(
        "海津市公共信用管理机构的工作人员在紧急情况下，未经您授权，因“疑似冒用身份，须立即核实”通过网站查看了您的信息"
    )
    assert lines[0].endswith(f"共{count}条。另一名工作人员须在一小时内确认。")
    assert len(notices) == 1
    assert made["glass"]["number"] in notices[0]
    listed = (await town.data("approver-1", _LIST))["approvals"]["brokenGlass"]["edges"]
    node = listed[0]["node"]
    assert (node["id"], node["byMe"], node["looks"], node["operator"]) == (
        made["glass"]["id"],
        False,
        1,
        "异议处理员甲",
    )
    assert "name" not in str({k: v for k, v in node.items() if k != "institution"})

    said = await _answer(town, made["glass"]["id"])
    assert said["glass"]["state"] == "CONFIRMED"
    assert (await _answer(town, made["glass"]["id"]))["replayed"]
    assert (await _told(town))[0][0].endswith("另一名工作人员已在一小时内确认。")
    assert "errors" not in await _read(town, made["glass"]["id"])
    assert (await town.data("approver-1", _LIST))["approvals"]["brokenGlass"]["edges"] == []
    # A shift later it is over.
    async with town.house.database.writing() as unit:
        await unit.run(broken_glass.update().values(reads_until=datetime.now(UTC)))
    assert (await _read(town, made["glass"]["id"])).code == "GLASS_CLOSED"


async def test_without_a_word_within_the_hour_nothing_is_read_and_its_subject_hears(town: Town) -> None:
    glass_id = await _opened(town)
    await _read(town, glass_id)
    await _an_hour_later(town)
    before = await stored(town)
    refused = await _read(town, glass_id)
    assert (refused["data"], refused.code) == (None, "GLASS_CLOSED")
    assert await stored(town) == before, "whether or not the duty has written it down"
    assert (await _answer(town, glass_id))["code"] == "GLASS_CLOSED"
    assert (await _told(town))[0][-1].endswith("一小时内无人确认，查看已经停止。")
    assert await GlassHours(town.house.database).run_once(datetime.now(UTC)) == 0.0
    assert await GlassHours(town.house.database).run_once(datetime.now(UTC)) > 0
    lines, notices = await _told(town)
    assert any("未获准许" in line for line in lines), "the refused look is an attempt"
    assert [one.split()[0] for one in notices] == ["GLASS_UNCONFIRMED", "GLASS_BROKEN"]
    node = (await town.data("approver-1", _LIST))["approvals"]["brokenGlass"]["edges"][0]["node"]
    assert node["state"] == "UNCONFIRMED"
    # It waits for its review.
    review = {"glassId": glass_id, "finding": "经核实属于误操作，已教育"}
    assert (await town.act("approver-2", "glassReview", review, _GLASS))["glass"]["finding"] == review["finding"]
    assert (await town.act("approver-2", "glassReview", review, _GLASS))["replayed"]
    assert (await town.act("approver-1", "glassReview", review, _GLASS))["code"] == "GLASS_CLOSED"
    assert (await town.data("approver-1", _LIST))["approvals"]["brokenGlass"]["edges"] == []
    assert any(line.endswith("查看已经停止，已经复核。") for line in (await _told(town))[0])


async def test_a_contested_one_is_read_no_more(town: Town) -> None:
    glass_id = await _opened(town)
    await _read(town, glass_id)
    assert (await _answer(town, glass_id, stands=False))["code"] == "INVALID_INPUT", "why is said"
    said = await _answer(town, glass_id, stands=False, reason="没有紧急情况，号码 129901199001010012 无关")
    assert said["glass"]["state"] == "CONTESTED"
    assert "129901199001010012" not in said["glass"]["answer"]
    assert (await _read(town, glass_id)).code == "GLASS_CLOSED"
    lines, notices = await _told(town)
    assert any(line.endswith("不予认可，查看已经停止。") for line in lines)
    assert notices[0].startswith("GLASS_CONTESTED")
    assert (await _answer(town, glass_id, by="approver-2"))["code"] == "GLASS_CLOSED"


async def test_opening_searches_for_nobody(town: Town) -> None:
    """Alike for a number that is somebody's, one of another name, and one that is nobody's."""
    somebody = await identity(town, "citizen-4")
    made = await _break(town, subject={**somebody, "name": "查无此人"})
    assert made["glass"]["state"] == "OPEN"
    refused = await _read(town, made["glass"]["id"])
    assert (refused["data"], refused.code) == (None, "NOT_AVAILABLE")
    assert await _told(town) == ([], [])
    assert await town.count("SELECT count(*) FROM outbox WHERE kind = 'GLASS_BROKEN' AND subject_id IS NOT NULL") == 0


async def test_one_waits_at_a_time_and_a_refused_one_is_an_attempt(town: Town) -> None:
    await _opened(town)
    before = await stored(town)
    assert (await _break(town, about="citizen-5", key="k2"))["code"] == "GLASS_WAITS"
    assert (await _break(town, about="citizen-5", key="k3", noConflict=False))["code"] == "INVALID_INPUT"
    assert (await _break(town, about="citizen-5", key="k4", reason=" "))["code"] == "INVALID_INPUT"
    assert await stored(town) == before
    lines, _ = await _told(town, "citizen-5")
    assert len(lines) == 3
    assert all("未获准许" in line for line in lines)
    # The hour went by: the next one may be stated, whether or not the duty has run.
    await _an_hour_later(town)
    assert (await _break(town, about="citizen-5", key="k5"))["glass"]["state"] == "OPEN"


async def test_ones_own_record_is_nobodys_emergency(town: Town) -> None:
    async with town.house.database.writing() as unit:
        await unit.run(
            text(
                "INSERT INTO identity_link (issuer, name, subject_id) SELECT 'urn:other', 'handler-1', subject_id"
                " FROM identity_link WHERE name = 'citizen-4'"
            )
        )
    assert (await _break(town))["code"] == "CONFLICT_OF_INTEREST"
    assert await town.count("SELECT count(*) FROM broken_glass") == 0


@pytest.mark.parametrize(
    "persona", ["clerk-1", "kiosk-1", "approver-1", "agency-1", "provider-1", "citizen-1", "bank-1"]
)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_who_opens_is_a_handler_or_the_security_officer_and_who_answers_an_approver(
    town: Town, persona: str
) -> None:
    glass_id = await _opened(town, by="officer-1")
    before = await stored(town)
    asked = {"subject": await identity(town, "citizen-5"), "reason": "紧急", "noConflict": True, "idempotencyKey": "x"}
    opening = "mutation($i: GlassBreakInput!) { glassBreak(input: $i) { __typename } }"
    assert (await town.ask(persona, opening, {"i": asked})).status == 403
    assert (await _read(town, glass_id, persona)).status == 403
    answering = f'mutation {{ glassAnswer(input: {{glassId: "{glass_id}", stands: true}}) {{ __typename }} }}'
    for other in ("handler-1", "officer-1", *({persona} - {"approver-1"})):
        assert (await town.ask(other, answering)).status == 403
    # A colleague's statement is as absent as a made-up one, and an attempt at whom it is about.
    assert (await _read(town, glass_id)).code == (await _read(town, "bgl_none")).code == "NOT_AVAILABLE"
    after = await stored(town)
    assert after == before


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_look_and_a_contest_at_once_and_two_words_at_once(town: Town) -> None:
    glass_id = await _opened(town)
    said = await asyncio.gather(
        _answer(town, glass_id),
        _answer(town, glass_id, by="approver-2", stands=False, reason="不认可"),
        *(_read(town, glass_id) for _ in range(8)),
    )
    words = [one for one in said[:2] if "glass" in one]
    assert len(words) == 1
    assert [one.get("code") for one in said[:2]].count("GLASS_CLOSED") == 1
    looked = sum("errors" not in one for one in said[2:])
    assert await town.count("SELECT looks FROM broken_glass") == looked
    kept = await town.count(
        "SELECT count(*) FROM access WHERE basis = 'BREAK_GLASS' AND refused IS NULL AND grant_id = :i", i=glass_id
    )
    assert kept == looked
    opened = await asyncio.gather(*(_break(town, by="handler-2", key=f"k{n}") for n in range(6)))
    assert [one.get("code") for one in opened].count("GLASS_WAITS") == 5


async def test_at_most_so_many_looks(town: Town) -> None:
    glass_id = await _opened(town)
    async with town.house.database.writing() as unit:
        await unit.run(broken_glass.update().values(looks=glass.MOST_LOOKS, told_at=datetime.now(UTC)))
    assert (await _read(town, glass_id)).code == "GLASS_CLOSED"
