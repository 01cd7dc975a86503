"""我不认识这次查询: who is told, what is kept, and what nobody learns from asking."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from audit import withholding
from tests.harness.asking import approve, asked
from tests.harness.callers import Town

_LOOK = """query($q: GrantedQueryInput!) { granted(query: $q) { lookId objections { filedAt } records { edges { node {
  title objections { filedAt } } } } } }"""
_TRAIL = "{ me { accessHistory(first: 50) { edges { node { id questionedAt actor { party { id } } } } } } }"
_LIST = """{ approvals { lookQuestions { edges { node { lookId basis questionedAt lookedAt
  party { name } } } } } }"""
_PAYLOAD = "accessId questionedAt replayed"


async def _looked(town: Town, persona: str, request_id: str) -> str:
    """The bank looks at somebody; the look's id."""
    grant_id = await asked(town, persona, request_id)
    assert "grant" in await approve(town, persona, grant_id)
    query = {"grantId": grant_id, "stage": "PRE_LOAN", "operator": "信贷员甲"}
    found = await town.data("bank-1", _LOOK, {"q": query})
    return str(found["granted"]["lookId"])


async def _question(town: Town, persona: str, look_id: str, key: str) -> dict[str, Any]:
    return await town.act(persona, "accessQuestion", {"accessId": look_id, "idempotencyKey": key}, _PAYLOAD)


async def _line(town: Town, persona: str, look_id: str) -> dict[str, Any]:
    found = await town.data(persona, _TRAIL)
    return next(edge["node"] for edge in found["me"]["accessHistory"]["edges"] if edge["node"]["id"] == look_id)


async def _told(town: Town) -> list[tuple[str | None, str]]:
    """Which parties have been told, of which look."""
    async with town.house.database.reading() as unit:
        rows = await unit.all(text("SELECT party_id, about FROM outbox WHERE kind = 'LOOK_QUESTIONED'"))
    return [(row.party_id, row.about) for row in rows]


async def test_whoever_looked_the_institution_and_oneself_are_told_once(town: Town) -> None:
    look_id = await _looked(town, "citizen-2", "q1")
    assert (await _line(town, "citizen-2", look_id))["questionedAt"] is None
    made = await _question(town, "citizen-2", look_id, "k1")
    assert (made["accessId"], made["replayed"]) == (look_id, False)
    assert (await _line(town, "citizen-2", look_id))["questionedAt"] == made["questionedAt"]
    told = await _told(town)
    assert len(told) == 3
    assert {about for _, about in told} == {look_id}
    async with town.house.database.reading() as unit:
        institution = await unit.first(text("SELECT id FROM party WHERE institution"))
    assert institution is not None
    assert {party_id for party_id, _ in told} == {None, await town.party("海津示例银行"), institution.id}
    notices = await town.data("citizen-2", "{ me { notices(first: 1) { edges { node { kind about message } } } } }")
    node = notices["me"]["notices"]["edges"][0]["node"]
    assert (node["kind"], node["about"]) == ("LOOK_QUESTIONED", look_id)

    # Once more, with the same key and with another: the first time stands, and nobody is told twice.
    assert await _question(town, "citizen-2", look_id, "k1") == {**made, "replayed": True}
    assert await _question(town, "citizen-2", look_id, "k2") == {**made, "replayed": True}
    assert await _told(town) == told


async def test_the_institution_reads_who_looked_and_never_at_whom(town: Town) -> None:
    look_id = await _looked(town, "citizen-4", "q2")
    await _question(town, "citizen-4", look_id, "k")
    for persona in ("approver-1", "officer-1"):
        edges = (await town.data(persona, _LIST))["approvals"]["lookQuestions"]["edges"]
        node = next(edge["node"] for edge in edges if edge["node"]["lookId"] == look_id)
        assert (node["basis"], node["party"]["name"]) == ("GRANT", "海津示例银行")
    assert (await town.ask("bank-1", _LIST)).code == "FORBIDDEN"


async def test_anothers_a_withheld_and_no_look_answer_with_the_same_bytes(town: Town) -> None:
    others = await _looked(town, "citizen-5", "q3")
    withheld = await _looked(town, "citizen-2", "q4")
    now = datetime.now(UTC)
    async with town.house.database.writing() as unit:
        order = await withholding.order(
            unit,
            withholding.WithholdingCode.CONFIDENTIAL_BY_LAW,
            party_id="pty_1",
            case_number="津示例 1",
            by="stf_1",
            until=now + timedelta(days=1),
            at=now,
        )
        await withholding.agree(unit, order, party_id="pty_1", expected=1, by="stf_2", at=now)
        await unit.run(text("UPDATE access SET withholding_id = :o WHERE id = :i"), {"o": order, "i": withheld})
    before = await _told(town)
    answers = [
        str(await _question(town, "citizen-2", look_id, f"k{n}"))
        for n, look_id in enumerate((others, withheld, "acc_00000000000000000000", "", "x" * 500, "不"))
    ]
    assert len(set(answers)) == 1
    assert "NOT_AVAILABLE" in answers[0]
    assert await _told(town) == before
    assert (await _line(town, "citizen-5", others))["questionedAt"] is None


async def test_two_at_once_ask_once(town: Town) -> None:
    look_id = await _looked(town, "citizen-7", "q5")
    made = await asyncio.gather(*(_question(town, "citizen-7", look_id, f"k{n}") for n in range(6)))
    assert sorted(one["replayed"] for one in made) == [False] + [True] * 5
    assert len({one["questionedAt"] for one in made}) == 1
    assert len([about for _, about in await _told(town) if about == look_id]) == 3
