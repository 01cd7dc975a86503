"""What happens is told in its own transaction: notices to people, confirmed, read, and nobody else's business."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from core.moments import rfc3339
from notices import freezing
from parties.freezing import Named
from parties.kinds import Target
from tests.harness.callers import Town
from tests.notices.conftest import Desk

_NOTICES = """query($unread: Boolean!, $first: Int!, $after: String) { me { unreadNotices
  notices(unreadOnly: $unread, first: $first, after: $after) { edges { node { id kind message at readAt
    deliveries { way state } } } pageInfo { hasNextPage endCursor } } } }"""


async def _notices(
    town: Town, persona: str, *, unread: bool = False, first: int = 100, language: str = "zh"
) -> tuple[list[dict[str, Any]], int]:
    variables = {"unread": unread, "first": first}
    answer = await town.ask(persona, _NOTICES, variables, headers={"Accept-Language": language})
    assert "errors" not in answer, answer
    me = answer["data"]["me"]
    return [edge["node"] for edge in me["notices"]["edges"]], me["unreadNotices"]


async def _close_score(town: Town, persona: str) -> None:
    await town.act(persona, "scoreClose", {"idempotencyKey": "close"}, "scoreStatus")


async def test_each_cause_tells_its_subject(town: Town) -> None:
    before, unread = await _notices(town, "citizen-2")
    grant_id = (await town.grant("citizen-2", key="told"))["grant"]["id"]
    await town.act("citizen-2", "grantRevoke", {"grantId": grant_id}, "grant { id }")
    await town.redeem(await town.code("citizen-2", key="told"), key="told")
    await _close_score(town, "citizen-2")
    opening = {"noticeHash": await town.notice("SCORE_OPEN"), "idempotencyKey": "open"}
    await town.act("citizen-2", "scoreOpen", opening, "score { value }")
    after, now_unread = await _notices(town, "citizen-2")
    fresh = after[: len(after) - len(before)]
    assert [notice["kind"] for notice in fresh] == [
        "SCORE_OPENED", "SCORE_CLOSED", "CLAIM_REDEEMED", "GRANT_REVOKED", "GRANT_ISSUED",
    ]  # fmt: skip
    assert now_unread == unread + 5
    messages = {notice["kind"]: notice["message"] for notice in fresh}
    assert messages["GRANT_REVOKED"] == "您已撤回对海津示例银行的授权，对方即时起不能再查询。"
    assert messages["GRANT_ISSUED"].startswith("您已授权海津示例银行查询您的信息，有效期至20")
    assert "核销" in messages["CLAIM_REDEEMED"]
    english, _ = await _notices(town, "citizen-2", language="en")
    assert english[0]["message"].startswith("Your Haihe score is open.")


async def test_what_is_refused_or_repeated_tells_nothing(town: Town) -> None:
    until = rfc3339(datetime.now(UTC) + timedelta(days=3))
    grant = await town.grant("citizen-1", key="once", validUntil=until)
    told = await town.count("SELECT count(*) FROM outbox")
    assert (await town.grant("citizen-1", key="once", validUntil=until))["replayed"]
    assert (await town.grant("citizen-1", key="refused", validUntil="2020-01-01T00:00:00Z"))["code"] == "INVALID_INPUT"
    code = await town.code("citizen-2", key="c")
    assert (await town.redeem(code[::-1], key="wrong"))["code"] == "NOT_REDEEMABLE"
    assert await town.count("SELECT count(*) FROM outbox") == told
    revoking = {"grantId": grant["grant"]["id"]}
    for _ in range(2):
        await town.act("citizen-1", "grantRevoke", revoking, "replayed")
    assert await town.count("SELECT count(*) FROM outbox") == told + 2


async def test_an_outbox_that_cannot_be_written_undoes_what_would_have_been_told(town: Town) -> None:
    async with town.house.database.writing() as unit:
        await unit.run(text("ALTER TABLE outbox RENAME TO lost"))
    document = "mutation($i: ScoreCloseInput!) { scoreClose(input: $i) { __typename } }"
    assert (await town.ask("citizen-2", document, {"i": {"idempotencyKey": "x"}})).status >= 500
    async with town.house.database.writing() as unit:
        await unit.run(text("ALTER TABLE lost RENAME TO outbox"))
    found = await town.data("citizen-2", "{ me { scoreStatus } }")
    assert found["me"]["scoreStatus"] == "OPEN"


async def test_reading_is_idempotent_and_counted(town: Town) -> None:
    await town.grant("citizen-1", key="a")
    await town.grant("citizen-1", key="b")
    notices, unread = await _notices(town, "citizen-1")
    wanted = {"noticeId": notices[0]["id"]}
    selection = "notice { id readAt } replayed"
    first = await town.act("citizen-1", "noticeRead", wanted, selection)
    again = await town.act("citizen-1", "noticeRead", wanted, selection)
    assert first["notice"]["readAt"]
    assert (first["replayed"], again["replayed"]) == (False, True)
    assert again["notice"] == first["notice"]
    left, now_unread = await _notices(town, "citizen-1", unread=True)
    assert now_unread == unread - 1 == len(left)
    assert notices[0]["id"] not in {notice["id"] for notice in left}


async def test_another_ones_notice_is_absent(town: Town) -> None:
    await town.grant("citizen-1", key="a")
    notices, _ = await _notices(town, "citizen-1")
    others, _ = await _notices(town, "citizen-6")
    assert not {n["id"] for n in notices} & {n["id"] for n in others}
    foreign = await town.act("citizen-6", "noticeRead", {"noticeId": notices[0]["id"]}, "replayed")
    made_up = await town.act("citizen-6", "noticeRead", {"noticeId": "ntc_00000000000000000000"}, "replayed")
    assert foreign == made_up
    assert foreign["code"] == "NOT_AVAILABLE"
    assert (await _notices(town, "citizen-1"))[0] == notices


async def test_pages_hold_each_notice_once(town: Town) -> None:
    for n in range(5):
        await town.grant("citizen-1", key=f"p{n}")
    whole, _ = await _notices(town, "citizen-1")
    found, after = [], None
    while True:
        answer = await town.data("citizen-1", _NOTICES, {"unread": False, "first": 2, "after": after})
        page = answer["me"]["notices"]
        found += [edge["node"]["id"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == [notice["id"] for notice in whole]
    bad = await town.ask("citizen-6", _NOTICES, {"unread": False, "first": 2, "after": after})
    assert bad.code == "BAD_CURSOR"


async def test_what_a_notice_says_is_sealed_at_rest_and_a_partys_row_says_nothing(town: Town) -> None:
    await town.redeem(await town.code("citizen-2", key="sealed"), key="sealed")
    await town.grant("citizen-2", key="sealed")
    async with town.house.database.reading() as unit:
        rows = await unit.all(text("SELECT subject_id, party_id, params_sealed FROM outbox"))
    assert any(row.params_sealed for row in rows)
    for row in rows:
        assert row.params_sealed is None or row.party_id is None
        for word in ("银行", "海津", "recipient", "offer"):
            assert word.encode() not in bytes(row.params_sealed or b"")


async def test_a_frozen_party_is_told_and_its_subject_gets_a_letter(desk: Desk) -> None:
    town = desk.town
    async with town.house.database.reading() as unit:
        row = await unit.first(
            text("SELECT id, subject_id FROM party WHERE subject_id IS NOT NULL ORDER BY id LIMIT 1")
        )
    assert row is not None
    for expected in (True, False):
        async with town.house.database.writing() as unit:
            named = Named(Target.PARTY, row.id)
            assert await freezing.freeze(unit, named, by="stf_1", reason="查实", at=datetime.now(UTC)) is expected
    assert await town.count("SELECT count(*) FROM outbox WHERE kind = 'PARTY_FROZEN'") == 2
    await desk.drain()
    async with town.house.database.reading() as unit:
        told = await unit.first(text("SELECT id FROM outbox WHERE subject_id = :s"), {"s": row.subject_id})
    assert told is not None
    letter = (town.house.settings.data / "outgoing" / "post" / f"{told.id}.txt").read_text("utf-8")
    assert letter.splitlines()[0] == row.subject_id
    assert "已被暂停" in letter


async def test_a_text_message_names_nobody_and_its_outcome_is_shown(desk: Desk) -> None:
    await desk.town.grant("citizen-1", key="sms")
    await desk.drain()
    notices, _ = await _notices(desk.town, "citizen-1")
    assert notices[0]["deliveries"] == [{"way": "SMS", "state": "DELIVERED"}]
    file = desk.town.house.settings.data / "outgoing" / "sms" / f"{notices[0]['id']}.txt"
    assert file.stat().st_mode & 0o077 == 0
    said = file.read_text("utf-8")
    assert "授权" in said
    assert "银行" not in said


async def test_a_moved_sealed_value_does_not_open(town: Town) -> None:
    """Swapping two notices' words fails: the answer is a fault of ours, not somebody else's sentence."""
    await town.grant("citizen-1", key="a")
    async with town.house.database.writing() as unit:
        sealed = town.house.vault.seal("outbox.params_sealed", "ntc_other", '{"recipient":"x","until":"y"}')
        swapped = "UPDATE outbox SET params_sealed = :s WHERE kind = 'GRANT_ISSUED' AND subject_id IS NOT NULL"
        await unit.run(text(swapped), {"s": sealed})
    answer = await town.ask("citizen-1", _NOTICES, {"unread": False, "first": 5})
    assert answer.code == "FAULT"
