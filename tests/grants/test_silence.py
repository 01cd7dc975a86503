"""What a recipient cannot tell apart: unknown, known, refusing and blocking people; a refusal, and silence."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event

from core.moments import rfc3339
from tests.harness.asking import GRANT, approve, ask, asked, desk, identity, merchant, read, shift
from tests.harness.callers import Town

_LOOK = """query($q: GrantedQueryInput!) { granted(query: $q) { grant { status usesLeft }
  objections { filedAt } records { edges { node { category occurredOn objections { filedAt } } } } } }"""


def _look(grant_id: str, **more: Any) -> dict[str, Any]:
    return {"q": {"grantId": grant_id, "stage": "PRE_LOAN", "operator": "信贷员甲", **more}}


async def _change(town: Town, persona: str, mutation: str, grant_id: str, **more: Any) -> dict[str, Any]:
    input_ = {"grantId": grant_id, "expectedVersion": (await read(town, persona, grant_id))["version"], **more}
    return await town.act(persona, mutation, input_, GRANT)


def _same(answer: dict[str, Any]) -> str:
    """An answer without what is random in every answer."""
    return re.sub(r"grt_\w{20}", "grt", str(answer))


async def test_unknown_known_refused_and_blocked_people_answer_alike_and_lapse_alike(town: Town) -> None:
    until = rfc3339(datetime.now(UTC) + timedelta(days=3))
    known = await identity(town, "citizen-2")
    await town.act("citizen-5", "partyBlock", {"partyId": await town.party("海津示例银行")}, "until replayed")
    refused = await asked(town, "citizen-6", "refused", validUntil=until)
    await _change(town, "citizen-6", "grantReject", refused)
    people = {
        "known": known,
        "another name": {**known, "name": "别的姓名"},
        "nobody": {"type": "PASSPORT", "number": "UTO-X1234567", "name": "无人"},
        "blocked": await identity(town, "citizen-5"),
        "refused before": await identity(town, "citizen-6"),
    }
    answers, ids, work, statements = [], [], [], _listened(town)
    for name, person in people.items():
        rows, said = await _rows(town), len(statements)
        made = await ask(town, name, subject={"identity": person}, validUntil=until)
        work.append(statements[said:])
        ids.append(made["grant"]["id"])
        made["grant"]["lapsesAt"] = made["grant"]["lapsesAt"][:13]
        answers.append((_same(made), [now - was for now, was in zip(await _rows(town), rows, strict=True)]))
    assert len({str(answer) for answer in answers}) == 1, answers
    assert answers[0][1] == [1, 1, 1, 1]
    assert len(work[0]) > 8
    assert all(done == work[0] for done in work)
    for persona in ("citizen-5", "citizen-6"):
        found = await town.data(persona, "{ me { grants(statuses: [REQUESTED]) { edges { node { id } } } } }")
        assert found["me"]["grants"]["edges"] == []
    views = []
    for grant_id in [*ids, refused]:
        await shift(town, "lapses_at", grant_id, -1)
        view = await desk(town, grant_id)
        views.append({name: view[name] for name in ("status", "version", "endedBy", "endedAt", "categories")})
    assert views == [views[0]] * 6
    assert views[0]["status"] == "LAPSED"
    bodies = {(await town.ask("bank-1", _LOOK, _look(grant_id))).response.content for grant_id in [*ids, refused]}
    bodies.add((await town.ask("bank-1", _LOOK, _look("grt_00000000000000000000"))).response.content)
    bodies.add((await town.ask("employer-1", _LOOK, _look(ids[0]))).response.content)
    assert len(bodies) == 1
    assert (await approve(town, "citizen-2", ids[0]))["code"] == "WRONG_STATE"


_ASKING = re.compile(r"FROM (subject|cooling)|consent_grant|grant_step|consent_notice|idempotency|INTO outbox")


def _listened(town: Town) -> list[str]:
    """Every statement of a request from now on; the duties' own are left out."""
    heard: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if _ASKING.search(statement):
            heard.append(statement)

    event.listen(town.house.database.engine.sync_engine, "before_cursor_execute", hear)
    return heard


async def _rows(town: Town) -> list[int]:
    """How many rows there are where a request writes."""
    return [
        await town.count(f"SELECT count(*) FROM {table}")
        for table in ("consent_grant", "grant_step", "outbox", "idempotency")
    ]


