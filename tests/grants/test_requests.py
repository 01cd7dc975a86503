"""A recipient asks: known and unknown alike; the subject decides, narrows, refuses; what is not answered lapses."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.moments import rfc3339
from grants.scope import GrantStatus
from tests.harness.asking import GRANT, approve, ask, asked, desk, identity, read
from tests.harness.callers import Town

_LOOK = """query($q: GrantedQueryInput!) { granted(query: $q) { grant { status usesLeft }
  objections { filedAt } records { edges { node { category occurredOn objections { filedAt } } } } } }"""


def _look(grant_id: str, **more: Any) -> dict[str, Any]:
    return {"q": {"grantId": grant_id, "stage": "PRE_LOAN", "operator": "信贷员甲", **more}}


async def _change(town: Town, persona: str, mutation: str, grant_id: str, **more: Any) -> dict[str, Any]:
    input_ = {"grantId": grant_id, "expectedVersion": (await read(town, persona, grant_id))["version"], **more}
    return await town.act(persona, mutation, input_, GRANT)


async def _open(town: Town) -> dict[str, Any]:
    """Whoever has granted nothing yet: nothing covers what is asked of them."""
    return {"identity": await identity(town, "citizen-2")}


async def test_the_whole_life_of_a_request(town: Town) -> None:
    grant_id = await asked(town, "citizen-2", "life", uses=9)
    waiting = await town.ask("bank-1", _LOOK, _look(grant_id))
    assert waiting.code == "NOT_AVAILABLE"
    notices = await town.data("citizen-2", "{ me { notices(first: 1) { edges { node { kind message } } } } }")
    told = notices["me"]["notices"]["edges"][0]["node"]
    assert (told["kind"], told["message"][:12]) == ("GRANT_REQUESTED", "海津示例银行请求查询您的")
    made = await approve(town, "citizen-2", grant_id)
    assert (made["grant"]["status"], made["grant"]["version"], made["grant"]["lapsesAt"]) == ("ACTIVE", 2, None)
    assert (await town.data("bank-1", _LOOK, _look(grant_id)))["granted"]["grant"] == {
        "status": "ACTIVE",
        "usesLeft": 8,
    }
    assert (await _change(town, "citizen-2", "grantPause", grant_id, reason="出差"))["grant"]["status"] == "PAUSED"
    assert (await town.ask("bank-1", _LOOK, _look(grant_id))).code == "GRANT_ENDED"
    assert (await _change(town, "citizen-2", "grantPause", grant_id))["code"] == "WRONG_STATE"
    assert (await _change(town, "citizen-2", "grantResume", grant_id))["grant"]["status"] == "ACTIVE"
    assert (await town.data("bank-1", _LOOK, _look(grant_id)))["granted"]["grant"]["usesLeft"] == 7
    back = {"grantId": grant_id, "expectedVersion": 4, "reason": "贷款已结清"}
    assert (await town.act("bank-1", "grantRelinquish", {**back, "expectedVersion": 3}, GRANT))[
        "code"
    ] == "VERSION_CHANGED"
    ended = (await town.act("bank-1", "grantRelinquish", back, GRANT))["grant"]
    assert (ended["status"], ended["version"], ended["endedBy"]) == ("TERMINATED", 5, "RECIPIENT")
    steps = await town.data(
        "citizen-2",
        "query($i: ID!) { me { grant(id: $i) { steps { version act ledTo side capacity reason } } } }",
        {"i": grant_id},
    )
    assert [tuple(step.values()) for step in steps["me"]["grant"]["steps"]] == [
        (1, "REQUEST", "REQUESTED", "RECIPIENT", "SELF", "贷款申请审查"),
        (2, "APPROVE", "ACTIVE", "SUBJECT", "SELF", None),
        (3, "PAUSE", "PAUSED", "SUBJECT", "SELF", "出差"),
        (4, "RESUME", "ACTIVE", "SUBJECT", "SELF", None),
        (5, "RELINQUISH", "TERMINATED", "RECIPIENT", "SELF", "贷款已结清"),
    ]
    for mutation in ("grantPause", "grantResume", "grantReject"):
        assert (await _change(town, "citizen-2", mutation, grant_id))["code"] == "WRONG_STATE"


async def test_the_database_itself_refuses_to_change_or_remove_a_step(town: Town) -> None:
    await asked(town, "citizen-2", "kept")
    for statement in ("UPDATE grant_step SET reason = 'x'", "DELETE FROM grant_step"):
        with pytest.raises(DBAPIError):
            async with town.house.database.writing() as unit:
                await unit.run(text(statement))


async def test_a_request_is_one_under_its_partys_id_whoever_repeats_it(town: Town) -> None:
    until = rfc3339(datetime.now(UTC) + timedelta(days=9))
    who = await _open(town)
    first = await ask(town, "same", subject=who, validUntil=until)
    again = await ask(town, "same", subject=who, validUntil=until)
    assert again == {**first, "replayed": True}
    other = await ask(town, "same", subject=who, validUntil=until, categories=["HONOUR"])
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"
    elsewhere = await ask(town, "same", by="platform-1", subject=who, validUntil=until)
    assert elsewhere["grant"]["id"] != first["grant"]["id"]
    empty = await ask(town, "", subject=who)
    assert empty["details"][0]["path"] == ["input", "requestId"]


async def test_nobody_named_is_whoever_scans_it_and_then_nobody_elses(town: Town) -> None:
    made = (await ask(town, "scan", select="grant { id requestUrl } replayed"))["grant"]
    assert made["requestUrl"] == f"haihe://grant-request/{made['id']}"
    seen = await town.data("citizen-6", "query($i: ID!) { me { grant(id: $i) { status subject { name } } } }",
                           {"i": made["id"]})  # fmt: skip
    assert seen["me"]["grant"] == {"status": "REQUESTED", "subject": None}
    assert (await approve(town, "citizen-6", made["id"]))["grant"]["status"] == "ACTIVE"
    later = await town.data("citizen-2", "query($i: ID!) { me { grant(id: $i) { id } } }", {"i": made["id"]})
    assert later["me"]["grant"] is None
    stolen = {"grantId": made["id"], "expectedVersion": 2, "noticeHash": "0" * 64}
    assert (await town.act("citizen-2", "grantApprove", stolen, GRANT))["code"] == "NOT_AVAILABLE"
    named = await asked(town, "citizen-9", "named")
    foreign = {"grantId": named, "expectedVersion": 1, "noticeHash": "0" * 64}
    assert (await town.act("citizen-2", "grantApprove", foreign, GRANT))["code"] == "NOT_AVAILABLE"


async def test_a_connect_code_names_its_maker_once_for_ten_minutes(town: Town) -> None:
    create = {"idempotencyKey": "code"}
    made = await town.act("citizen-2", "connectCodeCreate", create, "connectCode expiresAt replayed")
    assert await town.act("citizen-2", "connectCodeCreate", create, "connectCode expiresAt replayed") == {
        **made,
        "replayed": True,
    }
    code = made["connectCode"]
    assert await town.count("SELECT count(*) FROM connect_code WHERE digest LIKE :c", c=f"%{code[:5]}%") == 0
    wrong = await ask(town, "wrong", subject={"connectCode": "00000-00000"})
    assert wrong["details"][0]["code"] == "CODE_OVER"
    grant_id = (await ask(town, "right", subject={"connectCode": code.lower().replace("-", " ")}))["grant"]["id"]
    assert (await read(town, "citizen-2", grant_id))["version"] == 1
    assert (await ask(town, "twice", subject={"connectCode": code}))["code"] == "INVALID_INPUT"
    fresh = [
        (await town.act("citizen-2", "connectCodeCreate", {"idempotencyKey": key}, "connectCode"))["connectCode"]
        for key in ("b", "c")
    ]
    assert (await ask(town, "voided", subject={"connectCode": fresh[0]}))["code"] == "INVALID_INPUT"
    refused = await ask(town, "bad terms", subject={"connectCode": fresh[1]}, categories=[])
    assert refused["details"][0]["code"] == "EMPTY"
    async with town.house.database.writing() as unit:
        from grants.tables import connect_code

        await unit.run(connect_code.update().values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert (await ask(town, "late", subject={"connectCode": fresh[1]}))["code"] == "INVALID_INPUT"


async def test_the_recipient_gets_what_was_granted_and_no_more(town: Town) -> None:
    grant_id = await asked(
        town,
        "citizen-2",
        "narrow",
        categories=["ADMINISTRATIVE", "HONOUR", "JUDICIAL"],
        stages=["PRE_LOAN", "POST_LOAN"],
    )
    until = rfc3339(datetime.now(UTC).replace(microsecond=0) + timedelta(days=5))
    narrower = {"categories": ["HONOUR"], "stages": ["PRE_LOAN"], "uses": 2, "windowMonths": 12, "validUntil": until}
    made = await approve(town, "citizen-2", grant_id, terms=narrower)
    assert (made["grant"]["usesLeft"], made["grant"]["validUntil"]) == (2, until)
    assert (await desk(town, grant_id))["categories"] == ["HONOUR"]
    assert (await town.ask("bank-1", _LOOK, _look(grant_id, stage="POST_LOAN"))).code == "NOT_GRANTED"
    view = (await town.data("bank-1", _LOOK, _look(grant_id)))["granted"]
    floor = (datetime.now(UTC) - timedelta(days=366)).date().isoformat()
    assert all(e["node"]["category"] == "HONOUR" and e["node"]["occurredOn"] > floor for e in view["records"]["edges"])


async def test_asked_once_and_then_only_the_difference(town: Town) -> None:
    who = await _open(town)
    first = await ask(town, "first", subject=who, categories=["ADMINISTRATIVE", "HONOUR"])
    grant_id = first["grant"]["id"]
    await approve(town, "citizen-2", grant_id)
    soon = rfc3339(datetime.now(UTC) + timedelta(days=3))
    inside = await ask(town, "inside", subject=who, validUntil=soon)
    assert (inside["grant"]["id"], inside["grant"]["status"]) == (grant_id, "ACTIVE")
    wider = await ask(town, "wider", subject=who, categories=["HONOUR", "JUDICIAL"], validUntil=soon)
    assert (wider["grant"]["id"] != grant_id, wider["grant"]["status"]) == (True, "REQUESTED")
    document = "query($i: ID!) { me { grant(id: $i) { extends { id } beyond { attribute granted asked } } } }"
    found = await town.data("citizen-2", document, {"i": wider["grant"]["id"]})
    assert found["me"]["grant"] == {
        "extends": {"id": grant_id},
        "beyond": [{"attribute": "categories", "granted": "ADMINISTRATIVE|HONOUR", "asked": "JUDICIAL"}],
    }
    await town.act("citizen-2", "grantRevoke", {"grantId": grant_id}, "replayed")
    alone = await town.data("citizen-2", document, {"i": wider["grant"]["id"]})
    assert alone["me"]["grant"] == {"extends": None, "beyond": []}
    assert (await ask(town, "anew", subject=who, validUntil=soon))["grant"]["status"] == "REQUESTED"


async def test_a_list_by_status_finds_what_reads_so(town: Town) -> None:
    """The rule that a row is read by, and its twin in SQL: for the recipient and for the subject."""
    columns = {"valid_until": (-1, 9), "lapses_at": (-1, 9)}
    grant_ids = []
    for turn in range(40):
        made = await ask(town, f"list {turn}", subject=await _open(town))
        grant_ids.append(made["grant"]["id"])
    async with town.house.database.writing() as unit:
        from grants.tables import grant

        for turn, grant_id in enumerate(grant_ids):
            values: dict[str, Any] = {"status": list(GrantStatus)[turn % 10].value}
            for place, (name, days) in enumerate(columns.items()):
                values[name] = datetime.now(UTC) + timedelta(days=days[turn >> place & 1])
            values["uses_left"] = (None, 0, 1)[turn % 3]
            if values["status"] == "REJECTED" and turn > 20:
                values |= {"shown_status": "REQUESTED", "shown_version": 1}
            await unit.run(grant.update().where(grant.c.id == grant_id).values(values))
    for persona, lens in (("bank-1", "recipient"), ("citizen-2", "me")):
        inside = "grants(statuses: $s, first: 100) { edges { node { id status } } }"
        document = f"query($s: [GrantStatus!]) {{ {lens} {{ {inside} }} }}"
        every = (await town.data(persona, document))[lens]["grants"]["edges"]
        for status in GrantStatus:
            found = (await town.data(persona, document, {"s": [status.value]}))[lens]["grants"]["edges"]
            assert found == [edge for edge in every if edge["node"]["status"] == status.value], (persona, status)
        assert len({edge["node"]["status"] for edge in every}) >= 8


_REFUSED: dict[str, tuple[dict[str, Any], str, list[str]]] = {
    "no reason": ({"reason": "  "}, "INVALID_INPUT", ["reason"]),
    "a long reason": ({"reason": "因" * 201}, "INVALID_INPUT", ["reason"]),
    "a number for a reference": ({"reference": "129901199001010019"}, "INVALID_INPUT", ["reference"]),
    "a long reference": ({"reference": "r" * 81}, "INVALID_INPUT", ["reference"]),
    "a purpose of somebody else": ({"purpose": "EMPLOYMENT", "stages": []}, "RECIPIENT_REFUSED", []),
    "handled by itself": ({"handledById": "BANK"}, "RECIPIENT_REFUSED", []),
    "begins after its end": ({"validFrom": "2027-06-01T00:00:00Z"}, "INVALID_INPUT", ["validFrom"]),
    "a past beginning": ({"validFrom": "2020-01-01T00:00:00Z"}, "INVALID_INPUT", ["validFrom"]),
    "past": ({"validUntil": "2020-01-01T00:00:00Z"}, "INVALID_INPUT", ["validUntil"]),
    "a window past the ceiling": ({"windowMonths": 61}, "INVALID_INPUT", ["windowMonths"]),
    "kept past the ceiling": ({"retentionDays": 181}, "INVALID_INPUT", ["retentionDays"]),
    "half a frequency": ({"usesPerPeriod": 3}, "INVALID_INPUT", ["usesPerPeriod"]),
    "a thousand categories": ({"categories": ["HONOUR"] * 1000, "documents": ["x"]}, "INVALID_INPUT", ["documents"]),
    "a person's evaluation": ({"includesEvaluation": True}, "INVALID_INPUT", ["includesEvaluation"]),
    "a broken number": (
        {"subject": {"identity": {"type": "RESIDENT_ID", "number": "1", "name": "甲"}}},
        "INVALID_INPUT",
        ["subject", "identity", "number"],
    ),
}


@pytest.mark.parametrize("_case", _REFUSED)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_what_cannot_be_asked(town: Town, _case: str) -> None:
    changed, code, path = _REFUSED[_case]
    if changed.get("handledById"):
        changed = {"handledById": await town.party("海津示例银行")}
    rows = [await town.count(f"SELECT count(*) FROM {table}") for table in ("consent_grant", "grant_step", "outbox")]
    refused = await ask(town, "refused", **{"subject": await _open(town), **changed})
    assert refused["code"] == code, refused
    assert [detail["path"][1:] for detail in refused["details"]] == ([path] if path else [])
    assert rows == [
        await town.count(f"SELECT count(*) FROM {table}") for table in ("consent_grant", "grant_step", "outbox")
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"subject": {}},
        {"subject": {"connectCode": None}},
        {"subject": {"connectCode": "A", "identity": {"type": "USCC", "number": "1", "name": "a"}}},
        {"purpose": "CURIOSITY"},
        {"validUntil": "tomorrow"},
        {"categories": ["HONOUR", "GOSSIP"]},
        {"uses": 2**40},
    ],
    ids=str,
)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_what_is_no_request_at_all(town: Town, changed: dict[str, Any]) -> None:
    input_ = {"requestId": "x", "purpose": "OTHER", "categories": ["HONOUR"], "reason": "x",
              "validUntil": "2027-01-01T00:00:00Z", **changed}  # fmt: skip
    document = "mutation($i: GrantRequestInput!) { grantRequest(input: $i) { __typename } }"
    answer = await town.ask("bank-1", document, {"i": input_})
    assert (answer.status, answer.code) == (422, "VARIABLES_INVALID")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_ceiling_holds_at_use_too(town: Town) -> None:
    grant_id = await asked(town, "citizen-2", "ceiling")
    await approve(town, "citizen-2", grant_id)
    for column, value, name, limit in (
        ("window_months", 61, "windowMonths", "60"),
        ("retention_days", 181, "retentionDays", "180"),
        ("valid_from", datetime.now(UTC) - timedelta(days=1095), "validUntil", "P1095D"),
    ):
        from grants.tables import grant

        async with town.house.database.writing() as unit:
            kept = await unit.first(grant.select().where(grant.c.id == grant_id))
            assert kept is not None
            await unit.run(grant.update().where(grant.c.id == grant_id).values({column: value}))
        answer = await town.ask("bank-1", _LOOK, _look(grant_id))
        assert answer.code == "PURPOSE_LIMIT"
        detail = answer["errors"][0]["extensions"]["details"][0]
        assert (detail["path"], detail["limit"]) == ([name], limit)
        async with town.house.database.writing() as unit:
            await unit.run(grant.update().where(grant.c.id == grant_id).values({column: getattr(kept, column)}))
    assert "errors" not in await town.ask("bank-1", _LOOK, _look(grant_id))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_only_the_documents_granted_are_answered(town: Town) -> None:
    import hashlib

    grant_id = await asked(town, "citizen-2", "document", documents=[hashlib.sha256(_LOOK.encode()).hexdigest()])
    await approve(town, "citizen-2", grant_id)
    assert "errors" not in await town.ask("bank-1", _LOOK, _look(grant_id))
    for changed in (_LOOK + " ", _LOOK.replace("category ", ""), "# x\n" + _LOOK):
        answer = await town.ask("bank-1", changed, _look(grant_id))
        assert answer.code == "NOT_GRANTED"
        assert answer["errors"][0]["extensions"]["details"][0]["code"] == "DOCUMENT_NOT_GRANTED"


async def test_a_platform_that_handles_a_grant_looks_under_its_own_name(town: Town) -> None:
    platform = await town.party("海津融资信用服务平台")
    grant_id = await asked(town, "citizen-2", "handled", handledById=platform)
    assert (await town.ask("platform-1", _LOOK, _look(grant_id))).code == "NOT_AVAILABLE"
    await approve(town, "citizen-2", grant_id)
    assert "errors" not in await town.ask("platform-1", _LOOK, _look(grant_id))
    assert "errors" not in await town.ask("bank-1", _LOOK, _look(grant_id))
    trail = await town.data("citizen-2", "{ me { accessHistory(first: 2) { edges { node { actor { name } } } } } }")
    names = [edge["node"]["actor"]["name"] for edge in trail["me"]["accessHistory"]["edges"]]
    assert names == ["海津示例银行", "海津融资信用服务平台"]
    assert (await desk(town, grant_id, by="platform-1"))["status"] == "ACTIVE"
    await town.act("citizen-2", "grantRevoke", {"grantId": grant_id}, "replayed")
    assert (await town.ask("platform-1", _LOOK, _look(grant_id))).code == "GRANT_ENDED"


async def test_a_number_in_free_words_is_masked_before_anybody_reads_it(town: Town) -> None:
    """What an officer types stands in the trail for ten years, and in a leaf of the log for good."""
    number = (await identity(town, "citizen-7"))["number"]
    grant_id = await asked(town, "citizen-2", "words")
    await approve(town, "citizen-2", grant_id)
    assert "errors" not in await town.ask("bank-1", _LOOK, _look(grant_id, operator=f"甲 {number}"))
    assert "errors" in await town.ask("employer-1", _LOOK, _look(grant_id, operator=f"乙 {number}"))
    handed_back = {"grantId": grant_id, "expectedVersion": 2, "reason": f"{number} 已还清"}
    assert (await town.act("bank-1", "grantRelinquish", handed_back, GRANT))["grant"]["status"] == "TERMINATED"
    document = """query($i: ID!) { me { grant(id: $i) { endReason steps { reason } }
      accessHistory(first: 2) { edges { node { actor { operator } } } } } }"""
    read_ = (await town.ask("citizen-2", document, {"i": grant_id})).response.text
    assert (number in read_, "甲 " in read_, "乙 " in read_, "已还清" in read_) == (False, True, True, True)
    assert await town.count("SELECT count(*) FROM access WHERE operator LIKE :n", n=f"%{number}%") == 0
    assert await town.count("SELECT count(*) FROM grant_step WHERE reason LIKE :n", n=f"%{number}%") == 0


async def test_a_frozen_recipient_has_no_other_hands(town: Town) -> None:
    """The platform that handles a grant looks for the recipient: while that one is frozen, nobody looks."""
    bank, platform = await town.party("海津示例银行"), await town.party("海津融资信用服务平台")
    free = await asked(town, "citizen-2", "handled", handledById=platform)
    await approve(town, "citizen-2", free)
    counted = await asked(town, "citizen-4", "counted", handledById=platform, uses=3)
    await approve(town, "citizen-4", counted)
    for state, answered in (("SUSPENDED", False), ("ACTIVE", True)):
        async with town.house.database.writing() as unit:
            await unit.run(text("UPDATE party SET state = :s WHERE id = :p"), {"s": state, "p": bank})
        for grant_id in (free, counted):
            answer = await town.ask("platform-1", _LOOK, _look(grant_id))
            assert ("errors" not in answer) is answered, answer
            assert answered or answer.code == "NOT_AVAILABLE"
    assert await town.count("SELECT uses_left FROM consent_grant WHERE id = :g", g=counted) == 2


async def test_a_notice_may_be_read_in_english_and_its_hash_says_so(town: Town) -> None:
    grant_id = await asked(town, "citizen-2", "english")
    about = {
        "recipientId": await town.party("海津示例银行"), "purpose": "FINANCING", "categories": ["ADMINISTRATIVE"],
    }  # fmt: skip
    chinese, english = await town.notice("GRANT", **about), await town.notice("GRANT", **about, language="en")
    assert chinese != english
    select = "grant { notice { hash language text } }"
    made = await approve(town, "citizen-2", grant_id, noticeHash=english, select=select)
    notice = made["grant"]["notice"]
    assert (notice["hash"], notice["language"]) == (english, "en")
    assert notice["text"].startswith("You are about to let 海津示例银行")
    other = await asked(town, "citizen-9", "another notice")
    refused = await approve(town, "citizen-9", other, noticeHash="0" * 64)
    assert refused["code"] == "NOTICE_CHANGED"
    assert (await read(town, "citizen-9", other))["version"] == 1