async def test_a_refusal_reads_like_silence_until_it_lapses_unless_it_is_told(town: Town) -> None:
    silent = await asked(town, "citizen-2", "silent")
    before = await desk(town, silent)
    rejected = await _change(town, "citizen-2", "grantReject", silent, reason="不需要")
    assert (rejected["grant"]["status"], rejected["grant"]["version"]) == ("REJECTED", 2)
    assert await desk(town, silent) == before
    document = "query($s: [GrantStatus!]) { recipient { grants(statuses: $s) { edges { node { id } } } } }"
    for status, there in (("REQUESTED", True), ("REJECTED", False), ("LAPSED", False)):
        found = await town.data("bank-1", document, {"s": [status]})
        assert any(edge["node"]["id"] == silent for edge in found["recipient"]["grants"]["edges"]) == there
    withdrawn = await town.act("bank-1", "grantRelinquish", {"grantId": silent, "expectedVersion": 1}, GRANT)
    assert (withdrawn["grant"]["status"], withdrawn["grant"]["version"]) == ("LAPSED", 2)
    assert (await read(town, "citizen-2", silent))["version"] == 2
    again = await town.act("bank-1", "grantRelinquish", {"grantId": silent, "expectedVersion": 2}, GRANT)
    assert again["code"] == "WRONG_STATE"

    told = await asked(town, "citizen-6", "told")
    await _change(town, "citizen-6", "grantReject", told, tell=True)
    view = await desk(town, told)
    assert (view["status"], view["version"], view["endedBy"]) == ("REJECTED", 2, "SUBJECT")
    assert (await town.ask("bank-1", _LOOK, _look(told))).code == "NOT_AVAILABLE"


async def test_a_scanned_request_that_was_refused_goes_on_waiting_as_its_recipient_reads_it(town: Town) -> None:
    """Its code must not go out when whoever scanned it says no: that would tell what the silence keeps."""
    document = "{ recipient { grants(first: 1) { edges { node { id version status requestUrl endedAt } } } } }"
    made = (await ask(town, "scanned", select="grant { id }"))["grant"]
    waiting = await town.data("bank-1", document)
    await _change(town, "citizen-2", "grantReject", made["id"])
    assert await town.data("bank-1", document) == waiting
    seen = "query($i: ID!) { me { grant(id: $i) { status requestUrl subject { name } } } }"
    own = (await town.data("citizen-2", seen, {"i": made["id"]}))["me"]["grant"]
    name = (await identity(town, "citizen-2"))["name"]
    assert own == {"status": "REJECTED", "requestUrl": None, "subject": {"name": name}}
    assert (await town.data("citizen-6", seen, {"i": made["id"]}))["me"]["grant"] is None
    given = {"grantId": made["id"], "expectedVersion": 2, "noticeHash": "0" * 64}
    assert (await town.act("citizen-6", "grantApprove", given, GRANT))["code"] == "NOT_AVAILABLE"
    await shift(town, "lapses_at", made["id"], -1)
    lapsed = (await town.data("bank-1", document))["recipient"]["grants"]["edges"][0]["node"]
    assert (lapsed["status"], lapsed["requestUrl"]) == ("LAPSED", None)


async def test_after_thirty_days_one_is_heard_again(town: Town) -> None:
    bank = {"partyId": await town.party("海津示例银行")}
    assert not (await town.act("citizen-2", "partyBlock", bank, "until replayed"))["replayed"]
    assert (await town.act("citizen-2", "partyBlock", bank, "until replayed"))["replayed"]
    for days, heard in ((30.1, True), (0.1, False)):
        async with town.house.database.writing() as unit:
            from grants.tables import cooling

            ends = datetime.now(UTC) + timedelta(days=30 - days)
            await unit.run(cooling.update().values(until=ends))
        grant_id = await asked(town, "citizen-2", f"after {days}")
        found = await town.data("citizen-2", "query($i: ID!) { me { grant(id: $i) { id } } }", {"i": grant_id})
        assert (found["me"]["grant"] is not None) == heard
    for nobodys in ("pty_00000000000000000000", await merchant(town)):
        assert (await town.act("citizen-2", "partyBlock", {"partyId": nobodys}, "replayed"))["code"] == "NOT_AVAILABLE"
